#![no_main]

use hearback_ingest::fuzz;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::archive(bytes));
