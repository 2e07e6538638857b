//! What past cases are nearest to this text?
