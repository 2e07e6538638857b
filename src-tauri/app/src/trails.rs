//! One session, laid out in order.

use super::Workspace;
use hearback_analysis::trail::{self, Trail};
use hearback_domain::error::Result;
use hearback_store::TrailRows;

/// What a trail is asked for by.
#[derive(Clone, Copy, Debug)]
pub enum TrailOf<'a> {
    Session(&'a str),
    Turn(&'a str),
    Feedback(&'a str),
}

impl Workspace {
    /// The session that a session id, turn id or feedback id leads to, laid out in order.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where there is none.
    pub fn trail(&self, of: TrailOf<'_>) -> Result<Trail> {
        let snapshot = &self.store.snapshot()?;
        let TrailRows { session, turns, feedback } = match of {
            TrailOf::Session(id) => snapshot.trail_of_session(id)?,
            TrailOf::Turn(id) => snapshot.trail_of_turn(id)?,
            TrailOf::Feedback(id) => snapshot.trail_of_feedback(id)?,
        };
        Ok(trail::assemble(session, turns, feedback))
    }
}
