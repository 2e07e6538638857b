//! A place of its own for each test, and the program in it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

/// A folder that is HOME, working directory and all; it goes away with the value.
pub struct Place {
    pub folder: tempfile::TempDir,
}

/// What one run of the program came to.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with these arguments, not started yet. `--workspace` is `w.hearback` in the place.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hearback-cli"));
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("HEARBACK_ASSETS", assets())
            // The program has to say so itself.
            .env_remove("ORT_DISABLE_TELEMETRY")
            .args(["--workspace", "w.hearback"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// Runs what has to succeed; gives what it printed.
    pub fn done(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        ran.stdout
    }

    /// The same with `--json`.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let printed = self.done(&[arguments, &["--json"]].concat());
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {printed}"))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Model and libraries of the checkout, or those that `HEARBACK_ASSETS` names.
pub fn assets() -> PathBuf {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    std::env::var_os("HEARBACK_ASSETS").map_or(checkout, PathBuf::from)
}

pub const SESSIONS: &str = "300";

/// A place with an imported and analysed sample; made once, copied for each test, since a workspace is open once.
pub fn analysed() -> Place {
    static WORKSPACE: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = WORKSPACE.get_or_init(|| {
        let place = Place::new();
        place.done(&["sample", "--sessions", SESSIONS, "--seed", "7", "--out", "exports"]);
        place.done(&["import", "exports"]);
        place.done(&["analyze"]);
        std::fs::read(place.path("w.hearback")).unwrap()
    });
    let place = Place::new();
    std::fs::write(place.path("w.hearback"), bytes).unwrap();
    place
}
