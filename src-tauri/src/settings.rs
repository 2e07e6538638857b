//! What does the application remember between two starts? Its settings, and which workspaces were open.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use hearback_wire::{Appearance, PersonalData, RecentWorkspace, Settings};
use serde::{Deserialize, Serialize};

use crate::watched_folder::Folder;

/// As many as a menu shows.
const RECENT: usize = 8;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    pub settings: Settings,
    /// Newest first.
    pub recent: Vec<PathBuf>,
    /// The folders that are watched for each workspace.
    pub folders: BTreeMap<PathBuf, Vec<Folder>>,
}

impl Default for Remembered {
    fn default() -> Self {
        let settings = Settings { appearance: Appearance::System, personal_data: PersonalData::default() };
        Self { settings, recent: Vec::new(), folders: BTreeMap::new() }
    }
}

impl Remembered {
    /// What `file` says; the defaults where there is none, or where it cannot be understood.
    pub fn load(file: &Path) -> Self {
        fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Written whole or not at all.
    pub fn save(&self, file: &Path) -> io::Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let temporary = file.with_extension("json.new");
        fs::write(&temporary, serde_json::to_vec_pretty(self)?)?;
        fs::rename(temporary, file)
    }

    pub fn opened(&mut self, workspace: &Path) {
        self.recent.retain(|path| path != workspace);
        self.recent.insert(0, workspace.to_owned());
        self.recent.truncate(RECENT);
    }

    /// Those that are still there.
    pub fn recent(&self) -> Vec<RecentWorkspace> {
        self.recent
            .iter()
            .filter(|path| path.exists())
            .map(|path| RecentWorkspace {
                path: path.display().to_string(),
                name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_an_older_hearback_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        fs::write(&file, r#"{"settings":{"appearance":"dark"},"recent":["/a"]}"#).unwrap();
        let loaded = Remembered::load(&file);
        assert_eq!(loaded.settings.appearance, Appearance::Dark);
        assert_eq!(loaded.recent, [PathBuf::from("/a")]);
    }

    #[test]
    fn what_is_remembered_comes_back_and_nonsense_is_no_obstacle() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/settings.json");
        let mut remembered = Remembered::default();
        remembered.settings.appearance = Appearance::Dark;
        for name in ["a", "b", "a"] {
            remembered.opened(&folder.path().join(name));
        }
        remembered.save(&file).unwrap();
        let loaded = Remembered::load(&file);
        assert_eq!(loaded.settings.appearance, Appearance::Dark);
        assert_eq!(loaded.recent, [folder.path().join("a"), folder.path().join("b")]);
        assert!(loaded.recent().is_empty(), "neither is there");
        fs::write(&file, "{{{").unwrap();
        assert!(Remembered::load(&file).recent.is_empty());
    }
}
