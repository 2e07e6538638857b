//! What may be asked for?

mod importing;
mod models;
mod theming;

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use hearback_app::{
    Comparison, Components, Workspace,
    store::{Holding, SourceToRemove},
};
use hearback_domain::{
    Bucket, Condition, Dimension, FeedbackType, Filter, Measure, Polarity, Timestamp,
    error::{Error, Result},
    filter::{Authors, Exclude},
    signal::Rule,
};

use crate::interrupt;

pub use models::ModelAction;
pub use theming::{AnalyzeArguments, ThemeAction, ThemeArguments};

pub use importing::{
    ImportArguments, LabelChoice, RejectArguments, RereadArguments, ScoresArguments, UnjoinedArguments, WatchArguments,
};

/// Learn from the users of LLM features: import feedback exports, find themes, count trends, follow trails. Offline.
#[derive(Debug, Parser)]
#[command(name = "hearback-cli", version, propagate_version = true)]
pub struct Cli {
    /// The workspace file; made where there is none
    #[arg(short, long, global = true, value_name = "FILE", default_value = "feedback.hearback")]
    pub workspace: PathBuf,
    /// Print JSON instead of tables; its shapes are documented in docs/json.md
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Import files and folders of exports as one set, in one transaction
    Import(ImportArguments),
    /// Embed what is new and find themes
    Analyze(AnalyzeArguments),
    /// Headline numbers and the themes that changed most
    Overview(OverviewArguments),
    /// A measure over time, split by what you like
    Trends(TrendArguments),
    /// Themes with size, negative share and change; and what can be done with them
    Themes(ThemeArguments),
    /// Draw the texts on a sheet, near what they are alike, and write their places
    Map(MapArguments),
    /// The feedback of a selection
    Feedback(FeedbackArguments),
    /// A whole session in order, by the id of a session, a turn or a feedback
    Trail { id: String },
    /// The nearest past cases of a text, a feedback, a turn or a theme
    Similar(SimilarArguments),
    /// Is this a known problem? The nearest themes: how often, since when, and the best correction
    Known(KnownArguments),
    /// Ask what the window asks, by the name of the command; the answer is JSON
    Ask(AskArguments),
    /// What was imported
    Sources,
    /// Undo imports: remove sources and all that only they brought, all of them or none
    Remove {
        /// Ids as `sources` lists them; with @ and the beginning of its digest, one is refused where it is another file
        #[arg(required = true, value_name = "SOURCE[@DIGEST]", value_parser = source_to_remove)]
        sources: Vec<SourceToRemove>,
    },
    /// Read the file of a source again, with another mapping or format
    Reread(RereadArguments),
    /// Feedback that found no turn or no session, and why
    Unjoined(UnjoinedArguments),
    /// Import exports as they land in folders, until stopped
    Watch(WatchArguments),
    /// Saved mappings, by which tables with the same columns are recognised
    Mappings {
        /// Forget the one of this name
        #[arg(long, value_name = "NAME")]
        remove: Option<String>,
    },
    /// Signals derived from the trail, and their rules
    Signals {
        /// Switch a rule off: asked_again, regenerated, abandoned, complaint, thanks
        #[arg(long, value_name = "RULE", value_parser = signal_rule)]
        off: Option<Rule>,
        #[arg(long, value_name = "RULE", value_parser = signal_rule, conflicts_with = "off")]
        on: Option<Rule>,
    },
    /// What scores and labels are taken to mean, and which of them nobody has told yet
    Scores(ScoresArguments),
    /// The formats that are read
    Formats,
    /// Records that were not kept
    Rejects(RejectArguments),
    /// Write synthetic exports with planted facts, to try Hearback with
    Sample(SampleArguments),
    /// Embedding models: which there are, and which one this workspace uses
    Models {
        #[command(subcommand)]
        action: ModelAction,
    },
    /// Check libraries, model and workspace
    Doctor,
    #[command(hide = true)]
    Bench {
        #[command(subcommand)]
        benchmark: Benchmark,
    },
}

#[derive(Debug, Args)]
pub struct AskArguments {
    /// Such as `overview`; without one, the commands are listed. With `-`, lines of {"command": NAME, "args": {...}} are
    /// read, and each is answered by a line of {"answer": ...} or {"failure": ...}
    #[arg(allow_hyphen_values = true)]
    pub name: Option<String>,
    /// Its arguments by name, as a JSON object
    #[arg(default_value = "{}")]
    pub args: String,
}

#[derive(Debug, Args)]
pub struct MapArguments {
    #[command(flatten)]
    pub filter: FilterArguments,
    /// Write the place of each text to this file, by its ending as .csv or .json
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Draw all of it again, also what has a place
    #[arg(long)]
    pub anew: bool,
    #[arg(long)]
    pub seed: Option<u64>,
}

#[derive(Debug, Args)]
pub struct OverviewArguments {
    #[command(flatten)]
    pub filter: FilterArguments,
    #[command(flatten)]
    pub comparison: ComparisonArguments,
}

#[derive(Debug, Args)]
pub struct TrendArguments {
    /// Split by one or two of: model_version, model, prompt_version, release, feedback_type, polarity, environment,
    /// user_role, theme, reason, source, tag, score_name
    #[arg(long, value_name = "D[,D]", value_delimiter = ',', value_parser = dimension)]
    pub by: Vec<Dimension>,
    /// What to measure
    #[arg(long, default_value = "negative_share", value_parser = measure_parser())]
    pub measure: Measure,
    /// hour, day, week, month or auto
    #[arg(long, default_value = "auto")]
    pub bucket: String,
    /// Series of their own beside Other
    #[arg(long, default_value_t = 5)]
    pub series: usize,
    /// Draw it as this kind
    #[arg(long, value_enum, default_value_t = ChartKind::Lines)]
    pub chart: ChartKind,
    /// Write the chart to this file
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub png: Option<PathBuf>,
    /// Draw it for dark surroundings
    #[arg(long)]
    pub dark: bool,
    /// Width and height in CSS pixels
    #[arg(long, default_value = "960x420", value_name = "WxH")]
    pub size: String,
    /// Print the statement that counts, instead of counting
    #[arg(long)]
    pub sql: bool,
    #[command(flatten)]
    pub filter: FilterArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChartKind {
    Lines,
    Stacked,
    Ranking,
}

#[derive(Debug, Args)]
pub struct FeedbackArguments {
    #[command(flatten)]
    pub filter: FilterArguments,
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
    /// time, score, polarity, feedback_type, model_version, environment, user_role, theme
    #[arg(long, default_value = "time")]
    pub sort: String,
    #[arg(long)]
    pub ascending: bool,
    /// Write the whole selection to this file
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SimilarArguments {
    #[arg(id = "like", value_name = "TEXT")]
    pub like: Option<String>,
    /// Near to what this feedback says; it is left out itself
    #[arg(long, value_name = "ID", conflicts_with = "like")]
    pub to_feedback: Option<String>,
    /// Near to what feedback on this turn says, else to its query
    #[arg(long, value_name = "ID", conflicts_with_all = ["like", "to_feedback"])]
    pub to_turn: Option<String>,
    /// Near to this theme, but not of it
    #[arg(long, value_name = "ID", conflicts_with_all = ["like", "to_feedback", "to_turn"])]
    pub to_theme: Option<i64>,
    /// By words and by meaning: quoted phrases are exact
    #[arg(long, conflicts_with_all = ["to_feedback", "to_turn", "to_theme"])]
    pub words: bool,
    #[arg(short, default_value_t = 10)]
    pub k: u32,
    #[command(flatten)]
    pub filter: FilterArguments,
}

#[derive(Debug, Args)]
pub struct KnownArguments {
    /// A complaint or a prompt
    #[arg(id = "problem", value_name = "TEXT")]
    pub text: String,
    #[command(flatten)]
    pub filter: FilterArguments,
}

#[derive(Debug, Args)]
pub struct SampleArguments {
    #[arg(long, default_value_t = 2000)]
    pub sessions: u32,
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// What changed between two selections: the span against the time before it, or one version against another.
#[derive(Debug, Args)]
pub struct ComparisonArguments {
    /// Compare this model version …
    #[arg(long, value_name = "VERSION", requires = "against")]
    pub compare: Option<String>,
    /// … with this one
    #[arg(long, value_name = "VERSION", requires = "compare")]
    pub against: Option<String>,
}

impl ComparisonArguments {
    pub fn comparison(&self) -> Comparison {
        match (&self.compare, &self.against) {
            (Some(current), Some(previous)) => {
                Comparison::ModelVersion { current: current.clone(), previous: previous.clone() }
            }
            _ => Comparison::PreviousPeriod,
        }
    }
}

/// Which feedback. Values of the same option are alternatives; an empty value means "has none".
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Filter")]
pub struct FilterArguments {
    /// The first day or moment that counts: 2026-05-04 or 2026-05-04T10:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub from: Option<Timestamp>,
    /// The first day or moment that no longer counts
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub to: Option<Timestamp>,
    #[arg(long, value_name = "VALUE")]
    pub model_version: Vec<String>,
    #[arg(long, value_name = "VALUE")]
    pub model: Vec<String>,
    #[arg(long, value_name = "VALUE")]
    pub prompt_version: Vec<String>,
    #[arg(long, value_name = "VALUE")]
    pub release: Vec<String>,
    /// thumb, rating, category, correction, comment, implicit, annotation or preference
    #[arg(long = "type", value_name = "TYPE", value_parser = feedback_type)]
    pub feedback_type: Vec<String>,
    /// negative, neutral or positive
    #[arg(long, value_name = "VALUE", value_parser = polarity)]
    pub polarity: Vec<String>,
    #[arg(long, value_name = "VALUE")]
    pub environment: Vec<String>,
    #[arg(long, value_name = "VALUE")]
    pub user_role: Vec<String>,
    #[arg(long, value_name = "VALUE")]
    pub reason: Vec<String>,
    /// A theme's id
    #[arg(long, value_name = "ID")]
    pub theme: Vec<String>,
    /// A source's id
    #[arg(long, value_name = "ID")]
    pub source: Vec<String>,
    #[arg(long, value_name = "VALUE")]
    pub tag: Vec<String>,
    #[arg(long, value_name = "VALUE")]
    pub score_name: Vec<String>,
    #[arg(long, value_name = "VALUE")]
    pub session: Vec<String>,
    /// Texts chosen on the map, by the number of the choice
    #[arg(long, value_name = "NUMBER")]
    pub selection: Vec<String>,
    /// yes: only with a score; an empty value: only without
    #[arg(long, value_name = "VALUE")]
    pub has_score: Vec<String>,
    /// A whole filter, as every number of --json has one in its `rows`; what else is given narrows it further
    #[arg(long = "filter", value_name = "JSON", value_parser = whole_filter)]
    pub whole: Option<Filter>,
    /// Words that must all occur in comment, correction, query or output
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,
    /// Whose feedback: people (where nothing is said), judges, derived or everyone
    #[arg(long, value_name = "WHO", value_parser = authors)]
    pub authors: Option<Authors>,
}

impl FilterArguments {
    pub fn filter(&self) -> Filter {
        let given: [(Dimension, &[String]); 16] = [
            (Dimension::ModelVersion, &self.model_version),
            (Dimension::Model, &self.model),
            (Dimension::PromptVersion, &self.prompt_version),
            (Dimension::Release, &self.release),
            (Dimension::FeedbackType, &self.feedback_type),
            (Dimension::Polarity, &self.polarity),
            (Dimension::Environment, &self.environment),
            (Dimension::UserRole, &self.user_role),
            (Dimension::Reason, &self.reason),
            (Dimension::Theme, &self.theme),
            (Dimension::Source, &self.source),
            (Dimension::Tag, &self.tag),
            (Dimension::ScoreName, &self.score_name),
            (Dimension::Session, &self.session),
            (Dimension::Selection, &self.selection),
            (Dimension::HasScore, &self.has_score),
        ];
        let mut filter = self.whole.clone().unwrap_or_default();
        for (dimension, values) in given.into_iter().filter(|(_, values)| !values.is_empty()) {
            let values = values.iter().map(|value| (!value.is_empty()).then(|| value.clone())).collect();
            filter = filter.with(Condition { dimension, values, exclude: Exclude::No });
        }
        // The later start and the earlier end hold.
        filter.from = filter.from.max(self.from);
        filter.to = filter.to.into_iter().chain(self.to).min();
        let text: Vec<String> = filter.text.take().into_iter().chain(self.text.clone()).collect();
        filter.text = (!text.is_empty()).then(|| text.join(" "));
        filter.authors = self.authors.unwrap_or(filter.authors);
        filter
    }
}

/// What `cargo xtask bench` asks: one JSON object a line, `{"name", "value", "unit"}`.
#[derive(Debug, Subcommand)]
pub enum Benchmark {
    Import {
        paths: Vec<PathBuf>,
    },
    Detect {
        paths: Vec<PathBuf>,
    },
    Embed {
        #[arg(long)]
        texts: PathBuf,
    },
    Themes(crate::bench::themes::ThemesArguments),
    Recall {
        #[arg(long)]
        texts: PathBuf,
        #[arg(long)]
        count: usize,
        /// In a workspace, as the window asks
        #[arg(long)]
        window: bool,
    },
    Map {
        #[arg(long)]
        texts: PathBuf,
        #[arg(long)]
        folder: PathBuf,
        #[arg(long)]
        grow: Option<usize>,
    },
    Trends,
    Charts,
}

impl Cli {
    /// The workspace, made where there is none: for commands that change it. Held to be changed from the beginning, so that
    /// whoever cannot change it hears so at once.
    pub fn workspace(&self) -> Result<Workspace> {
        interrupt::listen();
        Workspace::open_as(&self.workspace, Holding::Writing, Components::find())
    }

    /// A workspace that goes away with the program: for what writes nothing, where there is none yet.
    pub fn nowhere(&self) -> Result<Workspace> {
        Workspace::open(std::path::Path::new(":memory:"), Components::find())
    }

    /// The workspace, which has to be there: for commands that only ask. Others may read it meanwhile.
    pub fn existing(&self) -> Result<Workspace> {
        self.must_exist()?;
        let workspace = Workspace::open_as(&self.workspace, Holding::Reading, Components::find())?;
        self.say_if_only_readable(&workspace);
        Ok(workspace)
    }

    /// The workspace, which has to be there: for commands that change it.
    pub fn changing(&self) -> Result<Workspace> {
        self.must_exist()?;
        self.workspace()
    }

    /// The workspace, which has to be there: for commands that ask, and change it where there is something new.
    pub fn sharing(&self) -> Result<Workspace> {
        self.must_exist()?;
        interrupt::listen();
        let workspace = Workspace::open_as(&self.workspace, Holding::Sharing, Components::find())?;
        self.say_if_only_readable(&workspace);
        Ok(workspace)
    }

    fn must_exist(&self) -> Result<()> {
        if self.workspace.exists() {
            return Ok(());
        }
        Err(Error::workspace(format!("there is no workspace {}", self.workspace.display()))
            .hint("Name it with --workspace, or import something first"))
    }

    fn say_if_only_readable(&self, workspace: &Workspace) {
        if workspace.is_only_readable() {
            eprintln!("hearback-cli: {} may only be read, and is opened so", self.workspace.display());
        }
    }
}

fn dimension(word: &str) -> std::result::Result<Dimension, String> {
    Dimension::from_word(word.trim()).ok_or_else(|| known(Dimension::ALL.iter().map(|value| value.word())))
}

/// One of the measures; `--help` lists them.
fn measure_parser() -> impl TypedValueParser<Value = Measure> {
    PossibleValuesParser::new(Measure::ALL.iter().map(|value| value.word()))
        .try_map(|word| Measure::from_word(&word).ok_or("no measure"))
}

fn whole_filter(text: &str) -> std::result::Result<Filter, String> {
    let given: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    // A word that is misspelt would let everything through.
    let whole = serde_json::to_value(hearback_wire::Filter::default()).map_err(|error| error.to_string())?;
    if let Some(unknown) =
        given.as_object().into_iter().flatten().map(|(name, _)| name).find(|name| whole.get(name.as_str()).is_none())
    {
        return Err(format!("a filter has no {unknown:?}"));
    }
    let read: hearback_wire::Filter = serde_json::from_value(given).map_err(|error| error.to_string())?;
    Filter::try_from(&read).map_err(|error| error.to_string())
}

fn feedback_type(word: &str) -> std::result::Result<String, String> {
    FeedbackType::from_word(word)
        .map(|value| value.word().to_owned())
        .ok_or_else(|| known(FeedbackType::ALL.iter().map(|value| value.word())))
}

fn polarity(word: &str) -> std::result::Result<String, String> {
    Polarity::from_word(word)
        .map(|value| value.word().to_owned())
        .ok_or_else(|| known(Polarity::ALL.iter().map(|value| value.word())))
}

fn authors(word: &str) -> std::result::Result<Authors, String> {
    Authors::from_word(word).ok_or_else(|| known(Authors::ALL.iter().map(|value| value.word())))
}

pub fn bucket(word: &str) -> Result<Option<Bucket>> {
    if word == "auto" {
        return Ok(None);
    }
    Bucket::from_word(word)
        .map(Some)
        .ok_or_else(|| Error::input(format!("there is no bucket {word:?}")).hint("One of auto, hour, day, week, month"))
}

fn source_to_remove(word: &str) -> std::result::Result<SourceToRemove, String> {
    let (id, digest) = match word.split_once('@') {
        Some((_, "")) => return Err("the digest after @ is missing".to_owned()),
        Some((id, digest)) => (id, Some(digest.to_owned())),
        None => (word, None),
    };
    let id = id.parse().map_err(|_| "a source's id, as `sources` lists it".to_owned())?;
    Ok(SourceToRemove { id, digest })
}

fn signal_rule(word: &str) -> std::result::Result<Rule, String> {
    Rule::from_word(word).ok_or_else(|| known(Rule::ALL.iter().map(|value| value.word())))
}

fn known<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("one of {}", words.collect::<Vec<_>>().join(", "))
}

fn moment(text: &str) -> std::result::Result<Timestamp, String> {
    Timestamp::parse(text)
        .or_else(|| Timestamp::parse(&format!("{text}T00:00:00Z")))
        .ok_or_else(|| "write it as 2026-05-04 or 2026-05-04T10:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn every_command_can_be_parsed() {
        super::Cli::command().debug_assert();
    }
}
