use std::fs;

use hearback_engine::{chart::Title, error::Error, pipeline};
use hearback_wire::{ChartFile, ChartPicture, ChartRequest};
use tauri::{AppHandle, State};

use super::Answer;
use crate::{dialogs, state::Shell};

#[tauri::command(async)]
pub fn draw_trend(shell: State<'_, Shell>, request: ChartRequest) -> Answer<ChartPicture> {
    let drawn = shell.project()?.draw(&(&request).try_into()?)?;
    Ok(ChartPicture::new(&request, drawn))
}

/// Asks where to, and writes the chart there; `None` where the user cancelled.
#[tauri::command]
pub async fn export_chart(
    app: AppHandle,
    shell: State<'_, Shell>,
    request: ChartRequest,
    title: String,
    file: ChartFile,
) -> Answer<Option<String>> {
    let ending = match file {
        ChartFile::Svg => "svg",
        ChartFile::Png => "png",
        ChartFile::Csv => "csv",
    };
    let Some(path) = dialogs::save_as(&app, "Export the chart", &format!("{}.{ending}", file_name(&title))).await?
    else {
        return Ok(None);
    };
    let project = shell.project()?;
    let mut request: pipeline::ChartRequest = (&request).try_into()?;
    request.spec.title = Some(Title { title, subtitle: None });
    let bytes = match file {
        ChartFile::Svg => project.draw(&request)?.picture.svg.into_bytes(),
        ChartFile::Png => project.draw_png(&request)?,
        ChartFile::Csv => {
            let mut bytes = Vec::new();
            project.export_trend(&project.trend(&request.query)?, &mut bytes)?;
            bytes
        }
    };
    fs::write(&path, bytes)
        .map_err(|error| Error::file(format!("{} could not be written", path.display())).because(error))?;
    Ok(Some(path.display().to_string()))
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
