//! How long does a question wait, and is the answer the right one?
//!
//! Vectors are those of real texts, each of the asked number moved away from one of them by noise of its own, so that they
//! lie in clusters as texts do; questions are made likewise, with other noise. The truth is a plain comparison in f32.

use std::{io::Write, path::Path, time::Instant};

use hearback_analysis::recall::{LastWord, Matrix, SearchOptions};
use hearback_app::{ImportOptions, Workspace};
use hearback_domain::{
    Filter, Subject, TextHash,
    error::{Error, Result},
    job::Job,
    rows::VectorSet,
};
use hearback_models::embed::Embedder;
use hearback_store::StoredModel;

use super::{embedder, figure, read_texts};
use crate::{arguments::Cli, commands::now};

const K: usize = 10;
const QUESTIONS: usize = 200;
/// Of them, compared with the truth.
const CHECKED: usize = 40;
/// Length of what is added to a vector of length 1: then its cosine to where it comes from is about 0.86.
const NOISE: f32 = 0.6;
const SLICE: usize = 8192;

/// The matrix alone: the median of a question, its recall, what it holds.
pub fn matrix(texts: &Path, count: usize) -> Result<()> {
    let base = base(&embedder()?, texts)?;
    let dimension = base.dimension;
    let mut set = VectorSet { dimension, ..VectorSet::default() };
    set.values.reserve_exact(count * dimension);
    for number in 0..count {
        set.hashes.push(TextHash::of(&number.to_string()));
        set.values.extend(moved(&base, number as u64));
    }
    let began = Instant::now();
    let mut matrix = Matrix::new(dimension);
    for (row, &hash) in set.hashes.iter().enumerate() {
        matrix.push(hash, set.row(row))?;
    }
    figure("recall, matrix made", began.elapsed().as_secs_f64(), "s");
    figure("recall, matrix in memory", matrix.memory() as f64 / 1_048_576.0, "MiB");
    let questions: Vec<Vec<f32>> = (0..QUESTIONS).map(|number| moved(&base, (count + number) as u64)).collect();
    let options = SearchOptions { k: K, rows: None };
    let mut times = Vec::new();
    let mut found = Vec::new();
    for question in &questions {
        let began = Instant::now();
        found.push(matrix.search(question, &options)?);
        times.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    figure("recall, top 10", middle(times), "ms");
    let mut right = 0;
    for (question, hits) in questions.iter().zip(&found).take(CHECKED) {
        let truth = exact(&set, question);
        right += hits.iter().filter(|hit| truth.contains(&hit.hash)).count();
    }
    figure("recall at 10", right as f64 / (CHECKED * K) as f64, "of 1");
    let half = matrix.rows(set.hashes.iter().step_by(2));
    let options = SearchOptions { k: K, rows: Some(&half) };
    let times = questions.iter().map(|question| timed(|| matrix.search(question, &options).map(|_| ())));
    figure("recall, top 10 among a filtered half", middle(times.collect::<Result<_>>()?), "ms");
    Ok(())
}

/// A workspace of `count` texts: loading, and questions as the window asks them, the embedding of the question included.
pub fn workspace(cli: &Cli, texts: &Path, count: usize) -> Result<()> {
    let job = Job::quiet();
    let workspace = cli.workspace()?;
    let embedder = embedder()?;
    let phrases = read_texts(texts)?;
    fill(&workspace, &embedder, texts, &phrases, count)?;
    let began = Instant::now();
    let held = workspace.load_recall(&job)?;
    figure("recall, loaded from the workspace", began.elapsed().as_secs_f64(), "s");
    figure("recall, words and vectors in memory", held.bytes as f64 / 1_048_576.0, "MiB");
    let filter = Filter::default();
    let mut typing = Vec::new();
    for phrase in phrases.iter().take(40) {
        // As far as somebody has typed: half of it, to the middle of a word.
        let typed: String = phrase.chars().take(phrase.chars().count() / 2).collect();
        typing.push(timed(|| workspace.search(&typed, LastWord::Beginning, 12, &filter, &job).map(|_| ()))?);
    }
    figure("recall, slowest as-you-type search", typing.iter().copied().fold(0.0, f64::max), "ms");
    figure("recall, as-you-type search", middle(typing), "ms");
    let known = phrases.iter().take(20).map(|phrase| timed(|| workspace.known(phrase, &filter, &job).map(|_| ())));
    figure("recall, known problem?", middle(known.collect::<Result<_>>()?), "ms");
    Ok(())
}

fn fill(workspace: &Workspace, embedder: &Embedder, texts: &Path, phrases: &[String], count: usize) -> Result<()> {
    let path = workspace.path().with_extension("jsonl");
    let failed = |error: std::io::Error| Error::file(format!("cannot write {}", path.display())).because(error);
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).map_err(failed)?);
    for number in 0..count {
        let (first, second) = (&phrases[number % phrases.len()], &phrases[number * 7919 % phrases.len()]);
        let comment = format!("{first} {second} ({number})");
        let record = serde_json::json!({ "kind": "feedback", "id": format!("f{number}"), "feedback_type": "comment", "comment": comment });
        writeln!(file, "{record}").map_err(failed)?;
    }
    file.into_inner().map_err(|error| failed(error.into_error()))?;
    let job = Job::quiet();
    workspace.import(&[path], &ImportOptions::new(now()), &job)?;
    workspace.store_for_tests().collect_texts(Subject::Said, "bench", |words| words.comment.clone(), &job)?;
    let id = embedder.id();
    let model = StoredModel {
        id: id.key(),
        name: id.name.clone(),
        digest: id.digest.clone(),
        pooling: id.pooling.word().to_owned(),
        max_length: u32::try_from(id.max_length).unwrap_or(u32::MAX),
        dimension: u32::try_from(id.dimension).unwrap_or(u32::MAX),
    };
    let base = base(embedder, texts)?;
    let mut hashes = workspace.store_for_tests().text_ids()?;
    hashes.sort();
    for (slice, hashes) in hashes.chunks(SLICE).enumerate() {
        let values = (0..hashes.len()).flat_map(|row| moved(&base, (slice * SLICE + row) as u64)).collect();
        workspace.store_for_tests().add_vectors(&model, hashes, values)?;
    }
    // Facts name their texts from here on.
    workspace.store_for_tests().refresh_themes()
}

fn base(embedder: &Embedder, texts: &Path) -> Result<VectorSet> {
    let texts = read_texts(texts)?;
    let dimension = embedder.dimension();
    let mut set = VectorSet {
        dimension,
        hashes: texts.iter().map(|text| TextHash::of(text)).collect(),
        values: vec![0.0; texts.len() * dimension],
    };
    embedder.embed(&texts, &Job::quiet(), &mut |positions, values| {
        for (position, vector) in positions.iter().zip(values.chunks(dimension)) {
            set.values[position * dimension..(position + 1) * dimension].copy_from_slice(vector);
        }
        Ok(())
    })?;
    Ok(set)
}

/// The `number`-th vector: the same for the same number, wherever it is made.
fn moved(base: &VectorSet, number: u64) -> Vec<f32> {
    let mut state = number.wrapping_mul(0xD134_2543_DE82_EF95) ^ 0x5DEE_CE66;
    let mut next = || {
        // SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    };
    let from = base.row(next() as usize % base.len());
    // Uniform on -1..1 has a variance of a third.
    let spread = NOISE * (3.0 / base.dimension as f32).sqrt();
    let mut row: Vec<f32> =
        from.iter().map(|value| value + spread * ((next() >> 40) as f32 / (1 << 23) as f32 - 1.0)).collect();
    let length = row.iter().map(|value| value * value).sum::<f32>().sqrt();
    row.iter_mut().for_each(|value| *value /= length);
    row
}

fn exact(set: &VectorSet, question: &[f32]) -> Vec<TextHash> {
    let mut all: Vec<(f32, TextHash)> = (0..set.len())
        .map(|row| (set.row(row).iter().zip(question).map(|(a, b)| a * b).sum::<f32>(), set.hashes[row]))
        .collect();
    let order = |a: &(f32, TextHash), b: &(f32, TextHash)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    all.sort_by(order);
    all.into_iter().take(K).map(|(_, hash)| hash).collect()
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
