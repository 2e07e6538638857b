//! How has each theme's volume gone, in a picture as small as a word?

use std::collections::BTreeMap;

use super::{assemble::MAX_BUCKETS, bucket};
use hearback_domain::{Bucket, Timestamp, TrendRow};

/// Volume per bucket of the span for each key that has rows, all equally long (at most [`MAX_BUCKETS`]), zeros
/// included. Rows outside of the span are left out.
pub fn sparks(
    rows: &[TrendRow],
    bucket: Bucket,
    from: Timestamp,
    to: Timestamp,
) -> BTreeMap<Vec<Option<String>>, Vec<u64>> {
    let mut places = BTreeMap::new();
    let mut start = bucket::start(bucket, from);
    while start < to && places.len() < MAX_BUCKETS {
        places.insert(start, places.len());
        start = bucket::next(bucket, start);
    }
    let mut volumes: BTreeMap<Vec<Option<String>>, Vec<u64>> = BTreeMap::new();
    for row in rows {
        if let Some(&place) = places.get(&bucket::start(bucket, row.start)) {
            volumes.entry(row.key.clone()).or_insert_with(|| vec![0; places.len()])[place] += row.sums.n;
        }
    }
    volumes
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearback_domain::Aggregate;

    #[test]
    fn each_theme_has_a_volume_for_each_bucket() {
        let at = |text: &str| Timestamp::parse(text).expect("a moment");
        let row = |start: &str, theme: Option<&str>, n| TrendRow {
            start: at(start),
            key: vec![theme.map(str::to_owned)],
            sums: Aggregate { n, ..Aggregate::default() },
        };
        let rows = [
            row("2026-01-01T00:00:00Z", Some("1"), 3),
            row("2026-03-01T00:00:00Z", Some("1"), 5),
            row("2026-02-01T00:00:00Z", None, 7),
            row("2026-04-01T00:00:00Z", None, 9),
        ];
        let found = sparks(&rows, Bucket::Month, at("2026-01-01T00:00:00Z"), at("2026-04-01T00:00:00Z"));
        assert_eq!(found.get(&vec![Some("1".to_owned())]), Some(&vec![3, 0, 5]));
        assert_eq!(found.get(&vec![None]), Some(&vec![0, 7, 0]));
    }
}
