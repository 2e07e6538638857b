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

/// Files in one archive, those of an archive within it not counted.
pub const ARCHIVE_MEMBERS: usize = 10_000;

/// Bytes of an archive's table of contents: what is held in memory to know its members.
pub const ARCHIVE_DIRECTORY_BYTES: u64 = 16 << 20;

/// Bytes of all members of an archive, unpacked.
pub const ARCHIVE_BYTES: u64 = 64 << 30;

/// How many times its packed size anything may unpack to. Exports pack 5 to 50 times; what deflate can do at most,
/// 1032, only zeros reach.
pub const RATIO: u64 = 400;

/// Bytes that may be unpacked whatever the ratio: a small file full of the same harms nobody.
pub const RATIO_FREE: u64 = 16 << 20;

/// Bytes unpacked to a temporary file where a format needs to jump about in it: Parquet, a workbook or an archive
/// within an archive.
pub const TEMPORARY_BYTES: u64 = 4 << 30;

/// Bytes of all parts of a workbook, unpacked: its texts are held in memory, at several times their size at worst.
pub const WORKBOOK_BYTES: u64 = 256 << 20;

/// Columns of a sheet: as many as Excel has.
pub const COLUMNS: usize = 16_384;

/// Where the encoding is decided: so many bytes from the first one that is not ASCII.
pub const ENCODING_BYTES: usize = 1 << 20;

/// Rows of a Parquet file that are believed whatever its size; beyond them at most [`RATIO`] a byte.
pub const ROWS_FREE: u64 = 1_000_000;
