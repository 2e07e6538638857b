//! What may the window ask for? What a workspace answers is in `hearback_wire::commands`; here is what only a window can:
//! dialogs, settings, which workspace is open. One file a noun.

mod exports;
mod folders;
mod settings;
mod workspaces;

use exports::*;
use folders::*;
use settings::*;
use workspaces::*;

use std::str::FromStr;

use hearback_domain::error::{Error, Result};
use hearback_wire::{
    commands::{Answer, Way, answer, run, way},
    *,
};
use serde_json::Value;
use tauri::{
    AppHandle, Manager, Webview, Wry,
    ipc::{Channel, Invoke, InvokeBody, InvokeResponseBody, JavaScriptChannelId, Response},
};

use crate::state::Shell;

/// The argument in which the window names the channel that it listens to.
const ON_EVENT: &str = "onEvent";

/// After these, other vectors are asked for past cases.
const CHANGES_VECTORS: &[&str] = &["choose_model", "forget_model", "start_analysis"];

/// Answers every command of the list, each on a thread of its own.
pub fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    |Invoke { message, resolver, .. }| {
        let command = message.command().to_owned();
        let webview = message.webview();
        let app = webview.app_handle().clone();
        let arguments = match message.payload() {
            InvokeBody::Json(arguments) => arguments.clone(),
            InvokeBody::Raw(_) => Value::Null,
        };
        let respond = |answered: Result<InvokeResponseBody>| match answered {
            Ok(body) => resolver.resolve(Response::new(body)),
            Err(error) => resolver.reject(Failure::from(&error)),
        };
        match way(&command) {
            Some(Way::Job) => respond(start(&app, &webview, command, arguments)),
            Some(Way::Reads | Way::Changes) => {
                tauri::async_runtime::spawn_blocking(move || respond(of_workspace(&app, &command, arguments)));
            }
            None => {
                tauri::async_runtime::spawn(async move {
                    respond(of_window(&app, &webview, &command, arguments).await);
                });
            }
        }
        true
    }
}

/// Asks the open workspace.
fn of_workspace(app: &AppHandle, command: &str, arguments: Value) -> Result<InvokeResponseBody> {
    let shell = app.state::<Shell>();
    let (workspace, job) = (shell.workspace()?, shell.quiet_job());
    let asked = Asked { workspace: &workspace, now: now(), personal_data: &shell.personal_data(), job: &job };
    let answered = answer(command, &asked, arguments)?;
    if CHANGES_VECTORS.contains(&command) {
        shell.prepare_recall();
    }
    Ok(match answered {
        Answer::Json(text) => InvokeResponseBody::Json(text),
        Answer::Bytes(bytes) => InvokeResponseBody::Raw(bytes),
    })
}

/// Begins long work; the answer is the id to cancel it by.
fn start(app: &AppHandle, webview: &Webview, command: String, arguments: Value) -> Result<InvokeResponseBody> {
    let shell = app.state::<Shell>();
    let (workspace, personal_data) = (shell.workspace()?, shell.personal_data());
    let listener = channel(webview, &arguments)?;
    let app = app.clone();
    let id = shell.jobs.start(listener, move |job| {
        let asked = Asked { workspace: &workspace, now: now(), personal_data: &personal_data, job };
        let outcome = run(&command, &asked, arguments)?;
        if CHANGES_VECTORS.contains(&command.as_str()) {
            app.state::<Shell>().prepare_recall();
        }
        Ok(outcome)
    });
    json(&id)
}

/// The channel that the window listens to.
fn channel<Event>(webview: &Webview, arguments: &Value) -> Result<Channel<Event>> {
    let id = arguments.get(ON_EVENT).and_then(Value::as_str).unwrap_or_default();
    let id = JavaScriptChannelId::from_str(id)
        .map_err(|error| Error::internal("the window named no channel to be told through").because(error))?;
    Ok(id.channel_on(webview.clone()))
}

macro_rules! window_by_name {
    (
        reads $_r:tt
        changes $_c:tt
        jobs $_j:tt
        bytes $_b:tt
        window { $($(#[$_w:meta])* $own:ident($($oa:ident: $ot:ty),*) -> $oo:ty;)* }
        window_jobs { $($(#[$_e:meta])* $told:ident($($ta:ident: $tt:ty),*) -> $to:ty => $event:ty;)* }
    ) => {
        async fn of_window(
            app: &AppHandle,
            webview: &Webview,
            command: &str,
            given: Value,
        ) -> Result<InvokeResponseBody> {
            match command {
                $(stringify!($own) => {
                    hearback_wire::arguments!(command, given, $($oa: $ot),*);
                    let answer: $oo = $own(app, $($oa),*).await?;
                    json(&answer)
                })*
                $(stringify!($told) => {
                    let listener: Channel<$event> = channel(webview, &given)?;
                    hearback_wire::arguments!(command, given, $($ta: $tt),*);
                    let answer: $to = $told(app, listener, $($ta),*).await?;
                    json(&answer)
                })*
                _ => Err(Error::internal(format!("there is no command {command:?}"))),
            }
        }
    };
}

hearback_wire::commands!(window_by_name);

fn json(answer: &impl serde::Serialize) -> Result<InvokeResponseBody> {
    serde_json::to_string(answer)
        .map(InvokeResponseBody::Json)
        .map_err(|error| Error::internal("the answer could not be written as JSON").because(error))
}
