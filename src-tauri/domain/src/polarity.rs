//! Is this feedback good or bad, and does anything say so?
//!
//! Scores say nothing without their scale, and few exports carry it. So there is one [`ScoreRule`] for each score of a
//! tool ([`ScoreKey`]), whatever file it comes from: proposed from all of its values seen so far, from its name and from
//! what the tool says ([`propose`]), or set by a person. What a proposal rests on too little stays a question
//! ([`Open`]), and the scores have no polarity until it is answered. Feedback without a score gets its polarity from the
//! words that were chosen ([`of_words`], [`super::lexicon`]). [`of_feedback`] puts both together; `facts` of the
//! workspace file say the same in SQL, and a test holds the two together.

use std::collections::BTreeMap;

use super::{
    Author, FeedbackType, Polarity,
    feedback::string_enum,
    lexicon::{self, Direction},
};

pub use super::scale::{Scale, ScoreRule};

string_enum! {
    /// What the values of a score are, as the export gives them.
    #[derive(Default)]
    ScoreType {
        #[default]
        Numeric = "numeric",
        /// True or false.
        Boolean = "boolean",
        /// A number that stands for a chosen label.
        Categorical = "categorical",
    }
}

/// What one rule is about: the same name means the same in all exports of a tool.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScoreKey {
    /// The name of the format, such as `langfuse`.
    pub tool: String,
    pub score_name: Option<String>,
    pub score_type: ScoreType,
}

/// The ends of a scale as the tool states them: in a score's configuration, or in its documentation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StatedScale {
    pub low: f64,
    pub high: f64,
    /// Which end is good, where the tool says that, too.
    pub direction: Option<Direction>,
}

impl StatedScale {
    pub fn new(low: f64, high: f64) -> Self {
        Self { low, high, direction: None }
    }
}

/// What has been seen of one score in all of the workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreProfile {
    pub key: ScoreKey,
    /// How much of this feedback is of which type.
    pub types: BTreeMap<FeedbackType, u64>,
    pub count: u64,
    /// How much of it judges gave.
    pub judges: u64,
    pub minimum: f64,
    pub maximum: f64,
    /// Every value seen is a whole number.
    pub integral: bool,
    pub stated: Option<StatedScale>,
}

impl ScoreProfile {
    /// Of one value.
    pub fn of(key: ScoreKey, feedback_type: FeedbackType, author: Author, score: f64) -> Self {
        Self {
            key,
            types: BTreeMap::from([(feedback_type, 1)]),
            count: 1,
            judges: u64::from(author == Author::Judge),
            minimum: score,
            maximum: score,
            integral: score.fract() == 0.0,
            stated: None,
        }
    }

    /// The type of most of this feedback; of equals the first.
    pub fn feedback_type(&self) -> FeedbackType {
        let most = self.types.iter().max_by_key(|(feedback_type, count)| (**count, std::cmp::Reverse(**feedback_type)));
        most.map_or(FeedbackType::Rating, |(feedback_type, _)| *feedback_type)
    }

    /// Takes in what was seen elsewhere.
    pub fn add(&mut self, other: &Self) {
        for (feedback_type, count) in &other.types {
            *self.types.entry(*feedback_type).or_default() += count;
        }
        self.count += other.count;
        self.judges += other.judges;
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
        self.integral &= other.integral;
        self.stated = other.stated.or(self.stated);
    }
}

/// A rule that nobody has confirmed, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    pub rule: ScoreRule,
    /// The values, the name or the tool say which scale it is.
    pub scale_known: bool,
    /// The name, the type or the tool say which end is good. Where they do not, people are taken to give more to what is
    /// better; of a judge's score nothing is taken for granted.
    pub direction_known: bool,
}

/// What a person must say before scores have a polarity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// One value alone fixes no scale, and neither does a measure without an end.
    Scale,
    /// More may be better or worse.
    Direction,
}

/// A rule as it is applied.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedRule {
    pub rule: ScoreRule,
    /// Set by a person.
    pub confirmed: bool,
    pub for_people: bool,
    pub for_judges: bool,
}

impl AppliedRule {
    pub fn confirmed(rule: ScoreRule) -> Self {
        Self { rule, confirmed: true, for_people: true, for_judges: true }
    }

    pub fn applies_to(&self, author: Author) -> bool {
        if author == Author::Judge { self.for_judges } else { self.for_people }
    }

    /// What is still to be asked, where `profile` is what it is applied to.
    pub fn open(&self, profile: &ScoreProfile) -> Option<Open> {
        if profile.key.score_type == ScoreType::Categorical {
            // Its labels are asked about, not its numbers.
            None
        } else if !self.for_people {
            Some(Open::Scale)
        } else {
            (!self.for_judges && profile.judges > 0).then_some(Open::Direction)
        }
    }
}

impl From<Proposal> for AppliedRule {
    fn from(proposal: Proposal) -> Self {
        Self {
            for_people: proposal.scale_known,
            for_judges: proposal.scale_known && proposal.direction_known,
            rule: proposal.rule,
            confirmed: false,
        }
    }
}

/// The rule for a score that nobody has described: from what its tool states, from its name, and from its type and the
/// range of its values, in this order.
pub fn propose(profile: &ScoreProfile) -> Proposal {
    let name = profile.key.score_name.as_deref().unwrap_or_default();
    let stated = profile.stated.filter(|stated| stated.low < stated.high);
    let is_thumb = profile.feedback_type() == FeedbackType::Thumb;
    let direction = stated.and_then(|stated| stated.direction).or_else(|| lexicon::direction(name));
    let (rule, scale_known) = match stated {
        Some(stated) => (of_ends(stated, profile), true),
        None => inferred(profile, name),
    };
    Proposal {
        rule: if direction == Some(Direction::HigherIsWorse) { rule.turned() } else { rule },
        scale_known: scale_known && profile.key.score_type != ScoreType::Categorical,
        direction_known: direction.is_some() || is_thumb,
    }
}

/// The scale with these ends; between whole numbers of two values it is a choice of two.
fn of_ends(stated: StatedScale, profile: &ScoreProfile) -> ScoreRule {
    let scale = match (stated.low, stated.high) {
        (0.0, 1.0) if profile.integral => Scale::ZeroOne,
        (0.0, 1.0) => Scale::Unit,
        (-1.0, 1.0) => Scale::PlusMinusOne,
        (1.0, 5.0) => Scale::OneToFive,
        (0.0, 10.0) => Scale::ZeroToTen,
        (1.0, 10.0) => Scale::OneToTen,
        (0.0, 100.0) => Scale::Percent,
        (low, high) => return ScoreRule { worst: low, best: high, ..Scale::Unit.rule() }.custom(),
    };
    scale.rule()
}

/// The rule that type, name and values suggest, and whether they are enough for one.
fn inferred(profile: &ScoreProfile, name: &str) -> (ScoreRule, bool) {
    let (low, high) = (profile.minimum, profile.maximum);
    if profile.key.score_type == ScoreType::Boolean {
        return (Scale::ZeroOne.rule(), true);
    }
    // Fractions are no thumbs, whatever they are called.
    if profile.feedback_type() == FeedbackType::Thumb && profile.integral {
        let scale = if low < 0.0 {
            Scale::PlusMinusOne
        } else if high > 1.0 {
            Scale::OneUpTwoDown
        } else {
            Scale::ZeroOne
        };
        return (scale.rule(), true);
    }
    let named = lexicon::scale_of_name(name).map(Scale::rule).filter(|rule| {
        let fits = rule.worst <= low && high <= rule.best;
        // A share of 0 to 1 may be called a percentage.
        fits && (rule.scale != Scale::Percent || high > 1.0)
    });
    if let Some(rule) = named {
        return (rule, true);
    }
    let scale = match profile.feedback_type() {
        _ if (-1.0..0.0).contains(&low) && high <= 1.0 => Scale::PlusMinusOne,
        _ if low < 0.0 || high > 100.0 => {
            let rule = ScoreRule { worst: low, best: high, ..Scale::Unit.rule() }.custom();
            return (rule, low < high && !lexicon::is_unbounded(name));
        }
        FeedbackType::Rating if profile.integral && low >= 1.0 && high <= 5.0 => Scale::OneToFive,
        _ if high <= 1.0 && profile.integral => Scale::ZeroOne,
        _ if high <= 1.0 => Scale::Unit,
        _ if high <= 5.0 && low >= 1.0 => Scale::OneToFive,
        _ if high <= 5.0 => {
            let rule = ScoreRule { worst: 0.0, best: high.ceil(), ..Scale::Unit.rule() }.custom();
            return (rule, low < high && !lexicon::is_unbounded(name));
        }
        _ if high <= 10.0 && low >= 1.0 && !profile.integral => Scale::OneToTen,
        _ if high <= 10.0 => Scale::ZeroToTen,
        _ => Scale::Percent,
    };
    (scale.rule(), low < high && !lexicon::is_unbounded(name))
}

/// The words that were chosen in a feedback.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'a> {
    pub feedback_type: FeedbackType,
    pub has_score: bool,
    pub score_name: Option<&'a str>,
    pub label: Option<&'a str>,
    pub reasons: &'a [String],
}

/// The polarity that the chosen words give: one label that is bad outweighs others that are good. `told` is what a person
/// has said of labels of this score, and goes before the lexicon. Beside a score only the label counts, since it is the
/// score in words; reasons say what the score was given for.
pub fn of_words(chosen: &Chosen<'_>, told: impl Fn(&str) -> Option<Polarity>) -> Polarity {
    let reasons = if chosen.has_score { &[] } else { chosen.reasons };
    let mut found = None;
    for label in chosen.label.into_iter().chain(reasons.iter().map(String::as_str)) {
        match told(label).or_else(|| of_label(chosen.score_name, label)) {
            Some(Polarity::Negative) => return Polarity::Negative,
            Some(Polarity::Unknown) | None => {}
            Some(polarity) => found = Some(found.unwrap_or(polarity)),
        }
    }
    match found {
        Some(polarity) => polarity,
        // Nobody corrects what is right.
        None if chosen.feedback_type == FeedbackType::Correction && !chosen.has_score => Polarity::Negative,
        None => Polarity::Unknown,
    }
}

/// What `label` means as an answer to the question that `score_name` asks: "yes" is bad where the question is whether
/// there was an error, and means nothing where nobody knows which answer is the good one.
pub fn of_label(score_name: Option<&str>, label: &str) -> Option<Polarity> {
    let meaning = lexicon::label(label)?;
    let name = score_name.unwrap_or_default();
    if !meaning.is_reply || lexicon::is_feedback_name(name) {
        return Some(meaning.polarity);
    }
    match lexicon::direction(name)? {
        Direction::HigherIsBetter => Some(meaning.polarity),
        Direction::HigherIsWorse => Some(match meaning.polarity {
            Polarity::Positive => Polarity::Negative,
            Polarity::Negative => Polarity::Positive,
            other => other,
        }),
    }
}

/// What decides a feedback's polarity.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// As the export states it.
    pub stated: Option<Polarity>,
    pub author: Author,
    pub score: Option<f64>,
    /// Of its score.
    pub rule: Option<&'a AppliedRule>,
    /// From [`of_words`].
    pub words: Polarity,
}

/// The polarity of a feedback: what the export states, what a confirmed rule makes of the score, what the chosen words
/// mean, what a proposed rule makes of the score, in this order; unknown where none of them speaks.
pub fn of_feedback(evidence: &Evidence<'_>) -> Polarity {
    let scored = evidence
        .score
        .zip(evidence.rule.filter(|rule| rule.applies_to(evidence.author)))
        .map(|(score, rule)| (rule.confirmed, rule.rule.polarity(score)));
    match (evidence.stated, scored, evidence.words) {
        (Some(stated), _, _) => stated,
        (None, Some((true, polarity)), _) => polarity,
        (None, Some((false, polarity)), Polarity::Unknown) => polarity,
        (None, _, words) => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str, feedback_type: FeedbackType, minimum: f64, maximum: f64, integral: bool) -> ScoreProfile {
        let key = ScoreKey {
            tool: String::new(),
            score_name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            score_type: ScoreType::Numeric,
        };
        ScoreProfile {
            key,
            types: BTreeMap::from([(feedback_type, 9)]),
            count: 9,
            judges: 0,
            minimum,
            maximum,
            integral,
            stated: None,
        }
    }

    fn rule(feedback_type: FeedbackType, minimum: f64, maximum: f64, integral: bool) -> ScoreRule {
        propose(&profile("", feedback_type, minimum, maximum, integral)).rule
    }

    #[test]
    fn scales_are_read_from_type_and_range() {
        use FeedbackType::{Rating, Thumb};
        assert_eq!(rule(Thumb, 0.0, 1.0, true).scale, Scale::ZeroOne);
        assert_eq!(rule(Thumb, -1.0, 1.0, true).scale, Scale::PlusMinusOne);
        assert_eq!(rule(Thumb, 1.0, 2.0, true).scale, Scale::OneUpTwoDown);
        assert_eq!(rule(Rating, 1.0, 5.0, true).scale, Scale::OneToFive);
        assert_eq!(rule(Rating, 1.333, 4.667, false).scale, Scale::OneToFive);
        assert_eq!(rule(Rating, 0.0, 10.0, true).scale, Scale::ZeroToTen);
        assert_eq!(rule(Rating, 0.1, 0.93, false).scale, Scale::Unit);
        assert_eq!(rule(Rating, 3.0, 88.0, true).scale, Scale::Percent);
        assert_eq!(rule(Rating, 0.0, 3.0, true), ScoreRule { worst: 0.0, best: 3.0, ..rule(Rating, 0.0, 3.0, true) });
    }

    #[test]
    fn one_value_alone_fixes_no_scale() {
        for value in [1.0, 0.2, 5.0, 42.0] {
            let proposal = propose(&profile("quality", FeedbackType::Rating, value, value, value.fract() == 0.0));
            assert!(!proposal.scale_known, "{value}");
        }
        assert!(propose(&profile("nps", FeedbackType::Rating, 9.0, 9.0, true)).scale_known);
        assert!(propose(&profile("user-thumbs", FeedbackType::Thumb, 1.0, 1.0, true)).scale_known);
        let stated = Some(StatedScale::new(1.0, 7.0));
        let seven = propose(&ScoreProfile { stated, ..profile("ease", FeedbackType::Rating, 7.0, 7.0, true) });
        assert!(seven.scale_known);
        assert_eq!((seven.rule.worst, seven.rule.best), (1.0, 7.0));
        let mut truth = profile("resolved", FeedbackType::Rating, 1.0, 1.0, true);
        truth.key.score_type = ScoreType::Boolean;
        assert_eq!(propose(&truth).rule.polarity(1.0), Polarity::Positive);
        assert!(propose(&truth).scale_known);
    }

    #[test]
    fn a_name_says_which_end_is_good() {
        let toxicity = propose(&profile("toxicity", FeedbackType::Rating, 0.0, 0.8, false));
        assert_eq!(toxicity.rule.polarity(0.0), Polarity::Positive);
        assert_eq!(toxicity.rule.polarity(0.8), Polarity::Negative);
        assert!(toxicity.direction_known);
        let vibe = ScoreProfile { judges: 9, ..profile("vibe", FeedbackType::Rating, 0.0, 0.8, false) };
        let applied = AppliedRule::from(propose(&vibe));
        assert_eq!(applied.open(&vibe), Some(Open::Direction));
        let by = |author| {
            let evidence =
                Evidence { stated: None, author, score: Some(0.8), rule: Some(&applied), words: Polarity::Unknown };
            of_feedback(&evidence)
        };
        assert_eq!((by(Author::Judge), by(Author::Human)), (Polarity::Unknown, Polarity::Positive));
        assert!(!propose(&profile("latency_ms", FeedbackType::Rating, 1.0, 9000.0, true)).scale_known);
    }

    #[test]
    fn polarity_follows_the_scale() {
        let check = |scale: Scale, expected: &[(f64, Polarity)]| {
            for (score, polarity) in expected {
                assert_eq!(scale.rule().polarity(*score), *polarity, "{scale:?} {score}");
            }
        };
        use Polarity::{Negative, Neutral, Positive};
        check(Scale::ZeroOne, &[(0.0, Negative), (1.0, Positive)]);
        check(Scale::OneUpTwoDown, &[(2.0, Negative), (1.0, Positive)]);
        check(Scale::OneToFive, &[(1.0, Negative), (2.0, Negative), (3.0, Neutral), (4.0, Positive), (5.0, Positive)]);
        check(Scale::ZeroToTen, &[(0.0, Negative), (6.0, Negative), (7.0, Neutral), (8.0, Neutral), (9.0, Positive)]);
        check(Scale::PlusMinusOne, &[(-1.0, Negative), (0.0, Neutral), (1.0, Positive)]);
    }

    fn words(feedback_type: FeedbackType, score_name: &str, labels: &[&str]) -> Polarity {
        let reasons: Vec<String> = labels.iter().skip(1).map(|label| (*label).to_owned()).collect();
        let chosen = Chosen {
            feedback_type,
            has_score: false,
            score_name: Some(score_name).filter(|name| !name.is_empty()),
            label: labels.first().copied(),
            reasons: &reasons,
        };
        of_words(&chosen, |label| (label == "plan B").then_some(Polarity::Negative))
    }

    #[test]
    fn labels_speak_where_there_is_no_score() {
        assert_eq!(words(FeedbackType::Correction, "", &[]), Polarity::Negative);
        assert_eq!(words(FeedbackType::Comment, "", &[]), Polarity::Unknown);
        assert_eq!(words(FeedbackType::Implicit, "", &["copied"]), Polarity::Positive);
        assert_eq!(words(FeedbackType::Implicit, "", &["asked-again"]), Polarity::Negative);
        assert_eq!(words(FeedbackType::Category, "", &["helpful", "Too_Vague"]), Polarity::Negative);
        assert_eq!(words(FeedbackType::Category, "", &["quotes the wrong contract"]), Polarity::Unknown);
        assert_eq!(words(FeedbackType::Category, "", &["plan B"]), Polarity::Negative);
    }

    #[test]
    fn yes_is_good_or_bad_by_what_was_asked() {
        assert_eq!(words(FeedbackType::Category, "hallucination", &["yes"]), Polarity::Negative);
        assert_eq!(words(FeedbackType::Category, "pii_detected", &["False"]), Polarity::Positive);
        assert_eq!(words(FeedbackType::Category, "Was this helpful?", &["yes"]), Polarity::Positive);
        assert_eq!(words(FeedbackType::Category, "Do you use it daily?", &["yes"]), Polarity::Unknown);
        assert_eq!(words(FeedbackType::Category, "", &["no"]), Polarity::Negative);
    }

    #[test]
    fn a_label_goes_before_a_proposed_rule_and_behind_a_confirmed_one() {
        let proposed =
            AppliedRule { rule: Scale::OneToFive.rule(), confirmed: false, for_people: true, for_judges: true };
        let set = AppliedRule::confirmed(Scale::OneToFive.rule());
        let of = |rule, words, stated| {
            let evidence = Evidence { stated, author: Author::Human, score: Some(1.0), rule: Some(rule), words };
            of_feedback(&evidence)
        };
        assert_eq!(of(&proposed, Polarity::Positive, None), Polarity::Positive);
        assert_eq!(of(&proposed, Polarity::Unknown, None), Polarity::Negative);
        assert_eq!(of(&set, Polarity::Positive, None), Polarity::Negative);
        assert_eq!(of(&set, Polarity::Unknown, Some(Polarity::Neutral)), Polarity::Neutral);
    }
}
