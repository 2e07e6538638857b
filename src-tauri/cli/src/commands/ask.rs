//! What the window asks, for scripts: the list of commands is the same.

use std::io::BufRead;

use hearback_app::Workspace;
use hearback_domain::error::{Error, Result};
use hearback_wire::{
    Failure,
    commands::{Answer, COMMANDS, Way, answer, way},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use crate::{
    arguments::{AskArguments, Cli},
    output::{self, Table},
};

/// A line of what is asked.
#[derive(Deserialize)]
struct Line {
    command: String,
    #[serde(default)]
    args: Option<Value>,
}

pub fn ask(cli: &Cli, arguments: &AskArguments) -> Result<()> {
    match arguments.name.as_deref() {
        None => list(cli),
        Some("-") => each_line(&cli.sharing()?),
        Some(name) => {
            let given: Value = serde_json::from_str(&arguments.args)
                .map_err(|error| Error::input(format!("{} is no JSON", arguments.args)).because(error))?;
            let workspace = match way(name) {
                None => return Err(Error::input(format!("there is no command {name:?}")).hint("`ask` lists them")),
                Some(Way::Reads) => cli.existing()?,
                Some(Way::Changes) => cli.changing()?,
                Some(Way::Job) => cli.sharing()?,
            };
            output::line(&text(&workspace, name, given)?);
            Ok(())
        }
    }
}

fn list(cli: &Cli) -> Result<()> {
    let word = |way: Way| match way {
        Way::Reads => "reads",
        Way::Changes => "changes",
        Way::Job => "job",
    };
    if cli.json {
        let all: Vec<Value> = COMMANDS.iter().map(|(name, way)| json!({ "name": name, "way": word(*way) })).collect();
        return output::json(&all);
    }
    let mut table = Table::new(&["command", ""]);
    for (name, way) in COMMANDS {
        table.row([(*name).to_owned(), word(*way).to_owned()]);
    }
    table.print();
    Ok(())
}

fn each_line(workspace: &Workspace) -> Result<()> {
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| Error::input("what is asked could not be read").because(error))?;
        if line.trim().is_empty() {
            continue;
        }
        let asked: Result<Line> =
            serde_json::from_str(&line).map_err(|error| Error::input(format!("{line} is no question")).because(error));
        let answered = asked.and_then(|line| text(workspace, &line.command, line.args.unwrap_or_else(|| json!({}))));
        output::line(&match answered {
            Ok(answer) => format!("{{\"answer\":{answer}}}"),
            Err(error) => json!({ "failure": Failure::from(&error) }).to_string(),
        });
    }
    Ok(())
}

/// The answer as a JSON document; bytes as their numbers.
fn text(workspace: &Workspace, command: &str, given: Value) -> Result<String> {
    Ok(match asked(workspace, |asked| answer(command, asked, given))? {
        Answer::Json(text) => text,
        Answer::Bytes(bytes) => json!(bytes).to_string(),
    })
}
