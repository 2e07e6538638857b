#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = hearback_ingest::fuzz::time(text);
});
