use hearback_app::{Consent, Workspace};
use hearback_domain::error::Result;
use hearback_wire::{ModelEntry, ModelList, ModelState};

use crate::{
    arguments::{Cli, ModelAction},
    output::{self, Table, short},
    progress,
};

pub fn models(cli: &Cli, action: &ModelAction) -> Result<()> {
    match action {
        ModelAction::List => list(cli, workspace(cli)?.models()?.into()),
        ModelAction::Download { key, yes } => {
            let consent = if *yes { Consent::Given } else { Consent::NotGiven };
            added(cli, workspace(cli)?.download_model(key, consent, &progress::job())?.into())
        }
        ModelAction::Add { folder } => added(cli, workspace(cli)?.add_model_folder(folder, &progress::job())?.into()),
        ModelAction::Remove { key } => list(cli, workspace(cli)?.remove_model(key)?.into()),
        ModelAction::Choose { key } => list(cli, cli.workspace()?.choose_model(key)?.into()),
        ModelAction::Forget { key } => list(cli, cli.changing()?.forget_model(key)?.into()),
    }
}

/// The workspace, where there is one: models are this machine's.
fn workspace(cli: &Cli) -> Result<Workspace> {
    if cli.workspace.exists() { cli.sharing() } else { cli.nowhere() }
}

fn list(cli: &Cli, list: ModelList) -> Result<()> {
    if cli.json {
        return output::json(&list);
    }
    let mut table = Table::new(&["", "model", "state", "languages", "dimension", "licence", "MB", "vectors", "from"]);
    for model in &list.models {
        table.row([
            if model.chosen { "*".to_owned() } else { String::new() },
            model.key.clone(),
            state(model).to_owned(),
            output::text(&model.languages),
            model.dimension.to_string(),
            model.licence.clone().unwrap_or_else(|| "not stated".to_owned()),
            model.bytes.map(|bytes| bytes.div_ceil(1_000_000).to_string()).unwrap_or_default(),
            model.vectors.to_string(),
            short(&model.origin, 60),
        ]);
    }
    table.print();
    for model in list.models.iter().filter(|model| model.problem.is_some()) {
        output::line(&format!("{}: {}", model.key, short(&output::text(&model.problem), 400)));
    }
    output::line(&format!(
        "* is used by this workspace, which has {} texts. Added models lie in {}",
        list.texts, list.folder
    ));
    Ok(())
}

fn state(model: &ModelEntry) -> &'static str {
    match model.state {
        ModelState::OnBoard => "on board",
        ModelState::Installed => "installed",
        ModelState::Available => "available",
        ModelState::Missing if model.imported => "imported",
        ModelState::Missing => "missing",
    }
}

fn added(cli: &Cli, model: ModelEntry) -> Result<()> {
    if cli.json {
        return output::json(&model);
    }
    output::line(&format!(
        "{} is installed: {} dimensions, digest {}, licence {}. Use it with `hearback-cli models choose {}`",
        model.key,
        model.dimension,
        output::text(&model.digest),
        model.licence.as_deref().unwrap_or("not stated"),
        model.key
    ));
    Ok(())
}
