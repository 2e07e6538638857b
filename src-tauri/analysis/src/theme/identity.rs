//! Which of yesterday's themes is this one?
//!
//! Every run finds its themes anew; people filter by them, name them and write notes on them. [`follow`] carries the
//! ids of the themes before over to the themes found now, one to one, and says what became of each, in the words of
//! D. Greene, D. Doyle and P. Cunningham, "Tracking the evolution of communities in dynamic social networks" (ASONAM
//! 2010): birth, death, merging, splitting, expansion, contraction.
//!
//! **How alike.** As there, by the Jaccard index of the members; here each text weighs as many feedbacks as say it,
//! and only texts that both runs knew count, so that what arrived in between makes no theme another one. The cosine of
//! the centroids decides between equals, and where two runs have no text in common. Pairs are taken the most alike
//! first, ties by id and position, and none below [`ALIKE`]; of what is left an old theme is *gone* and a found one
//! *new*, *split* from the theme that most of it was in, or part of what *merged*.
//!
//! Themes that are gone are remembered by a sample of their texts, and come back under their own ids when a later run
//! finds them again. Where the same hierarchy is cut as it was cut before nothing is left to compare: each theme is the
//! same node, and [`FoundTheme::was`] gives it the id it had. So a control moved there and back leaves everything as it
//! was, whatever became of the themes on the way.

use std::collections::{BTreeMap, BTreeSet};

pub use hearback_domain::theme::Event;

use super::neighbours::dot;
use hearback_domain::TextHash;

/// The least Jaccard index of two themes that are the same one. Low, for the most alike pair is taken first, and a
/// theme that lost half of its texts and gained as many is at 0.33.
pub const ALIKE: f64 = 0.3;

/// The same for a theme that was gone: it has to be found again, not just something like it.
const ALIKE_AGAIN: f64 = 0.5;

/// The least cosine of the centroids of two themes that are the same one although no text of the old one is left.
const SAME_DIRECTION: f32 = 0.9;

/// What the cosine adds to a pair's Jaccard index: less than one text of a hundred.
const TIE_BREAK: f64 = 0.005;

/// A theme that grew or shrank by less is *kept*.
const CHANGE: f64 = 0.10;

/// Texts by which a gone theme is remembered.
pub const SAMPLE: usize = 256;

/// A theme of an earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownTheme {
    pub id: i64,
    pub centroid: Vec<f32>,
    /// Feedbacks.
    pub size: u64,
    /// Its texts; of one that is gone at most [`SAMPLE`], see [`sample`].
    pub texts: Vec<TextHash>,
    /// The last run did not have it.
    pub gone: bool,
}

/// A theme that was found now.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundTheme<'a> {
    pub centroid: &'a [f32],
    /// With the feedbacks that say each.
    pub texts: Vec<(TextHash, u64)>,
    /// The id that this very theme, the same node of the same hierarchy, had in an earlier cut. It goes before all
    /// likeness.
    pub was: Option<i64>,
}

/// What became of a theme, or where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeChange {
    pub id: i64,
    pub event: Event,
    /// The themes before that it is made of, the one that gave most first; of one that is gone, those that took most.
    pub others: Vec<i64>,
    /// Feedbacks, now and before.
    pub size: u64,
    pub before: u64,
    /// The Jaccard index with the theme of the same id before.
    pub alike: f64,
}

/// One change for each theme found, in that order, and those that are gone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matched {
    pub found: Vec<ThemeChange>,
    /// By id. Themes that were gone before are not said again.
    pub gone: Vec<ThemeChange>,
    /// The first id that nobody has.
    pub next_id: i64,
}

/// The texts by which a theme is remembered: those of the smallest hashes, which is as good as any at random, and with
/// which other themes can be compared fairly: by their own texts up to the same hash.
pub fn sample(texts: impl IntoIterator<Item = TextHash>) -> Vec<TextHash> {
    let mut texts: Vec<TextHash> = texts.into_iter().collect();
    texts.sort_unstable();
    texts.dedup();
    texts.truncate(SAMPLE);
    texts
}

/// Gives the found themes the ids of those they are: first the ids that they [were](FoundTheme::was), then those of the
/// most alike, then new ones from `next_id` on. `knew` says whether the last run
/// knew a text, in a theme or in none.
pub fn match_themes(
    known: &[KnownTheme],
    found: &[FoundTheme<'_>],
    knew: impl Fn(TextHash) -> bool,
    next_id: i64,
) -> Matched {
    let meetings = Meetings::count(known, found, &knew);
    let pairs = meetings.pairs(known, found);
    let mut old_of: Vec<Option<(usize, f64)>> = vec![None; found.len()];
    let mut new_of: Vec<Option<usize>> = vec![None; known.len()];
    let position: BTreeMap<i64, usize> = known.iter().enumerate().map(|(old, theme)| (theme.id, old)).collect();
    for (new, theme) in found.iter().enumerate() {
        if let Some(&old) = theme.was.and_then(|id| position.get(&id))
            && new_of[old].is_none()
        {
            new_of[old] = Some(new);
            old_of[new] = Some((old, meetings.alike(known, old, new)));
        }
    }
    for &Pair { old, new, alike, .. } in &pairs {
        if new_of[old].is_none() && old_of[new].is_none() {
            new_of[old] = Some(new);
            old_of[new] = Some((old, alike));
        }
    }

    let living: Vec<usize> = (0..known.len()).filter(|&old| !known[old].gone).collect();
    // Where most of each theme went to, and where most of each comes from.
    let went = |old: usize| -> Vec<(usize, f64)> {
        by_weight(meetings.shared.range((old, 0)..(old + 1, 0)).map(|(&(_, new), &weight)| (new, weight)))
    };
    let mut came: Vec<Vec<(usize, f64)>> = vec![Vec::new(); found.len()];
    for (&(old, new), &weight) in &meetings.shared {
        if !known[old].gone {
            came[new].push((old, weight));
        }
    }
    let came: Vec<Vec<(usize, f64)>> = came.into_iter().map(|list| by_weight(list.into_iter())).collect();
    // Found themes without an id of before that are mostly of one theme: it was split.
    let parent: Vec<Option<usize>> = (0..found.len())
        .map(|new| {
            let &(old, weight) = came[new].first().filter(|_| old_of[new].is_none())?;
            (2.0 * weight >= meetings.new_total[new]).then_some(old)
        })
        .collect();
    // Living themes without a successor most of which is in one found theme: they merged into it.
    let mut swallowed: Vec<Vec<usize>> = vec![Vec::new(); found.len()];
    for &old in living.iter().filter(|&&old| new_of[old].is_none()) {
        if let Some(&(new, weight)) = went(old).first()
            && 2.0 * weight >= meetings.old_total[old]
        {
            swallowed[new].push(old);
        }
    }

    let mut matched = Matched { next_id, ..Matched::default() };
    for new in 0..found.len() {
        let size = found[new].texts.iter().map(|(_, feedback)| feedback).sum();
        let (id, before, alike) = match old_of[new] {
            Some((old, alike)) => (known[old].id, known[old].size, alike),
            None => {
                matched.next_id += 1;
                (matched.next_id - 1, 0, 0.0)
            }
        };
        let has_parts = old_of[new].is_some_and(|(old, _)| parent.contains(&Some(old)));
        let returned = old_of[new].is_some_and(|(old, _)| known[old].gone);
        let (event, others) = match (old_of[new], parent[new]) {
            _ if !swallowed[new].is_empty() && (old_of[new].is_some() || swallowed[new].len() > 1) => (
                Event::Merged,
                came[new]
                    .iter()
                    .map(|&(old, _)| old)
                    .filter(|old| swallowed[new].contains(old) || old_of[new].is_some_and(|(own, _)| own == *old))
                    .collect(),
            ),
            (None, Some(old)) => (Event::Split, vec![old]),
            (None, None) => (Event::New, Vec::new()),
            (Some((old, _)), _) if has_parts => (Event::Split, vec![old]),
            (Some(_), _) if returned => (Event::New, Vec::new()),
            (Some(_), _) => (size_event(before, size), Vec::new()),
        };
        let others = others.into_iter().map(|old| known[old].id).collect();
        matched.found.push(ThemeChange { id, event, others, size, before, alike });
    }
    for old in living.into_iter().filter(|&old| new_of[old].is_none()) {
        let others = went(old).into_iter().take(3).map(|(new, _)| matched.found[new].id).collect();
        let KnownTheme { id, size: before, .. } = known[old];
        matched.gone.push(ThemeChange { id, event: Event::Gone, others, size: 0, before, alike: 0.0 });
    }
    matched.gone.sort_by_key(|change| change.id);
    matched
}

fn size_event(before: u64, now: u64) -> Event {
    let change = (now as f64 - before as f64) / before.max(1) as f64;
    if change >= CHANGE {
        Event::Grew
    } else if change <= -CHANGE {
        Event::Shrank
    } else {
        Event::Kept
    }
}

/// The heaviest first, ties in the order given.
fn by_weight(list: impl Iterator<Item = (usize, f64)>) -> Vec<(usize, f64)> {
    let mut list: Vec<(usize, f64)> = list.collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    list
}

struct Pair {
    old: usize,
    new: usize,
    alike: f64,
    score: f64,
}

/// What weighs in both, by old and found theme, and in each: of texts that both runs knew.
struct Meetings {
    shared: BTreeMap<(usize, usize), f64>,
    old_total: Vec<f64>,
    new_total: Vec<f64>,
    /// For gone themes, which are compared by a sample: what weighs in each found theme up to the sample's last hash.
    new_within: BTreeMap<(usize, usize), f64>,
}

impl Meetings {
    fn count(known: &[KnownTheme], found: &[FoundTheme<'_>], knew: &impl Fn(TextHash) -> bool) -> Self {
        let mut now: BTreeMap<TextHash, (usize, f64)> = BTreeMap::new();
        let mut new_total = vec![0.0; found.len()];
        for (new, theme) in found.iter().enumerate() {
            for &(hash, feedback) in &theme.texts {
                let weight = feedback.max(1) as f64;
                now.insert(hash, (new, weight));
                if knew(hash) {
                    new_total[new] += weight;
                }
            }
        }
        let mut shared: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        let mut old_total = vec![0.0; known.len()];
        let mut new_within = BTreeMap::new();
        for (old, theme) in known.iter().enumerate() {
            for hash in &theme.texts {
                let Some(&(new, weight)) = now.get(hash) else { continue };
                *shared.entry((old, new)).or_default() += weight;
                old_total[old] += weight;
            }
            let Some(last) = theme.texts.iter().max().filter(|_| theme.gone) else { continue };
            let whole = theme.texts.len() < SAMPLE;
            let met: BTreeSet<usize> = shared.range((old, 0)..(old + 1, 0)).map(|(&(_, new), _)| new).collect();
            for new in met {
                let within = found[new].texts.iter().filter(|(hash, _)| whole || hash <= last);
                new_within.insert((old, new), within.map(|(_, feedback)| (*feedback).max(1) as f64).sum());
            }
        }
        Self { shared, old_total, new_total, new_within }
    }

    /// The Jaccard index of an old and a found theme.
    fn alike(&self, known: &[KnownTheme], old: usize, new: usize) -> f64 {
        let Some(both) = self.shared.get(&(old, new)) else { return 0.0 };
        let now = if known[old].gone { self.new_within[&(old, new)] } else { self.new_total[new] };
        both / (self.old_total[old] + now - both)
    }

    /// Pairs that may be the same theme, the most alike first.
    fn pairs(&self, known: &[KnownTheme], found: &[FoundTheme<'_>]) -> Vec<Pair> {
        let cosine = |old: usize, new: usize| {
            let (a, b) = (&known[old].centroid, found[new].centroid);
            if a.len() == b.len() && !a.is_empty() { dot(a, b) } else { 0.0 }
        };
        let mut pairs = Vec::new();
        for &(old, new) in self.shared.keys() {
            let gone = known[old].gone;
            let alike = self.alike(known, old, new);
            if alike >= if gone { ALIKE_AGAIN } else { ALIKE } {
                // Between equals, the theme that is there has the first word.
                let living = if gone { 0.0 } else { TIE_BREAK };
                let score = alike + living + TIE_BREAK * f64::from(cosine(old, new));
                pairs.push(Pair { old, new, alike, score });
            }
        }
        // Themes whose texts are all gone: only the direction is left to go by.
        for old in (0..known.len()).filter(|&old| self.old_total[old] == 0.0 && !known[old].gone) {
            for new in (0..found.len()).filter(|&new| self.new_total[new] == 0.0) {
                let cosine = cosine(old, new);
                if cosine >= SAME_DIRECTION {
                    pairs.push(Pair { old, new, alike: 0.0, score: TIE_BREAK * f64::from(cosine) });
                }
            }
        }
        pairs.sort_by(|a, b| {
            let order = b.score.total_cmp(&a.score);
            order.then(known[a.old].id.cmp(&known[b.old].id)).then(a.new.cmp(&b.new))
        });
        pairs
    }
}

/// Does the name that a theme had still say what it is about? When at least half of the old keywords that it uses
/// (all of them, where it uses none) are keywords still; words are compared by their beginning, so that a plural is
/// its singular.
pub fn name_still_fits(name: &str, keywords_before: &[String], keywords_now: &[String]) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let all =
        |keywords: &[String]| -> BTreeSet<String> { keywords.iter().flat_map(|keyword| words(keyword)).collect() };
    let (before, now) = (all(keywords_before), all(keywords_now));
    let same = |a: &str, b: &str| {
        let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        long.starts_with(short)
            && (short.len() == long.len() || short.chars().count() >= 3 && long.len() - short.len() <= 3)
    };
    let said = words(name);
    let mut used: Vec<&String> = before.iter().filter(|word| said.iter().any(|said| same(said, word))).collect();
    if used.is_empty() {
        used = before.iter().collect();
    }
    let still = used.iter().filter(|word| now.iter().any(|now| same(now, word))).count();
    2 * still >= used.len()
}

/// A theme that wants to be called something.
#[derive(Clone, Copy, Debug)]
pub struct RequestedName<'a> {
    pub name: &'a str,
    pub keywords: &'a [String],
    /// Whoever has the lower number is served first: the user's choices, then names that stay, then new ones.
    pub rank: u8,
}

/// Names that differ, whatever their case: a name that another theme has gets the theme's first keyword that is not in
/// it, or else a number, behind it.
pub fn unique_names(requests: &[RequestedName<'_>]) -> Vec<String> {
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by_key(|&index| (requests[index].rank, index));
    let mut taken = BTreeSet::new();
    let mut names = vec![String::new(); requests.len()];
    for index in order {
        let RequestedName { name, keywords, .. } = requests[index];
        let lower = name.to_lowercase();
        let words = keywords.iter().filter(|keyword| !lower.contains(&keyword.to_lowercase()));
        let with_word = words.map(|keyword| format!("{name} ({keyword})"));
        let numbered = (2..).map(|number: u64| format!("{name} ({number})"));
        let mut all = std::iter::once(name.to_owned()).chain(with_word.take(3)).chain(numbered);
        if let Some(free) = all.find(|candidate| taken.insert(candidate.to_lowercase())) {
            names[index] = free;
        }
    }
    names
}

#[cfg(test)]
mod tests;
