//! Do themes stay what they are when a tenth of the texts is new?
//!
//! Themes of nine tenths of the texts, drawn at random, then of all, found from the earlier ones as the engine does it; for
//! comparison also found anew. The ids of the earlier ones are matched by [`identity::match_themes`], which takes a Jaccard
//! index of 0.3 for the same theme where nothing is more alike. To *stay* asks for more here: the same id, and at least
//! half of what either theme has of the texts that both runs knew in both.

use std::collections::BTreeSet;

use hearback_analysis::theme::{
    self, ThemeOptions, Themes,
    identity::{self, FoundTheme, KnownTheme},
};
use hearback_domain::{TextHash, error::Result, job::Job};

use super::{Random, Set, figure, numbers, v_measure};

/// Draws; the figures are means over them.
const DRAWS: u64 = 5;
const KNOWN: f64 = 0.9;
/// The least Jaccard index of themes that are truly the same.
const SAME_THEME: f64 = 0.5;

#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    /// Shares of the earlier themes: those whose id is still there, and those that truly are what they were.
    id: f64,
    same: f64,
    /// Mean Jaccard index; of themes that are gone it is 0.
    alike: f64,
}

pub(super) fn identity(set: &Set) -> Result<()> {
    let anew = set.cut(&set.explore()?)?;
    let (mut stayed, mut found_anew, mut quality) = (Vec::new(), Vec::new(), 0.0);
    for draw in 0..DRAWS {
        let mut random = Random(100 + draw);
        let drawn: Vec<bool> = set.texts.iter().map(|_| random.unit() < KNOWN).collect();
        let part = set.keep(|index| drawn[index]);
        let earlier = part.explore()?;
        let before = part.cut(&earlier)?;
        let hierarchy = theme::explore_from(&earlier, &set.input(), &ThemeOptions::default(), &Job::quiet())?;
        let now = set.cut(&hierarchy)?;
        stayed.push(kept(&before, &now));
        found_anew.push(kept(&before, &anew));
        quality += v_measure(&set.labels, &numbers(&now)) / DRAWS as f64;
    }
    let mean = |all: &[Kept], of: fn(&Kept) -> f64| all.iter().map(of).sum::<f64>() / all.len() as f64;
    figure("themes that stay, 10 % new", mean(&stayed, |kept| kept.same), "");
    figure("the same, worst of five draws", stayed.iter().map(|kept| kept.same).fold(1.0, f64::min), "");
    figure("ids that stay, 10 % new", mean(&stayed, |kept| kept.id), "");
    figure("Jaccard index, 10 % new", mean(&stayed, |kept| kept.alike), "");
    figure("V-measure, 10 % new", quality, "");
    figure("themes that stay when found anew", mean(&found_anew, |kept| kept.same), "");
    Ok(())
}

fn kept(before: &Themes, now: &Themes) -> Kept {
    let knew: BTreeSet<TextHash> = before.members.iter().map(|member| member.hash).collect();
    let known: Vec<KnownTheme> = before
        .themes
        .iter()
        .zip(texts(before))
        .enumerate()
        .map(|(id, (theme, texts))| KnownTheme {
            id: id as i64,
            centroid: theme.centroid.clone(),
            size: theme.feedback,
            texts,
            gone: false,
        })
        .collect();
    let found: Vec<FoundTheme<'_>> = now
        .themes
        .iter()
        .zip(texts(now))
        .map(|(theme, texts)| FoundTheme {
            centroid: &theme.centroid,
            texts: texts.into_iter().map(|hash| (hash, 1)).collect(),
            was: None,
        })
        .collect();
    let count = known.len() as i64;
    let matched = identity::match_themes(&known, &found, |hash| knew.contains(&hash), count);
    let mut kept = Kept::default();
    for change in matched.found.iter().filter(|change| change.id < count) {
        kept.id += 1.0 / count as f64;
        kept.same += f64::from(u8::from(change.alike >= SAME_THEME)) / count as f64;
        kept.alike += change.alike / count as f64;
    }
    kept
}

/// The texts of each theme.
fn texts(themes: &Themes) -> Vec<Vec<TextHash>> {
    let mut texts = vec![Vec::new(); themes.themes.len()];
    for member in &themes.members {
        if let Some(theme) = member.theme {
            texts[theme].push(member.hash);
        }
    }
    texts
}
