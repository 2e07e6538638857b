//! How does long work say how far it is, and how is it stopped?
//!
//! Every loop over data takes a `&Job`: it calls [`Job::check`] at least once a batch and [`Job::progress`] as
//! often as it likes; at most ten reports a second reach the listener, and the last of a step always does.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::error::{Error, Result};

/// The least time between two reports of the same step.
pub const REPORT_INTERVAL: Duration = Duration::from_millis(100);

/// One step of long work, as far as it has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    pub step: Step,
    /// Done so far, in `unit`s.
    pub done: u64,
    /// `None` while nobody knows.
    pub total: Option<u64>,
    pub unit: Unit,
    /// Units per second since the step began; `None` in its first moments.
    pub rate: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Reading,
    Joining,
    Saving,
    CollectingTexts,
    LoadingModel,
    Embedding,
    FindingNeighbours,
    DrawingMap,
    FindingThemes,
    NamingThemes,
    Exporting,
    Downloading,
    Copying,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Bytes,
    Records,
    Texts,
    Themes,
}

/// A handle that may be cloned to whoever shows the Cancel button.
#[derive(Clone, Debug, Default)]
pub struct CancelHandle(Arc<AtomicBool>);

impl CancelHandle {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

type Listener = Box<dyn Fn(Progress) + Send + Sync>;

pub struct Job {
    cancel: CancelHandle,
    listener: Option<Listener>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    step: Option<Step>,
    began: Option<Instant>,
    reported: Option<Instant>,
}

impl Job {
    /// Work that nobody watches and nobody stops: tests, small queries.
    pub fn quiet() -> Self {
        Self { cancel: CancelHandle::default(), listener: None, state: Mutex::default() }
    }

    pub fn new(cancel: CancelHandle, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { cancel, listener: Some(Box::new(listener)), state: Mutex::default() }
    }

    /// # Errors
    /// [`crate::error::Kind::Cancelled`] once the handle was cancelled.
    pub fn check(&self) -> Result<()> {
        if self.cancel.is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    }

    pub fn cancel_handle(&self) -> CancelHandle {
        self.cancel.clone()
    }

    /// Reports `done` of `total`. Sent at most ten times a second, but always when the step begins and
    /// when `done` reaches `total`.
    pub fn progress(&self, step: Step, unit: Unit, done: u64, total: Option<u64>) {
        let Some(listener) = &self.listener else { return };
        let now = Instant::now();
        let rate = {
            let Ok(mut state) = self.state.lock() else { return };
            let begins = state.step != Some(step);
            if begins {
                *state = State { step: Some(step), began: Some(now), reported: None };
            }
            let due = state.reported.is_none_or(|last| now.duration_since(last) >= REPORT_INTERVAL);
            if !due && total != Some(done) {
                return;
            }
            state.reported = Some(now);
            state
                .began
                .map(|began| now.duration_since(began).as_secs_f64())
                .filter(|seconds| *seconds > 0.2)
                .map(|seconds| done as f64 / seconds)
        };
        listener(Progress { step, done, total, unit, rate });
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("cancel", &self.cancel).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_burst_is_reported_at_its_start_and_its_end() {
        let (send, receive) = mpsc::channel();
        let job = Job::new(CancelHandle::default(), move |progress| {
            let _ = send.send(progress.done);
        });
        for done in 0..=5000 {
            job.progress(Step::Reading, Unit::Records, done, Some(5000));
        }
        let seen: Vec<u64> = receive.try_iter().collect();
        assert_eq!(seen.first(), Some(&0));
        assert_eq!(seen.last(), Some(&5000));
        assert!(seen.len() < 100, "{} reports", seen.len());
    }

    #[test]
    fn a_cancelled_job_stops_at_the_next_check() {
        let job = Job::quiet();
        assert!(job.check().is_ok());
        job.cancel_handle().cancel();
        assert!(job.check().is_err_and(|error| error.is_cancelled()));
    }
}
