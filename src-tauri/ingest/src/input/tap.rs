//! How far has a file been read, and what is the digest of that? Counted before anything is unpacked or decoded.

use std::{
    io::{self, BufReader, Read},
    sync::{Arc, Mutex, PoisonError},
};

use super::disk::check_ratio;
use hearback_domain::job::{Job, Step, Unit};

/// Counts and digests what is read from the file.
#[derive(Clone)]
pub(crate) struct Tap(Arc<Mutex<Tapped>>);

struct Tapped {
    bytes: u64,
    hasher: blake3::Hasher,
    ended: bool,
}

struct TappedBytes {
    bytes: Box<dyn Read + Send>,
    tap: Tap,
}

impl Read for TappedBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        let mut state = self.tap.lock();
        state.bytes += count as u64;
        state.hasher.update(&buffer[..count]);
        state.ended |= count == 0 && !buffer.is_empty();
        Ok(count)
    }
}

impl Tap {
    /// The same bytes, counted.
    pub fn into(bytes: Box<dyn Read + Send>) -> (Box<dyn Read + Send>, Self) {
        let tap = Self(Arc::new(Mutex::new(Tapped { bytes: 0, hasher: blake3::Hasher::new(), ended: false })));
        (Box::new(TappedBytes { bytes, tap: tap.clone() }), tap)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tapped> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn bytes(&self) -> u64 {
        self.lock().bytes
    }

    pub fn progress(&self, job: &Job, total: u64) {
        job.progress(Step::Reading, Unit::Bytes, self.bytes(), Some(total));
    }

    /// Bytes read, their digest so far, and whether the file's end was seen.
    pub fn state(&self) -> (u64, blake3::Hasher, bool) {
        let state = self.lock();
        (state.bytes, state.hasher.clone(), state.ended)
    }
}

pub(crate) const GZIP: &[u8] = &[0x1f, 0x8b];

/// Gzip unpacked, and held to a ratio as archives are.
pub(crate) struct Gunzipped {
    bytes: flate2::bufread::MultiGzDecoder<BufReader<Box<dyn Read + Send>>>,
    tap: Tap,
    done: u64,
}

impl Gunzipped {
    pub fn new(bytes: Box<dyn Read + Send>, tap: Tap) -> Self {
        let bytes = flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(256 << 10, bytes));
        Self { bytes, tap, done: 0 }
    }
}

impl Read for Gunzipped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.done += count as u64;
        check_ratio(self.tap.bytes(), self.done)?;
        Ok(count)
    }
}
