//! Where do things lie: the repository, the user's cache, cargo's output?

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folders that every command works in.
#[derive(Debug, Clone)]
pub struct Places {
    /// The repository: `Cargo.toml`, `src-tauri`, `ui`, `assets`.
    pub root: PathBuf,
    /// What is fetched or made once per user: downloads by digest, the sample workspace, the peers of the benchmarks.
    pub cache: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
}

impl Places {
    pub fn find() -> Result<Self, Failure> {
        // Asked at run time first: with a shared target folder this program may have been built from another checkout.
        let package =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = package.ancestors().find(|folder| folder.join("tauri.conf.json").exists()).ok_or_else(|| {
            Failure::new(
                format!("{} does not lie in a checkout of Hearback.", package.display()),
                "Run `cargo xtask` from inside the repository.",
            )
        })?;
        let cache = cache_folder(&|name| env::var_os(name).map(PathBuf::from)).ok_or_else(|| {
            Failure::new(
                "There is no home folder to keep downloads in.",
                "Set HEARBACK_CACHE to a folder that may be written.",
            )
        })?;
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        Ok(Self { root: root.to_path_buf(), cache: root.join(cache), target: root.join(target) })
    }

    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    pub fn native(&self) -> PathBuf {
        self.root.join("assets/native")
    }

    pub fn model(&self) -> PathBuf {
        self.root.join("assets/models/all-MiniLM-L6-v2")
    }

    /// A program built from this workspace; `profile` is cargo's folder name, `debug` or `release`.
    pub fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The public test data that may lie beside the repository; benchmarks use it where it is.
    pub fn shared(&self) -> Option<PathBuf> {
        let named = env::var_os("HEARBACK_SHARED").map(PathBuf::from);
        let beside = self.root.parent().map(|parent| parent.join("shared"));
        [named, beside].into_iter().flatten().find(|folder| folder.join("data").is_dir())
    }
}

/// The system's place for caches, as its conventions have it (XDG Base Directory Specification on Linux).
fn cache_folder(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let given = |name: &str| variable(name).filter(|value| !value.as_os_str().is_empty());
    if let Some(folder) = given("HEARBACK_CACHE") {
        return Some(folder);
    }
    if cfg!(windows) {
        return given("LOCALAPPDATA").map(|folder| folder.join("hearback").join("cache")); // not run here
    }
    if let Some(folder) = given("XDG_CACHE_HOME").filter(|folder| folder.is_absolute()) {
        return Some(folder.join("hearback"));
    }
    let below_home = if cfg!(target_os = "macos") { "Library/Caches/hearback" } else { ".cache/hearback" };
    given("HOME").map(|home| home.join(below_home))
}

/// `path` as people read it: below the repository without the repository's own path.
pub fn short(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_folder_follows_the_variables_in_order() {
        let with = |pairs: &'static [(&'static str, &'static str)]| {
            cache_folder(&|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value)))
        };
        assert_eq!(with(&[("HEARBACK_CACHE", "/here"), ("HOME", "/home/a")]), Some("/here".into()));
        if cfg!(target_os = "linux") {
            assert_eq!(with(&[("XDG_CACHE_HOME", "/x"), ("HOME", "/home/a")]), Some("/x/hearback".into()));
            assert_eq!(with(&[("XDG_CACHE_HOME", "relative"), ("HOME", "/h")]), Some("/h/.cache/hearback".into()));
            assert_eq!(with(&[("XDG_CACHE_HOME", ""), ("HOME", "/h")]), Some("/h/.cache/hearback".into()));
        }
        assert_eq!(with(&[]), None);
    }
}
