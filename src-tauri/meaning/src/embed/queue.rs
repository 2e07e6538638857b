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

use super::Embedder;
use crate::{
    error::{Error, Result},
    job::{Job, Step, Unit},
};

/// Texts per run of the model: a probe measured 8 to 16 best for short ones.
const BATCH: usize = 12;

/// Tokens per run: of long texts fewer go together. Measured once, on a busy machine: texts of some 170 tokens took 11 %
/// less processor time in fours than in twelves.
const BATCH_TOKENS: usize = 768;

/// Results are handed over once they hold this many tokens: about a second's work on one core.
const SLICE_TOKENS: usize = 8192;

/// What a text costs beside its tokens, in tokens: so that progress moves evenly from long texts to short ones.
const COST_PER_TEXT: u64 = 3;

/// Bytes of a text that are looked at: far more than the tokens that a model sees, in any language, so that one pasted
/// log file does not keep the tokenizer busy.
const MAX_BYTES: usize = 16 * 1024;

/// Takes results as they complete: the positions of some texts, and their vectors one after another.
pub type OnSlice<'a> = dyn FnMut(&[usize], &[f32]) -> Result<()> + 'a;

struct Batch<'a> {
    texts: &'a [usize],
    tokens: usize,
    cost: u64,
}

impl Embedder {
    /// Embeds `texts` and hands the vectors to `on_slice` in slices as they complete, each text once, in no useful
    /// order: `on_slice(positions in texts, vectors)` with [`Embedder::dimension`] numbers per position, each vector
    /// of length 1. It is called on this thread; whatever it has taken is finished. Cancelling hands over all that is done first;
    /// being killed loses about a second.
    ///
    /// Progress counts texts, weighted by their lengths so that it moves evenly.
    ///
    /// # Errors
    /// `Cancelled` at the next batch; the error of `on_slice`; `Internal` where the model fails on a text.
    pub fn embed<T: AsRef<str> + Sync>(&self, texts: &[T], job: &Job, on_slice: &mut OnSlice<'_>) -> Result<()> {
        job.check()?;
        let total = texts.len() as u64;
        job.progress(Step::Embedding, Unit::Texts, 0, Some(total));
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
                let done = if done_cost == total_cost { total } else { total * done_cost / total_cost };
                job.progress(Step::Embedding, Unit::Texts, done, Some(total));
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
    fn token_counts<T: AsRef<str> + Sync>(&self, texts: &[T], job: &Job) -> Result<Vec<u32>> {
        let tokenizer = self.sessions[0].lock().unwrap_or_else(PoisonError::into_inner).tokenizer.clone();
        texts
            .par_chunks(64)
            .map(|chunk| {
                job.check()?;
                let cut: Vec<Cow<'_, str>> = chunk.iter().map(|text| self.prefixed(head(text.as_ref()))).collect();
                let encoded = tokenizer
                    .encode_batch(cut, true)
                    .map_err(|error| Error::internal("The tokenizer failed on a text").because(error))?;
                Ok(encoded.iter().map(|encoding| encoding.get_attention_mask().iter().sum::<u32>()).collect())
            })
            .collect::<Result<Vec<Vec<u32>>>>()
            .map(|counts| counts.concat())
    }

    fn run<T: AsRef<str>>(&self, session: usize, texts: &[T], batch: &[usize]) -> Result<Vec<f32>> {
        let cut: Vec<Cow<'_, str>> = batch.iter().map(|&index| self.prefixed(head(texts[index].as_ref()))).collect();
        let vectors = {
            let mut session = self.sessions[session].lock().unwrap_or_else(PoisonError::into_inner);
            session
                .embed(&cut, Some(cut.len()))
                .map_err(|error| Error::internal("The embedding model failed on a text").because(error))?
        };
        let mut flat = Vec::with_capacity(vectors.len() * self.dimension());
        for vector in vectors {
            // fastembed normalises; a vector that is not a number would poison every cosine it meets.
            let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
            if vector.len() != self.dimension() || !length.is_finite() || length == 0.0 {
                return Err(Error::internal("The embedding model gave a vector that is not one"));
            }
            flat.extend(vector.iter().map(|value| value / length));
        }
        Ok(flat)
    }
}

/// Cuts texts, which are in the order of their lengths, into batches.
fn cut<'a>(order: &'a [usize], lengths: &[u32]) -> Vec<Batch<'a>> {
    let mut batches = Vec::new();
    let mut rest = order;
    while let Some(&longest) = rest.first() {
        let fitting = (BATCH_TOKENS / lengths[longest].max(1) as usize).clamp(1, BATCH).min(rest.len());
        let (texts, others) = rest.split_at(fitting);
        let tokens = texts.iter().map(|&index| lengths[index] as usize).sum();
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
