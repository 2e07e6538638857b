//! Files that the person chooses, to read from and to write to.

use std::{
    fs::{self, File},
    io::BufWriter,
};

use hearback_app::{self as app, draw::Title};
use hearback_domain::{
    self as model,
    error::{Error, Result},
    job::Job,
};
use hearback_wire::{ChartFile, ChartRequest, Filter};
use tauri::{AppHandle, Manager};

use crate::{dialogs, state::Shell};

pub async fn pick_files(app: &AppHandle) -> Result<Vec<String>> {
    Ok(dialogs::pick_exports(app).await?.iter().map(|path| path.display().to_string()).collect())
}

pub async fn pick_folder(app: &AppHandle, title: String) -> Result<Option<String>> {
    Ok(dialogs::pick_folder(app, &title).await?.map(|path| path.display().to_string()))
}

/// Rejected records, as JSON lines.
pub async fn export_rejects(app: &AppHandle, source_id: Option<i64>) -> Result<Option<String>> {
    let Some(path) = dialogs::save_as(app, "Export the skipped records", "skipped-records.jsonl").await? else {
        return Ok(None);
    };
    let file = File::create(&path).map_err(|error| not_written(&path, error))?;
    app.state::<Shell>().workspace()?.export_rejects(source_id, BufWriter::new(file), &Job::quiet())?;
    Ok(Some(path.display().to_string()))
}

/// The selection, as CSV.
pub async fn export_feedback(app: &AppHandle, filter: Filter) -> Result<Option<String>> {
    let Some(path) = dialogs::save_as(app, "Export the feedback", "feedback.csv").await? else { return Ok(None) };
    let filter: model::Filter = (&filter).try_into()?;
    let file = File::create(&path).map_err(|error| not_written(&path, error))?;
    app.state::<Shell>().workspace()?.export_feedback(&filter, BufWriter::new(file), &Job::quiet())?;
    Ok(Some(path.display().to_string()))
}

pub async fn export_chart(
    app: &AppHandle,
    request: ChartRequest,
    title: String,
    file: ChartFile,
) -> Result<Option<String>> {
    let ending = match file {
        ChartFile::Svg => "svg",
        ChartFile::Png => "png",
        ChartFile::Csv => "csv",
    };
    let suggested = format!("{}.{ending}", file_name(&title));
    let Some(path) = dialogs::save_as(app, "Export the chart", &suggested).await? else { return Ok(None) };
    let workspace = app.state::<Shell>().workspace()?;
    let mut request: app::ChartRequest = (&request).try_into()?;
    request.spec.title = Some(Title { title, subtitle: None });
    let bytes = match file {
        ChartFile::Svg => workspace.draw(&request)?.picture.svg.into_bytes(),
        ChartFile::Png => workspace.draw_png(&request)?,
        ChartFile::Csv => {
            let mut bytes = Vec::new();
            workspace.export_trend(&workspace.trend(&request.query)?, &mut bytes)?;
            bytes
        }
    };
    fs::write(&path, bytes).map_err(|error| not_written(&path, error))?;
    Ok(Some(path.display().to_string()))
}

fn not_written(path: &std::path::Path, error: std::io::Error) -> Error {
    Error::file(format!("{} could not be written", path.display())).because(error)
}

/// What file systems allow everywhere.
fn file_name(title: &str) -> String {
    let plain: String = title.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { ' ' }).collect();
    let joined = plain.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase();
    if joined.is_empty() { "chart".to_owned() } else { joined }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_title_becomes_a_file_name() {
        assert_eq!(super::file_name("Negative share, by model/version: 2.1"), "negative-share-by-model-version-2-1");
        assert_eq!(super::file_name("…"), "chart");
    }
}
