//! This hierarchy was cut before. Which ids and names did its themes have?
//!
//! What a cut finds follows from the hierarchy and the choice alone: at the same choice there are the same nodes. So
//! the ids and names of every choice that was looked at are kept by node, and whoever comes back to one gets exactly
//! them, in whatever order the choices were tried. At a choice that is new, a node that another choice had is what it
//! was there, at the nearest one; what is left follows the last cut as one run follows another (`theme::identity`), and
//! themes that are gone by then are known by what they were at the choice nearest to it.

use std::collections::{BTreeMap, BTreeSet};

use crate::Workspace;
use hearback_analysis::theme::{Cut, Hierarchy, ThemeFound, identity};
use hearback_domain::{Subject, TextHash, error::Result};
use hearback_store::{CutTheme, Snapshot};

/// What is known of the cuts of one hierarchy.
#[derive(Debug)]
pub(crate) struct ThemeMemory {
    /// The digest of the hierarchy.
    pub tree: String,
    /// Those of the cut that is looked at now come first, then those of the nearest ones.
    themes: Vec<CutTheme>,
    /// What each node of the cut that is looked at now was, by its first leaf.
    here: BTreeMap<u32, CutTheme>,
}

impl Workspace {
    pub(crate) fn theme_memory(
        &self,
        snapshot: &Snapshot<'_>,
        subject: Subject,
        hierarchy: &Hierarchy,
        cut: Cut,
    ) -> Result<ThemeMemory> {
        let tree = hierarchy.digest();
        let themes = snapshot.cut_themes(subject, &tree)?;
        Ok(ThemeMemory::new(hierarchy, tree, cut, themes))
    }
}

impl ThemeMemory {
    /// `themes`: the last cut looked at first.
    fn new(hierarchy: &Hierarchy, tree: String, cut: Cut, mut themes: Vec<CutTheme>) -> Self {
        let away = |theme: &CutTheme| (theme.resolution / cut.resolution).ln().abs();
        let otherwise = |theme: &CutTheme| theme.unclustered_at_most != cut.unclustered_at_most;
        // Stable: of two equally near the last one looked at stays before the other.
        themes.sort_by(|a, b| away(a).total_cmp(&away(b)).then(otherwise(a).cmp(&otherwise(b))));

        let mut leaf_of: BTreeMap<u32, u32> = BTreeMap::new();
        for (leaf, node) in hierarchy.nodes(cut.resolution).into_iter().enumerate() {
            leaf_of.entry(node).or_insert(leaf as u32);
        }
        let mut nodes_at: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        let mut here: BTreeMap<u32, CutTheme> = BTreeMap::new();
        let mut given: BTreeSet<i64> = BTreeSet::new();
        for theme in &themes {
            let nodes = nodes_at.entry(theme.resolution.to_bits()).or_insert_with(|| hierarchy.nodes(theme.resolution));
            // The themes of this very cut come first and differ in leaf and id, so each of them gets its own.
            if let Some(&leaf) = nodes.get(theme.leaf as usize).and_then(|node| leaf_of.get(node))
                && !here.contains_key(&leaf)
                && given.insert(theme.line)
            {
                here.insert(leaf, theme.clone());
            }
        }
        Self { tree, themes, here }
    }

    /// What a found theme was when the hierarchy was cut in this way, or in the nearest one that had its node.
    pub fn of(&self, theme: &ThemeFound) -> Option<&CutTheme> {
        self.here.get(&theme.leaf?)
    }

    /// Whether the hierarchy was cut in this very way before, and had the theme.
    pub fn was_here(&self, theme: &ThemeFound, cut: Cut) -> bool {
        self.of(theme)
            .is_some_and(|was| was.resolution == cut.resolution && was.unclustered_at_most == cut.unclustered_at_most)
    }

    /// A sample of the texts of those of the themes `wanted` that a cut of this hierarchy had, at the choice nearest to
    /// the one that is looked at now.
    pub fn texts(&self, hierarchy: &Hierarchy, wanted: &BTreeSet<i64>) -> BTreeMap<i64, Vec<TextHash>> {
        let mut seen: BTreeSet<i64> = BTreeSet::new();
        let mut by_resolution: BTreeMap<u64, Vec<&CutTheme>> = BTreeMap::new();
        for theme in self.themes.iter().filter(|theme| wanted.contains(&theme.line)) {
            if seen.insert(theme.line) {
                by_resolution.entry(theme.resolution.to_bits()).or_default().push(theme);
            }
        }
        let mut texts: BTreeMap<i64, Vec<TextHash>> = BTreeMap::new();
        for (resolution, themes) in by_resolution {
            let nodes = hierarchy.nodes(f64::from_bits(resolution));
            // One node may have been two themes: at choices that differ only in how complete they are.
            let mut lines_of: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
            for theme in themes {
                if let Some(node) = nodes.get(theme.leaf as usize) {
                    lines_of.entry(*node).or_default().push(theme.line);
                }
            }
            let lines: Vec<&[i64]> =
                nodes.iter().map(|node| lines_of.get(node).map_or(&[][..], Vec::as_slice)).collect();
            for text in hierarchy.texts.iter().filter(|text| text.inside) {
                for line in text.leaf.and_then(|leaf| lines.get(leaf as usize)).into_iter().copied().flatten() {
                    texts.entry(*line).or_default().push(text.hash);
                }
            }
        }
        texts.into_iter().map(|(line, texts)| (line, identity::sample(texts))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearback_analysis::theme::{Leaf, Merge, Placed};
    use hearback_store::NamedBy;

    fn theme(resolution: f64, unclustered_at_most: Option<f64>, leaf: u32, line: i64) -> CutTheme {
        let name = format!("Theme {line}");
        CutTheme { resolution, unclustered_at_most, leaf, line, name, named_by: NamedBy::Words }
    }

    #[test]
    fn a_theme_is_what_its_node_was_at_the_same_choice_and_near_the_nearest() {
        let hash = |number: u32| TextHash::of(&number.to_string());
        let text = |number: u32| Placed {
            hash: hash(number),
            leaf: Some(number % 3),
            inside: number != 8,
            similarity: 1.0,
            nearness: 1.0,
        };
        // Leaves 0, 1, 2; 1 and 2 are one below 4, all are one below 1.
        let hierarchy = Hierarchy {
            leaves: vec![Leaf { centroid: vec![1.0], reach: 0.5 }; 3],
            merges: vec![Merge { left: 1, right: 2, resolution: 4.0 }, Merge { left: 0, right: 3, resolution: 1.0 }],
            texts: (0..9).map(text).collect(),
        };
        let themes = vec![
            theme(0.5, None, 0, 11),
            theme(6.0, None, 0, 10),
            theme(6.0, None, 1, 11),
            theme(6.0, None, 2, 12),
            theme(2.0, None, 0, 10),
            theme(2.0, None, 1, 11),
        ];
        let memory = |resolution: f64, unclustered_at_most: Option<f64>| {
            ThemeMemory::new(&hierarchy, String::new(), Cut { resolution, unclustered_at_most }, themes.clone())
        };
        let ids =
            |memory: &ThemeMemory| memory.here.iter().map(|(leaf, theme)| (*leaf, theme.line)).collect::<Vec<_>>();
        assert_eq!(ids(&memory(2.0, None)), [(0, 10), (1, 11)]);
        assert_eq!(ids(&memory(6.0, None)), [(0, 10), (1, 11), (2, 12)]);
        // The same nodes at another choice; at 0.4 there is one.
        assert_eq!(ids(&memory(2.1, Some(0.1))), [(0, 10), (1, 11)]);
        assert_eq!(ids(&memory(0.4, None)), [(0, 11)]);
        // What the very cut had goes before what others had of the same node, and no id is given twice.
        let mut more = themes.clone();
        more.insert(0, theme(2.0, Some(0.1), 0, 11));
        let again = |unclustered_at_most: Option<f64>| {
            ThemeMemory::new(&hierarchy, String::new(), Cut { resolution: 2.0, unclustered_at_most }, more.clone())
        };
        assert_eq!(ids(&again(None)), [(0, 10), (1, 11)]);
        assert_eq!(ids(&again(Some(0.1))), [(0, 11)]);

        let texts = |resolution: f64, line: i64| {
            memory(resolution, None).texts(&hierarchy, &BTreeSet::from([line])).remove(&line).unwrap_or_default()
        };
        let all = |numbers: &[u32]| identity::sample(numbers.iter().map(|number| hash(*number)));
        assert_eq!(texts(1.9, 11), all(&[1, 2, 4, 5, 7]), "without 8, which is an outlier");
        assert_eq!(texts(5.0, 11), all(&[1, 4, 7]));
        assert_eq!(texts(0.4, 11), all(&[0, 1, 2, 3, 4, 5, 6, 7]));
        assert_eq!(texts(0.4, 12), all(&[2, 5]));
        assert!(texts(2.0, 99).is_empty());
    }
}
