//! Long work: started, watched, cancelled.
//!
//! The window subscribes before the work begins (the channel is an argument of every `start_…` command), and
//! hears exactly one last event.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use hearback_domain::{
    error::{Error, Result},
    job::{CancelHandle, Job},
};
use hearback_wire::{Failure, JobEvent, Outcome};
use tauri::ipc::Channel;

#[derive(Default)]
pub struct Jobs {
    last: AtomicU32,
    running: Arc<Mutex<HashMap<u32, CancelHandle>>>,
}

impl Jobs {
    /// Runs `work` on a thread of its own and tells `channel` how it goes. Gives the id to cancel it by.
    pub fn start(
        &self,
        channel: Channel<JobEvent>,
        work: impl FnOnce(&Job) -> Result<Outcome> + Send + 'static,
    ) -> u32 {
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let cancel = CancelHandle::default();
        lock(&self.running).insert(id, cancel.clone());
        let running = Arc::clone(&self.running);
        tauri::async_runtime::spawn_blocking(move || {
            let listener = channel.clone();
            let job = Job::new(cancel, move |progress| {
                // A window that is gone no longer listens; the work goes on to its end.
                let _ = listener.send(JobEvent::Progress { progress: progress.into() });
            });
            // A defect in one job must not take the application with it.
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&job)))
                .unwrap_or_else(|_| Err(Error::internal("the work stopped unexpectedly")));
            lock(&running).remove(&id);
            let _ = channel.send(match outcome {
                Ok(outcome) => JobEvent::Finished { outcome },
                Err(error) if error.is_cancelled() => JobEvent::Cancelled,
                Err(error) => JobEvent::Failed { failure: Failure::from(&error) },
            });
        });
        id
    }

    /// What is running stops at its next check.
    pub fn cancel_all(&self) {
        lock(&self.running).values().for_each(CancelHandle::cancel);
    }

    /// A job that has ended already is none to cancel: nothing happens.
    pub fn cancel(&self, id: u32) {
        if let Some(cancel) = lock(&self.running).get(&id) {
            cancel.cancel();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
