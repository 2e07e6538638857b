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

use std::process::ExitCode;

use tauri::Manager;

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
            Ok(())
        })
        .invoke_handler(commands::handler())
        .run(tauri::generate_context!());
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hearback: the window could not be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
