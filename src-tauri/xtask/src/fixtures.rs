//! What is the interface looked at and tested with? Answers of the real engine: workspaces are made with the command line, and
//! `ui/fixtures/record.mjs` runs the interface's tests on them and writes what they were answered.

use crate::failure::Failure;
use crate::places::Places;
use crate::process;
use crate::purpose::Purpose;
use crate::setup;

/// Records everything anew; with names of test files, only what these ask and nobody has recorded.
pub fn run(places: &Places, tests: &[String]) -> Result<(), Failure> {
    setup::run(places, Purpose::Test)?;
    let mut cargo = process::cargo(places);
    cargo.args(["build", "--package", "hearback-cli"]);
    process::run(&mut cargo, "Mend what the compiler says, then run the same command again.")?;
    let mut npm = process::node_tool("npm", &places.ui());
    npm.args(["run", "--silent", "fixtures", "--"]).args(tests);
    npm.env("HEARBACK_CLI", places.program("debug", "hearback-cli"));
    process::run(
        &mut npm,
        "Mend the tests that fail, then run the same command again; `git diff --stat ui/fixtures` shows what changed.",
    )
}
