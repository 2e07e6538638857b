//! Where is the material that some tests need and that lies beside the repository, not in it?
//!
//! Most machines do not have it. A test without its material passes, but never silently: it prints a line, and where
//! `HEARBACK_REQUIRE_SHARED` is set it fails. Included by every crate whose tests look for such material.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// `HEARBACK_SHARED`, else the folder `shared` beside the repository.
fn base() -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let root = above.into_iter().find(|folder| folder.join("tauri.conf.json").is_file());
    let beside = || root.unwrap_or(Path::new(".")).join("../shared");
    std::env::var_os("HEARBACK_SHARED").map_or_else(beside, PathBuf::from)
}

/// A file or folder of the material; `None`, which the output says, where it is not there.
///
/// # Panics
/// Where it is not there although `HEARBACK_REQUIRE_SHARED` is set.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = base().join(name);
    if path.exists() {
        return Some(path);
    }
    missing(&format!("there is no {}", path.display()));
    None
}

/// Says that a test did not run for want of what it needs from outside of the repository.
///
/// # Panics
/// Where `HEARBACK_REQUIRE_SHARED` is set.
pub fn missing(what: &str) {
    assert!(
        std::env::var_os("HEARBACK_REQUIRE_SHARED").is_none(),
        "{what}, and HEARBACK_REQUIRE_SHARED is set: unset it, or name the material's folder with HEARBACK_SHARED"
    );
    skipped(what);
}

/// Says that a test did not run, past the harness, which keeps back what a test that passes prints.
pub fn skipped(why: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    // Nobody is harmed where nobody reads it.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}
