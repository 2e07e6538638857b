//! How many records a second are read from a file, storing nothing?
//!
//! `cargo run --release -p hearback-ingest --example throughput FILE...`

use std::{path::PathBuf, time::Instant};

use hearback_domain::{Origin, Record, Reject, Sink, error::Result, job::Job};
use hearback_ingest::{ReadOptions, expand, privacy::Privacy, read, recognise};

#[derive(Default)]
struct Counting {
    records: u64,
    rejects: u64,
}

impl Sink for Counting {
    fn record(&mut self, _: Origin, _: Record) -> Result<()> {
        self.records += 1;
        Ok(())
    }

    fn reject(&mut self, _: Reject) -> Result<()> {
        self.rejects += 1;
        Ok(())
    }
}

fn main() -> Result<()> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    for input in expand(&paths)? {
        let start = Instant::now();
        let recognised = recognise(&input, &ReadOptions::default())?;
        let looked = start.elapsed();
        let mut counting = Counting::default();
        let start = Instant::now();
        let report = read(&input, &recognised, Privacy::KEEPS_ALL, &mut counting, &Job::quiet())?;
        let took = start.elapsed();
        println!(
            "{}: {} recognised in {:.1} ms; {} records, {} rejects of {} in {:.2} s: {:.0} a second, {:.0} MB/s",
            input.path().display(),
            recognised.title,
            looked.as_secs_f64() * 1e3,
            counting.records,
            counting.rejects,
            report.read,
            took.as_secs_f64(),
            report.read as f64 / took.as_secs_f64(),
            report.bytes as f64 / 1e6 / took.as_secs_f64(),
        );
    }
    Ok(())
}
