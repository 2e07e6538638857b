//! Is the interface built from the sources that lie there? Its packages and its pages are made again only when what they are
//! made from has changed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::digest;
use crate::failure::Failure;
use crate::places::Places;
use crate::process;
use crate::tools;

/// Inside `node_modules`, because they end with it. `npm ci` starts by emptying that folder.
const INSTALLED: &str = "node_modules/.hearback-installed";
const BUILT: &str = "node_modules/.hearback-built";
/// The mark of the page that `src-tauri/build.rs` puts where there is none.
const PLACEHOLDER: &str = "id=\"placeholder\"";

/// `npm ci`, when `package-lock.json` is not the one that was installed.
pub fn install_packages(places: &Places) -> Result<(), Failure> {
    let ui = places.ui();
    let lock = ui.join("package-lock.json");
    if !lock.exists() {
        let what = format!("{} is missing; it pins the interface's packages.", lock.display());
        return Err(Failure::new(what, "Get it back with `git checkout -- ui/package-lock.json`."));
    }
    let lock = digest::of_file(&lock)?;
    if reads(&ui.join(INSTALLED), &lock) {
        return Ok(());
    }
    tools::require_node_version()?;
    println!("setup: installing the interface's packages");
    let mut npm = process::node_tool("npm", &ui);
    // npm keeps what it fetched in its own cache; with `--prefer-offline` a second clone needs no network.
    npm.args([
        "ci",
        "--prefer-offline",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--fetch-timeout=60000",
        "--fetch-retry-mintimeout=1000",
        "--fetch-retry-maxtimeout=5000",
    ]);
    let next = "Check the network (or npm's settings), then run the same command again.";
    process::capture_as(&mut npm, "The interface's packages could not be installed", next)?;
    write(&ui.join(INSTALLED), &lock)
}

/// `npm run build`, when a source has changed since the last time.
pub fn build(places: &Places) -> Result<(), Failure> {
    let ui = places.ui();
    let sources = sources_digest(&ui)?;
    let page = fs::read_to_string(ui.join("dist/index.html")).unwrap_or_default();
    if !page.is_empty() && !page.contains(PLACEHOLDER) && reads(&ui.join(BUILT), &sources) {
        return Ok(());
    }
    script(places, "build", "Mend what Vite says, then run the same command again.")?;
    write(&ui.join(BUILT), &sources)
}

/// A script of `ui/package.json`.
pub fn script(places: &Places, name: &str, next: &str) -> Result<(), Failure> {
    process::run(process::node_tool("npm", &places.ui()).args(["run", "--silent", name]), next)
}

/// One digest over the names and contents of everything the interface is built from.
fn sources_digest(ui: &Path) -> Result<String, Failure> {
    let mut files = Vec::new();
    collect(ui, &mut files)?;
    files.sort();
    let mut list = String::new();
    for file in files {
        let name = file.strip_prefix(ui).unwrap_or(&file).display().to_string();
        list += &format!("{} {name}\n", digest::of_file(&file)?);
    }
    Ok(digest::of_bytes(list.as_bytes()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file("read", folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        if !entry.file_type().map_err(failed)?.is_dir() {
            files.push(path);
        } else if entry.file_name() != "node_modules" && entry.file_name() != "dist" {
            collect(&path, files)?;
        }
    }
    Ok(())
}

fn reads(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|found| found == text)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| Failure::file("write", path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_follows_the_sources_and_not_what_is_made_from_them() {
        let ui = std::env::temp_dir().join(format!("hearback-xtask-ui-{}", std::process::id()));
        let _ = fs::remove_dir_all(&ui);
        for folder in ["src", "dist", "node_modules"] {
            fs::create_dir_all(ui.join(folder)).unwrap();
        }
        fs::write(ui.join("src/main.ts"), "1").unwrap();
        let first = sources_digest(&ui).unwrap();
        fs::write(ui.join("dist/index.html"), "page").unwrap();
        fs::write(ui.join("node_modules/.hearback-built"), "x").unwrap();
        assert_eq!(sources_digest(&ui).unwrap(), first);
        fs::rename(ui.join("src/main.ts"), ui.join("src/other.ts")).unwrap();
        let renamed = sources_digest(&ui).unwrap();
        assert_ne!(renamed, first);
        fs::write(ui.join("src/other.ts"), "2").unwrap();
        assert_ne!(sources_digest(&ui).unwrap(), renamed);
        fs::remove_dir_all(&ui).unwrap();
    }
}
