//! What is the store's alone, and how its SQL is said.

use std::path::Path;

use super::{
    programs,
    sources::{files, forbid, root, sources},
};

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
    let text = std::fs::read_to_string(root().join("src-tauri/store/src/opening.rs")).unwrap();
    for setting in [
        "enable_autoload_extension(false)",
        "\"autoinstall_known_extensions\", \"false\"",
        "\"enable_external_access\", \"false\"",
    ] {
        assert!(text.contains(setting), "src-tauri/store/src/opening.rs: {setting} is missing");
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

/// The last schema file from before this rule: what workspaces were made by stays as it is.
const BEFORE: &str = "0006";

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
        if path.file_name().is_some_and(|name| &name.to_string_lossy()[..BEFORE.len()] <= BEFORE) {
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
