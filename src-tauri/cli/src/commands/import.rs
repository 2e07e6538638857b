use std::time::Instant;

use hearback_app::{ImportOutcome, PreviewFile, Workspace};
use hearback_domain::error::Result;
use hearback_wire::{ImportCounts, ImportReport, Preview, import_report};
use serde::Serialize;

use super::now;
use crate::{
    arguments::{Cli, ImportArguments, RereadArguments},
    next_step,
    output::{self, Table, short},
    progress,
};

pub fn import(cli: &Cli, arguments: &ImportArguments) -> Result<()> {
    let options = arguments.reading.options(now())?;
    let began = Instant::now();
    let is_new = !cli.workspace.exists();
    if arguments.dry_run {
        let workspace = if is_new { cli.nowhere()? } else { cli.workspace()? };
        let files = workspace.preview(&arguments.paths, &options, &progress::job())?;
        let outcome = workspace.rehearse(&arguments.paths, &options, &progress::job())?;
        let report = ImportReport::new(&outcome, began.elapsed().as_secs_f64());
        if cli.json {
            return output::json(&DryRun { preview: Preview::new(files), report });
        }
        files.iter().for_each(show);
        output::line("Would be imported:");
        print(&report);
        return Ok(());
    }
    let workspace = cli.workspace()?;
    let outcome = workspace.import(&arguments.paths, &options, &progress::job());
    if is_new && let Err(error) = outcome {
        drop(workspace);
        // A workspace that holds nothing would only be in the way of the next try.
        let log = Workspace::log_beside(&cli.workspace).map(|(log, _)| log);
        for file in log.into_iter().chain([cli.workspace.clone()]) {
            let _ = std::fs::remove_file(file);
        }
        return Err(error);
    }
    answer(cli, &workspace, &outcome?, began)
}

pub fn reread(cli: &Cli, arguments: &RereadArguments) -> Result<()> {
    let began = Instant::now();
    let options = arguments.reading.options(now())?;
    let workspace = cli.changing()?;
    let outcome = workspace.reread(arguments.source, &options, &progress::job())?;
    answer(cli, &workspace, &outcome, began)
}

/// What `--dry-run` answers.
#[derive(Serialize)]
struct DryRun {
    preview: Preview,
    report: ImportReport,
}

fn answer(cli: &Cli, workspace: &Workspace, outcome: &ImportOutcome, began: Instant) -> Result<()> {
    let report = import_report(workspace, outcome, began)?;
    if cli.json {
        return output::json(&report);
    }
    print(&report);
    Ok(())
}

/// A file as it would be read: what it is, what its scores mean, what finds no place.
fn show(file: &PreviewFile) {
    output::line(&file.path.display().to_string());
    let content = match &file.content {
        Ok(content) => content,
        Err(error) => {
            return output::line(&format!("  cannot be read: {}", next_step::sentence(error)));
        }
    };
    output::line(&format!("  {}: {}", content.recognised.title, content.recognised.reason));
    if file.already_imported {
        output::line("  in the workspace already");
    }
    if let Some(note) = &content.recognised.note {
        output::line(&format!("  {note}"));
    }
    if let Some(mapping) = &content.recognised.mapping {
        output::line(&format!("  --map '{mapping}'"));
    }
    for score in &content.scores {
        output::line(&format!("  {}", score.sentence()));
    }
    for field in &content.unmapped {
        let why = field.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        output::line(&format!("  no place for {}, in {} records{why}", field.field, field.count));
    }
    for reject in content.rejects.iter().take(3) {
        output::line(&format!("  record {} would be rejected: {}", reject.origin.record, short(&reject.reason, 120)));
    }
}

fn print(report: &ImportReport) {
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
    for note in &report.notes {
        output::line(note);
    }
    if report.total.rejected > 0 {
        output::line(&format!("{} records were not kept: hearback-cli rejects says why", report.total.rejected));
    }
    for reason in &report.unjoined {
        output::line(&format!("{} feedback {}: hearback-cli unjoined lists them", reason.count, reason.reason));
    }
}
