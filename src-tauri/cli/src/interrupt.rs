//! What happens when somebody wants the program to end?
//!
//! A command that changes the workspace stops at its next check, takes back what it had begun, and closes the file: then
//! everything is in it. A second signal ends the program at once; the file and its log are whole then, too. What only reads
//! does not listen: it may end anywhere.

use std::{
    sync::{Condvar, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use hearback_domain::job::CancelHandle;

struct Interrupt {
    cancel: CancelHandle,
    came: Mutex<bool>,
    changed: Condvar,
}

fn interrupt() -> &'static Interrupt {
    static INTERRUPT: OnceLock<Interrupt> = OnceLock::new();
    INTERRUPT.get_or_init(|| Interrupt {
        cancel: CancelHandle::default(),
        came: Mutex::new(false),
        changed: Condvar::new(),
    })
}

/// From now on an interruption (Ctrl-C, SIGTERM, a closed terminal) stops the work instead of the program.
pub fn listen() {
    static LISTENS: OnceLock<()> = OnceLock::new();
    LISTENS.get_or_init(|| {
        hearback_app::interrupt::listen(|| {
            let interrupt = interrupt();
            let mut came = interrupt.came.lock().unwrap_or_else(PoisonError::into_inner);
            if std::mem::replace(&mut *came, true) {
                std::process::exit(130);
            }
            interrupt.cancel.cancel();
            interrupt.changed.notify_all();
        });
    });
}

/// What stops a job when the program is to end.
pub fn cancel_handle() -> CancelHandle {
    interrupt().cancel.clone()
}

/// Waits, or until the program is to end: then `true`.
pub fn comes_within(pause: Duration) -> bool {
    let interrupt = interrupt();
    let came = interrupt.came.lock().unwrap_or_else(PoisonError::into_inner);
    let (came, _) =
        interrupt.changed.wait_timeout_while(came, pause, |came| !*came).unwrap_or_else(PoisonError::into_inner);
    *came
}
