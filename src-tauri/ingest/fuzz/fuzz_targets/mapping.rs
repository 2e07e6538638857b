#![no_main]

use hearback_ingest::Mapping;

// What a mapping says of itself is the same mapping.
libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(mapping) = Mapping::parse(text) {
        assert_eq!(Mapping::parse(&mapping.to_string()).ok(), Some(mapping));
    }
});
