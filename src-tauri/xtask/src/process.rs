//! How is another program run, and what is said when it is missing or fails?

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::places::Places;

/// What a program came to when it was watched.
#[derive(Debug, Clone)]
pub struct Measured {
    pub stdout: String,
    pub elapsed: Duration,
    /// The largest resident set seen, in bytes; only where the system tells (Linux, `/proc/PID/status`).
    pub peak_memory: Option<u64>,
}

/// Runs with the terminal's own input and output, so that cargo's and npm's lines reach the reader as they are.
pub fn run(command: &mut Command, next: &str) -> Result<(), Failure> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}` failed ({status}).", shown(command)), next)) }
}

/// Runs silently and returns what was printed; a failure quotes the last line of the program's own complaint.
pub fn capture(command: &mut Command, next: &str) -> Result<String, Failure> {
    let subject = format!("`{}` failed", shown(command));
    capture_as(command, &subject, next)
}

/// The same, with the failure's sentence begun by `subject` instead of the command.
pub fn capture_as(command: &mut Command, subject: &str, next: &str) -> Result<String, Failure> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| cannot_start(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(failed(command, subject, &complaint, next))
}

/// Runs silently, and notes how long it took and how much memory it had at most.
pub fn measure(command: &mut Command, next: &str) -> Result<Measured, Failure> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let start = Instant::now();
    let child = command.spawn().map_err(|error| cannot_start(command, &error))?;
    let status_file = format!("/proc/{}/status", child.id());
    // The peak only grows, so the last value read before the end misses at most the last few milliseconds.
    let watcher = std::thread::spawn(move || {
        let mut peak = None;
        while let Ok(text) = std::fs::read_to_string(&status_file) {
            match peak_memory(&text) {
                Some(bytes) => peak = Some(bytes),
                None => break, // ended, and not yet collected
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        peak
    });
    let output = child.wait_with_output().map_err(|error| cannot_start(command, &error))?;
    let elapsed = start.elapsed();
    let peak_memory = watcher.join().unwrap_or(None);
    if !output.status.success() {
        let subject = format!("`{}` failed", shown(command));
        return Err(failed(command, &subject, &String::from_utf8_lossy(&output.stderr), next));
    }
    Ok(Measured { stdout: String::from_utf8_lossy(&output.stdout).into_owned(), elapsed, peak_memory })
}

/// `cargo` as the one that started this program, in the repository, without the marks it left on us.
pub fn cargo(places: &Places) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&places.root).env("CARGO_TARGET_DIR", &places.target);
    for (name, _) in env::vars_os() {
        let of_this_package =
            name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
        if of_this_package {
            command.env_remove(name);
        }
    }
    command
}

/// `npm` or `npx` in `folder`; on Windows they are scripts.
pub fn node_tool(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() });
    command.current_dir(folder);
    command
}

/// Where `PATH` finds a program.
pub fn find_program(name: &str) -> Option<PathBuf> {
    find_program_in(name, &env::var_os("PATH")?)
}

fn find_program_in(name: &str, path: &OsStr) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    env::split_paths(path)
        .flat_map(|folder| endings.iter().map(move |ending| folder.join(format!("{name}{ending}"))))
        .find(|file| file.is_file())
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let program = Path::new(command.get_program()).display();
    Failure::new(
        format!("Could not start `{program}`: {error}."),
        format!("Install `{program}` and see that it is in PATH, then run the same command again."),
    )
}

fn failed(command: &Command, subject: &str, complaint: &str, next: &str) -> Failure {
    let says = |marks: &[&str]| marks.iter().any(|mark| complaint.contains(mark));
    if says(&["ENOSPC", "No space left on device"]) {
        return Failure::disk_full(command.get_current_dir().unwrap_or(Path::new(".")));
    }
    if says(&NO_CONNECTION) {
        return Failure::new(format!("{subject}: the package registry cannot be reached."), next);
    }
    let last = complaint.lines().rev().map(str::trim).find(|line| !line.is_empty() && !is_notice(line));
    let cause = last.map_or("it said nothing", |line| line.trim_end_matches('.'));
    Failure::new(format!("{subject}: {cause}."), next)
}

/// How npm (names of system errors) and pip (urllib3's words) say that there is no way to the registry.
const NO_CONNECTION: [&str; 9] = [
    "EAI_AGAIN",
    "ENOTFOUND",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "ENETUNREACH",
    "NewConnectionError",
    "NameResolutionError",
    "ProxyError",
    "ConnectTimeoutError",
];

/// Lines that npm and pip add after the cause.
fn is_notice(line: &str) -> bool {
    ["npm notice", "npm warn", "[notice]", "npm error A complete log"].iter().any(|start| line.starts_with(start))
}

/// The command as one would type it: the program's own name, then its arguments.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn peak_memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named_with_the_next_step() {
        let failure = run(&mut Command::new("hearback-no-such-program"), "unused").unwrap_err();
        assert!(failure.what.starts_with("Could not start `hearback-no-such-program`"), "{failure}");
        assert!(failure.next.starts_with("Install `hearback-no-such-program`"), "{failure}");
    }

    #[test]
    fn the_cause_is_quoted_and_not_the_notices_after_it() {
        let complaint =
            "npm error code E404\nnpm error 404 not found: thing.\nnpm error A complete log of this run\n\n";
        let failure = failed(&Command::new("npm"), "Letters could not be fetched", complaint, "Check the name.");
        assert_eq!(failure.what, "Letters could not be fetched: npm error 404 not found: thing.");
        assert_eq!(failure.next, "Check the name.");
    }

    #[test]
    fn a_full_disk_is_recognised_in_what_npm_and_pip_say() {
        let complaint = "npm error code ENOSPC\nnpm error ENOSPC: no space left on device, write\n";
        assert!(failed(&Command::new("npm"), "", complaint, "").what.contains("is full"));
        let complaint = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device";
        assert!(failed(&Command::new("python3"), "", complaint, "").what.contains("is full"));
    }

    #[test]
    fn no_network_is_told_as_such_whichever_client_found_out() {
        for complaint in [
            "npm error code EAI_AGAIN\nnpm error request to the registry failed, reason: getaddrinfo EAI_AGAIN name",
            "WARNING: Retrying after connection broken by 'NewConnectionError(..)'\nERROR: No matching distribution found",
        ] {
            let failure = failed(&Command::new("npm"), "Letters could not be fetched", complaint, "Check the network.");
            assert_eq!(failure.what, "Letters could not be fetched: the package registry cannot be reached.");
        }
    }

    #[test]
    fn programs_are_found_in_the_order_of_the_path() {
        assert_eq!(find_program_in("cargo", OsStr::new("/no/such/folder")), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_peak_is_read_from_proc() {
        assert_eq!(peak_memory("Name:\tx\nVmHWM:\t    2048 kB\n"), Some(2 << 20));
        let text = std::fs::read_to_string("/proc/self/status").unwrap();
        assert!(peak_memory(&text).unwrap() > 100_000);
    }
}
