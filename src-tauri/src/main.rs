#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    // ONNX Runtime as its makers build it keeps a device id and reports home, unless told otherwise before it is
    // loaded (hearback_app::models::embed). Hearback is offline.
    // SAFETY: the first statement of the program, so no other thread reads the environment.
    unsafe { std::env::set_var("ORT_DISABLE_TELEMETRY", "1") };
    // Every session tokenizes its own small batches on its own thread; spreading each over all cores again made
    // embedding 4 % slower.
    // SAFETY: as above.
    unsafe { std::env::set_var("TOKENIZERS_PARALLELISM", "false") };
    hearback_shell::run()
}
