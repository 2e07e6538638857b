//! The one filter that all views share, and the words to split and measure by.

use crate::{wire, words};

words! {
    pub enum FeedbackType { Thumb, Rating, Category, Correction, Comment, Implicit, Annotation, Preference }
    pub enum Polarity { Negative, Neutral, Positive }
    pub enum Author { Human, Judge, Derived }
    pub enum Authors { People, Judges, Everyone }
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
    }
    pub enum Measure { Volume, NegativeShare, MeanScore }
    pub enum Bucket { Hour, Day, Week, Month }
}

wire! {
    #[derive(Default)]
    #[serde(default)]
    pub struct Filter {
        /// The first moment that counts.
        pub from: Option<String>,
        /// The first moment that no longer counts.
        pub to: Option<String>,
        pub conditions: Vec<Condition>,
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

    /// A value that a filter can name, with the feedback that has it.
    pub struct FilterValue {
        pub value: Option<String>,
        /// What to show: the theme's name, the source's file name, or the value itself.
        pub label: String,
        pub n: u64,
    }
}

impl Default for Authors {
    fn default() -> Self {
        Self::People
    }
}
