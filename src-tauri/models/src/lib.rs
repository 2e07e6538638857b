//! Which embedding models are there, how do they come here, and what do they make of texts?
//!
//! One is on board; others are downloaded from a catalogue after consent ([`download`], the only code that touches a
//! network), or copied from a folder, and kept whole in the user's models folder. [`embed`] turns texts into vectors.

mod card;
pub mod components;
pub mod download;
pub mod embed;
pub mod fetch;
pub mod folder;
pub mod local;

pub use components::Components;
pub use download::Hub;
pub use folder::ModelFolder;

/// Whether the user agreed to a download after being told from where, how much, and under which licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    Given,
    NotGiven,
}
