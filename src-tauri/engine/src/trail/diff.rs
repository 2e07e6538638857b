//! What changed in a long text that mostly stayed the same? Word by word, as people read.
//!
//! Myers (1986), "An O(ND) difference algorithm and its variations", Algorithmica 1, 251-266, on words, spaces and
//! punctuation marks; then changes that only a word or two keep apart are joined, since a reader takes them as one.

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

/// Beyond so many edits the texts have little in common, and finding out exactly costs their square in memory:
/// 1500 edits take 9 MB.
const MAX_EDITS: usize = 1500;
/// Kept words between two changes up to which these are one change.
const BRIDGE_WORDS: usize = 2;

/// The runs from `old` to `new`, removed before added. Texts with more than [`MAX_EDITS`] differences between
/// their common beginning and end are taken as one change there.
pub fn diff(old: &str, new: &str) -> Vec<Run> {
    let old: Vec<&str> = old.split_word_bounds().collect();
    let new: Vec<&str> = new.split_word_bounds().collect();
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);

    let mut hunks = vec![Hunk { kept: old[..head].to_vec(), ..Hunk::default() }];
    match shortest_edits(old_middle, new_middle) {
        Some(edits) => {
            for edit in edits {
                push(&mut hunks, edit);
            }
        }
        None => {
            old_middle.iter().for_each(|word| push(&mut hunks, (RunKind::Removed, word)));
            new_middle.iter().for_each(|word| push(&mut hunks, (RunKind::Added, word)));
        }
    }
    old[old.len() - tail..].iter().for_each(|word| push(&mut hunks, (RunKind::Kept, word)));
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

/// The shortest edit script; `None` where it is longer than [`MAX_EDITS`].
fn shortest_edits<'a>(old: &[&'a str], new: &[&'a str]) -> Option<Vec<Edit<'a>>> {
    let limit = (old.len() + new.len()).min(MAX_EDITS);
    // furthest[limit + 1 + k]: how far in `old` the best path on diagonal k (old place - new place) has come.
    let middle = limit as isize + 1;
    let mut furthest = vec![0usize; 2 * limit + 3];
    let mut history: Vec<Vec<usize>> = Vec::new();
    for edits in 0..=limit as isize {
        // Of what the way back asks for: diagonals -edits..=edits before this round.
        let window = (middle - edits) as usize..=(middle + edits) as usize;
        history.push(furthest[window].to_vec());
        for diagonal in (-edits..=edits).step_by(2) {
            let at = |diagonal: isize| furthest[(middle + diagonal) as usize];
            let down = diagonal == -edits || (diagonal != edits && at(diagonal - 1) < at(diagonal + 1));
            let mut x = if down { at(diagonal + 1) } else { at(diagonal - 1) + 1 };
            let mut y = (x as isize - diagonal) as usize;
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            furthest[(middle + diagonal) as usize] = x;
            if x >= old.len() && y >= new.len() {
                return Some(walk_back(old, new, &history));
            }
        }
    }
    None
}

fn walk_back<'a>(old: &[&'a str], new: &[&'a str], history: &[Vec<usize>]) -> Vec<Edit<'a>> {
    let (mut x, mut y) = (old.len(), new.len());
    let mut edits = Vec::new();
    for (round, before) in history.iter().enumerate().rev() {
        let round = round as isize;
        let at = |diagonal: isize| usize::try_from(diagonal + round).ok().and_then(|index| before.get(index)).copied();
        let diagonal = x as isize - y as isize;
        let down = diagonal == -round || (diagonal != round && at(diagonal - 1) < at(diagonal + 1));
        let from = if down { diagonal + 1 } else { diagonal - 1 };
        let (from_x, from_y) = if round == 0 {
            (0, 0)
        } else {
            let from_x = at(from).unwrap_or(0);
            (from_x, (from_x as isize - from) as usize)
        };
        while x > from_x && y > from_y {
            (x, y) = (x - 1, y - 1);
            edits.push((RunKind::Kept, old[x]));
        }
        if round > 0 {
            if down {
                y -= 1;
                edits.push((RunKind::Added, new[y]));
            } else {
                x -= 1;
                edits.push((RunKind::Removed, old[x]));
            }
        }
    }
    edits.reverse();
    edits
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
    fn the_script_is_the_shortest() {
        let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
        let edits = shortest_edits(&words("a b c a b b a"), &words("c b a b a c")).expect("a short script");
        // Myers' own example: five edits.
        assert_eq!(edits.iter().filter(|(kind, _)| *kind != RunKind::Kept).count(), 5);
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
