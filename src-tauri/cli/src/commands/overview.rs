use hearback_app as app;
use hearback_domain::{Measure, error::Result};
use hearback_wire::{self as wire, Comparison, Headline};

use super::asked;
use crate::{
    arguments::{Cli, ComparisonArguments, OverviewArguments},
    output::{self, Table, measured, percent, points, short},
};

pub fn overview(cli: &Cli, arguments: &OverviewArguments) -> Result<()> {
    let (filter, comparison) = ((&arguments.filter.filter()).into(), comparison(&arguments.comparison));
    let answer = asked(&cli.existing()?, |asked| wire::overview(asked, filter, comparison))?;
    if cli.json {
        return output::json(&answer);
    }
    let mut table = Table::new(&["", "now", "before", "change", "95 % interval"]);
    let mut row = |name: &str, measure: Measure, headline: &Headline| {
        let change = |value| output::change(measure, value);
        table.row([
            name.to_owned(),
            measured(measure, headline.current.value),
            measured(measure, headline.previous.value),
            change(headline.change),
            headline
                .low
                .zip(headline.high)
                .map(|(low, high)| format!("{} to {}", change(Some(low)), change(Some(high))))
                .unwrap_or_default(),
        ]);
    };
    for (measure, headline) in [
        (Measure::Volume, &answer.volume),
        (Measure::NegativeShare, &answer.negative_share),
        (Measure::MeanScore, &answer.mean_score),
    ] {
        row(&measure.spec().name.to_lowercase(), measure, headline);
    }
    // A share like any other.
    row("turns with feedback", Measure::NegativeShare, &answer.turns_with_feedback);
    table.print();
    beside(answer.unknown.as_ref().map_or(0, |unknown| unknown.n));
    output::line("");
    let mut movers = Table::new(&["theme", "complaints now", "before", "points", "95 % interval", ""]);
    for mover in &answer.movers {
        movers.row([
            short(&mover.label, 60),
            percent(mover.current.value),
            percent(mover.previous.value),
            points(mover.change),
            interval(mover.low, mover.high),
            if mover.significant { "clear".to_owned() } else { String::new() },
        ]);
    }
    movers.print();
    Ok(())
}

/// Says how much feedback is no part of a negative share, where there is some.
pub fn beside(unknown: u64) {
    if unknown > 0 {
        output::line(&format!(
            "{unknown} more feedback of unknown polarity: no part of the negative share (`scores` lists what is open)"
        ));
    }
}

fn interval(low: Option<f64>, high: Option<f64>) -> String {
    low.zip(high).map(|(low, high)| format!("{} to {}", points(Some(low)), points(Some(high)))).unwrap_or_default()
}

pub fn comparison(arguments: &ComparisonArguments) -> Comparison {
    match arguments.comparison() {
        app::Comparison::PreviousPeriod => Comparison::PreviousPeriod,
        app::Comparison::ModelVersion { current, previous } => Comparison::ModelVersion { current, previous },
    }
}
