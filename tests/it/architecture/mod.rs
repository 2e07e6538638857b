//! Do the walls stand? Reads the sources, and names file and line of whatever crosses one.
//!
//! The invariants are those of `ARCHITECTURE.md`. Only code that runs for users is looked at: tests, comments and
//! modules for tests are left out.

mod interface;
pub mod sources;
mod store;

use std::path::Path;

use sources::{code, dependencies, forbid, names, nowhere, root, sources};

/// Modules of `analysis`: siblings, none of which imports another.
const ANALYSES: &[&str] = &["map", "recall", "theme", "trail", "trend", "words"];

/// What each crate may know of the others. Only `app` joins; front ends ask `app`.
const CRATES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ingest", &["domain"]),
    ("store", &["domain"]),
    ("analysis", &["domain"]),
    ("models", &["domain"]),
    ("draw", &["domain"]),
    ("app", &["domain", "ingest", "store", "analysis", "models", "draw"]),
    ("wire", &["domain", "app"]),
    // The benchmarks measure stage by stage.
    ("cli", &["domain", "app", "wire", "ingest", "store", "analysis", "models", "draw"]),
    ("xtask", &[]),
];

/// The engine: all that is true without a front end.
const ENGINE: &[&str] = &["domain", "ingest", "store", "analysis", "models", "draw", "app"];

fn folder_of(member: &str) -> String {
    format!("src-tauri/{member}/src")
}

fn members() -> impl Iterator<Item = &'static str> {
    CRATES.iter().map(|(member, _)| *member)
}

/// Where code that runs for users lies.
fn programs() -> Vec<String> {
    let crates = members().filter(|member| *member != "xtask").map(folder_of);
    crates.chain(["src-tauri/src".to_owned()]).collect()
}

fn manifest_of(member: &str) -> String {
    format!("src-tauri/{member}/Cargo.toml")
}

#[test]
fn only_the_shell_names_tauri() {
    for member in members().filter(|member| *member != "xtask") {
        forbid(&format!("src-tauri/{member}"), "only src-tauri/src may name tauri", nowhere, |line| {
            names(line, "tauri")
        });
    }
    for member in members() {
        let manifest = manifest_of(member);
        for (name, line) in dependencies(&manifest) {
            assert!(!name.starts_with("tauri"), "{manifest}:{line}: {member} depends on {name}");
        }
    }
    assert!(dependencies("Cargo.toml").iter().any(|(name, _)| name == "tauri"), "the manifest's reader is blind");
}

#[test]
fn only_app_joins_the_crates() {
    for (member, allowed) in CRATES {
        let manifest = manifest_of(member);
        for (name, line) in dependencies(&manifest) {
            if let Some(other) = name.strip_prefix("hearback-") {
                assert!(allowed.contains(&other), "{manifest}:{line}: {member} knows {other}");
            }
        }
    }
    // One crate each for the database, the runtime of models, drawing and front ends.
    let homes = [
        ("duckdb", &["store"][..]),
        ("ort", &["models"]),
        ("fastembed", &["models"]),
        ("plotters", &["draw"]),
        ("ts-rs", &["wire"]),
    ];
    for (library, home) in homes {
        for member in members() {
            let found = dependencies(&manifest_of(member)).into_iter().any(|(name, _)| name == library);
            assert_eq!(found, home.contains(&member), "{library} in {member}");
        }
    }
    for member in ENGINE {
        for (name, line) in dependencies(&manifest_of(member)) {
            let outer = ["clap", "ts-rs", "rfd", "tokio"].contains(&name.as_str());
            assert!(!outer, "{}:{line}: {member} depends on {name}", manifest_of(member));
        }
    }
}

#[test]
fn analyses_do_not_know_one_another() {
    for analysis in ANALYSES {
        let siblings: Vec<&&str> = ANALYSES.iter().filter(|other| *other != analysis).collect();
        // `use crate::{ ... }` may span lines: within one, a line that begins with a sibling's name counts.
        let own = |path: &Path| {
            path.starts_with(format!("src-tauri/analysis/src/{analysis}"))
                || path.ends_with(format!("src-tauri/analysis/src/{analysis}.rs"))
        };
        for (_, lines) in sources("src-tauri/analysis/src").into_iter().filter(|(path, _)| own(path)) {
            let mut within_use = false;
            for line in &lines {
                let text = line.text.trim();
                let group = text.starts_with("use crate::{") || text.starts_with("use super::super::");
                within_use |= group;
                for sibling in &siblings {
                    let named = text.contains(&format!("crate::{sibling}::"))
                        || text.contains(&format!("crate::{sibling};"))
                        || (within_use
                            && text
                                .split(['{', ',', ' '])
                                .any(|part| part == **sibling || part.starts_with(&format!("{sibling}::"))));
                    assert!(!named, "{}: {analysis} knows {sibling}: {text}", line.place);
                }
                if text.ends_with(';') {
                    within_use = false;
                }
            }
        }
    }
}

#[test]
fn engine_types_are_not_serialized_for_the_outside() {
    // What an export looks like is told to serde.
    for folder in ENGINE.iter().filter(|member| **member != "ingest").map(|member| folder_of(member)) {
        forbid(&folder, "wire serializes; the engine's own types do not", nowhere, |line| {
            (line.contains("derive(") && (names(line, "Serialize") || names(line, "Deserialize")))
                || line.contains("#[serde(")
                || line.contains("impl Serialize for")
        });
    }
}

#[test]
fn stages_have_no_clock() {
    for folder in ENGINE.iter().map(|member| folder_of(member)) {
        // How long another program is waited for is no moment of the data.
        // How fast work goes, neither.
        let waits = |path: &Path| {
            ["database.rs", "opening.rs", "open_here.rs"].iter().any(|file| path.ends_with(format!("store/src/{file}")))
                || path.ends_with("domain/src/job.rs")
        };
        forbid(&folder, "moments are arguments", waits, |line| {
            line.contains("SystemTime::now") || line.contains("Instant::now") || line.contains("Timestamp::now")
        });
        forbid(&folder, "chance has a seed", nowhere, |line| {
            names(line, "thread_rng")
                || names(line, "from_entropy")
                || names(line, "from_os_rng")
                || names(line, "OsRng")
        });
    }
}

#[test]
fn values_to_values_touch_no_files() {
    for member in ["domain", "analysis", "draw"] {
        forbid(&folder_of(member), "a function from values to values", nowhere, |line| {
            line.contains("std::fs") || line.contains("File::") || names(line, "env::var")
        });
    }
}

#[test]
fn data_never_panics_the_program() {
    let bench = |path: &Path| path.starts_with("src-tauri/xtask");
    for folder in &programs() {
        forbid(folder, "no unwrap or expect outside of tests", bench, |line| {
            line.contains(".unwrap()") || line.contains(".expect(") || line.contains(".unwrap_err()")
        });
        forbid(folder, "no panics outside of tests", bench, |line| {
            ["panic!(", "todo!(", "unimplemented!("].iter().any(|call| line.contains(call))
        });
    }
}

#[test]
fn exceptions_to_lints_have_a_reason() {
    for folder in ["src-tauri"] {
        for (_, lines) in sources(folder) {
            for (index, line) in lines.iter().enumerate() {
                let text = line.text.trim();
                assert!(!text.starts_with("#[allow(") && !text.starts_with("#![allow("), "{}: {text}", line.place);
                if text.starts_with("#[expect(") || text.starts_with("#![expect(") {
                    let whole: String = lines[index..].iter().take(6).map(|line| line.text.as_str()).collect();
                    let attribute = whole.split(")]").next().unwrap_or_default();
                    assert!(attribute.contains("reason"), "{}: {text}", line.place);
                }
            }
        }
    }
}

/// The one file that may speak with a network, and the one crate by which it does.
const NETWORK: &str = "src-tauri/models/src/download.rs";
const HTTP: &str = "ureq";

#[test]
fn the_network_is_touched_in_one_place() {
    const CRATES: &[&str] =
        &["reqwest", HTTP, "hyper", "curl", "isahc", "attohttpc", "minreq", "hf-hub", "tungstenite", "quinn"];
    for manifest in std::iter::once("Cargo.toml".to_owned()).chain(members().map(manifest_of)) {
        for (name, line) in dependencies(&manifest) {
            let allowed = name == HTTP && manifest == manifest_of("models");
            assert!(allowed || !CRATES.contains(&name.as_str()), "{manifest}:{line}: {name} speaks with the network");
        }
    }
    let download = |path: &Path| path == Path::new(NETWORK);
    for folder in &programs() {
        forbid(folder, "no sockets", nowhere, |line| {
            // An address is a value; what opens one is not.
            let net = line.replace("std::net::IpAddr", "");
            ["std::net", "TcpStream", "TcpListener", "UdpSocket", "UnixStream"].iter().any(|name| net.contains(name))
        });
        forbid(folder, "only one file speaks with the network", download, |line| names(line, HTTP));
    }
    let lines = code(&root().join(NETWORK));
    let calls: Vec<&str> = lines.iter().map(|line| line.text.trim()).filter(|line| line.contains(".call()")).collect();
    assert_eq!(calls.len(), 1, "one place of {NETWORK} makes requests: {calls:?}");
    // It is reached by way of the consent alone.
    let reached = |name: &str| {
        sources("src-tauri/models/src")
            .into_iter()
            .filter(|(path, lines)| path != Path::new(NETWORK) && lines.iter().any(|line| line.text.contains(name)))
            .map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (reached("hub.look("), reached("hub.open(")),
        (vec!["fetch.rs".to_owned()], vec!["fetch.rs".to_owned()])
    );
    let fetch = std::fs::read_to_string(root().join("src-tauri/models/src/fetch.rs")).unwrap();
    let (consent, look) = (fetch.find("consent == Consent::NotGiven"), fetch.find("= look("));
    assert!(consent.is_some_and(|consent| look.is_some_and(|look| consent < look)), "consent is asked for first");
}

#[test]
fn the_model_runtime_does_not_report_home() {
    // ONNX Runtime as its makers build it gathers from the moment it is loaded, so each program says no before anything else;
    // that it helps is tested where the program runs (src-tauri/cli/tests).
    for program in ["src-tauri/src/main.rs", "src-tauri/cli/src/main.rs"] {
        let lines = code(&root().join(program));
        let start = lines.iter().position(|line| line.text.starts_with("fn main()")).unwrap();
        assert!(lines[start + 1].text.contains("ORT_DISABLE_TELEMETRY"), "{}", lines[start + 1].place);
    }
    let text = std::fs::read_to_string(root().join("src-tauri/models/src/embed/model.rs")).unwrap();
    assert!(text.contains(".with_telemetry(false)"), "src-tauri/models/src/embed/model.rs");
}

#[test]
fn hints_name_no_front_end() {
    let fronts = [
        "hearback-cli",
        "--map",
        "--scale",
        "--yes",
        "cargo xtask",
        "in the window",
        "the palette",
        "the command line",
    ];
    for member in ENGINE {
        forbid(
            &folder_of(member),
            "how one asks for a next step is for each front end to say (error::NextStep)",
            |path| path.components().any(|part| part.as_os_str() == "templates"),
            |text| fronts.iter().any(|front| text.contains(front)),
        );
    }
}

#[test]
fn front_ends_ask_the_facade_and_not_the_store_behind_it() {
    for folder in ["src-tauri/src", "src-tauri/cli/src", "src-tauri/wire/src"] {
        forbid(
            folder,
            "the store is for the engine alone",
            |path| path.components().any(|part| part.as_os_str() == "bench"),
            |text| names(text, "store_for_tests") || names(text, "hearback_store"),
        );
    }
}
