use std::time::Instant;

use hearback_engine::{error::Result, ingest::Mapping, pipeline::ImportOptions};
use hearback_wire::{ImportCounts, ImportReport};

use super::now;
use crate::{
    arguments::{Cli, ImportArguments},
    output::{self, Table},
    progress,
};

pub fn import(cli: &Cli, arguments: &ImportArguments) -> Result<()> {
    let mapping = arguments.map.as_deref().map(Mapping::parse).transpose()?;
    let options = ImportOptions { format: arguments.format.clone(), mapping, ..ImportOptions::new(now()) };
    let began = Instant::now();
    let is_new = !cli.workspace.exists();
    let outcome = cli.project()?.import(&arguments.paths, &options, &progress::job());
    if outcome.is_err() && is_new {
        // A workspace that holds nothing would only be in the way of the next try; it is closed by now.
        let mut log = cli.workspace.clone().into_os_string();
        log.push(".wal");
        for file in [cli.workspace.as_os_str(), &log] {
            let _ = std::fs::remove_file(file);
        }
    }
    let outcome = outcome?;
    let report = ImportReport::new(&outcome, began.elapsed().as_secs_f64());
    if cli.json {
        return output::json(&report);
    }
    let mut table = Table::new(&[
        "source",
        "format",
        "read",
        "kept",
        "updated",
        "rejected",
        "sessions",
        "turns",
        "feedback",
        "to a turn",
        "to a session",
    ]);
    let mut row = |name: &str, format: &str, counts: &ImportCounts| {
        let numbers = [
            counts.read,
            counts.kept,
            counts.updated,
            counts.rejected,
            counts.sessions,
            counts.turns,
            counts.feedback,
            counts.joined_turn,
            counts.joined_session,
        ];
        table.row([name.to_owned(), format.to_owned()].into_iter().chain(numbers.map(|number| number.to_string())));
    };
    for source in &report.sources {
        row(&source.name, &source.format, &source.counts);
    }
    if report.sources.len() > 1 {
        row("in sum", "", &report.total);
    }
    if !report.sources.is_empty() {
        table.print();
    }
    for path in &report.unchanged {
        output::line(&format!("{path}: in the workspace already, left alone"));
    }
    for file in &report.skipped {
        output::line(&format!("{}: skipped: {}", file.path, file.reason));
    }
    if report.total.rejected > 0 {
        output::line(&format!("{} records were not kept: hearback-cli rejects says why", report.total.rejected));
    }
    Ok(())
}
