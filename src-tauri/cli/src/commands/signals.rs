use hearback_domain::error::Result;
use hearback_domain::signal::Rule;
use hearback_wire::SignalRule;

use crate::{
    arguments::Cli,
    output::{self, Table},
};

pub fn signals(cli: &Cli, off: Option<Rule>, on: Option<Rule>) -> Result<()> {
    let workspace = if off.is_some() || on.is_some() { cli.changing()? } else { cli.existing()? };
    let rules = match (off, on) {
        (Some(rule), _) => workspace.set_signal_rule(rule, false)?,
        (None, Some(rule)) => workspace.set_signal_rule(rule, true)?,
        (None, None) => workspace.signal_rules()?,
    };
    let rules: Vec<SignalRule> = rules.into_iter().map(SignalRule::from).collect();
    if cli.json {
        return output::json(&rules);
    }
    let mut table = Table::new(&["rule", "on", "weight", "when"]);
    for rule in &rules {
        let on = if rule.enabled { "on" } else { "off" };
        table.row([rule.rule.clone(), on.to_owned(), format!("{:.1}", rule.weight), rule.meaning.clone()]);
    }
    table.print();
    Ok(())
}
