//! Is this feedback good or bad?
//!
//! Scores say nothing without their scale, and no export carries the scale. So a [`ScoreRule`] is kept for each
//! (source, score name): a default is inferred from the values seen ([`default_rule`]), the user can look at it
//! and change it, and polarity and the 0..1 score are computed from it again. Feedback without a score gets its
//! polarity from its type and labels ([`without_score`]).

use super::{FeedbackType, Polarity};

/// What has been seen of one score name in one source.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreProfile {
    pub score_name: Option<String>,
    pub feedback_type: FeedbackType,
    pub count: u64,
    pub minimum: f64,
    pub maximum: f64,
    /// Every value seen is a whole number.
    pub integral: bool,
}

/// How a score becomes a polarity and a number from 0 (bad) to 1 (good).
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreRule {
    pub scale: Scale,
    /// The two ends of the scale. `worst > best` where higher is worse (a Likert scale of harm).
    pub worst: f64,
    pub best: f64,
    /// On the 0..1 score: at most this is negative.
    pub negative_at_most: f64,
    /// On the 0..1 score: at least this is positive.
    pub positive_at_least: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// 0 is bad, 1 is good.
    ZeroOne,
    /// -1 is bad, 1 is good.
    PlusMinusOne,
    /// 1 is good, 2 is bad, as PostHog surveys have it.
    OneUpTwoDown,
    /// A continuous share between 0 and 1.
    Unit,
    /// 1 to 5 stars: 1 and 2 are negative, 3 is neutral.
    OneToFive,
    /// 0 to 10 as in net promoter: 0 to 6 negative, 7 and 8 neutral, 9 and 10 positive.
    ZeroToTen,
    /// 1 to 10.
    OneToTen,
    /// 0 to 100.
    Percent,
    /// Set by the user.
    Custom,
}

impl Scale {
    pub const ALL: &'static [Self] = &[
        Self::ZeroOne,
        Self::PlusMinusOne,
        Self::OneUpTwoDown,
        Self::Unit,
        Self::OneToFive,
        Self::ZeroToTen,
        Self::OneToTen,
        Self::Percent,
        Self::Custom,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::ZeroOne => "zero_one",
            Self::PlusMinusOne => "plus_minus_one",
            Self::OneUpTwoDown => "one_up_two_down",
            Self::Unit => "unit",
            Self::OneToFive => "one_to_five",
            Self::ZeroToTen => "zero_to_ten",
            Self::OneToTen => "one_to_ten",
            Self::Percent => "percent",
            Self::Custom => "custom",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scale| scale.word() == word)
    }

    /// The rule of a known scale.
    pub fn rule(self) -> ScoreRule {
        let (worst, best, negative_at_most, positive_at_least) = match self {
            Self::ZeroOne | Self::Custom => (0.0, 1.0, 0.0, 1.0),
            Self::PlusMinusOne => (-1.0, 1.0, 0.25, 0.75),
            Self::OneUpTwoDown => (2.0, 1.0, 0.0, 1.0),
            Self::Unit => (0.0, 1.0, 0.4, 0.6),
            // 2 of 5 is 0.25 and 3 of 5 is 0.5: averages between two annotators fall on either side of these.
            Self::OneToFive => (1.0, 5.0, 0.375, 0.625),
            Self::ZeroToTen => (0.0, 10.0, 0.6, 0.9),
            Self::OneToTen => (1.0, 10.0, 4.0 / 9.0, 7.0 / 9.0),
            Self::Percent => (0.0, 100.0, 0.4, 0.6),
        };
        ScoreRule { scale: self, worst, best, negative_at_most, positive_at_least }
    }
}

impl ScoreRule {
    /// `score` on 0 (bad) .. 1 (good), clamped.
    pub fn normalise(&self, score: f64) -> f64 {
        let span = self.best - self.worst;
        if span == 0.0 { 0.5 } else { ((score - self.worst) / span).clamp(0.0, 1.0) }
    }

    pub fn polarity(&self, score: f64) -> Polarity {
        // The smallest slack that forgives the rounding of `normalise`.
        const SLACK: f64 = 1e-9;
        let normal = self.normalise(score);
        if normal <= self.negative_at_most + SLACK {
            Polarity::Negative
        } else if normal >= self.positive_at_least - SLACK {
            Polarity::Positive
        } else {
            Polarity::Neutral
        }
    }
}

/// The rule for a score that nobody has described: read from its type and the range of its values.
///
/// Few values leave room for doubt (only ones may be thumbs up or the worst of five stars): the type decides
/// then, thumbs are 0 / 1 and ratings 1 to 5, and the rule is shown for the user to confirm.
pub fn default_rule(profile: &ScoreProfile) -> ScoreRule {
    let (low, high) = (profile.minimum, profile.maximum);
    let scale = match profile.feedback_type {
        FeedbackType::Thumb => {
            if low < 0.0 {
                Scale::PlusMinusOne
            } else if high > 1.0 {
                Scale::OneUpTwoDown
            } else {
                Scale::ZeroOne
            }
        }
        _ if (-1.0..0.0).contains(&low) && high <= 1.0 => Scale::PlusMinusOne,
        _ if low < 0.0 || high > 100.0 => {
            return ScoreRule { worst: low, best: high, ..Scale::Unit.rule() }.custom();
        }
        FeedbackType::Rating if profile.integral && low >= 1.0 && high <= 5.0 => Scale::OneToFive,
        _ if high <= 1.0 => {
            if profile.integral {
                Scale::ZeroOne
            } else {
                Scale::Unit
            }
        }
        _ if high <= 5.0 && low >= 1.0 => Scale::OneToFive,
        _ if high <= 5.0 => return ScoreRule { worst: 0.0, best: high.ceil(), ..Scale::Unit.rule() }.custom(),
        _ if high <= 10.0 && low >= 1.0 && !profile.integral => Scale::OneToTen,
        _ if high <= 10.0 => Scale::ZeroToTen,
        _ => Scale::Percent,
    };
    scale.rule()
}

impl ScoreRule {
    fn custom(self) -> Self {
        Self { scale: Scale::Custom, ..self }
    }
}

/// The polarity of feedback that carries no score: from what it is, and from its label and reasons.
pub fn without_score<'a>(
    feedback_type: FeedbackType,
    labels: impl IntoIterator<Item = &'a str>,
    has_reasons: bool,
) -> Polarity {
    let mut found = None;
    for label in labels {
        match label_polarity(label) {
            Some(Polarity::Negative) => return Polarity::Negative,
            Some(polarity) => found = Some(found.unwrap_or(polarity)),
            None => {}
        }
    }
    if let Some(polarity) = found {
        return polarity;
    }
    match feedback_type {
        // Nobody corrects what is right.
        FeedbackType::Correction => Polarity::Negative,
        // A selectable reason that we do not know is, in nearly every product, a reason for discontent.
        FeedbackType::Category if has_reasons => Polarity::Negative,
        _ => Polarity::Neutral,
    }
}

/// What a label says by itself, in the words that tools use for their buttons and reasons.
pub fn label_polarity(label: &str) -> Option<Polarity> {
    const NEGATIVE: &[&str] = &[
        "bad",
        "negative",
        "down",
        "thumbs down",
        "thumbsdown",
        "thumb down",
        "dislike",
        "no",
        "false",
        "incorrect",
        "wrong",
        "poor",
        "unhelpful",
        "not helpful",
        "not correct",
        "hallucination",
        "hallucinated",
        "factually incorrect",
        "inaccurate",
        "irrelevant",
        "off topic",
        "too vague",
        "vague",
        "too long",
        "too verbose",
        "too short",
        "incomplete",
        "wrong tone",
        "rude",
        "harmful",
        "unsafe",
        "toxic",
        "biased",
        "outdated",
        "slow",
        "too slow",
        "refused",
        "broken",
        "missing",
        "confusing",
        "did not follow instructions",
        "abandoned",
        "retried",
        "retry",
        "regenerated",
        "regenerate",
        "asked again",
        "rejected",
        "both bad",
        "bothbad",
        "👎",
        "😠",
        "😡",
        "🙁",
        "☹️",
    ];
    const POSITIVE: &[&str] = &[
        "good",
        "positive",
        "up",
        "thumbs up",
        "thumbsup",
        "thumb up",
        "like",
        "yes",
        "true",
        "correct",
        "right",
        "helpful",
        "accurate",
        "excellent",
        "great",
        "perfect",
        "resolved",
        "solved",
        "accepted",
        "chosen",
        "copied",
        "copy",
        "pasted",
        "shared",
        "thanks",
        "thanked",
        "followed instructions",
        "👍",
        "😀",
        "🙂",
        "😍",
    ];
    const NEUTRAL: &[&str] = &["neutral", "ok", "okay", "mixed", "tie", "edited", "unsure", "😐"];
    let plain = label.trim().to_lowercase().replace(['_', '-'], " ");
    let has = |list: &[&str]| list.contains(&plain.as_str());
    if has(NEGATIVE) {
        Some(Polarity::Negative)
    } else if has(POSITIVE) {
        Some(Polarity::Positive)
    } else if has(NEUTRAL) {
        Some(Polarity::Neutral)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(feedback_type: FeedbackType, minimum: f64, maximum: f64, integral: bool) -> ScoreRule {
        default_rule(&ScoreProfile { score_name: None, feedback_type, count: 9, minimum, maximum, integral })
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

    #[test]
    fn labels_speak_where_there_is_no_score() {
        let polarity =
            |feedback_type, labels: &[&str]| without_score(feedback_type, labels.iter().copied(), !labels.is_empty());
        assert_eq!(polarity(FeedbackType::Correction, &[]), Polarity::Negative);
        assert_eq!(polarity(FeedbackType::Comment, &[]), Polarity::Neutral);
        assert_eq!(polarity(FeedbackType::Implicit, &["copied"]), Polarity::Positive);
        assert_eq!(polarity(FeedbackType::Implicit, &["asked-again"]), Polarity::Negative);
        assert_eq!(polarity(FeedbackType::Category, &["helpful", "Too_Vague"]), Polarity::Negative);
        assert_eq!(polarity(FeedbackType::Category, &["quotes the wrong contract"]), Polarity::Negative);
    }
}
