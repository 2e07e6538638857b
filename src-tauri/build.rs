//! What has to be true before the shell is compiled? There is a page to embed, Tauri's code is generated, and the
//! linker knows where libduckdb lies. It never runs npm: `cargo xtask` does.

#[path = "native_libraries.rs"]
mod native_libraries;

use std::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Embedded where `ui/dist` is missing, so that Rust-only work (check, clippy, unit tests) needs no Node.
const PLACEHOLDER: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Hearback: the interface is not built</title>
<p id="placeholder">The interface is not built. Run <code>cargo xtask run</code>, which builds it first.</p>
</html>
"#;

// Cargo runs a build script in its package's folder: here the repository's root.
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src-tauri/native_libraries.rs");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=ui/dist"); // `generate_context!` reads it, and does not watch it

    write_placeholder(Path::new("ui/dist"))?;
    let attributes = tauri_build::Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/*.json");
    tauri_build::try_build(attributes).map_err(|error| format!("{error:#}"))?;
    move_schemas(Path::new("gen"), Path::new("src-tauri/gen"))?;
    native_libraries::link(&std::env::current_dir()?);
    Ok(())
}

/// `generate_context!` does not compile without a page.
fn write_placeholder(dist: &Path) -> Result<(), Box<dyn Error>> {
    let page = dist.join("index.html");
    if !page.exists() {
        fs::create_dir_all(dist)?;
        fs::write(page, PLACEHOLDER)?;
        println!(
            "cargo:warning=ui/dist was missing: a placeholder page is embedded; `cargo xtask run` builds the interface"
        );
    }
    Ok(())
}

/// tauri-build writes its schemas (for editors) beside Cargo.toml; they belong to `src-tauri`, where git ignores them.
fn move_schemas(written: &Path, wanted: &Path) -> Result<(), Box<dyn Error>> {
    if !written.exists() {
        return Ok(());
    }
    match fs::remove_dir_all(wanted) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => fs::rename(written, wanted)?,
    }
    Ok(())
}
