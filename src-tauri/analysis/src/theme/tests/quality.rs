//! Do themes of real texts agree with what people called them? banking77, where `../shared` is there.
//!
//! The full set is measured by `cargo xtask bench themes`, beside KMeans, HDBSCAN and BERTopic.

#[path = "../../../../../tests/shared_data.rs"]
mod shared_data;

use std::path::Path;

use super::*;
use hearback_models::embed::{Embedder, ModelFiles};

const INTENTS: usize = 10;
const EACH: usize = 40;

/// The first `EACH` texts of every seventh intent, with the number of the intent.
fn banking(train: &Path) -> (Vec<String>, Vec<usize>) {
    let mut reader = csv::Reader::from_path(train).unwrap();
    let mut by_intent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        by_intent.entry(row[1].to_owned()).or_default().push(row[0].to_owned());
    }
    let (mut texts, mut labels) = (Vec::new(), Vec::new());
    for (label, (_, list)) in by_intent.into_iter().step_by(7).take(INTENTS).enumerate() {
        texts.extend(list.into_iter().take(EACH));
        labels.resize(texts.len(), label);
    }
    (texts, labels)
}

#[test]
fn themes_of_real_texts_agree_with_their_labels() {
    let Some(train) = shared_data::shared("data/banking77/train.csv") else { return };
    let (texts, labels) = banking(&train);
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    let files =
        ModelFiles::in_folder(&assets.join("models/all-MiniLM-L6-v2"), assets.join("native/libonnxruntime.so.1.31.1"));
    let embedder = Embedder::load(&files, 2).unwrap();
    let mut vectors = vec![Vec::new(); texts.len()];
    embedder
        .embed(&texts, &Job::quiet(), &mut |positions, values| {
            for (&position, row) in positions.iter().zip(values.chunks(embedder.dimension())) {
                vectors[position] = row.to_vec();
            }
            Ok(())
        })
        .unwrap();
    let mut set = Set::new(embedder.dimension());
    for (text, vector) in texts.into_iter().zip(vectors) {
        set.push(text, 1, vector);
    }

    let found = set.discover();
    let themes: Vec<usize> = found.members.iter().map(|m| m.theme.unwrap_or(usize::MAX)).collect();
    let unclustered = themes.iter().filter(|theme| **theme == usize::MAX).count();
    let quality = v_measure(&labels, &themes);
    println!("{} themes, {unclustered} unclustered, V-measure {quality:.3}", found.themes.len());
    assert!(quality > 0.82, "V-measure {quality}");
    assert!((8..=16).contains(&found.themes.len()), "{} themes of {INTENTS} intents", found.themes.len());
    assert!(unclustered * 10 < labels.len(), "{unclustered} unclustered");
}

/// The harmonic mean of homogeneity and completeness (A. Rosenberg, J. Hirschberg, "V-Measure", EMNLP 2007), which is
/// twice the mutual information over the sum of the entropies.
fn v_measure(labels: &[usize], themes: &[usize]) -> f64 {
    let total = labels.len() as f64;
    let mut joint: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let mut by_label: BTreeMap<usize, f64> = BTreeMap::new();
    let mut by_theme: BTreeMap<usize, f64> = BTreeMap::new();
    for (&label, &theme) in labels.iter().zip(themes) {
        *joint.entry((label, theme)).or_default() += 1.0;
        *by_label.entry(label).or_default() += 1.0;
        *by_theme.entry(theme).or_default() += 1.0;
    }
    let entropy =
        |counts: &BTreeMap<usize, f64>| -> f64 { counts.values().map(|n| -n / total * (n / total).ln()).sum() };
    let shared: f64 = joint
        .iter()
        .map(|((label, theme), count)| count / total * (count * total / (by_label[label] * by_theme[theme])).ln())
        .sum();
    2.0 * shared / (entropy(&by_label) + entropy(&by_theme)).max(1e-12)
}

#[test]
fn the_measure_knows_good_from_bad() {
    assert!((v_measure(&[0, 0, 1, 1], &[5, 5, 3, 3]) - 1.0).abs() < 1e-12);
    assert!(v_measure(&[0, 0, 1, 1], &[0, 1, 0, 1]).abs() < 1e-12);
    assert!((v_measure(&[0, 0, 1, 1], &[0, 1, 2, 3]) - 2.0 / 3.0).abs() < 1e-12);
}
