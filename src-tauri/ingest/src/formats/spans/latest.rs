//! Which of several spans speaks for the turn?
//!
//! Where the root says nothing, texts come from below it: from the agent rather than from the calls of the model, and
//! of these from the last, since the earlier ones chose tools or rewrote the question. Spans stand in a file in any
//! order, so what was put out last must be the best so far.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use hearback_domain::Timestamp;

/// How good a source of texts a span is; the higher one wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    rank: u8,
    order: i64,
}

impl Claim {
    /// The root's patch wins by its weight; nothing below need be weighed against it.
    pub const ROOT: Self = Self { rank: u8::MAX, order: 0 };

    /// Of several of this rank the earliest.
    pub fn first(rank: u8, at: Option<Timestamp>) -> Self {
        Self { rank, order: at.map_or(i64::MIN, |at| at.micros().saturating_neg()) }
    }

    /// Of several of this rank the latest.
    pub fn last(rank: u8, at: Option<Timestamp>) -> Self {
        Self { rank, order: at.map_or(i64::MIN, Timestamp::micros) }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct FilledSides {
    pub query: bool,
    pub output: bool,
}

#[derive(Debug, Default)]
pub struct Latest {
    /// By the hash of the trace's id, which may be of any length.
    traces: HashMap<u64, Best>,
}

#[derive(Debug, Default)]
struct Best {
    query: Claim,
    output: Claim,
    call: Option<i64>,
}

/// Traces of one file that are remembered. In what is beyond, the last span in the file speaks.
const TRACES: usize = 100_000;

impl Latest {
    /// Is this span the best source so far of the query, of the output?
    pub fn claims(&mut self, trace: &str, claim: Claim, query: bool, output: bool) -> FilledSides {
        let Some(best) = self.best(trace) else { return FilledSides { query: true, output: true } };
        let beats = |has: bool, best: fn(&mut Best) -> &mut Claim, trace: &mut Best| {
            let best = best(trace);
            let beats = has && claim >= *best;
            if beats && claim != Claim::ROOT {
                *best = claim;
            }
            beats
        };
        FilledSides {
            query: beats(query, |best| &mut best.query, best),
            output: beats(output, |best| &mut best.output, best),
        }
    }

    /// Is no later call of a model known?
    pub fn is_last_call(&mut self, trace: &str, at: Option<Timestamp>) -> bool {
        let Some(best) = self.best(trace) else { return true };
        let at = at.map(Timestamp::micros);
        let last = at >= best.call;
        if last {
            best.call = at;
        }
        last
    }

    fn best(&mut self, trace: &str) -> Option<&mut Best> {
        let mut hasher = DefaultHasher::new();
        trace.hash(&mut hasher);
        let key = hasher.finish();
        if self.traces.len() >= TRACES && !self.traces.contains_key(&key) {
            return None;
        }
        Some(self.traces.entry(key).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agent_and_then_the_last_call_speak() {
        let at = |second: i64| Some(Timestamp::from_micros(second * 1_000_000));
        let mut latest = Latest::default();
        let mut said = |claim, query, output| {
            let said = latest.claims("t", claim, query, output);
            (said.query, said.output)
        };
        assert_eq!(said(Claim::last(2, at(5)), true, true), (true, true));
        assert_eq!(said(Claim::last(2, at(3)), true, true), (false, false), "an earlier call");
        assert_eq!(said(Claim::first(3, at(1)), true, false), (true, false), "an agent that says only the query");
        assert_eq!(said(Claim::last(2, at(7)), true, true), (false, true));
        assert_eq!(said(Claim::first(3, at(2)), true, true), (false, true), "an agent within the agent");
        assert_eq!(said(Claim::ROOT, true, true), (true, true));
        assert!(latest.is_last_call("t", at(5)) && !latest.is_last_call("t", at(4)) && latest.is_last_call("u", None));
    }
}
