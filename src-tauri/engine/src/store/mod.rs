//! Where do sessions, turns and feedback live, and how are they asked for?
