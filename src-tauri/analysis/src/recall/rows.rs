//! Which rows may be answered with, and which text is which row?

use std::collections::HashMap;

use hearback_domain::TextHash;

/// Some of the rows, a bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowSet {
    bits: Vec<u64>,
}

impl RowSet {
    pub fn insert(&mut self, row: u32) {
        let word = row as usize / 64;
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= 1 << (row % 64);
    }

    pub fn contains(&self, row: u32) -> bool {
        self.bits.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    pub fn len(&self) -> usize {
        self.bits.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.bits.iter().all(|&word| word == 0)
    }
}

impl FromIterator<u32> for RowSet {
    fn from_iter<I: IntoIterator<Item = u32>>(rows: I) -> Self {
        let mut set = Self::default();
        rows.into_iter().for_each(|row| set.insert(row));
        set
    }
}

/// Texts in the order in which they came: the row of each, and the text of each row.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    hashes: Vec<TextHash>,
    rows: HashMap<TextHash, u32>,
}

impl Numbering {
    /// The row of a text that is new; `None` for one that has a row.
    pub fn add(&mut self, hash: TextHash) -> Option<u32> {
        // Four thousand million texts do not fit a laptop.
        let row = u32::try_from(self.hashes.len()).ok()?;
        match self.rows.entry(hash) {
            std::collections::hash_map::Entry::Occupied(_) => None,
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(row);
                self.hashes.push(hash);
                Some(row)
            }
        }
    }

    pub fn row(&self, hash: &TextHash) -> Option<u32> {
        self.rows.get(hash).copied()
    }

    pub fn hash(&self, row: u32) -> TextHash {
        self.hashes[row as usize]
    }

    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    pub fn set<'a>(&self, hashes: impl IntoIterator<Item = &'a TextHash>) -> RowSet {
        hashes.into_iter().filter_map(|hash| self.row(hash)).collect()
    }

    /// About, in bytes.
    pub fn memory(&self) -> usize {
        self.hashes.capacity() * size_of::<TextHash>() + self.rows.capacity() * (size_of::<(TextHash, u32)>() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in() {
        let set: RowSet = [0, 63, 64, 1000].into_iter().collect();
        assert_eq!(set.len(), 4);
        assert_eq!((0..2000).filter(|&row| set.contains(row)).collect::<Vec<_>>(), [0, 63, 64, 1000]);
        assert!(RowSet::default().is_empty() && !set.is_empty());
    }

    #[test]
    fn a_text_has_one_row() {
        let mut numbering = Numbering::default();
        let (a, b) = (TextHash::of("a"), TextHash::of("b"));
        assert_eq!([numbering.add(a), numbering.add(b), numbering.add(a)], [Some(0), Some(1), None]);
        assert_eq!(numbering.set([&b, &TextHash::of("c")]), [1].into_iter().collect());
    }
}
