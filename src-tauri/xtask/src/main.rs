//! One command from a bare machine to an open window: what has to be fetched, built, checked and measured, and in which order?
//!
//! Invariant: this program depends on `serde_json` and `sha2` only, and on none of Hearback's crates, so that it builds in
//! seconds, before there is a libduckdb to link.

mod artifacts;
mod bench;
mod bundle;
mod digest;
mod disk;
mod failure;
mod fixtures;
mod onnx;
mod pins;
mod places;
mod process;
mod purpose;
mod run;
mod sample;
mod setup;
mod system_packages;
mod test;
mod tools;
mod ui;

use std::process::ExitCode;

use failure::Failure;
use places::Places;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  setup                              fetch and check all that Hearback needs to be built and tested
  run [--workspace FILE] [--release] set up, build, and open the window (on the sample workspace, unless FILE is given)
  test [--only STEP[,STEP]] [--list] set up, then run every check; the same as CI
  types                              write ui/src/wire/index.ts and ui/src/host/commands.ts from the crate hearback-wire
  fixtures [TEST...]                 record the engine's answers that the interface's tests run on (of these test files, what is new)
  bench [NAME...] [--big]            measure the release build, beside its peers
  bundle [ARGUMENT...]               make installers; arguments go to `tauri build`

What is fetched is kept in the user's cache folder, or in $HEARBACK_CACHE.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((command, rest)) => dispatch(command, rest),
        None => Ok(Outcome::WrongUse(String::new())),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Help) => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        Ok(Outcome::WrongUse(message)) => {
            if !message.is_empty() {
                eprintln!("{message}\n");
            }
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

/// What a command came to, short of a failure.
enum Outcome {
    Done,
    Help,
    /// The arguments make no sense; the sentence says which.
    WrongUse(String),
}

fn dispatch(command: &str, arguments: &[String]) -> Result<Outcome, Failure> {
    if matches!(command, "help" | "--help" | "-h") || arguments.iter().any(|a| a == "--help") {
        return Ok(Outcome::Help);
    }
    let places = Places::find()?;
    let done = match command {
        "setup" if arguments.is_empty() => {
            setup::run(&places, purpose::Purpose::Test)?;
            println!("setup: everything is in place");
            Ok(())
        }
        "setup" => Err(format!("`setup` takes no arguments, and was given {}", arguments.join(" "))),
        "run" => match run::Options::parse(arguments) {
            Ok(options) => return run::run(&places, &options).map(|()| Outcome::Done),
            Err(message) => Err(message),
        },
        "test" => match test::Options::parse(arguments) {
            Ok(options) => return test::run(&places, &options).map(|()| Outcome::Done),
            Err(message) => Err(message),
        },
        "types" => {
            let mut cargo = process::cargo(&places);
            cargo.args(["test", "--quiet", "--package", "hearback-wire", "--lib"]).env("UPDATE_TYPES", "1");
            return process::run(&mut cargo, "Mend what it says, then run it again.").map(|()| Outcome::Done);
        }
        "fixtures" => return fixtures::run(&places, arguments).map(|()| Outcome::Done),
        "bench" => match bench::Options::parse(arguments) {
            Ok(options) => return bench::run(&places, &options).map(|()| Outcome::Done),
            Err(message) => Err(message),
        },
        "bundle" => return bundle::run(&places, arguments).map(|()| Outcome::Done),
        other => Err(format!("There is no command `{other}`")),
    };
    Ok(match done {
        Ok(()) => Outcome::Done,
        Err(message) => Outcome::WrongUse(message),
    })
}
