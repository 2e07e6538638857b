//! What says this, in these words or in others?

use std::collections::HashSet;

use super::{super::Workspace, Behind};
use hearback_analysis::recall::{Closeness, LastWord, SearchOptions, UNRELATED, WordQuery, fuse};
use hearback_domain::{
    Filter, TextHash,
    error::{Kind, Result},
    job::Job,
    rows::FeedbackRow,
};

/// How deep into each ranking is looked: far beyond what is shown, so that what both have comes first.
const DEPTH: usize = 100;

#[derive(Clone, Debug, PartialEq)]
pub struct SearchAnswer {
    /// Best first.
    pub cases: Vec<FoundCase>,
    /// Without a model, or before the first analysis, only words are compared.
    pub by_meaning: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FoundCase {
    pub text: String,
    /// Cosine and what it means; `None` where meaning was not compared.
    pub similarity: Option<(f32, Closeness)>,
    /// It has words of the question, or all of its phrases.
    pub by_words: bool,
    /// The latest feedback of the selection that says it, and how many do.
    pub feedback: FeedbackRow,
    pub count: u64,
}

impl Workspace {
    /// The `k` texts of the selection that fit `typed` best, by words and by meaning. Quoted phrases are exact; with
    /// [`LastWord::Beginning`] the last word may go on.
    ///
    /// # Errors
    /// Those of a damaged workspace or model; neither model nor analysis is needed for words.
    pub fn search(&self, typed: &str, last: LastWord, k: usize, filter: &Filter, job: &Job) -> Result<SearchAnswer> {
        let query = WordQuery::parse(typed, last);
        if query.is_empty() {
            return Ok(SearchAnswer { cases: Vec::new(), by_meaning: false });
        }
        let asked = match self.vector_of_text(typed) {
            Ok(asked) => Some(asked),
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Component) => None,
            Err(error) => return Err(error),
        };
        let exact = !query.phrases.is_empty();
        let (found, snapshot) = self.with_memory_of(filter, job, |memory, rows| -> Result<_> {
            // Where the model was changed in the meantime, words alone are compared.
            let vector = asked.filter(|(model, _)| memory.model() == Some(model.as_str())).map(|(_, vector)| vector);
            let depth = if exact { usize::MAX } else { DEPTH.max(k) };
            let mut by_words: Vec<TextHash> =
                memory.words.search(&query, depth, Some(&rows.words)).iter().map(|hit| hit.hash).collect();
            let mut by_meaning = Vec::new();
            if let Some(vector) = &vector {
                // What must be said word for word is not replaced by what means the same.
                let said = exact.then(|| memory.matrix.rows(&by_words));
                let rows = said.as_ref().unwrap_or(&rows.vectors);
                let hits = memory.matrix.search(vector, &SearchOptions { k: DEPTH.max(k), rows: Some(rows) })?;
                by_meaning.extend(hits.into_iter().filter(|hit| hit.similarity >= UNRELATED).map(|hit| hit.hash));
            }
            by_words.truncate(DEPTH.max(k));
            let worded: HashSet<TextHash> = by_words.iter().copied().collect();
            let mut order = fuse(&[by_words, by_meaning]);
            order.truncate(k);
            let similarities = match &vector {
                Some(vector) => memory.matrix.similarities(vector, &order)?,
                None => vec![None; order.len()],
            };
            Ok((order, similarities, worded, vector.is_some()))
        })?;
        let (order, similarities, worded, by_meaning) = found?;
        let Behind { mut said, texts, mut feedback } = self.behind(&snapshot, &order, filter, &[])?;
        let cases = order
            .iter()
            .zip(similarities)
            .filter_map(|(hash, similarity)| {
                let said = said.remove(hash)?;
                Some(FoundCase {
                    text: texts.get(hash).cloned().unwrap_or_default(),
                    similarity: similarity.map(|value| (value, Closeness::of(value))),
                    by_words: worded.contains(hash),
                    feedback: feedback.remove(&said.feedback)?,
                    count: said.count,
                })
            })
            .collect();
        Ok(SearchAnswer { cases, by_meaning })
    }
}
