//! Are the themes good, stable and fast enough, beside KMeans, HDBSCAN and BERTopic on the same vectors?

use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::process::{self, Measured};
use crate::tools;

use super::table::{Bound, Row};
use super::{Bench, Figure, figures, inputs, peers};

/// Labelled texts as one JSON file.
const LABELLED: &str = include_str!("peers/labelled.py");
/// `VECTORS DIMENSION LABELLED METHOD`; prints figures.
const PEER: &str = include_str!("peers/themes.py");
const DIMENSION: &str = "384";
const MEBIBYTE: f64 = 1_048_576.0;
const NEXT: &str = "See src-tauri/xtask/src/bench/themes.rs.";

/// Versions that were run here. BERTopic alone, without what it needs only to make vectors itself.
const REQUIREMENTS: [&str; 7] = [
    "numpy==2.4.6",
    "scikit-learn==1.9.1",
    "umap-learn==0.5.12",
    "hdbscan==0.8.44",
    "pandas==3.1.1",
    "plotly==7.1.0",
    "pyyaml==6.0.3",
];
const ALONE: [&str; 1] = ["bertopic==0.17.4"];

pub fn themes(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let banking = bench.places.shared().map(|folder| folder.join("data/banking77")).filter(|folder| folder.is_dir());
    let Some(banking) = banking else {
        eprintln!("bench: no shared data folder: themes are measured on labelled texts only");
        return Ok(Vec::new());
    };
    let folder = inputs::new_workspace(bench.places)?;
    let labelled = folder.file.with_file_name("labelled.json");
    let vectors = folder.file.with_file_name("vectors.f32");
    let mut python = tools::python()?;
    python.args(["-c", LABELLED]).arg(&labelled).args(["train.csv", "test.csv"].map(|name| banking.join(name)));
    process::capture(&mut python, NEXT)?;
    let python = peers::environment(bench.places, &REQUIREMENTS, &ALONE)?;

    let (ours, _) = ask(bench, &labelled, &vectors, None, None)?;
    let (alone, _) = ask(bench, &labelled, &vectors, None, Some("1"))?;
    let mut rows = table("banking77", &ours);
    let same = value(&ours, "digest") == value(&alone, "digest");
    rows.push(Row::new("banking77, the same on 1 thread", f64::from(u8::from(same)), "").bound(Bound::AtLeast(1.0)));
    for method in ["kmeans", "hdbscan", "bertopic"] {
        let (peer, _) = ask_peer(&python, &vectors, &labelled, method)?;
        if method == "bertopic" {
            let ahead = value(&ours, "V-measure") - value(&peer, "V-measure");
            rows.push(Row::new("banking77, V-measure above BERTopic's", ahead, "").bound(Bound::AtLeast(0.0)));
        }
        let named =
            |figure: Figure| Row::new(format!("{method} on banking77, {}", figure.name), figure.value, figure.unit);
        rows.extend(peer.into_iter().map(named));
    }
    rows.extend(large(bench, &labelled, &vectors, &python)?);
    Ok(rows)
}

/// 100 000 vectors, and with `--big` 1 000 000: real ones with noise.
fn large(bench: &Bench<'_>, labelled: &Path, vectors: &Path, python: &Path) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    let sizes = [("100 000", "100000", 15.0), ("1 000 000", "1000000", 60.0)];
    for (name, many, seconds) in sizes.into_iter().take(if bench.big { 2 } else { 1 }) {
        let (ours, measured) = ask(bench, labelled, vectors, Some(many), None)?;
        let mut time =
            Row::new(format!("themes of {name} vectors"), value(&ours, "time"), "s").bound(Bound::Below(seconds));
        let peak = measured.peak_memory.map(|peak| peak as f64 / MEBIBYTE);
        let mut memory =
            peak.map(|peak| Row::new(format!("{name}, peak memory"), peak, "MiB").bound(Bound::Below(4096.0)));
        if many == "100000" {
            let (peer, measured) = ask_peer(python, vectors, labelled, "bertopic")?;
            time = time.peer(value(&peer, "time"));
            if let (Some(row), Some(peak)) = (memory.take(), measured.peak_memory) {
                memory = Some(row.peer(peak as f64 / MEBIBYTE));
            }
            rows.push(Row::new("bertopic on 100 000, V-measure", value(&peer, "V-measure"), ""));
        }
        rows.push(time);
        rows.extend(memory);
        rows.push(Row::new(format!("{name}, V-measure"), value(&ours, "V-measure"), ""));
        let cut = Row::new(format!("{name}, another granularity"), value(&ours, "cut"), "ms");
        rows.push(if many == "100000" { cut.bound(Bound::Below(1000.0)) } else { cut });
    }
    Ok(rows)
}

fn table(name: &str, figures: &[Figure]) -> Vec<Row> {
    let row = |figure: &Figure| {
        let row = Row::new(format!("{name}, {}", figure.name), figure.value, figure.unit.clone());
        match figure.name.as_str() {
            "V-measure" => row.bound(Bound::AtLeast(0.825)),
            "unclustered" => row.bound(Bound::Below(10.0)),
            "themes that stay, 10 % new" => row.bound(Bound::AtLeast(0.95)),
            _ => row,
        }
    };
    figures.iter().filter(|figure| figure.name != "digest").map(row).collect()
}

fn ask(
    bench: &Bench<'_>,
    labelled: &Path,
    vectors: &Path,
    many: Option<&str>,
    threads: Option<&str>,
) -> Result<(Vec<Figure>, Measured), Failure> {
    let mut program = bench.program();
    program.args(["bench", "themes", "--labelled"]).arg(labelled).arg("--vectors").arg(vectors);
    program.args(many.map(|many| ["--many", many]).into_iter().flatten());
    if let Some(threads) = threads {
        program.env("RAYON_NUM_THREADS", threads);
    }
    read(process::measure(&mut program, NEXT)?)
}

fn ask_peer(python: &Path, vectors: &Path, labelled: &Path, method: &str) -> Result<(Vec<Figure>, Measured), Failure> {
    eprintln!("bench: themes by {method}");
    let mut program = Command::new(python);
    program.args(["-c", PEER]).arg(vectors).arg(DIMENSION).arg(labelled).arg(method);
    read(process::measure(&mut program, NEXT)?)
}

fn read(measured: Measured) -> Result<(Vec<Figure>, Measured), Failure> {
    let figures = figures(&measured.stdout)
        .ok_or_else(|| Failure::new("Themes were measured, but no figures that can be read were printed.", NEXT))?;
    Ok((figures, measured))
}

fn value(figures: &[Figure], name: &str) -> f64 {
    figures.iter().find(|figure| figure.name == name).map_or(f64::NAN, |figure| figure.value)
}
