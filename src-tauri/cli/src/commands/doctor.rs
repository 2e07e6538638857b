use std::process::ExitCode;

use hearback_app::{Components, Workspace, models::embed::Embedder, store::Holding};
use hearback_domain::error::Result;
use serde::Serialize;

use crate::{
    arguments::Cli,
    next_step,
    output::{self, Table},
};

#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    /// What was found, or what is wrong and what to do.
    detail: String,
}

/// Tries each part that can be missing. The exit code is 1 when one is.
pub fn doctor(cli: &Cli) -> Result<ExitCode> {
    let components = Components::find();
    let checks = vec![
        check("database", Workspace::database_version().map(|version| format!("libduckdb {version}"))),
        check("model and runtime", model(&components)),
        // Before it is opened: whoever opens it may bring in what lies in the log.
        check("log", Ok(log(cli))),
        check("workspace", workspace(cli, &components)),
    ];
    let all_well = checks.iter().all(|check| check.ok);
    if cli.json {
        output::json(&checks)?;
    } else {
        let mut table = Table::new(&["", "part", "found"]);
        for check in &checks {
            let mark = if check.ok { "ok" } else { "WRONG" };
            table.row([mark.to_owned(), check.name.to_owned(), check.detail.clone()]);
        }
        table.print();
    }
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(name: &'static str, outcome: Result<String>) -> Check {
    match outcome {
        Ok(detail) => Check { name, ok: true, detail },
        Err(error) => Check { name, ok: false, detail: next_step::sentence(&error) },
    }
}

/// Really loads it and embeds a word: files that are there may still be the wrong ones.
fn model(components: &Components) -> Result<String> {
    let embedder = Embedder::load(&components.model_files(), 1)?;
    let dimension = embedder.embed_one("hello")?.len();
    Ok(format!("{}, {dimension} dimensions, in {}", embedder.id().name, components.root().display()))
}

/// What is not in the file yet.
fn log(cli: &Cli) -> String {
    match Workspace::log_beside(&cli.workspace) {
        Some((log, bytes)) => format!(
            "{} lies beside the workspace ({bytes} bytes): a program has it open, or was killed. Copy both, or neither; \
             the next change brings it in",
            log.display()
        ),
        None => "none beside the workspace: the one file holds everything".to_owned(),
    }
}

fn workspace(cli: &Cli, components: &Components) -> Result<String> {
    if !cli.workspace.exists() {
        return Ok(format!("{} is not there yet", cli.workspace.display()));
    }
    let summary = Workspace::open_as(&cli.workspace, Holding::Reading, components.clone())?.summary()?;
    Ok(format!(
        "{}: {} feedback, {} turns, {} sessions, {} themes",
        cli.workspace.display(),
        summary.feedback,
        summary.turns,
        summary.sessions,
        summary.themes
    ))
}
