//! What can be asked of a workspace?

mod counts;
mod rows;
mod summary;
mod trail;

pub use counts::{Extent, FilterValue, Statement, Totals, TrendCounts};
pub(super) use counts::{MOMENTS, SUMS, totals};
pub use rows::{FeedbackPage, FeedbackSort, SortBy, SortOrder};
pub use summary::WorkspaceSummary;
pub use trail::TrailRows;
