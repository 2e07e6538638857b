#![no_main]

use hearback_ingest::fuzz;

// Recognised and read as whatever it looks like, and then walked through as everything else.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::recognise_and_read(bytes);
    fuzz::every_container(bytes);
});
