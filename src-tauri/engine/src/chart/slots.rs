//! Which series has which colour, today and after the next click?
//!
//! A theme or a version keeps its colour for as long as the workspace is open: whoever draws keeps one [`Slots`].

use std::collections::BTreeMap;

use super::theme::{SERIES_COLOURS, Theme};
use crate::model::{Series, SeriesKind};

/// A colour and a marker shape, which always go together: colour alone does not reach everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// 0 to 5.
    Series(u8),
    Other,
}

impl Slot {
    /// The slot of the `index`-th series where nobody remembers any.
    pub fn at(index: usize) -> Self {
        u8::try_from(index % SERIES_COLOURS).map_or(Self::Other, Self::Series)
    }

    pub fn colour(self, theme: &Theme) -> &'static str {
        match self {
            Self::Series(index) => theme.series.get(usize::from(index)).copied().unwrap_or(theme.other),
            Self::Other => theme.other,
        }
    }

    /// The name of its colour among [`Theme::tokens`].
    pub fn token(self) -> &'static str {
        match self {
            Self::Series(index) => {
                ["c1", "c2", "c3", "c4", "c5", "c6"].get(usize::from(index)).copied().unwrap_or("other")
            }
            Self::Other => "other",
        }
    }
}

/// Remembers slots by what was split by (`scope`, such as `model_version`) and the value.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    known: BTreeMap<(String, Vec<Option<String>>), Slot>,
}

impl Slots {
    /// A slot for each series, no two alike (up to six): the remembered one, else the least used free one, which
    /// is remembered from now on.
    pub fn assign(&mut self, scope: &str, series: &[Series]) -> Vec<Slot> {
        let mut given: Vec<Option<Slot>> = vec![None; series.len()];
        // Those that have a colour come first, so that a newcomer cannot take it away.
        for (place, one) in given.iter_mut().zip(series) {
            if matches!(one.kind, SeriesKind::Other { .. }) {
                *place = Some(Slot::Other);
            }
        }
        for index in 0..series.len() {
            let known = self.known.get(&(scope.to_owned(), series[index].key.clone())).copied();
            if given[index].is_none() && !given.contains(&known) {
                given[index] = known;
            }
        }
        for index in 0..series.len() {
            if given[index].is_none() {
                let slot = self.least_used(scope, &given);
                given[index] = Some(slot);
                self.known.entry((scope.to_owned(), series[index].key.clone())).or_insert(slot);
            }
        }
        given.into_iter().map(|slot| slot.unwrap_or(Slot::Other)).collect()
    }

    fn least_used(&self, scope: &str, given: &[Option<Slot>]) -> Slot {
        let uses = |slot: Slot| self.known.iter().filter(|((known, _), used)| known == scope && **used == slot).count();
        (0..SERIES_COLOURS)
            .map(Slot::at)
            .filter(|slot| !given.contains(&Some(*slot)))
            .min_by_key(|slot| uses(*slot))
            .unwrap_or(Slot::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Aggregate;

    fn series(name: &str) -> Series {
        let kind = if name == "Other" { SeriesKind::Other { groups: 2 } } else { SeriesKind::Value };
        Series {
            key: vec![Some(name.to_owned())],
            label: name.to_owned(),
            kind,
            totals: Aggregate::default(),
            value: None,
            interval: None,
            small: true,
            points: Vec::new(),
        }
    }

    #[test]
    fn a_version_keeps_its_colour_when_the_company_changes() {
        let mut slots = Slots::default();
        let first = slots.assign("model_version", &[series("2.1"), series("2.0"), series("Other")]);
        assert_eq!(first, [Slot::Series(0), Slot::Series(1), Slot::Other]);
        let second = slots.assign("model_version", &[series("3.0"), series("2.0"), series("2.1")]);
        assert_eq!(second, [Slot::Series(2), Slot::Series(1), Slot::Series(0)]);
        assert_eq!(slots.assign("environment", &[series("dev")]), [Slot::Series(0)]);
    }

    #[test]
    fn two_series_of_one_picture_never_share_a_colour() {
        let mut slots = Slots::default();
        for name in ["a", "b", "c", "d", "e", "f", "g"] {
            slots.assign("theme", &[series(name)]);
        }
        // g had to take a's colour; beside a it has another, and a keeps its own.
        let both = slots.assign("theme", &[series("a"), series("g")]);
        assert_eq!(both[0], Slot::Series(0));
        assert_ne!(both[0], both[1]);
    }
}
