//! Which round numbers stand at the value axis?

use hearback_domain::{Measure, measure::Style, number};

/// From 0 to the last tick, which is at least what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub ticks: Vec<f64>,
    decimals: usize,
    style: Style,
}

impl Scale {
    /// A zero-based scale that reaches `max` in about `steps` steps of 1, 2, 2.5 or 5 times a power of ten.
    /// Counts have whole steps; shares and means end at 1.
    pub fn reaching(max: f64, steps: usize, measure: Measure) -> Self {
        let style = measure.spec().style;
        // What the axis says is in percent, so that is what has to be round.
        let (unit, ceiling, least) = match style {
            Style::Count => (1.0, f64::INFINITY, 1.0),
            Style::Percent { .. } => (100.0, 100.0, 10.0),
            Style::Decimal { .. } => (1.0, 1.0, 1.0),
        };
        let reach = if max.is_finite() && max > 0.0 { (max * unit).min(ceiling) } else { least };
        // Nothing to measure needs no fine steps.
        let steps = if max > 0.0 { steps.max(1) } else { steps.clamp(1, 2) };
        let (mantissa, exponent) = step(reach / steps as f64, style);
        let size = mantissa * 10f64.powi(exponent);
        // The subtraction forgives rounding: 0.3 / 0.1 is a little more than 3.
        let mut last = (reach / size - 1e-9).ceil().max(1.0);
        if last * size > ceiling * (1.0 + 1e-9) {
            last = (ceiling / size + 1e-9).floor();
        }
        let decimals = usize::try_from(-exponent).unwrap_or(0) + usize::from(mantissa.fract() > 0.0 && exponent <= 0);
        // Through text, so that three steps of 0.1 are 0.3 and nothing else.
        let ticks = (0..=last as u32)
            .map(|index| f64::from(index) * size)
            .map(|tick| format!("{tick:.decimals$}").parse().unwrap_or(tick) / unit)
            .collect();
        Self { ticks, decimals, style }
    }

    pub fn max(&self) -> f64 {
        self.ticks.last().copied().unwrap_or(1.0)
    }

    pub fn label(&self, tick: f64) -> String {
        match self.style {
            Style::Percent { .. } => number::percent(tick, self.decimals),
            Style::Count | Style::Decimal { .. } => number::fixed(tick, self.decimals),
        }
    }
}

/// The smallest round step that is not below `rough`, as mantissa and power of ten.
fn step(rough: f64, style: Style) -> (f64, i32) {
    let exponent = rough.log10().floor() as i32;
    let found = [(1.0, 0), (2.0, 0), (2.5, 0), (5.0, 0), (1.0, 1)]
        .into_iter()
        .map(|(mantissa, carry)| (mantissa, exponent + carry))
        .find(|&(mantissa, exponent)| {
            let whole = exponent > 0 || (exponent == 0 && f64::fract(mantissa) == 0.0);
            (whole || style != Style::Count) && mantissa * 10f64.powi(exponent) >= rough * (1.0 - 1e-9)
        });
    match (found, style) {
        (Some(step), _) => step,
        (None, Style::Count) => (1.0, 0),
        (None, _) => (1.0, exponent + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(max: f64, steps: usize, measure: Measure) -> String {
        let scale = Scale::reaching(max, steps, measure);
        scale.ticks.iter().map(|tick| scale.label(*tick)).collect::<Vec<_>>().join(" | ").replace('\u{202f}', "_")
    }

    #[test]
    fn axes_have_round_numbers() {
        let share = Measure::NegativeShare;
        assert_eq!(labels(0.31, 4, share), "0_% | 10_% | 20_% | 30_% | 40_%");
        assert_eq!(labels(0.3, 3, share), "0_% | 10_% | 20_% | 30_%");
        assert_eq!(labels(0.061, 4, share), "0_% | 2_% | 4_% | 6_% | 8_%");
        assert_eq!(labels(0.0021, 4, share), "0.0_% | 0.1_% | 0.2_% | 0.3_%");
        assert_eq!(labels(0.09, 4, share), "0.0_% | 2.5_% | 5.0_% | 7.5_% | 10.0_%");
        assert_eq!(labels(1.0, 4, share), "0_% | 25_% | 50_% | 75_% | 100_%");
        assert_eq!(labels(0.99, 3, share), "0_% | 50_% | 100_%");
        assert_eq!(labels(0.0, 4, share), "0_% | 5_% | 10_%");
        assert_eq!(labels(300.0, 4, Measure::Volume), "0 | 100 | 200 | 300");
        assert_eq!(labels(24_386.0, 4, Measure::Volume), "0 | 10_000 | 20_000 | 30_000");
        assert_eq!(labels(3.0, 6, Measure::Volume), "0 | 1 | 2 | 3");
        assert_eq!(labels(9.0, 4, Measure::Volume), "0 | 5 | 10");
        assert_eq!(labels(0.0, 4, Measure::Volume), "0 | 1");
        assert_eq!(labels(0.83, 4, Measure::MeanScore), "0.00 | 0.25 | 0.50 | 0.75 | 1.00");
    }

    #[test]
    fn no_maximum_breaks_the_axis() {
        for measure in Measure::ALL {
            for max in [f64::NAN, f64::INFINITY, -1.0, 1e-12, 1e15] {
                let scale = Scale::reaching(max, 5, *measure);
                assert!((2..20).contains(&scale.ticks.len()), "{measure} {max}: {:?}", scale.ticks);
            }
        }
    }
}
