//! What was asked for on the command line?

use std::{ffi::OsString, path::PathBuf};

pub const USAGE: &str = "Usage: hearback [--workspace FILE]

Opens the window on FILE (made where there is none), or on the workspace that was open last.
For scripts there is hearback-cli.";

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    pub workspace: Option<PathBuf>,
    pub help: bool,
}

/// # Errors
/// A sentence about the argument that is not understood.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, String> {
    let mut parsed = Arguments::default();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--help" | "-h") => parsed.help = true,
            Some("--workspace" | "-w") => {
                parsed.workspace = Some(arguments.next().ok_or("--workspace needs a file")?.into());
            }
            // A file manager opens a workspace by naming it.
            _ if parsed.workspace.is_none() && !argument.to_string_lossy().starts_with('-') => {
                parsed.workspace = Some(argument.into());
            }
            _ => return Err(format!("{} is not understood", argument.to_string_lossy())),
        }
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Arguments, String> {
        parse(words.iter().map(OsString::from))
    }

    #[test]
    fn a_workspace_may_be_named_with_or_without_its_option() {
        let expected = Arguments { workspace: Some("a.hearback".into()), help: false };
        assert_eq!(parsed(&["--workspace", "a.hearback"]).as_ref(), Ok(&expected));
        assert_eq!(parsed(&["a.hearback"]).as_ref(), Ok(&expected));
        assert!(parsed(&["--workspace"]).is_err());
        assert!(parsed(&["--nonsense"]).is_err());
    }
}
