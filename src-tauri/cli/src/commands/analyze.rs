use std::time::Instant;

use hearback_app::AnalysisOptions;
use hearback_domain::error::Result;
use hearback_wire::AnalysisReport;

use super::now;
use crate::{
    arguments::{AnalyzeArguments, Cli},
    output, progress,
};

pub fn analyze(cli: &Cli, arguments: &AnalyzeArguments) -> Result<()> {
    let workspace = cli.changing()?;
    let last = workspace.analysis_options(arguments.subject, now())?;
    let options = AnalysisOptions {
        resolution: arguments.cut.granularity.unwrap_or(last.resolution),
        unclustered_at_most: arguments.cut.share().or(last.unclustered_at_most),
        seed: arguments.seed.unwrap_or(last.seed),
        ..last
    };
    let began = Instant::now();
    let outcome = workspace.analyse(&options, &progress::job())?;
    print(cli, &AnalysisReport::new(&outcome, began.elapsed().as_secs_f64()))
}

pub fn print(cli: &Cli, report: &AnalysisReport) -> Result<()> {
    if cli.json {
        return output::json(report);
    }
    let AnalysisReport {
        texts,
        embedded,
        themes,
        unclustered,
        short_answers,
        unchanged,
        seconds,
        pulled_in,
        pulled_in_similarity,
    } = report;
    output::line(&format!(
        "{themes} themes in {texts} distinct texts ({embedded} embedded now, {unclustered} unclustered, {short_answers} say no more than \
         good or bad), {seconds:.1} s{}",
        if *unchanged { "; nothing had changed" } else { "" }
    ));
    if *pulled_in > 0 {
        output::line(&format!(
            "{pulled_in} texts were pulled in that are far from their theme: mean similarity {pulled_in_similarity:.2}"
        ));
    }
    Ok(())
}
