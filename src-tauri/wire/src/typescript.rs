//! The window's view of these types, as one TypeScript file.

use crate::*;
use hearback_domain::{
    self as model,
    measure::{ChangeStyle, MeasureSpec, Rise, Style},
};
use serde_json::{Value, json};
use ts_rs::{Config, TS};

/// The content of `ui/src/wire/index.ts`. Numbers are `number`: nothing here passes 2^53.
pub fn generate() -> String {
    let config = Config::default().with_large_int("number");
    let mut out = String::from("// Written from the Rust crate hearback-wire by `cargo xtask types`. Do not edit.\n");
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

macro_rules! command_types {
    (
        reads { $($(#[doc = $rd:literal])* $read:ident($($ra:ident: $rt:ty),*) -> $ro:ty;)* }
        changes { $($(#[doc = $cd:literal])* $change:ident($($ca:ident: $ct:ty),*) -> $co:ty;)* }
        jobs { $($(#[doc = $jd:literal])* $job:ident($($ja:ident: $jt:ty),*);)* }
        bytes { $($(#[doc = $bd:literal])* $bytes:ident($($ba:ident: $bt:ty),*);)* }
        window { $($(#[doc = $wd:literal])* $own:ident($($oa:ident: $ot:ty),*) -> $oo:ty;)* }
        window_jobs { $($(#[doc = $ed:literal])* $told:ident($($ta:ident: $tt:ty),*) -> $to:ty => $event:ty;)* }
    ) => {
        /// What can be asked, and how long work is begun: arguments, answer, events.
        fn command_types(config: &Config) -> String {
            let name = |name: String| if name == "null" { "void".to_owned() } else { name };
            let mut asked = String::new();
            $(asked.push_str(&command(
                concat!($($rd),*), stringify!($read), &[$((stringify!($ra), <$rt as TS>::name(config))),*],
                &name(<$ro as TS>::name(config)), None,
            ));)*
            $(asked.push_str(&command(
                concat!($($cd),*), stringify!($change), &[$((stringify!($ca), <$ct as TS>::name(config))),*],
                &name(<$co as TS>::name(config)), None,
            ));)*
            $(asked.push_str(&command(
                concat!($($bd),*), stringify!($bytes), &[$((stringify!($ba), <$bt as TS>::name(config))),*],
                "ArrayBuffer", None,
            ));)*
            $(asked.push_str(&command(
                concat!($($wd),*), stringify!($own), &[$((stringify!($oa), <$ot as TS>::name(config))),*],
                &name(<$oo as TS>::name(config)), None,
            ));)*
            let mut begun = String::new();
            $(begun.push_str(&command(
                concat!($($jd),*), stringify!($job), &[$((stringify!($ja), <$jt as TS>::name(config))),*],
                "number", Some(JobEvent::name(config)),
            ));)*
            $(begun.push_str(&command(
                concat!($($ed),*), stringify!($told), &[$((stringify!($ta), <$tt as TS>::name(config))),*],
                &name(<$to as TS>::name(config)), Some(<$event as TS>::name(config)),
            ));)*
            let groups = [
                ("reads", json!([$(stringify!($read)),*])),
                ("changes", json!([$(stringify!($change)),*])),
                ("jobs", json!([$(stringify!($job)),*])),
                ("bytes", json!([$(stringify!($bytes)),*])),
                ("window", json!([$(stringify!($own)),*])),
                ("windowJobs", json!([$(stringify!($told)),*])),
            ];
            let groups: String = groups.iter().map(|(group, names)| format!("  {group}: {names},\n")).collect();
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
    };
}
crate::commands!(command_types);

fn command(about: &str, name: &str, arguments: &[(&str, String)], answer: &str, event: Option<String>) -> String {
    let about = about.trim();
    let about = if about.is_empty() { String::new() } else { format!("  /** {about} */\n") };
    let arguments: Vec<String> = arguments.iter().map(|(name, of)| format!("{}: {of}", camel_case(name))).collect();
    let arguments = if arguments.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", arguments.join(", ")) };
    let event = event.map(|event| format!(", event: {event}")).unwrap_or_default();
    format!("{about}  {name}: {{ args: {arguments}, answer: {answer}{event} }},\n")
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
    /// `UPDATE_TYPES=1 cargo test -p hearback-wire` writes the file; without it, a difference fails.
    #[test]
    fn the_windows_types_are_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/wire/index.ts");
        let generated = super::generate();
        if std::env::var_os("UPDATE_TYPES").is_some() {
            std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
            std::fs::write(path, &generated).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
        assert!(written == generated, "ui/src/wire/index.ts is out of date: run `cargo xtask types`");
    }
}
