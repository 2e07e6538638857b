//! What is open, and what is running?

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Instant,
};

use hearback_app::{Components, Workspace, store::is_held_elsewhere};
use hearback_domain::{
    error::{Error, Result},
    job::{CancelHandle, Job},
};
use hearback_wire::{
    AppState, Failure, ImportReport, PersonalData, Settings, WatchEvent, WatchedFolder, WorkspaceInfo,
};
use tauri::ipc::Channel;

use crate::{
    jobs::Jobs,
    settings::Remembered,
    watched_folder::{self, Folder, Imported},
};

pub struct Shell {
    data: PathBuf,
    components: Components,
    current: Mutex<Option<Arc<Workspace>>>,
    /// Why no workspace is open, if so.
    problem: Mutex<Option<Failure>>,
    remembered: Mutex<Remembered>,
    /// Where what came of watched folders is told.
    listener: Mutex<Option<Channel<WatchEvent>>>,
    /// What recall needs, being loaded.
    loading: Mutex<Option<(CancelHandle, JoinHandle<()>)>>,
    pub jobs: Jobs,
    ending: CancelHandle,
    began: Instant,
}

impl Shell {
    /// Opens `workspace`, else the one that was open last, else an empty one of the user's own.
    pub fn start(data: PathBuf, workspace: Option<PathBuf>) -> Self {
        let shell = Self {
            remembered: Mutex::new(Remembered::load(&settings_file(&data))),
            data,
            components: Components::find(),
            current: Mutex::default(),
            problem: Mutex::default(),
            listener: Mutex::default(),
            loading: Mutex::default(),
            jobs: Jobs::default(),
            ending: CancelHandle::default(),
            began: Instant::now(),
        };
        let asked = workspace.or_else(|| shell.remembered().recent.iter().find(|path| path.exists()).cloned());
        let path = asked.unwrap_or_else(|| shell.data.join("Feedback.hearback"));
        if let Err(error) = shell.open(&path) {
            *lock(&shell.problem) = Some(Failure::from(&error));
        }
        shell
    }

    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`] where none is open.
    pub fn workspace(&self) -> Result<Arc<Workspace>> {
        lock(&self.current)
            .clone()
            .ok_or_else(|| Error::workspace("no workspace is open").hint("Open one, or make a new one"))
    }

    /// Opens a workspace in the place of the one that is open; that one stays where this one fails.
    pub fn open(&self, path: &Path) -> Result<WorkspaceInfo> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let current = lock(&self.current).clone();
        let opened = match current {
            // DuckDB lets a file be opened once only.
            Some(opened) if opened.path() == path => opened,
            _ => Arc::new(Workspace::open(&path, self.components.clone())?),
        };
        let info = WorkspaceInfo::of(&opened)?;
        let before = lock(&self.current).replace(Arc::clone(&opened));
        *lock(&self.problem) = None;
        if let Some(before) = before.filter(|before| !Arc::ptr_eq(before, &opened)) {
            // Nothing of one workspace goes on in the next one.
            self.jobs.cancel_all();
            self.stop_loading();
            // Whatever cannot be brought into the file stays in the log beside it.
            let _ = before.close();
        }
        self.prepare_recall();
        let mut remembered = self.remembered();
        remembered.opened(&path);
        self.keep(&remembered);
        Ok(info)
    }

    /// Lets go of the workspace at `path`, so that its file may be replaced.
    pub fn close(&self, path: &Path) {
        let mut slot = lock(&self.current);
        if slot.as_ref().is_some_and(|opened| opened.path() == path) {
            self.stop_loading();
            if let Some(opened) = slot.take() {
                let _ = opened.close();
            }
        }
    }

    /// The application ends: what is running stops, and the one file holds everything.
    pub fn end(&self) {
        self.ending.cancel();
        self.jobs.cancel_all();
        self.stop_loading();
        let opened = lock(&self.current).take();
        if let Some(Err(error)) = opened.map(|opened| opened.close()) {
            eprintln!("hearback: {error}; what is not in the file lies in the log beside it");
        }
    }

    /// Work that nobody watches, and that stops when the application ends.
    pub fn quiet_job(&self) -> Job {
        Job::new(self.ending.clone(), |_| {})
    }

    /// Loads what recall needs in the background, or brings it up to date: a first question that comes earlier waits.
    pub fn prepare_recall(&self) {
        self.stop_loading();
        let Ok(opened) = self.workspace() else { return };
        let cancel = CancelHandle::default();
        let job = Job::new(cancel.clone(), |_| {});
        let work = move || {
            // Whatever goes wrong is told to whoever asks; loading is tried again then.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| opened.load_recall(&job)));
        };
        // Without a thread the first question loads.
        if let Ok(thread) = std::thread::Builder::new().name("recall".to_owned()).spawn(work) {
            *lock(&self.loading) = Some((cancel, thread));
        }
    }

    /// The thread that loads holds the workspace open: it ends within a page of vectors.
    fn stop_loading(&self) {
        if let Some((cancel, thread)) = lock(&self.loading).take() {
            cancel.cancel();
            let _ = thread.join();
        }
    }

    pub fn app_state(&self) -> Result<AppState> {
        let opened = lock(&self.current).clone();
        let remembered = self.remembered().clone();
        Ok(AppState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            workspace: opened.as_deref().map(WorkspaceInfo::of).transpose()?,
            problem: lock(&self.problem).clone(),
            recent: remembered.recent(),
            settings: remembered.settings,
        })
    }

    pub fn set_settings(&self, settings: Settings) -> Settings {
        let mut remembered = self.remembered();
        remembered.settings = settings.clone();
        self.keep(&remembered);
        settings
    }

    pub fn personal_data(&self) -> PersonalData {
        self.remembered().settings.personal_data.clone()
    }

    pub fn tell_of_folders(&self, listener: Channel<WatchEvent>) {
        *lock(&self.listener) = Some(listener);
    }

    /// The folders that are watched for the workspace at `workspace`.
    pub fn folders(&self, workspace: &Path) -> Vec<Folder> {
        self.remembered().folders.get(workspace).cloned().unwrap_or_default()
    }

    /// # Errors
    /// No workspace is open.
    pub fn watched_folders(&self) -> Result<Vec<WatchedFolder>> {
        let folders = self.folders(self.workspace()?.path());
        let twin = |known: Folder| WatchedFolder {
            folder: known.folder.display().to_string(),
            enabled: known.enabled,
            last: known.last,
        };
        Ok(folders.into_iter().map(twin).collect())
    }

    /// Watches a folder for the open workspace, or no longer. What lies there at that moment is left alone.
    ///
    /// # Errors
    /// No workspace is open; the folder cannot be read.
    pub fn watch_folder(&self, folder: &Path, enabled: bool) -> Result<()> {
        let workspace = self.workspace()?.path().to_owned();
        let new = enabled.then(|| Folder::new(folder)).transpose()?;
        self.change_folders(&workspace, |folders| {
            let place = folders.iter().position(|known| known.folder == folder);
            match (place, new) {
                (Some(place), Some(new)) => folders[place] = Folder { last: folders[place].last.take(), ..new },
                (Some(place), None) => folders[place].enabled = false,
                (None, Some(new)) => folders.push(new),
                (None, None) => {}
            }
        });
        Ok(())
    }

    /// # Errors
    /// No workspace is open.
    pub fn forget_folder(&self, folder: &Path) -> Result<()> {
        let workspace = self.workspace()?.path().to_owned();
        self.change_folders(&workspace, |folders| folders.retain(|known| known.folder != folder));
        Ok(())
    }

    /// Files landed in a watched folder: does `work` with them, remembers that, and tells of it.
    pub fn landed(
        &self,
        workspace: &Path,
        folder: &Path,
        files: Vec<PathBuf>,
        work: impl FnOnce(Vec<PathBuf>) -> Vec<Result<ImportReport>>,
    ) -> Imported {
        // A defect in one file must not end the watching: it is seen, and not tried again.
        let results = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(files.clone())))
            .unwrap_or_else(|_| vec![Err(Error::internal("an import from a watched folder stopped unexpectedly"))]);
        if results.iter().any(|result| result.as_ref().is_err_and(Error::is_cancelled)) {
            // The application ends, and the next start finds the files.
            return Imported::NotYet;
        }
        let held = results.iter().find_map(|result| result.as_ref().err().filter(|error| is_held_elsewhere(error)));
        let imported = if held.is_some() { Imported::NotYet } else { Imported::Done };
        let last = |known: &Folder, error: &Error| {
            known.last.as_ref().is_some_and(|last| watched_folder::is_same(last, error))
        };
        if held.is_some_and(|error| {
            self.folders(workspace).iter().any(|known| known.folder == folder && last(known, error))
        }) {
            return imported;
        }
        let (events, last) = watched_folder::told(folder, results);
        self.change_folders(workspace, |folders| {
            if let Some(known) = folders.iter_mut().find(|known| known.folder == folder) {
                if imported == Imported::Done {
                    known.see(files);
                }
                known.last = last.or(known.last.take());
            }
        });
        if let Some(listener) = lock(&self.listener).as_ref() {
            for event in events {
                // A window that is gone no longer listens; what was imported stays.
                let _ = listener.send(event);
            }
        }
        imported
    }

    fn change_folders(&self, workspace: &Path, change: impl FnOnce(&mut Vec<Folder>)) {
        let mut remembered = self.remembered();
        change(remembered.folders.entry(workspace.to_owned()).or_default());
        self.keep(&remembered);
    }

    /// With `HEARBACK_REPORT_START`, one line on stdout: for the benchmark, which waits for it.
    pub fn report_start(&self) {
        if std::env::var_os("HEARBACK_REPORT_START").is_some() {
            let line = serde_json::json!({ "name": "start", "value": self.began.elapsed().as_secs_f64(), "unit": "s" });
            let mut stdout = std::io::stdout();
            // Nobody may be listening any more.
            let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
        }
    }

    pub fn components(&self) -> Components {
        self.components.clone()
    }

    pub fn sample_path(&self) -> PathBuf {
        self.data.join("Sample.hearback")
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        lock(&self.remembered)
    }

    /// Settings that cannot be kept are no reason to stop: they hold until the application ends.
    fn keep(&self, remembered: &Remembered) {
        if let Err(error) = remembered.save(&settings_file(&self.data)) {
            eprintln!("hearback: the settings could not be saved: {error}");
        }
    }
}

fn settings_file(data: &Path) -> PathBuf {
    data.join("settings.json")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
