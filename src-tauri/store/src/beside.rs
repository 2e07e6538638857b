//! What lies beside a workspace's file, and under which names?

use std::path::{Path, PathBuf};

/// The log that DuckDB keeps beside its file until its next checkpoint.
pub(super) fn log_of(path: &Path) -> PathBuf {
    beside(path, ".wal")
}

/// The folder where DuckDB puts aside what does not fit into memory: its own choice where it may change the file.
pub(super) fn scratch_of(path: &Path, reader: Option<u32>) -> PathBuf {
    beside(path, &reader.map_or_else(|| ".tmp".to_owned(), |process| format!(".tmp-{process}")))
}

pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
