//! Which numbers are bad and which are good, on the scales that people are asked by?

use super::Polarity;

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

    /// A rule of this scale that calls the lowest and the highest two fifths negative and positive.
    pub fn rule_of_shares(self) -> ScoreRule {
        ScoreRule { scale: self, ..Self::Unit.rule() }
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

    pub(super) fn custom(self) -> Self {
        Self { scale: Scale::Custom, ..self }
    }

    /// The same scale with the other end good.
    pub(super) fn turned(self) -> Self {
        Self { worst: self.best, best: self.worst, ..self }.custom()
    }
}
