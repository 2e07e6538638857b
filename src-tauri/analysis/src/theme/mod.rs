//! Here are a thousand vectors. Which belong together?
//!
//! [`explore`] finds themes without being told how many: the 15 nearest neighbours of every text, exactly; the
//! communities of that graph by the Leiden algorithm, from fine to coarse as one tree. [`cut`] chooses how coarse, and
//! gives each theme a name and keywords from the members' own words. Vectors come in, values go out: no file, no
//! clock, no randomness without the seed. The same texts give the same themes in any order and on any number of
//! threads.
//!
//! **Unclustered is honest.** Three kinds of texts belong to no theme, and nothing is forced into one silently:
//! - *outliers*, whose nearest neighbours are far ([`ThemeOptions::outlier_below`]; a text that many people said is its
//!   own neighbour, so it is no outlier);
//! - texts of *groups too small* for the granularity chosen, unless they reach another theme: are as near to its
//!   centre as all but its last tenth of members are;
//! - *short answers* ("👍", "5/10", "very good", [`is_short_answer`]): they are about nothing, and would make one large
//!   theme that means nothing. They are not unclustered either, but counted for what they are.
//!
//! [`Cut::unclustered_at_most`] pulls the nearest of the first two kinds in, and [`Themes::pulled_in`] says what that
//! cost.
//!
//! Short texts that are about something ("too slow") are texts like others. Texts that say the same in other letters
//! ("Too slow", "too slow!!"), are the same to the model, or nearly, count as one point, and all of them in sizes.
//!
//! **Themes stay.** [`explore_from`] begins with the themes that were there before newcomers came, and joins and splits them
//! only where that is worth it. When the last tenth of banking77 comes, of four draws, all themes keep their id and at least
//! half of what they were; found anew 91 to 98 % would, as many communities are nearly equally good.
//!
//! Measured by `cargo xtask bench themes` on banking77 (13 083 texts, 77 intents, default options, two cores): V-measure
//! 0.826 with the unclustered as one more group, 93 themes, 0.5 % unclustered, 1.5 s; 0.811 and 6.5 s on 100 000 vectors
//! of the same with noise, 0.808 and 26 s on 1 000 000 (both sampled). The resolution was chosen on banking77.

mod assign_rest;
mod cut;
mod describe;
pub mod edits;
mod explore;
mod graph;
mod group;
pub mod identity;
mod leiden;
mod name;
mod near_duplicates;
mod nested;
mod normalised_text;
mod projection;
mod regroup;
mod short_answers;
mod terms;
#[cfg(test)]
mod tests;

use crate::matrix as neighbours;
use hearback_domain::{
    TextHash,
    error::{Error, Result},
    job::Job,
    rows::{TextRow, VectorSet},
};
pub use regroup::{Near, nearest, regroup};
pub use short_answers::is_short_answer;

use neighbours::{Matrix, dot, most_similar, normalise};

/// Goes into fingerprints: changes whenever [`explore`] or [`cut`] may answer differently for the same input.
pub const THEME_VERSION: u32 = 3;

/// The share of a group's own members that are too far out for others to be placed there at their distance.
const FRINGE: f64 = 0.10;

/// Neighbours that an outlier is far from: the mean cosine to ten tells what belongs nowhere best (AUROC 0.967 on the
/// out-of-scope texts of clinc150).
const NEAREST: usize = 10;

/// Texts and their vectors, in the same order.
#[derive(Clone, Copy, Debug)]
pub struct ThemeInput<'a> {
    pub vectors: &'a VectorSet,
    /// `texts[i].hash == vectors.hashes[i]`; their `feedback` counts are the weights.
    pub texts: &'a [TextRow],
}

impl ThemeInput<'_> {
    fn check(&self) -> Result<()> {
        let Self { vectors, texts } = self;
        let same =
            texts.len() == vectors.len() && texts.iter().zip(&vectors.hashes).all(|(row, hash)| row.hash == *hash);
        if !same || vectors.values.len() != vectors.len() * vectors.dimension {
            return Err(Error::input("Texts and vectors for themes are not the same ones in the same order"));
        }
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct ThemeOptions {
    /// Coarse (0.25) to fine (8), for [`discover`]; the hierarchy does not depend on it.
    pub resolution: f64,
    /// Nearest neighbours of a text that are joined to it; fewer where there are few texts.
    pub neighbours: usize,
    /// Texts that themes are found among; the rest is placed beside its nearest ones. Time grows with its square.
    pub sample: usize,
    /// An outlier's mean cosine to its ten nearest is below this, or far below what is usual in these texts.
    pub outlier_below: f32,
    pub seed: u64,
}

impl Default for ThemeOptions {
    fn default() -> Self {
        Self { resolution: 2.0, neighbours: 15, sample: 30_000, outlier_below: 0.3, seed: 1 }
    }
}

impl ThemeOptions {
    /// Equal when the options are; for the fingerprint of a run.
    pub fn fingerprint(&self) -> String {
        let Self { resolution, neighbours, sample, outlier_below, seed } = self;
        format!("theme{THEME_VERSION}/{resolution}/{neighbours}/{sample}/{outlier_below}/{seed}")
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

/// All that one run found, before anybody chose how coarse: a tree whose leaves are the finest groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hierarchy {
    pub leaves: Vec<Leaf>,
    pub merges: Vec<Merge>,
    /// One per text, in the order of the input.
    pub texts: Vec<Placed>,
}

impl Hierarchy {
    /// Equal when leaves and merges are, to the bit, whichever of their texts are still there: by it one knows that a
    /// leaf's number means what it meant.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(self.leaves.len() as u64).to_le_bytes());
        for Leaf { centroid, reach } in &self.leaves {
            let bytes: Vec<u8> = centroid.iter().chain([reach]).flat_map(|value| value.to_le_bytes()).collect();
            hasher.update(&bytes);
        }
        for Merge { left, right, resolution } in &self.merges {
            hasher.update(&left.to_le_bytes());
            hasher.update(&right.to_le_bytes());
            hasher.update(&resolution.to_le_bytes());
        }
        hasher.finalize().to_hex()[..32].to_owned()
    }

    /// For each leaf the node that holds it at a resolution. The hierarchy is one that [`cut`] takes.
    pub fn nodes(&self, resolution: f64) -> Vec<u32> {
        cut::nodes(self, resolution)
    }
}

/// A finest group; its index is its node's number.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// The members' mean direction, of length 1.
    pub centroid: Vec<f32>,
    /// The least cosine to the centroid at which another text is placed here.
    pub reach: f32,
}

/// The merge at position `i` makes node `leaves.len() + i`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merge {
    pub left: u32,
    pub right: u32,
    /// The two nodes are one at every resolution below this. Never rises along the list.
    pub resolution: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    pub hash: TextHash,
    /// `None`: a short answer, or without a vector.
    pub leaf: Option<u32>,
    /// Whether it belongs to a theme by default.
    pub inside: bool,
    /// Cosine to the leaf's centroid.
    pub similarity: f32,
    /// Mean cosine to the ten nearest: the lower, the less the text belongs anywhere.
    pub nearness: f32,
}

/// How coarse, and how complete.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    pub resolution: f64,
    /// The greatest share of texts, from 0 to 1, that may stay unclustered; `None` for what is honest.
    pub unclustered_at_most: Option<f64>,
}

impl Default for Cut {
    fn default() -> Self {
        Self { resolution: ThemeOptions::default().resolution, unclustered_at_most: None }
    }
}

impl Cut {
    fn check(&self) -> Result<()> {
        if !(self.resolution.is_finite() && self.resolution > 0.0) {
            return Err(Error::input(format!("The resolution of themes must be above 0, not {}", self.resolution)));
        }
        match self.unclustered_at_most {
            Some(share) if !(0.0..=1.0).contains(&share) => {
                Err(Error::input(format!("The share that may stay unclustered lies between 0 and 1, not at {share}")))
            }
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Themes {
    /// The one with the most feedback first; a theme's `id` is its position.
    pub themes: Vec<ThemeFound>,
    /// One per text, in the order of the input.
    pub members: Vec<Member>,
    pub pulled_in: PulledIn,
}

/// What [`Cut::unclustered_at_most`] put into themes that is far from them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PulledIn {
    pub texts: u64,
    pub feedback: u64,
    /// Mean cosine to the theme's centroid; 0 where nothing was pulled in.
    pub mean_similarity: f64,
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
    /// The members' mean direction, of length 1, those pulled in left out.
    pub centroid: Vec<f32>,
    /// At most five texts that are typical, and differ from one another.
    pub examples: Vec<TextHash>,
    /// Mean cosine of the members to the centroid.
    pub cohesion: f32,
    /// The least cosine to the centroid at which another text is placed here.
    pub reach: f32,
    /// The first leaf of the node of the hierarchy that it is, which no other theme of the same cut has: the same tree
    /// cut at the same resolution has the same node there. `None` for a group that the user put together.
    pub leaf: Option<u32>,
    /// What the theme falls into at a finer resolution, the one with the most feedback first; none, or at least two.
    pub subthemes: Vec<SubTheme>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SubTheme {
    /// Unique in its theme, and not its theme's.
    pub name: String,
    pub keywords: Vec<Keyword>,
    pub size: usize,
    pub feedback: u64,
    pub centroid: Vec<f32>,
    pub examples: Vec<TextHash>,
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
    /// `None`: unclustered, or a short answer.
    pub theme: Option<usize>,
    /// The position in the theme's sub-themes.
    pub subtheme: Option<usize>,
    /// Cosine to the theme's centroid; of an unclustered text, to the nearest theme's. 0 where there is no theme.
    pub similarity: f32,
}

/// The versions of the libraries that decide what [`explore`] finds, for the record of a run; a test holds them to
/// Cargo.lock. `linfa-reduction` finds the principal components by which large sets of texts are compared.
pub fn library_versions() -> &'static [(&'static str, &'static str)] {
    &[("gemm", "0.19.0"), ("linfa-reduction", "0.8.1"), ("rand_xoshiro", "0.6.0"), ("unicode-segmentation", "1.13.3")]
}

/// Finds all that [`cut`] chooses from, in time that grows with the square of the sample.
///
/// # Errors
/// `Input` for options without sense or lists of different lengths, `Cancelled`.
pub fn explore(input: &ThemeInput<'_>, options: &ThemeOptions, job: &Job) -> Result<Hierarchy> {
    options.check()?;
    input.check()?;
    job.check()?;
    explore::explore(input, options, None, job)
}

/// As [`explore`], from what was found before among the texts that are still there (T. Aynaud, J.-L. Guillaume, "Static
/// community detection algorithms for evolving networks", WiOpt 2010): each rung of the tree begins where it was, newcomers
/// alone. What the newcomers make worse than another place moves there; groups are joined and split where that is worth it
/// ([`leiden`]). The answer follows from the arguments alone; where most texts are new it is [`explore`]'s.
///
/// # Errors
/// As those of [`explore`].
pub fn explore_from(
    earlier: &Hierarchy,
    input: &ThemeInput<'_>,
    options: &ThemeOptions,
    job: &Job,
) -> Result<Hierarchy> {
    options.check()?;
    input.check()?;
    job.check()?;
    explore::explore(input, options, Some(earlier), job)
}

/// The themes of `hierarchy` at one granularity, with names; moves along the hierarchy without looking at neighbours.
///
/// # Errors
/// `Input` for a cut without sense, or texts that are not the hierarchy's in the same order; `Cancelled`.
pub fn cut(hierarchy: &Hierarchy, input: &ThemeInput<'_>, cut: &Cut, job: &Job) -> Result<Themes> {
    cut.check()?;
    input.check()?;
    job.check()?;
    cut::cut(hierarchy, input, cut, job)
}

/// A text that is about something, and a vector that is one. Vectors that are not numbers are kept out of everything.
fn is_usable(text: &TextRow, vector: &[f32]) -> bool {
    !is_short_answer(&text.text) && vector.iter().all(|value| value.is_finite()) && dot(vector, vector) > 1e-6
}
