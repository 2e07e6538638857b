//! What is measured, on which input, against which peer?

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

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

/// Characters of a long text: some 190 tokens.
const LONG: usize = 760;

/// Embedding of short and of long texts beside ONNX Runtime and fastembed, both called from Python: the same model file, texts,
/// threads.
pub fn embed(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let short = inputs::texts(bench, 2_000)?;
    let long = long_texts(&short, 300)?;
    let model = bench.places.model().display().to_string();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).to_string();
    let (onnxruntime, fastembed) = (peers::python(bench.places)?, peers::python_with_fastembed(bench.places)?);
    let mut rows = Vec::new();
    // Where all texts are long, there is little padding to spare, and fastembed has no bound.
    for (name, texts, bound, bound_to_fastembed) in
        [("2 000 short texts", short, 1.4, Some(4.0)), ("300 long texts", long, 1.1, None)]
    {
        let texts = texts.display().to_string();
        let arguments = [model.as_str(), &texts, &threads];
        let [mut ours, mut by_onnxruntime, mut by_fastembed] = [const { Vec::new() }; 3];
        for _ in 0..ROUNDS {
            ours.push(only(bench, "embed", &["--texts", &texts])?);
            by_onnxruntime.push(peers::value(&onnxruntime, peers::EMBED, &arguments)?);
            by_fastembed.push(peers::value(&fastembed, peers::EMBED_FASTEMBED, &arguments)?);
        }
        let row = |peer| Row::new(format!("embedding, {name}, Python {peer}"), median(ours.clone()), "texts/s");
        rows.push(row("onnxruntime").peer(median(by_onnxruntime)).bound(Bound::Times(bound)));
        let beside_fastembed = row("fastembed").peer(median(by_fastembed));
        rows.push(match bound_to_fastembed {
            Some(times) => beside_fastembed.bound(Bound::Times(times)),
            None => beside_fastembed,
        });
    }
    Ok(rows)
}

/// As many texts of [`LONG`] characters or a little more, made of short ones that follow one another, in a file beside theirs.
fn long_texts(short: &Path, count: usize) -> Result<PathBuf, Failure> {
    let bytes = fs::read(short).map_err(|error| Failure::file("read", short, &error))?;
    let short_texts: Vec<String> = serde_json::from_slice(&bytes).unwrap_or_default();
    if short_texts.is_empty() {
        return Err(Failure::new(format!("{} holds no texts.", short.display()), "Remove it and run again."));
    }
    let long_texts: Vec<String> = (0..count)
        .map(|number| {
            let mut long = String::new();
            let mut following = short_texts.iter().cycle().skip(number * short_texts.len() / count);
            while long.chars().count() < LONG {
                long.extend(following.next().into_iter().flat_map(|text| [text, " "]));
            }
            long
        })
        .collect();
    let file = short.with_file_name(format!("bench-texts-long-{count}.json"));
    fs::write(&file, Value::from(long_texts).to_string()).map_err(|error| Failure::file("write", &file, &error))?;
    Ok(file)
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

fn bounded(bench: &Bench<'_>, name: &str, workspace: &Path, bound: Bound) -> Result<Vec<Row>, Failure> {
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
