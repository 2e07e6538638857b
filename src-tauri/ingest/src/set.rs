//! Which files belong together, and in which order are they read?

use std::path::{Path, PathBuf};

use crate::{
    ReadOptions, Recognised,
    error::{Error, Result},
    files, recognise,
};

/// A set of files, each recognised or not.
#[derive(Debug, Default)]
pub struct RecognisedSet {
    /// In the order in which they are best read.
    pub files: Vec<(PathBuf, Recognised)>,
    /// What is no export, in the order given: a folder may hold other things, too.
    pub unknown: Vec<(PathBuf, Error)>,
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
        .map_err(|error| files::unreadable(folder, error))?;
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

/// Recognises every file of a set.
pub fn recognise_all(paths: &[PathBuf], options: &ReadOptions) -> RecognisedSet {
    let mut set = RecognisedSet::default();
    for path in paths {
        match recognise(path, options) {
            Ok(recognised) => set.files.push((path.clone(), recognised)),
            Err(error) => set.unknown.push((path.clone(), error)),
        }
    }
    set.files.sort_by_key(|(_, recognised)| recognised.order());
    set
}
