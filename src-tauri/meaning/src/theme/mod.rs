//! Here are a thousand vectors. Which belong together?
//!
//! [`discover`] finds themes without being told how many: the 15 nearest neighbours of every text, exactly; the
//! communities of that graph by the Leiden algorithm; a name and keywords from the members' own words. Vectors come
//! in, values go out: no file, no clock, no randomness without the seed. The same texts give the same themes in any
//! order and on any number of threads.
//!
//! **Unclustered is honest.** Three kinds of texts belong to no theme, and nothing is forced into one:
//! - *loners*, whose nearest neighbours are far ([`ThemeOptions::loner_below`]; a text that many people said is its
//!   own neighbour, so it is no loner);
//! - texts of *tiny groups* ([`ThemeOptions::smallest`]) and, in large sets, texts outside the sample, unless they
//!   reach an existing theme: are as near to its centre as all but its last tenth of members are;
//! - texts *without words* ("👍", "...", "5/10"): the model gives all of them nearly the same vector, which would
//!   make one large theme that means nothing.
//!
//! Short texts with words ("good", "too slow") are texts like others: they are near one another and far from what is
//! about something, so they make themes of their own, which carry their words as a name. Texts that are the same to
//! the model ("Good", "good") count as one point.
//!
//! Measured on banking77 (13 083 texts, 77 intents, default options, two cores): V-measure 0.826 with the unclustered
//! as one more group, 94 themes, 0.5 % unclustered, 0.9 s. The options were chosen on that same set.

mod graph;
mod leiden;
mod name;
mod outline;
mod same;
mod space;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::{
    error::{Error, Result},
    job::{Job, Step, Unit},
    matrix as neighbours,
    model::{
        TextHash,
        rows::{TextRow, VectorSet},
    },
};
use neighbours::{Matrix, dot, most_similar, normalise};
use outline::Outline;
use terms::Said;

/// Goes into fingerprints: changes whenever [`discover`] may answer differently for the same input.
pub const THEME_VERSION: u32 = 1;

/// Texts and their vectors, in the same order.
#[derive(Clone, Copy, Debug)]
pub struct ThemeInput<'a> {
    pub vectors: &'a VectorSet,
    /// `texts[i].hash == vectors.hashes[i]`; their `feedback` counts are the weights.
    pub texts: &'a [TextRow],
}

#[derive(Clone, Debug, PartialEq)]
pub struct ThemeOptions {
    /// Coarse (0.5) to fine (8). At 2, measured on banking77, 5 x 20, 10 x 40, 20 x 50 and 77 x 170 texts give 5, 11,
    /// 21 and 95 themes of 5, 10, 20 and 77 intents; at 3 small sets fall into too many.
    pub resolution: f64,
    /// Nearest neighbours of a text that are joined to it; fewer where there are few texts.
    pub neighbours: usize,
    /// Texts that themes are found among; beyond, the rest is placed by distance. Time grows with its square.
    pub sample: usize,
    /// The least feedbacks of a theme; `None` lets it grow with the texts, from 3 to 30.
    pub smallest: Option<u64>,
    /// A loner's mean cosine to its ten nearest is below this, or far below what is usual in these texts.
    pub loner_below: f32,
    pub seed: u64,
}

impl Default for ThemeOptions {
    fn default() -> Self {
        Self { resolution: 2.0, neighbours: 15, sample: 30_000, smallest: None, loner_below: 0.3, seed: 1 }
    }
}

impl ThemeOptions {
    /// Equal when the options are; for the fingerprint of a run.
    pub fn fingerprint(&self) -> String {
        let Self { resolution, neighbours, sample, smallest, loner_below, seed } = self;
        let smallest = smallest.map_or_else(|| "auto".to_owned(), |smallest| smallest.to_string());
        format!("theme{THEME_VERSION}/{resolution}/{neighbours}/{sample}/{smallest}/{loner_below}/{seed}")
    }

    fn check(&self) -> Result<()> {
        if !(self.resolution.is_finite() && self.resolution > 0.0) {
            return Err(Error::input(format!("The resolution of themes must be above 0, not {}", self.resolution)));
        }
        if self.neighbours == 0 || self.sample == 0 {
            return Err(Error::input("Themes need at least one neighbour and a sample of at least one text"));
        }
        Ok(())
    }
}

/// Equal when texts and weights are, in any order; for the fingerprint of a run.
pub fn input_fingerprint(texts: &[TextRow]) -> String {
    let mut rows: Vec<String> = texts.iter().map(|row| format!("{} {}\n", row.hash, row.feedback)).collect();
    rows.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    rows.iter().for_each(|row| {
        hasher.update(row.as_bytes());
    });
    hasher.finalize().to_hex()[..32].to_owned()
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Themes {
    /// The one with the most feedback first; a theme's `id` is its position.
    pub themes: Vec<ThemeFound>,
    /// One per text, in the order of the input.
    pub members: Vec<Member>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ThemeFound {
    /// The position in this run: 0, 1, 2 ...
    pub id: usize,
    /// Unique in this run, in the members' own words.
    pub name: String,
    /// At most eight, the strongest first.
    pub keywords: Vec<Keyword>,
    /// Distinct texts.
    pub size: usize,
    /// Feedbacks that say them.
    pub feedback: u64,
    /// The members' mean direction, of length 1.
    pub centroid: Vec<f32>,
    /// At most five texts that are typical, and differ from one another.
    pub examples: Vec<TextHash>,
    /// Mean cosine of the members to the centroid.
    pub cohesion: f32,
    /// The least cosine to the centroid at which another text is placed here.
    pub reach: f32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Keyword {
    /// In lower case; a word, or a phrase of two or three.
    pub text: String,
    /// Class-based TF-IDF; comparable within a run.
    pub score: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    pub hash: TextHash,
    /// `None`: Unclustered.
    pub theme: Option<usize>,
    /// Cosine to the theme's centroid; of an unclustered text, to the nearest theme's. 0 where there is no theme.
    pub similarity: f32,
}

/// Finds themes. 10 000 texts take less than a second on two cores, after embedding.
///
/// # Errors
/// `Input` for options without sense or lists of different lengths, `Cancelled`.
pub fn discover(input: &ThemeInput<'_>, options: &ThemeOptions, job: &Job) -> Result<Themes> {
    options.check()?;
    let ThemeInput { vectors, texts } = *input;
    let agree = texts.len() == vectors.len() && texts.iter().zip(&vectors.hashes).all(|(row, hash)| row.hash == *hash);
    if !agree || vectors.values.len() != vectors.len() * vectors.dimension {
        return Err(Error::input("Texts and vectors for themes are not the same ones in the same order"));
    }
    job.check()?;
    job.progress(Step::FindingThemes, Unit::Texts, 0, Some(texts.len() as u64));
    let rows = Matrix { values: &vectors.values, dimension: vectors.dimension };
    let usable: Vec<bool> = (0..texts.len()).map(|index| is_usable(&texts[index], rows.row(index))).collect();

    let sample = choose_sample(texts, &usable, options);
    let outline = outline::find(rows, texts, &sample, options, job)?;
    job.check()?;
    let members = place_all(rows, texts, &usable, &outline);
    job.progress(Step::FindingThemes, Unit::Texts, texts.len() as u64, Some(texts.len() as u64));
    describe(rows, texts, members, outline, job)
}

/// A text with words and a vector that is one. Vectors that are not numbers are kept out of everything.
fn is_usable(text: &TextRow, vector: &[f32]) -> bool {
    terms::has_words(&text.text) && vector.iter().all(|value| value.is_finite()) && dot(vector, vector) > 1e-6
}

/// The texts that themes are found among, by hash, so that neither order nor newcomers change who is chosen.
fn choose_sample(texts: &[TextRow], usable: &[bool], options: &ThemeOptions) -> Vec<usize> {
    let mut sample: Vec<usize> = (0..texts.len()).filter(|&index| usable[index]).collect();
    sample.sort_by_key(|&index| texts[index].hash);
    sample.dedup_by_key(|index| texts[*index].hash);
    // Hashes are as good as random: their beginning is a fair sample.
    sample.truncate(options.sample);
    sample
}

/// The theme of every text, and its similarity to that theme's centre.
fn place_all(rows: Matrix<'_>, texts: &[TextRow], usable: &[bool], outline: &Outline) -> Vec<Member> {
    let centres = Matrix { values: &outline.centroids, dimension: rows.dimension };
    let nearest = if centres.len() == 0 { Vec::new() } else { most_similar(rows, centres) };
    (0..texts.len())
        .map(|index| {
            let hash = texts[index].hash;
            let near = nearest.get(index).filter(|_| usable[index]);
            let Some(&(near, similarity)) = near else { return Member { hash, theme: None, similarity: 0.0 } };
            match outline.decided.get(&hash) {
                Some(&theme) => {
                    let similarity = dot(rows.row(index), centres.row(theme));
                    Member { hash, theme: Some(theme), similarity }
                }
                None if outline.loners.contains(&hash) => Member { hash, theme: None, similarity },
                None => {
                    let theme = (similarity >= outline.reach[near as usize]).then_some(near as usize);
                    Member { hash, theme, similarity }
                }
            }
        })
        .collect()
}

/// Places texts into themes found before, as [`discover`] places what is outside its sample: the nearest theme, if the
/// text is within its reach.
pub fn place(themes: &[ThemeFound], input: &ThemeInput<'_>) -> Vec<Member> {
    let rows = Matrix { values: &input.vectors.values, dimension: input.vectors.dimension };
    let usable: Vec<bool> = (0..rows.len()).map(|index| is_usable(&input.texts[index], rows.row(index))).collect();
    let outline = Outline {
        centroids: themes.iter().flat_map(|theme| theme.centroid.iter().copied()).collect(),
        reach: themes.iter().map(|theme| theme.reach).collect(),
        ..Outline::default()
    };
    place_all(rows, input.texts, &usable, &outline)
}

/// Orders themes by feedback, and gives them names, keywords and examples.
fn describe(
    rows: Matrix<'_>,
    texts: &[TextRow],
    mut members: Vec<Member>,
    outline: Outline,
    job: &Job,
) -> Result<Themes> {
    let count = outline.reach.len();
    let mut central: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, member) in members.iter().enumerate() {
        if let Some(theme) = member.theme {
            central[theme].push(index);
        }
    }
    for indices in &mut central {
        let order = |&index: &usize| (members[index].similarity, members[index].hash);
        indices.sort_by(|a, b| {
            let (a, b) = (order(a), order(b));
            b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
        });
    }
    let feedback = |indices: &[usize]| indices.iter().map(|&index| texts[index].feedback).sum::<u64>();
    let mut order: Vec<usize> = (0..count).filter(|&theme| !central[theme].is_empty()).collect();
    order.sort_by_key(|&theme| {
        let indices = &central[theme];
        (std::cmp::Reverse(feedback(indices)), std::cmp::Reverse(indices.len()), members[indices[0]].hash)
    });

    job.progress(Step::NamingThemes, Unit::Themes, 0, Some(order.len() as u64));
    let said = |&index: &usize| Said { text: &texts[index].text, feedback: texts[index].feedback };
    let words: Vec<Vec<Said<'_>>> = order.iter().map(|&theme| central[theme].iter().map(said).collect()).collect();
    let terms = terms::by_theme(&words)?;
    job.check()?;
    let names = name::names(&words, &terms);
    let mut themes = Vec::with_capacity(order.len());
    for (id, ((&theme, name), terms)) in order.iter().zip(names).zip(terms).enumerate() {
        job.check()?;
        let indices = &central[theme];
        themes.push(ThemeFound {
            id,
            name,
            keywords: terms.keywords,
            size: indices.len(),
            feedback: feedback(indices),
            centroid: outline.centroids[theme * rows.dimension..(theme + 1) * rows.dimension].to_vec(),
            examples: examples(rows, indices, &members).into_iter().map(|index| texts[index].hash).collect(),
            cohesion: indices.iter().map(|&index| members[index].similarity).sum::<f32>() / indices.len() as f32,
            reach: outline.reach[theme],
        });
    }
    job.progress(Step::NamingThemes, Unit::Themes, order.len() as u64, Some(order.len() as u64));

    let ids: BTreeMap<usize, usize> = order.iter().enumerate().map(|(id, &theme)| (theme, id)).collect();
    for member in &mut members {
        member.theme = member.theme.and_then(|theme| ids.get(&theme).copied());
    }
    Ok(Themes { themes, members })
}

/// Typical members that differ: maximal marginal relevance (J. Carbonell, J. Goldstein, "The use of MMR", SIGIR 1998)
/// among the more central half. `indices` are sorted by similarity to the centre.
fn examples(rows: Matrix<'_>, indices: &[usize], members: &[Member]) -> Vec<usize> {
    const EXAMPLES: usize = 5;
    const RELEVANCE: f32 = 0.8;
    const MOST_CANDIDATES: usize = 300;
    let half = indices.len().div_ceil(2).clamp(EXAMPLES.min(indices.len()), MOST_CANDIDATES);
    let mut candidates: Vec<(usize, f32)> = indices[..half].iter().map(|&index| (index, 0.0)).collect();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < EXAMPLES && !candidates.is_empty() {
        // Candidates are ordered by relevance and hash: `>` keeps the first among equals.
        let mut best = (0, f32::MIN);
        for (position, &(index, closest)) in candidates.iter().enumerate() {
            let score = RELEVANCE * members[index].similarity - (1.0 - RELEVANCE) * closest;
            if score > best.1 {
                best = (position, score);
            }
        }
        let (index, _) = candidates.remove(best.0);
        for (other, closest) in &mut candidates {
            *closest = closest.max(dot(rows.row(*other), rows.row(index)));
        }
        chosen.push(index);
    }
    chosen
}
