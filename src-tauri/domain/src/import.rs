//! What did an import do? Counts that a person can check.

use super::Timestamp;

/// Counts of one source (one imported file).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Records that stood in the file.
    pub read: u64,
    /// Of those, the ones that became part of the workspace (new or merged).
    pub kept: u64,
    /// Feedbacks that were there before and were brought up to date.
    pub updated: u64,
    /// Records that stand in `rejects`.
    pub rejected: u64,
    pub sessions: u64,
    pub turns: u64,
    /// Feedbacks that the file speaks of; each counts once.
    pub feedback: u64,
    /// Of `feedback`, those whose turn is in the workspace.
    pub joined_turn: u64,
    /// Of `feedback`, those whose session is in the workspace.
    pub joined_session: u64,
}

impl ImportCounts {
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.kept += other.kept;
        self.updated += other.updated;
        self.rejected += other.rejected;
        self.sessions += other.sessions;
        self.turns += other.turns;
        self.feedback += other.feedback;
        self.joined_turn += other.joined_turn;
        self.joined_session += other.joined_session;
    }
}

/// One imported file.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub id: i64,
    /// The file's name without its folder.
    pub name: String,
    /// Where it lay when it was imported.
    pub path: String,
    pub format: String,
    /// The name of the tool that it comes from; `None` for what an older Hearback imported, until it is opened.
    pub tool: Option<String>,
    /// Why the format was recognised, or that the user chose it.
    pub format_reason: String,
    /// SHA-256 or BLAKE3 of the bytes, hexadecimal.
    pub digest: String,
    pub bytes: u64,
    pub imported_at: Timestamp,
    pub counts: ImportCounts,
    /// The mapping that it was read with, as text; `None` for formats that need none.
    pub mapping: Option<String>,
    /// What the tool itself leaves out of such an export, one sentence each.
    pub notes: Vec<String>,
}
