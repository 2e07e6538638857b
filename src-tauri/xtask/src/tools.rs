//! Are the four tools there that set-up itself stands on: Python 3, Node with npm, git, and Rust (which is running this)?

use std::process::Command;

use crate::failure::Failure;
use crate::process;

/// The oldest Node whose `npm ci` and Vite accept `ui/package-lock.json`.
const OLDEST_NODE: u32 = 20;

/// A tool that a person installs; set-up does not.
struct Tool {
    /// What `PATH` may call it, best first.
    programs: &'static [&'static str],
    what: &'static str,
    next: &'static str,
}

const TOOLS: [Tool; 3] = [
    Tool {
        programs: &["node"],
        what: "Node is not installed; the interface is built with it.",
        next: "Install Node 20 or newer with npm (Debian/Ubuntu: `apt install nodejs npm`, or from the maker), then run the same command again.",
    },
    Tool {
        programs: &["npm"],
        what: "npm is not installed; the interface's packages and libduckdb come through it.",
        next: "Install npm (Debian/Ubuntu: `apt install npm`; elsewhere it comes with Node), then run the same command again.",
    },
    Tool {
        programs: &["git"],
        what: "git is not installed.",
        next: "Install git (Debian/Ubuntu: `apt install git`), then run the same command again.",
    },
];

const PYTHON: Tool = Tool {
    programs: if cfg!(windows) { &["python", "python3"] } else { &["python3", "python"] },
    what: "Python 3 is not installed; ONNX Runtime and the embedding model come through its pip.",
    next: "Install Python 3 (Debian/Ubuntu: `apt install python3 python3-pip`), then run the same command again.",
};

/// Looks for all of them in `PATH`, without running any: a second set-up should start at once.
pub fn require() -> Result<(), Failure> {
    for tool in TOOLS.iter().chain([&PYTHON]) {
        find(tool, &|name| process::find_program(name).is_some())?;
    }
    Ok(())
}

/// Python 3 as it is called here.
pub fn python() -> Result<Command, Failure> {
    Ok(Command::new(find(&PYTHON, &|name| process::find_program(name).is_some())?))
}

/// Fails when Node is too old for the interface's packages.
pub fn require_node_version() -> Result<(), Failure> {
    let next = "Install Node 20 or newer, then run the same command again.";
    let printed = process::capture(Command::new("node").arg("--version"), next)?;
    match major(&printed) {
        Some(version) if version < OLDEST_NODE => Err(Failure::new(
            format!("Node {OLDEST_NODE} or newer is needed, and {} is installed.", printed.trim()),
            next,
        )),
        _ => Ok(()),
    }
}

fn find(tool: &Tool, is_there: &dyn Fn(&str) -> bool) -> Result<&'static str, Failure> {
    let found = tool.programs.iter().find(|name| is_there(name));
    found.copied().ok_or_else(|| Failure::new(tool.what, tool.next))
}

fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_missing_tool_has_a_sentence_and_a_next_step() {
        for tool in TOOLS.iter().chain([&PYTHON]) {
            let failure = find(tool, &|_| false).unwrap_err();
            assert!(failure.what.contains("not installed"), "{failure}");
            assert!(failure.next.starts_with("Install"), "{failure}");
            assert_eq!(find(tool, &|name| name == tool.programs[0]), Ok(tool.programs[0]));
        }
    }

    #[test]
    fn python_may_be_called_by_either_name() {
        assert_eq!(find(&PYTHON, &|name| name == "python"), Ok("python"));
        assert!(find(&PYTHON, &|_| false).unwrap_err().what.starts_with("Python 3"));
    }

    #[test]
    fn node_versions_are_read() {
        assert_eq!(major("v20.11.1\n"), Some(20));
        assert_eq!(major("what"), None);
    }
}
