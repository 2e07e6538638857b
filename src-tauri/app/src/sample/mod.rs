//! What would a team's exports look like? Synthetic data with planted facts.
//!
//! [`write()`] makes up half a year of an online shop's assistant and writes it as the team would have it: Langfuse
//! exports of traces, observations and scores, and a canonical file for what Langfuse's lists do not carry
//! (corrections, implicit signals, marked spans, preferences). `planted.json` lists what was planted ([`plan`]), so
//! that a test can ask whether it is found again. Everything says that it is synthetic.
//!
//! Same options, same bytes: chance comes from the seed alone, and each session has its own, so the first hundred
//! sessions of a larger sample are the same hundred.

mod conversation;
mod feedback;
mod phrase;
pub mod plan;
mod planted;
mod random;
mod templates;
pub mod workspace;

#[cfg(test)]
mod tests;

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use serde_json::Value;

use hearback_domain::{
    error::{Error, Result},
    job::{Job, Step, Unit},
};
use planted::Planted;

#[derive(Clone, Debug)]
pub struct SampleOptions {
    /// Conversations; one has 3.1 turns on average, a turn 0.7 feedbacks.
    pub sessions: u32,
    pub seed: u64,
    /// A folder; made if it is not there. Files of an earlier sample in it are replaced.
    pub out: PathBuf,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleReport {
    pub sessions: u64,
    pub turns: u64,
    /// Scores and canonical feedback together, judges included.
    pub feedback: u64,
    /// In the order in which an import would read them; then `planted.json` and `README.txt`.
    pub files: Vec<PathBuf>,
}

/// 2026-07-06T00:00:00Z, when the 26 weeks are over: what an export's name begins with.
const EXPORTED_AT: u64 = 1_783_296_000_000;

/// # Errors
/// The folder cannot be written, or the job was cancelled (what was written by then stays).
pub fn write(options: &SampleOptions, job: &Job) -> Result<SampleReport> {
    let out = &options.out;
    std::fs::create_dir_all(out).map_err(|error| unwritable(out, error))?;
    let export = |table: &str| out.join(format!("{EXPORTED_AT}-lf-{table}-export-sample.jsonl"));
    let mut traces = Lines::create(export("traces"))?;
    let mut observations = Lines::create(export("observations"))?;
    let mut scores = Lines::create(export("scores"))?;
    let mut canonical = Lines::create(out.join("canonical.jsonl"))?;
    let mut planted = Planted::default();
    let mut report = SampleReport { sessions: options.sessions.into(), ..SampleReport::default() };
    let total = Some(u64::from(options.sessions));
    for number in 0..options.sessions {
        job.check()?;
        job.progress(Step::Exporting, Unit::Records, number.into(), total);
        let session = conversation::session(options.seed, number);
        planted.session(&session);
        for turn in &session.turns {
            traces.push(&conversation::trace(&session, turn))?;
            for observation in conversation::observations(&session, turn) {
                observations.push(&observation)?;
            }
            report.turns += 1;
        }
        for given in feedback::given(&session) {
            planted.feedback(&session, &given);
            match &given.line {
                feedback::Line::Score(value) => scores.push(value)?,
                feedback::Line::Canonical(value) => canonical.push(value)?,
            }
            report.feedback += 1;
        }
    }
    job.progress(Step::Exporting, Unit::Records, options.sessions.into(), total);
    for file in [traces, observations, scores, canonical] {
        report.files.push(file.close()?);
    }
    let facts = serde_json::to_string_pretty(&planted.told(options, &report))
        .map_err(|error| Error::internal("planted.json cannot be written").because(error))?;
    for (name, content) in [("planted.json", facts + "\n"), ("README.txt", README.to_owned())] {
        let path = out.join(name);
        std::fs::write(&path, content).map_err(|error| unwritable(&path, error))?;
        report.files.push(path);
    }
    Ok(report)
}

const README: &str = "\
SYNTHETIC DATA. No person, shop or product is meant; every word was put together by Hearback's sample generator.

*-lf-traces-export-sample.jsonl, *-lf-observations-export-sample.jsonl, *-lf-scores-export-sample.jsonl
    in the shape of Langfuse's batch exports: one trace is one turn of a conversation
canonical.jsonl
    feedback that those exports do not carry, in Hearback's canonical format, about the same traces
planted.json
    what was planted, so that it can be looked for. Not for import.

Every trace, score and feedback has metadata \"synthetic\": true.
";

struct Lines {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Lines {
    fn create(path: PathBuf) -> Result<Self> {
        let file = File::create(&path).map_err(|error| unwritable(&path, error))?;
        Ok(Self { path, file: BufWriter::with_capacity(256 << 10, file) })
    }

    fn push(&mut self, value: &Value) -> Result<()> {
        writeln!(self.file, "{value}").map_err(|error| unwritable(&self.path, error))
    }

    fn close(mut self) -> Result<PathBuf> {
        self.file.flush().map_err(|error| unwritable(&self.path, error))?;
        Ok(self.path)
    }
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    Error::file(format!("{} cannot be written", path.display())).because(error)
}
