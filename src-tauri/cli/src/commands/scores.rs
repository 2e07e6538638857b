//! What do scores and labels mean in this workspace? Questions come first, since what is open counts in no share.

use hearback_app::{
    Workspace,
    store::{StoredLabel, StoredRule},
};
use hearback_domain::{
    Polarity,
    error::{Error, Result},
    polarity::Open,
};
use hearback_wire::{LABELS, Label, ScoreRule};

use crate::{
    arguments::{Cli, LabelChoice, ScoresArguments},
    output::{self, Table, short},
};

pub fn scores(cli: &Cli, arguments: &ScoresArguments) -> Result<()> {
    let tells = !arguments.scale.is_empty() || !arguments.label.is_empty();
    let workspace = if tells { cli.changing()? } else { cli.existing()? };
    for choice in &arguments.scale {
        let rules = workspace.score_rules()?;
        let keys: Vec<_> = rules
            .iter()
            .filter(|stored| stored.profile.key.score_name == choice.score_name && stored.only.is_none())
            .map(|stored| &stored.profile.key)
            .collect();
        if keys.is_empty() {
            let name = choice.score_name.as_deref().unwrap_or("(none)");
            return Err(Error::not_found(format!("there is no score named {name}")).hint("`scores` lists them"));
        }
        for key in keys {
            workspace.set_score_rule(key, None, &choice.rule)?;
        }
    }
    for LabelChoice { score_name, label, polarity } in &arguments.label {
        tell(&workspace, score_name.as_deref(), label, *polarity)?;
    }
    let (mut rules, mut labels) = (workspace.score_rules()?, workspace.labels(LABELS)?);
    // Stable: within each half the order stays.
    rules.sort_by_key(|stored| stored.open.is_none());
    labels.sort_by_key(|label| !is_open(label));
    if cli.json {
        let rules: Vec<ScoreRule> = rules.into_iter().map(ScoreRule::from).collect();
        let labels: Vec<Label> = labels.into_iter().map(Label::from).collect();
        return output::json(&serde_json::json!({ "scores": rules, "labels": labels }));
    }
    print_rules(&rules);
    output::line("");
    print_labels(&labels);
    Ok(())
}

/// Of every score that has the label, unless one is named.
fn tell(workspace: &Workspace, score_name: Option<&str>, label: &str, polarity: Polarity) -> Result<()> {
    let chosen: Vec<StoredLabel> = workspace
        .labels(u32::MAX)?
        .into_iter()
        .filter(|known| known.label == label && score_name.is_none_or(|name| known.score_name.as_deref() == Some(name)))
        .collect();
    if chosen.is_empty() {
        return Err(Error::not_found(format!("nobody has chosen the label {label:?}")).hint("`scores` lists them"));
    }
    chosen.iter().try_for_each(|known| workspace.tell_label(known.score_name.as_deref(), label, Some(polarity)))
}

fn is_open(label: &StoredLabel) -> bool {
    label.told.is_none() && label.known == Polarity::Unknown
}

fn print_rules(rules: &[StoredRule]) {
    let mut table = Table::new(&["score", "tool", "seen", "from", "to", "worst", "best", ""]);
    for stored in rules {
        let (profile, rule) = (&stored.profile, &stored.applied.rule);
        let state = match stored.open {
            Some(Open::Scale) => "which scale? --scale NAME=WORST..BEST",
            Some(Open::Direction) => "which end is good? --scale NAME=WORST..BEST",
            None if stored.applied.confirmed => "confirmed",
            None => "",
        };
        let (worst, best) = if stored.open.is_some() {
            ("?".into(), "?".into())
        } else {
            (rule.worst.to_string(), rule.best.to_string())
        };
        table.row([
            short(profile.key.score_name.as_deref().unwrap_or("(none)"), 50),
            short(&profile.key.tool, 40),
            profile.count.to_string(),
            profile.minimum.to_string(),
            profile.maximum.to_string(),
            worst,
            best,
            state.to_owned(),
        ]);
    }
    table.print();
}

fn print_labels(labels: &[StoredLabel]) {
    let mut table = Table::new(&["label", "score", "seen", "means", ""]);
    for label in labels {
        let state = match label.told {
            Some(_) => "told",
            None if is_open(label) => "--label LABEL=negative|neutral|positive",
            None => "",
        };
        table.row([
            short(&label.label, 60),
            short(label.score_name.as_deref().unwrap_or_default(), 40),
            label.count.to_string(),
            label.told.unwrap_or(label.known).to_string(),
            state.to_owned(),
        ]);
    }
    table.print();
}
