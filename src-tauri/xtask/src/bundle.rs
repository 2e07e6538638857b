//! How is an installer made? By Tauri's own command line, with the native libraries and the model beside the program.
//! Only the Debian package is made and tried here.

use crate::failure::Failure;
use crate::places::Places;
use crate::process;
use crate::purpose::Purpose;
use crate::setup;

/// Not in `ui/package.json`: not all of its platform packages are in the registry, and `npm ci` would fail for it.
const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";
/// Not in `tauri.conf.json`: there, every debug build would copy 190 MB beside the program.
const RESOURCES: &str = r#"{"bundle":{"resources":{"assets/native/":"native/","assets/models/":"models/"}}}"#;

pub fn run(places: &Places, arguments: &[String]) -> Result<(), Failure> {
    setup::run(places, Purpose::Build)?;
    let mut tauri = process::node_tool("npx", &places.root);
    // The build scripts leave this checkout's path out of the program.
    tauri.env("HEARBACK_BUNDLE", "1").env("CARGO_TARGET_DIR", &places.target);
    tauri.args(["--yes", TAURI_CLI, "build", "--config", RESOURCES]).args(arguments);
    process::run(&mut tauri, "Read what Tauri says above, then run the same command again.")?;
    println!("bundle: the installers lie in {}", places.target.join("release/bundle").display());
    Ok(())
}
