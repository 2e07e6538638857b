//! What was imported, and what was not.

use crate::wire;

wire! {
    #[derive(Default)]
    pub struct ImportCounts {
        pub read: u64,
        pub kept: u64,
        pub updated: u64,
        pub rejected: u64,
        pub sessions: u64,
        pub turns: u64,
        pub feedback: u64,
        /// Of `feedback`, those whose turn is in the workspace.
        pub joined_turn: u64,
        /// Of `feedback`, those whose session is in the workspace.
        pub joined_session: u64,
    }

    pub struct Source {
        pub id: i64,
        pub name: String,
        pub path: String,
        pub format: String,
        pub format_reason: String,
        pub digest: String,
        pub bytes: u64,
        pub imported_at: String,
        pub counts: ImportCounts,
    }

    /// A file that will be, or could be, imported.
    pub struct RecognisedFile {
        pub path: String,
        pub name: String,
        pub bytes: u64,
        pub format: String,
        pub format_title: String,
        pub reason: String,
        /// 0..1
        pub confidence: f64,
        /// The columns of a generic table; empty for formats with fields of their own.
        pub columns: Vec<String>,
        /// For a generic table: what Hearback would map, for the user to change.
        pub suggested_mapping: Vec<MappingEntry>,
        /// The file is in the workspace already, byte for byte.
        pub already_imported: bool,
        /// Why the file cannot be read, if so.
        pub problem: Option<String>,
    }

    pub struct MappingEntry {
        /// A field of the data model, such as `comment`, `score` or `metadata.plan`.
        pub target: String,
        pub column: String,
    }

    #[derive(Default)]
    #[serde(default)]
    pub struct ImportRequest {
        /// Files and folders.
        pub paths: Vec<String>,
        /// A format's name, where the user knows better than detection.
        pub format: Option<String>,
        /// For generic tables; empty means as suggested.
        pub mapping: Vec<MappingEntry>,
    }

    pub struct ImportReport {
        /// One for each file that was read now.
        pub sources: Vec<Source>,
        /// Files left alone since they are in the workspace already, byte for byte.
        pub unchanged: Vec<String>,
        pub total: ImportCounts,
        pub seconds: f64,
    }

    pub struct Reject {
        pub id: i64,
        pub source_id: i64,
        pub source_name: String,
        /// From 1.
        pub record: u64,
        pub byte: Option<u64>,
        pub reason: String,
        pub raw: String,
    }

    pub struct RejectPage {
        pub rows: Vec<Reject>,
        /// Pass as `after` for the next page.
        pub next: Option<i64>,
        pub total: u64,
    }

    /// How a score name's values become a polarity.
    pub struct ScoreRule {
        pub source_id: i64,
        pub source_name: String,
        pub score_name: Option<String>,
        pub feedback_type: crate::FeedbackType,
        pub count: u64,
        pub minimum: f64,
        pub maximum: f64,
        pub scale: String,
        pub worst: f64,
        pub best: f64,
        /// On 0 (worst) .. 1 (best).
        pub negative_at_most: f64,
        pub positive_at_least: f64,
        /// Set by the user, not inferred.
        pub confirmed: bool,
    }
}
