//! What do the words that people choose, and the names that scores bear, say about good and bad?
//!
//! This is the only place that knows it. Readers, previews, the database and the window ask [`label`] what a chosen word
//! means, [`direction`] which end of a score is good, and [`scale_of_name`] which scale a name stands for. A word that is
//! not here means nothing: whoever asks says so instead of guessing, and a person decides ([`super::polarity`]).

mod languages;
mod names;

use std::{collections::HashMap, sync::LazyLock};

use super::Polarity;

pub use languages::{ALL as LANGUAGES, Language};
pub use names::{
    Direction, direction, identifier_words, is_feedback_name, is_measure_name, is_unbounded, scale_of_name,
};

/// Which words this file knows: to be raised with every change of a list, so that workspaces take it over.
pub const VERSION: u32 = 1;

/// What a chosen word or sign means by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    pub polarity: Polarity,
    /// A thumb, an arrow, a vote: the button below an answer, whatever the tool calls it.
    pub is_thumb: bool,
    /// Yes or no, true or false: good or bad only by what was asked.
    pub is_reply: bool,
}

impl Meaning {
    const fn of(polarity: Polarity) -> Self {
        Self { polarity, is_thumb: false, is_reply: false }
    }
}

/// What `text` means where it was chosen as a label, a verdict or a sign; `None` where nothing here knows it.
///
/// Case, separators, skin tones and a closing full stop do not matter: `THUMBS_UP`, `thumbsUp`, `:thumbs-up:` are one.
/// A negation turns a word of praise round ("not helpful", "nicht hilfreich"); words of degree change nothing ("very
/// satisfied"). "Not bad" is left open.
pub fn label(text: &str) -> Option<Meaning> {
    let text = text.trim();
    // A detected file has whole answers in its cells: whatever is far longer than any label is not taken apart.
    if text.len() > 4 * LONGEST {
        return None;
    }
    if let Some(meaning) = sign(text) {
        return Some(meaning);
    }
    let plain = plain(text);
    if plain.is_empty() || plain.len() > LONGEST {
        return None;
    }
    if let Some(meaning) = WORDS.get(plain.as_str()) {
        return *meaning;
    }
    let (first, rest) = plain.split_once(' ')?;
    if DEGREES.contains_key(first) {
        return label(rest);
    }
    if NEGATIONS.contains_key(first) {
        // "Not bad" may be praise or faint praise.
        let turned = label(rest).is_some_and(|meaning| meaning.polarity == Polarity::Positive);
        return turned.then_some(Meaning::of(Polarity::Negative));
    }
    let is_short = rest.split(' ').count() < MOST_WORDS;
    if is_short && FAULTS.contains(&first) {
        Some(Meaning::of(Polarity::Negative))
    } else if is_short && MERITS.contains(&first) {
        Some(Meaning::of(Polarity::Positive))
    } else {
        None
    }
}

/// Words of a reason at most: "did not follow the instructions".
const MOST_WORDS: usize = 5;

/// Words with which a reason for discontent begins, whatever follows: wrong date, too technical, missing sources.
const FAULTS: &[&str] = &[
    "wrong",
    "bad",
    "too",
    "missing",
    "poor",
    "broken",
    "ignores",
    "ignored",
    "incorrect",
    "inaccurate",
    "outdated",
    "unclear",
    "irrelevant",
    "misleading",
    "lacks",
    "lack",
    "hallucinated",
    "invented",
    "confusing",
    "hard",
    "falsche",
    "falscher",
    "falsches",
    "zu",
    "fehlende",
    "mauvaise",
    "mauvais",
    "trop",
];

/// Words with which a reason for praise begins.
const MERITS: &[&str] = &["good", "great", "excellent", "helpful", "accurate", "useful", "perfect"];

/// A label of this many bytes is a sentence, which nobody chose from a list.
const LONGEST: usize = 80;

/// A thumb, an arrow or a vote: see [`Meaning::is_thumb`].
pub fn is_thumb(text: &str) -> bool {
    label(text).is_some_and(|meaning| meaning.is_thumb)
}

/// The number for a word or sign that people use instead of one: 1 for a thumb up, "yes", "good", 0 for their opposites.
/// `None` for words that say more than that, such as reasons.
pub fn score_in_words(text: &str) -> Option<(f64, Meaning)> {
    let meaning = label(text)?;
    let is_plain = || matches!(plain(text).as_str(), "good" | "bad" | "positive" | "negative");
    let score = match meaning.polarity {
        Polarity::Positive => 1.0,
        Polarity::Negative => 0.0,
        Polarity::Neutral | Polarity::Unknown => return None,
    };
    (meaning.is_thumb || meaning.is_reply || is_plain()).then_some((score, meaning))
}

/// Signs that are no words: thumbs, faces, hearts, plus and minus.
fn sign(text: &str) -> Option<Meaning> {
    let bare: String = text.chars().filter(|letter| !is_modifier(*letter)).collect();
    let bare = bare.trim().trim_matches(':');
    match bare {
        "+1" | "+" => return Some(Meaning { is_thumb: true, ..Meaning::of(Polarity::Positive) }),
        "-1" | "−1" => return Some(Meaning { is_thumb: true, ..Meaning::of(Polarity::Negative) }),
        _ => {}
    }
    let first = bare.chars().next()?;
    // One sign, however often: "👍👍". A sign before words is a word's ornament, and the words decide.
    if !bare.chars().all(|letter| letter == first) {
        return None;
    }
    let has = |signs: &str| signs.contains(first);
    if has("👍👎▲▼🔼🔽") {
        let polarity = if has("👍▲🔼") { Polarity::Positive } else { Polarity::Negative };
        return Some(Meaning { is_thumb: true, ..Meaning::of(polarity) });
    }
    let polarity = if has("😀😁😃😄😆😊😍🙂🤩🥰😇😎☺❤♥💚💙🎉👏🙌✅✔💯") {
        Polarity::Positive
    } else if has("😞😟😠😡🤬☹🙁😢😭😣😖😩😒🤮💔❌✖") {
        Polarity::Negative
    } else if has("😐😑😶🤷") {
        Polarity::Neutral
    } else {
        return None;
    };
    Some(Meaning::of(polarity))
}

/// Skin tones, and the signs that only choose how the one before looks.
fn is_modifier(letter: char) -> bool {
    matches!(letter, '\u{1f3fb}'..='\u{1f3ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{200d}' | '\u{2640}' | '\u{2642}')
}

/// Small letters, words apart by one space, without apostrophes and without what closes a sentence.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut last_lower = false;
    for letter in text.trim_matches(|letter: char| ":.!。！".contains(letter) || letter.is_whitespace()).chars() {
        if matches!(letter, '\'' | '’' | '`' | '´') || is_modifier(letter) {
            continue;
        }
        let is_gap = letter.is_whitespace() || matches!(letter, '_' | '-' | '–' | '/' | '.');
        if (is_gap || letter.is_uppercase() && last_lower) && !plain.ends_with(' ') && !plain.is_empty() {
            plain.push(' ');
        }
        if !is_gap {
            plain.extend(letter.to_lowercase());
        }
        last_lower = letter.is_lowercase();
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Words of buttons: separators do not matter, so that "thumbsup" and "thumbs up" are one entry each.
const UP: &[&str] = &[
    "thumbs up",
    "thumb up",
    "thumbsup",
    "thumbup",
    "thumb_up",
    "upvote",
    "up vote",
    "upvoted",
    "up",
    "like",
    "liked",
    "likes",
];
const DOWN: &[&str] = &[
    "thumbs down",
    "thumb down",
    "thumbsdown",
    "thumbdown",
    "thumb_down",
    "downvote",
    "down vote",
    "downvoted",
    "down",
    "dislike",
    "disliked",
    "dislikes",
];

/// Verdicts and acts beyond the praise of [`LANGUAGES`].
const POSITIVE: &[&str] = &[
    "positive",
    "pos",
    "accurate",
    "relevant",
    "useful",
    "satisfied",
    "pass",
    "passed",
    "passing",
    "approve",
    "approved",
    "accept",
    "accepted",
    "accepts",
    "valid",
    "success",
    "successful",
    "succeeded",
    "resolved",
    "solved",
    "fixed",
    "answered",
    "complete",
    "completed",
    "grounded",
    "faithful",
    "factual",
    "supported",
    "safe",
    "clear",
    "agree",
    "agreed",
    "chosen",
    "preferred",
    "win",
    "won",
    "copied",
    "copy",
    "pasted",
    "paste",
    "shared",
    "share",
    "thanked",
    "followed instructions",
    "as expected",
    "promoter",
    "recommended",
    "solid",
    "polite",
    "high quality",
    "on topic",
    "satisfactory",
    "sufficient",
    "acceptable",
    "delighted",
];
const NEGATIVE: &[&str] = &[
    "negative",
    "neg",
    "hallucination",
    "hallucinations",
    "hallucinated",
    "factually incorrect",
    "factual error",
    "not factual",
    "inaccurate",
    "irrelevant",
    "off topic",
    "vague",
    "too vague",
    "too long",
    "too verbose",
    "verbose",
    "too short",
    "incomplete",
    "wrong tone",
    "rude",
    "harmful",
    "unsafe",
    "toxic",
    "biased",
    "bias",
    "outdated",
    "slow",
    "too slow",
    "refused",
    "refusal",
    "broken",
    "missing",
    "confusing",
    "unclear",
    "did not follow instructions",
    "instructions not followed",
    "didnt follow instructions",
    "ignored instructions",
    "abandoned",
    "retried",
    "retry",
    "regenerated",
    "regenerate",
    "asked again",
    "reject",
    "rejected",
    "rejects",
    "both bad",
    "bothbad",
    "fail",
    "failed",
    "failing",
    "failure",
    "unsuccessful",
    "unresolved",
    "unsolved",
    "unanswered",
    "invalid",
    "error",
    "ungrounded",
    "unfaithful",
    "unsupported",
    "disagree",
    "disagreed",
    "lost",
    "loss",
    "detractor",
    "offensive",
    "insulting",
    "low quality",
    "unsatisfactory",
    "insufficient",
    "unacceptable",
    "frustrated",
    "frustrating",
    "angry",
    "not correct",
    "no sources",
    "made up",
    "misleading",
    "repetitive",
    "nonsense",
    "buggy",
    "bug",
    "denied",
    "disapproved",
];
const NEUTRAL: &[&str] = &[
    "neutral",
    "mixed",
    "tie",
    "draw",
    "edited",
    "edit",
    "unsure",
    "undecided",
    "passive",
    "neither",
    "neither good nor bad",
    "neither agree nor disagree",
    "neither satisfied nor dissatisfied",
    "indifferent",
    "so so",
    "soso",
    "partially correct",
    "partly correct",
    "partially relevant",
    "partial",
    "partially",
];
const TRUE: &[&str] = &["true", "t", "y"];
const FALSE: &[&str] = &["false", "f", "n"];

/// `None` for words that are good in one language and bad in another.
static WORDS: LazyLock<HashMap<String, Option<Meaning>>> = LazyLock::new(|| {
    let mut words: HashMap<String, Option<Meaning>> = HashMap::new();
    let mut put = |word: &str, meaning: Meaning| {
        words
            .entry(plain(word))
            .and_modify(|known| {
                if known.is_some_and(|known| known.polarity != meaning.polarity) {
                    *known = None;
                }
            })
            .or_insert(Some(meaning));
    };
    let reply = |polarity| Meaning { is_reply: true, ..Meaning::of(polarity) };
    let thumb = |polarity| Meaning { is_thumb: true, ..Meaning::of(polarity) };
    let (good, bad, neither) = (Polarity::Positive, Polarity::Negative, Polarity::Neutral);
    // The first entry of a word decides what else it is; that "like" is a thumb comes before that it is praise.
    UP.iter().for_each(|word| put(word, thumb(good)));
    DOWN.iter().for_each(|word| put(word, thumb(bad)));
    TRUE.iter().for_each(|word| put(word, reply(good)));
    FALSE.iter().for_each(|word| put(word, reply(bad)));
    for language in LANGUAGES {
        language.yes.split_whitespace().for_each(|word| put(word, reply(good)));
        language.no.split_whitespace().for_each(|word| put(word, reply(bad)));
        language.praise.split_whitespace().for_each(|word| put(word, Meaning::of(good)));
        language.right.split_whitespace().for_each(|word| put(word, Meaning::of(good)));
        language.blame.split_whitespace().for_each(|word| put(word, Meaning::of(bad)));
        language.wrong.split_whitespace().for_each(|word| put(word, Meaning::of(bad)));
        language.middling.split_whitespace().for_each(|word| put(word, Meaning::of(neither)));
    }
    POSITIVE.iter().for_each(|word| put(word, Meaning::of(good)));
    NEGATIVE.iter().for_each(|word| put(word, Meaning::of(bad)));
    NEUTRAL.iter().for_each(|word| put(word, Meaning::of(neither)));
    words
});

static NEGATIONS: LazyLock<HashMap<&str, ()>> = LazyLock::new(|| {
    LANGUAGES.iter().flat_map(|language| language.negations.split_whitespace()).map(|word| (word, ())).collect()
});
static DEGREES: LazyLock<HashMap<&str, ()>> = LazyLock::new(|| {
    LANGUAGES.iter().flat_map(|language| language.degrees.split_whitespace()).map(|word| (word, ())).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn check(polarity: Option<Polarity>, texts: &[&str]) {
        for text in texts {
            assert_eq!(label(text).map(|meaning| meaning.polarity), polarity, "{text}");
        }
    }

    #[test]
    fn words_and_signs_mean_what_people_mean_by_them() {
        check(
            Some(Polarity::Positive),
            &[
                "upvote",
                "Liked",
                "👍",
                "👍🏽",
                "👍👍",
                "+1",
                ":+1:",
                "thumbs_up",
                "ThumbsUp",
                "THUMBS_UP",
                ":thumbsup:",
                "pass",
                "Approved",
                "USEFUL",
                "relevant",
                "success",
                "Very satisfied",
                "strongly agree",
                "Good",
                "helpful",
                "hilfreich",
                "utile",
                "役に立った",
                "有用",
                "はい",
                "Ja",
                "oui",
                "😀",
                "🙂",
                "❤️",
                "t",
                "Y",
                "resolved",
            ],
        );
        check(
            Some(Polarity::Negative),
            &[
                "downvote",
                "disliked",
                "👎",
                "👎🏿",
                "-1",
                ":-1:",
                "thumbs-down",
                "thumbsDown",
                "FAIL",
                "rejected",
                "NOT_USEFUL",
                "not_relevant",
                "irrelevant",
                "Dissatisfied",
                "somewhat dissatisfied",
                "not helpful",
                "nicht hilfreich",
                "pas utile",
                "Nein",
                "いいえ",
                "役に立たない",
                "没用",
                "😞",
                "😡",
                "f",
                "N",
                "failure",
                "factually incorrect",
                "isn't helpful",
                "strongly disagree",
                "Too vague",
                "wrong language",
                "too technical",
                "did_not_follow_instructions",
            ],
        );
        check(Some(Polarity::Neutral), &["neutral", "Okay", "tie", "😐", "普通", "neither satisfied nor dissatisfied"]);
    }

    #[test]
    fn what_nobody_knows_means_nothing() {
        check(
            None,
            &[
                "",
                "legal",
                "billing",
                "quotes the wrong contract",
                "not bad",
                "plan B",
                "wrong only on the last day of the month",
                "👍 for the table",
                "42",
                "*",
                "🤖",
            ],
        );
    }

    #[test]
    fn a_thumb_is_a_thumb_in_any_spelling_and_always_has_a_side() {
        for word in UP.iter().chain(DOWN).chain(&["👍🏻", "👎", "+1", "-1", "▲", ":thumbs_down:", "up-vote", "Thumb Up"])
        {
            let meaning = label(word).unwrap_or_else(|| panic!("{word} is not known"));
            assert!(meaning.is_thumb, "{word}");
            assert!(matches!(meaning.polarity, Polarity::Positive | Polarity::Negative), "{word}");
        }
        for word in ["yes", "good", "5", "helpful", "hallucination"] {
            assert!(!is_thumb(word), "{word}");
        }
    }

    #[test]
    fn no_word_is_good_in_one_list_and_bad_in_another() {
        let torn: Vec<&String> = WORDS.iter().filter(|(_, meaning)| meaning.is_none()).map(|(word, _)| word).collect();
        assert!(torn.is_empty(), "{torn:?}");
    }
}
