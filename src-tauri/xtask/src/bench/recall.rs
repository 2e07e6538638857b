//! How long does a question to 100 000 cases wait, and how long would it in DuckDB?

use crate::failure::Failure;

use super::inputs;
use super::peers;
use super::table::{Bound, Row};
use super::{Bench, Figure};

const COUNT: usize = 100_000;
const BIG: usize = 1_000_000;

/// The matrix by itself, beside `array_cosine_similarity` over the same number of vectors; a workspace as the window
/// asks it; with `--big` also a million vectors.
pub fn recall(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let texts = inputs::texts(bench, 10_000)?.display().to_string();
    let python = peers::python(bench.places)?;
    let workspace = inputs::new_workspace(bench.places)?;
    let file = workspace.file.display().to_string();
    let count = COUNT.to_string();
    let mut rows = matrix(bench, &texts, COUNT, 6.0)?;
    let (figures, _) =
        bench.ask("recall", &["--workspace", &file, "--texts", &texts, "--count", &count, "--window"])?;
    rows.extend(figures.into_iter().map(|figure| bounded(figure, COUNT, 6.0)));
    let peer = peers::value(&python, peers::COSINE, &[&file])?;
    for row in rows.iter_mut().filter(|row| row.name == name("recall, top 10", COUNT)) {
        row.peer = Some(peer);
    }
    if bench.big {
        rows.extend(matrix(bench, &texts, BIG, 50.0)?);
    }
    Ok(rows)
}

fn matrix(bench: &Bench<'_>, texts: &str, count: usize, limit: f64) -> Result<Vec<Row>, Failure> {
    let (figures, _) = bench.ask("recall", &["--texts", texts, "--count", &count.to_string()])?;
    Ok(figures.into_iter().map(|figure| bounded(figure, count, limit)).collect())
}

fn name(what: &str, count: usize) -> String {
    format!("{what}, {count}")
}

fn bounded(figure: Figure, count: usize, limit: f64) -> Row {
    let row = Row::new(name(&figure.name, count), figure.value, figure.unit);
    match figure.name.as_str() {
        "recall, top 10" => row.bound(Bound::Below(limit)),
        "recall at 10" => row.bound(Bound::AtLeast(0.99)),
        "recall, as-you-type search" => row.bound(Bound::Below(100.0)),
        _ => row,
    }
}
