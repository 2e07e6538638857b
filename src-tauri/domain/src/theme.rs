//! What can become of a theme: by itself, from run to run, and by the user's hand?

use super::{TextHash, feedback::string_enum};

string_enum! {
    /// What became of a theme in a run.
    Event {
        Kept = "kept",
        Grew = "grew",
        Shrank = "shrank",
        /// Part of what was one theme, whether it kept the id or got one of its own.
        Split = "split",
        /// Of several themes before.
        Merged = "merged",
        New = "new",
        Gone = "gone",
    }
}

/// An edit as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub id: i64,
    pub change: Change,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Several themes are one. `texts` are those of all of them when they were merged, in the order of their hash.
    Merge {
        into: i64,
        from: Vec<i64>,
        texts: Vec<TextHash>,
    },
    /// Parts of a theme are themes of their own.
    Split {
        theme: i64,
        parts: Vec<Part>,
        rest: Vec<TextHash>,
    },
    /// Texts belong to another theme, or to none.
    Move {
        texts: Vec<TextHash>,
        to: Option<i64>,
    },
    Rename {
        theme: i64,
        name: String,
    },
    Pin {
        theme: i64,
        pinned: bool,
    },
    /// An empty note takes the note away.
    Note {
        theme: i64,
        note: String,
    },
}

/// What was split off, with the id and the name that it got; texts in the order of their hash.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    pub id: i64,
    pub name: String,
    pub texts: Vec<TextHash>,
}

impl Change {
    /// `merge`, `split`, `move`, `rename`, `pin`, `note`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Merge { .. } => "merge",
            Self::Split { .. } => "split",
            Self::Move { .. } => "move",
            Self::Rename { .. } => "rename",
            Self::Pin { .. } => "pin",
            Self::Note { .. } => "note",
        }
    }

    /// The themes that it names; the one that it is about first.
    pub fn themes(&self) -> Vec<i64> {
        match self {
            Self::Merge { into, from, .. } => std::iter::once(*into).chain(from.iter().copied()).collect(),
            Self::Split { theme, .. }
            | Self::Rename { theme, .. }
            | Self::Pin { theme, .. }
            | Self::Note { theme, .. } => vec![*theme],
            Self::Move { to, .. } => to.iter().copied().collect(),
        }
    }

    /// The themes that it made.
    pub fn made(&self) -> Vec<i64> {
        match self {
            Self::Split { parts, .. } => parts.iter().map(|part| part.id).collect(),
            _ => Vec::new(),
        }
    }
}

/// Does a theme key name a theme (and not *Unclustered* or *Without words*)?
pub fn is_theme(key: Option<&str>) -> bool {
    key.is_some_and(|key| key.parse::<i64>().is_ok())
}
