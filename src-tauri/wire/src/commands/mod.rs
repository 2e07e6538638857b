//! What can be asked of Hearback: the one list of commands.
//!
//! The window's handler, the functions and types of its TypeScript, `hearback-cli ask`, and the answers that the interface's
//! tests run on come out of [`commands!`](crate::commands). A command of a workspace is a function of this crate with the
//! same name and arguments, beside the shapes that it takes and gives; one of the window lies in the shell. A list that says
//! another thing than a function does not compile.

#[cfg(test)]
mod tests;

use hearback_domain::error::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::*;

/// Hands the list of commands to the macro `$then`.
///
/// `reads` and `changes` are answered at once. `jobs` take long: they tell how they go in [`JobEvent`]s and end with an
/// [`Outcome`]. `bytes` is answered in bytes. What `window` and `window_jobs` ask is the window's own business: dialogs,
/// settings, which workspace is open.
#[macro_export]
macro_rules! commands {
    ($then:ident) => {
        $then! {
            reads {
                /// The open workspace in numbers.
                workspace_info() -> WorkspaceInfo;
                list_sources() -> Vec<Source>;
                /// Records that could not be read, of one source or of all.
                list_rejects(source_id: Option<i64>, after: Option<i64>, limit: u32) -> RejectPage;
                /// Feedback whose turn or session is not here.
                list_unjoined(source_id: Option<i64>, after: Option<String>, limit: u32) -> UnjoinedPage;
                list_mapping_profiles() -> Vec<MappingProfile>;
                list_score_rules() -> Vec<ScoreRule>;
                /// The labels that were chosen, the most frequent first, and what they mean.
                list_labels() -> Vec<Label>;
                list_signal_rules() -> Vec<SignalRule>;
                overview(filter: Filter, comparison: Comparison) -> Overview;
                trend(query: TrendQuery) -> Trend;
                draw_trend(request: ChartRequest) -> ChartPicture;
                filter_values(dimension: Dimension, filter: Filter, search: String, limit: u32) -> Vec<FilterValue>;
                list_themes(filter: Filter, comparison: Comparison) -> ThemeList;
                /// `null` is *Unclustered*.
                theme_detail(id: Option<i64>, filter: Filter, comparison: Comparison) -> ThemeDetail;
                /// In the order in which they were made.
                list_theme_edits() -> Vec<ThemeEditRow>;
                /// What became of a theme, or of all for `null`, the latest first.
                theme_history(theme: Option<i64>) -> Vec<ThemeHistoryEntry>;
                map_point(query: MapPointQuery) -> MapPointDetail;
                list_models() -> ModelList;
                feedback_page(query: FeedbackQuery) -> FeedbackPage;
                trail(query: TrailQuery) -> Trail;
                similar(query: SimilarQuery) -> Vec<SimilarCase>;
                search(query: SearchQuery) -> SearchAnswer;
                known(text: String, filter: Filter) -> KnownProblem;
                list_views() -> Vec<SavedView>;
            }
            changes {
                /// Undoes imports: what only these sources brought goes.
                remove_sources(request: RemoveRequest) -> Vec<Source>;
                remove_mapping_profile(fingerprint: String) -> Vec<MappingProfile>;
                set_score_rule(rule: ScoreRule) -> Vec<ScoreRule>;
                /// What a label means; for `null` the words that Hearback knows decide again.
                tell_label(score_name: Option<String>, label: String, polarity: Option<Polarity>) -> Vec<Label>;
                /// The signals of the rule are derived anew, or go.
                set_signal_rule(rule: String, enabled: bool) -> Vec<SignalRule>;
                /// Another granularity of the run that is shown: nothing is looked for again.
                recut_themes(cut: ThemeCut) -> AnalysisReport;
                /// Counts by its themes from now on, whether or not there is a run of it.
                choose_theme_subject(subject: Subject) -> ();
                edit_themes(edit: ThemeEdit) -> ThemeEditReport;
                /// `null` is the last one. Gives what was taken back.
                undo_theme_edit(id: Option<i64>) -> ThemeEditRow;
                /// Keeps the texts of these points, for a condition on the dimension `selection`.
                select_points(map: i64, points: Vec<u32>) -> MapSelection;
                /// Themes, map and recall are there as far as it has been analysed with.
                choose_model(key: String) -> ModelList;
                /// From this computer; its vectors stay in their workspaces.
                remove_model(key: String) -> ModelList;
                /// Its vectors, from this workspace; the model stays where it is.
                forget_model(key: String) -> ModelList;
                /// `id` 0 makes a new one.
                save_view(view: SavedView) -> Vec<SavedView>;
                delete_view(id: i64) -> Vec<SavedView>;
            }
            jobs {
                /// Reads the first records of each file; nothing is written.
                start_preview(request: PreviewRequest);
                start_import(request: ImportRequest);
                start_analysis(request: AnalysisRequest);
                start_map(request: MapRequest);
                /// Without consent it fails, and says what would be fetched from where.
                download_model(key: String, consent: bool);
            }
            bytes {
                /// Laid out as `map_bytes` says.
                map_points(filter: Filter);
            }
            window {
                app_state() -> AppState;
                /// The first picture is on the screen: the shell can say how long the start took.
                window_ready() -> ();
                set_settings(settings: Settings) -> Settings;
                new_workspace() -> Option<WorkspaceInfo>;
                /// Without a path the person is asked for one; `null` means cancelled.
                open_workspace(path: Option<String>) -> Option<WorkspaceInfo>;
                pick_files() -> Vec<String>;
                pick_folder(title: String) -> Option<String>;
                /// The path written to, or `null` when the dialog was cancelled.
                export_rejects(source_id: Option<i64>) -> Option<String>;
                /// The path written to, or `null` when the dialog was cancelled.
                export_chart(request: ChartRequest, title: String, file: ChartFile) -> Option<String>;
                /// The path written to, or `null` when the dialog was cancelled.
                export_feedback(filter: Filter) -> Option<String>;
                list_watched_folders() -> Vec<WatchedFolder>;
                set_watched_folder(folder: String, enabled: bool) -> Vec<WatchedFolder>;
                remove_watched_folder(folder: String) -> Vec<WatchedFolder>;
                cancel_job(id: u32) -> ();
            }
            window_jobs {
                start_sample() -> u32 => JobEvent;
                /// The person is asked for the folder; `null` means cancelled.
                add_model_folder() -> Option<u32> => JobEvent;
                /// Tells from now on what happens in watched folders.
                follow_watch() -> u32 => WatchEvent;
            }
        }
    };
}

#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A JSON document.
    Json(String),
    Bytes(Vec<u8>),
}

/// What a command does to a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Reads,
    Changes,
    /// Takes long, and may change it.
    Job,
}

macro_rules! answer_by_name {
    (
        reads { $($(#[$_r:meta])* $read:ident($($ra:ident: $rt:ty),*) -> $ro:ty;)* }
        changes { $($(#[$_c:meta])* $change:ident($($ca:ident: $ct:ty),*) -> $co:ty;)* }
        jobs { $($(#[$_j:meta])* $job:ident($($ja:ident: $jt:ty),*);)* }
        bytes { $($(#[$_b:meta])* $bytes:ident($($ba:ident: $bt:ty),*);)* }
        window $_w:tt
        window_jobs $_e:tt
    ) => {
        /// The commands of a workspace, in the order of the list.
        pub const COMMANDS: &[(&str, Way)] = &[
            $((stringify!($read), Way::Reads),)*
            $((stringify!($change), Way::Changes),)*
            $((stringify!($job), Way::Job),)*
            $((stringify!($bytes), Way::Reads),)*
        ];

        /// Answers a command by its name; jobs with their [`Outcome`].
        ///
        /// # Errors
        /// `Input` for a command that is not there, or arguments that are not its own; what the command says.
        pub fn answer(command: &str, asked: &Asked<'_>, arguments: Value) -> Result<Answer> {
            match command {
                $(stringify!($read) => {
                    arguments!(command, arguments, $($ra: $rt),*);
                    let answer: $ro = $read(asked, $($ra),*)?;
                    json(&answer)
                })*
                $(stringify!($change) => {
                    arguments!(command, arguments, $($ca: $ct),*);
                    let answer: $co = $change(asked, $($ca),*)?;
                    json(&answer)
                })*
                $(stringify!($job) => {
                    arguments!(command, arguments, $($ja: $jt),*);
                    let outcome = Outcome::from($job(asked, $($ja),*)?);
                    json(&outcome)
                })*
                $(stringify!($bytes) => {
                    arguments!(command, arguments, $($ba: $bt),*);
                    Ok(Answer::Bytes($bytes(asked, $($ba),*)?))
                })*
                _ => Err(no_such_command(command)),
            }
        }

        /// Runs a job by its name.
        ///
        /// # Errors
        /// As [`answer`].
        pub fn run(command: &str, asked: &Asked<'_>, arguments: Value) -> Result<Outcome> {
            match command {
                $(stringify!($job) => {
                    arguments!(command, arguments, $($ja: $jt),*);
                    $job(asked, $($ja),*).map(Outcome::from)
                })*
                _ => Err(no_such_command(command)),
            }
        }
    };
}

/// Reads the arguments of a command by their names, as the window writes them.
#[macro_export]
macro_rules! arguments {
    ($command:expr, $given:expr, $($name:ident: $type:ty),*) => {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Arguments { $($name: $type),* }
        let Arguments { $($name),* } = $crate::commands::read($command, $given)?;
    };
}

commands!(answer_by_name);

/// What does it do to a workspace? `None` for one of the window's own.
pub fn way(command: &str) -> Option<Way> {
    COMMANDS.iter().find(|(name, _)| *name == command).map(|(_, way)| *way)
}

/// Reads the arguments of `command`.
///
/// # Errors
/// `Input` where they are not its own.
pub fn read<T: DeserializeOwned>(command: &str, arguments: Value) -> Result<T> {
    serde_json::from_value(arguments)
        .map_err(|error| Error::input(format!("{command} was asked with other arguments than it takes")).because(error))
}

fn json(answer: &impl Serialize) -> Result<Answer> {
    serde_json::to_string(answer)
        .map(Answer::Json)
        .map_err(|error| Error::internal("the answer could not be written as JSON").because(error))
}

fn no_such_command(command: &str) -> Error {
    Error::input(format!("there is no command {command:?}"))
}
