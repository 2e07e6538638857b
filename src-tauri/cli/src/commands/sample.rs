use hearback_app::sample::{self, SampleOptions};
use hearback_domain::error::Result;

use crate::{
    arguments::{Cli, SampleArguments},
    output, progress,
};

pub fn sample(cli: &Cli, arguments: &SampleArguments) -> Result<()> {
    let options = SampleOptions { sessions: arguments.sessions, seed: arguments.seed, out: arguments.out.clone() };
    let report = sample::write(&options, &progress::job())?;
    if cli.json {
        return output::json(&serde_json::json!({
            "synthetic": true,
            "sessions": report.sessions,
            "turns": report.turns,
            "feedback": report.feedback,
            "files": report.files,
        }));
    }
    output::line(&format!(
        "Synthetic: {} sessions, {} turns, {} feedback in {}",
        report.sessions,
        report.turns,
        report.feedback,
        arguments.out.display()
    ));
    Ok(())
}
