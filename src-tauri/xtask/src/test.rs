//! Does everything hold? The same steps for a person and for CI, each with a name, a time, and a next thing to do.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::Failure;
use crate::places::Places;
use crate::process;
use crate::purpose::Purpose;
use crate::setup;
use crate::ui;

/// One check. All of them build with the dev profile, so that each crate is compiled once.
struct Step {
    name: &'static str,
    what: &'static str,
    next: &'static str,
    /// Whether the step can do without what set-up brings.
    needs_nothing: bool,
    run: fn(&Places, &str) -> Result<(), Failure>,
}

/// The interface is built before the shell, which embeds it.
const STEPS: &[Step] = &[
    Step {
        needs_nothing: true,
        ..step("fmt", "Rust is formatted", "Run `cargo fmt --all`.", |places, next| {
            process::run(process::cargo(places).args(["fmt", "--all", "--check"]), next)
        })
    },
    step("ui-fmt", "the interface's sources are formatted", "Run `npm --prefix ui run format`.", |places, next| {
        ui::script(places, "format:check", next)
    }),
    step(
        "ui-lint",
        "the linter has nothing to say of the interface",
        "Mend it, or give the exception a reason: `eslint-disable-next-line RULE -- why`.",
        |places, next| ui::script(places, "lint", next),
    ),
    step(
        "ui-check",
        "the interface's types hold",
        "Mend the types; `npm --prefix ui run check` shows them again.",
        |places, next| ui::script(places, "check", next),
    ),
    step(
        "ui-test",
        "the interface's unit tests pass",
        "`npm --prefix ui test` runs them again; `cargo xtask fixtures` records what is asked for the first time.",
        |places, next| ui::script(places, "test", next),
    ),
    step("ui-build", "the interface builds", "`npm --prefix ui run build` shows it again.", |places, _| {
        ui::build(places)
    }),
    step(
        "clippy",
        "clippy has nothing to say",
        "Mend it, or give the exception a reason: `#[expect(.., reason = \"..\")]`.",
        clippy,
    ),
    step(
        "unit",
        "unit and integration tests pass, and the generated TypeScript is up to date",
        "Run the failing test alone: `cargo test -p PACKAGE NAME`.",
        unit_and_integration,
    ),
    step(
        "doc",
        "the examples in the documentation run",
        "Mend the example; `cargo test --doc -p PACKAGE` runs it again.",
        doc,
    ),
    step(
        "e2e",
        "the real window does what a user wants",
        "Run the failing test alone: `cargo test --test e2e NAME`.",
        end_to_end,
    ),
];

const fn step(
    name: &'static str,
    what: &'static str,
    next: &'static str,
    run: fn(&Places, &str) -> Result<(), Failure>,
) -> Step {
    Step { name, what, next, needs_nothing: false, run }
}

/// What `cargo xtask test` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Names of steps; all of them when empty.
    only: Vec<String>,
    list: bool,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let names = match argument.as_str() {
                "--list" => {
                    options.list = true;
                    continue;
                }
                "--only" => rest.next().ok_or("`--only` needs the name of a step")?,
                other => other.strip_prefix("--only=").ok_or_else(|| format!("`test` does not know {other}"))?,
            };
            options.only.extend(names.split(',').map(str::to_owned));
        }
        match options.only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
            Some(stranger) => Err(format!("There is no step `{stranger}`; `cargo xtask test --list` names them")),
            None => Ok(options),
        }
    }

    fn wants(&self, step: &Step) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == step.name)
    }
}

pub fn run(places: &Places, options: &Options) -> Result<(), Failure> {
    let chosen: Vec<&Step> = STEPS.iter().filter(|step| options.wants(step)).collect();
    if options.list {
        for step in chosen {
            println!("{:<9} {}", step.name, step.what);
        }
        return Ok(());
    }
    let mut times = Vec::new();
    let outcome = run_steps(places, &chosen, &mut times);
    print!("\n{}", summary(&times, outcome.is_ok()));
    outcome
}

fn run_steps<'a>(places: &Places, chosen: &[&'a Step], times: &mut Vec<(&'a str, Duration)>) -> Result<(), Failure> {
    if chosen.iter().any(|step| !step.needs_nothing) {
        let start = Instant::now();
        let outcome = setup::run(places, Purpose::Test);
        times.push(("setup", start.elapsed()));
        outcome?;
    }
    for step in chosen {
        println!("\n== {}: {}", step.name, step.what);
        let start = Instant::now();
        let outcome = (step.run)(places, step.next);
        times.push((step.name, start.elapsed()));
        outcome.map_err(|failure| Failure {
            what: format!("Step `{}` failed: {}", step.name, failure.what),
            next: format!("{} Then `cargo xtask test --only {}`.", failure.next, step.name),
        })?;
    }
    Ok(())
}

/// One line a step; when not all went well, the last one is where it ended.
fn summary(times: &[(&str, Duration)], all_passed: bool) -> String {
    let mut lines = String::new();
    for (index, (name, time)) in times.iter().enumerate() {
        let failed = !all_passed && index + 1 == times.len();
        lines += &format!("{name:<9} {:>7.1} s  {}\n", time.as_secs_f64(), if failed { "FAILED" } else { "ok" });
    }
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    lines + &format!("{:<9} {:>7.1} s\n", "in all", total.as_secs_f64())
}

fn clippy(places: &Places, next: &str) -> Result<(), Failure> {
    let mut cargo = process::cargo(places);
    process::run(cargo.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]), next)
}

fn unit_and_integration(places: &Places, next: &str) -> Result<(), Failure> {
    let mut cargo = process::cargo(places);
    cargo.args(["test", "--workspace", "--no-fail-fast", "--lib", "--bins"]);
    for name in integration_tests(places)? {
        cargo.args(["--test", &name]);
    }
    process::run(&mut cargo, next)
}

/// Every integration test of the workspace but the end-to-end one, which is a step of its own.
fn integration_tests(places: &Places) -> Result<Vec<String>, Failure> {
    let next = "Mend what cargo says of the manifests.";
    let mut cargo = process::cargo(places);
    let printed = process::capture(cargo.args(["metadata", "--no-deps", "--format-version", "1"]), next)?;
    let metadata: Value = serde_json::from_str(&printed)
        .map_err(|error| Failure::new(format!("`cargo metadata` printed something else: {error}."), next))?;
    Ok(test_targets(&metadata))
}

fn test_targets(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let tests = targets.filter(|target| target["kind"][0] == "test");
    let mut names: Vec<String> = tests.filter_map(|target| target["name"].as_str()).map(str::to_owned).collect();
    names.retain(|name| name != "e2e");
    names.sort();
    names.dedup();
    names
}

/// A documentation test is linked by rustdoc, which does not see the build scripts' link arguments.
fn doc(places: &Places, next: &str) -> Result<(), Failure> {
    let mut cargo = process::cargo(places);
    cargo.args(["test", "--workspace", "--doc"]);
    if cfg!(target_os = "linux") {
        cargo.env("LD_LIBRARY_PATH", places.native());
    }
    process::run(&mut cargo, next)
}

fn end_to_end(places: &Places, next: &str) -> Result<(), Failure> {
    if !cfg!(target_os = "linux") {
        println!("skipped: the end-to-end tests drive WebKitGTK, which only Linux has"); // not run here
        return Ok(());
    }
    let mut cargo: Command = process::cargo(places);
    // With `--workspace`, so that every dependency has the features it was already built with.
    // Pictures of every station are kept, unless somebody wants them elsewhere.
    if std::env::var_os("HEARBACK_SHOTS").is_none() {
        let shots = places.target.join("e2e");
        println!("test: pictures of the window go to {}", shots.display());
        cargo.env("HEARBACK_SHOTS", shots);
    }
    process::run(cargo.args(["test", "--workspace", "--test", "e2e"]), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_name_and_strangers_are_named() {
        let parse = |text: &str| Options::parse(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let options = parse("--only fmt,e2e").unwrap();
        let chosen: Vec<_> = STEPS.iter().filter(|step| options.wants(step)).map(|step| step.name).collect();
        assert_eq!(chosen, ["fmt", "e2e"]);
        assert!(parse("").unwrap().wants(&STEPS[0]));
        assert!(parse("--list").unwrap().list);
        assert!(parse("--only nothing").unwrap_err().contains("`nothing`"));
        assert!(parse("--only").unwrap_err().contains("needs the name"));
    }

    #[test]
    fn every_integration_test_but_the_end_to_end_one_is_run() {
        let metadata = serde_json::json!({"packages": [
            {"targets": [{"kind": ["lib"], "name": "x"}, {"kind": ["test"], "name": "it"}, {"kind": ["test"], "name": "e2e"}]},
            {"targets": [{"kind": ["test"], "name": "bindings"}]},
        ]});
        assert_eq!(test_targets(&metadata), ["bindings", "it"]);
    }

    #[test]
    fn the_summary_marks_where_it_ended() {
        let times = [("fmt", Duration::from_millis(300)), ("clippy", Duration::from_secs(61))];
        assert_eq!(
            summary(&times, false),
            "fmt           0.3 s  ok\nclippy       61.0 s  FAILED\nin all       61.3 s\n"
        );
        assert!(!summary(&times, true).contains("FAILED"));
    }

    #[test]
    fn a_failing_step_says_its_name_and_the_next_thing_to_do() {
        let places = Places { root: ".".into(), cache: ".".into(), target: ".".into() };
        let failing = Step {
            needs_nothing: true,
            ..step("clippy", "", "Mend it.", |_, next| Err(Failure::new("It broke.", next)))
        };
        let mut times = Vec::new();
        let failure = run_steps(&places, &[&failing], &mut times).unwrap_err();
        assert_eq!(failure.what, "Step `clippy` failed: It broke.");
        assert_eq!(failure.next, "Mend it. Then `cargo xtask test --only clippy`.");
        assert_eq!(times.len(), 1);
    }
}
