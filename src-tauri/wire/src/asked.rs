//! What does a command know beside its arguments?

use crate::PersonalData;
use hearback_app::Workspace;
use hearback_domain::{Timestamp, job::Job};

/// What a command is asked with.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub workspace: &'a Workspace,
    pub now: Timestamp,
    /// How imports treat addresses of people.
    pub personal_data: &'a PersonalData,
    /// To be stopped by.
    pub job: &'a Job,
}
