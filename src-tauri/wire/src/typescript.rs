//! The window's view of these types, and of what can be asked, in TypeScript.

use crate::*;
use hearback_domain::{
    self as model,
    measure::{ChangeStyle, MeasureSpec, Rise, Style},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use ts_rs::{Config, TS};

const WRITTEN: &str = "// Written from the Rust crate hearback-wire by `cargo xtask types`. Do not edit.";

/// Numbers are `number`: nothing here passes 2^53.
fn config() -> Config {
    Config::default().with_large_int("number")
}

/// The content of `ui/src/wire/index.ts`.
pub fn generate() -> String {
    let config = config();
    let mut out = format!("{WRITTEN}\n");
    macro_rules! declare {
        ($($name:ident)*) => {
            $(
                out.push_str("\nexport ");
                out.push_str(&crate::$name::decl(&config));
                out.push('\n');
            )*
        };
    }
    declare! {
        FailureKind NextStep Failure
        FeedbackType Polarity Author Authors Dimension Measure Bucket Filter Condition OtherThan Counted FilterValue
        Appearance Treatment WorkspaceInfo AppState RecentWorkspace Settings PersonalData SignalRule SavedView
        WatchedFolder WatchResult WatchEvent
        ImportCounts Source MappingEntry ImportReport SkippedFile ReasonCount SourceUnmapped UnmappedField Reject RejectPage
        ScoreRule ScoreType OpenQuestion RuleSource Label ScoreChoice UnjoinedRow UnjoinedPage MappingProfile
        RemoveRequest RemovedSource PreviewRequest FileChoice Preview FormatName PreviewFile PreviewColumn Evidence ColumnSuggestion PreviewRecords PreviewSession PreviewTurn
        PreviewFeedback PreviewReject PreviewScore ImportRequest
        SeriesKind Direction TrendQuery Aggregate Value TrendPoint TrendSeries Trend
        Comparison Headline Mover Overview
        ChartKind ChartTheme ChartFile ChartRequest ChartPicture Geometry Frame ChartPoint ChartLabel
        Subject ThemeEvent NamedBy ThemeRun Drift ThemeList ThemeRow Subtheme ThemeHistoryEntry ThemeDetail Breakdown
        BreakdownValue AnalysisRequest AnalysisReport Assignment ThemeEdit ThemeEditRow ThemeEditReport ThemeCut
        MapInfo MapLabel MapTheme MapVersion MapLegend MapRequest MapReport MapPointQuery MapPointDetail MapSelection
        MapText MapExport
        ModelState ModelPooling ModelList ModelEntry
        SortBy SortOrder SpanTarget FeedbackRow Span FeedbackQuery FeedbackPage
        ChangeKind TrailQuery Trail TrailTurn Segment Change Document
        Similarity SimilarQuery SimilarCase Correction SearchQuery SearchAnswer FoundCase KnownProblem KnownTheme
        Step Unit Progress JobEvent Outcome
    }
    out.push_str(&command_types(&config));
    out.push_str(&tables());
    out
}

/// A command of the list, in the words of TypeScript.
struct Command {
    group: &'static str,
    /// What it does; empty where the list says nothing.
    about: &'static str,
    name: &'static str,
    /// Names and types.
    arguments: Vec<(String, String)>,
    answer: String,
    /// For what takes long: what it tells meanwhile.
    event: Option<String>,
}

macro_rules! listed {
    (
        reads { $($(#[doc = $rd:literal])* $read:ident($($ra:ident: $rt:ty),*) -> $ro:ty;)* }
        changes { $($(#[doc = $cd:literal])* $change:ident($($ca:ident: $ct:ty),*) -> $co:ty;)* }
        jobs { $($(#[doc = $jd:literal])* $job:ident($($ja:ident: $jt:ty),*);)* }
        bytes { $($(#[doc = $bd:literal])* $bytes:ident($($ba:ident: $bt:ty),*);)* }
        window { $($(#[doc = $wd:literal])* $own:ident($($oa:ident: $ot:ty),*) -> $oo:ty;)* }
        window_jobs { $($(#[doc = $ed:literal])* $told:ident($($ta:ident: $tt:ty),*) -> $to:ty => $event:ty;)* }
    ) => {
        fn commands(config: &Config) -> Vec<Command> {
            vec![
                $(Command::new(
                    "reads", concat!($($rd),*), stringify!($read),
                    vec![$((stringify!($ra), <$rt as TS>::name(config))),*], <$ro as TS>::name(config), None,
                ),)*
                $(Command::new(
                    "changes", concat!($($cd),*), stringify!($change),
                    vec![$((stringify!($ca), <$ct as TS>::name(config))),*], <$co as TS>::name(config), None,
                ),)*
                $(Command::new(
                    "jobs", concat!($($jd),*), stringify!($job),
                    vec![$((stringify!($ja), <$jt as TS>::name(config))),*], "number".to_owned(), Some(JobEvent::name(config)),
                ),)*
                $(Command::new(
                    "bytes", concat!($($bd),*), stringify!($bytes),
                    vec![$((stringify!($ba), <$bt as TS>::name(config))),*], "ArrayBuffer".to_owned(), None,
                ),)*
                $(Command::new(
                    "window", concat!($($wd),*), stringify!($own),
                    vec![$((stringify!($oa), <$ot as TS>::name(config))),*], <$oo as TS>::name(config), None,
                ),)*
                $(Command::new(
                    "windowJobs", concat!($($ed),*), stringify!($told),
                    vec![$((stringify!($ta), <$tt as TS>::name(config))),*], <$to as TS>::name(config), Some(<$event as TS>::name(config)),
                ),)*
            ]
        }
    };
}
crate::commands!(listed);

impl Command {
    fn new(
        group: &'static str,
        about: &'static str,
        name: &'static str,
        arguments: Vec<(&str, String)>,
        answer: String,
        event: Option<String>,
    ) -> Command {
        Command {
            group,
            about: about.trim(),
            name,
            arguments: arguments.into_iter().map(|(name, of)| (camel_case(name), of)).collect(),
            answer: if answer == "null" { "void".to_owned() } else { answer },
            event,
        }
    }

    fn comment(&self, indent: &str) -> String {
        if self.about.is_empty() { String::new() } else { format!("{indent}/** {} */\n", self.about) }
    }

    fn typed_arguments(&self) -> Vec<String> {
        self.arguments.iter().map(|(name, of)| format!("{name}: {of}")).collect()
    }

    /// Its line in `Commands` or `LongCommands`.
    fn as_type(&self) -> String {
        let Command { name, answer, event, .. } = self;
        let comment = self.comment("  ");
        let arguments = braced(&self.typed_arguments());
        let event = event.as_ref().map(|event| format!(", event: {event}")).unwrap_or_default();
        format!("{comment}  {name}: {{ args: {arguments}, answer: {answer}{event} }},\n")
    }

    fn as_function(&self) -> String {
        let Command { name, event, .. } = self;
        let mut takes = self.typed_arguments();
        let names: Vec<String> = self.arguments.iter().map(|(name, _)| name.clone()).collect();
        let (asks, hears) = if event.is_some() { ("start", ", onEvent") } else { ("call", "") };
        takes.extend(event.as_ref().map(|event| format!("onEvent: (event: {event}) => void")));
        format!(
            "{}export const {} = ({}) => {asks}(\"{name}\", {}{hears});\n",
            self.comment(""),
            camel_case(name),
            takes.join(", "),
            braced(&names)
        )
    }
}

fn braced(parts: &[String]) -> String {
    if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) }
}

/// What can be asked, and how long work is begun: arguments, answer, events.
fn command_types(config: &Config) -> String {
    let all = commands(config);
    let types = |long: bool| -> String {
        all.iter().filter(|command| command.event.is_some() == long).map(Command::as_type).collect()
    };
    let groups: String = all
        .chunk_by(|one, next| one.group == next.group)
        .map(|group| {
            let names: Vec<&str> = group.iter().map(|command| command.name).collect();
            format!("  {}: {},\n", group[0].group, json!(names))
        })
        .collect();
    let (asked, begun) = (types(false), types(true));
    format!(
        "
/** What is answered at once, by its name. */
export type Commands = {{
{asked}}};

/** What takes long, by its name: it tells of itself in events. */
export type LongCommands = {{
{begun}}};

/** What each of them does. `window` and `windowJobs` are the window's own business; all others ask the workspace. */
export const COMMANDS = {{
{groups}}} as const;
"
    )
}

/// The content of `ui/src/host/commands.ts`: each command as a function.
pub fn functions() -> String {
    let all = commands(&config());
    let taken = all.iter().flat_map(|command| command.arguments.iter().map(|(_, of)| of).chain(&command.event));
    let named: BTreeSet<&str> = taken
        .flat_map(|of| of.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| word.starts_with(char::is_uppercase) && *word != "Array")
        .collect();
    let named = Vec::from_iter(named).join(", ");
    let functions: String = all.iter().map(Command::as_function).collect();
    format!(
        "{WRITTEN}
import type {{ {named} }} from \"../wire/index.ts\";
import {{ call, start }} from \"./call.ts\";

{functions}"
    )
}

/// As serde renames fields.
fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut whole, part| {
        let mut letters = part.chars();
        whole.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        whole.push_str(letters.as_str());
        whole
    })
}

/// What the domain knows of its measures and dimensions, as constants.
fn tables() -> String {
    let measures: Vec<(String, Value)> = model::Measure::ALL
        .iter()
        .map(|measure| {
            let MeasureSpec { name, style, change, rise, formula, .. } = measure.spec();
            let (style, decimals) = match style {
                Style::Count => ("count", 0),
                Style::Percent { decimals } => ("percent", decimals),
                Style::Decimal { decimals } => ("decimal", decimals),
            };
            let change = match change {
                ChangeStyle::Relative => "relative",
                ChangeStyle::Points => "points",
                ChangeStyle::Plain => "plain",
            };
            let rise = match rise {
                Rise::Worse => "worse",
                Rise::Better => "better",
                Rise::Neither => "neither",
            };
            let form = json!({
                "name": name, "style": style, "decimals": decimals, "change": change, "rise": rise,
                "interval": formula.has_interval(),
            });
            (measure.word().to_owned(), form)
        })
        .collect();
    let dimensions: Vec<(String, Value)> = model::Dimension::ALL
        .iter()
        .map(|dimension| {
            let named = dimension.named_values().iter().copied().chain([""]);
            let values: serde_json::Map<String, Value> =
                named.map(|value| (value.to_owned(), json!(dimension.value_name(Some(value))))).collect();
            let form = json!({
                "title": dimension.name(), "list": dimension.is_list(), "none": dimension.value_name(None),
                "values": values,
            });
            (dimension.word().to_owned(), form)
        })
        .collect();
    format!(
        "
/** How values of a measure are written, and changes of them; `rise` is what more of it means. */
export type MeasureForm = {{ name: string, style: \"count\" | \"percent\" | \"decimal\", decimals: number, change: \"relative\" | \"points\" | \"plain\", rise: \"worse\" | \"better\" | \"neither\", interval: boolean, }};

export const MEASURES: Record<Measure, MeasureForm> = {};

/** What a dimension and its values are called; `list`: one feedback can have several values; `none`: what has no value. */
export type DimensionForm = {{ title: string, list: boolean, none: string, values: {{ [value in string]: string }}, }};

export const DIMENSIONS: Record<Dimension, DimensionForm> = {};
",
        pretty(measures),
        pretty(dimensions)
    )
}

fn pretty(rows: Vec<(String, Value)>) -> String {
    let lines: Vec<String> = rows.into_iter().map(|(word, form)| format!("  {word}: {form},\n")).collect();
    format!("{{\n{}}}", lines.concat())
}

#[cfg(test)]
mod tests {
    /// `UPDATE_TYPES=1 cargo test -p hearback-wire` writes the files; without it, a difference fails.
    #[test]
    fn what_the_window_is_given_is_up_to_date() {
        let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src");
        for (name, generated) in [("wire/index.ts", super::generate()), ("host/commands.ts", super::functions())] {
            let path = source.join(name);
            if std::env::var_os("UPDATE_TYPES").is_some() {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &generated).unwrap();
            }
            let written = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
            assert!(written == generated, "ui/src/{name} is out of date: run `cargo xtask types`");
        }
    }
}
