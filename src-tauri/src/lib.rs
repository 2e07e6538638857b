//! The desktop shell: the only code that may name tauri.
//!
//! Commands are three lines that convert and delegate; what is true without a window is in the engine.

mod arguments;
mod commands;
mod dialogs;
mod jobs;
mod settings;
mod state;
mod watch;
mod watched_folder;

use std::process::ExitCode;

use tauri::{AppHandle, Manager, RunEvent};

pub fn run() -> ExitCode {
    let arguments = match arguments::parse(std::env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("hearback: {message}\n\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    if arguments.help {
        println!("{}", arguments::USAGE);
        return ExitCode::SUCCESS;
    }
    let outcome = tauri::Builder::default()
        .setup(move |app| {
            let data = app.path().app_data_dir()?;
            app.manage(state::Shell::start(data, arguments.workspace));
            watch::start(app.handle().clone());
            end_when_told(app.handle().clone());
            Ok(())
        })
        .invoke_handler(commands::handler())
        .build(tauri::generate_context!());
    match outcome {
        // Does not come back: the application ends as `exit` says.
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    app.state::<state::Shell>().end();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("hearback: the window could not be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A signal (Ctrl-C, SIGTERM, a closed terminal) ends the application as closing its window does; a second one at once.
fn end_when_told(app: AppHandle) {
    let mut told = false;
    hearback_app::interrupt::listen(move || {
        if std::mem::replace(&mut told, true) {
            std::process::exit(INTERRUPTED);
        }
        app.exit(INTERRUPTED);
    });
}

/// As shells have it for what was interrupted.
const INTERRUPTED: i32 = 130;
