//! Which series has which colour, today, after the next click, and when the workspace is opened again?
//!
//! A value's colour follows from its rank among all values of its dimension in the workspace, whatever is selected.

use super::theme::{SERIES_COLOURS, Theme};

/// A colour and a marker shape, which always go together: colour alone does not reach everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// 0 to 5.
    Series(u8),
    Other,
}

impl Slot {
    /// The slot of the value with this rank, as long as nothing else in the picture has it.
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

/// A slot for each series of one picture, by the rank of its value; `None` for *Other*. No two are alike, up to six.
///
/// With more values than colours, two of one picture may have the same by their rank. Then the one of the lower rank keeps
/// it, and the other takes the next that is free.
pub fn assign(ranks: &[Option<u64>]) -> Vec<Slot> {
    let mut order: Vec<(u64, usize)> =
        ranks.iter().enumerate().filter_map(|(index, rank)| Some(((*rank)?, index))).collect();
    order.sort_unstable();
    let colours = SERIES_COLOURS as u64;
    let slot = |rank: u64| Slot::at((rank % colours) as usize);
    let mut given = vec![None; ranks.len()];
    // Those that can keep their own come first, so that one that cannot takes nobody's away.
    for &(rank, index) in &order {
        if !given.contains(&Some(slot(rank))) {
            given[index] = Some(slot(rank));
        }
    }
    for &(rank, index) in &order {
        if given[index].is_none() {
            let mut free =
                (1..colours).map(|step| slot(rank % colours + step)).filter(|slot| !given.contains(&Some(*slot)));
            // More than six: colours come again.
            given[index] = Some(free.next().unwrap_or_else(|| slot(rank)));
        }
    }
    given.into_iter().map(|slot| slot.unwrap_or(Slot::Other)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_its_colour_whatever_is_beside_it() {
        assert_eq!(assign(&[Some(3), Some(0), None]), [Slot::Series(3), Slot::Series(0), Slot::Other]);
        assert_eq!(assign(&[Some(0)]), [Slot::Series(0)]);
        assert_eq!(assign(&[Some(9), Some(5)]), [Slot::Series(3), Slot::Series(5)]);
    }

    #[test]
    fn two_series_of_one_picture_never_share_a_colour() {
        // 1 and 7 would both have the second colour: the older value keeps it.
        assert_eq!(assign(&[Some(7), Some(1), Some(2)]), [Slot::Series(3), Slot::Series(1), Slot::Series(2)]);
        assert_eq!(assign(&[Some(1), Some(7), Some(8)]), [Slot::Series(1), Slot::Series(3), Slot::Series(2)]);
        assert_eq!(assign(&(0..7).map(Some).collect::<Vec<_>>())[6], Slot::Series(0));
    }
}
