//! The system's file dialogs.
//!
//! Built on the main thread (GTK and macOS demand it) and awaited elsewhere. A test answers instead of a person
//! through `HEARBACK_PICK`: paths, one a line; empty means "cancelled".

use std::path::PathBuf;

use hearback_domain::error::{Error, Result};
use rfd::{AsyncFileDialog, FileHandle};
use tauri::AppHandle;

/// The endings of workspace files.
const WORKSPACE: &[&str] = &["hearback"];

pub async fn pick_exports(app: &AppHandle) -> Result<Vec<PathBuf>> {
    if let Some(paths) = answered() {
        return Ok(paths);
    }
    let picked = on_main_thread(app, || {
        AsyncFileDialog::new()
            .set_title("Import exports")
            .add_filter("Exports", &["json", "jsonl", "ndjson", "csv", "tsv", "txt", "parquet", "xlsx", "gz", "zip"])
            .add_filter("All files", &["*"])
            .pick_files()
    })
    .await?;
    Ok(picked.unwrap_or_default().iter().map(path).collect())
}

pub async fn pick_folder(app: &AppHandle, title: &str) -> Result<Option<PathBuf>> {
    if let Some(paths) = answered() {
        return Ok(paths.into_iter().next());
    }
    let title = title.to_owned();
    let picked = on_main_thread(app, move || AsyncFileDialog::new().set_title(&title).pick_folder()).await?;
    Ok(picked.as_ref().map(path))
}

pub async fn pick_workspace(app: &AppHandle) -> Result<Option<PathBuf>> {
    if let Some(paths) = answered() {
        return Ok(paths.into_iter().next());
    }
    let picked = on_main_thread(app, || {
        AsyncFileDialog::new().set_title("Open a workspace").add_filter("Hearback workspace", WORKSPACE).pick_file()
    })
    .await?;
    Ok(picked.as_ref().map(path))
}

/// Where to save a file; `name` is proposed, and its ending is added where the user left it out.
pub async fn save_as(app: &AppHandle, title: &str, name: &str) -> Result<Option<PathBuf>> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_owned()).unwrap_or_default();
    let picked = match answered() {
        Some(paths) => paths.into_iter().next(),
        None => {
            let (title, name, filter) = (title.to_owned(), name.to_owned(), ending.clone());
            on_main_thread(app, move || {
                AsyncFileDialog::new()
                    .set_title(&title)
                    .set_file_name(&name)
                    .add_filter(filter.to_uppercase(), &[filter.as_str()])
                    .save_file()
            })
            .await?
            .as_ref()
            .map(path)
        }
    };
    Ok(picked.map(|path| if path.extension().is_none() { path.with_extension(ending) } else { path }))
}

fn path(handle: &FileHandle) -> PathBuf {
    handle.path().to_owned()
}

fn answered() -> Option<Vec<PathBuf>> {
    let answer = std::env::var("HEARBACK_PICK").ok()?;
    Some(answer.lines().filter(|line| !line.is_empty()).map(PathBuf::from).collect())
}

async fn on_main_thread<T, F>(app: &AppHandle, build: impl FnOnce() -> F + Send + 'static) -> Result<Option<T>>
where
    T: Send + 'static,
    F: Future<Output = Option<T>> + Send + 'static,
{
    let failed = |error: tauri::Error| Error::internal("the file dialog could not be opened").because(error);
    let (send, receive) = tokio::sync::oneshot::channel();
    app.run_on_main_thread(move || {
        let dialog = build();
        tauri::async_runtime::spawn(async move {
            // Nobody waits any more when the window has closed meanwhile.
            let _ = send.send(dialog.await);
        });
    })
    .map_err(failed)?;
    Ok(receive.await.unwrap_or(None))
}
