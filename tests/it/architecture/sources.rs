//! The sources as the rules see them: code that runs for users, without tests and comments.

use std::path::{Path, PathBuf};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A line of code, and where it stands.
pub struct Line {
    pub place: String,
    pub text: String,
}

/// The lines of code of a Rust file: no comments, no `#[cfg(test)]` items.
pub fn code(path: &Path) -> Vec<Line> {
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

pub fn is_test_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tests.rs")
        || path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "target")
}

/// Every file below `folder` with this ending, in the order of their paths.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
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
pub fn forbid(folder: &str, rule: &str, except: impl Fn(&Path) -> bool, wrong: impl Fn(&str) -> bool) {
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

pub fn nowhere(_: &Path) -> bool {
    false
}

/// `word` as a whole path segment or name.
pub fn names(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
        !text[..at].ends_with(part_of_name) && !text[at + word.len()..].starts_with(part_of_name)
    })
}

/// Names under the dependency headings of a manifest, with their lines.
pub fn dependencies(manifest: &str) -> Vec<(String, usize)> {
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
