//! Past cases: similar ones, found ones, and known problems.

use crate::{Asked, FeedbackRow, Filter, Value, mirror_enum, moment, string_enum, wire_type};
use hearback_app::{
    self as app, SimilarTo,
    analysis::recall::{Closeness, LastWord},
    store,
};
use hearback_domain::error::{Error, Result};

string_enum! {
    pub enum Similarity { NearIdentical, SameProblem, Related, Distant }
}

wire_type! {
    pub struct SimilarQuery {
        /// One of the four: a text; a feedback or a turn, whose own words are left out of the answer; a theme, whose
        /// own cases are.
        pub text: Option<String>,
        pub feedback_id: Option<String>,
        #[serde(default)]
        #[ts(as = "Option<String>", optional)]
        pub turn_id: Option<String>,
        #[serde(default)]
        #[ts(as = "Option<i64>", optional)]
        pub theme_id: Option<i64>,
        pub k: u32,
        pub filter: Filter,
    }

    pub struct SimilarCase {
        /// Cosine, -1..1.
        pub similarity: f64,
        pub word: Similarity,
        /// The text that was compared.
        pub text: String,
        /// The latest feedback that says it, and how many do, since when, and when last.
        pub feedback: FeedbackRow,
        pub count: u64,
        pub first: Option<String>,
        pub last: Option<String>,
        /// What was written in the place of the answer then.
        pub correction: Option<Correction>,
        /// What the user noted of the theme that it is in now.
        pub note: Option<String>,
    }

    pub struct Correction {
        pub text: String,
        /// The latest feedback that gives it, and how many do.
        pub feedback_id: String,
        pub times: u64,
    }

    pub struct SearchQuery {
        /// Words; quoted ones must follow one another.
        pub text: String,
        /// The last word may go on: while somebody types.
        pub typing: bool,
        pub k: u32,
        pub filter: Filter,
    }

    pub struct SearchAnswer {
        /// Best first.
        pub cases: Vec<FoundCase>,
        /// Without a model, or before the first analysis, only words are compared.
        pub by_meaning: bool,
    }

    pub struct FoundCase {
        pub text: String,
        /// Cosine; `null` where meaning was not compared.
        pub similarity: Option<f64>,
        pub word: Option<Similarity>,
        /// It has words of the question.
        pub by_words: bool,
        pub feedback: FeedbackRow,
        pub count: u64,
    }

    pub struct KnownProblem {
        /// Of the nearest case; `null` where there is none to compare with. `distant`: nothing is near.
        pub similarity: Option<f64>,
        pub word: Option<Similarity>,
        /// Those with a text that is at least related, nearest first.
        pub themes: Vec<KnownTheme>,
        /// The nearest cases that are at least related, whatever their theme.
        pub cases: Vec<SimilarCase>,
    }

    pub struct KnownTheme {
        pub id: i64,
        pub name: String,
        pub keywords: Vec<String>,
        /// Of its nearest text.
        pub similarity: f64,
        pub word: Similarity,
        pub example: FeedbackRow,
        /// Feedbacks of the theme that say something at least related, of the nearest 200 texts.
        pub near: u64,
        /// Feedbacks of the theme, and how many of them are negative.
        pub count: u64,
        pub negative_share: Value,
        pub first: Option<String>,
        pub last: Option<String>,
        /// The one given nearest to the question, else the most frequent of the theme.
        pub correction: Option<Correction>,
        /// What the user noted of it.
        pub note: Option<String>,
    }
}

mirror_enum! {
    Similarity = Closeness { NearIdentical, SameProblem, Related, Distant }
}

pub fn similar(asked: &Asked<'_>, query: SimilarQuery) -> Result<Vec<SimilarCase>> {
    let filter = (&query.filter).try_into()?;
    let cases = asked.workspace.similar(query.target()?, query.k as usize, &filter, asked.job)?;
    Ok(cases.into_iter().map(SimilarCase::from).collect())
}

pub fn search(asked: &Asked<'_>, query: SearchQuery) -> Result<SearchAnswer> {
    let filter = (&query.filter).try_into()?;
    Ok(asked.workspace.search(&query.text, query.last_word(), query.k as usize, &filter, asked.job)?.into())
}

pub fn known(asked: &Asked<'_>, text: String, filter: Filter) -> Result<KnownProblem> {
    Ok(asked.workspace.known(&text, &(&filter).try_into()?, asked.job)?.into())
}

impl SimilarQuery {
    /// # Errors
    /// None of the four, or more than one.
    pub fn target(&self) -> Result<SimilarTo<'_>> {
        match (&self.text, &self.feedback_id, &self.turn_id, self.theme_id) {
            (Some(text), None, None, None) => Ok(SimilarTo::Text(text)),
            (None, Some(id), None, None) => Ok(SimilarTo::Feedback(id)),
            (None, None, Some(id), None) => Ok(SimilarTo::Turn(id)),
            (None, None, None, Some(id)) => Ok(SimilarTo::Theme(id)),
            _ => Err(Error::input("give one of a text, a feedback, a turn or a theme to compare with")),
        }
    }
}

impl SearchQuery {
    pub fn last_word(&self) -> LastWord {
        if self.typing { LastWord::Beginning } else { LastWord::Whole }
    }
}

impl From<app::SimilarCase> for SimilarCase {
    fn from(case: app::SimilarCase) -> Self {
        Self {
            similarity: f64::from(case.similarity),
            word: case.closeness.into(),
            text: case.text,
            feedback: case.feedback.into(),
            count: case.count,
            first: moment(case.first),
            last: moment(case.last),
            correction: case.done.correction.map(Correction::from),
            note: case.done.note,
        }
    }
}

impl From<store::Correction> for Correction {
    fn from(correction: store::Correction) -> Self {
        Self { text: correction.text, feedback_id: correction.feedback, times: correction.times }
    }
}

impl From<app::SearchAnswer> for SearchAnswer {
    fn from(answer: app::SearchAnswer) -> Self {
        let cases = answer.cases.into_iter().map(|case| FoundCase {
            text: case.text,
            similarity: case.similarity.map(|(value, _)| f64::from(value)),
            word: case.similarity.map(|(_, closeness)| closeness.into()),
            by_words: case.by_words,
            feedback: case.feedback.into(),
            count: case.count,
        });
        Self { cases: cases.collect(), by_meaning: answer.by_meaning }
    }
}

impl From<app::KnownProblem> for KnownProblem {
    fn from(known: app::KnownProblem) -> Self {
        Self {
            similarity: known.nearest.map(|(value, _)| f64::from(value)),
            word: known.nearest.map(|(_, closeness)| closeness.into()),
            themes: known.themes.into_iter().map(KnownTheme::from).collect(),
            cases: known.cases.into_iter().map(SimilarCase::from).collect(),
        }
    }
}

impl From<app::KnownTheme> for KnownTheme {
    fn from(theme: app::KnownTheme) -> Self {
        let sums = theme.totals.sums;
        Self {
            id: theme.id,
            name: theme.name,
            keywords: theme.keywords,
            similarity: f64::from(theme.similarity),
            word: theme.closeness.into(),
            example: theme.example.into(),
            near: theme.near,
            count: sums.n,
            negative_share: (&theme.negative_share).into(),
            first: moment(theme.totals.first),
            last: moment(theme.totals.last),
            correction: theme.done.correction.map(Correction::from),
            note: theme.done.note,
        }
    }
}
