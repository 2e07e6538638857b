//! Over which time is feedback counted?

use hearback_analysis::trend;
use hearback_domain::{Bucket, Filter, Timestamp, error::Result};
use hearback_store::{Extent, Snapshot};

/// The span that a filter means: its own ends, else from the first feedback that it lets through to the end of the
/// workspace's last day, so that silence at the end is seen, and selections are compared over the same time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeSpan {
    pub from: Timestamp,
    pub to: Timestamp,
    /// The time of which the workspace knows everything: from its first feedback to the end of its last day.
    pub known: (Timestamp, Timestamp),
    /// The feedbacks that the filter lets through, and those of them that have a time.
    pub feedback: u64,
    pub with_a_time: u64,
}

impl TimeSpan {
    /// `None` where the filter lets nothing through.
    pub fn of(snapshot: &Snapshot<'_>, filter: &Filter) -> Result<Option<Self>> {
        let end = |last| trend::bucket::next(Bucket::Day, trend::bucket::start(Bucket::Day, last));
        let Extent { feedback, with_a_time, first, known } = snapshot.extent(filter)?;
        let known = known.map(|(first, last)| (first, end(last)));
        if let (Some(from), Some(to)) = (filter.from, filter.to) {
            return Ok(Some(Self { from, to, known: known.unwrap_or((from, to)), feedback, with_a_time }));
        }
        Ok(first.zip(known).map(|(first, known)| {
            // Asked for from a moment after all data on: there is none, whatever the end.
            let from = filter.from.unwrap_or(first);
            let to = filter.to.unwrap_or(known.1).max(from.plus_micros(1));
            Self { from, to, known, feedback, with_a_time }
        }))
    }
}
