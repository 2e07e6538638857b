//! What of a workspace is held in memory for recall, and is it in step with the file?
//!
//! Vectors and words are loaded once, in the background where the window asks for it; afterwards only new ones are added.
//! A question that comes too early waits for them. What has left the workspace stays in memory until it is most of
//! it, and is never found, since every search is bound to the texts that a selection says.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard},
};

use super::super::{Workspace, lock};
use hearback_analysis::recall::{Matrix, RowSet, Words};
use hearback_domain::{
    Filter, TextHash,
    error::{Error, Result},
    job::Job,
};
use hearback_store::{RecallVersion, Snapshot};

/// Selections whose rows are kept: a user goes back and forth between a few.
const SELECTIONS: usize = 8;

#[derive(Debug, Default)]
pub(crate) struct RecallIndex {
    held: RwLock<Held>,
    /// Held by whoever loads: one at a time, while questions go on until there is something to add.
    loading: Mutex<()>,
    /// The latest first.
    selections: Mutex<Vec<Selection>>,
}

#[derive(Debug, Default)]
pub(crate) struct Held {
    /// The model of the vectors, and of which state they are; `None` before the first load.
    state: Option<(Option<String>, u64)>,
    pub matrix: Matrix,
    pub words: Words,
}

impl Held {
    fn is_of(&self, version: RecallVersion) -> bool {
        self.state.as_ref().is_some_and(|(_, vectors)| *vectors == version.vectors)
    }

    /// The id of the model that the vectors are of.
    pub fn model(&self) -> Option<&str> {
        self.state.as_ref().and_then(|(model, _)| model.as_deref())
    }
}

/// The rows of a selection.
#[derive(Debug)]
pub(crate) struct Rows {
    pub vectors: RowSet,
    pub words: RowSet,
}

#[derive(Debug)]
struct Selection {
    filter: Filter,
    version: RecallVersion,
    rows: Arc<Rows>,
}

/// What is held, to be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecallMemory {
    pub vectors: u64,
    pub texts: u64,
    /// About.
    pub bytes: u64,
}

impl Workspace {
    /// Loads what recall needs, or brings it up to date: for a thread in the background after a workspace was opened and
    /// after an import or an analysis. The model is loaded, too, where there is something to ask.
    ///
    /// # Errors
    /// Cancelled; a damaged workspace. A missing model is none: it is told when it is needed.
    pub fn load_recall(&self, job: &Job) -> Result<RecallMemory> {
        let (memory, _) = self.with_memory_of(&Filter::default(), job, |held, _| RecallMemory {
            vectors: held.matrix.len() as u64,
            texts: held.words.len() as u64,
            bytes: (held.matrix.memory() + held.words.memory()) as u64,
        })?;
        if memory.vectors > 0 {
            let _ = self.embedder();
        }
        Ok(memory)
    }

    /// Asks what is in memory, in step with the workspace.
    pub(crate) fn with_memory<T>(&self, job: &Job, ask: impl FnOnce(&Held) -> T) -> Result<T> {
        self.bring_up_to_date(job)?;
        Ok(ask(&self.memory.read()))
    }

    /// The same with the rows of a selection, and the state of the workspace that both are of.
    pub(crate) fn with_memory_of<T>(
        &self,
        filter: &Filter,
        job: &Job,
        ask: impl FnOnce(&Held, &Rows) -> T,
    ) -> Result<(T, Snapshot<'_>)> {
        loop {
            self.bring_up_to_date(job)?;
            let held = self.memory.read();
            let snapshot = self.store.snapshot()?;
            let version = snapshot.recall_version()?;
            // Else something was changed in between.
            if held.is_of(version) {
                let rows = self.selection(&snapshot, filter, version, &held)?;
                return Ok((ask(&held, &rows), snapshot));
            }
            drop(snapshot);
            drop(held);
            job.check()?;
        }
    }

    fn selection(
        &self,
        snapshot: &Snapshot<'_>,
        filter: &Filter,
        version: RecallVersion,
        held: &Held,
    ) -> Result<Arc<Rows>> {
        let known = |kept: &mut Vec<Selection>| {
            kept.retain(|selection| selection.version == version);
            let place = kept.iter().position(|selection| selection.filter == *filter)?;
            let selection = kept.remove(place);
            let rows = Arc::clone(&selection.rows);
            kept.insert(0, selection);
            Some(rows)
        };
        if let Some(rows) = known(&mut lock(&self.memory.selections)) {
            return Ok(rows);
        }
        let hashes = snapshot.text_hashes(filter)?;
        let rows = Arc::new(Rows { vectors: held.matrix.rows(&hashes), words: held.words.rows(&hashes) });
        let mut kept = lock(&self.memory.selections);
        kept.insert(0, Selection { filter: filter.clone(), version, rows: Arc::clone(&rows) });
        kept.truncate(SELECTIONS);
        Ok(rows)
    }

    /// Before the first analysis nobody else collects the texts, and words can be searched without one.
    fn know_words(&self, job: &Job) -> Result<()> {
        if self.store.theme_run()?.is_some() {
            return Ok(());
        }
        let before = self.store.vector_version()?;
        self.collect_texts(self.store.theme_subject()?, job)?;
        if self.store.vector_version()? == before { Ok(()) } else { self.store.refresh_themes() }
    }

    fn bring_up_to_date(&self, job: &Job) -> Result<()> {
        self.know_words(job)?;
        if self.memory.read().is_of(self.store.recall_version()?) {
            return Ok(());
        }
        let _loading = lock(&self.memory.loading);
        let snapshot = self.store.snapshot()?;
        let version = snapshot.recall_version()?;
        if self.memory.read().is_of(version) {
            return Ok(());
        }
        let model = snapshot.current_model()?;
        let there: HashSet<TextHash> = snapshot.text_ids()?.into_iter().collect();
        let id = model.as_ref().map(|model| model.id.clone());
        let dimension = model.as_ref().map_or(0, |model| model.dimension as usize);
        {
            let mut held = self.memory.write();
            let same_model = held.state.as_ref().is_some_and(|(model, _)| *model == id);
            if !same_model || held.matrix.dimension() != dimension || held.matrix.len() > 2 * there.len() {
                held.matrix = Matrix::new(dimension);
            }
            if held.words.len() > 2 * there.len() {
                held.words = Words::default();
            }
            // Until it is whole, nobody takes it for what it will be.
            held.state = None;
        }
        let missing = |has: &dyn Fn(&Held, &TextHash) -> bool| {
            let held = self.memory.read();
            there.iter().filter(|hash| !has(&held, hash)).copied().collect::<HashSet<TextHash>>()
        };
        let texts = missing(&|held, hash| held.words.contains(hash));
        snapshot.each_text(&texts, job, |hash, text| self.memory.write().words.push(hash, text))?;
        if let Some(id) = &id {
            let vectors = missing(&|held, hash| held.matrix.contains(hash));
            snapshot
                .each_vector(id, &vectors, job, |hash, vector| self.memory.write().matrix.push(hash, vector))
                .map_err(|error| match error.kind {
                    hearback_domain::error::Kind::Internal => {
                        Error::workspace("the workspace holds vectors of different lengths for one model")
                            .hint("Run the analysis again")
                            .because(error)
                    }
                    _ => error,
                })?;
        }
        self.memory.write().state = Some((id, version.vectors));
        Ok(())
    }
}

impl RecallIndex {
    // Whole after every row, so a panic elsewhere does not spoil it.
    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}
