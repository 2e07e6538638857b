use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use hearback_app::{Watch, store::is_held_elsewhere};
use hearback_domain::error::Result;
use hearback_wire::{Failure, ImportReport, import_report};

use super::now;
use crate::{
    arguments::{Cli, WatchArguments},
    interrupt, output, progress,
};

/// Looks at the folders until the program is stopped. Nothing that goes wrong with one file ends it. The workspace is open
/// only while something is imported, so that others may read and change it between two looks.
pub fn watch(cli: &Cli, arguments: &WatchArguments) -> Result<()> {
    // A workspace that cannot be changed is told of at the beginning.
    drop(cli.workspace()?);
    let began = Instant::now();
    let mut watches: Vec<Watch> = arguments.folders.iter().map(|folder| Watch::new(folder)).collect();
    // A folder that is not there when the program starts is a slip.
    for watch in &mut watches {
        watch.look(began.elapsed())?;
    }
    let mut waiting = Waiting::default();
    loop {
        for watch in &mut watches {
            match watch.look(began.elapsed()) {
                Ok(landed) => waiting.files.extend(landed.ready),
                Err(error) => say(cli, &watch.folder().display().to_string(), &Err(error))?,
            }
        }
        waiting.take_in(cli, arguments)?;
        if interrupt::comes_within(Duration::from_secs(arguments.every)) {
            return Ok(());
        }
    }
}

/// What landed and is not imported yet.
#[derive(Default)]
struct Waiting {
    files: Vec<PathBuf>,
    /// Another program holds the workspace, and that was said.
    said: bool,
}

impl Waiting {
    /// Imports it; where another program holds the workspace, the next look tries again.
    fn take_in(&mut self, cli: &Cli, arguments: &WatchArguments) -> Result<()> {
        if self.files.is_empty() {
            return Ok(());
        }
        let options = arguments.reading.options(now())?;
        let began = Instant::now();
        let names: Vec<String> = self.files.iter().map(|path| path.display().to_string()).collect();
        let imported = cli.workspace().and_then(|workspace| {
            let outcome = workspace.import_landed(&self.files, &options, &progress::job())?;
            import_report(&workspace, &outcome, began)
        });
        let held = imported.as_ref().is_err_and(is_held_elsewhere);
        if !held {
            self.files.clear();
        }
        if !std::mem::replace(&mut self.said, held) || !held {
            say(cli, &names.join(", "), &imported)?;
        }
        Ok(())
    }
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
