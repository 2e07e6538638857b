//! One folder (or file) per format.

pub mod canonical;
mod customary;
pub mod helicone;
pub mod chats;
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
