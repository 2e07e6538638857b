//! Where do this package's programs and tests find libduckdb? See `../native_libraries.rs`.

#[path = "../native_libraries.rs"]
mod native_libraries;

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=../native_libraries.rs");
    if let Some(root) = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2) {
        native_libraries::link(root);
    }
}
