//! One started application: its own screen, its own home, nothing of the user's touched.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::webdriver::{self, Session};

/// Until something is on the page. Generous: a debug build embeds texts on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub const ENTER: &str = "\u{E007}";
pub const ESCAPE: &str = "\u{E00C}";
pub const CONTROL: char = '\u{E009}';
pub const SHIFT: char = '\u{E008}';

pub struct Application {
    session: Session,
    driver: Ended,
    _screen: Ended,
    _home: tempfile::TempDir,
}

/// A process that does not outlive its test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[derive(Default)]
pub struct Start<'a> {
    pub workspace: Option<&'a Path>,
    /// What the file dialogs answer.
    pub pick: Option<String>,
    /// Programs found before all others, such as a `zenity` that answers.
    pub programs: Option<&'a Path>,
}

impl Application {
    /// One at a time: a free port is only free until somebody else asks for one. A driver that drops the first
    /// connection, as WebKitWebDriver now and then does on a busy machine, gets a successor.
    pub fn start(start: Start<'_>) -> Self {
        static STARTING: Mutex<()> = Mutex::new(());
        const TRIES: usize = 3;

        let _turn = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut problems = Vec::new();
        for _ in 0..TRIES {
            match Self::try_to_start(&start) {
                Ok(application) => {
                    application.resize(1280, 800);
                    return application;
                }
                Err(problem) => problems.push(problem),
            }
        }
        panic!("the application could not be started through WebKitWebDriver: {}", problems.join("; "));
    }

    fn try_to_start(start: &Start<'_>) -> Result<Self, String> {
        let (screen, display) = screen();
        let home = tempfile::tempdir().unwrap();
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let mut driver = Command::new("WebKitWebDriver");
        driver
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            // The application is the driver's child and inherits all this.
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("DISPLAY", display)
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env("HOME", home.path())
            .env("XDG_DATA_HOME", home.path().join("data"))
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .env("XDG_CACHE_HOME", home.path().join("cache"))
            // Software GL compiles its shaders for a second or more where this cache is cold.
            .env("MESA_SHADER_CACHE_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/mesa"))
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            // With either of these, WebDriver's screenshot never answers.
            .env_remove("WEBKIT_DISABLE_DMABUF_RENDERER")
            .env_remove("WEBKIT_DISABLE_COMPOSITING_MODE")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null());
        if let Some(answer) = &start.pick {
            driver.env("HEARBACK_PICK", answer);
        }
        if let Some(programs) = start.programs {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let folders = std::iter::once(programs.to_owned()).chain(std::env::split_paths(&path));
            driver.env("PATH", std::env::join_paths(folders).unwrap());
        }
        let driver = Ended(driver.spawn().expect("WebKitWebDriver is installed: `cargo xtask test` does it"));
        let began = Instant::now();
        while let Err(problem) = webdriver::status(port) {
            if began.elapsed() > PATIENCE {
                return Err(problem);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let arguments: Vec<String> = start
            .workspace
            .into_iter()
            .flat_map(|path| ["--workspace".to_owned(), path.display().to_string()])
            .collect();
        let session = Session::start(port, env!("CARGO_BIN_EXE_hearback"), &arguments)?;
        Ok(Self { session, driver, _screen: screen, _home: home })
    }

    pub fn resize(&self, width: u32, height: u32) {
        self.session.set_size(width, height).unwrap();
    }

    /// Tries until it works, or patience ends.
    pub fn until<T>(&self, what: &str, mut attempt: impl FnMut() -> Result<T, String>) -> T {
        let began = Instant::now();
        loop {
            match attempt() {
                Ok(value) => return value,
                Err(error) if began.elapsed() > PATIENCE => {
                    self.keep_picture("failed");
                    panic!("{what}: {error}\non the page: {}", self.text_of("body").unwrap_or_default());
                }
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    fn text_of(&self, selector: &str) -> Result<String, String> {
        let script =
            "const found = document.querySelector(arguments[0]); return found === null ? null : found.innerText";
        match self.session.run(script, &[selector.into()])? {
            Value::String(text) => Ok(text),
            _ => Err(format!("{selector} is not there")),
        }
    }

    /// The text of an element, once it is there.
    pub fn text(&self, selector: &str) -> String {
        self.until(selector, || self.text_of(selector))
    }

    /// Waits until the text of an element is as wanted.
    pub fn wait_for(&self, selector: &str, wanted: impl Fn(&str) -> bool) -> String {
        self.until(&format!("{selector} with the wanted text"), || {
            let text = self.text_of(selector)?;
            if wanted(&text) { Ok(text) } else { Err(format!("it says {text:?}")) }
        })
    }

    pub fn wait_gone(&self, selector: &str) {
        self.until(&format!("{selector} to go"), || match self.count(selector) {
            0 => Ok(()),
            some => Err(format!("{some} are there")),
        });
    }

    pub fn count(&self, selector: &str) -> u64 {
        self.session
            .run("return document.querySelectorAll(arguments[0]).length", &[selector.into()])
            .ok()
            .and_then(|count| count.as_u64())
            .unwrap_or(0)
    }

    pub fn wait_count(&self, selector: &str, wanted: impl Fn(u64) -> bool) -> u64 {
        self.until(&format!("the wanted number of {selector}"), || {
            let count = self.count(selector);
            if wanted(count) { Ok(count) } else { Err(format!("{count} are there")) }
        })
    }

    pub fn click(&self, selector: &str) {
        self.until(&format!("a click on {selector}"), || self.session.click(selector));
    }

    pub fn type_into(&self, selector: &str, text: &str) {
        self.until(&format!("typing into {selector}"), || self.session.type_into(selector, text));
    }

    /// As `type_into`, in place of what is in the field.
    pub fn fill(&self, selector: &str, text: &str) {
        let script = "const field = document.querySelector(arguments[0]); field.focus(); field.select()";
        self.until(selector, || self.session.run(script, &[selector.into()]).map(|_| ()));
        self.type_into(selector, text);
    }

    /// Chooses in a native list by what the choice is called, which WebKitWebDriver cannot.
    pub fn choose(&self, selector: &str, choice: &str) {
        let script = "const list = document.querySelector(arguments[0]);
            const at = [...list.options].findIndex((option) => option.text === arguments[1]);
            if (at < 0) throw new Error(`no choice ${arguments[1]}`);
            list.selectedIndex = at;
            list.dispatchEvent(new Event('change', { bubbles: true }))";
        self.until(&format!("{choice:?} in {selector}"), || {
            self.session.run(script, &[selector.into(), choice.into()]).map(|_| ())
        });
    }

    /// A place on the page: `x` and `y` from 0 to 1 across an element.
    pub fn place(&self, selector: &str, x: f64, y: f64) -> (f64, f64) {
        let script = "const box = document.querySelector(arguments[0]).getBoundingClientRect();
            return [box.left + box.width * arguments[1], box.top + box.height * arguments[2]]";
        let place = self.session.run(script, &[selector.into(), x.into(), y.into()]).unwrap();
        (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
    }

    pub fn hover(&self, at: (f64, f64)) {
        self.session.point(&[at], false).unwrap();
    }

    /// Pressed at the first place, released at the last.
    pub fn drag(&self, path: &[(f64, f64)]) {
        self.session.point(path, true).unwrap();
    }

    pub fn press(&self, modifiers: &[char], key: char) {
        self.session.press(modifiers, key).unwrap();
    }

    /// Ends the program as a failing machine would: without a word to it.
    pub fn kill(self) {
        self.signal("-KILL");
    }

    /// Ends the program as a system does that shuts down, and waits until it is gone.
    pub fn end(self) {
        let program = self.signal("-TERM");
        let began = Instant::now();
        // What has ended stays as a zombie until the driver asks for it.
        while std::fs::read_link(format!("/proc/{program}/exe")).is_ok() {
            assert!(began.elapsed() < PATIENCE, "the program goes on");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Gives the process of the program, which is a child of this one's own driver.
    fn signal(&self, signal: &str) -> String {
        let program = std::fs::canonicalize(env!("CARGO_BIN_EXE_hearback")).unwrap();
        let driver = self.driver.0.id().to_string();
        let mut told = Vec::new();
        for entry in std::fs::read_dir("/proc").unwrap().map(Result::unwrap) {
            let is_program = std::fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe == program);
            let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
            let parent = status.lines().find_map(|line| line.strip_prefix("PPid:")).map(str::trim);
            if is_program && parent == Some(driver.as_str()) {
                let id = entry.file_name();
                assert!(Command::new("kill").arg(signal).arg(&id).status().unwrap().success());
                told.push(id.to_string_lossy().into_owned());
            }
        }
        assert_eq!(told.len(), 1, "the driver has one application");
        told.remove(0)
    }

    /// As `run`, for a function body that calls its last argument with the answer.
    pub fn run_async(&self, script: &str) -> Value {
        self.session.run_async(script).unwrap()
    }

    /// Runs a function body in the page.
    pub fn run(&self, script: &str) -> Value {
        self.session.run(script, &[]).unwrap()
    }

    /// A picture of the page, where `HEARBACK_SHOTS` wants them.
    pub fn keep_picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("HEARBACK_SHOTS").map(PathBuf::from) else { return };
        // What WebDriver gives is the last painted frame, which may be older than the page.
        let painted = "const done = arguments[0]; \
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 250)))";
        let _ = self.session.run_async(painted);
        if let Ok(picture) = self.session.picture() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
        }
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        self.session.end();
    }
}

fn screen() -> (Ended, String) {
    let mut server = Command::new("Xvfb");
    server.args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]);
    let mut server = Ended(
        server
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed: `cargo xtask test` does it"),
    );
    let mut number = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
    (server, format!(":{}", number.trim()))
}
