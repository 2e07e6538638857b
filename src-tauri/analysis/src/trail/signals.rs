//! What do users tell without saying it?
//!
//! Most users never press a button under an answer. What they do next speaks all the same: they ask again, have the
//! answer made anew, object, give up, or say thanks. [`derive`] reads such signals off a session's turns, each with
//! the rule that found it and a weight: how far the rule is to be trusted. They are kept apart from what people said
//! (author `derived`) and count only where somebody asks for them.
//!
//! The rules are words and distances, not a model: a person can follow each of them. What the words are is in
//! [`COMPLAINTS`] and [`THANKS`], for the languages that exports most often speak.

use hearback_domain::{
    Polarity,
    signal::{DerivedSignal, Rule, SignalTurn},
};

/// The signals of one session, whose turns come in order.
pub fn derive(turns: &[SignalTurn]) -> Vec<DerivedSignal> {
    let mut signals: Vec<DerivedSignal> = Vec::new();
    for (place, pair) in turns.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        if let Some(rule) = follow_up(before, after) {
            signals.push(DerivedSignal { place, rule, at: after.created_at });
        }
    }
    if let Some((place, last)) = turns.iter().enumerate().next_back() {
        let unresolved = signals
            .last()
            .is_some_and(|signal| signal.place + 1 == place && signal.rule.polarity() == Polarity::Negative);
        let unanswered = last.query.as_deref().is_some_and(|query| !query.trim().is_empty())
            && last.output.as_deref().is_none_or(|output| output.trim().is_empty());
        if unresolved || unanswered {
            signals.push(DerivedSignal { place, rule: Rule::Abandoned, at: last.created_at });
        }
    }
    signals
}

fn follow_up(before: &SignalTurn, after: &SignalTurn) -> Option<Rule> {
    let (asked, next) = (before.query.as_deref()?, after.query.as_deref()?);
    let (first, second) = (plain(asked), plain(next));
    if first.is_empty() || second.is_empty() {
        return None;
    }
    if same(asked, next) {
        return Some(Rule::Regenerated);
    }
    // "No" to a question of the model answers it.
    let was_asked = before.output.as_deref().is_some_and(|output| output.trim_end().ends_with(['?', '？', '؟']));
    if complains(&second, was_asked) {
        return Some(Rule::Complaint);
    }
    if thanks(&second) {
        return Some(Rule::Thanks);
    }
    (near(&first, &second) && near_ends(asked, next)).then_some(Rule::AskedAgain)
}

/// The same words, whatever their case and the blanks and marks around them.
fn same(one: &str, other: &str) -> bool {
    let marks = |c: char| c.is_ascii_punctuation() || c.is_whitespace();
    let lower = |text: &'_ str| text.to_lowercase();
    let (one, other) = (one.trim_matches(marks), other.trim_matches(marks));
    one.split_whitespace().map(lower).eq(other.split_whitespace().map(lower))
}

/// Lower case, one blank between words, without marks at the ends; no more of it than a person would compare.
fn plain(text: &str) -> String {
    const CHARACTERS: usize = 400;
    let mut words = String::new();
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
        if words.len() > 4 * CHARACTERS {
            break;
        }
    }
    let words: String = words.chars().take(CHARACTERS).collect();
    words.trim_matches(|c: char| c.is_ascii_punctuation() || "。！？…¿¡".contains(c)).to_owned()
}

/// Do two queries ask the same? By edit distance (Levenshtein, as a share of the longer one), or, for longer ones
/// put in another order, by the words they share (Jaccard).
fn near(first: &str, second: &str) -> bool {
    const DISTANCE: f64 = 0.7;
    const SHARED: f64 = 0.6;
    const WORDS: usize = 4;
    let (one, other) = (words_of(first), words_of(second));
    // "yes" and "yep" are near, and mean nothing.
    if one.len().min(other.len()) < 2 && first.chars().count().min(second.chars().count()) < 8 {
        return false;
    }
    let shared = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
    let all = one.len() + other.len() - shared;
    (one.len().min(other.len()) >= WORDS && shared as f64 >= SHARED * all as f64)
        || most_alike(first, second) >= DISTANCE && strsim::normalized_levenshtein(first, second) >= DISTANCE
}

/// Its different words, sorted.
fn words_of(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// What the normalised edit distance cannot exceed, from the letters alone: most queries of a session have too few in
/// common to be worth comparing place by place. The bag distance of I. Bartolini, P. Ciaccia and M. Patella, "String
/// matching with metric trees using an approximate distance" (SPIRE 2002); letters that share a place in the table only
/// bring the texts nearer.
fn most_alike(first: &str, second: &str) -> f64 {
    let mut letters = [0_i32; 256];
    let (mut one, mut other) = (0_usize, 0_usize);
    for letter in first.chars() {
        letters[(letter as u32 % 256) as usize] += 1;
        one += 1;
    }
    for letter in second.chars() {
        letters[(letter as u32 % 256) as usize] -= 1;
        other += 1;
    }
    let over = |sign: i32| letters.iter().map(|count| i64::from((sign * count).max(0))).sum::<i64>();
    1.0 - over(1).max(over(-1)) as f64 / one.max(other).max(1) as f64
}

/// Long messages often share their beginning (a template, a pasted text): what differs must be near as well.
fn near_ends(one: &str, other: &str) -> bool {
    const CHARACTERS: usize = 400;
    if one.chars().count().max(other.chars().count()) <= CHARACTERS {
        return true;
    }
    let shared: usize = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    near(&plain(&one[shared..]), &plain(&other[shared..]))
}

/// Beginnings of messages that object.
const COMPLAINTS: &[&str] = &[
    // English
    "wrong",
    "incorrect",
    "that's wrong",
    "that is wrong",
    "thats wrong",
    "that's not",
    "that is not",
    "thats not",
    "this is wrong",
    "this is not",
    "this isn't",
    "that isn't",
    "it's not",
    "not what i",
    "not correct",
    "not true",
    "not right",
    "you're wrong",
    "you are wrong",
    "you didn't",
    "you did not",
    "you misunderstood",
    "doesn't work",
    "does not work",
    "didn't work",
    "did not work",
    "it doesn't",
    "it didn't",
    "that doesn't",
    "that didn't",
    "still not",
    "still doesn't",
    "still wrong",
    "i said",
    "i already told",
    "i asked",
    "i meant",
    "no that's",
    "no, that",
    "no, i",
    "no, you",
    "no i meant",
    "nope, that",
    "useless",
    "this makes no sense",
    "that makes no sense",
    "thanks, but",
    "thanks but",
    "thank you, but",
    "thank you but",
    // German
    "falsch",
    "das ist falsch",
    "das stimmt nicht",
    "stimmt nicht",
    "nicht richtig",
    "das ist nicht",
    "nein, das",
    "nein, ich",
    "funktioniert nicht",
    "das funktioniert nicht",
    "geht nicht",
    "das geht nicht",
    "ich meinte",
    "ich habe gefragt",
    "danke, aber",
    "immer noch nicht",
    // French
    "faux",
    "c'est faux",
    "ce n'est pas",
    "c'est pas",
    "non, ce",
    "non, je",
    "ça ne marche pas",
    "ca ne marche pas",
    "ne marche pas",
    "je voulais dire",
    "merci, mais",
    "merci mais",
    "toujours pas",
    // Spanish
    "incorrecto",
    "eso no",
    "esto no",
    "no es",
    "no, eso",
    "no funciona",
    "está mal",
    "esta mal",
    "quise decir",
    "gracias, pero",
    "sigue sin",
    // Italian, Portuguese, Dutch
    "sbagliato",
    "non è",
    "non funziona",
    "no, non",
    "grazie, ma",
    "errado",
    "isso não",
    "isso está errado",
    "não é",
    "não funciona",
    "obrigado, mas",
    "fout",
    "dat klopt niet",
    "dat is niet",
    "werkt niet",
    "nee, dat",
    // Russian, Japanese, Chinese, Korean, Arabic
    "неправильно",
    "это не",
    "не работает",
    "нет, ",
    "違う",
    "違います",
    "間違",
    "ちがう",
    "不对",
    "不對",
    "错了",
    "錯了",
    "不是",
    "틀렸",
    "아니",
    "خطأ",
    "هذا ليس",
];

/// Words by which people thank; in short messages anywhere, in longer ones at the beginning.
const THANKS: &[&str] = &[
    "thanks",
    "thank you",
    "thx",
    "ty",
    "cheers",
    "much appreciated",
    "that worked",
    "that works",
    "it works now",
    "works now",
    "that helped",
    "that helps",
    "perfect",
    "awesome",
    "great, that",
    "solved",
    "problem solved",
    "danke",
    "vielen dank",
    "dankeschön",
    "das hat geholfen",
    "jetzt geht es",
    "merci",
    "parfait",
    "gracias",
    "perfecto",
    "grazie",
    "perfetto",
    "obrigado",
    "obrigada",
    "dank je",
    "bedankt",
    "спасибо",
    "ありがと",
    "谢谢",
    "謝謝",
    "감사",
    "고마",
    "شكرا",
];

/// `text` begins with `start`, and not in the middle of a word. Scripts without blanks need no such end.
fn begins(text: &str, start: &str) -> bool {
    text.strip_prefix(start).is_some_and(|rest| {
        let blanks = start.chars().next_back().is_some_and(|c| c.is_ascii() || ('\u{80}'..'\u{500}').contains(&c));
        !blanks || !rest.starts_with(char::is_alphanumeric)
    })
}

fn complains(text: &str, was_asked: bool) -> bool {
    if COMPLAINTS.iter().any(|start| begins(text, start)) {
        return true;
    }
    const NO: &[&str] = &["no", "nope", "nein", "non", "nee", "não", "нет"];
    !was_asked && NO.contains(&text)
}

fn thanks(text: &str) -> bool {
    const SHORT: usize = 8;
    let short = text.split(' ').count() <= SHORT;
    THANKS.iter().any(|word| {
        begins(text, word) || short && text.match_indices(' ').any(|(place, _)| begins(&text[place + 1..], word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(query: &str, output: &str) -> SignalTurn {
        SignalTurn { query: Some(query.to_owned()), output: Some(output.to_owned()), ..SignalTurn::default() }
    }

    /// The rule of the second of two messages, after an answer.
    fn rule(first: &str, answer: &str, second: &str) -> Option<Rule> {
        let turns = [turn(first, answer), turn(second, "…")];
        derive(&turns).first().filter(|signal| signal.place == 0).map(|signal| signal.rule)
    }

    #[test]
    fn what_letters_promise_no_edit_distance_exceeds() {
        let texts = [
            "how do i export my invoices as pdf",
            "as pdf, how do i export invoices",
            "it is 30 days",
            "30 days it is",
            "请问如何导出我的发票",
            "如何导出发票",
            "¿cómo exporto mis facturas?",
            "āĂ",
            "ai",
            "",
        ];
        for first in texts {
            for second in texts {
                let bound = most_alike(first, second);
                let truth = strsim::normalized_levenshtein(first, second);
                assert!(bound >= truth - 1e-12, "{first:?} {second:?}: {bound} {truth}");
                assert_eq!(bound, most_alike(second, first));
            }
        }
        assert!(most_alike("it is 30 days", "how do i export") < 0.7, "a bound that keeps nothing out is none");
    }

    #[test]
    fn what_users_do_next_says_something() {
        let first = "How do I export my invoices as PDF?";
        for (second, expected) in [
            ("How do I export my invoices as PDF?", Some(Rule::Regenerated)),
            ("how do i  export my invoices as pdf", Some(Rule::Regenerated)),
            ("How can I export my invoices as a PDF?", Some(Rule::AskedAgain)),
            ("As PDF, how do I export invoices?", Some(Rule::AskedAgain)),
            ("And where is my tax number?", None),
            ("No, that's the old menu", Some(Rule::Complaint)),
            ("That’s wrong!", Some(Rule::Complaint)),
            ("Thanks, but that menu is gone", Some(Rule::Complaint)),
            ("Das stimmt nicht", Some(Rule::Complaint)),
            ("不对，我说的是发票", Some(Rule::Complaint)),
            ("no", Some(Rule::Complaint)),
            ("ok thanks!", Some(Rule::Thanks)),
            ("Vielen Dank", Some(Rule::Thanks)),
            ("ありがとうございます", Some(Rule::Thanks)),
            ("Nothing is where you say it is", None),
            ("Typhoon season starts when?", None),
            ("", None),
        ] {
            assert_eq!(rule(first, "Open Billing.", second), expected, "{second}");
        }
    }

    #[test]
    fn no_to_a_question_is_an_answer() {
        assert_eq!(rule("Cancel my order", "Is it order 12?", "No"), None);
        assert_eq!(rule("yes", "Which one?", "yep"), None);
    }

    #[test]
    fn a_session_that_ends_on_a_retry_or_on_nothing_was_abandoned() {
        let rules = |turns: &[SignalTurn]| -> Vec<(usize, Rule)> {
            derive(turns).into_iter().map(|signal| (signal.place, signal.rule)).collect()
        };
        let again = [turn("reset my password", "…"), turn("reset my password please", "…")];
        assert_eq!(rules(&again), [(0, Rule::AskedAgain), (1, Rule::Abandoned)]);
        let resolved = [again[0].clone(), again[1].clone(), turn("thanks", "You are welcome")];
        assert_eq!(rules(&resolved), [(0, Rule::AskedAgain), (1, Rule::Thanks)]);
        assert_eq!(rules(&[turn("hello", "")]), [(0, Rule::Abandoned)]);
        assert_eq!(rules(&[turn("hello", "Hi")]), []);
        assert_eq!(rules(&[]), []);
    }

    #[test]
    fn a_long_message_costs_no_more_than_a_short_one() {
        let long = "word ".repeat(200_000);
        assert_eq!(rule(&long, "…", &long), Some(Rule::Regenerated));
        let template = "Summarise the following ticket in one sentence. ".repeat(20);
        let (one, other) = (format!("{template}The printer is out of ink, says Ann."), format!("{template}Refund!"));
        assert_eq!(rule(&one, "…", &other), None, "the same template about something else");
    }
}
