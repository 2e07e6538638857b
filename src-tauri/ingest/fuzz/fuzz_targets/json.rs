#![no_main]

use hearback_ingest::{Container, fuzz};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::walk(bytes, Container::Json);
    fuzz::walk(bytes, Container::JsonLines);
});
