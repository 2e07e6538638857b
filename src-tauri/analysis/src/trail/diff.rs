//! What changed in a long text that mostly stayed the same? Word by word, as people read.
//!
//! The crate `similar` compares words, spaces and punctuation marks (Myers' algorithm, whose search gives up on a shorter
//! script where the texts have little in common); then changes that only a word or two keep apart are joined, since a
//! reader takes them as one.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// A stretch of the old or the new text. Kept and removed runs together are the old text, kept and added ones the new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub kind: RunKind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunKind {
    Kept,
    Removed,
    Added,
}

/// Kept words between two changes up to which these are one change.
const BRIDGE_WORDS: usize = 2;

/// The runs from `old` to `new`, removed before added.
pub fn diff(old: &str, new: &str) -> Vec<Run> {
    let old: Vec<&str> = old.split_word_bounds().collect();
    let new: Vec<&str> = new.split_word_bounds().collect();
    let mut hunks = vec![Hunk::default()];
    for operation in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (removed, added) = (&old[operation.old_range()], &new[operation.new_range()]);
        if let DiffOp::Equal { .. } = operation {
            removed.iter().for_each(|word| push(&mut hunks, (RunKind::Kept, word)));
        } else {
            removed.iter().for_each(|word| push(&mut hunks, (RunKind::Removed, word)));
            added.iter().for_each(|word| push(&mut hunks, (RunKind::Added, word)));
        }
    }
    runs(bridge(hunks))
}

/// How many separate changes the runs contain.
pub fn changes(runs: &[Run]) -> usize {
    runs.split(|run| run.kind == RunKind::Kept).filter(|change| !change.is_empty()).count()
}

/// Something kept, then something changed.
#[derive(Default)]
struct Hunk<'a> {
    kept: Vec<&'a str>,
    removed: Vec<&'a str>,
    added: Vec<&'a str>,
}

type Edit<'a> = (RunKind, &'a str);

fn push<'a>(hunks: &mut Vec<Hunk<'a>>, (kind, word): Edit<'a>) {
    let changed = hunks.last().is_none_or(|hunk| !hunk.removed.is_empty() || !hunk.added.is_empty());
    if kind == RunKind::Kept && changed {
        hunks.push(Hunk::default());
    }
    if let Some(hunk) = hunks.last_mut() {
        match kind {
            RunKind::Kept => hunk.kept.push(word),
            RunKind::Removed => hunk.removed.push(word),
            RunKind::Added => hunk.added.push(word),
        }
    }
}

/// Joins changes that at most [`BRIDGE_WORDS`] kept words lie between.
fn bridge(hunks: Vec<Hunk<'_>>) -> Vec<Hunk<'_>> {
    let mut joined: Vec<Hunk<'_>> = Vec::new();
    for hunk in hunks {
        let words = hunk.kept.iter().filter(|word| word.chars().any(char::is_alphanumeric)).count();
        let last_is_kept = hunk.removed.is_empty() && hunk.added.is_empty();
        match joined.last_mut() {
            Some(before)
                if words <= BRIDGE_WORDS
                    && !last_is_kept
                    && !(before.removed.is_empty() && before.added.is_empty()) =>
            {
                before.removed.extend(hunk.kept.iter().copied().chain(hunk.removed));
                before.added.extend(hunk.kept.iter().copied().chain(hunk.added));
            }
            _ => joined.push(hunk),
        }
    }
    joined
}

fn runs(hunks: Vec<Hunk<'_>>) -> Vec<Run> {
    hunks
        .into_iter()
        .flat_map(|hunk| [(RunKind::Kept, hunk.kept), (RunKind::Removed, hunk.removed), (RunKind::Added, hunk.added)])
        .filter(|(_, words)| !words.is_empty())
        .map(|(kind, words)| Run { kind, text: words.concat() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        diff(old, new)
            .iter()
            .map(|run| match run.kind {
                RunKind::Kept => run.text.clone(),
                RunKind::Removed => format!("[-{}-]", run.text),
                RunKind::Added => format!("[+{}+]", run.text),
            })
            .collect()
    }

    fn joined(runs: &[Run], without: RunKind) -> String {
        runs.iter().filter(|run| run.kind != without).map(|run| run.text.as_str()).collect()
    }

    #[test]
    fn changes_read_as_a_person_would_mark_them() {
        assert_eq!(shown("same", "same"), "same");
        assert_eq!(shown("", ""), "");
        assert_eq!(shown("", "new text"), "[+new text+]");
        assert_eq!(
            shown("Answer briefly. Refunds within 60 days.", "Answer briefly. Refunds within 30 days."),
            "Answer briefly. Refunds within [-60-][+30+] days."
        );
        assert_eq!(
            shown(
                "You are the support assistant. Refunds are possible within 60 days. Answer briefly and kindly.",
                "You are the support assistant. Look refunds up in the policy before you answer. Answer briefly and kindly."
            ),
            "You are the support assistant. [-Refunds are possible within 60 days-]\
             [+Look refunds up in the policy before you answer+]. Answer briefly and kindly."
        );
        assert_eq!(
            shown("one two three four five six seven", "ONE two three four five six SEVEN"),
            "[-one-][+ONE+] two three four five six [-seven-][+SEVEN+]"
        );
        assert_eq!(changes(&diff("one two three four five six seven", "ONE two three four five six SEVEN")), 2);
    }

    #[test]
    fn both_texts_can_be_read_off_the_runs() {
        let mut state = 7u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let words = ["the ", "refund ", "is ", "30 ", "days. ", "é", "\n", "👩‍👩‍👧 "];
        for _ in 0..500 {
            let mut text = |length: u64| (0..length).map(|_| words[next(8) as usize]).collect::<String>();
            let (old, new) = (text(30), text(25));
            let runs = diff(&old, &new);
            assert_eq!(joined(&runs, RunKind::Added), old);
            assert_eq!(joined(&runs, RunKind::Removed), new);
            assert!(runs.iter().all(|run| !run.text.is_empty()));
        }
    }

    #[test]
    fn a_long_text_costs_only_what_changed_in_it() {
        let old: String = (0..40_000).map(|index| format!("word{} ", index * 7 % 9001)).collect();
        let new = old.replacen("word7 ", "another ", 1) + "and an end";
        let runs = diff(&old, &new);
        assert_eq!(changes(&runs), 2);
        assert_eq!((runs[1].text.as_str(), runs[2].text.as_str()), ("word7", "another"));
    }

    #[test]
    fn the_order_of_many_words_may_change() {
        let words: Vec<String> = (0..20_000).map(|index| format!("word{index} ")).collect();
        let old = words.concat();
        let new: String = (0..words.len()).map(|index| words[index * 7919 % words.len()].as_str()).collect();
        let runs = diff(&old, &new);
        assert_eq!(joined(&runs, RunKind::Added), old);
        assert_eq!(joined(&runs, RunKind::Removed), new);
    }

    #[test]
    fn texts_without_anything_in_common_are_one_change() {
        let old: String = (0..4000).map(|index| format!("old{index} ")).collect();
        let new: String = (0..4000).map(|index| format!("new{index} ")).collect();
        let runs = diff(&format!("Head. {old}tail"), &format!("Head. {new}tail"));
        assert_eq!(changes(&runs), 1);
        assert_eq!(joined(&runs, RunKind::Added), format!("Head. {old}tail"));
        assert_eq!(joined(&runs, RunKind::Removed), format!("Head. {new}tail"));
        assert_eq!(runs[0].text, "Head. ");
    }
}
