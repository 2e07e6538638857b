//! From words to themes: collect the texts, embed those that are new, find what belongs together.

use std::sync::Arc;

use super::{Project, lock};
use crate::{
    embed::{Embedder, rule},
    error::Result,
    job::{Job, Step, Unit},
    model::Timestamp,
    store::{NewTheme, NewThemeRun, StoredModel},
    theme::{self, ThemeInput, ThemeOptions, Themes},
};

#[derive(Clone, Debug)]
pub struct AnalysisOptions {
    /// Coarse (1) to fine (8).
    pub resolution: f64,
    pub seed: u64,
    pub now: Timestamp,
}

impl AnalysisOptions {
    pub fn new(now: Timestamp) -> Self {
        let ThemeOptions { resolution, seed, .. } = ThemeOptions::default();
        Self { resolution, seed, now }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnalysisOutcome {
    /// Distinct texts of the workspace.
    pub texts: u64,
    /// Of those, embedded now.
    pub embedded: u64,
    pub themes: u64,
    pub unclustered: u64,
    /// Nothing had changed since the last run: its themes stand.
    pub unchanged: bool,
}

impl Project {
    /// Brings texts, vectors and themes up to date with the data. Each part that is up to date is left as it is;
    /// stopped in the middle, the vectors made so far stay and the last themes stand.
    ///
    /// # Errors
    /// [`crate::error::Kind::Component`] without model or runtime; cancelled.
    pub fn analyse(&self, options: &AnalysisOptions, job: &Job) -> Result<AnalysisOutcome> {
        let data_version = self.workspace.data_version()?;
        let collected = format!("{data_version}/{}", rule::RULE_VERSION);
        self.workspace.collect_texts(
            &collected,
            |words| {
                rule::text_for(&rule::Parts {
                    comment: words.comment.as_deref(),
                    correction: words.correction.as_deref(),
                    reasons: &words.reasons,
                    label: words.label.as_deref(),
                    query: words.query.as_deref(),
                })
            },
            job,
        )?;
        job.progress(Step::LoadingModel, Unit::Texts, 0, None);
        let embedder = self.embedder()?;
        let model = stored_model(&embedder);
        let embedded = self.embed_new_texts(&embedder, &model, job)?;

        let theme_options =
            ThemeOptions { resolution: options.resolution, seed: options.seed, ..ThemeOptions::default() };
        let fingerprint = format!("{collected}/{}/{}", model.id, theme_options.fingerprint());
        if let Some(run) = self.workspace.theme_run()?
            && run.fingerprint == fingerprint
        {
            return Ok(AnalysisOutcome {
                texts: run.texts,
                embedded,
                themes: self.workspace.summary()?.themes,
                unclustered: run.unclustered,
                unchanged: true,
            });
        }
        let texts = self.workspace.texts()?;
        let vectors = self.workspace.vectors(&model.id, job)?;
        let found = theme::discover(&ThemeInput { vectors: &vectors, texts: &texts }, &theme_options, job)?;
        job.check()?;
        let run = new_run(&found, &model, options, fingerprint, data_version);
        let outcome = AnalysisOutcome {
            texts: texts.len() as u64,
            embedded,
            themes: run.themes.len() as u64,
            unclustered: run.members.iter().filter(|(_, theme, _)| theme.is_none()).count() as u64,
            unchanged: false,
        };
        self.workspace.put_theme_run(&run)?;
        Ok(outcome)
    }

    fn embed_new_texts(&self, embedder: &Embedder, model: &StoredModel, job: &Job) -> Result<u64> {
        let missing = self.workspace.texts_without_vector(&model.id)?;
        if missing.is_empty() {
            return Ok(0);
        }
        let texts: Vec<&str> = missing.iter().map(|row| row.text.as_str()).collect();
        embedder.embed(&texts, job, &mut |positions, values| {
            let hashes: Vec<_> = positions.iter().map(|&position| missing[position].hash).collect();
            self.workspace.add_vectors(model, &hashes, values.to_vec())
        })?;
        Ok(texts.len() as u64)
    }

    /// The model, loaded at its first use: a session for each core.
    pub(super) fn embedder(&self) -> Result<Arc<Embedder>> {
        let mut slot = lock(&self.embedder);
        if let Some(embedder) = &*slot {
            return Ok(Arc::clone(embedder));
        }
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let embedder = Arc::new(Embedder::load(&self.components.model_files(), cores)?);
        *slot = Some(Arc::clone(&embedder));
        Ok(embedder)
    }
}

pub(super) fn stored_model(embedder: &Embedder) -> StoredModel {
    let id = embedder.id();
    StoredModel {
        id: id.key(),
        name: id.name.clone(),
        digest: id.digest.clone(),
        pooling: id.pooling.word().to_owned(),
        max_length: u32::try_from(id.max_length).unwrap_or(u32::MAX),
        dimension: u32::try_from(id.dimension).unwrap_or(u32::MAX),
    }
}

fn new_run(
    found: &Themes,
    model: &StoredModel,
    options: &AnalysisOptions,
    fingerprint: String,
    data_version: u64,
) -> NewThemeRun {
    NewThemeRun {
        created_at: options.now,
        model_id: model.id.clone(),
        resolution: options.resolution,
        seed: options.seed,
        fingerprint,
        data_version,
        themes: found
            .themes
            .iter()
            .map(|theme| NewTheme {
                name: theme.name.clone(),
                keywords: theme.keywords.iter().map(|keyword| keyword.text.clone()).collect(),
                texts: theme.size as u64,
                cohesion: f64::from(theme.cohesion),
                centroid: theme.centroid.clone(),
                examples: theme.examples.clone(),
            })
            .collect(),
        members: found.members.iter().map(|member| (member.hash, member.theme, member.similarity)).collect(),
    }
}
