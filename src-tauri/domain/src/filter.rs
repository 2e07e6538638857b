//! Which feedback is looked at, split by what, measured how?
//!
//! One [`Filter`] serves every view: it is a plain value that can be saved, undone and sent.

use std::collections::BTreeMap;

use super::{Timestamp, feedback::string_enum};

string_enum! {
    /// What feedback can be filtered and split by.
    Dimension {
        ModelVersion = "model_version",
        Model = "model",
        PromptVersion = "prompt_version",
        Release = "release",
        FeedbackType = "feedback_type",
        Polarity = "polarity",
        Environment = "environment",
        UserRole = "user_role",
        Reason = "reason",
        Theme = "theme",
        Source = "source",
        Tag = "tag",
        ScoreName = "score_name",
        Session = "session",
        /// Texts chosen by hand, by the number of the choice.
        Selection = "selection",
        /// Whether there is a score that can be brought to 0..1: [`HAS_SCORE`], or none.
        HasScore = "has_score",
    }
}

/// The one value of [`Dimension::HasScore`].
pub const HAS_SCORE: &str = "yes";
/// The theme key of feedback without words.
pub const WORDLESS: &str = "wordless";
/// The theme key of feedback that says no more than good or bad.
pub const SHORT_ANSWERS: &str = "short";

/// A value for each dimension that is split by; `None` for "has none".
pub type Key = Vec<Option<String>>;

impl Dimension {
    /// As a title says it: `model version`.
    pub fn name(self) -> String {
        self.word().replace('_', " ")
    }

    /// Can one feedback have several values? Then it counts once for each of them.
    pub const fn is_list(self) -> bool {
        matches!(self, Self::Reason | Self::Tag | Self::Selection)
    }

    /// What a value is called that has a meaning of its own; `None` for all others, which are called what they are, or
    /// by the name that goes with their id.
    pub fn value_name(self, value: Option<&str>) -> Option<&'static str> {
        match (self, value) {
            (Self::Theme, None) => Some("Unclustered"),
            (Self::Theme, Some(WORDLESS)) => Some("Without words"),
            (Self::Theme, Some(SHORT_ANSWERS)) => Some("Short answers"),
            (Self::HasScore, None) => Some("no"),
            (_, None) => Some("(none)"),
            (_, Some("")) => Some("(empty)"),
            _ => None,
        }
    }

    /// What a value is called. `names` are those that go with ids: of themes, sources, selections.
    pub fn label(self, value: Option<&str>, names: &BTreeMap<String, String>) -> String {
        match self.value_name(value) {
            Some(name) => name.to_owned(),
            None => {
                let value = value.unwrap_or_default();
                names.get(value).map_or(value, String::as_str).to_owned()
            }
        }
    }

    /// The values of which [`Dimension::value_name`] knows more than that they are missing or empty.
    pub const fn named_values(self) -> &'static [&'static str] {
        match self {
            Self::Theme => &[WORDLESS, SHORT_ANSWERS],
            _ => &[],
        }
    }
}

string_enum! {
    Bucket {
        Hour = "hour",
        Day = "day",
        /// From Monday, as ISO 8601 has it.
        Week = "week",
        Month = "month",
    }
}

/// All conditions must hold. The default lets the feedback of people through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// The first moment that counts.
    pub from: Option<Timestamp>,
    /// The first moment that no longer counts.
    pub to: Option<Timestamp>,
    pub conditions: Vec<Condition>,
    pub other_than: Vec<OtherThan>,
    /// Words that must all occur, case-insensitively, in comment, correction, query or output.
    pub text: Option<String>,
    pub authors: Authors,
}

/// `dimension` has one of `values`; `None` among them stands for "has none".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub dimension: Dimension,
    pub values: Vec<Option<String>>,
    pub exclude: Exclude,
}

/// Has a combination of values of `dimensions` that is none of `keys`: what a split by these dimensions sums as *Other*.
///
/// Of a list, one value that is not named is enough: feedback with the reasons *x* and *y* is other than *x*, and is *x*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherThan {
    pub dimensions: Vec<Dimension>,
    pub keys: Vec<Key>,
}

/// So many feedbacks, and the filter that opens exactly these.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    pub n: u64,
    pub filter: Filter,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exclude {
    #[default]
    No,
    /// Everything but these values.
    Yes,
}

string_enum! {
    #[derive(Default)]
    Authors {
        #[default]
        /// What people said, or did where the tool recorded it.
        People = "people",
        Judges = "judges",
        /// What users did rather than said, as derived from the trail.
        Derived = "derived",
        Everyone = "everyone",
    }
}

impl Filter {
    /// With one more condition, where it does not say so already.
    #[must_use]
    pub fn with(&self, condition: Condition) -> Self {
        let mut filter = self.clone();
        let narrows = |other: &Condition| {
            !condition.dimension.is_list()
                && (other.dimension, other.exclude, condition.exclude)
                    == (condition.dimension, Exclude::No, Exclude::No)
                && condition.values.iter().all(|value| other.values.contains(value))
        };
        if let Some(wider) = filter.conditions.iter_mut().find(|other| narrows(other)) {
            *wider = condition;
        } else if !filter.conditions.contains(&condition) {
            filter.conditions.push(condition);
        }
        filter
    }

    /// Only feedback with this value.
    #[must_use]
    pub fn with_value(&self, dimension: Dimension, value: Option<&str>) -> Self {
        self.with(Condition { dimension, values: vec![value.map(str::to_owned)], exclude: Exclude::No })
    }

    /// Only feedback with this combination of values.
    #[must_use]
    pub fn with_key(&self, dimensions: &[Dimension], key: &[Option<String>]) -> Self {
        dimensions
            .iter()
            .zip(key)
            .fold(self.clone(), |filter, (&dimension, value)| filter.with_value(dimension, value.as_deref()))
    }

    /// Only feedback with a combination of values that is none of `keys`.
    #[must_use]
    pub fn other_than(&self, dimensions: &[Dimension], keys: &[Key]) -> Self {
        let mut filter = self.clone();
        filter.other_than.push(OtherThan { dimensions: dimensions.to_vec(), keys: keys.to_vec() });
        filter
    }

    /// Only feedback of this time, as far as it lies within the filter's own.
    #[must_use]
    pub fn within(&self, from: Timestamp, to: Timestamp) -> Self {
        Self {
            from: Some(self.from.map_or(from, |own| own.max(from))),
            to: Some(self.to.map_or(to, |own| own.min(to))),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(dimension: Dimension, values: &[Option<&str>]) -> Condition {
        let values = values.iter().map(|value| value.map(str::to_owned)).collect();
        Condition { dimension, values, exclude: Exclude::No }
    }

    #[test]
    fn a_value_takes_the_place_of_the_alternatives_that_it_is_one_of() {
        let either = condition(Dimension::Environment, &[Some("production"), None]);
        let filter = Filter { conditions: vec![either.clone()], ..Filter::default() };
        let none = condition(Dimension::Environment, &[None]);
        assert_eq!(filter.with(none.clone()).conditions, [none]);
        // Nothing has both: it stays that way.
        let other = condition(Dimension::Environment, &[Some("staging")]);
        assert_eq!(filter.with(other.clone()).conditions, [either.clone(), other]);
        assert_eq!(filter.with(either.clone()).conditions, [either]);
    }

    #[test]
    fn feedback_can_have_two_reasons_so_one_more_is_one_more_condition() {
        let either = condition(Dimension::Reason, &[Some("vague"), Some("wrong")]);
        let one = condition(Dimension::Reason, &[Some("wrong")]);
        let filter = Filter { conditions: vec![either.clone()], ..Filter::default() };
        assert_eq!(filter.with(one.clone()).conditions, [either, one]);
    }
}
