//! What past cases are nearest to this text, by meaning and by words?
//!
//! [`Matrix`] holds the vectors in memory in a quarter (scanned) and another quarter (rescored) of their size and still
//! answers exactly; [`Words`] finds texts by their words; [`fuse`] makes one ranking of both. A filter is a [`RowSet`],
//! made once and asked bit by bit. Only values: no file, no database.

mod closeness;
mod codes;
mod fusion;
mod kernel;
mod matrix;
mod query;
mod rows;
mod words;

#[cfg(test)]
mod tests;

pub use closeness::{Closeness, NEAR_IDENTICAL, RELATED, SAME_PROBLEM, UNRELATED};
pub use fusion::fuse;
pub use matrix::{Matrix, SearchOptions};
pub use query::{LastWord, WordQuery};
pub use rows::RowSet;
pub use words::{WordHit, Words};

use hearback_domain::TextHash;

/// A text that is near, by meaning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub hash: TextHash,
    /// Cosine, -1 to 1.
    pub similarity: f32,
}

impl Hit {
    pub fn closeness(&self) -> Closeness {
        Closeness::of(self.similarity)
    }
}
