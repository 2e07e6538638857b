//! What is to be imported, and what an import did.

use crate::{
    Asked, ImportCounts, MappingEntry, PersonalData, ReasonCount, ScoreChoice, Source, source::mapping_of, wire_type,
};
use hearback_app::{self as app, ImportOptions, ImportOutcome, Workspace, ingest, store::UnjoinedReason};
use hearback_domain::{Timestamp, error::Result};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant,
};

wire_type! {
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

    pub struct ImportReport {
        /// One for each file that was read now.
        pub sources: Vec<Source>,
        /// Files left alone since they are in the workspace already, byte for byte.
        pub unchanged: Vec<String>,
        /// Files left alone since they are no export that Hearback reads.
        pub skipped: Vec<SkippedFile>,
        pub total: ImportCounts,
        /// Why feedback of these sources has no turn or no session, most frequent first.
        pub unjoined: Vec<ReasonCount>,
        /// Fields that found no place, source by source.
        pub unmapped: Vec<SourceUnmapped>,
        /// What the tools themselves leave out of these exports.
        pub notes: Vec<String>,
        /// Where in the themes the new texts are; `null` where there are no themes.
        pub placing: Option<crate::Assignment>,
        pub seconds: f64,
    }

    pub struct SkippedFile {
        pub path: String,
        pub reason: String,
    }

    pub struct SourceUnmapped {
        pub source_id: i64,
        pub fields: Vec<UnmappedField>,
    }

    /// A field that had a value and found no place in the data model.
    pub struct UnmappedField {
        pub field: String,
        /// Records in which it had a value.
        pub count: u64,
        /// Why, where that is known.
        pub reason: Option<String>,
    }
}

pub fn start_import(asked: &Asked<'_>, request: ImportRequest) -> Result<ImportReport> {
    let began = Instant::now();
    let (paths, options) = request.options(asked.now, asked.personal_data)?;
    let outcome = asked.workspace.import(&paths, &options, asked.job)?;
    import_report(asked.workspace, &outcome, began)
}

/// What an import did, with what did not join.
pub fn import_report(workspace: &Workspace, outcome: &ImportOutcome, began: Instant) -> Result<ImportReport> {
    let mut unjoined: BTreeMap<UnjoinedReason, u64> = BTreeMap::new();
    for source in &outcome.sources {
        for (reason, count) in workspace.unjoined_counts(Some(source.id))? {
            *unjoined.entry(reason).or_default() += count;
        }
    }
    Ok(ImportReport::new(outcome, began.elapsed().as_secs_f64()).with_unjoined(unjoined))
}

impl ImportRequest {
    /// What to read, and how.
    ///
    /// # Errors
    /// A mapping to a field that the data model does not have; a scale that does not exist.
    pub fn options(&self, now: Timestamp, personal_data: &PersonalData) -> Result<(Vec<PathBuf>, ImportOptions)> {
        let scores: Result<_> = self.scores.iter().map(ScoreChoice::choice).collect();
        let options = ImportOptions {
            scores: scores?,
            replace: self.replace.into_iter().collect(),
            ..options(&self.choices, now, personal_data)?
        };
        Ok((self.paths.iter().map(PathBuf::from).collect(), options))
    }
}

/// How files are read, as the user decided about them.
pub(crate) fn options(choices: &[FileChoice], now: Timestamp, personal_data: &PersonalData) -> Result<ImportOptions> {
    let choices: Result<_> = choices.iter().map(FileChoice::choice).collect();
    Ok(ImportOptions {
        choices: choices?,
        email: personal_data.email.into(),
        ip: personal_data.ip.into(),
        ..ImportOptions::new(now)
    })
}

impl FileChoice {
    fn choice(&self) -> Result<app::FileChoice> {
        Ok(app::FileChoice {
            path: PathBuf::from(&self.path),
            skip: self.skip,
            format: self.format.clone(),
            mapping: mapping_of(&self.mapping)?,
            remember: self.remember.then(|| file_name(Path::new(&self.path))),
        })
    }
}

pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl ImportReport {
    /// Without what did not join, which only the workspace can say: see [`Self::with_unjoined`].
    pub fn new(outcome: &ImportOutcome, seconds: f64) -> Self {
        let mut notes: Vec<String> = Vec::new();
        for note in outcome.files.iter().filter_map(|file| file.note.as_ref()) {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
        let unmapped = outcome.sources.iter().zip(&outcome.files).map(|(source, file)| SourceUnmapped {
            source_id: source.id,
            fields: file.unmapped.iter().map(UnmappedField::from).collect(),
        });
        Self {
            unjoined: Vec::new(),
            unmapped: unmapped.filter(|source| !source.fields.is_empty()).collect(),
            notes,
            sources: outcome.sources.iter().map(Source::from).collect(),
            unchanged: outcome.unchanged.clone(),
            skipped: outcome
                .skipped
                .iter()
                .map(|file| SkippedFile { path: file.path.clone(), reason: file.reason.clone() })
                .collect(),
            total: (&outcome.total).into(),
            placing: outcome.placing.as_ref().map(crate::Assignment::from),
            seconds,
        }
    }

    /// Says why feedback of these sources did not join; counts of several sources are added up.
    #[must_use]
    pub fn with_unjoined(mut self, counts: impl IntoIterator<Item = (UnjoinedReason, u64)>) -> Self {
        for (reason, count) in counts {
            let ReasonCount { reason, count } = ReasonCount::unjoined(reason, count);
            match self.unjoined.iter_mut().find(|known| known.reason == reason) {
                Some(known) => known.count += count,
                None => self.unjoined.push(ReasonCount { reason, count }),
            }
        }
        self.unjoined.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.reason.cmp(&other.reason)));
        self
    }
}

impl From<&ingest::Unmapped> for UnmappedField {
    fn from(unmapped: &ingest::Unmapped) -> Self {
        Self { field: unmapped.field.clone(), count: unmapped.count, reason: unmapped.reason.map(str::to_owned) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Treatment;

    const HASHED: PersonalData = PersonalData { email: Treatment::Hash, ip: Treatment::Keep };

    #[test]
    fn what_the_user_decided_reaches_the_engine() {
        let entry = |target: &str, column: &str, constant| MappingEntry {
            target: target.to_owned(),
            column: column.to_owned(),
            constant,
        };
        let request = ImportRequest {
            paths: vec!["/a".into()],
            choices: vec![
                FileChoice {
                    path: "/a/reviews.csv".into(),
                    mapping: vec![entry("comment", "What, and why?", false), entry("environment", "production", true)],
                    remember: true,
                    ..FileChoice::default()
                },
                FileChoice { path: "/a/notes.txt".into(), skip: true, ..FileChoice::default() },
            ],
            scores: Vec::new(),
            replace: Some(4),
        };
        let (paths, options) = request.options(Timestamp::from_micros(0), &HASHED).unwrap();
        assert_eq!(paths, [PathBuf::from("/a")]);
        assert_eq!(options.replace, [4]);
        assert_eq!((options.email, options.ip), (ingest::privacy::Treatment::Hash, ingest::privacy::Treatment::Keep));
        let mapping = options.choices[0].mapping.as_ref().unwrap().to_string();
        assert_eq!(mapping, "comment=[What, and why?],environment=\"production\"");
        assert_eq!(options.choices[0].remember.as_deref(), Some("reviews.csv"));
        assert!(options.choices[1].skip && options.choices[1].remember.is_none());
    }

    #[test]
    fn a_field_that_there_is_not_is_refused() {
        let mapping = vec![MappingEntry { target: "mood".into(), column: "a".into(), constant: false }];
        let choices = vec![FileChoice { path: "/a.csv".into(), mapping, ..FileChoice::default() }];
        let request = ImportRequest { choices, ..ImportRequest::default() };
        assert!(request.options(Timestamp::from_micros(0), &HASHED).is_err());
    }
}
