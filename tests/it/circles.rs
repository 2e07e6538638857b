//! Which Rust files need one another? A circle of files can only be understood, tested and moved as one.
//!
//! Reads the `use` declarations and the paths in code; a path is followed through re-exports to the file that defines
//! the item. A file that merely re-exports a name does not need it. A module and one that holds it (`mod.rs`, `lib.rs`)
//! count as one: what is private to the outer one is what the inner one is there for.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::architecture::sources::{Line, sources};

/// Folder and root of each crate, the shell last.
const CRATES: &[(&str, &str)] = &[
    ("src-tauri/domain/src", "lib"),
    ("src-tauri/ingest/src", "lib"),
    ("src-tauri/store/src", "lib"),
    ("src-tauri/analysis/src", "lib"),
    ("src-tauri/models/src", "lib"),
    ("src-tauri/draw/src", "lib"),
    ("src-tauri/app/src", "lib"),
    ("src-tauri/wire/src", "lib"),
    ("src-tauri/cli/src", "main"),
    ("src-tauri/xtask/src", "main"),
    ("src-tauri/src", "lib"),
];

/// What still closes a circle: the file, and the one that it should not need. Nothing may be added; what no longer
/// closes one has to go from here.
const STANDING: &[(&str, &str)] = &[];

/// The layers of `ingest`, each with those that it may need beside itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("input", &[]),
    ("container", &["input"]),
    ("mapping", &["formats/canonical/fields"]),
    ("format", &["container", "mapping"]),
    ("formats", &["container", "mapping", "format"]),
    ("recognise", &["input", "container", "mapping", "format", "formats"]),
    ("reading", &["input", "container", "format"]),
    ("expand", &["input", "container"]),
];

/// One module, which is one file.
#[derive(Default)]
struct Module {
    file: String,
    children: BTreeSet<String>,
    /// Names brought into scope, with the path that each stands for.
    imports: BTreeMap<String, Vec<String>>,
    /// Modules all of whose names are brought into scope.
    globs: Vec<Vec<String>>,
    /// Paths that the code needs.
    needed: Vec<Vec<String>>,
}

type Modules = BTreeMap<Vec<String>, Module>;

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Where `use` begins a declaration, its end, and whether it is public.
fn declarations(code: &str) -> Vec<(usize, usize, bool)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = code[from..].find("use ").map(|at| at + from) {
        from = at + 4;
        let before = &code[..at];
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
        let is_statement = line.is_empty() || line == "pub" || line.starts_with("pub(");
        if let Some(end) = code[at..].find(';').filter(|_| is_statement) {
            found.push((at, at + end, !line.is_empty()));
            from = at + end;
        }
    }
    found
}

/// `a::{b, c as d, e::*}` as its single paths; the last segment of a glob is `*`, an alias stands behind.
fn paths(tree: &str) -> Vec<(Vec<String>, Option<String>)> {
    fn walk(tree: &str, before: &[String], found: &mut Vec<(Vec<String>, Option<String>)>) {
        let tree = tree.trim();
        if let Some(open) = tree.find('{') {
            let mut path = before.to_vec();
            path.extend(tree[..open].split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
            let inner = tree[open + 1..].trim_end().strip_suffix('}').unwrap_or_default();
            let (mut depth, mut start) = (0, 0);
            for (at, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        if !inner[start..at].trim().is_empty() {
                            walk(&inner[start..at], &path, found);
                        }
                        start = at + 1;
                    }
                    _ => {}
                }
            }
            return;
        }
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias.trim())));
        let mut whole = before.to_vec();
        whole.extend(path.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()));
        if whole.len() > 1 && whole.last().is_some_and(|last| last == "self") {
            whole.pop();
        }
        found.push((whole, alias.map(str::to_owned)));
    }
    let mut found = Vec::new();
    walk(tree, &[], &mut found);
    found
}

/// Every `a::b::c` in code.
fn inline_paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = code[rest..].find("::").map(|at| at + rest) {
        let start = code[..at]
            .rfind(|letter| !is_name(letter))
            .map_or(0, |before| before + code[before..].chars().next().map_or(1, char::len_utf8));
        let mut end = at;
        while code[end..].starts_with("::") {
            let name = code[end + 2..].chars().take_while(|letter| is_name(*letter)).map(char::len_utf8).sum::<usize>();
            if name == 0 {
                break;
            }
            end += 2 + name;
        }
        rest = end.max(at + 2);
        if start < at && !code[..start].ends_with("::") {
            found.push(code[start..end].split("::").map(str::to_owned).collect());
        }
    }
    found
}

/// The module of one file, from its code without comments and tests.
fn module(file: String, code: &str, children: BTreeSet<String>) -> Module {
    let mut module = Module { file, children, ..Module::default() };
    let mut rest = String::new();
    let mut from = 0;
    for (start, end, is_public) in declarations(code) {
        rest.push_str(&code[from..start]);
        from = end;
        for (path, alias) in paths(&code[start + 4..end]) {
            let Some(last) = path.last().cloned() else { continue };
            if last == "*" {
                module.globs.push(path[..path.len() - 1].to_vec());
                if !is_public {
                    module.needed.push(path);
                }
                continue;
            }
            if !is_public {
                module.needed.push(path.clone());
            }
            let name = alias.unwrap_or(last);
            if path != [name.clone()] {
                module.imports.insert(name, path);
            }
        }
    }
    rest.push_str(&code[from..]);
    module.needed.extend(inline_paths(&rest));
    module
}

/// The file that defines what `path` means within the module `from`; none for other crates and for modules themselves.
fn definition<'m>(modules: &'m Modules, from: &[String], path: &[String], depth: usize) -> Option<&'m str> {
    if depth > 20 {
        return None;
    }
    let mut here = from.to_vec();
    let mut rest = path;
    while let Some((first, after)) = rest.split_first() {
        let module = modules.get(&here)?;
        let is_start = rest.len() == path.len();
        match first.as_str() {
            "crate" if is_start => here.clear(),
            "self" => {}
            "super" => drop(here.pop()),
            "*" => return Some(&module.file),
            name if module.children.contains(name) => here.push(name.to_owned()),
            name => {
                if let Some(known) = module.imports.get(name) {
                    let whole: Vec<String> = known.iter().chain(after).cloned().collect();
                    return definition(modules, &here, &whole, depth + 1);
                }
                // A plain name at the start is of this file or another crate; behind a module it is an item of it.
                return (!is_start).then_some(module.file.as_str()).or_else(|| {
                    module.globs.iter().find_map(|glob| {
                        let whole: Vec<String> = glob.iter().cloned().chain([name.to_owned()]).collect();
                        definition(modules, &here, &whole, depth + 1)
                    })
                });
            }
        }
        rest = after;
    }
    None
}

/// Is one of the modules within the other?
fn are_nested(one: &[String], other: &[String]) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// Which file needs which others, a module and those within it left out.
fn needs(modules: &Modules) -> Needs {
    let place_of: BTreeMap<&str, &Vec<String>> =
        modules.iter().map(|(place, module)| (module.file.as_str(), place)).collect();
    let mut needs = Needs::new();
    for (place, module) in modules {
        let of = needs.entry(module.file.clone()).or_default();
        for path in &module.needed {
            if let Some(file) = definition(modules, place, path, 0)
                && !are_nested(place, place_of[file])
            {
                of.insert(file.to_owned());
            }
        }
    }
    needs
}

type Needs = BTreeMap<String, BTreeSet<String>>;

/// Sets of files each of which needs, by way of others, each other one.
fn circles(needs: &Needs) -> BTreeSet<BTreeSet<String>> {
    let reach = |start: &String| {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&String> = needs[start].iter().collect();
        while let Some(file) = open.pop() {
            if seen.insert(file.clone()) {
                open.extend(needs.get(file).into_iter().flatten());
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = needs.keys().map(|file| (file, reach(file))).collect();
    let back = |file: &String, other: &String| reached.get(other).is_some_and(|back| back.contains(file));
    let circle = |(file, of): (&&String, &BTreeSet<String>)| -> BTreeSet<String> {
        of.iter().filter(|other| back(file, other)).cloned().collect()
    };
    reached.iter().map(circle).filter(|circle| circle.len() > 1).collect()
}

/// The modules of a crate, by their paths from its root.
fn modules(folder: &str, root: &str) -> Modules {
    let place = |path: &Path| -> Vec<String> {
        let within = path.strip_prefix(folder).unwrap().with_extension("");
        let mut place: Vec<String> = within.iter().map(|segment| segment.to_string_lossy().into_owned()).collect();
        if place == [root] || place.last().is_some_and(|last| last == "mod") {
            place.pop();
        }
        place
    };
    // A program beside a library, and what runs before a build, are crates of their own.
    let is_other = |path: &Path| {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        path.parent() == Some(Path::new(folder)) && stem != root && ["lib", "main", "build"].contains(&stem.as_str())
    };
    let files: Vec<(Vec<String>, String, String)> = sources(folder)
        .into_iter()
        .filter(|(path, _)| !is_other(path))
        .map(|(path, lines)| (place(&path), path.display().to_string(), joined(&lines)))
        .collect();
    let children = |of: &[String]| -> BTreeSet<String> {
        let within = files.iter().filter(|(place, ..)| place.len() == of.len() + 1 && place.starts_with(of));
        within.filter_map(|(place, ..)| place.last().cloned()).collect()
    };
    files.iter().map(|(place, file, code)| (place.clone(), module(file.clone(), code, children(place)))).collect()
}

fn joined(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

fn shown(circles: &BTreeSet<BTreeSet<String>>, needs: &Needs) -> String {
    let mut text = String::new();
    for circle in circles {
        for file in circle {
            for other in needs[file].intersection(circle) {
                text += &format!("  {file} needs {other}\n");
            }
        }
        text.push('\n');
    }
    text
}

#[test]
fn files_do_not_need_one_another_in_circles() {
    let mut standing: BTreeSet<&(&str, &str)> = STANDING.iter().collect();
    for (folder, root) in CRATES {
        let mut needs = needs(&modules(folder, root));
        assert!(needs.len() > 5, "there is hardly a file in {folder}");
        for circle in circles(&needs) {
            standing.retain(|(file, needed)| {
                !(circle.contains(*file) && circle.contains(*needed) && needs[*file].contains(*needed))
            });
        }
        for (file, needed) in STANDING {
            if let Some(of) = needs.get_mut(*file) {
                of.remove(*needed);
            }
        }
        let circles = circles(&needs);
        assert!(circles.is_empty(), "move what they share to a file of its own:\n{}", shown(&circles, &needs));
    }
    assert!(standing.is_empty(), "no circle is closed by these any more, take them off the list: {standing:?}");
}

#[test]
fn the_layers_of_reading_know_only_those_below() {
    let folder = "src-tauri/ingest/src";
    let needs = needs(&modules(folder, "lib"));
    let layer_of = |file: &str| {
        let within = file.strip_prefix(folder).unwrap().trim_start_matches('/');
        LAYERS.iter().find(|(layer, _)| within == format!("{layer}.rs") || within.starts_with(&format!("{layer}/")))
    };
    let mut seen = BTreeSet::new();
    for (file, of) in &needs {
        let Some((layer, below)) = layer_of(file) else { continue };
        for needed in of {
            let Some((other, _)) = layer_of(needed) else { continue };
            seen.insert((*layer, *other));
            let is_below = below.iter().any(|allowed| {
                allowed == other || needed.strip_prefix(folder).is_some_and(|within| within[1..].starts_with(allowed))
            });
            assert!(layer == other || is_below, "{file} ({layer}) needs {needed} ({other})");
        }
    }
    assert!(seen.contains(&("container", "input")) && seen.contains(&("recognise", "formats")), "{seen:?}");
}

#[test]
fn circles_are_found_through_whatever_names_them() {
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
    let built = |files: &[(&str, &str)]| -> Modules {
        let places: Vec<Vec<String>> = files
            .iter()
            .map(|(place, _)| place.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect())
            .collect();
        places
            .iter()
            .zip(files)
            .map(|(place, (file, code))| {
                let inner = places.iter().filter(|other| other.len() == place.len() + 1 && other.starts_with(place));
                let inner = inner.filter_map(|other| other.last().cloned()).collect();
                (place.clone(), module((*file).to_owned(), code, inner))
            })
            .collect()
    };
    let found = |files: &[(&str, &str)]| circles(&needs(&built(files)));
    let root = ("", "pub use a::One;\npub(crate) use b::{self as other};\n");
    for (one, two) in [
        ("use crate::b::Two;\npub struct One(Two);", "use super::a::One;\npub struct Two(One);"),
        ("use crate::{\n    b::{Three, Two},\n};\n", "pub fn two() -> crate::One { crate::One }\npub struct Two;"),
        ("pub fn one() { crate::other::two() }\n", "use crate::a;\npub fn two() { a::one() }"),
        ("use super::*;\nfn one() { super::b::two() }", "use crate::One as First;\n"),
    ] {
        let expected = BTreeSet::from([names(&["a", "b"])]);
        assert_eq!(found(&[root, ("a", one), ("b", two)]), expected, "{one}\n---\n{two}");
    }
    // To hand a name on is not to need it, other crates are no files, and a module may use what it is within.
    for (one, two) in [
        ("pub use crate::b::Two;\n", "use crate::a::One;\n"),
        ("use std::b::Two;\nfn one() { b::two() }", "use crate::a::One;\n"),
    ] {
        assert_eq!(found(&[root, ("a", one), ("b", two)]), BTreeSet::new(), "{one}\n---\n{two}");
    }
    assert_eq!(found(&[("", "mod a;\nfn f() { a::f() }"), ("a", "use super::Root;\n")]), BTreeSet::new());
}
