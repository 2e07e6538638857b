//! How does a model of the catalogue come into the models folder?
//!
//! File by file into a folder of its own, which stays when something goes wrong, so that the next attempt asks only for
//! what is missing. A file whose digest is not the one that the hub states takes the folder with it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{
    Consent,
    download::{Failure, Hub, Remote},
    embed::Offer,
    folder::{Installed, InstalledFile, ModelFolder},
};
use hearback_domain::{
    error::{Error, NextStep, Result},
    job::{Job, Step, Unit},
};

/// Attempts in a row that bring no byte.
const ATTEMPTS: u32 = 3;

/// A file that is fetched: its own name, what the hub says of it, and where what is there of it lies.
struct Wanted {
    name: String,
    remote: Remote,
    part: PathBuf,
}

impl Wanted {
    fn there(&self) -> u64 {
        fs::metadata(&self.part).map_or(0, |part| part.len().min(self.remote.size))
    }
}

/// Fetches a model, tries it, and puts it into the models folder.
///
/// # Errors
/// `Input` without consent, saying what would be fetched; `Component` for whatever goes wrong with the network or the
/// model; `File` for the disk; cancelled.
pub fn fetch(
    offer: &Offer,
    hub: &Hub,
    consent: Consent,
    models: &ModelFolder,
    runtime: PathBuf,
    job: &Job,
) -> Result<Installed> {
    if consent == Consent::NotGiven {
        return Err(Error::input(format!(
            "{} is not on this machine: some {} MB would be fetched from {} ({}), under the licence {}",
            offer.title,
            offer.bytes.div_ceil(1_000_000),
            hub.host(),
            hub.page(offer.repository),
            offer.licence
        ))
        .hint("Nothing was fetched: agree to it, or add a folder with the model")
        .next(NextStep::Models));
    }
    if models.has(offer.key) {
        return Err(Error::input(format!("the model {} is installed already", offer.key))
            .hint("Choose it, or remove it first to fetch it again"));
    }
    let stage = models.stage_of(offer.key)?;
    let wanted = look(offer, hub, &stage, job)?;
    agreed(offer, &wanted)?;
    let total = wanted.iter().map(|file| file.remote.size - file.there()).sum();
    let mut done = 0;
    let mut files = Vec::new();
    for file in &wanted {
        let sha256 = whole(offer, hub, file, models, job, &mut |bytes| {
            done += bytes;
            job.progress(Step::Downloading, Unit::Bytes, done, Some(total));
        })?;
        files.push(InstalledFile { name: file.name.clone(), size: file.remote.size, sha256 });
    }
    job.check()?;
    for file in &wanted {
        fs::rename(&file.part, stage.join(&file.name)).map_err(|error| models.unwritable(error))?;
    }
    job.progress(Step::LoadingModel, Unit::Texts, 0, None);
    let model = Installed {
        key: offer.key.to_owned(),
        title: offer.title.to_owned(),
        languages: Some(offer.languages.to_owned()),
        origin: hub.page(offer.repository),
        licence: Some(offer.licence.to_owned()),
        pooling: offer.pooling,
        max_length: offer.max_length,
        prefix: offer.prefix.to_owned(),
        external: offer.external.iter().map(|path| own_name(path).to_owned()).collect(),
        files,
        dimension: 0,
        digest: String::new(),
    };
    let put = models.tried(model, &stage, runtime).and_then(|model| {
        if model.dimension != offer.dimension {
            return Err(Error::component(format!(
                "{} gives vectors of {} numbers instead of {}",
                offer.title, model.dimension, offer.dimension
            ))
            .hint("The hub may have another model under its name by now: choose another one"));
        }
        models.put(&model, &stage)?;
        Ok(model)
    });
    if put.is_err() {
        // It came as the hub has it, and will not be better the next time.
        let _ = fs::remove_dir_all(&stage);
    }
    put
}

/// What the hub says of every file.
fn look(offer: &Offer, hub: &Hub, stage: &Path, job: &Job) -> Result<Vec<Wanted>> {
    let mut wanted = Vec::new();
    for path in offer.files() {
        let remote = hub.look(offer.repository, path, job).map_err(|failure| named(offer, path, failure.error()))?;
        let name = if path == offer.onnx { "model.onnx" } else { own_name(path) };
        // Named by what it is a part of: another version of the file does not go on from it.
        let version = remote.sha256.as_deref().map_or_else(|| "whole".to_owned(), |digest| digest[..16].to_owned());
        let part = stage.join(format!("{name}.{}.{version}.part", remote.size));
        if remote.sha256.is_none() {
            // Small, and nothing says that it is still the same.
            let _ = fs::remove_file(&part);
        }
        wanted.push(Wanted { name: name.to_owned(), remote, part });
    }
    Ok(wanted)
}

/// The user agreed to about so much.
fn agreed(offer: &Offer, wanted: &[Wanted]) -> Result<()> {
    let bytes: u64 = wanted.iter().map(|file| file.remote.size).sum();
    if bytes <= offer.bytes + offer.bytes / 2 {
        return Ok(());
    }
    Err(Error::component(format!(
        "{} has {} MB by now instead of some {}: nothing was fetched",
        offer.title,
        bytes / 1_000_000,
        offer.bytes / 1_000_000
    ))
    .hint("Choose another model, or fetch this one yourself and add its folder"))
}

/// Fetches what is missing of a file; its SHA-256. `came` is told of every piece.
fn whole(
    offer: &Offer,
    hub: &Hub,
    file: &Wanted,
    models: &ModelFolder,
    job: &Job,
    came: &mut dyn FnMut(u64),
) -> Result<String> {
    let mut failures = 0;
    while file.there() < file.remote.size {
        let before = file.there();
        match piece(hub, file, models, job, came) {
            Ok(()) => {}
            Err(Failure::Passing(error)) => {
                failures = if file.there() > before { 0 } else { failures + 1 };
                if failures >= ATTEMPTS {
                    return Err(named(offer, &file.name, error));
                }
            }
            Err(failure) => return Err(named(offer, &file.name, failure.error())),
        }
    }
    came(0);
    let (size, sha256) = digest(&file.part, job).map_err(|error| match error {
        Unread::Cancelled(error) => error,
        Unread::Failed(error) => models.unwritable(error),
    })?;
    let stated = file.remote.sha256.as_ref();
    let fits = size == file.remote.size && stated.is_none_or(|stated| *stated == sha256);
    if !fits {
        if let Some(stage) = file.part.parent() {
            // Whatever else lies there came from the same place.
            let _ = fs::remove_dir_all(stage);
        }
        return Err(Error::component(format!(
            "{} of {} is not what the hub has: {size} bytes with the digest {sha256} came instead of {} with {}",
            file.name,
            offer.repository,
            file.remote.size,
            stated.map_or("none stated", String::as_str)
        ))
        .hint("Nothing of it was kept. Try again; if it stays so, a proxy may be altering what comes"));
    }
    Ok(sha256)
}

/// Fetches on from what is there, until the file or the connection ends.
fn piece(
    hub: &Hub,
    file: &Wanted,
    models: &ModelFolder,
    job: &Job,
    came: &mut dyn FnMut(u64),
) -> std::result::Result<(), Failure> {
    let from = file.there();
    let mut incoming = hub.open(&file.remote, from, job)?;
    let failed = |error| Failure::Final(models.unwritable(error));
    let mut part = OpenOptions::new().create(true).append(true).open(&file.part).map_err(failed)?;
    if incoming.from != from {
        // The server does not go on from the middle.
        part.set_len(0).map_err(failed)?;
    }
    let mut there = incoming.from;
    while let Some(bytes) = incoming.next(job)? {
        part.write_all(&bytes).map_err(failed)?;
        there += bytes.len() as u64;
        if there > file.remote.size {
            // More than there should be: the digest will say the rest.
            break;
        }
        came(bytes.len() as u64);
    }
    if there < file.remote.size {
        let error = io::Error::from(io::ErrorKind::UnexpectedEof);
        return Err(Failure::Passing(
            Error::component(format!(
                "{} ended the connection after {there} of {} bytes",
                hub.host(),
                file.remote.size
            ))
            .hint("Try again: what was fetched is kept")
            .because(error),
        ));
    }
    Ok(())
}

pub enum Unread {
    Cancelled(Error),
    Failed(io::Error),
}

/// Size and SHA-256 of a file.
fn digest(path: &Path, job: &Job) -> std::result::Result<(u64, String), Unread> {
    copy(path, &mut io::sink(), job, &mut |_| {})
}

/// Copies a file and tells of every piece; its size and SHA-256.
pub fn copy(
    from: &Path,
    to: &mut dyn Write,
    job: &Job,
    copied: &mut dyn FnMut(u64),
) -> std::result::Result<(u64, String), Unread> {
    let mut file = File::open(from).map_err(Unread::Failed)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut size = 0;
    loop {
        job.check().map_err(Unread::Cancelled)?;
        let count = file.read(&mut buffer).map_err(Unread::Failed)?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
        to.write_all(&buffer[..count]).map_err(Unread::Failed)?;
        size += count as u64;
        copied(count as u64);
    }
    Ok((size, hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

fn own_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Says which file of which model an error is about.
fn named(offer: &Offer, file: &str, error: Error) -> Error {
    if error.is_cancelled() {
        return error;
    }
    Error { message: format!("{} of {} could not be fetched: {}", own_name(file), offer.title, error.message), ..error }
}
