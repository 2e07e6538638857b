//! How long until the window can be used? From starting the program to its own line saying that the first view is drawn.
//!
//! With `HEARBACK_REPORT_START` set, the window's program prints `{"name":"start", ..}` on its output at that moment.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;

use super::table::{Bound, Row};
use super::{Bench, inputs, median};

const ROUNDS: usize = 5;
const PATIENCE: Duration = Duration::from_secs(20);

/// A child process that ends with the benchmark.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill(); // it may have ended by itself
        let _ = self.0.wait();
    }
}

pub fn start(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    if !cfg!(target_os = "linux") {
        eprintln!("bench: the start is measured on Linux only"); // not run here
        return Ok(Vec::new());
    }
    let (_server, display) = display()?;
    let shaders = inputs::new_workspace(bench.places)?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        times.push(start_once(bench, &display, &shaders.file)?.as_secs_f64());
    }
    // The first one reads the program from disk and fills the shader cache.
    let cold = times[0];
    Ok(vec![
        Row::new("start to first picture", median(times), "s").bound(Bound::Below(1.5)),
        Row::new("start to first picture, the first time", cold, "s"),
    ])
}

fn start_once(bench: &Bench<'_>, display: &str, shaders: &Path) -> Result<Duration, Failure> {
    let home = inputs::new_workspace(bench.places)?; // settings of its own; the user's stay untouched
    let folder = home.file.with_file_name("home");
    let mut window = Command::new(bench.places.program("release", "hearback"));
    window.arg("--workspace").arg(&bench.sample.workspace);
    window
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .env("GDK_BACKEND", "x11")
        // Software GL compiles its shaders for half a second where this cache is cold, once per user.
        .env("MESA_SHADER_CACHE_DIR", shaders)
        .env("HEARBACK_REPORT_START", "1");
    for (variable, below) in
        [("HOME", ""), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_CACHE_HOME", "cache")]
    {
        window.env(variable, folder.join(below));
    }
    let begun = Instant::now();
    let child = window.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut window =
        Ended(child.map_err(|error| Failure::new(format!("The window did not start: {error}."), "Run it by hand."))?);
    let output = window.0.stdout.take();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let lines = output.into_iter().flat_map(|output| BufReader::new(output).lines()).map_while(Result::ok);
        for line in lines.filter(|line| line.contains("\"start\"")) {
            let _ = sender.send((line, begun.elapsed())); // nobody waits any more after the first
        }
    });
    receiver.recv_timeout(PATIENCE).map(|(_, elapsed)| elapsed).map_err(|_| {
        Failure::new(
            "The window did not say that its first view is drawn.",
            "See that the shell prints its start line when HEARBACK_REPORT_START is set.",
        )
    })
}

/// A screen in memory, and its name.
fn display() -> Result<(Ended, String), Failure> {
    let failed = || Failure::new("Xvfb did not start.", "Run `Xvfb -displayfd 1` by hand to see why.");
    let mut server = Command::new("Xvfb");
    server.args(["-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"]);
    let mut server = Ended(server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(|_| failed())?);
    let mut number = String::new();
    let output = server.0.stdout.take().ok_or_else(failed)?;
    BufReader::new(output).read_line(&mut number).map_err(|_| failed())?;
    match number.trim() {
        "" => Err(failed()),
        number => Ok((server, format!(":{number}"))),
    }
}
