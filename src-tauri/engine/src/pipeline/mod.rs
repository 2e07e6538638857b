//! Which stages does a command run through? The only module that joins them.
