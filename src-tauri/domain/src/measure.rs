//! What can be counted of feedback, how is it computed, and how is it written?
//!
//! [`Measure::spec`] is the one table: a new measure is a word and a row here, and a conversion in the crate `wire`.
//! Intervals, charts, the window and the command line read the row; none of them asks which measure it is.

use super::{
    Aggregate, Bucket, Condition, Counted, Dimension, Filter, Polarity,
    feedback::string_enum,
    filter::{Exclude, HAS_SCORE},
    number,
};

string_enum! {
    Measure {
        /// How many feedbacks.
        Volume = "volume",
        /// Negative ones among those with a polarity, neutral ones included: `negative / (n - unknown)`.
        NegativeShare = "negative_share",
        /// Mean of the scores, each brought to 0..1 by its own scale, 1 is good.
        MeanScore = "mean_score",
    }
}

/// All that is known of a measure.
#[derive(Clone, Copy, Debug)]
pub struct MeasureSpec {
    /// The measure's name, as a title begins.
    pub name: &'static str,
    /// What the value axis counts, before "per week".
    pub unit: &'static str,
    pub formula: Formula,
    pub style: Style,
    pub change: ChangeStyle,
    pub rise: Rise,
    /// The condition that leaves only the feedback that the formula rests on; `None`: it rests on all.
    basis: Option<(Dimension, &'static str, Exclude)>,
    /// The same for the feedback that a share counts as hits.
    hits: Option<(Dimension, &'static str, Exclude)>,
}

/// How a value follows from sums.
#[derive(Clone, Copy, Debug)]
pub enum Formula {
    Count(fn(&Aggregate) -> u64),
    /// `hits / of`, on 0..1.
    Share {
        hits: fn(&Aggregate) -> u64,
        of: fn(&Aggregate) -> u64,
    },
    /// `sum / of`, on 0..1.
    Mean {
        of: fn(&Aggregate) -> u64,
        sum: fn(&Aggregate) -> f64,
        squares: fn(&Aggregate) -> f64,
    },
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A whole number: `1 204`.
    Count,
    /// A value on 0..1 as percent: `18.4 %`.
    Percent { decimals: u8 },
    /// A plain number: `0.62`.
    Decimal { decimals: u8 },
}

/// How a change of a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeStyle {
    /// Relative to the value before: 0.08 is `8 %` more.
    Relative,
    /// A difference of shares: 0.038 is 3.8 percentage points.
    Points,
    /// A difference in units of the measure.
    Plain,
}

/// What more of it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rise {
    Worse,
    Better,
    Neither,
}

impl Measure {
    pub fn spec(self) -> MeasureSpec {
        match self {
            Self::Volume => MeasureSpec {
                name: "Feedback",
                unit: "number of feedback",
                formula: Formula::Count(|sums| sums.n),
                style: Style::Count,
                change: ChangeStyle::Relative,
                rise: Rise::Neither,
                basis: None,
                hits: None,
            },
            Self::NegativeShare => MeasureSpec {
                name: "Negative share",
                unit: "percent of feedback with a polarity",
                formula: Formula::Share { hits: |sums| sums.negative, of: Aggregate::judged },
                style: Style::Percent { decimals: 1 },
                change: ChangeStyle::Points,
                rise: Rise::Worse,
                basis: Some((Dimension::Polarity, Polarity::Unknown.word(), Exclude::Yes)),
                hits: Some((Dimension::Polarity, Polarity::Negative.word(), Exclude::No)),
            },
            Self::MeanScore => MeasureSpec {
                name: "Mean score",
                unit: "0 bad to 1 good",
                formula: Formula::Mean {
                    of: |sums| sums.scored,
                    sum: |sums| sums.score_sum,
                    squares: |sums| sums.score_square_sum,
                },
                style: Style::Decimal { decimals: 2 },
                change: ChangeStyle::Plain,
                rise: Rise::Better,
                basis: Some((Dimension::HasScore, HAS_SCORE, Exclude::No)),
                hits: None,
            },
        }
    }

    /// A count, a share on 0..1, or a mean on 0..1; `None` where there is nothing to divide by.
    pub fn value(self, sums: &Aggregate) -> Option<f64> {
        match self.spec().formula {
            Formula::Count(count) => Some(count(sums) as f64),
            Formula::Share { hits, of } => (of(sums) > 0).then(|| hits(sums) as f64 / of(sums) as f64),
            Formula::Mean { of, sum, .. } => (of(sums) > 0).then(|| sum(sums) / of(sums) as f64),
        }
    }

    /// The feedbacks that the value rests on.
    pub fn basis(self, sums: &Aggregate) -> u64 {
        match self.spec().formula {
            Formula::Count(count) => count(sums),
            Formula::Share { of, .. } | Formula::Mean { of, .. } => of(sums),
        }
    }

    /// The feedbacks that the value rests on, of the selection of `filter`, which has these sums.
    pub fn rests_on(self, filter: &Filter, sums: &Aggregate) -> Counted {
        let n = self.basis(sums);
        let filter = if n == sums.n { filter.clone() } else { narrowed(filter, self.spec().basis) };
        Counted { n, filter }
    }

    /// The feedbacks of the selection that are no part of the value, where there are any: they are counted beside it.
    pub fn beside(self, filter: &Filter, sums: &Aggregate) -> Option<Counted> {
        let (dimension, value, exclude) = self.spec().basis?;
        let others = match exclude {
            Exclude::No => Exclude::Yes,
            Exclude::Yes => Exclude::No,
        };
        let n = sums.n - self.basis(sums);
        (n > 0).then(|| Counted { n, filter: narrowed(filter, Some((dimension, value, others))) })
    }

    /// The feedbacks that a share counts as hits, of the selection of `filter`; of any other measure those that it rests
    /// on.
    pub fn hits(self, filter: &Filter, sums: &Aggregate) -> Counted {
        match self.spec().formula {
            Formula::Share { hits, .. } => Counted { n: hits(sums), filter: narrowed(filter, self.spec().hits) },
            Formula::Count(_) | Formula::Mean { .. } => self.rests_on(filter, sums),
        }
    }

    /// `Negative share by model version and environment`
    pub fn title(self, by: &[Dimension]) -> String {
        let by: Vec<String> = by.iter().map(|dimension| dimension.name()).collect();
        let name = self.spec().name;
        if by.is_empty() { name.to_owned() } else { format!("{name} by {}", by.join(" and ")) }
    }

    /// `percent of feedback per week, 95 % interval`; without a bucket, of a whole span.
    pub fn axis(self, bucket: Option<Bucket>) -> String {
        let spec = self.spec();
        let per = bucket.map(|bucket| format!(" per {bucket}")).unwrap_or_default();
        let interval = if spec.formula.has_interval() { ", 95 % interval" } else { "" };
        format!("{}{per}{interval}", spec.unit)
    }

    /// The value as people read it, with its unit: `1 204`, `18.4 %`, `0.62`.
    pub fn write(self, value: f64) -> String {
        self.spec().style.write(value)
    }
}

fn narrowed(filter: &Filter, condition: Option<(Dimension, &'static str, Exclude)>) -> Filter {
    match condition {
        Some((dimension, value, exclude)) => {
            filter.with(Condition { dimension, values: vec![Some(value.to_owned())], exclude })
        }
        None => filter.clone(),
    }
}

impl Formula {
    /// A count is what it is; a share and a mean stand for more than was counted.
    pub const fn has_interval(self) -> bool {
        !matches!(self, Self::Count(_))
    }
}

impl Style {
    pub fn write(self, value: f64) -> String {
        match self {
            Self::Count => number::count(value),
            Self::Percent { decimals } => number::percent(value, usize::from(decimals)),
            Self::Decimal { decimals } => number::fixed(value, usize::from(decimals)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_measure_is_written_in_its_own_way() {
        let written = |value: f64| Measure::ALL.iter().map(|measure| measure.write(value)).collect::<Vec<_>>();
        assert_eq!(written(0.607), ["1", "60.7\u{202f}%", "0.61"]);
        assert_eq!(Measure::NegativeShare.title(&[]), "Negative share");
        assert_eq!(
            Measure::MeanScore.title(&[Dimension::ModelVersion, Dimension::Environment]),
            "Mean score by model version and environment"
        );
        assert_eq!(Measure::Volume.axis(Some(Bucket::Week)), "number of feedback per week");
        assert_eq!(Measure::NegativeShare.axis(None), "percent of feedback with a polarity, 95 % interval");
    }

    #[test]
    fn a_value_opens_the_feedback_that_it_rests_on() {
        let sums = Aggregate { n: 10, negative: 3, scored: 4, score_sum: 2.0, ..Aggregate::default() };
        let all = Filter::default();
        assert_eq!(Measure::Volume.rests_on(&all, &sums), Counted { n: 10, filter: all.clone() });
        let scored = Measure::MeanScore.rests_on(&all, &sums);
        assert_eq!((scored.n, scored.filter.conditions[0].dimension), (4, Dimension::HasScore));
        // Where all have a score, nothing needs to be said.
        assert_eq!(Measure::MeanScore.rests_on(&all, &Aggregate { scored: 10, ..sums }).filter, all);
        let negative = Measure::NegativeShare.hits(&all, &sums);
        assert_eq!((negative.n, negative.filter), (3, all.with_value(Dimension::Polarity, Some("negative"))));
    }
}
