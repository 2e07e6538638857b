//! Which signals are derived from the trail, and who may switch them?

use crate::Workspace;
use hearback_analysis::trail::signals;
use hearback_domain::{
    error::Result,
    signal::{DerivedSignal, Rule, SignalTurn},
};

/// A rule, and whether it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalRule {
    pub rule: Rule,
    pub enabled: bool,
}

impl Workspace {
    pub fn signal_rules(&self) -> Result<Vec<SignalRule>> {
        let off = self.store.switched_off_signals()?;
        Ok(Rule::ALL
            .iter()
            .map(|rule| SignalRule { rule: *rule, enabled: !off.iter().any(|word| word == rule.word()) })
            .collect())
    }

    /// Switches a rule, and derives all signals anew.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`] where it cannot be kept.
    pub fn set_signal_rule(&self, rule: Rule, enabled: bool) -> Result<Vec<SignalRule>> {
        let off: Vec<String> = self
            .signal_rules()?
            .into_iter()
            .map(|known| if known.rule == rule { SignalRule { rule, enabled } } else { known })
            .filter(|known| !known.enabled)
            .map(|known| known.rule.word().to_owned())
            .collect();
        self.store.switch_signals_off(&off, &mut deriver(off.clone()))?;
        self.signal_rules()
    }

    /// Derives signals by the rules that are on.
    pub(crate) fn deriver(&self) -> Result<impl FnMut(&[SignalTurn]) -> Vec<DerivedSignal> + use<>> {
        Ok(deriver(self.store.switched_off_signals()?))
    }
}

fn deriver(off: Vec<String>) -> impl FnMut(&[SignalTurn]) -> Vec<DerivedSignal> {
    move |turns| {
        let mut found = signals::derive(turns);
        found.retain(|signal| !off.iter().any(|word| word == signal.rule.word()));
        found
    }
}
