//! Which words of a feedback are embedded?
//!
//! The user's own words about the answer; where there are none, what the user asked. In this order, the first that
//! has something to say:
//!
//! 1. **Free text**: the comment and the correction, in this order, those that are there, joined by one line break.
//! 2. **Reasons**: the selected causes in the order given, joined by `", "`. They are chosen from a list, not written,
//!    and stand in their own column; so they speak only where the user wrote nothing.
//! 3. **Label**, unless it is a bare verdict ("good", "thumbs down", "copied", "3", "👎"): a verdict is polarity,
//!    not meaning.
//! 4. **Query**: what was asked in the turn that the feedback is about.
//!
//! Each part is trimmed of white space at both ends and otherwise left as the user wrote it: case, punctuation,
//! line breaks and spelling stay. A part that is empty after trimming counts as absent. If nothing is left there is
//! no text, and the feedback belongs to no theme.

/// Goes into fingerprints: changes whenever [`text_for`] may answer differently for the same parts.
pub const RULE_VERSION: u32 = 1;

/// What a feedback and its turn offer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts<'a> {
    pub comment: Option<&'a str>,
    pub correction: Option<&'a str>,
    pub reasons: &'a [String],
    pub label: Option<&'a str>,
    pub query: Option<&'a str>,
}

/// The text that stands for a feedback, by the rule at the head of this module; `None` if nobody said anything.
pub fn text_for(parts: &Parts<'_>) -> Option<String> {
    let written: Vec<&str> = [parts.comment, parts.correction].into_iter().filter_map(present).collect();
    if !written.is_empty() {
        return Some(written.join("\n"));
    }
    let reasons: Vec<&str> = parts.reasons.iter().filter_map(|reason| present(Some(reason))).collect();
    if !reasons.is_empty() {
        return Some(reasons.join(", "));
    }
    let label = present(parts.label).filter(|label| !is_verdict(label));
    label.or_else(|| present(parts.query)).map(str::to_owned)
}

fn present(part: Option<&str>) -> Option<&str> {
    part.map(str::trim).filter(|part| !part.is_empty())
}

/// Whether a label only says good or bad, or names what was done: one word, or one of the usual pairs.
fn is_verdict(label: &str) -> bool {
    const PAIRS: &[&str] = &[
        "thumbs up",
        "thumbs down",
        "thumb up",
        "thumb down",
        "not helpful",
        "not correct",
        "not good",
        "very good",
        "very bad",
        "both bad",
        "both good",
        "asked again",
    ];
    let plain = label.to_lowercase().replace(['_', '-'], " ");
    let mut words = plain.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    match (words.next(), words.next(), words.next()) {
        (Some(first), Some(second), None) => PAIRS.contains(&format!("{first} {second}").as_str()),
        (Some(_), Some(_), Some(_)) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(comment: &str, correction: &str, reasons: &[&str], label: &str, query: &str) -> Option<String> {
        let reasons: Vec<String> = reasons.iter().map(|reason| (*reason).to_owned()).collect();
        text_for(&Parts {
            comment: Some(comment),
            correction: Some(correction),
            reasons: &reasons,
            label: Some(label),
            query: Some(query),
        })
    }

    #[test]
    fn the_users_words_come_before_what_was_asked() {
        let query = "How long is the refund period?";
        assert_eq!(
            check(" It told me 60 days \n", "It is 30 days.", &["incorrect"], "bad", query).as_deref(),
            Some("It told me 60 days\nIt is 30 days.")
        );
        assert_eq!(check("", "It is 30 days.", &[], "", query).as_deref(), Some("It is 30 days."));
        assert_eq!(
            check(" ", "", &["too vague", " ", "Outdated"], "bad", query).as_deref(),
            Some("too vague, Outdated")
        );
        assert_eq!(
            check("", "", &[], "quotes the wrong contract", query).as_deref(),
            Some("quotes the wrong contract")
        );
        assert_eq!(check("", "", &[], "", query).as_deref(), Some(query));
        assert_eq!(check("\t", "", &[""], "👎", " "), None);
        assert_eq!(text_for(&Parts::default()), None);
    }

    #[test]
    fn a_bare_verdict_is_not_what_somebody_said() {
        for verdict in ["good", "Thumbs_Down", "👍", "4", "copied", "asked-again", "not helpful", "A"] {
            assert_eq!(check("", "", &[], verdict, "the question").as_deref(), Some("the question"), "{verdict}");
        }
        assert_eq!(check("", "", &[], "wrong tone", "the question").as_deref(), Some("wrong tone"));
    }

    #[test]
    fn what_the_user_wrote_stays_as_written() {
        assert_eq!(
            check("WRONG  again...\n\n(see  above)", "", &[], "", "").as_deref(),
            Some("WRONG  again...\n\n(see  above)")
        );
    }
}
