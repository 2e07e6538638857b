//! What do texts mean, and which mean the same?
//!
//! From texts to vectors ([`embed`]), from vectors to what belongs together ([`theme`]) and to what is near a question
//! ([`recall`]). Values to values: no database, no clock, no chance without a seed. The three are stages of the engine
//! and siblings, none of which imports another; they are a crate of their own so that they build, are tested and are
//! measured without DuckDB.

pub use hearback_model::{error, job, model};

pub mod embed;
pub mod map;
mod matrix;
pub mod recall;
pub mod theme;
