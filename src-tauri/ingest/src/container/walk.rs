//! How is a file walked through, record by record, whatever holds the records?

use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use crate::{
    input::{Tap, encoding::Budget},
    limits,
    row::{Reason, Row},
};
use hearback_domain::{
    Origin, Reject,
    error::{Error, Result},
    job::Job,
};

/// Who looks at the records of a file. Breaking off is no failure.
pub(crate) trait Visit {
    /// `raw` gives the record as it stands in the file.
    fn row(&mut self, origin: Origin, row: Row<'_>, raw: &dyn Fn() -> String) -> Result<ControlFlow<()>>;
    fn reject(&mut self, reject: Reject) -> Result<ControlFlow<()>>;

    /// Only the first records are asked for: then a file is not read on for the end of a record that has none.
    fn is_sample(&self) -> bool {
        false
    }
}

/// What the walks share: where they are, and whether to go on.
pub(super) struct Walk<'w> {
    pub path: &'w Path,
    pub visit: &'w mut dyn Visit,
    pub job: &'w Job,
    pub tap: Option<Tap>,
    pub budget: Option<Budget>,
    pub size: u64,
    pub record: u64,
}

impl Walk<'_> {
    pub fn next_origin(&mut self, byte: Option<u64>) -> Result<Origin> {
        const BETWEEN_CHECKS: u64 = 256;
        self.record += 1;
        if let Some(budget) = self.budget.take() {
            budget.set(2 * limits::SAMPLE_BYTES);
        }
        if self.record % BETWEEN_CHECKS == 1 {
            self.job.check()?;
            if let Some(tap) = &self.tap {
                tap.progress(self.job, self.size);
            }
        }
        Ok(Origin { record: self.record, byte })
    }

    pub fn json(&mut self, byte: u64, bytes: &[u8]) -> Result<ControlFlow<()>> {
        let origin = self.next_origin(Some(byte))?;
        match Row::from_json(bytes) {
            Ok(row) => self.visit.row(origin, row, &|| raw_text(bytes)),
            Err(reason) => self.visit.reject(Reject { origin, reason, raw: raw_text(bytes) }),
        }
    }

    pub fn reject(&mut self, byte: u64, reason: impl Into<Reason>, raw: &[u8]) -> Result<ControlFlow<()>> {
        let origin = self.next_origin(Some(byte))?;
        self.visit.reject(Reject { origin, reason: reason.into(), raw: raw_text(raw) })
    }

    pub fn too_long(&mut self, byte: u64, raw: &[u8]) -> Result<ControlFlow<()>> {
        self.reject(byte, format!("the record is longer than {} MiB", limits::RECORD_BYTES >> 20), raw)
    }
}

/// At most [`Reject::RAW_LIMIT`] bytes, with the replacement character for what is not UTF-8.
pub(crate) fn raw_text(bytes: &[u8]) -> String {
    let mut end = bytes.len().min(Reject::RAW_LIMIT);
    // Not within a character, where that can be avoided.
    while end < bytes.len() && end > 0 && bytes[end] & 0xc0 == 0x80 {
        end -= 1;
    }
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// What reads workbooks and Parquet is somebody else's and has to be believed with any bytes: should it panic, this file
/// is what is wrong, and nothing else.
pub(super) fn guarded<T>(path: &Path, action: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(action)).map_err(|_| {
        Error::format(format!("{} is damaged in a way that its reader does not survive", path.display()))
            .hint("export it again, or as CSV or JSON")
    })
}
