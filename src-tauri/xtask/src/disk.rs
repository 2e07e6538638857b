//! Is there room? Asked before a long download or build, because a full disk found halfway costs minutes and names no cause.

use std::path::Path;
use std::process::Command;

use crate::failure::Failure;

const GIBIBYTE: u64 = 1 << 30;

/// Fails when the disk that holds `folder` (or its nearest existing parent) has less than `gibibytes` free.
/// Where the system cannot say, it passes: a full disk is then found when it is full.
pub fn require(folder: &Path, gibibytes: u64) -> Result<(), Failure> {
    match free_bytes(folder) {
        Some(free) if free < gibibytes * GIBIBYTE => Err(too_small(folder, gibibytes, free)),
        _ => Ok(()),
    }
}

fn too_small(folder: &Path, gibibytes: u64, free: u64) -> Failure {
    let megabytes = free / (1 << 20);
    Failure::new(
        format!("{gibibytes} GiB of free disk are needed for {}, and {megabytes} MiB are there.", folder.display()),
        "Free some space (or point HEARBACK_CACHE and CARGO_TARGET_DIR to another disk), then run the same command again.",
    )
}

fn free_bytes(folder: &Path) -> Option<u64> {
    let existing = folder.ancestors().find(|place| place.exists())?;
    // POSIX `df -P`: one line per file system, the fourth column is what is available, in blocks of 1 024 bytes.
    let output = Command::new("df").arg("-Pk").arg(existing).output().ok()?;
    parse_df(&String::from_utf8_lossy(&output.stdout))
}

fn parse_df(text: &str) -> Option<u64> {
    let blocks: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(blocks * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn df_is_read_as_posix_writes_it() {
        let text = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 100 40 2048 17% /\n";
        assert_eq!(parse_df(text), Some(2 * 1024 * 1024));
        assert_eq!(parse_df(""), None);
    }

    #[test]
    fn too_little_room_says_how_much_is_missing_and_where() {
        let failure = too_small(Path::new("/x"), 6, 300 << 20);
        assert_eq!(failure.what, "6 GiB of free disk are needed for /x, and 300 MiB are there.");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_does_not_exist_yet_is_asked_of_its_parent() {
        assert!(free_bytes(Path::new("/does/not/exist")).is_some());
        assert!(require(Path::new("/does/not/exist"), u64::MAX / GIBIBYTE).is_err());
    }
}
