//! On what is it measured? Real data from the shared folder where it is there, else the sample.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::failure::Failure;
use crate::places::Places;
use crate::process;
use crate::sample::Sample;
use crate::tools;

use super::Bench;

/// A place for a workspace that goes when the benchmark is done.
pub struct NewWorkspace {
    folder: PathBuf,
    pub file: PathBuf,
}

pub fn new_workspace(places: &Places) -> Result<NewWorkspace, Failure> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!(".partial-bench-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = places.cache.join(name);
    create(&folder)?;
    Ok(NewWorkspace { file: folder.join("bench.hearback"), folder })
}

impl Drop for NewWorkspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder); // nothing looks for it
    }
}

/// The USS dialogues as a Langfuse export, made once by the shared folder's own program; `None` without that folder.
pub fn langfuse_export(places: &Places) -> Result<Option<PathBuf>, Failure> {
    let Some(shared) = places.shared() else {
        eprintln!("bench: no shared data folder: the Langfuse export is skipped");
        return Ok(None);
    };
    let folder = places.cache.join("bench-uss-langfuse");
    if !folder.exists() {
        let temporary = places.cache.join(format!(".partial-uss-{}", std::process::id()));
        create(&temporary)?;
        let mut python = tools::python()?;
        python.arg(shared.join("tools/real_exports.py")).arg("uss").arg(&temporary);
        python.args(["MWOZ.txt", "SGD.txt"].map(|name| shared.join("data/uss").join(name)));
        process::capture(&mut python, "See the shared folder's README.")?;
        fs::rename(&temporary, &folder).map_err(|error| Failure::file("write", &folder, &error))?;
    }
    Ok(Some(folder))
}

/// The sample's canonical JSONL: the largest `.jsonl` whose name says so, else the largest.
pub fn canonical_file(sample: &Sample) -> Result<PathBuf, Failure> {
    let mut files = Vec::new();
    collect(&sample.exports, &mut files)?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "jsonl"));
    let rank = |file: &PathBuf| {
        let named = file.to_string_lossy().contains("canonical");
        (named, fs::metadata(file).map_or(0, |metadata| metadata.len()))
    };
    files.into_iter().max_by_key(rank).ok_or_else(|| {
        Failure::new(
            format!("There is no .jsonl file in {}.", sample.exports.display()),
            "Remove that folder and run again.",
        )
    })
}

/// A JSON array of `count` texts: bank customers' questions (banking77) where they are there, else texts of the sample.
pub fn texts(bench: &Bench<'_>, count: usize) -> Result<PathBuf, Failure> {
    let shared = bench.places.shared().map(|folder| folder.join("data/banking77"));
    let mut files: Vec<PathBuf> = Vec::new();
    if let Some(folder) = shared.filter(|folder| folder.is_dir()) {
        files.extend(["train.csv", "test.csv"].map(|name| folder.join(name)));
    } else {
        eprintln!("bench: no shared data folder: texts come from the sample");
        files.push(canonical_file(&bench.sample)?);
    }
    create(&bench.places.cache)?;
    let file = bench.places.cache.join(format!("bench-texts-{count}.json"));
    let mut python = tools::python()?;
    python.args(["-c", include_str!("peers/texts.py"), &count.to_string()]).arg(&file).args(files);
    process::capture(&mut python, "See src-tauri/xtask/src/bench/peers/texts.py.")?;
    Ok(file)
}

fn create(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::file("create", folder, &error))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(|error| Failure::file("read", folder, &error))?.flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
