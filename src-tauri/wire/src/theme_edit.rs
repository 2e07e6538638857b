//! The user's hand on the themes.

use crate::{Asked, tagged_enum, wire_type};
use hearback_app::{self as app, analysis::theme::Cut};
use hearback_domain::error::Result;

tagged_enum! {
    /// What is wanted. Feedback is named by its id; with it goes whoever said the same.
    #[serde(tag = "kind")]
    pub enum ThemeEdit {
        Merge { into: i64, from: Vec<i64> },
        /// Along the hierarchy: each sub-theme but the largest becomes a theme.
        Split { theme: i64 },
        /// These become a theme of their own.
        SplitOff { theme: i64, feedback: Vec<String> },
        /// `to` is `null` for *Unclustered*.
        Move { feedback: Vec<String>, to: Option<i64> },
        Rename { theme: i64, name: String },
        Pin { theme: i64, pinned: bool },
        /// An empty note takes it away.
        Note { theme: i64, note: String },
    }
}

wire_type! {
    /// An edit that was made, in the order of time.
    pub struct ThemeEditRow {
        pub id: i64,
        pub at: String,
        /// `merge`, `split`, `move`, `rename`, `pin`, `note`.
        pub kind: String,
        /// In words.
        pub description: String,
        /// The themes that it names, the one that it is about first.
        pub themes: Vec<i64>,
        /// Why it changes nothing at present; `null`: it holds.
        pub dormant: Option<String>,
        /// Later edits that stand on it: while there are any, it cannot be taken back.
        pub built_on: Vec<i64>,
    }

    pub struct ThemeEditReport {
        /// To take it back by.
        pub id: i64,
        /// Themes that it made.
        pub made: Vec<i64>,
    }

    /// How coarse, and how complete.
    pub struct ThemeCut {
        pub resolution: f64,
        pub unclustered_at_most: Option<f64>,
    }
}

pub fn edit_themes(asked: &Asked<'_>, edit: ThemeEdit) -> Result<ThemeEditReport> {
    Ok(asked.workspace.edit_themes(&edit.into(), asked.now, asked.job)?.into())
}

pub fn undo_theme_edit(asked: &Asked<'_>, id: Option<i64>) -> Result<ThemeEditRow> {
    Ok((&asked.workspace.undo_theme_edit(id, asked.job)?).into())
}

pub fn list_theme_edits(asked: &Asked<'_>) -> Result<Vec<ThemeEditRow>> {
    Ok(asked.workspace.theme_edits()?.iter().map(ThemeEditRow::from).collect())
}

impl From<ThemeEdit> for app::ThemeEdit {
    fn from(edit: ThemeEdit) -> Self {
        use app::SplitBy;
        match edit {
            ThemeEdit::Merge { into, from } => Self::Merge { into, from },
            ThemeEdit::Split { theme } => Self::Split { theme, by: SplitBy::Subthemes },
            ThemeEdit::SplitOff { theme, feedback } => Self::Split { theme, by: SplitBy::Feedback(feedback) },
            ThemeEdit::Move { feedback, to } => Self::Move { feedback, to },
            ThemeEdit::Rename { theme, name } => Self::Rename { theme, name },
            ThemeEdit::Pin { theme, pinned } => Self::Pin { theme, pinned },
            ThemeEdit::Note { theme, note } => Self::Note { theme, note },
        }
    }
}

impl From<&app::ThemeEditRow> for ThemeEditRow {
    fn from(row: &app::ThemeEditRow) -> Self {
        Self {
            id: row.id,
            at: row.at.to_string(),
            kind: row.change.word().to_owned(),
            description: row.description.clone(),
            themes: row.change.themes(),
            dormant: row.dormant.map(str::to_owned),
            built_on: row.built_on.clone(),
        }
    }
}

impl From<app::EditOutcome> for ThemeEditReport {
    fn from(outcome: app::EditOutcome) -> Self {
        Self { id: outcome.id, made: outcome.made }
    }
}

impl From<ThemeCut> for Cut {
    fn from(cut: ThemeCut) -> Self {
        Self { resolution: cut.resolution, unclustered_at_most: cut.unclustered_at_most }
    }
}
