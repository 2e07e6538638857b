//! Which texts have these words?
//!
//! An inverted index in memory, ranked by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
//! Beyond", 2009). Texts are short and all of them are in memory anyway, so a few hundred lines do what a full-text
//! library would, in any language that Unicode can take apart.

use std::{collections::BTreeMap, ops::Bound};

use super::{
    query::{self, WordQuery},
    rows::{Numbering, RowSet},
};
use hearback_domain::TextHash;

/// How soon a word said again counts no more, and how much long texts are held back: the customary values.
const K1: f32 = 1.2;
const B: f32 = 0.75;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordHit {
    pub hash: TextHash,
    /// Only to be compared within one answer.
    pub score: f32,
}

/// The words of some texts. Grows with them.
#[derive(Debug, Default)]
pub struct Words {
    numbering: Numbering,
    /// The number of each word, in alphabetical order.
    terms: BTreeMap<Box<str>, u32>,
    /// By number of the word: the texts that have it, ascending, and how often.
    postings: Vec<Vec<(u32, u32)>>,
    /// All texts one after another as numbers of words; the end of each.
    said: Vec<u32>,
    ends: Vec<usize>,
}

/// Scores by row, and which rows have one.
struct Scores {
    by_row: Vec<f32>,
    rows: Vec<u32>,
}

impl Words {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn contains(&self, hash: &TextHash) -> bool {
        self.numbering.row(hash).is_some()
    }

    /// About how much memory it takes, in bytes.
    pub fn memory(&self) -> usize {
        // A word of the map has about as much again for the tree.
        let terms = self.terms.keys().map(|term| term.len() + 48).sum::<usize>();
        let postings = self.postings.iter().map(|texts| texts.capacity() * 8 + size_of::<Vec<u8>>()).sum::<usize>();
        terms + postings + self.said.capacity() * 4 + self.ends.capacity() * 8 + self.numbering.memory()
    }

    /// Adds a text; one that is there stays as it is.
    pub fn push(&mut self, hash: TextHash, text: &str) {
        let Some(row) = self.numbering.add(hash) else { return };
        for word in query::words(text) {
            let next = self.postings.len() as u32;
            let term = *self.terms.entry(word.into_boxed_str()).or_insert(next);
            if term == next {
                self.postings.push(Vec::new());
            }
            let texts = &mut self.postings[term as usize];
            match texts.last_mut() {
                Some((last, times)) if *last == row => *times += 1,
                _ => texts.push((row, 1)),
            }
            self.said.push(term);
        }
        self.ends.push(self.said.len());
    }

    /// The rows of these texts.
    pub fn rows<'a>(&self, hashes: impl IntoIterator<Item = &'a TextHash>) -> RowSet {
        self.numbering.set(hashes)
    }

    /// The `k` texts that fit best, best first, the lower hash first among equals: texts with any of the words, and with
    /// every phrase.
    pub fn search(&self, query: &WordQuery, k: usize, rows: Option<&RowSet>) -> Vec<WordHit> {
        let mut scores = Scores { by_row: vec![0.0; self.len()], rows: Vec::new() };
        let mut phrases = Vec::new();
        for phrase in &query.phrases {
            // A phrase with a word that nobody says is said by nobody.
            let Some(terms) = phrase.iter().map(|word| self.term(word)).collect::<Option<Vec<u32>>>() else {
                return Vec::new();
            };
            phrases.push(terms);
        }
        for term in query.words.iter().filter_map(|word| self.term(word)).chain(phrases.iter().flatten().copied()) {
            self.score(&self.postings[term as usize], &mut scores);
        }
        if let Some(beginning) = &query.beginning {
            self.score(&self.beginning_with(beginning), &mut scores);
            // The word itself before those that go on.
            if let Some(term) = self.term(beginning) {
                self.score(&self.postings[term as usize], &mut scores);
            }
        }
        let Scores { by_row, rows: mut found } = scores;
        found.retain(|&row| rows.is_none_or(|rows| rows.contains(row)));
        found.retain(|&row| phrases.iter().all(|phrase| self.says(row, phrase)));
        let mut hits: Vec<WordHit> = found
            .into_iter()
            .map(|row| WordHit { hash: self.numbering.hash(row), score: by_row[row as usize] })
            .collect();
        let order = |a: &WordHit, b: &WordHit| b.score.total_cmp(&a.score).then(a.hash.cmp(&b.hash));
        if hits.len() > k {
            hits.select_nth_unstable_by(k, order);
            hits.truncate(k);
        }
        hits.sort_by(order);
        hits
    }

    fn term(&self, word: &str) -> Option<u32> {
        self.terms.get(word).copied()
    }

    /// All texts with a word that begins so, as if it were one word.
    fn beginning_with(&self, beginning: &str) -> Vec<(u32, u32)> {
        let mut merged: Vec<(u32, u32)> = self
            .terms
            .range::<str, _>((Bound::Included(beginning), Bound::Unbounded))
            .take_while(|(term, _)| term.starts_with(beginning))
            .flat_map(|(_, &term)| self.postings[term as usize].iter().copied())
            .collect();
        merged.sort_unstable();
        merged.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        merged
    }

    fn score(&self, texts: &[(u32, u32)], scores: &mut Scores) {
        let all = self.len() as f32;
        let having = texts.len() as f32;
        let rarity = (1.0 + (all - having + 0.5) / (having + 0.5)).ln();
        let mean_length = (self.said.len() as f32 / all).max(1.0);
        for &(row, times) in texts {
            let times = times as f32;
            let length = self.words_of(row).len() as f32;
            let score = rarity * times * (K1 + 1.0) / (times + K1 * (1.0 - B + B * length / mean_length));
            let sum = &mut scores.by_row[row as usize];
            if *sum == 0.0 {
                scores.rows.push(row);
            }
            *sum += score;
        }
    }

    fn words_of(&self, row: u32) -> &[u32] {
        let row = row as usize;
        let begin = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.said[begin..self.ends[row]]
    }

    fn says(&self, row: u32, phrase: &[u32]) -> bool {
        self.words_of(row).windows(phrase.len()).any(|words| words == phrase)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::LastWord, *};

    const TEXTS: &[&str] = &[
        "The refund window is 30 days, not 60",
        "Window of the app closes when I ask for a refund",
        "Refunds take too long",
        "Das Rückgaberecht ist falsch angegeben",
        "退款政策是错误的",
        "refund refund refund",
    ];

    fn index() -> Words {
        let mut index = Words::default();
        TEXTS.iter().for_each(|text| index.push(TextHash::of(text), text));
        index
    }

    fn found(typed: &str, last: LastWord) -> Vec<&'static str> {
        let hits = index().search(&WordQuery::parse(typed, last), 10, None);
        hits.iter().map(|hit| *TEXTS.iter().find(|text| TextHash::of(text) == hit.hash).unwrap()).collect()
    }

    #[test]
    fn phrases_are_exact_and_words_are_ranked() {
        assert_eq!(found("\"refund window\"", LastWord::Whole), [TEXTS[0]]);
        assert_eq!(found("\"window refund\"", LastWord::Whole), [] as [&str; 0]);
        assert_eq!(found("refund \"nobody says this\"", LastWord::Whole), [] as [&str; 0]);
        // Both words before one of them; of one, the text that says nothing else.
        assert_eq!(found("refund window", LastWord::Whole), [TEXTS[0], TEXTS[1], TEXTS[5]]);
        assert_eq!(found("REFUND", LastWord::Whole)[0], TEXTS[5]);
    }

    #[test]
    fn the_last_word_is_completed_in_any_language() {
        assert_eq!(found("refun", LastWord::Whole), [] as [&str; 0]);
        let mut all = found("refun", LastWord::Beginning);
        all.sort_unstable();
        let mut four = vec![TEXTS[0], TEXTS[1], TEXTS[2], TEXTS[5]];
        four.sort_unstable();
        assert_eq!(all, four);
        assert_eq!(found("rückg", LastWord::Beginning), [TEXTS[3]]);
        assert_eq!(found("\"退款\"", LastWord::Beginning), [TEXTS[4]]);
    }

    #[test]
    fn only_rows_of_the_set_are_found_and_a_text_is_there_once() {
        let mut index = index();
        index.push(TextHash::of(TEXTS[0]), TEXTS[0]);
        assert_eq!(index.len(), TEXTS.len());
        let rows = index.rows([&TextHash::of(TEXTS[2]), &TextHash::of(TEXTS[5])]);
        let hits = index.search(&WordQuery::parse("refund", LastWord::Beginning), 10, Some(&rows));
        assert_eq!(hits.iter().map(|hit| hit.hash).collect::<Vec<_>>(), [TEXTS[5], TEXTS[2]].map(TextHash::of));
        assert_eq!(index.search(&WordQuery::parse("refund", LastWord::Beginning), 1, None).len(), 1);
        assert!(Words::default().search(&WordQuery::parse("a", LastWord::Whole), 5, None).is_empty());
    }
}
