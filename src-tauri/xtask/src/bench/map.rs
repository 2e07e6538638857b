//! Is the map as true to the texts as umap-learn's, and how long do both take?

use std::fs;
use std::path::Path;

use crate::failure::Failure;

use super::Bench;
use super::inputs;
use super::peers;
use super::table::{Bound, Row};

/// The bound of the issue for 100 000 texts.
const SECONDS: f64 = 90.0;
/// All of banking77.
const TEXTS: usize = 13_072;

/// Trustworthiness at 15 neighbours (J. Venna, S. Kaski, "Neighborhood preservation in nonlinear projection methods", 2001)
/// of both maps of the same vectors, and the time of each. With `--big` also 100 000 vectors.
pub fn map(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let texts = inputs::texts(bench, TEXTS)?;
    let mut rows = both(bench, "map", &texts, None)?;
    if bench.big {
        rows.extend(both(bench, "map, 100 000 vectors", &texts, Some(100_000))?);
    }
    Ok(rows)
}

fn both(bench: &Bench<'_>, name: &str, texts: &Path, grow: Option<usize>) -> Result<Vec<Row>, Failure> {
    let folder = bench.places.cache.join("bench-map");
    fs::create_dir_all(&folder).map_err(|error| Failure::file("make", &folder, &error))?;
    let (texts, shown) = (texts.display().to_string(), folder.display().to_string());
    let grow = grow.map(|count| count.to_string());
    let mut arguments = vec!["--texts", &texts, "--folder", &shown];
    if let Some(grow) = &grow {
        arguments.extend(["--grow", grow]);
    }
    let (figures, _) = bench.ask("map", &arguments)?;
    let ours = |name: &str| figures.iter().find(|figure| figure.name == name).map_or(f64::NAN, |figure| figure.value);
    let python = peers::python_with_umap(bench.places)?;
    // Its last line is one number; the three that are wanted stand in a file.
    peers::value(&python, peers::MAP, &[&shown])?;
    let scores = folder.join("scores");
    let text = fs::read_to_string(&scores).map_err(|error| Failure::file("read", &scores, &error))?;
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let &[seconds, trust, peer_trust] = &numbers[..] else {
        return Err(Failure::new(
            "The peer wrote no scores that can be read.",
            "See src-tauri/xtask/src/bench/peers/map.py.",
        ));
    };
    let time = Row::new(format!("{name}, time"), ours("map"), "s").peer(seconds);
    let time = if grow.is_some() { time.bound(Bound::Below(SECONDS)) } else { time };
    Ok(vec![
        time,
        Row::new(format!("{name}, of which neighbours"), ours("neighbours"), "s"),
        Row::new(format!("{name}, neighbours found"), ours("found") * 100.0, "%"),
        Row::new(format!("{name}, trustworthiness at 15"), trust * 100.0, "%").peer(peer_trust * 100.0),
    ])
}
