//! Is it getting better or worse, and how sure are we?
