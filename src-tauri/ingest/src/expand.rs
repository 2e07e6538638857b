//! Which files does the user mean by the paths that were named?

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    container,
    input::{Archive, ArchiveKind, Input, Opener, is_hidden, unreadable},
    limits,
};
use hearback_domain::error::{Error, Result};

/// The files meant by `paths`: files as given, folders with all that lies in them, archives and workbooks as what they
/// hold, in the order of their names.
///
/// Hidden files are passed over unless named directly; a folder is visited once, however many links lead to it. An
/// archive that cannot be opened, or holds nothing, stands for itself: reading it says why.
///
/// # Errors
/// A path that is not there or may not be read; more than [`limits::FILES`] files; nothing at all.
pub fn expand(paths: &[PathBuf]) -> Result<Vec<Input>> {
    let opener = Opener::default();
    let mut files = Vec::new();
    let mut visited = HashSet::new();
    for path in paths {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => visit(&opener, path, 0, &mut visited, &mut files)?,
            Ok(metadata) => files.push(opener.on_disk(path, metadata.len())),
            Err(_) => files.push(opener.input(path)?),
        }
    }
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.path().canonicalize().unwrap_or_else(|_| file.path().to_owned())));
    let mut inputs = Vec::with_capacity(files.len());
    for file in files {
        let inner = content_of(&file);
        if inner.is_empty() {
            inputs.push(file);
        } else {
            inputs.extend(inner);
        }
        if inputs.len() > limits::FILES {
            return Err(too_many_files());
        }
    }
    let mut seen = HashSet::new();
    inputs.retain(|input| seen.insert(input.path().to_owned()));
    if inputs.is_empty() {
        return Err(Error::file("there is no file to import").hint("name files, or folders that hold files"));
    }
    Ok(inputs)
}

fn too_many_files() -> Error {
    Error::input(format!("the folders hold more than {} files", limits::FILES)).hint("import them in parts")
}

/// What an archive or a workbook holds; nothing for other files and for what cannot be looked into.
fn content_of(file: &Input) -> Vec<Input> {
    if !file.is_archive().unwrap_or(false) {
        return Vec::new();
    }
    file.open_archive().map(|archive| content_of_archive(file.path(), &archive)).unwrap_or_default()
}

fn content_of_archive(path: &Path, archive: &Arc<Archive>) -> Vec<Input> {
    match archive.kind() {
        ArchiveKind::Workbook => {
            let names = container::worksheets(path, archive).unwrap_or_default();
            names.into_iter().map(|name| Input::worksheet(archive, path.join(&name), name)).collect()
        }
        // A text document is a file of its own, whatever it is made of.
        ArchiveKind::Document => Vec::new(),
        ArchiveKind::Files => {
            let visible = archive.members.iter().enumerate().filter(|(_, member)| !is_hidden(&member.name));
            let mut visible: Vec<_> = visible.map(|(number, member)| (&member.name, number)).collect();
            visible.sort();
            let mut inputs = Vec::with_capacity(visible.len());
            for (name, number) in visible {
                let member = Input::member(archive, path.join(name), number);
                let inner = content_of(&member);
                if inner.is_empty() {
                    inputs.push(member);
                } else {
                    inputs.extend(inner);
                }
            }
            inputs
        }
    }
}

fn visit(
    opener: &Opener,
    folder: &Path,
    depth: usize,
    visited: &mut HashSet<PathBuf>,
    files: &mut Vec<Input>,
) -> Result<()> {
    let canonical = folder.canonicalize().map_err(|error| unreadable(folder, error))?;
    if !visited.insert(canonical) {
        return Ok(());
    }
    if depth > limits::FOLDERS {
        return Err(Error::file(format!("{} lies more than {} folders deep", folder.display(), limits::FOLDERS))
            .hint("import the folder that holds the exports"));
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|error| unreadable(folder, error))?;
    entries.sort();
    for path in entries {
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        // A link that leads nowhere is nobody's export.
        let Ok(metadata) = std::fs::metadata(&path) else { continue };
        if metadata.is_dir() {
            visit(opener, &path, depth + 1, visited, files)?;
        } else if metadata.is_file() {
            if files.len() >= limits::FILES {
                return Err(too_many_files());
            }
            files.push(opener.on_disk(&path, metadata.len()));
        }
    }
    Ok(())
}

/// The files that lie in a folder itself, in the order of their names: none that is hidden or still being fetched.
///
/// # Errors
/// The folder is not there or may not be read.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    // Names under which browsers and tools keep what is not whole yet.
    const UNFINISHED: &[&str] = &["part", "partial", "crdownload", "download", "tmp", "temp"];
    let entries = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>())
        .map_err(|error| unreadable(folder, error))?;
    let mut found: Vec<PathBuf> = entries
        .into_iter()
        .filter(|path| path.is_file())
        .filter(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with(['.', '~'])))
        .filter(|path| {
            !path.extension().is_some_and(|end| UNFINISHED.iter().any(|word| end.eq_ignore_ascii_case(word)))
        })
        .collect();
    found.sort();
    Ok(found)
}
