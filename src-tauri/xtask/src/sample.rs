//! Which workspace does a newcomer see first? The synthetic one, made once per user through Hearback's own command line.
//! Every call of the command line that set-up makes stands here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::places::Places;
use crate::process;

const SESSIONS: &str = "2000";
const SEED: &str = "7";
/// To be raised when the sample should be made anew: other texts, another schema.
const EDITION: &str = "1";

/// The sample: its exports as a team would have them, and the workspace they were imported into.
#[derive(Debug, Clone)]
pub struct Sample {
    pub exports: PathBuf,
    pub workspace: PathBuf,
}

/// Makes the sample where it is not there yet, with the command-line program of `profile`.
pub fn ensure(places: &Places, profile: &str) -> Result<Sample, Failure> {
    let folder = places.cache.join(format!("sample-{SESSIONS}-{SEED}-edition-{EDITION}"));
    let made = |folder: &Path| Sample { exports: folder.join("exports"), workspace: folder.join("sample.hearback") };
    if folder.exists() {
        return Ok(made(&folder));
    }
    println!("run: making the sample workspace (once)");
    let temporary = places.cache.join(format!(".partial-sample-{}", std::process::id()));
    let _ = fs::remove_dir_all(&temporary); // what a killed run with the same id left, if any
    fs::create_dir_all(&temporary).map_err(|error| Failure::file("create", &temporary, &error))?;
    let outcome = fill(&made(&temporary), &|| {
        let mut program = Command::new(places.program(profile, "hearback-cli"));
        program.current_dir(&places.root);
        program
    });
    let outcome =
        outcome.and_then(|()| fs::rename(&temporary, &folder).map_err(|error| Failure::file("write", &folder, &error)));
    if outcome.is_err() {
        let _ = fs::remove_dir_all(&temporary); // the first error is the one to tell
    }
    outcome.map(|()| made(&folder))
}

fn fill(sample: &Sample, program: &dyn Fn() -> Command) -> Result<(), Failure> {
    let next = "Run that command by hand to see more, then run this one again.";
    let mut write = program();
    write.args(["sample", "--sessions", SESSIONS, "--seed", SEED, "--out"]).arg(&sample.exports);
    process::run(&mut write, next)?;

    let mut import = program();
    import.arg("--workspace").arg(&sample.workspace).arg("import");
    process::run(import.args(exports(&sample.exports)?), next)?;

    let mut analyze = program();
    process::run(analyze.arg("--workspace").arg(&sample.workspace).arg("analyze"), next)
}

/// What is to be imported: every file and folder of the sample but the list of what was planted in it.
pub fn exports(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::file("read", folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| !path.ends_with("planted.json") && path.extension().is_none_or(|ending| ending != "md"));
    paths.sort();
    Ok(paths)
}
