//! How much may one record, one file, one folder hold?
//!
//! Every limit of reading stands here and is named in the message that it causes.

/// Bytes of one record. A longer one is rejected and passed over without being held in memory.
pub const RECORD_BYTES: usize = 64 << 20;

/// Depth of nested lists and objects within one field: what the JSON parser can follow without exhausting the stack.
pub const NESTING: usize = 120;

/// Files that one import may name through folders.
pub const FILES: usize = 100_000;

/// Folders within folders.
pub const FOLDERS: usize = 64;

/// What detection looks at: so many records, or so many bytes of them, whichever comes first.
pub const SAMPLE_RECORDS: usize = 50;
pub const SAMPLE_BYTES: u64 = 1 << 20;

/// Where detection decides between the containers.
pub const HEAD_BYTES: usize = 64 << 10;
