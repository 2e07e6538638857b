//! Progress on stderr: one line that moves on a terminal, a line for each step elsewhere.

use std::{
    io::{IsTerminal, Write},
    sync::Mutex,
};

use hearback_domain::job::{Job, Progress, Step, Unit};

use crate::interrupt;

pub fn job() -> Job {
    let terminal = std::io::stderr().is_terminal();
    let last: Mutex<Option<Step>> = Mutex::default();
    Job::new(interrupt::cancel_handle(), move |progress| {
        let Ok(mut last) = last.lock() else { return };
        let ends = progress.total == Some(progress.done);
        let begins = *last != Some(progress.step);
        *last = Some(progress.step);
        let mut stderr = std::io::stderr();
        // Progress that cannot be shown is no reason to stop.
        let _ = if terminal {
            write!(stderr, "\r\x1b[K{}{}", sentence(&progress), if ends { "\n" } else { "" })
        } else if begins || ends {
            writeln!(stderr, "{}", sentence(&progress))
        } else {
            Ok(())
        };
    })
}

fn sentence(progress: &Progress) -> String {
    let step = match progress.step {
        Step::Reading => "Reading",
        Step::Joining => "Joining",
        Step::Saving => "Saving",
        Step::CollectingTexts => "Collecting texts",
        Step::LoadingModel => "Loading the model",
        Step::Embedding => "Embedding",
        Step::FindingNeighbours => "Finding neighbours",
        Step::DrawingMap => "Drawing the map",
        Step::FindingThemes => "Finding themes",
        Step::NamingThemes => "Naming themes",
        Step::Exporting => "Exporting",
        Step::Downloading => "Downloading",
        Step::Copying => "Copying",
    };
    let unit = match progress.unit {
        Unit::Bytes => "bytes",
        Unit::Records => "records",
        Unit::Texts => "texts",
        Unit::Themes => "themes",
    };
    match progress.total {
        Some(total) => format!("{step}: {} of {total} {unit}", progress.done),
        None if progress.done > 0 => format!("{step}: {} {unit}", progress.done),
        None => format!("{step} …"),
    }
}
