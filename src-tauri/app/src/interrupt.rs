//! Does somebody want the program to end?
//!
//! A signal (Ctrl-C, SIGTERM, a closed terminal) is told of instead of ending the program, so that what is being changed can
//! be brought to an end. Elsewhere than on Unix the program ends at once; the file and its log are whole then, too.

/// Calls `told` on a thread of its own for every such signal from now on. To be called once.
#[cfg(unix)]
pub fn listen(mut told: impl FnMut() + Send + 'static) {
    use std::{
        fs::File,
        io::Read,
        os::fd::{FromRawFd, IntoRawFd},
        sync::atomic::Ordering,
    };

    // Without a pipe or a thread a signal ends the program as it always does.
    let Ok((mut reader, writer)) = pipe() else { return };
    let listens = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let mut byte = [0];
        while reader.read_exact(&mut byte).is_ok() {
            told();
        }
    });
    if listens.is_err() {
        return;
    }
    WRITER.store(writer.into_raw_fd(), Ordering::SeqCst);
    let handler: extern "C" fn(libc::c_int) = tell;
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        // SAFETY: `tell` does nothing but write to a pipe, which a handler may do.
        unsafe { libc::signal(signal, handler as libc::sighandler_t) };
    }

    fn pipe() -> std::io::Result<(File, File)> {
        let mut ends = [0; 2];
        // SAFETY: there is room for two descriptors, which nobody else owns.
        match unsafe { libc::pipe(ends.as_mut_ptr()) } {
            0 => Ok(unsafe { (File::from_raw_fd(ends[0]), File::from_raw_fd(ends[1])) }),
            _ => Err(std::io::Error::last_os_error()),
        }
    }
}

#[cfg(unix)]
static WRITER: std::sync::atomic::AtomicI32 = std::sync::atomic::AtomicI32::new(-1);

#[cfg(unix)]
extern "C" fn tell(_signal: libc::c_int) {
    let writer = WRITER.load(std::sync::atomic::Ordering::SeqCst);
    // SAFETY: one byte that is there; the descriptor stays open as long as the program runs.
    unsafe { libc::write(writer, [0_u8].as_ptr().cast(), 1) };
}

#[cfg(not(unix))]
pub fn listen(_told: impl FnMut() + Send + 'static) {}
