//! One folder (or file) per format.

pub mod canonical;
pub mod chroma;
pub(crate) mod generic;
pub mod label_studio;
pub mod langfuse;
pub mod table;
