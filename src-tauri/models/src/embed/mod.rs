//! What does a text mean, as a vector?
//!
//! [`rule`] says which words of a feedback are embedded; [`Embedder`] turns texts into vectors of length 1 with
//! all-MiniLM-L6-v2 or another sentence model in ONNX form through fastembed and ONNX Runtime, on this machine.
//! Two texts that mean the same have a cosine near 1, unrelated ones near 0.
//!
//! What this module never does: it opens no file but those that the caller names, it knows no database and no
//! network. A missing model or library is [`Kind::Component`](hearback_domain::error::Kind::Component) with the command that
//! fetches it.

pub mod catalogue;
mod model;
mod pool;
mod queue;

pub use catalogue::Offer;
pub use model::{Embedder, MAX_LENGTH, ModelFiles, ModelId, Pooling};
pub use queue::Page;

#[cfg(test)]
mod tests;
