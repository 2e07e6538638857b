//! What does a text mean, as a vector?
