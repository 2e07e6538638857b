#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| hearback_ingest::fuzz::message(text));
