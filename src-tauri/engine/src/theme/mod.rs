//! Here are a thousand vectors. Which belong together?
