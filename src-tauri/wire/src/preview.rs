//! What would an import make of these files? Said before anything is written.

use crate::{Author, FeedbackType, MappingEntry, Polarity, ScoreChoice, UnmappedField, wire};
use std::collections::BTreeMap;

wire! {
    #[derive(Default)]
    #[serde(default)]
    pub struct PreviewRequest {
        /// Files, folders and archives.
        pub paths: Vec<String>,
        /// What the user decided about single files of them; all others are read as detected.
        pub choices: Vec<FileChoice>,
        /// Look at this one file of the set only, since a choice about it changed; `null` means all.
        pub only: Option<String>,
    }

    /// What the user decided about one file.
    #[derive(Default)]
    #[serde(default)]
    pub struct FileChoice {
        pub path: String,
        /// Leave it alone.
        pub skip: bool,
        /// A format's name, where the user knows better than detection, or gives a guess their word.
        pub format: Option<String>,
        /// What the columns of a table are; empty means as suggested.
        pub mapping: Vec<MappingEntry>,
        /// Save the mapping, and use it for every file with these columns.
        pub remember: bool,
    }

    pub struct Preview {
        pub files: Vec<PreviewFile>,
        /// Every format that a file may be read as.
        pub formats: Vec<FormatName>,
    }

    pub struct FormatName {
        pub name: String,
        pub title: String,
    }

    /// A file as it would be imported: everything here is of its first records.
    pub struct PreviewFile {
        /// Names the file in choices; of a file in an archive, `archive.zip/inner.jsonl`.
        pub path: String,
        pub name: String,
        pub bytes: u64,
        /// Empty where the file cannot be read.
        pub format: String,
        pub format_title: String,
        /// By what it was recognised.
        pub reason: String,
        /// What the tool itself leaves out of this export.
        pub note: Option<String>,
        /// 0..1
        pub confidence: f64,
        /// Too uncertain to be imported without the user's word.
        pub guess: bool,
        /// The file is in the workspace already, byte for byte.
        pub already_imported: bool,
        /// Why the file cannot be read, if so.
        pub problem: Option<String>,
        /// The saved mapping that was recognised by the header.
        pub profile: Option<String>,
        /// The columns of a generic table; empty for formats with fields of their own.
        pub columns: Vec<PreviewColumn>,
        /// For a generic table: the mapping that these records were read with.
        pub mapping: Vec<MappingEntry>,
        pub records: PreviewRecords,
        /// Records looked at.
        pub read: u64,
        /// Those are all that the file has.
        pub complete: bool,
        pub rejected: u64,
        /// The first of those.
        pub rejects: Vec<PreviewReject>,
        pub unmapped: Vec<UnmappedField>,
        pub scores: Vec<PreviewScore>,
    }

    pub struct PreviewColumn {
        pub name: String,
        /// A few different values, as they stand.
        pub examples: Vec<String>,
        /// Records looked at in which it has a value.
        pub filled: u64,
        /// The field that Hearback would map it to; `null`: it would become metadata.
        pub suggested: Option<String>,
        /// Why: by its name, or by its values.
        pub why: Option<String>,
    }

    #[derive(Default)]
    pub struct PreviewRecords {
        pub sessions: Vec<PreviewSession>,
        pub turns: Vec<PreviewTurn>,
        pub feedback: Vec<PreviewFeedback>,
    }

    pub struct PreviewSession {
        pub id: String,
        pub started_at: Option<String>,
        pub user_id: Option<String>,
        pub user_role: Option<String>,
        pub environment: Option<String>,
        pub metadata: BTreeMap<String, String>,
    }

    pub struct PreviewTurn {
        pub id: String,
        pub session_id: Option<String>,
        pub created_at: Option<String>,
        pub query: Option<String>,
        pub system_context: Option<String>,
        pub documents: u64,
        pub output: Option<String>,
        pub model: Option<String>,
        pub model_version: Option<String>,
        pub prompt_version: Option<String>,
        pub release: Option<String>,
        pub environment: Option<String>,
        pub user_role: Option<String>,
        pub tags: Vec<String>,
        pub metadata: BTreeMap<String, String>,
    }

    pub struct PreviewFeedback {
        pub id: String,
        pub created_at: Option<String>,
        pub session_id: Option<String>,
        pub turn_id: Option<String>,
        pub feedback_type: FeedbackType,
        pub author: Author,
        /// By the score rules shown beside; `null` where nothing says.
        pub polarity: Option<Polarity>,
        pub score_name: Option<String>,
        pub score: Option<f64>,
        pub label: Option<String>,
        pub reasons: Vec<String>,
        pub comment: Option<String>,
        pub correction: Option<String>,
        pub confidence: Option<f64>,
        pub tags: Vec<String>,
        pub metadata: BTreeMap<String, String>,
    }

    pub struct PreviewReject {
        /// From 1.
        pub record: u64,
        pub byte: Option<u64>,
        pub reason: String,
        pub raw: String,
    }

    /// What a score name's values would mean: a [`crate::ScoreRule`] before there is a source.
    pub struct PreviewScore {
        pub score_name: Option<String>,
        pub feedback_type: FeedbackType,
        pub count: u64,
        pub minimum: f64,
        pub maximum: f64,
        pub scale: String,
        pub worst: f64,
        pub best: f64,
        /// On 0 (worst) .. 1 (best).
        pub negative_at_most: f64,
        pub positive_at_least: f64,
        /// "0 / 1, 1 is good".
        pub sentence: String,
    }

    #[derive(Default)]
    #[serde(default)]
    pub struct ImportRequest {
        /// Files, folders and archives.
        pub paths: Vec<String>,
        pub choices: Vec<FileChoice>,
        /// Score rules that the user set in the preview; all others are inferred.
        pub scores: Vec<ScoreChoice>,
        /// The source that this import takes the place of: its file is read again.
        pub replace: Option<i64>,
    }
}
