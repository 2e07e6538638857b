//! One folder (or file) per format.

pub mod argilla;
pub mod canonical;
mod customary;
pub mod helicone;
pub mod chats;
pub mod chameleon;
pub mod chroma;
pub mod delighted;
pub mod firestore;
pub(crate) mod generic;
pub mod label_studio;
pub mod langfuse;
pub mod otlp;
pub mod phoenix;
mod spans;
pub mod mlflow;
mod model_name;
pub mod opik;
pub mod langsmith;
mod model_name;
pub mod posthog;
pub mod table;
pub mod trulens;
pub mod typeform;
pub mod zendesk;
