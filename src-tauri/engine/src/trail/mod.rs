//! What happened in this session, in order?
