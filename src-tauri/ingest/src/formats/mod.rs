//! One folder (or file) per format.

pub mod canonical;
pub mod langfuse;
pub mod mlflow;
mod model_name;
pub mod opik;
pub mod table;
pub mod trulens;
