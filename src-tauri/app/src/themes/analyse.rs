//! From words to themes: collect the texts, embed those that are new, find what belongs together; and look at the same
//! again, more coarsely or more finely.

use std::{fmt::Write, sync::Arc};

use crate::embedding_models::stored_model;
use crate::{
    Workspace, lock,
    themes::{assignment::assign_later_texts, records::hierarchy, runs::NewRun},
};
use hearback_analysis::{
    theme::{self, Cut, ThemeOptions},
    words as rule,
};
use hearback_domain::{
    Subject, Timestamp,
    error::{Error, NextStep, Result},
    job::{Job, Step, Unit},
};
use hearback_models::embed::{Embedder, Page};
use hearback_store::{Placement, Snapshot, Store, StoredModel, ThemeRun};

#[derive(Clone, Debug)]
pub struct AnalysisOptions {
    /// What the themes are about.
    pub subject: Subject,
    /// Coarse (0.25) to fine (8).
    pub resolution: f64,
    /// The greatest share of texts, 0 to 1, that may stay unclustered; `None` for what is honest.
    pub unclustered_at_most: Option<f64>,
    pub seed: u64,
    pub now: Timestamp,
}

impl AnalysisOptions {
    pub fn new(now: Timestamp) -> Self {
        let ThemeOptions { resolution, seed, .. } = ThemeOptions::default();
        Self { subject: Subject::Said, resolution, unclustered_at_most: None, seed, now }
    }

    fn cut(&self) -> Cut {
        Cut { resolution: self.resolution, unclustered_at_most: self.unclustered_at_most }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AnalysisOutcome {
    /// Distinct texts about the subject.
    pub texts: u64,
    /// Of those, embedded now.
    pub embedded: u64,
    pub themes: u64,
    pub unclustered: u64,
    /// Texts that say no more than good or bad: in no theme, and not unclustered.
    pub short_answers: u64,
    /// Texts that were pulled in so that no more than the wanted share is unclustered, and their mean similarity to
    /// their theme.
    pub pulled_in: u64,
    pub pulled_in_similarity: f64,
    /// Nothing had changed since the last run: its themes stand.
    pub unchanged: bool,
}

/// Texts that are in memory at once while they are embedded: enough to find companions of the same length for each, so
/// that padding costs nothing, and some megabytes however large the workspace is.
const TEXTS_AT_ONCE: u32 = 20_000;

impl Workspace {
    /// The options of the next run: those of the subject's last one, where there is one; of the subject that is counted,
    /// where none is named.
    pub fn analysis_options(&self, subject: Option<Subject>, now: Timestamp) -> Result<AnalysisOptions> {
        let snapshot = &self.store.snapshot()?;
        let subject = subject.map_or_else(|| snapshot.theme_subject(), Ok)?;
        let default = AnalysisOptions { subject, ..AnalysisOptions::new(now) };
        Ok(match snapshot.theme_run_of(subject)?.filter(|run| !run.explored.is_empty()) {
            Some(run) => AnalysisOptions {
                resolution: run.resolution,
                unclustered_at_most: run.unclustered_at_most,
                seed: run.seed,
                ..default
            },
            None => default,
        })
    }

    /// Brings texts, vectors and themes up to date with the data, and counts by them from now on. Each part that is up
    /// to date is left as it is; stopped in the middle, the vectors made so far stay and the last themes stand. Where
    /// only the cut is another one, nothing is looked for again.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Component`] without model or runtime; cancelled.
    pub fn analyse(&self, options: &AnalysisOptions, job: &Job) -> Result<AnalysisOutcome> {
        let subject = options.subject;
        let data_version = self.store.data_version()?;
        let collected = self.collect_texts(subject, job)?;
        job.progress(Step::LoadingModel, Unit::Texts, 0, None);
        let embedder = self.embedder()?;
        let model = stored_model(&embedder);
        let embedded = self.embed_new_texts(&embedder, &model, subject, job)?;

        let theme_options = ThemeOptions { seed: options.seed, ..ThemeOptions::default() };
        let cut = options.cut();
        let explored = format!("{collected}/{subject}/{}/{}", model.id, theme_options.fingerprint());
        let fingerprint = fingerprint(&explored, &cut);
        let before = self.store.theme_run_of(subject)?;
        if let Some(run) = before.clone() {
            if run.fingerprint == fingerprint {
                self.store.choose_subject(subject)?;
                return Ok(AnalysisOutcome { embedded, unchanged: true, ..self.outcome(&run)? });
            }
            if run.explored == explored {
                let run = self.recut_run(run, &cut, options.now, job)?;
                return Ok(AnalysisOutcome { embedded, ..self.outcome(&run)? });
            }
        }
        let snapshot = self.store.snapshot()?;
        let embedded_texts = Arc::new(self.embedded_texts(&snapshot, &model.id, subject, job)?);
        // Newcomers are looked at from where the themes were. Other options, a seed among them, ask for a fresh look.
        let alike = |run: &ThemeRun| run.model_id == model.id && run.options == theme_options.fingerprint();
        let earlier =
            before.filter(alike).map(|_| self.stored_hierarchy(&snapshot, subject, job)).transpose()?.flatten();
        drop(snapshot);
        let hierarchy = match earlier {
            Some(earlier) => theme::explore_from(&earlier, &embedded_texts.input(), &theme_options, job)?,
            None => theme::explore(&embedded_texts.input(), &theme_options, job)?,
        };
        let found = theme::cut(&hierarchy, &embedded_texts.input(), &cut, job)?;
        job.check()?;
        let run = ThemeRun {
            id: 0,
            created_at: options.now,
            subject,
            model_id: model.id,
            resolution: cut.resolution,
            unclustered_at_most: cut.unclustered_at_most,
            seed: options.seed,
            options: theme_options.fingerprint(),
            versions: versions()?,
            fingerprint,
            explored,
            data_version,
            texts: 0,
            unclustered: 0,
            pulled_in: 0,
            pulled_in_similarity: 0.0,
            similarity: 0.0,
        };
        let new_run = NewRun {
            run,
            hierarchy: &hierarchy,
            recut: false,
            at: options.now,
            embedded_texts,
            found,
            later: Vec::new(),
        };
        let _held = lock(&self.themes);
        let run = self.keep_run(new_run, job)?;
        Ok(AnalysisOutcome { embedded, ..self.outcome(&run)? })
    }

    /// Looks at the run of the subject that is counted at another granularity: texts, vectors and neighbours stay as
    /// they are. Themes keep their ids as from one run to the next, and so do the edits.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] without a run; `Input` for a cut without sense.
    pub fn recut(&self, cut: &Cut, now: Timestamp, job: &Job) -> Result<AnalysisOutcome> {
        let run = self.current_run()?;
        if run.resolution == cut.resolution && run.unclustered_at_most == cut.unclustered_at_most {
            return Ok(AnalysisOutcome { unchanged: true, ..self.outcome(&run)? });
        }
        let run = self.recut_run(run, cut, now, job)?;
        self.outcome(&run)
    }

    /// The run of the subject that is counted.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where there is none.
    pub(crate) fn current_run(&self) -> Result<ThemeRun> {
        self.store.theme_run()?.ok_or_else(|| Error::not_found("there are no themes yet").next(NextStep::Analyse))
    }

    fn recut_run(&self, run: ThemeRun, cut: &Cut, now: Timestamp, job: &Job) -> Result<ThemeRun> {
        let _held = lock(&self.themes);
        let subject = run.subject;
        let snapshot = self.store.snapshot()?;
        let placements = snapshot.placements(subject)?;
        let Some(stored) = snapshot.hierarchy(subject, job)? else {
            return Err(Error::not_found(
                "these themes were found before their hierarchy was kept, so they have one granularity",
            )
            .hint("Find them again once")
            .next(NextStep::Analyse));
        };
        let embedded_texts = Arc::new(self.embedded_texts(&snapshot, &run.model_id, subject, job)?);
        drop(snapshot);
        // What nobody says any more is no text of these themes.
        let present = |placement: &&Placement| {
            embedded_texts.texts.binary_search_by_key(&placement.hash, |text| text.hash).is_ok()
        };
        let present: Vec<Placement> = placements.iter().filter(present).copied().collect();
        let hierarchy = hierarchy(stored, &present);
        let own = crate::themes::runs::restricted_to(&embedded_texts, |hash| {
            hierarchy.texts.binary_search_by_key(hash, |text| text.hash).is_ok()
        });
        let found = theme::cut(&hierarchy, &own.input(), cut, job)?;
        let later: Vec<Placement> = present.iter().filter(|placement| placement.later).copied().collect();
        let later = assign_later_texts(&found, &later, &embedded_texts);
        let run = ThemeRun {
            resolution: cut.resolution,
            unclustered_at_most: cut.unclustered_at_most,
            fingerprint: fingerprint(&run.explored, cut),
            ..run
        };
        self.keep_run(NewRun { run, hierarchy: &hierarchy, recut: true, at: now, embedded_texts, found, later }, job)
    }

    /// The hierarchy of a subject's run with the texts that it was found among.
    fn stored_hierarchy(
        &self,
        snapshot: &Snapshot<'_>,
        subject: Subject,
        job: &Job,
    ) -> Result<Option<theme::Hierarchy>> {
        let Some(stored) = snapshot.hierarchy(subject, job)? else { return Ok(None) };
        Ok(Some(hierarchy(stored, &snapshot.placements(subject)?)))
    }

    fn outcome(&self, run: &ThemeRun) -> Result<AnalysisOutcome> {
        let snapshot = &self.store.snapshot()?;
        Ok(AnalysisOutcome {
            texts: run.texts,
            embedded: 0,
            themes: snapshot.themes_of(run.subject)?.len() as u64,
            unclustered: run.unclustered,
            short_answers: snapshot.short_answers(run.subject)?,
            pulled_in: run.pulled_in,
            pulled_in_similarity: run.pulled_in_similarity,
            unchanged: false,
        })
    }

    /// Brings the texts about a subject up to date with the data; gives what they were collected from.
    pub(crate) fn collect_texts(&self, subject: Subject, job: &Job) -> Result<String> {
        let collected = format!("{}/{}", self.store.data_version()?, rule::RULE_VERSION);
        self.store.collect_texts(
            subject,
            &collected,
            |words| {
                rule::text_for(
                    subject,
                    &rule::Parts {
                        comment: words.comment.as_deref(),
                        correction: words.correction.as_deref(),
                        reasons: &words.reasons,
                        label: words.label.as_deref(),
                        query: words.query.as_deref(),
                    },
                )
            },
            job,
        )?;
        Ok(collected)
    }

    pub(crate) fn embed_new_texts(
        &self,
        embedder: &Embedder,
        model: &StoredModel,
        subject: Subject,
        job: &Job,
    ) -> Result<u64> {
        let total = self.store.count_texts_without_vector(&model.id, subject)?;
        let (mut before, mut after) = (0, None);
        loop {
            let missing = self.store.texts_without_vector(&model.id, subject, after, TEXTS_AT_ONCE)?;
            let Some(last) = missing.last() else { return Ok(before) };
            after = Some(last.hash);
            let texts: Vec<&str> = missing.iter().map(|row| row.text.as_str()).collect();
            // An import may have brought more since they were counted.
            let page = Page { before, total: total.max(before + texts.len() as u64) };
            embedder.embed_page(&texts, page, job, &mut |positions, values| {
                let hashes: Vec<_> = positions.iter().map(|&position| missing[position].hash).collect();
                self.store.add_vectors(model, &hashes, values.to_vec())
            })?;
            before += texts.len() as u64;
        }
    }
}

fn fingerprint(explored: &str, cut: &Cut) -> String {
    let most = cut.unclustered_at_most.map_or_else(|| "honest".to_owned(), |share| share.to_string());
    format!("{explored}/{}/{most}", cut.resolution)
}

/// What computed a run, as one line: this program, the libraries by which themes come out as they do, the database.
fn versions() -> Result<String> {
    let mut versions = format!("hearback {}", env!("CARGO_PKG_VERSION"));
    for (library, version) in theme::library_versions() {
        let _ = write!(versions, ", {library} {version}");
    }
    let _ = write!(versions, ", duckdb {}", Store::engine_version()?);
    Ok(versions)
}
