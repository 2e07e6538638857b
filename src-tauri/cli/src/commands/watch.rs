use std::time::{Duration, Instant};

use hearback_engine::{
    error::Result,
    pipeline::{Project, Watch},
};
use hearback_wire::{Failure, ImportReport};

use super::{import::report, now};
use crate::{
    arguments::{Cli, WatchArguments},
    output, progress,
};

/// Looks at the folders until the program is stopped. Nothing that goes wrong with one file ends it.
pub fn watch(cli: &Cli, arguments: &WatchArguments) -> Result<()> {
    let project = cli.project()?;
    let began = Instant::now();
    let mut watches: Vec<Watch> = arguments.folders.iter().map(|folder| Watch::new(folder)).collect();
    // A folder that is not there when the program starts is a slip.
    for watch in &mut watches {
        watch.look(began.elapsed())?;
    }
    loop {
        for watch in &mut watches {
            match watch.look(began.elapsed()) {
                Ok(landed) if landed.ready.is_empty() => {}
                Ok(landed) => take_in(cli, &project, arguments, &landed.ready)?,
                Err(error) => say(cli, &watch.folder().display().to_string(), &Err(error))?,
            }
        }
        std::thread::sleep(Duration::from_secs(arguments.every));
    }
}

fn take_in(cli: &Cli, project: &Project, arguments: &WatchArguments, files: &[std::path::PathBuf]) -> Result<()> {
    let options = arguments.reading.options(now())?;
    let began = Instant::now();
    let outcome = project.import_landed(files, &options, &progress::job());
    let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let report = outcome.and_then(|outcome| report(project, &outcome, began));
    say(cli, &names.join(", "), &report)
}

/// One line a landing; with `--json`, one JSON document a line.
fn say(cli: &Cli, what: &str, report: &Result<ImportReport>) -> Result<()> {
    match report {
        Ok(report) if cli.json => output::line(&serde_json::json!({ "landed": what, "report": report }).to_string()),
        Err(error) if cli.json => {
            output::line(&serde_json::json!({ "landed": what, "failure": Failure::from(error) }).to_string());
        }
        Ok(report) => output::line(&format!(
            "{what}: {} feedback, {} turns, {} sessions; {} records rejected; {} files left alone",
            report.total.feedback,
            report.total.turns,
            report.total.sessions,
            report.total.rejected,
            report.unchanged.len() + report.skipped.len()
        )),
        Err(error) => output::line(&format!("{what}: {error}")),
    }
    Ok(())
}
