//! Which feedback is looked at, split by what, measured how?
//!
//! One [`Filter`] serves every view: it is a plain value that can be saved, undone and sent.

use super::{Timestamp, feedback::words};

words! {
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
    }
}

words! {
    Measure {
        /// How many feedbacks.
        Volume = "volume",
        /// Negative ones among those with a polarity, neutral ones included: `negative / n`.
        NegativeShare = "negative_share",
        /// Mean of the scores, each brought to 0..1 by its own scale, 1 is good.
        MeanScore = "mean_score",
    }
}

words! {
    Bucket {
        Hour = "hour",
        Day = "day",
        /// From Monday, as ISO 8601 has it.
        Week = "week",
        Month = "month",
    }
}

/// All conditions must hold. The default lets all human and derived feedback through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// The first moment that counts.
    pub from: Option<Timestamp>,
    /// The first moment that no longer counts.
    pub to: Option<Timestamp>,
    pub conditions: Vec<Condition>,
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exclude {
    #[default]
    No,
    /// Everything but these values.
    Yes,
}

words! {
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
