#![no_main]

use hearback_ingest::python;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = python::literal(text);
    let _ = python::nested(text);
});
