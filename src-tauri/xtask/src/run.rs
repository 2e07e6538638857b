//! How does one see the application? Set up, build what has changed, open the window.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Failure;
use crate::places::Places;
use crate::process;
use crate::purpose::Purpose;
use crate::sample;
use crate::setup;
use crate::ui;

/// What `cargo xtask run` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// As given, relative to where the command was typed; without one, the sample is opened.
    workspace: Option<PathBuf>,
    release: bool,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--release" => options.release = true,
                "--workspace" => {
                    options.workspace = Some(rest.next().ok_or("`--workspace` needs a file")?.into());
                }
                other => match other.strip_prefix("--workspace=") {
                    Some(file) => options.workspace = Some(file.into()),
                    None => return Err(format!("`run` does not know {other}")),
                },
            }
        }
        Ok(options)
    }
}

pub fn run(places: &Places, options: &Options) -> Result<(), Failure> {
    setup::run(places, Purpose::Build)?;
    ui::build(places)?;
    let profile = build(places, options.release)?;
    let workspace = match &options.workspace {
        Some(file) => std::path::absolute(file).map_err(|error| Failure::file("find", file, &error))?,
        None => sample::ensure(places, profile)?.workspace,
    };
    println!("run: opening {}", workspace.display());
    let mut window = Command::new(places.program(profile, "hearback"));
    process::run(window.arg("--workspace").arg(workspace), "Read what the window's program printed above.")
}

/// Builds the window and the command line; returns cargo's folder for them.
fn build(places: &Places, release: bool) -> Result<&'static str, Failure> {
    let mut cargo = process::cargo(places);
    // Without xtask, which is running and, on some systems, cannot be overwritten.
    cargo.args(["build", "--workspace", "--exclude", "xtask", "--bins"]);
    if release {
        cargo.arg("--release");
    }
    process::run(&mut cargo, "Mend what the compiler says, then run the same command again.")?;
    Ok(if release { "release" } else { "debug" })
}

/// Builds as the benchmarks and the user's own copy are built.
pub fn build_release(places: &Places) -> Result<&'static str, Failure> {
    build(places, true)
}

/// Only the command line, for benchmarks without a window.
pub fn build_command_line(places: &Places) -> Result<&'static str, Failure> {
    let mut cargo = process::cargo(places);
    cargo.args(["build", "--package", "hearback-cli", "--release"]);
    process::run(&mut cargo, "Mend what the compiler says, then run the same command again.")?;
    Ok("release")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_and_strangers_are_named() {
        let parse = |text: &str| Options::parse(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let file = || Some(PathBuf::from("a.hearback"));
        assert_eq!(parse("--workspace a.hearback"), Ok(Options { workspace: file(), release: false }));
        assert_eq!(parse("--release --workspace=a.hearback"), Ok(Options { workspace: file(), release: true }));
        assert!(parse("--workspace").unwrap_err().contains("needs a file"));
        assert!(parse("--fast").unwrap_err().contains("--fast"));
    }
}
