//! Do the walls stand? Reads the sources, and names file and line of whatever crosses one.
//!
//! The invariants are those of `ARCHITECTURE.md`. Only code that runs for users is looked at: tests, comments and
//! modules for tests are left out.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use hearback_draw as chart;

/// Modules of `analysis`: siblings, none of which imports another.
const ANALYSES: &[&str] = &["map", "recall", "theme", "trail", "trend", "words"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A line of code, and where it stands.
pub struct Line {
    place: String,
    pub text: String,
}

/// The lines of code of a Rust file: no comments, no `#[cfg(test)]` items.
fn code(path: &Path) -> Vec<Line> {
    let shown = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = Vec::new();
    let mut skipping: Option<String> = None;
    let mut after_attribute = false;
    for (index, line) in text.lines().enumerate() {
        if let Some(end) = &skipping {
            if line == end {
                skipping = None;
            }
            continue;
        }
        let trimmed = line.trim_start();
        if trimmed == "#[cfg(test)]" {
            after_attribute = true;
            continue;
        }
        if after_attribute {
            if !trimmed.starts_with("#[") {
                after_attribute = false;
                if trimmed.ends_with('{') {
                    let indent = &line[..line.len() - trimmed.len()];
                    skipping = Some(format!("{indent}}}"));
                }
            }
            continue;
        }
        if trimmed.starts_with("//") {
            continue;
        }
        // A comment behind code; `//` within a text (an address) stays.
        let code = match line.find(" // ") {
            Some(at) if line[..at].matches('"').count() % 2 == 0 => &line[..at],
            _ => line,
        };
        lines.push(Line { place: format!("{shown}:{}", index + 1), text: code.to_owned() });
    }
    lines
}

fn is_test_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tests.rs")
        || path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "target")
}

/// Every file below `folder` with this ending, in the order of their paths.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    fn visit(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "node_modules" && name != "dist" && name != "target") {
                    visit(&path, ending, found);
                }
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    visit(&root().join(folder), ending, &mut found);
    found.sort();
    found
}

/// Rust code of a folder, tests left out.
pub fn sources(folder: &str) -> Vec<(PathBuf, Vec<Line>)> {
    let relative = |path: &Path| path.strip_prefix(root()).unwrap_or(path).to_owned();
    files(folder, ".rs")
        .into_iter()
        .filter(|path| !is_test_file(&relative(path)))
        .map(|path| (relative(&path), code(&path)))
        .collect()
}

/// Fails with every line of `folder` for which `wrong` is true, but in files for which `except` is.
fn forbid(folder: &str, rule: &str, except: impl Fn(&Path) -> bool, wrong: impl Fn(&str) -> bool) {
    let all = sources(folder);
    assert!(!all.is_empty(), "there is no Rust file in {folder}");
    let found: Vec<String> = all
        .iter()
        .filter(|(path, _)| !except(path))
        .flat_map(|(_, lines)| lines)
        .filter(|line| wrong(&line.text))
        .map(|line| format!("  {}: {}", line.place, line.text.trim()))
        .collect();
    assert!(found.is_empty(), "{rule}\n{}", found.join("\n"));
}

fn nowhere(_: &Path) -> bool {
    false
}

/// `word` as a whole path segment or name.
fn names(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
        !text[..at].ends_with(part_of_name) && !text[at + word.len()..].starts_with(part_of_name)
    })
}

/// Names under the dependency headings of a manifest, with their lines.
fn dependencies(manifest: &str) -> Vec<(String, usize)> {
    let text = std::fs::read_to_string(root().join(manifest)).unwrap();
    let mut within = false;
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            // What tests alone need says nothing of a crate.
            within = line.contains("dependencies]") && !line.contains("workspace.") && !line.contains("dev-");
        } else if within && let Some((name, _)) = line.split_once(['=', '.', ' ']) {
            found.push((name.trim().to_owned(), index + 1));
        }
    }
    found.retain(|(name, _)| !name.is_empty() && !name.starts_with('#'));
    found
}

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
fn the_reader_of_sources_sees_code_and_only_code() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.rs");
    let text = "//! unwrap()\nfn a() { b(); } // unwrap()\nlet u = \"http://x\";\n#[cfg(test)]\nmod tests {\n    fn t() { x.unwrap() }\n}\nfn c() {}\n#[cfg(test)]\nmod more;\nfn d() {}\n";
    std::fs::write(&path, text).unwrap();
    let seen: Vec<String> = code(&path).into_iter().map(|line| line.text).collect();
    assert_eq!(seen, ["fn a() { b(); }", "let u = \"http://x\";", "fn c() {}", "fn d() {}"]);
    assert!(names("use crate::store::X;", "store") && !names("use crate::restore::X;", "store"));
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
fn only_the_store_speaks_sql() {
    let store = |path: &Path| path.starts_with("src-tauri/store");
    for folder in &programs() {
        forbid(folder, "only store may see the database crate", store, |line| {
            line.contains("duckdb::") || line.contains("use duckdb")
        });
        forbid(folder, "only store may hold SQL", store, |line| {
            [
                "\"select ",
                "\"insert into ",
                "\"delete from ",
                "\"update ",
                "\"create table ",
                "\"drop table ",
                "\"alter ",
            ]
            .iter()
            .any(|statement| line.to_lowercase().contains(statement))
        });
    }
}

#[test]
fn the_database_never_fetches_or_loads_anything() {
    let text = std::fs::read_to_string(root().join("src-tauri/store/src/database.rs")).unwrap();
    for setting in [
        "enable_autoload_extension(false)",
        "\"autoinstall_known_extensions\", \"false\"",
        "\"enable_external_access\", \"false\"",
    ] {
        assert!(text.contains(setting), "src-tauri/store/src/database.rs: {setting} is missing");
    }
    let connections = sources("src-tauri/store/src")
        .iter()
        .flat_map(|(_, lines)| lines)
        .filter(|line| line.text.contains("Connection::open"))
        .map(|line| line.place.clone())
        .collect::<Vec<_>>();
    // One for workspaces, with the settings above; one in memory, that asks for the version.
    assert_eq!(connections.len(), 2, "{connections:?}");
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
        let waits = |path: &Path| path.ends_with("store/src/database.rs") || path.ends_with("domain/src/job.rs");
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

/// `#` and 3, 4, 6 or 8 hexadecimal digits that do not go on as a word.
fn has_hex_colour(text: &str) -> bool {
    text.match_indices('#').any(|(at, _)| {
        let rest = &text[at + 1..];
        let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        let goes_on = rest.chars().nth(digits).is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
        [3, 4, 6, 8].contains(&digits) && !goes_on
    })
}

#[test]
fn colours_stand_in_the_token_files() {
    let tokens = |path: &Path| path.ends_with("draw/src/theme.rs");
    for folder in &programs() {
        forbid(folder, "colours stand in draw/theme.rs", tokens, has_hex_colour);
    }
    for path in files("ui/src", ".svelte").into_iter().chain(files("ui/src", ".css")) {
        if path.ends_with("styles/tokens.css") {
            continue;
        }
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        for (index, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            // Black with an opacity is a shadow.
            let plain = line.replace("rgb(0 0 0 /", "");
            let coloured =
                has_hex_colour(&plain) || ["rgb(", "rgba(", "hsl(", "oklch("].iter().any(|name| plain.contains(name));
            assert!(!coloured, "{shown}:{}: a colour outside of tokens.css: {}", index + 1, line.trim());
        }
    }
}

#[test]
fn window_and_charts_have_the_same_colours() {
    // The window may not be there yet, in a checkout of the engine alone.
    let Ok(css) = std::fs::read_to_string(root().join("ui/src/styles/tokens.css")) else { return };
    let block = |head: &str| -> BTreeMap<String, String> {
        let after = css.split_once(head).unwrap_or_else(|| panic!("tokens.css has no {head}")).1;
        let body = after.split_once('{').unwrap().1.split_once('}').unwrap().0;
        body.lines()
            .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_lowercase()))
            .collect()
    };
    let light = block(":root");
    let mut dark = light.clone();
    dark.extend(block("[data-theme=\"dark\"]"));
    for (name, tokens, theme) in [("light", light, chart::LIGHT), ("dark", dark, chart::DARK)] {
        for (token, colour) in theme.tokens() {
            assert_eq!(tokens.get(token), Some(&colour.to_lowercase()), "--{token} in {name}");
        }
    }
}

#[test]
fn text_never_becomes_html_and_nothing_has_a_style_attribute() {
    // The content policy forbids both as well; this says where.
    for path in files("ui/src", ".svelte") {
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        for (index, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            // `style:--width={..}` is set through the object model, which the policy allows.
            for forbidden in ["{@html", " style=\"", " style={", "innerHTML"] {
                assert!(!line.contains(forbidden), "{shown}:{}: {}", index + 1, line.trim());
            }
        }
    }
}

#[test]
fn the_content_policy_is_strict_and_capabilities_are_few() {
    let text = std::fs::read_to_string(root().join("tauri.conf.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&text).unwrap();
    let policy = &config["app"]["security"]["csp"];
    assert_eq!(policy["default-src"], "'none'");
    assert_eq!(policy["script-src"], "'self'");
    assert_eq!(policy["style-src"], "'self'");
    let all = policy.to_string();
    assert!(!all.contains("unsafe") && !all.contains("https:") && !all.contains('*'), "{all}");
    for path in files("src-tauri/capabilities", ".json") {
        let text = std::fs::read_to_string(&path).unwrap();
        for forbidden in ["shell:", "fs:", "http:", "remote", "process:"] {
            assert!(!text.contains(&format!("\"{forbidden}")), "{}: {forbidden}", path.display());
        }
    }
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

/// What only DuckDB understands, where it would cost DuckDB nothing to say it as other engines do: the questions are to be
/// asked of a lake, too. Beside each form what is written instead.
const ONLY_DUCKDB: &[(&str, &str)] = &[
    ("group by all", "the columns by their places"),
    ("order by all", "the columns by their places"),
    ("arg_max(", "max_by"),
    ("arg_min(", "min_by"),
    ("* exclude", "the columns by name"),
    ("* replace", "the columns by name"),
    ("* rename", "the columns by name"),
    ("select * from", "the columns by name"),
    ("qualify ", "row_number() in a selection of its own"),
    ("semi join", "in, or exists"),
    ("anti join", "not exists"),
    ("::varchar", "cast(x as varchar)"),
    ("::bigint", "cast(x as bigint)"),
    ("::ubigint", "cast(x as ubigint)"),
    ("::double", "cast(x as double)"),
    ("::float", "cast(x as float)"),
    ("::timestamp", "cast(x as timestamp)"),
    ("= '{", "a question mark"),
    ("('{", "a question mark"),
];

/// What writes values into a statement: one that is shown and not run, and DuckDB's own setting, which cannot be bound.
const WRITES_VALUES_IN: &[&str] = &["src/filter.rs", "import/memory_limit.rs"];

/// Where rows have no other order than that in which they came, or are looked at as DuckDB keeps them.
const BY_ROW_NUMBER: &[&str] = &["import/merge.rs", "facts.rs", "recall.rs"];

/// Schema files that workspaces were made by: what was applied stays as it is.
const APPLIED: &[&str] = &["0001", "0002", "0003", "0004", "0005", "0006"];

#[test]
fn the_stores_sql_is_said_as_other_engines_understand_it() {
    const STORE: &str = "src-tauri/store/src";
    let mut texts: Vec<(String, String, String)> = Vec::new();
    for (path, lines) in sources(STORE) {
        let path = path.to_string_lossy().replace('\\', "/");
        texts.extend(lines.into_iter().map(|line| (path.clone(), line.place, line.text)));
    }
    for path in files(STORE, ".sql") {
        let shown = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        if APPLIED.iter().any(|number| shown.contains(&format!("/{number}_"))) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("--"));
        texts.extend(code.map(|(at, line)| (shown.clone(), format!("{shown}:{}", at + 1), line.to_owned())));
    }
    assert!(texts.len() > 3000, "{} lines of the store", texts.len());
    let mut found = Vec::new();
    for (path, place, text) in &texts {
        let line = text.to_lowercase();
        for (form, instead) in ONLY_DUCKDB {
            // In the case of the source, in which the variants of Rust are no types of SQL.
            let is_there = if form.starts_with("::") { text.contains(form) } else { line.contains(form) };
            if is_there && !(form.ends_with("'{") && WRITES_VALUES_IN.iter().any(|known| path.ends_with(known))) {
                found.push(format!("  {place}: {form:?}, rather {instead}: {}", text.trim()));
            }
        }
        // Of an iterator it is `.filter(`.
        let unsaid = line.match_indices("filter (").any(|(at, form)| !line[at + form.len()..].starts_with("where "));
        if unsaid {
            found.push(format!("  {place}: rather filter (where ..): {}", text.trim()));
        }
        if (line.contains("rowid") || line.contains(" // 1"))
            && !BY_ROW_NUMBER.iter().any(|known| path.ends_with(known))
        {
            found.push(format!("  {place}: rows have no number elsewhere: {}", text.trim()));
        }
    }
    assert!(found.is_empty(), "say it as other engines do:\n{}", found.join("\n"));
}

/// By position two columns of one type are swapped without a word.
#[test]
fn nothing_in_the_store_goes_by_position() {
    const STORE: &str = "src-tauri/store/src";
    let by_number = |text: &str| {
        text.match_indices("row.get").any(|(at, _)| {
            let rest = text[at + "row.get".len()..].trim_start_matches("::");
            let call = if rest.starts_with('<') {
                rest.split_once(">(").map_or("", |(_, call)| call)
            } else {
                &rest[1.min(rest.len())..]
            };
            call.starts_with(|first: char| first.is_ascii_digit())
        })
    };
    let is_helper = |path: &Path| path.ends_with("src/read.rs");
    forbid(STORE, "columns are read by their names (`read::Row`), one value by `read::scalar`", is_helper, by_number);
    let mut found = Vec::new();
    for (_, lines) in sources(STORE) {
        let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        let whole = text.join("\n");
        let mut from = 0;
        while let Some(at) = whole[from..].find("insert into ").map(|at| from + at) {
            let rest = &whole[at + "insert into ".len()..];
            let name = rest.split(|letter: char| letter.is_whitespace()).next().unwrap_or_default();
            let after = rest[name.len()..].trim_start();
            if !name.contains('(') && !after.starts_with('(') && !after.is_empty() {
                let line = whole[..at].matches('\n').count();
                found.push(format!("  {}: {}", lines[line].place, lines[line].text.trim()));
            }
            from = at + 1;
        }
    }
    assert!(found.is_empty(), "name the columns that are filled:\n{}", found.join("\n"));
}
