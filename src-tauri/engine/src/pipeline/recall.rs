//! The nearest past cases, with their feedback.

use std::sync::Arc;

use super::{Project, analyse::stored_model, lock};
use crate::{
    error::{Error, Result},
    job::Job,
    model::{
        Filter, TextHash,
        rows::{FeedbackRow, TextRow},
    },
    recall::{Closeness, Index, SearchOptions},
};

#[derive(Clone, Copy, Debug)]
pub enum SimilarTo<'a> {
    Text(&'a str),
    /// The text of this feedback, which is left out of the answer.
    Feedback(&'a str),
}

#[derive(Clone, Debug, PartialEq)]
pub struct SimilarCase {
    /// Cosine.
    pub similarity: f32,
    pub closeness: Closeness,
    pub text: String,
    /// The latest feedback of the selection that says it.
    pub feedback: FeedbackRow,
    /// How many of the selection say it.
    pub count: u64,
}

/// The matrix in memory, and what it was made from.
#[derive(Debug)]
pub struct Matrix {
    key: (String, u64),
    index: Index,
}

impl Project {
    /// The `k` nearest texts among those that feedback of `filter` says, nearest first.
    ///
    /// # Errors
    /// [`crate::error::Kind::Component`] without model or runtime (a feedback that is embedded needs neither);
    /// [`crate::error::Kind::NotFound`] where nothing has been embedded yet.
    pub fn similar(&self, to: SimilarTo<'_>, k: usize, filter: &Filter, job: &Job) -> Result<Vec<SimilarCase>> {
        let (text, known) = match to {
            SimilarTo::Text(text) if text.trim().is_empty() => return Err(Error::input("there is no text to compare")),
            SimilarTo::Text(text) => (text.trim().to_owned(), None),
            SimilarTo::Feedback(id) => match self.workspace.text_of(id)? {
                Some(TextRow { hash, text, .. }) => (text, Some(hash)),
                None => return Ok(Vec::new()),
            },
        };
        let Some(model) = self.workspace.current_model()? else {
            return Err(Error::not_found("nothing has been analysed yet, so there is nothing to compare with")
                .hint("Run the analysis first (`hearback-cli analyze`, or Analyse in the window)"));
        };
        let matrix = self.matrix(&model.id, job)?;
        let vector = match known.and_then(|hash| matrix.index.vector(&hash)) {
            Some(vector) => vector.to_vec(),
            None => {
                let embedder = self.embedder()?;
                let own = stored_model(&embedder);
                if own.id != model.id {
                    return Err(Error::component(format!(
                        "the workspace was analysed with another model ({})",
                        model.name
                    ))
                    .hint("Run the analysis again"));
                }
                embedder.embed_one(&text)?
            }
        };
        let wanted = self.workspace.text_hashes(filter)?;
        let allow = |hash: TextHash| wanted.contains(&hash) && Some(hash) != known;
        let hits = matrix.index.search(&vector, &SearchOptions { k, allow: &allow })?;
        let hashes: Vec<TextHash> = hits.iter().map(|hit| hit.hash).collect();
        let mut found = self.workspace.latest_by_text(filter, &hashes)?;
        let texts = self.workspace.texts_by_hash(&hashes)?;
        Ok(hits
            .into_iter()
            .filter_map(|hit| {
                let (count, feedback) = found.remove(&hit.hash)?;
                Some(SimilarCase {
                    similarity: hit.similarity,
                    closeness: hit.closeness(),
                    text: texts.get(&hit.hash).cloned().unwrap_or_default(),
                    feedback,
                    count,
                })
            })
            .collect())
    }

    fn matrix(&self, model: &str, job: &Job) -> Result<Arc<Matrix>> {
        let key = (model.to_owned(), self.workspace.vector_version()?);
        let mut slot = lock(&self.matrix);
        if let Some(matrix) = &*slot
            && matrix.key == key
        {
            return Ok(Arc::clone(matrix));
        }
        let vectors = self.workspace.vectors(model, job)?;
        let matrix = Arc::new(Matrix { key, index: Index::new(vectors)? });
        *slot = Some(Arc::clone(&matrix));
        Ok(matrix)
    }
}
