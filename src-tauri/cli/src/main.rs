//! Hearback without a window: the same engine, for scripts, tests and benchmarks.
//!
//! Results go to stdout (plain tables, or with `--json` the wire types), progress and problems to stderr.
//! Exit code 0: done, 1: failed, 2: wrong use.

mod arguments;
mod bench;
mod commands;
mod interrupt;
mod next_step;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;
use hearback_domain::error::{Error, Kind};
use hearback_wire::Failure;

use arguments::{Cli, Command};

fn main() -> ExitCode {
    // ONNX Runtime as its makers build it keeps a device id and reports home, unless told otherwise before it is
    // loaded (hearback_app::models::embed). Hearback is offline.
    // SAFETY: the first statement of the program, so no other thread reads the environment.
    unsafe { std::env::set_var("ORT_DISABLE_TELEMETRY", "1") };
    // Every session tokenizes its own small batches on its own thread; spreading each over all cores again made
    // embedding 4 % slower.
    // SAFETY: as above.
    unsafe { std::env::set_var("TOKENIZERS_PARALLELISM", "false") };
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => code,
        Err(error) => {
            report(&cli, &error);
            ExitCode::from(match error.kind {
                Kind::Input => 2,
                // As shells have it for what was interrupted.
                Kind::Cancelled => 130,
                _ => 1,
            })
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode, Error> {
    match &cli.command {
        Command::Import(arguments) => commands::import::import(cli, arguments)?,
        Command::Analyze(arguments) => commands::analyze::analyze(cli, arguments)?,
        Command::Overview(arguments) => commands::overview::overview(cli, arguments)?,
        Command::Trends(arguments) => commands::trends::trends(cli, arguments)?,
        Command::Map(arguments) => commands::map::map(cli, arguments)?,
        Command::Themes(arguments) => commands::themes::themes(cli, arguments)?,
        Command::Feedback(arguments) => commands::feedback::feedback(cli, arguments)?,
        Command::Trail { id } => commands::trail::trail(cli, id)?,
        Command::Similar(arguments) => commands::similar::similar(cli, arguments)?,
        Command::Known(arguments) => commands::known::known(cli, arguments)?,
        Command::Ask(arguments) => commands::ask::ask(cli, arguments)?,
        Command::Sources => commands::sources::sources(cli)?,
        Command::Rejects(arguments) => commands::sources::rejects(cli, arguments)?,
        Command::Remove { sources } => commands::sources::remove(cli, sources)?,
        Command::Reread(arguments) => commands::import::reread(cli, arguments)?,
        Command::Unjoined(arguments) => commands::sources::unjoined(cli, arguments)?,
        Command::Watch(arguments) => commands::watch::watch(cli, arguments)?,
        Command::Mappings { remove } => commands::mappings::mappings(cli, remove.as_deref())?,
        Command::Signals { off, on } => commands::signals::signals(cli, *off, *on)?,
        Command::Scores(arguments) => commands::scores::scores(cli, arguments)?,
        Command::Formats => commands::mappings::formats(cli)?,
        Command::Sample(arguments) => commands::sample::sample(cli, arguments)?,
        Command::Models { action } => commands::models::models(cli, action)?,
        Command::Doctor => return commands::doctor::doctor(cli),
        Command::Bench { benchmark } => bench::run(cli, benchmark)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn report(cli: &Cli, error: &Error) {
    if cli.json {
        let failure = serde_json::json!({ "failure": Failure::from(error) });
        output::line(&failure.to_string());
    }
    eprintln!("hearback-cli: {error}");
    if let Some(hint) = &error.hint {
        eprintln!("  {hint}");
    }
    if let Some(step) = error.next {
        eprintln!("  {}", next_step::words(step));
    }
    for line in error.details() {
        eprintln!("  because: {}", line.lines().next().unwrap_or_default());
    }
}
