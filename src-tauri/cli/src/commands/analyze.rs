use std::time::Instant;

use hearback_engine::{error::Result, pipeline::AnalysisOptions};
use hearback_wire::AnalysisReport;

use super::now;
use crate::{
    arguments::{AnalyzeArguments, Cli},
    output, progress,
};

pub fn analyze(cli: &Cli, arguments: &AnalyzeArguments) -> Result<()> {
    let default = AnalysisOptions::new(now());
    let options = AnalysisOptions {
        resolution: arguments.resolution.unwrap_or(default.resolution),
        seed: arguments.seed.unwrap_or(default.seed),
        ..default
    };
    let began = Instant::now();
    let outcome = cli.existing()?.analyse(&options, &progress::job())?;
    let report = AnalysisReport::new(&outcome, began.elapsed().as_secs_f64());
    if cli.json {
        return output::json(&report);
    }
    let AnalysisReport { texts, embedded, themes, unclustered, unchanged, seconds } = report;
    output::line(&format!(
        "{themes} themes in {texts} distinct texts ({embedded} embedded now, {unclustered} unclustered), {seconds:.1} s{}",
        if unchanged { "; nothing had changed" } else { "" }
    ));
    Ok(())
}
