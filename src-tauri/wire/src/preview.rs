//! What would an import make of these files? Said before anything is written.

use crate::{
    Asked, Author, FeedbackType, FileChoice, MappingEntry, OpenQuestion, PersonalData, Polarity, ScoreType,
    UnmappedField,
    import::{file_name, options},
    mirror_enum,
    source::entries,
    string_enum, wire_type,
};
use hearback_app::{self as app, ImportOptions, ingest};
use hearback_domain::{self as model, Timestamp, error::Result, polarity};
use std::{collections::BTreeMap, path::PathBuf};

string_enum! {
    /// What a suggestion rests on: the column's name, or its values where no name spoke.
    pub enum Evidence { Name, Values }
}

mirror_enum! {
    Evidence = ingest::mapping::Evidence { Name, Values }
}

wire_type! {
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
        /// The columns of a generic table, or of a file of no known format; empty for formats with fields of their own.
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
        /// The share of the first records in which it has a value, 0..1.
        pub filled: f64,
        /// What it would be suggested for, and why; `null` where nothing speaks for a field.
        pub suggested: Option<ColumnSuggestion>,
    }

    pub struct ColumnSuggestion {
        /// A field of the data model.
        pub target: String,
        pub by: Evidence,
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
        /// By the score rules shown beside; `unknown` where nothing says.
        pub polarity: Polarity,
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

    /// What the values of a score would mean: a [`crate::ScoreRule`] before there is a source.
    pub struct PreviewScore {
        pub tool: String,
        pub score_type: ScoreType,
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
        /// "0 or 1, 1 is good".
        pub sentence: String,
        /// The user confirmed this for a score of this name before.
        pub confirmed: bool,
        /// What must be said before these scores have a polarity; `null` where nothing is open.
        pub open: Option<OpenQuestion>,
    }

}

pub fn start_preview(asked: &Asked<'_>, request: PreviewRequest) -> Result<Preview> {
    let (paths, options) = request.options(asked.now, asked.personal_data)?;
    Ok(Preview::new(asked.workspace.preview(&paths, &options, asked.job)?))
}

impl PreviewRequest {
    /// What to look at, and how.
    ///
    /// # Errors
    /// A mapping to a field that the data model does not have.
    pub fn options(&self, now: Timestamp, personal_data: &PersonalData) -> Result<(Vec<PathBuf>, ImportOptions)> {
        let paths = self.only.as_ref().map_or(self.paths.as_slice(), std::slice::from_ref);
        Ok((paths.iter().map(PathBuf::from).collect(), options(&self.choices, now, personal_data)?))
    }
}

impl Preview {
    pub fn new(files: Vec<app::PreviewFile>) -> Self {
        let mut formats: Vec<FormatName> = Vec::new();
        for format in ingest::FORMATS {
            // A format may have more than one reader.
            if !formats.iter().any(|known| known.name == format.name()) {
                formats.push(FormatName { name: format.name().to_owned(), title: format.title().to_owned() });
            }
        }
        formats.sort_by(|one, other| one.title.cmp(&other.title).then_with(|| one.name.cmp(&other.name)));
        Self { files: files.into_iter().map(PreviewFile::from).collect(), formats }
    }
}

impl From<app::PreviewFile> for PreviewFile {
    fn from(file: app::PreviewFile) -> Self {
        let columns = |file: &[app::PreviewColumn]| file.iter().map(PreviewColumn::from).collect();
        let base = Self {
            name: file_name(&file.path),
            path: file.path.display().to_string(),
            bytes: file.bytes,
            format: String::new(),
            format_title: String::new(),
            reason: String::new(),
            note: None,
            confidence: 0.0,
            guess: false,
            already_imported: file.already_imported,
            problem: None,
            profile: None,
            columns: Vec::new(),
            mapping: Vec::new(),
            records: PreviewRecords::default(),
            read: 0,
            complete: false,
            rejected: 0,
            rejects: Vec::new(),
            unmapped: Vec::new(),
            scores: Vec::new(),
        };
        let content = match file.content {
            Ok(content) => content,
            Err(error) => {
                return Self { problem: Some(error.with_hint()), columns: columns(&file.columns), ..base };
            }
        };
        let recognised = &content.recognised;
        Self {
            format: recognised.format.name().to_owned(),
            format_title: recognised.title.clone(),
            reason: recognised.reason.clone(),
            note: recognised.note.clone(),
            confidence: f64::from(recognised.confidence),
            guess: content.guess,
            columns: if recognised.mapping.is_some() { columns(&file.columns) } else { Vec::new() },
            mapping: recognised.mapping.as_ref().map(entries).unwrap_or_default(),
            records: PreviewRecords {
                sessions: content.sessions.into_iter().map(PreviewSession::from).collect(),
                turns: content.turns.into_iter().map(PreviewTurn::from).collect(),
                feedback: content.feedback.into_iter().map(PreviewFeedback::from).collect(),
            },
            profile: content.profile,
            read: content.read,
            complete: content.complete,
            rejected: content.rejected,
            rejects: content.rejects.into_iter().map(PreviewReject::from).collect(),
            unmapped: content.unmapped.iter().map(UnmappedField::from).collect(),
            scores: content.scores.iter().map(PreviewScore::from).collect(),
            ..base
        }
    }
}

/// Longer texts are cut in a preview, so that a set of files fits into one answer; the import takes them whole.
const TEXT: usize = 64 * 1024;

fn cut(text: String) -> String {
    if text.len() <= TEXT {
        return text;
    }
    let end = (0..=TEXT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    format!("{}… ({} more bytes)", &text[..end], text.len() - end)
}

fn cut_values(metadata: BTreeMap<String, String>) -> BTreeMap<String, String> {
    metadata.into_iter().map(|(key, value)| (key, cut(value))).collect()
}

impl From<&app::PreviewColumn> for PreviewColumn {
    fn from(column: &app::PreviewColumn) -> Self {
        Self {
            name: column.name.clone(),
            examples: column.examples.clone(),
            filled: f64::from(column.filled),
            suggested: column
                .suggested
                .as_ref()
                .map(|suggested| ColumnSuggestion { target: suggested.target.clone(), by: suggested.by.into() }),
        }
    }
}

impl From<model::SessionRecord> for PreviewSession {
    fn from(session: model::SessionRecord) -> Self {
        Self {
            id: session.id,
            started_at: crate::moment(session.started_at),
            user_id: session.user_id,
            user_role: session.user_role,
            environment: session.environment,
            metadata: cut_values(session.metadata),
        }
    }
}

impl From<model::TurnRecord> for PreviewTurn {
    fn from(turn: model::TurnRecord) -> Self {
        Self {
            id: turn.id,
            session_id: turn.session_id,
            created_at: crate::moment(turn.created_at),
            query: turn.query.map(cut),
            system_context: turn.system_context.map(cut),
            documents: turn.documents.len() as u64,
            output: turn.output.map(cut),
            model: turn.model,
            model_version: turn.model_version,
            prompt_version: turn.prompt_version,
            release: turn.release,
            environment: turn.environment,
            user_role: turn.user_role,
            tags: turn.tags,
            metadata: cut_values(turn.metadata),
        }
    }
}

impl From<app::PreviewFeedback> for PreviewFeedback {
    fn from(row: app::PreviewFeedback) -> Self {
        let app::PreviewFeedback { record: feedback, polarity } = row;
        Self {
            id: feedback.id,
            created_at: crate::moment(feedback.created_at),
            session_id: feedback.session_id,
            turn_id: feedback.turn_id,
            feedback_type: feedback.feedback_type.into(),
            author: feedback.author.into(),
            polarity: polarity.into(),
            score_name: feedback.score_name,
            score: feedback.score,
            label: feedback.label,
            reasons: feedback.reasons,
            comment: feedback.comment.map(cut),
            correction: feedback.correction.map(cut),
            confidence: feedback.confidence,
            tags: feedback.tags,
            metadata: cut_values(feedback.metadata),
        }
    }
}

impl From<model::Reject> for PreviewReject {
    fn from(reject: model::Reject) -> Self {
        Self { record: reject.origin.record, byte: reject.origin.byte, reason: reject.reason, raw: reject.raw }
    }
}

impl From<&app::PreviewScore> for PreviewScore {
    fn from(score: &app::PreviewScore) -> Self {
        let sentence = score.sentence();
        // The name stands beside it already.
        let name = score.profile.key.score_name.as_deref().unwrap_or_default();
        let sentence = sentence.strip_prefix(name).unwrap_or(&sentence);
        let sentence = sentence.split_once(": ").map_or(sentence, |(_, rest)| rest).to_owned();
        let polarity::ScoreRule { scale, worst, best, negative_at_most, positive_at_least } =
            score.applied.rule.clone();
        Self {
            tool: score.profile.key.tool.clone(),
            score_type: score.profile.key.score_type.into(),
            score_name: score.profile.key.score_name.clone(),
            feedback_type: score.profile.feedback_type().into(),
            count: score.profile.count,
            minimum: score.profile.minimum,
            maximum: score.profile.maximum,
            scale: scale.word().to_owned(),
            worst,
            best,
            negative_at_most,
            positive_at_least,
            sentence,
            confirmed: score.applied.confirmed,
            open: score.open.map(OpenQuestion::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_can_be_chosen_once() {
        let formats = Preview::new(Vec::new()).formats;
        assert!(formats.windows(2).all(|pair| pair[0].title <= pair[1].title));
        let names: std::collections::BTreeSet<&str> = formats.iter().map(|format| format.name.as_str()).collect();
        assert!(names.len() == formats.len() && names.contains("table"), "{formats:?}");
    }

    #[test]
    fn one_file_of_a_set_is_looked_at_alone() {
        let request = PreviewRequest { paths: vec!["/a".into()], only: Some("/a/b.csv".into()), ..Default::default() };
        let (paths, _) = request.options(Timestamp::from_micros(0), &PersonalData::default()).unwrap();
        assert_eq!(paths, [PathBuf::from("/a/b.csv")]);
    }

    #[test]
    fn a_text_as_people_paste_it_is_whole_and_a_file_in_one_field_is_cut() {
        let text = "\u{1f468}\u{200d}\u{1f469}".repeat(1500);
        assert_eq!(cut(text.clone()), text);
        let long = format!("a{}", "\u{645}".repeat(TEXT));
        let shown = cut(long);
        assert!(shown.len() < TEXT + 40 && shown.ends_with("more bytes)"), "{}", shown.len());
    }

    #[test]
    fn a_scale_is_said_without_its_name() {
        let key = polarity::ScoreKey {
            tool: "langfuse".into(),
            score_name: Some("tone: how was it".into()),
            score_type: polarity::ScoreType::Numeric,
        };
        let thumb = |score| {
            let author = model::Author::Human;
            polarity::ScoreProfile::of(key.clone(), model::FeedbackType::Thumb, author, score)
        };
        let mut profile = thumb(0.0);
        profile.add(&thumb(1.0));
        let applied = polarity::propose(&profile).into();
        let score = app::PreviewScore { applied, profile, open: None };
        assert_eq!(PreviewScore::from(&score).sentence, "0 or 1, 1 is good");
    }
}
