//! One folder (or file) per format.

pub mod argilla;
pub mod canonical;
pub mod chameleon;
pub mod chroma;
pub mod delighted;
pub mod firestore;
pub(crate) mod generic;
pub mod label_studio;
pub mod langfuse;
pub mod table;
pub mod typeform;
pub mod zendesk;
