#![no_main]

use hearback_ingest::fuzz;

// Every reader gets every row, whether it would recognise it or not.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::every_format(bytes));
