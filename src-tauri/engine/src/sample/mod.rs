//! What would a team's exports look like? Synthetic data with planted facts.
