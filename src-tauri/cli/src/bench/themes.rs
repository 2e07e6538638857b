//! How good are the themes, how stable, and how long do they take? On labelled texts, whose labels only score.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;
use hearback_analysis::theme::{self, Cut, Hierarchy, ThemeInput, ThemeOptions, Themes};
use hearback_domain::{
    TextHash,
    error::{Error, Result},
    job::Job,
    rows::{TextRow, VectorSet},
};
use serde::Deserialize;

use super::{embedder, figure};

mod identity;

/// Of every third intent only three texts are kept, which then belong nowhere.
const HELD_OUT: usize = 3;
const STRANGERS: usize = 3;
/// Samples of 80 %, each compared with each.
const SAMPLES: u64 = 4;
/// The length of the noise on a repeated vector of length 1: repetitions have a cosine of 0.92 to one another.
const NOISE: f32 = 0.3;

#[derive(Debug, Args)]
pub struct ThemesArguments {
    /// A JSON object: `texts` and `labels`
    #[arg(long)]
    labelled: PathBuf,
    /// Write the vectors here, for peers
    #[arg(long)]
    vectors: PathBuf,
    /// Repeat the vectors with noise until there are so many, and leave stability and strangers out
    #[arg(long)]
    many: Option<usize>,
}

#[derive(Deserialize)]
struct Labelled {
    texts: Vec<String>,
    labels: Vec<usize>,
}

struct Set {
    texts: Vec<TextRow>,
    labels: Vec<usize>,
    vectors: VectorSet,
}

impl Set {
    fn input(&self) -> ThemeInput<'_> {
        ThemeInput { vectors: &self.vectors, texts: &self.texts }
    }

    fn explore(&self) -> Result<Hierarchy> {
        theme::explore(&self.input(), &ThemeOptions::default(), &Job::quiet())
    }

    fn cut(&self, hierarchy: &Hierarchy) -> Result<Themes> {
        theme::cut(hierarchy, &self.input(), &Cut::default(), &Job::quiet())
    }

    fn keep(&self, kept: impl Fn(usize) -> bool) -> Self {
        let vectors = VectorSet { dimension: self.vectors.dimension, ..VectorSet::default() };
        let mut set = Self { texts: Vec::new(), labels: Vec::new(), vectors };
        for index in (0..self.texts.len()).filter(|&index| kept(index)) {
            set.texts.push(self.texts[index].clone());
            set.labels.push(self.labels[index]);
            set.vectors.hashes.push(self.vectors.hashes[index]);
            set.vectors.values.extend_from_slice(self.vectors.row(index));
        }
        set
    }
}

pub fn run(arguments: &ThemesArguments) -> Result<()> {
    let mut set = embedded(&arguments.labelled)?;
    if let Some(many) = arguments.many {
        set = repeated(&set, many);
    }
    write(&arguments.vectors, &set.vectors.values)?;
    default_run(&set)?;
    if arguments.many.is_none() {
        figure("stability", stability(&set)?, "");
        identity::identity(&set)?;
        figure("AUROC of the unclustered score", strangers(&set)?, "");
    }
    Ok(())
}

/// Quality and time of the default options.
fn default_run(set: &Set) -> Result<()> {
    let began = Instant::now();
    let hierarchy = set.explore()?;
    let found = set.cut(&hierarchy)?;
    figure("time", began.elapsed().as_secs_f64(), "s");
    let began = Instant::now();
    set.cut(&hierarchy)?;
    figure("cut", began.elapsed().as_secs_f64() * 1000.0, "ms");
    let themes = numbers(&found);
    let unclustered = themes.iter().filter(|&&theme| theme == 0).count();
    figure("V-measure", v_measure(&set.labels, &themes), "");
    figure("ARI", adjusted_rand(&set.labels, &themes), "");
    figure("themes", found.themes.len() as f64, "themes");
    figure("unclustered", 100.0 * unclustered as f64 / themes.len().max(1) as f64, "%");
    // Of everything that leaves, as a number that a float holds: runs on other threads must have the same.
    let digest = TextHash::of(&format!("{hierarchy:?}{found:?}")).to_string();
    figure("digest", u32::from_str_radix(&digest[..8], 16).map_or(0.0, f64::from), "");
    Ok(())
}

/// How alike are the themes of two samples of 80 %, among the texts of both?
fn stability(set: &Set) -> Result<f64> {
    let mut runs: Vec<BTreeMap<TextHash, usize>> = Vec::new();
    for sample in 0..SAMPLES {
        let mut random = Random(sample + 1);
        let drawn: Vec<bool> = set.texts.iter().map(|_| random.unit() < 0.8).collect();
        let part = set.keep(|index| drawn[index]);
        let found = part.cut(&part.explore()?)?;
        runs.push(found.members.iter().zip(numbers(&found)).map(|(member, theme)| (member.hash, theme)).collect());
    }
    let mut alike = Vec::new();
    for (position, first) in runs.iter().enumerate() {
        for second in &runs[position + 1..] {
            let shared = first.iter().filter_map(|(hash, theme)| Some((*theme, *second.get(hash)?)));
            let (first, second): (Vec<usize>, Vec<usize>) = shared.unzip();
            alike.push(adjusted_rand(&first, &second));
        }
    }
    Ok(alike.iter().sum::<f64>() / alike.len() as f64)
}

/// Does the unclustered score tell texts of missing intents from the others?
fn strangers(set: &Set) -> Result<f64> {
    let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
    let missing = |label: usize| label.is_multiple_of(HELD_OUT);
    let mut keep = |label: usize| {
        let seen = seen.entry(label).or_default();
        *seen += 1;
        !missing(label) || *seen <= STRANGERS
    };
    let kept: Vec<bool> = set.labels.iter().map(|&label| keep(label)).collect();
    let part = set.keep(|index| kept[index]);
    let found = part.explore()?;
    let scored = found.texts.iter().zip(&part.labels).map(|(text, &label)| (text.nearness, missing(label)));
    Ok(auroc(scored.collect()))
}

fn embedded(path: &Path) -> Result<Set> {
    let unreadable = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::input(format!("{} is no JSON object of texts and labels", path.display())).because(error)
    };
    let bytes = fs::read(path).map_err(|error| unreadable(error.into()))?;
    let Labelled { texts, labels } = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.into()))?;
    if texts.len() != labels.len() || texts.is_empty() {
        return Err(Error::input(format!("{} has {} texts and {} labels", path.display(), texts.len(), labels.len())));
    }
    let embedder = embedder()?;
    let dimension = embedder.dimension();
    let mut values = vec![0.0; texts.len() * dimension];
    embedder.embed(&texts, &Job::quiet(), &mut |positions, vectors| {
        for (position, vector) in positions.iter().zip(vectors.chunks(dimension)) {
            values[position * dimension..(position + 1) * dimension].copy_from_slice(vector);
        }
        Ok(())
    })?;
    let row = |text: String| TextRow { hash: TextHash::of(&text), text, feedback: 1 };
    let texts: Vec<TextRow> = texts.into_iter().map(row).collect();
    let hashes = texts.iter().map(|text| text.hash).collect();
    Ok(Set { texts, labels, vectors: VectorSet { dimension, hashes, values } })
}

/// The same texts again and again, each time with other noise on their vectors.
fn repeated(set: &Set, many: usize) -> Set {
    let dimension = set.vectors.dimension;
    let mut random = Random(9);
    let values = Vec::with_capacity(many * dimension);
    let vectors = VectorSet { dimension, hashes: Vec::with_capacity(many), values };
    let mut more = Set { texts: Vec::with_capacity(many), labels: Vec::with_capacity(many), vectors };
    // A uniform number has a variance of a twelfth.
    let scale = NOISE * (12.0 / dimension as f32).sqrt();
    for number in 0..many {
        let index = number % set.texts.len();
        let text = format!("{} {}", set.texts[index].text, number / set.texts.len());
        let hash = TextHash::of(&text);
        more.texts.push(TextRow { hash, text, feedback: 1 });
        more.labels.push(set.labels[index]);
        more.vectors.hashes.push(hash);
        let row = set.vectors.row(index).iter();
        let noisy: Vec<f32> = row.map(|value| value + scale * (random.unit() as f32 - 0.5)).collect();
        let length = noisy.iter().map(|value| value * value).sum::<f32>().sqrt();
        more.vectors.values.extend(noisy.iter().map(|value| value / length));
    }
    more
}

fn write(path: &Path, values: &[f32]) -> Result<()> {
    let failed =
        |error: std::io::Error| Error::input(format!("{} could not be written", path.display())).because(error);
    let mut file = BufWriter::new(fs::File::create(path).map_err(failed)?);
    values.iter().try_for_each(|value| file.write_all(&value.to_le_bytes())).map_err(failed)?;
    file.flush().map_err(failed)
}

/// Each text's theme from 1 on; 0 for the unclustered, which count as one more group.
fn numbers(themes: &Themes) -> Vec<usize> {
    themes.members.iter().map(|member| member.theme.map_or(0, |theme| theme + 1)).collect()
}

/// How often each pair, each left and each right side occur; with a pair, how often it would if sides were independent.
struct Contingency {
    both: Vec<(f64, f64)>,
    left: Vec<f64>,
    right: Vec<f64>,
    total: f64,
}

fn contingency(left: &[usize], right: &[usize]) -> Contingency {
    let mut both: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let mut by_left: BTreeMap<usize, f64> = BTreeMap::new();
    let mut by_right: BTreeMap<usize, f64> = BTreeMap::new();
    for (&left, &right) in left.iter().zip(right) {
        *both.entry((left, right)).or_default() += 1.0;
        *by_left.entry(left).or_default() += 1.0;
        *by_right.entry(right).or_default() += 1.0;
    }
    let total = left.len() as f64;
    let both = both.into_iter().map(|((left, right), count)| (count, by_left[&left] * by_right[&right] / total));
    Contingency {
        both: both.collect(),
        left: by_left.into_values().collect(),
        right: by_right.into_values().collect(),
        total,
    }
}

/// Twice the mutual information over the sum of the entropies (A. Rosenberg, J. Hirschberg, "V-Measure", EMNLP 2007).
fn v_measure(labels: &[usize], themes: &[usize]) -> f64 {
    let Contingency { both, left, right, total } = contingency(labels, themes);
    let entropy = |counts: &[f64]| -> f64 { counts.iter().map(|n| -n / total * (n / total).ln()).sum() };
    let mutual: f64 = both.iter().map(|(count, independent)| count / total * (count / independent).ln()).sum();
    2.0 * mutual / (entropy(&left) + entropy(&right)).max(f64::MIN_POSITIVE)
}

/// L. Hubert, P. Arabie, "Comparing partitions", Journal of Classification 2, 1985.
fn adjusted_rand(left: &[usize], right: &[usize]) -> f64 {
    let Contingency { both, left, right, total } = contingency(left, right);
    let pairs = |count: f64| count * (count - 1.0) / 2.0;
    let both: f64 = both.iter().map(|(count, _)| pairs(*count)).sum();
    let left: f64 = left.into_iter().map(pairs).sum();
    let right: f64 = right.into_iter().map(pairs).sum();
    let expected = left * right / pairs(total).max(1.0);
    (both - expected) / ((left + right) / 2.0 - expected).max(f64::MIN_POSITIVE)
}

/// The chance that a stranger scores lower than another text: the area under the ROC curve.
fn auroc(mut scored: Vec<(f32, bool)>) -> f64 {
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut strangers, mut won) = (0.0, 0.0);
    for (_, stranger) in &scored {
        if *stranger { strangers += 1.0 } else { won += strangers }
    }
    won / (strangers * (scored.len() as f64 - strangers)).max(1.0)
}

/// splitmix64 (G. Steele et al., OOPSLA 2014): enough to draw samples and noise.
struct Random(u64);

impl Random {
    /// From 0 to below 1.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measures_know_good_from_bad() {
        assert!((v_measure(&[0, 0, 1, 1], &[5, 5, 3, 3]) - 1.0).abs() < 1e-12);
        assert!(v_measure(&[0, 0, 1, 1], &[0, 1, 0, 1]).abs() < 1e-12);
        assert!((v_measure(&[0, 0, 1, 1], &[0, 1, 2, 3]) - 2.0 / 3.0).abs() < 1e-12);
        assert!((adjusted_rand(&[0, 0, 1, 1], &[7, 7, 2, 2]) - 1.0).abs() < 1e-12);
        // scikit-learn's own example.
        assert!((adjusted_rand(&[0, 0, 1, 2], &[0, 0, 1, 1]) - 4.0 / 7.0).abs() < 1e-12);
        assert!((auroc(vec![(0.9, false), (0.1, true), (0.4, true), (0.3, false)]) - 0.75).abs() < 1e-12);
    }
}
