//! What does each stage take? For `cargo xtask bench`, which sets peers beside it and prints the table.
//!
//! One JSON object a line: `{"name", "value", "unit"}`.

mod map;
mod recall;
pub mod themes;

use std::{path::Path, time::Instant};

use hearback_analysis::trend::SeriesChoice;
use hearback_app::{ChartRequest, Components, ImportOptions, TrendQuery, Workspace};
use hearback_domain::{
    Dimension, Filter, Measure,
    error::{Error, Result},
    job::Job,
};
use hearback_draw::{self as chart, ChartSpec, Size};
use hearback_ingest as ingest;
use hearback_models::embed::Embedder;

use crate::{
    arguments::{Benchmark, Cli},
    commands::now,
    output,
};

/// A query or a drawing is repeated this often; the median counts.
const ROUNDS: usize = 9;

pub fn run(cli: &Cli, benchmark: &Benchmark) -> Result<()> {
    match benchmark {
        Benchmark::Import { paths } => import(cli, paths),
        Benchmark::Detect { paths } => detect(paths),
        Benchmark::Embed { texts } => embed(texts),
        Benchmark::Themes(arguments) => themes::run(arguments),
        Benchmark::Recall { texts, count, window: false } => recall::matrix(texts, *count),
        Benchmark::Recall { texts, count, window: true } => recall::workspace(cli, texts, *count),
        Benchmark::Map { texts, folder, grow } => map::map(texts, folder, *grow),
        Benchmark::Trends => trends(&cli.existing()?),
        Benchmark::Charts => charts(&cli.existing()?),
    }
}

fn figure(name: &str, value: f64, unit: &str) {
    output::line(&serde_json::json!({ "name": name, "value": value, "unit": unit }).to_string());
}

fn import(cli: &Cli, paths: &[std::path::PathBuf]) -> Result<()> {
    let began = Instant::now();
    let workspace = cli.workspace()?;
    let outcome = workspace.import(paths, &ImportOptions::new(now()), &Job::quiet())?;
    // The file is whole when it is closed.
    drop(workspace);
    figure("import", began.elapsed().as_secs_f64(), "s");
    figure("records", outcome.total.read as f64, "records");
    figure("feedback", outcome.total.feedback as f64, "feedback");
    figure("joined to a turn", outcome.total.joined_turn as f64, "feedback");
    figure("joined to a session", outcome.total.joined_session as f64, "feedback");
    Ok(())
}

/// How long it takes to see what a file is: the best of a few tries each, since other programs run, too.
fn detect(paths: &[std::path::PathBuf]) -> Result<()> {
    const TRIES: usize = 3;
    let files = ingest::expand(paths)?;
    let mut slowest = 0.0_f64;
    for input in &files {
        let times = (0..TRIES).map(|_| {
            let began = Instant::now();
            // No format is an answer like any other.
            let _ = ingest::recognise(input, &ingest::ReadOptions::default());
            began.elapsed().as_secs_f64() * 1000.0
        });
        let best = times.fold(f64::INFINITY, f64::min);
        if best > slowest {
            slowest = best;
            figure(&format!("detection of {}", input.path().display()), best, "ms");
        }
    }
    figure("files", files.len() as f64, "files");
    figure("slowest", slowest, "ms");
    Ok(())
}

fn read_texts(path: &Path) -> Result<Vec<String>> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::input(format!("{} is no JSON array of texts", path.display())).because(error)
    };
    let bytes = std::fs::read(path).map_err(|error| failed(error.into()))?;
    serde_json::from_slice(&bytes).map_err(|error| failed(error.into()))
}

fn embedder() -> Result<Embedder> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Embedder::load(&Components::find().model_files(), cores)
}

fn embed(path: &Path) -> Result<()> {
    let texts = read_texts(path)?;
    let embedder = embedder()?;
    let warm: Vec<&String> = texts.iter().take(64).collect();
    embedder.embed(&warm, &Job::quiet(), &mut |_, _| Ok(()))?;
    let began = Instant::now();
    embedder.embed(&texts, &Job::quiet(), &mut |_, _| Ok(()))?;
    figure("embed", texts.len() as f64 / began.elapsed().as_secs_f64(), "texts/s");
    Ok(())
}

fn query(by: &[Dimension], measure: Measure) -> TrendQuery {
    TrendQuery { filter: Filter::default(), by: by.to_vec(), measure, bucket: None, series: SeriesChoice::default() }
}

/// Milliseconds of the median of several runs.
fn median(mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        work()?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[ROUNDS / 2])
}

fn trends(workspace: &Workspace) -> Result<()> {
    const SPLITS: &[&[Dimension]] = &[
        &[],
        &[Dimension::ModelVersion],
        &[Dimension::FeedbackType],
        &[Dimension::Environment],
        &[Dimension::PromptVersion],
        &[Dimension::UserRole],
        &[Dimension::Theme],
        &[Dimension::Reason],
        &[Dimension::Source],
        &[Dimension::ModelVersion, Dimension::Environment],
    ];
    for by in SPLITS {
        let words: Vec<&str> = by.iter().map(|dimension| dimension.word()).collect();
        let name = if words.is_empty() { "not split".to_owned() } else { format!("by {}", words.join(" and ")) };
        let query = query(by, Measure::NegativeShare);
        figure(&format!("trend {name}"), median(|| workspace.trend(&query).map(|_| ()))?, "ms");
    }
    Ok(())
}

fn charts(workspace: &Workspace) -> Result<()> {
    for (name, kind, measure) in [
        ("lines", chart::Kind::Lines, Measure::NegativeShare),
        ("stacked bars", chart::Kind::Stacked, Measure::Volume),
        ("ranking", chart::Kind::Ranking, Measure::NegativeShare),
    ] {
        let query = query(&[Dimension::FeedbackType], measure);
        let request = ChartRequest {
            query: query.clone(),
            spec: ChartSpec::new(kind),
            size: Size::new(960, 300),
            theme: chart::LIGHT,
        };
        let answer = workspace.trend(&query)?;
        let Some(trend) = &answer.trend else { return Err(Error::input("the workspace holds no feedback to draw")) };
        let spec = ChartSpec { slots: answer.slots.clone(), ..request.spec.clone() };
        let drawn = median(|| chart::draw_trend(trend, &spec, request.size, &request.theme).map(|_| ()))?;
        figure(&format!("chart, {name}, SVG"), drawn, "ms");
        figure(&format!("chart, {name}, query and SVG"), median(|| workspace.draw(&request).map(|_| ()))?, "ms");
    }
    Ok(())
}
