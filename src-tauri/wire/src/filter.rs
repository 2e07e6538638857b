//! The one filter that all views share, and the words to split and measure by.

use crate::{Asked, mirror_enum, string_enum, wire_type};
use hearback_app::store;
use hearback_domain::{
    self as model, Timestamp,
    error::{Error, Result},
    filter::Exclude,
};

string_enum! {
    pub enum FeedbackType { Thumb, Rating, Category, Correction, Comment, Implicit, Annotation, Preference }
    pub enum Polarity { Negative, Neutral, Positive, Unknown }
    pub enum Author { Human, Judge, Derived }
    #[derive(Default)]
    pub enum Authors {
        #[default]
        People, Judges, Derived, Everyone }
    pub enum Dimension {
        ModelVersion,
        Model,
        PromptVersion,
        Release,
        FeedbackType,
        Polarity,
        Environment,
        UserRole,
        Reason,
        Theme,
        Source,
        Tag,
        ScoreName,
        Session,
        Selection,
        HasScore,
    }
    pub enum Measure { Volume, NegativeShare, MeanScore }
    pub enum Bucket { Hour, Day, Week, Month }
}

wire_type! {
    #[derive(Default)]
    #[serde(default)]
    pub struct Filter {
        /// The first moment that counts.
        pub from: Option<String>,
        /// The first moment that no longer counts.
        pub to: Option<String>,
        pub conditions: Vec<Condition>,
        pub other_than: Vec<OtherThan>,
        /// Words that must all occur in comment, correction, query or output.
        pub text: Option<String>,
        pub authors: Authors,
    }

    /// `dimension` has one of `values` (`null`: has none); with `exclude`, none of them.
    /// Themes and sources are named by their id as text.
    pub struct Condition {
        pub dimension: Dimension,
        pub values: Vec<Option<String>>,
        #[serde(default)]
        pub exclude: bool,
    }

    /// Has a combination of values of `dimensions` that is none of `keys`: what a split by these sums as *Other*. Of a
    /// list (reason, tag, selection) one value that is not named is enough.
    pub struct OtherThan {
        pub dimensions: Vec<Dimension>,
        /// A value for each dimension (`null`: has none).
        pub keys: Vec<Vec<Option<String>>>,
    }

    /// So many feedbacks, and the filter that opens exactly these.
    pub struct Counted {
        pub n: u64,
        pub filter: Filter,
    }

    /// A value that a filter can name, with the feedback that has it.
    pub struct FilterValue {
        pub value: Option<String>,
        /// What to show: the theme's name, the source's file name, or the value itself.
        pub label: String,
        pub n: u64,
    }
}

mirror_enum! {
    FeedbackType = model::FeedbackType { Thumb, Rating, Category, Correction, Comment, Implicit, Annotation, Preference }
    Polarity = model::Polarity { Negative, Neutral, Positive, Unknown }
    Author = model::Author { Human, Judge, Derived }
    Authors = model::filter::Authors { People, Judges, Derived, Everyone }
    Dimension = model::Dimension {
        ModelVersion, Model, PromptVersion, Release, FeedbackType, Polarity, Environment, UserRole, Reason, Theme,
        Source, Tag, ScoreName, Session, Selection, HasScore,
    }
    Measure = model::Measure { Volume, NegativeShare, MeanScore }
    Bucket = model::Bucket { Hour, Day, Week, Month }
}

impl TryFrom<&Filter> for model::Filter {
    type Error = Error;

    fn try_from(filter: &Filter) -> Result<Self> {
        let end = |text: &Option<String>| text.as_deref().map(parse_moment).transpose();
        Ok(Self {
            from: end(&filter.from)?,
            to: end(&filter.to)?,
            conditions: filter.conditions.iter().map(model::Condition::from).collect(),
            other_than: filter.other_than.iter().map(model::filter::OtherThan::try_from).collect::<Result<_>>()?,
            text: filter.text.clone().filter(|text| !text.trim().is_empty()),
            authors: filter.authors.into(),
        })
    }
}

fn parse_moment(text: &str) -> Result<Timestamp> {
    Timestamp::parse(text)
        .ok_or_else(|| Error::input(format!("{text:?} is no moment")).hint("Write it as 2026-07-02T09:14:03Z"))
}

impl From<&Condition> for model::Condition {
    fn from(condition: &Condition) -> Self {
        Self {
            dimension: condition.dimension.into(),
            values: condition.values.clone(),
            exclude: if condition.exclude { Exclude::Yes } else { Exclude::No },
        }
    }
}

impl From<&model::Filter> for Filter {
    fn from(filter: &model::Filter) -> Self {
        Self {
            from: crate::moment(filter.from),
            to: crate::moment(filter.to),
            conditions: filter
                .conditions
                .iter()
                .map(|condition| Condition {
                    dimension: condition.dimension.into(),
                    values: condition.values.clone(),
                    exclude: condition.exclude == Exclude::Yes,
                })
                .collect(),
            other_than: filter
                .other_than
                .iter()
                .map(|other| OtherThan {
                    dimensions: other.dimensions.iter().map(|&dimension| dimension.into()).collect(),
                    keys: other.keys.clone(),
                })
                .collect(),
            text: filter.text.clone(),
            authors: filter.authors.into(),
        }
    }
}

impl TryFrom<&OtherThan> for model::filter::OtherThan {
    type Error = Error;

    fn try_from(other: &OtherThan) -> Result<Self> {
        if other.dimensions.is_empty() || other.keys.iter().any(|key| key.len() != other.dimensions.len()) {
            return Err(Error::input("a filter's `otherThan` does not have a value for each of its dimensions"));
        }
        let dimensions = other.dimensions.iter().map(|&dimension| dimension.into()).collect();
        Ok(Self { dimensions, keys: other.keys.clone() })
    }
}

impl From<&model::Counted> for Counted {
    fn from(counted: &model::Counted) -> Self {
        Self { n: counted.n, filter: (&counted.filter).into() }
    }
}

pub fn filter_values(
    asked: &Asked<'_>,
    dimension: Dimension,
    filter: Filter,
    search: String,
    limit: u32,
) -> Result<Vec<FilterValue>> {
    let values = asked.workspace.filter_values(dimension.into(), &(&filter).try_into()?, &search, limit)?;
    Ok(values.into_iter().map(FilterValue::from).collect())
}

impl From<store::FilterValue> for FilterValue {
    fn from(value: store::FilterValue) -> Self {
        Self { value: value.value, label: value.label, n: value.n }
    }
}
