//! Which words of a feedback are embedded?
//!
//! That depends on what themes are to be about, the subject: what users **said** about the answer, what they had
//! **asked**, or **both**, one after the other on lines of their own.
//!
//! What a user said, the first of these that has something to say:
//! 1. **Free text**: the comment and the correction, in this order, those that are there, joined by one line break.
//! 2. **Reasons**: the selected causes in the order given, joined by `", "`. They are chosen from a list, not written,
//!    and stand in their own column; so they speak only where the user wrote nothing.
//! 3. **Label**, unless it is a bare verdict ("good", "thumbs down", "copied", "3", "👎"): a verdict is polarity,
//!    not meaning.
//!
//! What a user asked is the query of the turn that the feedback is about.
//!
//! Each part is trimmed of white space at both ends and otherwise left as the user wrote it: case, punctuation,
//! line breaks and spelling stay. A part that is empty after trimming counts as absent. If nothing is left there is
//! no text, and the feedback belongs to no theme.

use hearback_domain::Subject;

/// Goes into fingerprints: changes whenever [`text_for`] may answer differently for the same parts.
pub const RULE_VERSION: u32 = 2;

/// What a feedback and its turn offer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts<'a> {
    pub comment: Option<&'a str>,
    pub correction: Option<&'a str>,
    pub reasons: &'a [String],
    pub label: Option<&'a str>,
    pub query: Option<&'a str>,
}

/// The text that stands for a feedback, by the rule at the head of this module; `None` where there is none.
pub fn text_for(subject: Subject, parts: &Parts<'_>) -> Option<String> {
    let asked = || present(parts.query).map(str::to_owned);
    match subject {
        Subject::Said => said(parts),
        Subject::Asked => asked(),
        Subject::Both => {
            let both: Vec<String> = [said(parts), asked()].into_iter().flatten().collect();
            (!both.is_empty()).then(|| both.join("\n"))
        }
    }
}

fn said(parts: &Parts<'_>) -> Option<String> {
    let written: Vec<&str> = [parts.comment, parts.correction].into_iter().filter_map(present).collect();
    if !written.is_empty() {
        return Some(written.join("\n"));
    }
    let reasons: Vec<&str> = parts.reasons.iter().filter_map(|reason| present(Some(reason))).collect();
    if !reasons.is_empty() {
        return Some(reasons.join(", "));
    }
    present(parts.label).filter(|label| !is_verdict(label)).map(str::to_owned)
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

    fn about(
        subject: Subject,
        comment: &str,
        correction: &str,
        reasons: &[&str],
        label: &str,
        query: &str,
    ) -> Option<String> {
        let reasons: Vec<String> = reasons.iter().map(|reason| (*reason).to_owned()).collect();
        let parts = Parts {
            comment: Some(comment),
            correction: Some(correction),
            reasons: &reasons,
            label: Some(label),
            query: Some(query),
        };
        text_for(subject, &parts)
    }

    fn check(comment: &str, correction: &str, reasons: &[&str], label: &str) -> Option<String> {
        about(Subject::Said, comment, correction, reasons, label, "How long is the refund period?")
    }

    #[test]
    fn what_was_written_comes_before_what_was_chosen() {
        assert_eq!(
            check(" It told me 60 days \n", "It is 30 days.", &["incorrect"], "bad").as_deref(),
            Some("It told me 60 days\nIt is 30 days.")
        );
        assert_eq!(check("", "It is 30 days.", &[], "").as_deref(), Some("It is 30 days."));
        assert_eq!(check(" ", "", &["too vague", " ", "Outdated"], "bad").as_deref(), Some("too vague, Outdated"));
        assert_eq!(check("", "", &[], "quotes the wrong contract").as_deref(), Some("quotes the wrong contract"));
        assert_eq!(check("", "", &[], ""), None, "what was asked is nothing that was said");
        assert_eq!(check("\t", "", &[""], "👎"), None);
        for subject in [Subject::Said, Subject::Asked, Subject::Both] {
            assert_eq!(text_for(subject, &Parts::default()), None);
        }
    }

    #[test]
    fn questions_are_a_subject_of_their_own() {
        let query = " How long is the refund period?";
        assert_eq!(
            about(Subject::Asked, "wrong", "", &[], "", query).as_deref(),
            Some("How long is the refund period?")
        );
        assert_eq!(
            about(Subject::Both, "wrong", "", &[], "", query).as_deref(),
            Some("wrong\nHow long is the refund period?")
        );
        assert_eq!(about(Subject::Both, "wrong", "", &[], "", " ").as_deref(), Some("wrong"));
        assert_eq!(about(Subject::Both, "", "", &[], "👎", query).as_deref(), Some("How long is the refund period?"));
        assert_eq!(about(Subject::Asked, "wrong", "", &[], "", " "), None);
    }

    #[test]
    fn a_bare_verdict_is_not_what_somebody_said() {
        for verdict in ["good", "Thumbs_Down", "👍", "4", "copied", "asked-again", "not helpful", "A"] {
            assert_eq!(check("", "", &[], verdict), None, "{verdict}");
        }
        assert_eq!(check("", "", &[], "wrong tone").as_deref(), Some("wrong tone"));
    }

    #[test]
    fn what_the_user_wrote_stays_as_written() {
        assert_eq!(
            check("WRONG  again...\n\n(see  above)", "", &[], "").as_deref(),
            Some("WRONG  again...\n\n(see  above)")
        );
    }
}
