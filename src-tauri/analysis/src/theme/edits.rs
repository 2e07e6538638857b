//! What did the user change about the themes, and does it still hold?
//!
//! A run says which theme each text is in; [`replay`] applies the user's edits to that, in the order in which they
//! were made, after every run and after every other choice of granularity. Nothing else is ever changed: to undo an
//! edit is to replay the others.
//!
//! Edits name themes by their ids, which stay (`identity`), and remember the texts that they were made about. So they
//! hold when a run draws the lines elsewhere: what was merged takes in every theme at least half of which it was made
//! of; what was split off takes its texts, and those that came since go with the texts nearest to them (those of their
//! leaf). An edit that finds nothing to change sleeps (*dormant*): it is kept, said, and wakes when its theme returns.

use std::collections::{BTreeMap, BTreeSet};

pub use hearback_domain::theme::{Change, Edit, Part};

use hearback_domain::TextHash;

/// The later edits that could not be what they are without this one, by id: they name a theme that it made, or join
/// or take apart what it merged.
pub fn built_on(edits: &[Edit], id: i64) -> Vec<i64> {
    let Some(position) = edits.iter().position(|edit| edit.id == id) else { return Vec::new() };
    let (change, later) = (&edits[position].change, &edits[position + 1..]);
    let made = change.made();
    let builds = |other: &Change| {
        let names = other.themes();
        let shapes = matches!(other, Change::Merge { .. } | Change::Split { .. });
        names.iter().any(|theme| made.contains(theme))
            || matches!(change, Change::Merge { into, .. } if shapes && names.contains(into))
    };
    later.iter().filter(|edit| builds(&edit.change)).map(|edit| edit.id).collect()
}

/// A text as the run has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assigned {
    pub hash: TextHash,
    pub theme: Option<i64>,
    /// The leaf of the hierarchy that it is in.
    pub leaf: Option<u32>,
}

/// What the edits make of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replayed {
    /// The theme of each text, in the order given.
    pub themes: Vec<Option<i64>>,
    /// Those whose theme is the user's choice.
    pub by_hand: BTreeSet<TextHash>,
    pub names: BTreeMap<i64, String>,
    pub pinned: BTreeSet<i64>,
    pub notes: BTreeMap<i64, String>,
    /// Why an edit has nothing to change at present, by its id.
    pub dormant: BTreeMap<i64, Dormant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dormant {
    /// The theme that it is about is not among the present ones.
    ThemeGone,
    /// None of the texts that it is about is in the workspace, or where it was.
    TextsGone,
}

impl Dormant {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ThemeGone => "its theme is not among the present ones; it holds again when the theme is found again",
            Self::TextsGone => "none of its texts is where it was; it holds again when they are back",
        }
    }
}

/// Applies the edits to a run. `texts` are in the order of their hash.
pub fn replay(texts: &[Assigned], edits: &[Edit]) -> Replayed {
    let mut groups = Groups::of(texts);
    let mut done = Replayed::default();
    for Edit { id, change } in edits {
        let sleeps = match change {
            Change::Merge { into, from, texts } => groups.merge(*into, from, texts),
            Change::Split { theme, parts, rest } => groups.split(*theme, parts, rest),
            Change::Move { texts, to } => groups.take(texts, *to, &mut done.by_hand),
            Change::Rename { theme, name } => {
                done.names.insert(*theme, name.clone());
                None
            }
            Change::Pin { theme, pinned } => {
                if *pinned {
                    done.pinned.insert(*theme);
                } else {
                    done.pinned.remove(theme);
                }
                None
            }
            Change::Note { theme, note } => {
                if note.trim().is_empty() {
                    done.notes.remove(theme);
                } else {
                    done.notes.insert(*theme, note.clone());
                }
                None
            }
        };
        done.dormant.extend(sleeps.map(|why| (*id, why)));
    }
    // What is said of a theme needs the theme, whenever it was made.
    let has = |theme: &i64| groups.members.contains_key(theme);
    done.names.retain(|theme, _| has(theme));
    done.pinned.retain(has);
    done.notes.retain(|theme, _| has(theme));
    for Edit { id, change } in edits {
        if let Change::Rename { theme, .. } | Change::Pin { theme, .. } | Change::Note { theme, .. } = change
            && !has(theme)
        {
            done.dormant.insert(*id, Dormant::ThemeGone);
        }
    }
    done.themes = groups.theme;
    done
}

/// Which texts are together, both ways.
struct Groups<'a> {
    texts: &'a [Assigned],
    theme: Vec<Option<i64>>,
    /// Positions in `texts`; no theme is without any.
    members: BTreeMap<i64, BTreeSet<usize>>,
}

impl<'a> Groups<'a> {
    fn of(texts: &'a [Assigned]) -> Self {
        let mut members: BTreeMap<i64, BTreeSet<usize>> = BTreeMap::new();
        for (position, text) in texts.iter().enumerate() {
            if let Some(theme) = text.theme {
                members.entry(theme).or_default().insert(position);
            }
        }
        Self { texts, theme: texts.iter().map(|text| text.theme).collect(), members }
    }

    fn find<'b>(&'b self, hashes: &'b [TextHash]) -> impl Iterator<Item = usize> + 'b {
        hashes.iter().filter_map(|hash| self.texts.binary_search_by_key(hash, |text| text.hash).ok())
    }

    fn put(&mut self, position: usize, theme: Option<i64>) {
        if let Some(before) = std::mem::replace(&mut self.theme[position], theme)
            && let Some(members) = self.members.get_mut(&before)
        {
            members.remove(&position);
            if members.is_empty() {
                self.members.remove(&before);
            }
        }
        if let Some(theme) = theme {
            self.members.entry(theme).or_default().insert(position);
        }
    }

    fn put_all(&mut self, from: i64, to: i64) {
        for position in self.members.get(&from).cloned().unwrap_or_default() {
            self.put(position, Some(to));
        }
    }

    /// The themes at least half of whose texts are among these.
    fn mostly(&self, hashes: &[TextHash]) -> Vec<i64> {
        let mut hits: BTreeMap<i64, usize> = BTreeMap::new();
        for position in self.find(hashes) {
            if let Some(theme) = self.theme[position] {
                *hits.entry(theme).or_default() += 1;
            }
        }
        let most = |&(theme, hits): &(i64, usize)| 2 * hits >= self.members[&theme].len();
        hits.into_iter().filter(most).map(|(theme, _)| theme).collect()
    }

    fn merge(&mut self, into: i64, from: &[i64], texts: &[TextHash]) -> Option<Dormant> {
        let mut parts: BTreeSet<i64> = self.mostly(texts).into_iter().collect();
        parts.extend(from.iter().chain([&into]).filter(|theme| self.members.contains_key(theme)));
        parts.remove(&into);
        for part in &parts {
            self.put_all(*part, into);
        }
        // Without any of the others the run itself has done it, or nothing is left to do.
        (parts.is_empty()).then_some(Dormant::ThemeGone)
    }

    fn split(&mut self, theme: i64, parts: &[Part], rest: &[TextHash]) -> Option<Dormant> {
        // What the run draws apart by itself, or kept apart, goes by the id that the user's part has.
        let mut found = false;
        for part in parts {
            for own in self.mostly(&part.texts).into_iter().filter(|own| *own != theme) {
                self.put_all(own, part.id);
                found = true;
            }
        }
        let Some(whole) = self.members.get(&theme).cloned() else {
            return (!found).then_some(Dormant::ThemeGone);
        };
        // Side 0 stays, side n goes with part n - 1.
        let mut side: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, texts) in std::iter::once(rest).chain(parts.iter().map(|part| part.texts.as_slice())).enumerate() {
            side.extend(
                self.find(texts).filter(|position| whole.contains(position)).map(|position| (position, number)),
            );
        }
        let mut votes: BTreeMap<u32, BTreeMap<usize, usize>> = BTreeMap::new();
        for (position, number) in &side {
            if let Some(leaf) = self.texts[*position].leaf {
                *votes.entry(leaf).or_default().entry(*number).or_default() += 1;
            }
        }
        let side_of_leaf = |leaf: u32| {
            let counts = votes.get(&leaf)?;
            // The most; among equals the first, which is the one that stays.
            counts.iter().max_by_key(|&(number, count)| (count, std::cmp::Reverse(number))).map(|(number, _)| *number)
        };
        for position in whole {
            let number = side.get(&position).copied().or_else(|| side_of_leaf(self.texts[position].leaf?)).unwrap_or(0);
            if number > 0 {
                self.put(position, Some(parts[number - 1].id));
                found = true;
            }
        }
        (!found).then_some(Dormant::TextsGone)
    }

    fn take(&mut self, hashes: &[TextHash], to: Option<i64>, by_hand: &mut BTreeSet<TextHash>) -> Option<Dormant> {
        if to.is_some_and(|theme| !self.members.contains_key(&theme)) {
            return Some(Dormant::ThemeGone);
        }
        let positions: Vec<usize> = self.find(hashes).collect();
        for &position in &positions {
            self.put(position, to);
            by_hand.insert(self.texts[position].hash);
        }
        positions.is_empty().then_some(Dormant::TextsGone)
    }
}

#[cfg(test)]
mod tests;
