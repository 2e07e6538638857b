//! What is measured, on which input, against which peer?

use crate::failure::Failure;
use crate::process;
use crate::sample;

use super::import;
use super::inputs;
use super::peers;
use super::table::{Bound, Row};
use super::{Bench, median};

/// Ours and the peer take turns this often; the table has the medians.
const ROUNDS: usize = 3;
const MEBIBYTE: f64 = 1_048_576.0;

/// Embedding of short texts, beside ONNX Runtime called from Python: the same model file, texts, threads.
pub fn embed(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let texts = inputs::texts(bench, 2_000)?.display().to_string();
    let model = bench.places.model().display().to_string();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).to_string();
    let python = peers::python(bench.places)?;
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(only(bench, "embed", &["--texts", &texts])?);
        peer.push(peers::value(&python, peers::EMBED, &[&model, &texts, &threads])?);
    }
    let row = Row::new("embedding, 2 000 texts", median(ours), "texts/s");
    Ok(vec![row.peer(median(peer)).bound(Bound::Times(1.2))])
}

/// Every trend query (the program says which they are) on the imported Langfuse set, where the shared data is there, else
/// on the sample.
pub fn trends(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let bound = Bound::Below(50.0);
    let Some(export) = inputs::langfuse_export(bench.places)? else {
        return bounded(bench, "trends", &bench.sample.workspace, bound);
    };
    let workspace = inputs::new_workspace(bench.places)?;
    import::once(bench, &workspace, &sample::exports(&export)?)?;
    bounded(bench, "trends", &workspace.file, bound)
}

/// One chart of each kind.
pub fn charts(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    bounded(bench, "charts", &bench.sample.workspace, Bound::Below(20.0))
}

/// The most memory that an import of the sample, and its analysis, had at once.
pub fn memory(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let next = "Run that command by hand to see more.";
    let workspace = inputs::new_workspace(bench.places)?;
    let mut rows = Vec::new();
    for step in ["import", "analyze"] {
        let mut program = bench.program();
        program.arg("--workspace").arg(&workspace.file).arg(step);
        if step == "import" {
            program.args(sample::exports(&bench.sample.exports)?);
        }
        let measured = process::measure(&mut program, next)?;
        let name = format!("sample, {step}");
        rows.push(Row::new(&name, measured.elapsed.as_secs_f64(), "s"));
        if let Some(peak) = measured.peak_memory {
            rows.push(Row::new(format!("{name}, peak memory"), peak as f64 / MEBIBYTE, "MiB"));
        }
    }
    Ok(rows)
}

fn bounded(bench: &Bench<'_>, name: &str, workspace: &std::path::Path, bound: Bound) -> Result<Vec<Row>, Failure> {
    let workspace = workspace.display().to_string();
    let (figures, _) = bench.ask(name, &["--workspace", &workspace])?;
    Ok(figures.into_iter().map(|figure| Row::new(figure.name, figure.value, figure.unit).bound(bound)).collect())
}

/// The figure of a benchmark that has one.
fn only(bench: &Bench<'_>, name: &str, arguments: &[&str]) -> Result<f64, Failure> {
    let (figures, _) = bench.ask(name, arguments)?;
    match &figures[..] {
        [figure] => Ok(figure.value),
        several => Err(Failure::new(
            format!("`hearback-cli bench {name}` printed {} figures where one was expected.", several.len()),
            "See its source.",
        )),
    }
}
