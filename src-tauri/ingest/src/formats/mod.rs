//! One folder (or file) per format.

pub mod canonical;
pub mod chats;
pub mod langfuse;
pub mod table;
