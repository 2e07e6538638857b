//! The nearest past cases, with their feedback and with what was done about them.

mod known;
mod memory;
mod search;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Workspace;
use hearback_analysis::recall::{Closeness, Hit, SearchOptions};
use hearback_domain::{
    Filter, TextHash, Timestamp,
    error::{Error, Result},
    job::Job,
    rows::{FeedbackRow, TextRow},
};
use hearback_store::{Correction, Said, Snapshot};

pub use known::{KnownProblem, KnownTheme};
pub(crate) use memory::RecallIndex;
pub use memory::RecallMemory;
pub use search::{FoundCase, SearchAnswer};

/// What cases are looked for by.
#[derive(Clone, Copy, Debug)]
pub enum SimilarTo<'a> {
    Text(&'a str),
    /// The text of this feedback, which is left out of the answer.
    Feedback(&'a str),
    /// What feedback on this turn says, else what was asked; its own feedback is left out.
    Turn(&'a str),
    /// The centre of this theme: cases near to it that are not its own.
    Theme(i64),
}

#[derive(Clone, Debug, PartialEq)]
pub struct SimilarCase {
    /// Cosine.
    pub similarity: f32,
    pub closeness: Closeness,
    pub text: String,
    /// The latest feedback of the selection that says it.
    pub feedback: FeedbackRow,
    /// How many of the selection say it, since when, and when last.
    pub count: u64,
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
    pub done: Done,
}

/// What was done about a case then.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Done {
    /// What was written in the place of the answer: by whoever said the text, or by others of the same turn.
    pub correction: Option<Correction>,
    /// What the user noted of the theme that it is in now: a ticket, a route, a fix.
    pub note: Option<String>,
}

/// A model, and a vector that it made.
type Asked = (String, Vec<f32>);

/// A question as the matrix understands it, and whose answers do not count.
#[derive(Debug, Default)]
struct Question {
    /// Empty where there are no words to compare.
    vector: Vec<f32>,
    /// The model that it is of.
    model: String,
    except: Vec<String>,
    except_theme: Option<i64>,
    /// So many texts may be said by nobody else.
    own_texts: usize,
}

impl Workspace {
    /// The `k` nearest texts among those that feedback of `filter` says, nearest first.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Component`] without model or runtime (a feedback that is embedded needs neither);
    /// [`hearback_domain::error::Kind::NotFound`] where nothing has been embedded yet, or for a turn or theme that there is not.
    pub fn similar(&self, to: SimilarTo<'_>, k: usize, filter: &Filter, job: &Job) -> Result<Vec<SimilarCase>> {
        if let SimilarTo::Text(text) = to
            && text.trim().is_empty()
        {
            return Err(Error::input("there is no text to compare"));
        }
        let question = self.question(to, job)?;
        if question.vector.is_empty() {
            return Ok(Vec::new());
        }
        let (hits, snapshot) = self.nearest(&question, k, filter, job)?;
        let mut cases = self.cases(&snapshot, &hits, filter, &question.except)?;
        cases.truncate(k);
        Ok(cases)
    }

    fn question(&self, to: SimilarTo<'_>, job: &Job) -> Result<Question> {
        let question = |(model, vector): Asked| Question { vector, model, ..Question::default() };
        Ok(match to {
            SimilarTo::Text(text) => question(self.vector_of_text(text)?),
            SimilarTo::Feedback(id) => match self.store.text_of(id)? {
                None => Question::default(),
                Some(TextRow { hash, text, .. }) => Question {
                    except: vec![id.to_owned()],
                    own_texts: 1,
                    ..question(self.vector_of(&[hash], &text, job)?)
                },
            },
            SimilarTo::Turn(id) => {
                let words = self.store.turn_words(id)?.ok_or_else(|| {
                    Error::not_found(format!("there is no turn {id}")).hint("Take its id from a trail")
                })?;
                let query = words.query.unwrap_or_default();
                let own_texts = words.texts.len();
                let asked = if own_texts == 0 && query.trim().is_empty() {
                    Asked::default()
                } else {
                    self.vector_of(&words.texts, &query, job)?
                };
                Question { except: words.feedback, own_texts, ..question(asked) }
            }
            SimilarTo::Theme(id) => Question { except_theme: Some(id), ..question(self.centre_of(id, job)?) },
        })
    }

    /// The centre of a theme, as the model sees it that recall holds the vectors of: as the run found it, or the mean
    /// direction of the theme's texts where the run was another model's.
    fn centre_of(&self, theme: i64, job: &Job) -> Result<Asked> {
        let snapshot = self.store.snapshot()?;
        let centre = snapshot
            .theme_centre(theme)?
            .ok_or_else(|| Error::not_found(format!("there is no theme {theme}")).hint("List them with `themes`"))?;
        let run = snapshot.theme_run()?.map(|run| run.model_id).unwrap_or_default();
        if snapshot.current_model()?.is_some_and(|model| model.id == run) {
            return Ok((run, centre));
        }
        let members: Vec<TextHash> = snapshot.theme_members(Some(theme))?.into_iter().map(|(hash, _)| hash).collect();
        drop(snapshot);
        self.mean_of(&members, job)?.ok_or_else(|| self.nothing_embedded("compare with"))
    }

    /// The mean direction of these texts as far as they are embedded, else that of `text`.
    fn vector_of(&self, hashes: &[TextHash], text: &str, job: &Job) -> Result<Asked> {
        match self.mean_of(hashes, job)? {
            Some(known) => Ok(known),
            None => self.vector_of_text(text),
        }
    }

    fn mean_of(&self, hashes: &[TextHash], job: &Job) -> Result<Option<Asked>> {
        self.with_memory(job, |memory| {
            let sum = hashes.iter().filter_map(|hash| memory.matrix.vector(hash)).reduce(|mut sum, vector| {
                sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += value);
                sum
            })?;
            Some((memory.model()?.to_owned(), sum))
        })
    }

    fn vector_of_text(&self, text: &str) -> Result<Asked> {
        let Some(model) = self.store.current_model()? else {
            return Err(self.nothing_embedded("compare with"));
        };
        let embedder = self.embedder()?;
        if crate::embedding_models::stored_model(&embedder).id != model.id {
            return Err(Error::component(format!("the workspace was analysed with another model ({})", model.name))
                .hint("Run the analysis again"));
        }
        Ok((model.id, embedder.embed_one(text.trim())?))
    }

    /// Enough of the nearest for `k` cases when the question's own are left out, and the state that they are of.
    fn nearest(&self, question: &Question, k: usize, filter: &Filter, job: &Job) -> Result<(Vec<Hit>, Snapshot<'_>)> {
        let mut filter = filter.clone();
        if let Some(theme) = question.except_theme {
            filter.conditions.push(hearback_domain::Condition {
                dimension: hearback_domain::Dimension::Theme,
                values: vec![Some(theme.to_string())],
                exclude: hearback_domain::filter::Exclude::Yes,
            });
        }
        let (hits, snapshot) = self.with_memory_of(&filter, job, |memory, rows| {
            if memory.model() != Some(question.model.as_str()) {
                return Err(Error::workspace("the embedding model was changed in the meantime").hint("Try again"));
            }
            let options = SearchOptions { k: k + question.own_texts, rows: Some(&rows.vectors) };
            memory.matrix.search(&question.vector, &options)
        })?;
        Ok((hits?, snapshot))
    }

    /// The cases behind some hits, in their order.
    fn cases(
        &self,
        snapshot: &Snapshot<'_>,
        hits: &[Hit],
        filter: &Filter,
        except: &[String],
    ) -> Result<Vec<SimilarCase>> {
        let hashes: Vec<TextHash> = hits.iter().map(|hit| hit.hash).collect();
        let Behind { mut said, texts, mut feedback } = self.behind(snapshot, &hashes, filter, except)?;
        let mut corrections = snapshot.corrections(filter, &hashes)?;
        let themes: BTreeSet<i64> = said.values().filter_map(|said| said.theme).collect();
        let notes = snapshot.theme_notes(&themes)?;
        Ok(hits
            .iter()
            .filter_map(|hit| {
                let Said { count, first, last, feedback: latest, theme } = said.remove(&hit.hash)?;
                let correction = corrections.remove(&hit.hash).and_then(|given| given.into_iter().next());
                let note = theme.and_then(|theme| notes.get(&theme).cloned());
                Some(SimilarCase {
                    similarity: hit.similarity,
                    closeness: hit.closeness(),
                    text: texts.get(&hit.hash).cloned().unwrap_or_default(),
                    feedback: feedback.remove(&latest)?,
                    count,
                    first,
                    last,
                    done: Done { correction, note },
                })
            })
            .collect())
    }

    /// Who says these texts, and their words.
    fn behind(
        &self,
        snapshot: &Snapshot<'_>,
        hashes: &[TextHash],
        filter: &Filter,
        except: &[String],
    ) -> Result<Behind> {
        let said = snapshot.said(filter, hashes, except)?;
        let ids: Vec<String> = said.values().map(|said| said.feedback.clone()).collect();
        let feedback = snapshot.feedback_by_id(&ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
        Ok(Behind { texts: snapshot.texts_by_hash(hashes)?, said, feedback })
    }
}

struct Behind {
    said: BTreeMap<TextHash, Said>,
    texts: BTreeMap<TextHash, String>,
    /// The latest of each, by id.
    feedback: HashMap<String, FeedbackRow>,
}
