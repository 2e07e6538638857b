//! Are the answers that the interface's tests run on of today's shape? Each is read back into its type, and written again.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::*;

/// A line of `ui/fixtures/recordings`.
#[derive(Deserialize)]
struct Recorded {
    command: String,
    args: Value,
    answer: Option<Value>,
    failure: Option<Value>,
}

macro_rules! written_again {
    (
        reads { $($(#[$_r:meta])* $read:ident($($ra:ident: $rt:ty),*) -> $ro:ty;)* }
        changes { $($(#[$_c:meta])* $change:ident($($ca:ident: $ct:ty),*) -> $co:ty;)* }
        jobs { $($(#[$_j:meta])* $job:ident($($ja:ident: $jt:ty),*);)* }
        bytes { $($(#[$_b:meta])* $bytes:ident($($ba:ident: $bt:ty),*);)* }
        window $_w:tt
        window_jobs $_e:tt
    ) => {
        /// Arguments and answer of a command, as their types have them; bytes as they are.
        fn written_again(command: &str, args: &Value, answer: &Value) -> serde_json::Result<Option<(Value, Value)>> {
            Ok(Some(match command {
                $(stringify!($read) => {
                    #[derive(Serialize, Deserialize)]
                    #[serde(rename_all = "camelCase")]
                    struct Arguments { $($ra: $rt),* }
                    (again::<Arguments>(args)?, again::<$ro>(answer)?)
                })*
                $(stringify!($change) => {
                    #[derive(Serialize, Deserialize)]
                    #[serde(rename_all = "camelCase")]
                    struct Arguments { $($ca: $ct),* }
                    (again::<Arguments>(args)?, again::<$co>(answer)?)
                })*
                $(stringify!($job) => {
                    #[derive(Serialize, Deserialize)]
                    #[serde(rename_all = "camelCase")]
                    struct Arguments { $($ja: $jt),* }
                    (again::<Arguments>(args)?, again::<Outcome>(answer)?)
                })*
                $(stringify!($bytes) => {
                    #[derive(Serialize, Deserialize)]
                    #[serde(rename_all = "camelCase")]
                    struct Arguments { $($ba: $bt),* }
                    (again::<Arguments>(args)?, answer.clone())
                })*
                _ => return Ok(None),
            }))
        }
    };
}
crate::commands!(written_again);

fn again<T: Serialize + DeserializeOwned>(value: &Value) -> serde_json::Result<Value> {
    serde_json::to_value(serde_json::from_value::<T>(value.clone())?)
}

/// JavaScript writes 2.0 as 2.
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|same| alike(value, same)))
        }
        _ => one == other,
    }
}

/// What is asked without its empty fields: some may be left out.
fn said(args: &Value) -> Value {
    match args {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            Value::Object(fields.map(|(key, value)| (key.clone(), said(value))).collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(said).collect()),
        other => other.clone(),
    }
}

/// What is wrong with a recorded answer.
fn fault(recorded: &Recorded) -> Option<String> {
    let Recorded { command, args, answer, failure } = recorded;
    let null = Value::Null;
    let outcome = match failure {
        Some(failure) => again::<Failure>(failure).map(|same| alike(&same, failure)),
        // Of what is answered with nothing, serde makes `None`.
        None => {
            let answer = answer.as_ref().unwrap_or(&null);
            match written_again(command, args, answer) {
                Ok(None) => return Some(format!("there is no command {command}")),
                Ok(Some((asked, same))) => Ok(alike(&said(&asked), &said(args)) && alike(&same, answer)),
                Err(error) => Err(error),
            }
        }
    };
    match outcome {
        Ok(true) => None,
        Ok(false) => Some(format!("{command} has other fields")),
        Err(error) => Some(format!("{command}: {error}")),
    }
}

#[test]
fn recorded_answers_have_the_shape_of_today() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/fixtures/recordings");
    let mut read = 0;
    for entry in fs::read_dir(&folder).expect("there are recordings: run `cargo xtask fixtures`") {
        let path = entry.unwrap().path();
        let recorded: Vec<Recorded> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let faults: Vec<String> = recorded.iter().filter_map(fault).collect();
        assert!(
            faults.is_empty(),
            "{} is out of date, run `cargo xtask fixtures`: {}",
            path.display(),
            faults.join("; ")
        );
        read += recorded.len();
    }
    assert!(read > 100, "only {read} answers are recorded: run `cargo xtask fixtures`");
}

#[test]
fn a_change_of_shape_is_a_fault() {
    let theme = |answer: &str| {
        let line = format!(r#"{{"command":"choose_theme_subject","args":{{"subject":"said"}},"answer":{answer}}}"#);
        fault(&serde_json::from_str(&line).unwrap())
    };
    assert_eq!(theme("null"), None);
    assert!(theme("{}").is_some());
    let value = r#"{"value":"a","label":"a","n":2}"#;
    let asked = |answer: &str, limit: &str| {
        let args = format!(
            r#"{{"dimension":"tag","filter":{{"from":null,"to":null,"conditions":[],"otherThan":[],"text":null,"authors":"people"}},"search":""{limit}}}"#
        );
        let line = format!(r#"{{"command":"filter_values","args":{args},"answer":[{answer}]}}"#);
        fault(&serde_json::from_str(&line).unwrap())
    };
    assert_eq!(asked(value, r#","limit":5"#), None);
    assert!(asked(value, "").is_some(), "an argument is missing");
    assert!(asked(&value.replace("\"n\":2", "\"n\":2,\"more\":1"), r#","limit":5"#).is_some(), "a field is unknown");
    assert!(asked(&value.replace(",\"n\":2", ""), r#","limit":5"#).is_some(), "a field is missing");
}
