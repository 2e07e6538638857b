//! What do texts and numbers say?
//!
//! Values to values: no database, no file, no clock, no chance without a seed. The modules are siblings, none of which
//! imports another, and they are built, tested and measured without DuckDB and ONNX Runtime.

pub mod map;
mod matrix;
pub mod recall;
pub mod theme;
pub mod trail;
pub mod trend;
pub mod words;
