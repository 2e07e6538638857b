use std::{io::Write, path::Path, time::Instant};

use hearback_app::{MapAnswer, MapDrawing, Workspace};
use hearback_domain::error::{Error, Result};
use hearback_wire::{MapExport, MapInfo, MapLabel, MapReport, MapText};

use super::now;
use crate::{
    arguments::{Cli, MapArguments},
    output::{self, Table, short},
    progress,
};

pub fn map(cli: &Cli, arguments: &MapArguments) -> Result<()> {
    let workspace = cli.sharing()?;
    let default = MapDrawing::new(now());
    let drawing = MapDrawing { seed: arguments.seed.unwrap_or(default.seed), anew: arguments.anew, ..default };
    let began = Instant::now();
    let outcome = workspace.draw_map(&drawing, &progress::job())?;
    let report = MapReport::new(&outcome, began.elapsed().as_secs_f64());
    let answer = workspace.map(&arguments.filter.filter())?;
    if let Some(path) = &arguments.output {
        write(path, &workspace, &answer)?;
    }
    if cli.json {
        return match &arguments.output {
            Some(_) => output::json(&report),
            None => output::json(&export(&workspace, &answer)?),
        };
    }
    let MapReport { texts, placed, unchanged, seconds } = report;
    let how = if unchanged { "; nothing had changed".to_owned() } else { format!("; {placed} put among the others") };
    output::line(&format!("{texts} texts on the map{how}, {seconds:.1} s"));
    let mut table = Table::new(&["theme", "name", "x", "y", "texts", "feedback"]);
    for label in answer.labels.iter().filter(|label| label.level == 0) {
        table.row([
            label.theme.to_string(),
            short(&label.name, 60),
            format!("{:.2}", label.position[0]),
            format!("{:.2}", label.position[1]),
            label.texts.to_string(),
            label.feedback.to_string(),
        ]);
    }
    table.print();
    Ok(())
}

fn export(workspace: &Workspace, answer: &MapAnswer) -> Result<MapExport> {
    let map = MapInfo::of(answer).ok_or_else(|| Error::internal("the map that was just drawn is not there"))?;
    let mut words = workspace.map_words(answer)?;
    let texts = answer
        .points
        .iter()
        .map(|point| MapText {
            text_hash: point.hash.to_string(),
            x: point.x,
            y: point.y,
            theme_id: point.theme,
            theme: point.theme.and_then(|theme| answer.themes.get(&theme).cloned()),
            feedback: point.feedback,
            negative: point.negative,
            positive: point.positive,
            model_version: point.version.clone(),
            text: words.remove(&point.hash).unwrap_or_default(),
        })
        .collect();
    Ok(MapExport { map, labels: answer.labels.iter().map(MapLabel::from).collect(), texts })
}

fn write(path: &Path, workspace: &Workspace, answer: &MapAnswer) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::file(format!("{} could not be written", path.display()))
            .hint("Name a file in a folder that can be written to")
            .because(error)
    };
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    if !["csv", "json"].contains(&ending.as_str()) {
        return Err(Error::input(format!("{} ends neither in .csv nor in .json", path.display()))
            .hint("Name the file map.csv or map.json"));
    }
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).map_err(failed)?);
    if ending == "csv" {
        return workspace.export_map(answer, file);
    }
    serde_json::to_writer_pretty(&mut file, &export(workspace, answer)?)
        .map_err(|error| Error::file(format!("{} could not be written", path.display())).because(error))?;
    file.write_all(b"\n").and_then(|()| file.flush()).map_err(failed)
}
