use hearback_engine::{error::Error, trail::signals::Rule};
use hearback_wire::SignalRule;
use tauri::State;

use super::Answer;
use crate::state::Shell;

#[tauri::command(async)]
pub fn list_signal_rules(shell: State<'_, Shell>) -> Answer<Vec<SignalRule>> {
    Ok(shell.project()?.signal_rules()?.into_iter().map(SignalRule::from).collect())
}

#[tauri::command(async)]
pub fn set_signal_rule(shell: State<'_, Shell>, rule: String, enabled: bool) -> Answer<Vec<SignalRule>> {
    let known = Rule::from_word(&rule).ok_or_else(|| Error::input(format!("there is no rule {rule:?}")))?;
    Ok(shell.project()?.set_signal_rule(known, enabled)?.into_iter().map(SignalRule::from).collect())
}
