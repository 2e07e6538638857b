use hearback_app::{
    ChartRequest, TrendQuery,
    analysis::trend::SeriesChoice,
    draw as chart,
    draw::{ChartSpec, Size, Title},
};
use hearback_domain::error::{Error, Result};
use hearback_wire as wire;

use crate::{
    arguments::{self, ChartKind, Cli, TrendArguments},
    output::{self, Table, measured},
};

pub fn trends(cli: &Cli, arguments: &TrendArguments) -> Result<()> {
    let workspace = cli.existing()?;
    let query = TrendQuery {
        filter: arguments.filter.filter(),
        by: arguments.by.clone(),
        measure: arguments.measure,
        bucket: arguments::bucket(&arguments.bucket)?,
        series: SeriesChoice { max: arguments.series, chosen: None },
    };
    let asked = wire::TrendQuery {
        filter: (&query.filter).into(),
        by: query.by.iter().map(|&dimension| dimension.into()).collect(),
        measure: query.measure.into(),
        bucket: query.bucket.map(wire::Bucket::from),
        max_series: u32::try_from(arguments.series).unwrap_or(u32::MAX),
        chosen: None,
    };
    if arguments.svg.is_some() || arguments.png.is_some() {
        let request = ChartRequest {
            query: query.clone(),
            spec: ChartSpec { title: Some(title(&query)), ..ChartSpec::new(kind(arguments.chart)) },
            size: size(&arguments.size)?,
            theme: if arguments.dark { chart::DARK } else { chart::LIGHT },
        };
        if let Some(path) = &arguments.svg {
            write(path, workspace.draw(&request)?.picture.svg.as_bytes())?;
        }
        if let Some(path) = &arguments.png {
            write(path, &workspace.draw_png(&request)?)?;
        }
        if !cli.json {
            return Ok(());
        }
    }
    let trend = wire::Trend::new(&asked, &workspace.trend(&query)?);
    if cli.json {
        return output::json(&trend);
    }
    if arguments.sql {
        output::line(&trend.sql);
        return Ok(());
    }
    print(&trend);
    Ok(())
}

fn print(trend: &wire::Trend) {
    let number = |value: Option<f64>| measured(trend.measure.into(), value);
    let mut table = Table::new(&["series", "from", "value", "low", "high", "n", ""]);
    for series in &trend.series {
        for point in series.points.iter().filter(|point| point.value.sums.n > 0) {
            let mark = match (point.unfinished, point.value.small) {
                (true, _) => "unfinished",
                (false, true) => "few",
                (false, false) => "",
            };
            table.row([
                series.label.clone(),
                point.start.trim_end_matches("T00:00:00Z").to_owned(),
                number(point.value.value),
                number(point.value.low),
                number(point.value.high),
                point.value.n.to_string(),
                mark.to_owned(),
            ]);
        }
    }
    table.print();
    if trend.measure == wire::Measure::NegativeShare {
        super::overview::beside(trend.series.iter().map(|series| series.total.sums.unknown).sum());
    }
}

fn title(query: &TrendQuery) -> Title {
    Title { title: query.measure.title(&query.by), subtitle: None }
}

fn kind(kind: ChartKind) -> chart::Kind {
    match kind {
        ChartKind::Lines => chart::Kind::Lines,
        ChartKind::Stacked => chart::Kind::Stacked,
        ChartKind::Ranking => chart::Kind::Ranking,
    }
}

fn size(text: &str) -> Result<Size> {
    text.split_once('x')
        .and_then(|(width, height)| Some(Size::new(width.trim().parse().ok()?, height.trim().parse().ok()?)))
        .ok_or_else(|| Error::input(format!("{text:?} is no size")).hint("Write it as 960x420"))
}

fn write(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes)
        .map_err(|error| Error::file(format!("{} could not be written", path.display())).because(error))
}
