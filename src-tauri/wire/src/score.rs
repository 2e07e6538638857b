//! What scores and labels mean.

use crate::{Asked, Polarity, mirror_enum, string_enum, wire_type};
use hearback_app::{self as app, store};
use hearback_domain::{
    error::{Error, Result},
    polarity::{self, Scale, ScoreRule as EngineRule},
};

wire_type! {
    /// How a score's values become a polarity, chosen before there is a source.
    pub struct ScoreChoice {
        /// The one file of the preview that it is for; `null` means all of the tool.
        pub path: Option<String>,
        /// The tool that it is for, as in the preview; `null` means every tool of the import.
        pub tool: Option<String>,
        pub score_name: Option<String>,
        pub scale: String,
        pub worst: f64,
        pub best: f64,
        /// On 0 (worst) .. 1 (best).
        pub negative_at_most: f64,
        pub positive_at_least: f64,
    }

    /// How the values of one score of a tool become a polarity.
    pub struct ScoreRule {
        /// Names the tool, together with `score_name` and `score_type` the score.
        pub tool: String,
        pub score_name: Option<String>,
        pub score_type: ScoreType,
        /// The files that have such scores.
        pub sources: Vec<RuleSource>,
        /// The one file that the rule is for, where it holds for no other.
        pub only: Option<i64>,
        pub feedback_type: crate::FeedbackType,
        pub count: u64,
        /// How many of them judges gave.
        pub judges: u64,
        pub minimum: f64,
        pub maximum: f64,
        pub scale: String,
        pub worst: f64,
        pub best: f64,
        /// On 0 (worst) .. 1 (best).
        pub negative_at_most: f64,
        pub positive_at_least: f64,
        /// Set by the user, not inferred.
        pub confirmed: bool,
        /// What must be said before these scores have a polarity; `null` where nothing is open.
        pub open: Option<OpenQuestion>,
    }

    pub struct RuleSource {
        pub id: i64,
        pub name: String,
        /// The title of its format.
        pub format: String,
    }

    /// A label that was chosen, and what it is taken to mean.
    pub struct Label {
        pub score_name: Option<String>,
        pub label: String,
        /// Feedbacks that have it.
        pub count: u64,
        /// By the words that Hearback knows; `unknown` where it does not know this one.
        pub known: Polarity,
        /// By the user's word, which goes before; `null` where there is none.
        pub told: Option<Polarity>,
    }
}

string_enum! {
    pub enum ScoreType { Numeric, Boolean, Categorical }
    pub enum OpenQuestion { Scale, Direction }
}

mirror_enum! {
    ScoreType = polarity::ScoreType { Numeric, Boolean, Categorical }
    OpenQuestion = polarity::Open { Scale, Direction }
}

/// Enough for a person to go through; the most frequent come first.
pub const LABELS: u32 = 500;

pub fn list_score_rules(asked: &Asked<'_>) -> Result<Vec<ScoreRule>> {
    Ok(asked.workspace.score_rules()?.into_iter().map(ScoreRule::from).collect())
}

pub fn set_score_rule(asked: &Asked<'_>, rule: ScoreRule) -> Result<Vec<ScoreRule>> {
    asked.workspace.set_score_rule(&rule.key(), rule.only, &rule.rule()?)?;
    list_score_rules(asked)
}

pub fn list_labels(asked: &Asked<'_>) -> Result<Vec<Label>> {
    Ok(asked.workspace.labels(LABELS)?.into_iter().map(Label::from).collect())
}

pub fn tell_label(
    asked: &Asked<'_>,
    score_name: Option<String>,
    label: String,
    polarity: Option<Polarity>,
) -> Result<Vec<Label>> {
    asked.workspace.tell_label(score_name.as_deref(), &label, polarity.map(Into::into))?;
    list_labels(asked)
}

impl From<store::StoredRule> for ScoreRule {
    fn from(stored: store::StoredRule) -> Self {
        let EngineRule { scale, worst, best, negative_at_most, positive_at_least } = stored.applied.rule;
        let feedback_type = stored.profile.feedback_type().into();
        let source = |source: store::RuleSource| RuleSource { id: source.id, name: source.name, format: source.format };
        Self {
            open: stored.open.map(OpenQuestion::from),
            tool: stored.profile.key.tool,
            score_name: stored.profile.key.score_name,
            score_type: stored.profile.key.score_type.into(),
            sources: stored.sources.into_iter().map(source).collect(),
            only: stored.only,
            feedback_type,
            count: stored.profile.count,
            judges: stored.profile.judges,
            minimum: stored.profile.minimum,
            maximum: stored.profile.maximum,
            scale: scale.word().to_owned(),
            worst,
            best,
            negative_at_most,
            positive_at_least,
            confirmed: stored.applied.confirmed,
        }
    }
}

impl From<store::StoredLabel> for Label {
    fn from(stored: store::StoredLabel) -> Self {
        Self {
            score_name: stored.score_name,
            label: stored.label,
            count: stored.count,
            known: stored.known.into(),
            told: stored.told.map(Polarity::from),
        }
    }
}

impl ScoreRule {
    pub fn key(&self) -> polarity::ScoreKey {
        polarity::ScoreKey {
            tool: self.tool.clone(),
            score_name: self.score_name.clone(),
            score_type: self.score_type.into(),
        }
    }

    /// # Errors
    /// A scale that does not exist.
    pub fn rule(&self) -> Result<EngineRule> {
        rule(&self.scale, [self.worst, self.best, self.negative_at_most, self.positive_at_least])
    }
}

impl ScoreChoice {
    pub(crate) fn choice(&self) -> Result<app::ScoreChoice> {
        let numbers = [self.worst, self.best, self.negative_at_most, self.positive_at_least];
        Ok(app::ScoreChoice {
            path: self.path.as_ref().map(Into::into),
            tool: self.tool.clone(),
            score_name: self.score_name.clone(),
            rule: rule(&self.scale, numbers)?,
        })
    }
}

fn rule(scale: &str, [worst, best, negative_at_most, positive_at_least]: [f64; 4]) -> Result<EngineRule> {
    let scale = Scale::from_word(scale).ok_or_else(|| {
        let known: Vec<&str> = Scale::ALL.iter().map(|scale| scale.word()).collect();
        Error::input(format!("there is no scale {scale:?}")).hint(format!("One of {}", known.join(", ")))
    })?;
    Ok(EngineRule { scale, worst, best, negative_at_most, positive_at_least })
}
