//! The rules by which feedback is derived from what users did.

use crate::{Asked, Polarity, wire_type};
use hearback_app as app;
use hearback_domain::{
    error::{Error, Result},
    signal::Rule,
};

wire_type! {
    /// A rule that derives feedback from what users did next.
    pub struct SignalRule {
        /// The engine's word; feedback derived by it has it as its label.
        pub rule: String,
        /// When it says something.
        pub meaning: String,
        pub polarity: Polarity,
        /// 0..1: how far it is to be trusted. Feedback derived by it has it as its confidence.
        pub weight: f64,
        pub enabled: bool,
    }
}

pub fn list_signal_rules(asked: &Asked<'_>) -> Result<Vec<SignalRule>> {
    Ok(asked.workspace.signal_rules()?.into_iter().map(SignalRule::from).collect())
}

pub fn set_signal_rule(asked: &Asked<'_>, rule: String, enabled: bool) -> Result<Vec<SignalRule>> {
    let known = Rule::from_word(&rule).ok_or_else(|| Error::input(format!("there is no rule {rule:?}")))?;
    Ok(asked.workspace.set_signal_rule(known, enabled)?.into_iter().map(SignalRule::from).collect())
}

impl From<app::SignalRule> for SignalRule {
    fn from(known: app::SignalRule) -> Self {
        Self {
            rule: known.rule.word().to_owned(),
            meaning: known.rule.meaning().to_owned(),
            polarity: known.rule.polarity().into(),
            weight: known.rule.weight(),
            enabled: known.enabled,
        }
    }
}
