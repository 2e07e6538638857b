use hearback_engine::{error::Result, pipeline};
use hearback_wire::{Comparison, Headline, Overview};

use crate::{
    arguments::{Cli, ComparisonArguments, OverviewArguments},
    output::{self, Table, percent, points, short},
};

pub fn overview(cli: &Cli, arguments: &OverviewArguments) -> Result<()> {
    let overview = cli.existing()?.overview(&arguments.filter.filter(), &arguments.comparison.comparison())?;
    let wire = Overview::new(&comparison(&arguments.comparison), &overview);
    if cli.json {
        return output::json(&wire);
    }
    let mut table = Table::new(&["", "now", "before", "change", "95 % interval"]);
    let mut row =
        |name: &str, headline: &Headline, number: fn(Option<f64>) -> String, change: fn(Option<f64>) -> String| {
            table.row([
                name.to_owned(),
                number(headline.current.value),
                number(headline.previous.value),
                change(headline.change),
                interval(headline.low, headline.high),
            ]);
        };
    let count = |value: Option<f64>| value.map(|value| format!("{value:.0}")).unwrap_or_default();
    let relative = |value: Option<f64>| value.map(|value| format!("{:+.0} %", value * 100.0)).unwrap_or_default();
    row("feedback", &wire.volume, count, relative);
    row("negative share", &wire.negative_share, percent, points);
    row("mean score", &wire.mean_score, percent, points);
    row("turns with feedback", &wire.turns_with_feedback, percent, points);
    table.print();
    output::line("");
    let mut movers = Table::new(&["theme", "complaints now", "before", "points", "95 % interval", ""]);
    for mover in &wire.movers {
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

fn interval(low: Option<f64>, high: Option<f64>) -> String {
    low.zip(high).map(|(low, high)| format!("{} to {}", points(Some(low)), points(Some(high)))).unwrap_or_default()
}

pub fn comparison(arguments: &ComparisonArguments) -> Comparison {
    match arguments.comparison() {
        pipeline::Comparison::PreviousPeriod => Comparison::PreviousPeriod,
        pipeline::Comparison::ModelVersion { current, previous } => Comparison::ModelVersion { current, previous },
    }
}
