//! In which order do turns and feedback stand on a trail?

use std::cmp::Ordering;

use super::{Timestamp, TurnRecord, rows::FeedbackRow};

/// Of a turn, what its place follows from.
#[derive(Clone, Copy, Debug)]
pub struct TurnPlace<'t> {
    pub position: Option<i64>,
    pub created_at: Option<Timestamp>,
    pub id: &'t str,
}

impl<'t> From<&'t TurnRecord> for TurnPlace<'t> {
    fn from(turn: &'t TurnRecord) -> Self {
        Self { position: turn.position, created_at: turn.created_at, id: &turn.id }
    }
}

/// Orders the turns of one session: by position where every turn has one, else by time (those without one last), then
/// position, then id.
pub fn sort_turns<T>(turns: &mut [T], place: impl Fn(&T) -> TurnPlace<'_>) {
    let by_position = turns.iter().all(|turn| place(turn).position.is_some());
    turns.sort_by(|a, b| {
        let (a, b) = (place(a), place(b));
        let first = if by_position { a.position.cmp(&b.position) } else { Ordering::Equal };
        first
            .then_with(|| unknown_last(a.created_at, b.created_at))
            .then_with(|| unknown_last(a.position, b.position))
            .then_with(|| a.id.cmp(b.id))
    });
}

/// Orders feedback by time (those without one last), then id.
pub fn sort_feedback(feedback: &mut [FeedbackRow]) {
    feedback.sort_by(|a, b| unknown_last(a.created_at, b.created_at).then_with(|| a.id.cmp(&b.id)));
}

fn unknown_last<T: Ord>(a: Option<T>, b: Option<T>) -> Ordering {
    a.is_none().cmp(&b.is_none()).then_with(|| a.cmp(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ids of turns, given as (position, seconds, id), in the order of the trail.
    fn sorted(mut turns: Vec<(Option<i64>, Option<i64>, &str)>) -> Vec<&str> {
        sort_turns(&mut turns, |(position, seconds, id)| TurnPlace {
            position: *position,
            created_at: seconds.map(|seconds| Timestamp::from_micros(seconds * 1_000_000)),
            id,
        });
        turns.into_iter().map(|(_, _, id)| id).collect()
    }

    #[test]
    fn positions_count_where_every_turn_has_one() {
        assert_eq!(sorted(vec![(Some(2), Some(1), "a"), (Some(1), Some(2), "b")]), ["b", "a"]);
        assert_eq!(
            sorted(vec![(Some(2), Some(1), "a"), (Some(1), Some(2), "b"), (None, Some(0), "c")]),
            ["c", "a", "b"]
        );
    }

    #[test]
    fn what_is_unknown_comes_last_and_ids_decide_the_rest() {
        assert_eq!(sorted(vec![(None, None, "a"), (None, Some(5), "b")]), ["b", "a"]);
        assert_eq!(sorted(vec![(None, Some(5), "a"), (Some(3), Some(5), "b")]), ["b", "a"]);
        assert_eq!(sorted(vec![(None, Some(5), "b"), (None, Some(5), "a")]), ["a", "b"]);
    }
}
