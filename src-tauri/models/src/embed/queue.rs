//! How are many texts embedded with every core busy and nothing lost when it is stopped?
//!
//! Texts are sorted by token count, longest first, and cut into batches of equal lengths, so that little is spent on
//! padding and the last batches to finish are short ones. One thread per session takes the next batch from the one
//! queue, which a probe of this scheme measured to be faster than one session with as many threads.
//!
//! How texts are cut into batches does not depend on the number of sessions, and a session runs on one thread: the
//! same texts give the same bits on any number of cores. Among *other* texts a text may stand in another batch, and
//! then its vector may differ in the last bits (below 1e-5 in any component).

use std::{
    borrow::Cow,
    sync::{
        PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
};

use rayon::prelude::*;

use super::{Embedder, Pooling, pool};
use hearback_domain::{
    error::{Error, Result},
    job::{Job, Step, Unit},
};

/// Tokens per run, of one thread: more leave the processor's own cache, fewer read the weights too often. Measured by processor
/// time: texts of 15 tokens go 3 % faster by 256 to 384 than by 180, those of 210 tokens 6 % faster by 400 than by 800, and
/// 1.4 times as fast as by 6 000.
const BATCH_TOKENS: usize = 384;

/// Texts per run at most: of very short ones, more were no faster.
const BATCH: usize = 32;

/// Results are handed over once they hold this many tokens: about a second's work of two cores.
const SLICE_TOKENS: usize = 8192;

/// What a text costs beside its tokens, in tokens: so that progress moves evenly from long texts to short ones.
const COST_PER_TEXT: u64 = 3;

/// Bytes of a text that are looked at: far more than the tokens that a model sees, in any language, so that one pasted
/// log file does not keep the tokenizer busy.
const MAX_BYTES: usize = 16 * 1024;

/// Takes results as they complete: the positions of some texts, and their vectors one after another.
pub type OnSlice<'a> = dyn FnMut(&[usize], &[f32]) -> Result<()> + 'a;

/// Where the texts of one call stand in work of several, for its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Texts of earlier calls.
    pub before: u64,
    /// Texts of all calls.
    pub total: u64,
}

struct Batch<'a> {
    texts: &'a [usize],
    tokens: usize,
    cost: u64,
}

impl Embedder {
    /// Embeds `texts` and hands the vectors to `on_slice` in slices as they complete, each text once, in no useful
    /// order: `on_slice(positions in texts, vectors)` with [`Embedder::dimension`] numbers per position, each vector
    /// of length 1. It is called on this thread; whatever it has taken is finished. Cancelling hands over all that is done first;
    /// being killed loses what was not handed over, less than one slice and the runs that were under way: about a second.
    ///
    /// Progress counts texts, weighted by their lengths so that it moves evenly.
    ///
    /// # Errors
    /// `Cancelled` at the next batch; the error of `on_slice`; `Internal` where the model fails on a text.
    pub fn embed<T: AsRef<str> + Sync>(&self, texts: &[T], job: &Job, on_slice: &mut OnSlice<'_>) -> Result<()> {
        self.embed_page(texts, Page { before: 0, total: texts.len() as u64 }, job, on_slice)
    }

    /// The same for some of many texts, which need not all be in memory.
    ///
    /// # Errors
    /// As [`Embedder::embed`].
    pub fn embed_page<T: AsRef<str> + Sync>(
        &self,
        texts: &[T],
        page: Page,
        job: &Job,
        on_slice: &mut OnSlice<'_>,
    ) -> Result<()> {
        job.check()?;
        let count = texts.len() as u64;
        job.progress(Step::Embedding, Unit::Texts, page.before, Some(page.total));
        let lengths = self.token_counts(texts, job)?;
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&index| (std::cmp::Reverse(lengths[index]), index));
        let batches = cut(&order, &lengths);
        let total_cost = batches.iter().map(|batch| batch.cost).sum::<u64>().max(1);

        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (sender, results) = mpsc::sync_channel::<(usize, Result<Vec<f32>>)>(2 * self.sessions.len());
            for session in 0..self.sessions.len() {
                let (sender, batches, next, stop) = (sender.clone(), &batches, &next, &stop);
                scope.spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let Some(batch) = batches.get(number) else { break };
                        if sender.send((number, self.run(session, texts, batch.texts))).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            // `results` moves in here: when this returns early, senders fail and the threads end.
            let outcome = collect(results, &batches, self.dimension(), on_slice, &mut |done_cost| {
                let done = if done_cost == total_cost { count } else { count * done_cost / total_cost };
                job.progress(Step::Embedding, Unit::Texts, page.before + done, Some(page.total));
                job.check()
            });
            stop.store(true, Ordering::Relaxed);
            outcome
        })
    }

    /// The vector of one text, such as a question to recall.
    ///
    /// # Errors
    /// `Internal` where the model fails on the text.
    pub fn embed_one(&self, text: &str) -> Result<Vec<f32>> {
        self.run(0, &[text], &[0])
    }

    /// The number of tokens the model sees of each text, by fastembed's own tokenizer.
    fn token_counts<T: AsRef<str> + Sync>(&self, texts: &[T], job: &Job) -> Result<Vec<usize>> {
        let mut tokenizer = self.sessions[0].lock().unwrap_or_else(PoisonError::into_inner).tokenizer.clone();
        tokenizer.with_padding(None);
        texts
            .par_chunks(64)
            .map(|chunk| {
                job.check()?;
                let cut: Vec<Cow<'_, str>> = chunk.iter().map(|text| self.prefixed(head(text.as_ref()))).collect();
                let encoded = tokenizer
                    .encode_batch_fast(cut, true)
                    .map_err(|error| Error::internal("The tokenizer failed on a text").because(error))?;
                Ok(encoded.iter().map(|encoding| encoding.len()).collect())
            })
            .collect::<Result<Vec<Vec<usize>>>>()
            .map(|counts| counts.concat())
    }

    fn run<T: AsRef<str>>(&self, session: usize, texts: &[T], batch: &[usize]) -> Result<Vec<f32>> {
        let cut: Vec<Cow<'_, str>> = batch.iter().map(|&index| self.prefixed(head(texts[index].as_ref()))).collect();
        let mut session = self.sessions[session].lock().unwrap_or_else(PoisonError::into_inner);
        let vectors = if self.id().pooling == Pooling::Mean {
            session.transform(&cut, Some(cut.len())).and_then(|answer| {
                answer.export_with_transformer(|batches| {
                    Ok(batches.iter().map(pool::sums).collect::<fastembed::Result<Vec<_>>>()?.concat())
                })
            })
        } else {
            session.embed(&cut, Some(cut.len())).map(|vectors| vectors.concat())
        };
        drop(session);
        let mut vectors =
            vectors.map_err(|error| Error::internal("The embedding model failed on a text").because(error))?;
        let odd = || Error::internal("The embedding model gave a vector that is not one");
        if vectors.is_empty() || vectors.len() != batch.len() * self.dimension() {
            return Err(odd());
        }
        for vector in vectors.chunks_exact_mut(self.dimension()) {
            let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
            // A vector that is not a number would poison every cosine it meets.
            if !length.is_finite() || length == 0.0 {
                return Err(odd());
            }
            vector.iter_mut().for_each(|value| *value /= length);
        }
        Ok(vectors)
    }
}

/// Cuts texts, which are in the order of their lengths, into batches.
fn cut<'a>(order: &'a [usize], lengths: &[usize]) -> Vec<Batch<'a>> {
    let mut batches = Vec::new();
    let mut rest = order;
    while let Some(&longest) = rest.first() {
        let fitting = (BATCH_TOKENS / lengths[longest].max(1)).clamp(1, BATCH).min(rest.len());
        let (texts, others) = rest.split_at(fitting);
        let tokens = texts.iter().map(|&index| lengths[index]).sum::<usize>();
        batches.push(Batch { texts, tokens, cost: tokens as u64 + COST_PER_TEXT * texts.len() as u64 });
        rest = others;
    }
    batches
}

/// Gathers finished batches into slices. `advance` is told the cost done so far after each batch.
fn collect(
    results: mpsc::Receiver<(usize, Result<Vec<f32>>)>,
    batches: &[Batch<'_>],
    dimension: usize,
    on_slice: &mut OnSlice<'_>,
    advance: &mut dyn FnMut(u64) -> Result<()>,
) -> Result<()> {
    let (mut positions, mut vectors, mut tokens) = (Vec::new(), Vec::<f32>::new(), 0);
    let (mut finished, mut cost) = (0, 0);
    for (number, result) in results {
        let batch = &batches[number];
        positions.extend_from_slice(batch.texts);
        vectors.extend_from_slice(&result?);
        debug_assert_eq!(vectors.len(), positions.len() * dimension);
        tokens += batch.tokens;
        finished += 1;
        cost += batch.cost;
        let going_on = advance(cost);
        if tokens >= SLICE_TOKENS || finished == batches.len() || going_on.is_err() {
            on_slice(&positions, &vectors)?;
            positions.clear();
            vectors.clear();
            tokens = 0;
        }
        going_on?;
    }
    if finished < batches.len() {
        Err(Error::internal("An embedding thread stopped before its work was done"))
    } else {
        Ok(())
    }
}

fn head(text: &str) -> &str {
    let end = (0..=MAX_BYTES.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}
