//! Are the native libraries and the embedding model in `assets/`, exactly those that were pinned? If not: from the user's
//! cache, and only if it is not there either, through the registry's client.
//!
//! Invariant: a set of files appears in `assets/` whole and verified, by one rename, or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::digest;
use crate::disk;
use crate::failure::Failure;
use crate::onnx;
use crate::pins::{self, Archive, Client, File, Member, Origin, Set};
use crate::places::{self, Places};
use crate::process;
use crate::tools;

/// Written last into an installed folder: digest, size and name of each file.
const STAMP: &str = ".installed";
const RETRY_HINT: &str = "Check the network (or the settings of npm and pip), then run the same command again; what was already fetched is kept.";

/// Installs what is missing. Says nothing, reads no file but the stamps and takes well under a millisecond when nothing is.
pub fn install(places: &Places) -> Result<(), Failure> {
    let sets = pins::sets().ok_or_else(|| {
        let system = format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH);
        Failure::new(format!("There are no pinned libraries for {system}."), "Add them to src-tauri/xtask/src/pins.rs.")
    })?;
    for set in sets {
        let folder = places.root.join("assets").join(set.folder);
        if is_stamped(set, &folder) {
            continue;
        }
        if let Some(stamp) = adopt(set, &folder) {
            write(&folder.join(STAMP), stamp.as_bytes())?;
            continue;
        }
        println!("setup: installing {} into {}", set.what, places::short(&folder, &places.root));
        disk::require(&places.cache, 1)?;
        disk::require(&places.root, 1)?;
        replace(set, &folder, places)?;
    }
    Ok(())
}

/// Whether the stamp is that of the pinned files, and each file still has its size.
fn is_stamped(set: &Set, folder: &Path) -> bool {
    let Ok(stamp) = fs::read_to_string(folder.join(STAMP)) else { return false };
    let mut lines = stamp.lines();
    let all_there = set.files.iter().all(|file| {
        let Some((sha256, rest)) = lines.next().and_then(|line| line.split_once(' ')) else { return false };
        let Some((size, name)) = rest.split_once(' ') else { return false };
        let now = fs::metadata(folder.join(file.name)).map(|metadata| metadata.len().to_string());
        name == file.name && (sha256 == file.sha256 || file.sha256.is_empty()) && now.is_ok_and(|now| now == size)
    });
    all_there && lines.next().is_none()
}

/// The stamp for a folder whose files are right, whoever put them there.
fn adopt(set: &Set, folder: &Path) -> Option<String> {
    let mut stamp = String::new();
    for file in set.files {
        let path = folder.join(file.name);
        let size = fs::metadata(&path).ok()?.len();
        let sha256 = digest::of_file(&path).ok()?;
        if !file.sha256.is_empty() && file.sha256 != sha256 {
            return None;
        }
        stamp += &format!("{sha256} {size} {}\n", file.name);
    }
    Some(stamp)
}

/// Builds the set under a temporary name beside its place, and renames it.
fn replace(set: &Set, folder: &Path, places: &Places) -> Result<(), Failure> {
    let temporary = Temporary::beside(&places.root.join("assets"), set.folder)?;
    let mut by_archive: BTreeMap<&str, Vec<(&Member, PathBuf)>> = BTreeMap::new();
    for file in set.files {
        let place = temporary.path.join(file.name);
        match &file.origin {
            Origin::Member(member) => by_archive.entry(member.archive.file).or_default().push((member, place)),
            Origin::Converted { weights, config } => {
                let wanted = by_archive.entry(weights.archive.file).or_default();
                wanted.push((weights, temporary.path.join("weights.part")));
                wanted.push((config, temporary.path.join("config.part")));
            }
            Origin::ByHand(source) => copy_by_hand(&folder.join(file.name), &place, source)?, // not run here
        }
    }
    for members in by_archive.values() {
        let archive = fetch(members[0].0.archive, &places.cache, &download)?;
        unpack(&archive, members)?;
    }
    for file in set.files {
        if matches!(file.origin, Origin::Converted { .. }) {
            convert(file, &temporary.path)?;
        }
    }
    let stamp = adopt(set, &temporary.path).ok_or_else(|| {
        Failure::new(
            format!("{} did not come out as pinned.", set.what),
            "Run the same command again; if it stays so, report it.",
        )
    })?;
    write(&temporary.path.join(STAMP), stamp.as_bytes())?;
    temporary.rename(folder)
}

/// The verified archive in the cache, fetched if need be. `download` leaves the archive in the folder it is given.
fn fetch(
    archive: &Archive,
    cache: &Path,
    download: &dyn Fn(&Archive, &Path) -> Result<(), Failure>,
) -> Result<PathBuf, Failure> {
    let kept = cache.join("downloads").join(archive.sha256);
    let file = kept.join(archive.file);
    if file.exists() {
        if digest::of_file(&file)? == archive.sha256 {
            return Ok(file);
        }
        println!("setup: {} in the cache is damaged and is fetched again", archive.file);
        remove(&kept)?;
    }
    println!("setup: fetching {} ({} MB)", archive.what, archive.megabytes);
    let temporary = Temporary::beside(cache, "download")?;
    download(archive, &temporary.path)?;
    let fetched = temporary.path.join(archive.file);
    if !fetched.exists() {
        return Err(Failure::new(
            format!("{} was fetched, but {} is not there.", archive.what, archive.file),
            RETRY_HINT,
        ));
    }
    let sha256 = digest::of_file(&fetched)?;
    if sha256 != archive.sha256 {
        return Err(mismatch(archive.file, archive.sha256, &sha256));
    }
    keep_only(archive.file, &temporary.path)?;
    temporary.rename(&kept)?;
    Ok(file)
}

/// Whatever else the client left was not pinned and has no place in the cache.
fn keep_only(name: &str, folder: &Path) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::file("read", folder, &error))?;
    entries.flatten().filter(|entry| entry.file_name() != name).try_for_each(|entry| remove(&entry.path()))
}

fn download(archive: &Archive, folder: &Path) -> Result<(), Failure> {
    let mut command = match archive.client {
        Client::Npm { package } => {
            let mut npm = process::node_tool("npm", folder);
            npm.args(["pack", "--loglevel=error", "--fetch-timeout=60000", "--fetch-retries=2"]);
            npm.args(["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000", package]);
            npm
        }
        Client::Pip { requirement, platform } => {
            let mut python = require_pip()?;
            python.current_dir(folder).args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check"]);
            python.args(["--timeout", "60", "--retries", "2", "--no-deps", "--only-binary=:all:", "--dest", "."]);
            python.args(["--implementation", "cp", "--python-version", "3.11"]);
            if let Some(platform) = platform {
                python.args(["--abi", "cp311", "--platform", platform]);
            }
            python.arg(requirement);
            python
        }
    };
    let subject = format!("{} could not be fetched", sentence_start(archive.what));
    process::capture_as(&mut command, &subject, RETRY_HINT).map(|_| ())
}

fn require_pip() -> Result<Command, Failure> {
    let next = "Install it (Debian/Ubuntu: `apt install python3-pip`; elsewhere `python3 -m ensurepip`), then run the same command again.";
    let mut python = tools::python()?;
    match process::capture(python.args(["-m", "pip", "--version"]), next) {
        Ok(_) => tools::python(),
        Err(_) => Err(Failure::new("Python 3 is there, but its pip is not.", next)),
    }
}

/// Takes the members out and checks each.
fn unpack(archive: &Path, members: &[(&Member, PathBuf)]) -> Result<(), Failure> {
    let mut python = tools::python()?;
    python.args(["-c", include_str!("unpack.py")]).arg(archive);
    for (member, place) in members {
        python.arg(member.path).arg(place);
    }
    let folder = members[0].1.parent().unwrap_or(Path::new("."));
    let next = format!("Remove {} and run the same command again.", archive.display());
    process::capture(python.current_dir(folder), &next).map_err(|failure| match failure.what.contains("is full") {
        true => failure,
        false => Failure::new(format!("{} could not be unpacked.", archive.display()), next),
    })?;
    for (member, place) in members {
        let sha256 = digest::of_file(place)?;
        if sha256 != member.sha256 {
            return Err(mismatch(member.path, member.sha256, &sha256));
        }
    }
    Ok(())
}

/// `weights.part` and `config.part` become the file itself, and go.
fn convert(file: &File, folder: &Path) -> Result<(), Failure> {
    let [weights, config] = ["weights.part", "config.part"].map(|name| folder.join(name));
    let model = onnx::convert(&read(&weights)?, &read(&config)?).map_err(|error| {
        Failure::new(
            format!("{} could not be made: {error}.", file.name),
            "Report this; the model's files are not as expected.",
        )
    })?;
    let sha256 = digest::of_bytes(&model);
    if sha256 != file.sha256 {
        return Err(mismatch(file.name, file.sha256, &sha256));
    }
    write(&folder.join(file.name), &model)?;
    remove(&weights)?;
    remove(&config)
}

fn copy_by_hand(from: &Path, to: &Path, source: &str) -> Result<(), Failure> {
    match fs::copy(from, to) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Failure::new(
            format!("{} is not there, and the registries have no package of it for this system.", from.display()),
            format!("Put it there from {source}, then run the same command again."),
        )),
        Err(error) => Err(Failure::file("copy", from, &error)),
    }
}

fn mismatch(name: &str, wanted: &str, found: &str) -> Failure {
    Failure::new(
        format!("{name} is not the file that was pinned: its SHA-256 is {found}, not {wanted}; nothing was installed."),
        "Run the same command again; if it stays so, the source has changed: do not use it, and report it.",
    )
}

/// A folder under a name that nobody looks for; gone at the end unless it was renamed.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    /// Also sweeps away what a killed run left for the same `purpose`.
    fn beside(folder: &Path, purpose: &str) -> Result<Self, Failure> {
        let prefix = format!(".partial-{}-", purpose.replace('/', "-"));
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let owner = name.to_str().and_then(|name| name.strip_prefix(&prefix));
            if owner.is_some_and(|owner| !is_running(owner)) {
                remove(&entry.path())?;
            }
        }
        let path = folder.join(format!("{prefix}{}", std::process::id()));
        remove(&path)?;
        fs::create_dir_all(&path).map_err(|error| Failure::file("create", &path, &error))?;
        Ok(Self { path })
    }

    /// Puts the folder in its place; what was there goes aside first, so that the place never holds a mixture.
    fn rename(self, place: &Path) -> Result<(), Failure> {
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(|error| Failure::file("create", parent, &error))?;
        }
        let aside = self.path.with_extension("old");
        match fs::rename(place, &aside) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(Failure::file("replace", place, &error)),
            _ => {}
        }
        if let Err(error) = fs::rename(&self.path, place) {
            let _ = fs::rename(&aside, place); // as it was; the first error is the one to tell
            return Err(Failure::file("write", place, &error));
        }
        remove(&aside)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path); // nothing looks for it
    }
}

/// Whether a process with this id runs; where that cannot be seen, an old folder is taken for abandoned.
fn is_running(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_digit()) && Path::new("/proc").join(id).exists()
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::file("read", path, &error))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| Failure::file("write", path, &error))
}

/// Removes a file, a link (and not what it points to) or a folder, if it is there.
fn remove(path: &Path) -> Result<(), Failure> {
    let outcome = match fs::symlink_metadata(path) {
        Err(_) => return Ok(()),
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    };
    outcome.map_err(|error| Failure::file("remove", path, &error))
}

fn sentence_start(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// A folder of this test's own.
    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("hearback-xtask-{name}-{}", std::process::id()));
        remove(&folder).unwrap();
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    static ARCHIVE: Archive = Archive {
        what: "the letters",
        client: Client::Npm { package: "none" },
        file: "abc.tgz",
        sha256: ABC,
        megabytes: 1,
    };

    static SET: Set = Set {
        what: "letters",
        folder: "letters",
        files: &[File {
            name: "abc.txt",
            sha256: ABC,
            origin: Origin::Member(Member { archive: &ARCHIVE, path: "abc.txt", sha256: ABC }),
        }],
    };

    #[test]
    fn an_archive_is_fetched_once_and_then_comes_from_the_cache() {
        let cache = scratch("cache");
        let calls = Cell::new(0);
        let download = |archive: &Archive, folder: &Path| {
            calls.set(calls.get() + 1);
            write(&folder.join("stray.tgz"), b"not asked for")?;
            write(&folder.join(archive.file), b"abc")
        };
        let first = fetch(&ARCHIVE, &cache, &download).unwrap();
        assert_eq!(first, cache.join("downloads").join(ABC).join("abc.tgz"));
        assert_eq!(fs::read_dir(first.parent().unwrap()).unwrap().count(), 1, "only what was pinned is kept");
        assert_eq!(fetch(&ARCHIVE, &cache, &download).unwrap(), first);
        assert_eq!(calls.get(), 1);
        fs::write(&first, b"damaged").unwrap();
        fetch(&ARCHIVE, &cache, &download).unwrap();
        assert_eq!((calls.get(), fs::read(&first).unwrap()), (2, b"abc".to_vec()));
        remove(&cache).unwrap();
    }

    #[test]
    fn a_wrong_digest_is_told_and_leaves_nothing() {
        let cache = scratch("digest");
        let failure =
            fetch(&ARCHIVE, &cache, &|archive, folder| write(&folder.join(archive.file), b"abd")).unwrap_err();
        assert!(failure.what.starts_with("abc.tgz is not the file that was pinned"), "{failure}");
        assert!(failure.what.contains(ABC) && failure.what.ends_with("nothing was installed."), "{failure}");
        assert_eq!(fs::read_dir(&cache).unwrap().count(), 0);
        remove(&cache).unwrap();
    }

    #[test]
    fn a_failed_download_leaves_nothing() {
        let cache = scratch("failed");
        let wanted = Failure::new("No network.", "Plug it in.");
        let failure = fetch(&ARCHIVE, &cache, &|archive, folder| {
            write(&folder.join(archive.file), b"ab")?;
            Err(Failure::new("No network.", "Plug it in."))
        });
        assert_eq!(failure, Err(wanted));
        assert_eq!(fs::read_dir(&cache).unwrap().count(), 0);
        remove(&cache).unwrap();
    }

    #[test]
    fn a_folder_is_replaced_whole_and_a_link_is_not_followed() {
        let assets = scratch("rename");
        let elsewhere = assets.join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        fs::write(elsewhere.join("kept"), "").unwrap();
        let place = assets.join("models/letters");
        for round in 0..2 {
            let temporary = Temporary::beside(&assets, "models/letters").unwrap();
            fs::write(temporary.path.join(format!("file{round}")), "").unwrap();
            temporary.rename(&place).unwrap();
            let names: Vec<_> = fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(names, [format!("file{round}").as_str()]);
        }
        #[cfg(unix)]
        {
            remove(&place).unwrap();
            std::os::unix::fs::symlink(&elsewhere, &place).unwrap();
            Temporary::beside(&assets, "models/letters").unwrap().rename(&place).unwrap();
            assert!(elsewhere.join("kept").exists() && place.is_dir() && !place.is_symlink());
        }
        let left: Vec<_> = fs::read_dir(&assets).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "{left:?}");
        remove(&assets).unwrap();
    }

    #[test]
    fn what_a_killed_run_left_is_swept_away() {
        let assets = scratch("sweep");
        fs::create_dir(assets.join(".partial-native-4000000000")).unwrap(); // above the largest process id
        drop(Temporary::beside(&assets, "native").unwrap());
        assert_eq!(fs::read_dir(&assets).unwrap().count(), 0);
        remove(&assets).unwrap();
    }

    #[test]
    fn right_files_are_adopted_and_a_changed_size_is_noticed() {
        let folder = scratch("stamp");
        fs::write(folder.join("abc.txt"), "abd").unwrap();
        assert_eq!(adopt(&SET, &folder), None);
        fs::write(folder.join("abc.txt"), "abc").unwrap();
        let stamp = adopt(&SET, &folder).unwrap();
        assert!(!is_stamped(&SET, &folder));
        fs::write(folder.join(STAMP), &stamp).unwrap();
        assert!(is_stamped(&SET, &folder));
        fs::write(folder.join("abc.txt"), "abcd").unwrap();
        assert!(!is_stamped(&SET, &folder));
        fs::write(folder.join("abc.txt"), "abc").unwrap();
        fs::write(folder.join(STAMP), stamp.replace(ABC, &ABC.replace('b', "c"))).unwrap();
        assert!(!is_stamped(&SET, &folder));
        remove(&folder).unwrap();
    }
}
