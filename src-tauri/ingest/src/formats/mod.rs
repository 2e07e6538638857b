//! One folder (or file) per format.

pub mod argilla;
pub mod canonical;
pub mod chameleon;
pub mod chats;
pub mod chroma;
mod customary;
pub mod delighted;
pub mod firestore;
pub(crate) mod generic;
pub mod helicone;
pub mod label_studio;
pub mod langfuse;
pub mod langsmith;
pub mod mlflow;
pub mod opik;
pub mod otlp;
pub mod phoenix;
pub mod posthog;
mod spans;
pub mod table;
pub mod trulens;
pub mod typeform;
pub mod zendesk;
