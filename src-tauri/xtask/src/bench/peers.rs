//! Against whom? ONNX Runtime and DuckDB as their makers ship them for Python, in an environment of their own in the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::digest;
use crate::failure::Failure;
use crate::places::Places;
use crate::process::{self, Measured};
use crate::tools;

/// The same versions as the ones Hearback uses.
const REQUIREMENTS: [&str; 4] = ["onnxruntime==1.31.1", "duckdb==1.5.6", "tokenizers==0.23.3", "numpy==2.4.6"];

/// The newest fastembed when this was measured, on the same ONNX Runtime.
const FASTEMBED: [&str; 4] = ["fastembed==0.9.1", "onnxruntime==1.31.1", "tokenizers==0.23.3", "numpy==2.4.6"];

/// What umap-learn needs, in the versions it was measured with.
const UMAP: [&str; 5] =
    ["umap-learn==0.5.12", "pynndescent==0.7.0", "scikit-learn==1.9.1", "numba==0.68.1", "numpy==2.4.6"];

/// `MODEL_FOLDER TEXTS THREADS`; prints texts per second.
pub const EMBED: &str = include_str!("peers/embed.py");
/// The same.
pub const EMBED_FASTEMBED: &str = include_str!("peers/embed_fastembed.py");
/// `WORKSPACE`; prints milliseconds.
pub const COSINE: &str = include_str!("peers/cosine.py");
/// `FILE DATABASE`; prints seconds.
pub const READ_RECORDS: &str = include_str!("peers/read_records.py");
/// `FOLDER`; prints seconds.
pub const MAP: &str = include_str!("peers/map.py");

/// The Python with the peers; made on first use.
pub fn python(places: &Places) -> Result<PathBuf, Failure> {
    environment(places, &REQUIREMENTS, &[])
}

/// The Python with fastembed; made on first use.
pub fn python_with_fastembed(places: &Places) -> Result<PathBuf, Failure> {
    environment(places, &FASTEMBED, &[])
}

/// The Python with umap-learn; made on first use.
pub fn python_with_umap(places: &Places) -> Result<PathBuf, Failure> {
    environment(places, &UMAP, &[])
}

/// A Python with these packages; `alone` come without what they need themselves.
pub fn environment(places: &Places, requirements: &[&str], alone: &[&str]) -> Result<PathBuf, Failure> {
    let name = format!("peers-{}", &digest::of_bytes([requirements, alone].concat().join(" ").as_bytes())[..12]);
    let folder = places.cache.join(name);
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let done = folder.join(".installed");
    if done.exists() {
        return Ok(python);
    }
    eprintln!("bench: installing the peers into {}", folder.display());
    let next = "Check the network (or pip's settings; Debian/Ubuntu: `apt install python3-venv`), then run the same command again.";
    process::capture(tools::python()?.args(["-m", "venv", "--clear"]).arg(&folder), next)?;
    for (options, packages) in [(&[][..], requirements), (&["--no-deps"][..], alone)] {
        if packages.is_empty() {
            continue;
        }
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "60"]);
        process::capture(pip.args(options).args(packages), next)?;
    }
    fs::write(&done, "").map_err(|error| Failure::file("write", &done, &error))?;
    Ok(python)
}

/// Runs a peer, which prints one number.
pub fn value(python: &Path, script: &str, arguments: &[&str]) -> Result<f64, Failure> {
    watched(python, script, arguments).map(|(value, _)| value)
}

/// The same, with what it took.
pub fn watched(python: &Path, script: &str, arguments: &[&str]) -> Result<(f64, Measured), Failure> {
    let next = "See src-tauri/xtask/src/bench/peers.";
    let measured = process::measure(Command::new(python).args(["-c", script]).args(arguments), next)?;
    let printed = measured.stdout.trim();
    let number = printed.lines().last().and_then(|line| line.parse().ok());
    let wrong = || Failure::new(format!("The peer printed `{printed}` instead of a number."), next);
    Ok((number.ok_or_else(wrong)?, measured))
}
