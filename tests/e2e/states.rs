//! States that a journey does not pass.
