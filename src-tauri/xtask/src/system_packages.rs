//! Which of the system's packages are missing, what are they called here, and can they be installed at once?

use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::process;
use crate::purpose::Purpose;

/// Something the system provides, with each distribution's name for it.
struct Part {
    probe: Probe,
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
    /// Needed by the end-to-end tests only.
    tests_only: bool,
}

enum Probe {
    Program(&'static str),
    /// A name that `pkg-config` knows when the package is installed.
    Library(&'static str),
    Pip,
}

const PARTS: &[Part] = &[
    part(Probe::Program("cc"), "build-essential", "gcc gcc-c++ make", "base-devel"),
    part(Probe::Program("pkg-config"), "pkg-config", "pkgconf-pkg-config", "pkgconf"),
    part(Probe::Library("webkit2gtk-4.1"), "libwebkit2gtk-4.1-dev", "webkit2gtk4.1-devel", "webkit2gtk-4.1"),
    part(Probe::Library("librsvg-2.0"), "librsvg2-dev", "librsvg2-devel", "librsvg"),
    part(Probe::Pip, "python3-pip", "python3-pip", "python-pip"),
    Part {
        tests_only: true,
        ..part(Probe::Program("WebKitWebDriver"), "webkit2gtk-driver", "webkit2gtk-driver", "webkit2gtk-4.1")
    },
    Part { tests_only: true, ..part(Probe::Program("Xvfb"), "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb") },
];

const fn part(probe: Probe, debian: &'static str, fedora: &'static str, arch: &'static str) -> Part {
    Part { probe, debian, fedora, arch, tests_only: false }
}

/// Installs what is missing where that can be done without asking (apt, as root or with a `sudo` that needs no password);
/// else fails with the command to type.
pub fn install(purpose: Purpose) -> Result<(), Failure> {
    if !cfg!(target_os = "linux") {
        return require_compiler(); // not run here
    }
    let missing = missing(purpose);
    if missing.is_empty() {
        return Ok(());
    }
    if let Some(mut apt) = apt_get(Path::new("/etc/debian_version").exists()) {
        println!("setup: installing {}", names(&missing, |part| part.debian));
        // The lists may be old or, in a container, absent; a failure shows itself in the installation.
        let _ = apt_command(&mut apt).arg("update").args(["-qq"]).status();
        if let Some(mut apt) = apt_get(true) {
            let next = "Run that command by hand to see what apt says, then run this one again.";
            let install = apt_command(&mut apt).args(["install", "-y", "-qq", "--no-install-recommends"]);
            process::run(install.args(names(&missing, |part| part.debian).split(' ')), next)?;
        }
        return match self::missing(purpose) {
            still if still.is_empty() => Ok(()),
            still => Err(advice(&still)),
        };
    }
    Err(advice(&missing))
}

fn missing(purpose: Purpose) -> Vec<&'static Part> {
    let needed = PARTS.iter().filter(|part| purpose == Purpose::Test || !part.tests_only);
    needed.filter(|part| !is_there(&part.probe)).collect()
}

fn is_there(probe: &Probe) -> bool {
    let succeeds = |program: &str, arguments: &[&str]| {
        let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    match probe {
        Probe::Program(name) => process::find_program(name).is_some(),
        Probe::Library(name) => succeeds("pkg-config", &["--exists", name]),
        Probe::Pip => {
            ["pip3", "pip"].iter().any(|name| process::find_program(name).is_some())
                || succeeds("python3", &["-m", "pip", "--version"])
        }
    }
}

/// `apt-get` with the rights to install, where there is such a thing.
fn apt_get(is_debian: bool) -> Option<Command> {
    if !is_debian || process::find_program("apt-get").is_none() {
        return None;
    }
    let user = Command::new("id").arg("-u").output().ok()?;
    if user.stdout.trim_ascii() == b"0" {
        return Some(Command::new("apt-get"));
    }
    let asked = Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()).status();
    if !asked.is_ok_and(|status| status.success()) {
        return None;
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", "apt-get"]);
    Some(sudo)
}

fn apt_command(apt: &mut Command) -> &mut Command {
    apt.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null())
}

fn names(parts: &[&Part], of: fn(&Part) -> &'static str) -> String {
    parts.iter().map(|part| of(part)).collect::<Vec<_>>().join(" ")
}

fn advice(missing: &[&Part]) -> Failure {
    Failure::new(
        format!("System packages are missing: {}.", names(missing, |part| part.debian)),
        format!(
            "Install them, then run the same command again.\
             \n   Debian, Ubuntu: sudo apt-get install {}\
             \n   Fedora:         sudo dnf install {}\
             \n   Arch:           sudo pacman -S --needed {}\
             \n   macOS:          xcode-select --install\
             \n   Windows:        winget install Microsoft.VisualStudio.2022.BuildTools Microsoft.EdgeWebView2Runtime",
            names(missing, |part| part.debian),
            names(missing, |part| part.fedora),
            names(missing, |part| part.arch)
        ),
    )
}

/// macOS and Windows bring the web view themselves.
fn require_compiler() -> Result<(), Failure> {
    let (program, next) = match cfg!(windows) {
        true => ("link", "winget install Microsoft.VisualStudio.2022.BuildTools Microsoft.EdgeWebView2Runtime"),
        false => ("cc", "xcode-select --install"),
    };
    // Visual Studio's linker is found by rustc itself and need not be in PATH.
    if cfg!(windows) || process::find_program(program).is_some() {
        return Ok(());
    }
    Err(Failure::new("There is no C compiler.", format!("Run `{next}`, then the same command again.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_names_exactly_what_is_missing_on_each_system() {
        let missing: Vec<_> = PARTS.iter().filter(|part| part.tests_only).collect();
        let failure = advice(&missing);
        assert_eq!(failure.what, "System packages are missing: webkit2gtk-driver xvfb.");
        for line in [
            "sudo apt-get install webkit2gtk-driver xvfb\n",
            "sudo dnf install webkit2gtk-driver xorg-x11-server-Xvfb\n",
            "sudo pacman -S --needed webkit2gtk-4.1 xorg-server-xvfb\n",
            "macOS",
            "Windows",
        ] {
            assert!(failure.next.contains(line), "{line}: {failure}");
        }
    }

    #[test]
    fn a_program_and_a_library_that_no_one_has_are_missing() {
        assert!(!is_there(&Probe::Program("hearback-no-such-program")));
        assert!(!is_there(&Probe::Library("hearback-no-such-library")));
    }
}
