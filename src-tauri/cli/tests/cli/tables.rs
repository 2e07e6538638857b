//! From a sample to themes, trends and trails, one command after the other.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use crate::shared::{Place, analysed};

#[test]
fn a_sample_becomes_themes_trends_and_trails() {
    let place = Place::new();
    let said = place.done(&["sample", "--sessions", "120", "--seed", "3", "--out", "exports"]);
    assert!(said.starts_with("Synthetic: 120 sessions"), "{said}");
    let imported = place.done(&["import", "exports"]);
    assert!(imported.contains("Langfuse traces") && imported.contains("in sum"), "{imported}");
    assert!(imported.contains("planted.json: skipped"), "{imported}");
    let analysed = place.done(&["analyze"]);
    assert!(analysed.contains("themes in") && analysed.contains("embedded now"), "{analysed}");
    assert!(place.done(&["analyze"]).contains("nothing had changed"));
    let again = place.done(&["import", "exports"]);
    assert_eq!(again.matches("in the workspace already, left alone").count(), 4, "{again}");

    let trends = place.done(&["trends", "--by", "environment", "--bucket", "month"]);
    assert!(trends.starts_with("series") && trends.contains("production") && trends.contains(" %"), "{trends}");
    let themes = place.done(&["themes"]);
    assert!(themes.lines().count() > 5 && themes.contains("keywords"), "{themes}");
    let overview = place.done(&["overview"]);
    assert!(overview.contains("negative share") && overview.contains("complaints now"), "{overview}");
    let sources = place.done(&["sources"]);
    assert_eq!(sources.lines().count(), 5, "{sources}");
    assert!(place.done(&["rejects"]).starts_with("id"));
    let doctor = place.done(&["doctor"]);
    assert!(doctor.contains("libduckdb") && doctor.contains("384 dimensions"), "{doctor}");

    let feedback = place.done(&["feedback", "--limit", "3", "--type", "annotation"]);
    let id = feedback.lines().nth(1).unwrap().split_whitespace().next().unwrap();
    assert!(feedback.lines().last().unwrap().contains("3 of "), "{feedback}");
    let trail = place.done(&["trail", id]);
    for part in ["Session ", "     user ", "    model ", " feedback annotation"] {
        assert!(trail.contains(part), "{part:?} in {trail}");
    }
    let similar = place.done(&["similar", "the answer was in German", "-k", "3"]);
    assert_eq!(similar.lines().count(), 4, "{similar}");
}

#[test]
fn charts_and_tables_are_written_to_files() {
    let place = analysed();
    let by = ["trends", "--by", "model_version", "--svg", "chart.svg", "--png", "chart.png", "--size", "640x300"];
    assert_eq!(place.done(&by), "");
    let svg = std::fs::read_to_string(place.path("chart.svg")).unwrap();
    assert!(
        svg.starts_with("<svg") && svg.contains("Negative share by model version") && svg.contains("assistant-2.1")
    );
    let png = std::fs::read(place.path("chart.png")).unwrap();
    assert_eq!(png[1..4], *b"PNG");
    assert_eq!((&png[16..20], &png[20..24]), (&1280_u32.to_be_bytes()[..], &600_u32.to_be_bytes()[..]));
    place.done(&["trends", "--svg", "dark.svg", "--dark", "--chart", "stacked", "--measure", "volume"]);
    assert_ne!(svg, std::fs::read_to_string(place.path("dark.svg")).unwrap());

    let said = place.done(&["feedback", "--csv", "all.csv", "--environment", "production"]);
    let csv = std::fs::read_to_string(place.path("all.csv")).unwrap();
    let header = csv.lines().next().unwrap();
    assert!(header.starts_with("id,created_at,") && header.ends_with(",theme_id,theme,source"), "{header}");
    let total = place.json(&["feedback", "--environment", "production", "--limit", "1"])["total"].as_u64().unwrap();
    assert!(said.starts_with(&format!("{total} rows written")), "{said}");

    let sql = place.done(&["trends", "--by", "environment", "--sql"]);
    assert!(sql.starts_with("select") && sql.contains("from facts") && !sql.contains('?'), "{sql}");
}

#[test]
fn filters_narrow_and_versions_are_compared() {
    let place = analysed();
    let total =
        |filter: &[&str]| place.json(&[&["feedback", "--limit", "1"], filter].concat())["total"].as_u64().unwrap();
    let all = total(&[]);
    assert_eq!(
        total(&["--type", "thumb"]) + total(&["--type", "rating"]),
        total(&["--type", "thumb", "--type", "rating"])
    );
    assert!(total(&["--environment", "staging"]) < all && total(&["--text", "refund"]) < all);
    assert_eq!(total(&["--from", "2026-04-01"]) + total(&["--to", "2026-04-01"]), all);
    assert!(total(&["--authors", "everyone"]) > all);
    let versions: u64 = ["assistant-1.8", "assistant-2.0", "assistant-2.1", "assistant-2.2"]
        .iter()
        .map(|version| total(&["--model-version", version]))
        .sum();
    assert_eq!(versions, all);
    // An empty value: has none.
    let reasonless = total(&["--reason", ""]);
    assert!(reasonless > 0 && reasonless < all, "{reasonless} of {all}");

    // A number of an answer says by which filter it is opened; what else is asked for narrows it.
    let split = place.json(&["trends", "--by", "reason,model_version", "--series", "2"]);
    let rest = split["series"].as_array().unwrap().last().unwrap();
    assert_eq!(rest["kind"], "other");
    let rows = &rest["total"]["rows"];
    let filter = rows["filter"].to_string();
    assert_eq!(total(&["--filter", &filter]), rows["n"].as_u64().unwrap());
    assert!(total(&["--filter", &filter, "--environment", "staging"]) < rows["n"].as_u64().unwrap());
    let typing_error = place.run(&["feedback", "--filter", "{\"conditons\": []}"]);
    assert!(typing_error.code == Some(2) && typing_error.stderr.contains("conditons"), "{}", typing_error.stderr);

    let compared = place.json(&[
        "overview",
        "--environment",
        "production",
        "--compare",
        "assistant-2.1",
        "--against",
        "assistant-2.0",
    ]);
    assert_eq!(compared["comparison"]["kind"], "model_version");
    assert_eq!(compared["current"]["conditions"][1]["values"][0], "assistant-2.1");

    let themes = place.json(&["themes", "--members"]);
    for (theme, members) in themes["themes"].as_array().unwrap().iter().zip(themes["members"].as_array().unwrap()) {
        assert_eq!(theme["id"], members["themeId"]);
        assert_eq!(theme["sums"]["n"].as_u64().unwrap(), members["feedback"].as_array().unwrap().len() as u64);
        let id = theme["id"].to_string();
        assert_eq!(total(&["--theme", &id]), theme["sums"]["n"].as_u64().unwrap());
        if id == "3" {
            break;
        }
    }
}

#[test]
fn a_reader_that_has_gone_ends_it_quietly() {
    let place = analysed();
    for arguments in [&["feedback", "--limit", "100000", "--json"][..], &["feedback", "--limit", "100000"]] {
        let mut child = place.command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        // As `head -1` does: one line, then gone.
        BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !stderr.contains("panicked"), "{stderr}");
        assert!(!first.is_empty());
    }
}

#[test]
fn what_somebody_typed_does_not_steer_the_terminal() {
    let place = Place::new();
    let line = r#"{"kind":"feedback","id":"f1","turn_id":"t1","session_id":"s1","comment":"a\u001b[2Jb","query":"q\u0007","score":0}"#;
    std::fs::write(place.path("hostile.jsonl"), line).unwrap();
    place.done(&["import", "hostile.jsonl"]);
    for arguments in [&["feedback"][..], &["trail", "s1"]] {
        let printed = place.done(arguments);
        assert!(printed.contains("[2Jb"), "{printed:?}");
        assert!(!printed.chars().any(|c| c.is_control() && c != '\n'), "{printed:?}");
    }
}

#[test]
fn nothing_is_written_outside_of_what_was_named() {
    let place = Place::new();
    place.done(&["sample", "--sessions", "5", "--out", "exports"]);
    place.done(&["import", "exports"]);
    place.done(&["doctor"]);
    let mut names: Vec<String> = std::fs::read_dir(place.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["exports", "w.hearback"]);
}
