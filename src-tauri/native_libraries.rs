// Where does a program find libduckdb when it starts? Shared by the build scripts of every package whose programs or tests
// link it, because a link argument reaches only the package that asked for it.

use std::path::Path;

/// Tells the linker where the finished program looks for shared libraries: in a bundle beside itself, and, unless a
/// bundle is being built, in `assets/native` of this checkout by its full path (the target folder may be anywhere).
pub fn link(root: &Path) {
    println!("cargo:rerun-if-env-changed=HEARBACK_BUNDLE");
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    let beside_program: &[&str] = match system.as_str() {
        "linux" => &["$ORIGIN/../lib/Hearback/native", "$ORIGIN/native"],
        "macos" => &["@executable_path/../Resources/native", "@executable_path/native"], // not run here
        _ => &[], // Windows looks beside the program by itself
    };
    for place in beside_program {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{place}");
    }
    if !beside_program.is_empty() && std::env::var_os("HEARBACK_BUNDLE").is_none() {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{}", root.join("assets/native").display());
    }
}
