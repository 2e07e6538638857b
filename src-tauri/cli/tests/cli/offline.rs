//! Does everything work on a machine without a network?

use std::process::Command;

use crate::shared::{Place, Ran};

/// The arguments of `unshare` by which this machine gives a process a network of its own, with nothing in it.
fn without_network() -> Option<Vec<&'static str>> {
    let ways = [vec!["-n"], vec!["-r", "-n"]];
    let works = |way: &Vec<&str>| {
        let listed = Command::new("unshare").args(way).args(["cat", "/proc/net/dev"]).output();
        // Two lines of headings, and the loopback.
        listed
            .is_ok_and(|listed| listed.status.success() && String::from_utf8_lossy(&listed.stdout).lines().count() == 3)
    };
    ways.into_iter().find(works)
}

/// The command, run by `unshare`.
fn within(way: &[&str], command: &Command) -> Ran {
    let mut outer = Command::new("unshare");
    outer.args(way).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        outer.current_dir(folder);
    }
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(key, value),
            None => outer.env_remove(key),
        };
    }
    Ran::from(outer.output().unwrap())
}

#[test]
fn everything_works_in_a_network_namespace_without_a_network() {
    let Some(way) = without_network() else {
        return crate::shared_data::skipped(
            "this machine does not let a process have a network of its own (unshare -n)",
        );
    };
    let place = Place::new();
    let done = |arguments: &[&str]| {
        let ran = within(&way, &place.command(arguments));
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        ran.stdout
    };
    done(&["sample", "--sessions", "60", "--seed", "3", "--out", "exports"]);
    done(&["import", "exports"]);
    done(&["analyze"]);
    assert!(done(&["trends", "--by", "model_version"]).contains("assistant"));
    assert!(!done(&["themes"]).is_empty());
    done(&["similar", "the refund is wrong"]);
    done(&["doctor"]);
    done(&["models", "list"]);
    // The one command that wants a network says what is wrong, and waits for nothing.
    let ran = within(&way, &place.command(&["models", "download", "bge-small-en-v1.5", "--yes"]));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("huggingface.co") && ran.stderr.contains("Check the connection"), "{ran:?}");
}
