//! What may be asked of themes?

use clap::{Args, Subcommand};
use hearback_domain::Subject;

use super::{ComparisonArguments, FilterArguments, known};

#[derive(Debug, Args)]
pub struct AnalyzeArguments {
    /// What themes are about: said (what users said about the answer), asked (what they had asked) or both. Each has
    /// themes of its own; the last one analysed is counted
    #[arg(long, value_parser = subject)]
    pub subject: Option<Subject>,
    #[command(flatten)]
    pub cut: CutArguments,
    #[arg(long)]
    pub seed: Option<u64>,
}

/// How coarse, and how complete.
#[derive(Debug, Args)]
pub struct CutArguments {
    /// Coarse (0.25) to fine (8) themes
    #[arg(long, alias = "resolution", value_name = "NUMBER")]
    pub granularity: Option<f64>,
    /// The greatest share of texts, in percent, that may stay unclustered: the nearest of the others are pulled in, and
    /// what that cost is told. 100 forces nothing, as is the beginning; the choice stays until another one
    #[arg(long, value_name = "PERCENT")]
    pub unclustered_at_most: Option<f64>,
}

impl CutArguments {
    /// A share from 0 to 1.
    pub fn share(&self) -> Option<f64> {
        self.unclustered_at_most.map(|percent| percent / 100.0)
    }
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ThemeArguments {
    #[command(subcommand)]
    pub action: Option<ThemeAction>,
    /// With the feedback of each
    #[arg(long)]
    pub members: bool,
    #[command(flatten)]
    pub filter: FilterArguments,
    #[command(flatten)]
    pub comparison: ComparisonArguments,
}

#[derive(Debug, Subcommand)]
pub enum ThemeAction {
    /// All about one theme
    Show { theme: i64 },
    /// Give a theme a name that stays
    Rename { theme: i64, name: String },
    /// Make several themes one
    Merge {
        /// The one that stays
        into: i64,
        #[arg(required = true)]
        from: Vec<i64>,
    },
    /// Take a theme apart: along its sub-themes, or by feedback that becomes a theme of its own
    Split {
        theme: i64,
        /// Ids of feedback that is split off
        #[arg(long, value_name = "ID", num_args = 1..)]
        feedback: Vec<String>,
    },
    /// Move feedback, and whatever says the same, to another theme
    Move {
        /// Ids of feedback
        #[arg(required = true)]
        feedback: Vec<String>,
        /// The theme's id, or none
        #[arg(long, value_name = "THEME", value_parser = target_theme)]
        to: TargetTheme,
    },
    /// Keep a theme at the top of the list
    Pin {
        theme: i64,
        /// No longer
        #[arg(long)]
        off: bool,
    },
    /// Write a note on a theme; an empty one takes it away
    Note { theme: i64, note: String },
    /// What was done by hand, and what of it does not hold at present
    Edits,
    /// Take an edit back: the last one, or one that no later one stands on
    Undo { edit: Option<i64> },
    /// What became of the themes, or of one, from run to run
    History { theme: Option<i64> },
    /// Look at the same run more coarsely or finely: nothing is embedded or searched again
    Recut {
        #[command(flatten)]
        cut: CutArguments,
    },
}

impl ThemeAction {
    /// Does it change the workspace?
    pub fn changes(&self) -> bool {
        !matches!(self, Self::Show { .. } | Self::Edits | Self::History { .. })
    }
}

/// A theme, or none.
#[derive(Clone, Copy, Debug)]
pub struct TargetTheme(pub Option<i64>);

fn target_theme(word: &str) -> Result<TargetTheme, String> {
    if word == "none" {
        return Ok(TargetTheme(None));
    }
    word.parse().map(|theme| TargetTheme(Some(theme))).map_err(|_| "a theme's id, or none".to_owned())
}

fn subject(word: &str) -> Result<Subject, String> {
    Subject::from_word(word).ok_or_else(|| known(Subject::ALL.iter().map(|value| value.word())))
}
