//! How fast are exports read, and in how much memory?
//!
//! A million canonical records as lines of JSON and as a table, beside bare DuckDB, which knows the columns and only copies
//! them; a real Langfuse export; and how long it takes to see what a file is. `--big` reads ten times as much, where memory
//! must be the same.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::process::Measured;
use crate::sample;

use super::generated::{self, Shape};
use super::table::{Bound, Row};
use super::{Bench, Figure, inputs, peers};

/// Ours and the peer take turns this often; the best of each counts.
const ROUNDS: usize = 2;
const RECORDS: u64 = 1_000_000;
const TIMES_AS_MANY: u64 = 10;
/// At most 2.5 times the peer's seconds.
const AS_GOOD: Bound = Bound::Times(0.4);
const MEMORY: Bound = Bound::Below(600.0);
const MEGABYTE: f64 = 1e6;

pub fn import(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for shape in [Shape::Jsonl, Shape::Csv] {
        rows.extend(beside_peer(bench, shape)?);
    }
    if bench.big {
        rows.extend(big(bench)?);
    }
    rows.extend(langfuse(bench)?);
    rows.extend(detection(bench)?);
    Ok(rows)
}

fn beside_peer(bench: &Bench<'_>, shape: Shape) -> Result<Vec<Row>, Failure> {
    let file = generated::file(bench.places, shape, RECORDS)?;
    let python = peers::python(bench.places)?;
    let mut ours = Runs::default();
    let mut peer = Runs::default();
    for _ in 0..ROUNDS {
        let once = once(bench, &inputs::new_workspace(bench.places)?, std::slice::from_ref(&file))?;
        ours.add(once.seconds, &once.measured);
        let database = inputs::new_workspace(bench.places)?;
        let arguments = [file.display().to_string(), database.file.display().to_string()];
        let (seconds, measured) =
            peers::watched(&python, peers::READ_RECORDS, &arguments.each_ref().map(String::as_str))?;
        peer.add(seconds, &measured);
    }
    let name = format!("import, 1 M records, {}", shape.ending());
    let mut rows = vec![
        Row::new(format!("{name}, beside bare DuckDB"), ours.seconds(), "s").peer(peer.seconds()).bound(AS_GOOD),
        Row::new(&name, RECORDS as f64 / ours.seconds(), "records/s"),
    ];
    if let (Some(own), Some(others)) = (ours.memory, peer.memory) {
        rows.push(Row::new(format!("{name}, peak memory"), own, "MB").peer(others).bound(MEMORY));
    }
    Ok(rows)
}

fn big(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let file = generated::file(bench.places, Shape::Jsonl, RECORDS * TIMES_AS_MANY)?;
    let once = once(bench, &inputs::new_workspace(bench.places)?, &[file])?;
    let mut runs = Runs::default();
    runs.add(once.seconds, &once.measured);
    let mut rows = vec![Row::new("import, 10 M records, jsonl", once.records / once.seconds, "records/s")];
    rows.extend(runs.memory.map(|peak| Row::new("import, 10 M records, jsonl, peak memory", peak, "MB").bound(MEMORY)));
    Ok(rows)
}

fn langfuse(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let Some(export) = inputs::langfuse_export(bench.places)? else { return Ok(Vec::new()) };
    let paths = sample::exports(&export)?;
    let mut best: Option<Once> = None;
    for _ in 0..ROUNDS {
        let next = once(bench, &inputs::new_workspace(bench.places)?, &paths)?;
        if best.as_ref().is_none_or(|best| next.seconds < best.seconds) {
            best = Some(next);
        }
    }
    let rows = best.map(|best| {
        vec![
            Row::new("import, Langfuse, 24 386 scores", best.seconds, "s").bound(Bound::Below(10.0)),
            Row::new("import, Langfuse", best.records / best.seconds, "records/s").bound(Bound::AtLeast(60_000.0)),
        ]
    });
    Ok(rows.unwrap_or_default())
}

/// Over the fixtures, the exports of real tools where they are there, and the largest file of this benchmark.
fn detection(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let mut paths = vec![bench.places.root.join("tests/fixtures")];
    paths.extend(bench.places.shared().map(|shared| shared.join("data/real_tools")).filter(|folder| folder.is_dir()));
    paths.push(generated::file(bench.places, Shape::Jsonl, RECORDS)?);
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let (figures, _) = bench.ask("detect", &paths.iter().map(String::as_str).collect::<Vec<_>>())?;
    let files = named(&figures, "files").unwrap_or_default();
    let slowest = named(&figures, "slowest").ok_or_else(|| {
        Failure::new("`hearback-cli bench detect` did not print `slowest`.", "Run it by hand to see more.")
    })?;
    Ok(vec![Row::new(format!("detection, slowest of {files} files"), slowest, "ms").bound(Bound::Below(50.0))])
}

/// The best of several runs, and the most memory that any of them had.
#[derive(Default)]
struct Runs {
    seconds: Vec<f64>,
    memory: Option<f64>,
}

impl Runs {
    fn add(&mut self, seconds: f64, measured: &Measured) {
        self.seconds.push(seconds);
        let peak = measured.peak_memory.map(|bytes| bytes as f64 / MEGABYTE);
        self.memory = [self.memory, peak].into_iter().flatten().reduce(f64::max);
    }

    fn seconds(&self) -> f64 {
        self.seconds.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// One import into a workspace that does not exist yet.
pub struct Once {
    pub seconds: f64,
    pub records: f64,
    pub measured: Measured,
}

pub fn once(bench: &Bench<'_>, workspace: &inputs::NewWorkspace, paths: &[PathBuf]) -> Result<Once, Failure> {
    let file = workspace.file.display().to_string();
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let mut arguments = vec!["--workspace", &file];
    arguments.extend(paths.iter().map(String::as_str));
    let (figures, measured) = bench.ask("import", &arguments)?;
    match (named(&figures, "import"), named(&figures, "records")) {
        (Some(seconds), Some(records)) => Ok(Once { seconds, records, measured }),
        _ => Err(Failure::new("`hearback-cli bench import` did not print `import` and `records`.", "See its source.")),
    }
}

fn named(figures: &[Figure], name: &str) -> Option<f64> {
    figures.iter().find(|figure| figure.name == name).map(|figure| figure.value)
}
