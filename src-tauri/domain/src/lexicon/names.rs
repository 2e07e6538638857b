//! What does the name of a score say: which end is good, which scale it has, and whether it is a measure of evaluators?

use super::super::scale::Scale;

/// Which end of a score is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    HigherIsBetter,
    HigherIsWorse,
}

impl Direction {
    pub fn turned(self) -> Self {
        match self {
            Self::HigherIsBetter => Self::HigherIsWorse,
            Self::HigherIsWorse => Self::HigherIsBetter,
        }
    }
}

/// Words of names under which much is good, and that evaluators measure.
const BETTER_MEASURES: &[&str] = &[
    "accuracy",
    "adherence",
    "bertscore",
    "bleu",
    "coherence",
    "completeness",
    "compliance",
    "conciseness",
    "correctness",
    "f1",
    "factuality",
    "faithfulness",
    "fluency",
    "groundedness",
    "grounding",
    "grounded",
    "harmlessness",
    "helpfulness",
    "meteor",
    "precision",
    "readability",
    "recall",
    "relevance",
    "relevancy",
    "rouge",
    "safety",
    "similarity",
    "usefulness",
    "truthfulness",
    "succinctness",
];

/// The same, of what people are asked as well.
const BETTER: &[&str] = &[
    "correct",
    "accurate",
    "relevant",
    "faithful",
    "factual",
    "helpful",
    "helped",
    "useful",
    "quality",
    "satisfaction",
    "satisfied",
    "happy",
    "csat",
    "nps",
    "rating",
    "ratings",
    "star",
    "stars",
    "thumb",
    "thumbs",
    "thumbsup",
    "like",
    "likes",
    "liked",
    "upvote",
    "upvotes",
    "resolved",
    "solved",
    "solve",
    "success",
    "successful",
    "pass",
    "passed",
    "safe",
    "valid",
    "approved",
    "accepted",
    "recommend",
    "recommendation",
    "good",
    "great",
    "answered",
    "match",
    "goal",
    "completion",
    "completed",
    "clear",
    "clarity",
    "polite",
    "politeness",
    "empathy",
    "consistency",
    "honesty",
    "professionalism",
    "friendly",
    "trust",
    "confident",
    "enjoy",
    "enjoyed",
    "hilfreich",
    "zufrieden",
    "zufriedenheit",
    "utile",
    "útil",
];

/// Words of names under which much is bad, and that evaluators measure.
const WORSE_MEASURES: &[&str] = &[
    "bias",
    "distance",
    "hallucination",
    "hallucinations",
    "hallucinated",
    "harmfulness",
    "jailbreak",
    "latency",
    "levenshtein",
    "perplexity",
    "pii",
    "toxicity",
    "toxic",
    "injection",
    "leakage",
    "leak",
    "profanity",
    "stereotype",
    "stereotypes",
    "misinformation",
    "wer",
    "cer",
];

/// The same, of what people are asked as well.
const WORSE: &[&str] = &[
    "biased",
    "complaint",
    "complaints",
    "confusion",
    "confusing",
    "cost",
    "costs",
    "dislike",
    "dislikes",
    "downvote",
    "downvotes",
    "duration",
    "error",
    "errors",
    "fail",
    "failed",
    "failure",
    "failures",
    "friction",
    "frustrated",
    "frustration",
    "harm",
    "harmful",
    "hate",
    "insult",
    "irrelevance",
    "irrelevant",
    "incorrect",
    "inaccurate",
    "wrong",
    "misleading",
    "offensive",
    "problem",
    "problems",
    "issue",
    "issues",
    "refusal",
    "refused",
    "refusals",
    "repetition",
    "retries",
    "retry",
    "risk",
    "risky",
    "rude",
    "severity",
    "spam",
    "tokens",
    "unsafe",
    "violence",
    "violation",
    "violations",
    "unhelpful",
    "useless",
    "thumbsdown",
    "abandoned",
    "churn",
    "escalated",
    "escalation",
];

/// Words that turn the one behind them round, and those that turn the one before.
const NOT_BEFORE: &[&str] = &["no", "not", "non", "without", "anti", "low", "lack", "zero", "wasnt", "isnt", "didnt"];
const NOT_BEHIND: &[&str] = &["free", "freeness", "absence", "avoidance", "absent", "prevention"];

/// Further words for what only evaluators measure; neither end is good by itself.
const MEASURES: &[&str] = &[
    "contains",
    "equals",
    "eval",
    "json",
    "judge",
    "llm",
    "metric",
    "moderation",
    "regex",
    "sentiment",
    "tone",
    "valid",
];

/// Measures without a scale: seconds, money, counts.
const UNBOUNDED: &[&str] = &[
    "latency",
    "cost",
    "costs",
    "duration",
    "tokens",
    "perplexity",
    "distance",
    "levenshtein",
    "retries",
    "seconds",
    "ms",
    "price",
    "count",
];

/// Which end of the score named `name` is good; `None` where no word of the name says so, or two contradict each other.
///
/// "thumbs-down" as a name counts what is bad; "toxicity-free" and "no_hallucination" are good.
pub fn direction(name: &str) -> Option<Direction> {
    let words = identifier_words(name);
    let found: Vec<(Direction, bool)> = words
        .iter()
        .enumerate()
        .filter_map(|(index, word)| {
            let next = words.get(index + 1).map(String::as_str);
            let before = index.checked_sub(1).and_then(|before| words.get(before)).map(String::as_str);
            let is_vote = matches!(word.as_str(), "thumb" | "thumbs" | "vote" | "votes");
            let one = if is_vote && (next == Some("down") || before == Some("down")) {
                Direction::HigherIsWorse
            } else if is_any(word, &[BETTER, BETTER_MEASURES]) {
                Direction::HigherIsBetter
            } else if is_any(word, &[WORSE, WORSE_MEASURES]) {
                Direction::HigherIsWorse
            } else {
                return None;
            };
            let turned = before.is_some_and(|word| NOT_BEFORE.contains(&word))
                || next.is_some_and(|word| NOT_BEHIND.contains(&word));
            Some((if turned { one.turned() } else { one }, is_score_word(word)))
        })
        .collect();
    // "toxicity rating": a word for the score itself says nothing beside another.
    let telling =
        |about_score: bool| found.iter().filter(move |(_, is_score)| *is_score == about_score).map(|(one, _)| *one);
    let mut directions = telling(false).chain(telling(true).take(usize::from(telling(false).next().is_none())));
    let first = directions.next()?;
    directions.all(|one| one == first).then_some(first)
}

fn is_any(word: &str, lists: &[&[&str]]) -> bool {
    lists.iter().any(|list| list.contains(&word))
}

/// Words that name the answer on a scale rather than what is asked.
fn is_score_word(word: &str) -> bool {
    matches!(word, "rating" | "ratings" | "star" | "stars" | "quality" | "recall" | "match" | "goal" | "completion")
}

/// Does the name ask whether the answer was any good? A truth value under such a name is a thumb.
pub fn is_feedback_name(name: &str) -> bool {
    const ASKED: &[&str] = &[
        "feedback",
        "thumb",
        "thumbs",
        "like",
        "liked",
        "upvote",
        "vote",
        "helpful",
        "useful",
        "satisfied",
        "resolved",
        "solved",
        "good",
        "positive",
        "approved",
        "accepted",
        "rating",
        "hilfreich",
        "zufrieden",
        "utile",
        "útil",
    ];
    let words = identifier_words(name);
    words.is_empty() || words.iter().any(|word| ASKED.contains(&word.as_str())) && !is_measure_name(name)
}

/// Is this the name of what evaluators measure? Weaker than a statement: people may use these words, too.
pub fn is_measure_name(name: &str) -> bool {
    identifier_words(name).iter().any(|word| is_any(word, &[BETTER_MEASURES, WORSE_MEASURES, MEASURES]))
}

/// Does the name stand for something that is measured in units and has no upper end?
pub fn is_unbounded(name: &str) -> bool {
    identifier_words(name).iter().any(|word| UNBOUNDED.contains(&word.as_str()))
}

/// The scale that the name itself stands for.
pub fn scale_of_name(name: &str) -> Option<Scale> {
    let words = identifier_words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(&["nps", "recommend", "recommendation"]) {
        Some(Scale::ZeroToTen)
    } else if has(&["star", "stars"]) {
        Some(Scale::OneToFive)
    } else if has(&["percent", "percentage", "pct"]) {
        Some(Scale::Percent)
    } else {
        None
    }
}

/// The words of an identifier or of a question, in small letters: `userThumbs-v2` is user, thumbs, v2.
pub fn identifier_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last_lower = false;
    for character in name.chars() {
        if matches!(character, '\'' | '’') {
            continue;
        }
        let boundary = !character.is_alphanumeric();
        let hump = character.is_uppercase() && last_lower;
        if boundary || hump || words.is_empty() {
            words.push(String::new());
        }
        if let (false, Some(word)) = (boundary, words.last_mut()) {
            word.extend(character.to_lowercase());
        }
        last_lower = character.is_lowercase() || character.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_which_end_is_good() {
        for name in [
            "hallucination",
            "Hallucination Score",
            "toxicity",
            "bias",
            "pii_detected",
            "jailbreak",
            "friction",
            "error",
            "latency_ms",
            "cost",
            "toxicity_rating",
            "thumbs_down",
            "Any problems?",
            "not_helpful",
            "harmfulness",
            "downvotes",
        ] {
            assert_eq!(direction(name), Some(Direction::HigherIsWorse), "{name}");
        }
        for name in [
            "user-thumbs",
            "helpfulness",
            "Answer Relevance",
            "faithfulness",
            "groundedness_score",
            "csat",
            "stars",
            "toxicity_free",
            "no_hallucination",
            "non-toxic",
            "Was this helpful?",
            "task completion",
            "bias free",
            "star rating",
        ] {
            assert_eq!(direction(name), Some(Direction::HigherIsBetter), "{name}");
        }
        for name in ["", "score", "tone", "vibe", "Did this solve your problem?", "length", "g-eval", "sentiment"] {
            assert_eq!(direction(name), None, "{name}");
        }
    }

    #[test]
    fn names_of_feedback_are_told_from_names_of_measures() {
        for name in ["user_feedback", "thumbs", "helpful", "resolved", "Was this useful?", ""] {
            assert!(is_feedback_name(name), "{name}");
        }
        for name in ["hallucination", "contains_pii", "is_weekend", "helpfulness", "json_valid", "llm_feedback_eval"] {
            assert!(!is_feedback_name(name), "{name}");
        }
    }
}
