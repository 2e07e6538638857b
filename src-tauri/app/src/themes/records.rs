//! What a run found, as the store keeps it, and back.

use hearback_analysis::theme::{self, Hierarchy, Leaf, Merge, Placed, SubTheme, ThemeFound};
use hearback_domain::theme::Event;
use hearback_store::{
    KnownTheme, NamedBy, Placement, StoredHierarchy, StoredLeaf, StoredMerge, StoredSubtheme, StoredTheme,
};

fn keywords(keywords: &[theme::Keyword]) -> Vec<String> {
    keywords.iter().map(|keyword| keyword.text.clone()).collect()
}

fn subthemes(subthemes: &[SubTheme]) -> Vec<StoredSubtheme> {
    subthemes
        .iter()
        .map(|part| StoredSubtheme {
            name: part.name.clone(),
            keywords: keywords(&part.keywords),
            texts: part.size as u64,
            feedback: part.feedback,
            examples: part.examples.clone(),
        })
        .collect()
}

pub(crate) fn line(theme: &ThemeFound, id: i64, event: Event, others: Vec<i64>) -> KnownTheme {
    KnownTheme {
        id,
        run: 0,
        name: theme.name.clone(),
        named_by: NamedBy::Words,
        keywords: keywords(&theme.keywords),
        feedback: theme.feedback,
        cohesion: f64::from(theme.cohesion),
        reach: f64::from(theme.reach),
        centroid: theme.centroid.clone(),
        examples: theme.examples.clone(),
        subthemes: subthemes(&theme.subthemes),
        event,
        others,
    }
}

pub(crate) fn stored(theme: &ThemeFound, id: i64) -> StoredTheme {
    stored_line(&line(theme, id, Event::Kept, Vec::new()))
}

/// Texts and feedback are counted by the caller.
pub(crate) fn stored_line(line: &KnownTheme) -> StoredTheme {
    StoredTheme {
        id: line.id,
        name: line.name.clone(),
        named_by: line.named_by,
        keywords: line.keywords.clone(),
        texts: 0,
        feedback: 0,
        cohesion: line.cohesion,
        centroid: line.centroid.clone(),
        examples: line.examples.clone(),
        subthemes: line.subthemes.clone(),
        pinned: false,
        note: String::new(),
    }
}

pub(crate) fn stored_hierarchy(hierarchy: &Hierarchy) -> StoredHierarchy {
    StoredHierarchy {
        leaves: hierarchy
            .leaves
            .iter()
            .map(|leaf| StoredLeaf { centroid: leaf.centroid.clone(), reach: leaf.reach })
            .collect(),
        merges: hierarchy
            .merges
            .iter()
            .map(|merge| StoredMerge { left: merge.left, right: merge.right, resolution: merge.resolution })
            .collect(),
    }
}

/// The hierarchy as it was found, with these of its texts.
pub(crate) fn hierarchy(stored: StoredHierarchy, placements: &[Placement]) -> Hierarchy {
    Hierarchy {
        leaves: stored.leaves.into_iter().map(|StoredLeaf { centroid, reach }| Leaf { centroid, reach }).collect(),
        merges: stored
            .merges
            .into_iter()
            .map(|StoredMerge { left, right, resolution }| Merge { left, right, resolution })
            .collect(),
        texts: placements
            .iter()
            .filter(|placement| !placement.later)
            .map(|&Placement { hash, leaf, inside, similarity, nearness, .. }| Placed {
                hash,
                leaf,
                inside,
                similarity,
                nearness,
            })
            .collect(),
    }
}
