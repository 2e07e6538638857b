//! The sample workspace: synthetic exports, imported and analysed like anybody's.

use std::path::{Path, PathBuf};

use crate::{
    AnalysisOptions, Components, ImportOptions, Workspace,
    sample::{self, SampleOptions},
};
use hearback_domain::{
    Timestamp,
    error::{Error, Result},
    job::Job,
};
use hearback_store::{Holding, Store};

#[derive(Clone, Debug)]
pub struct SampleRequest {
    pub sessions: u32,
    pub seed: u64,
    /// Where the workspace file shall lie; replaced if it is there.
    pub workspace: PathBuf,
    pub now: Timestamp,
}

/// Makes the sample workspace. It is put in place when it is whole: stopped in the middle, nothing is there.
///
/// # Errors
/// Where files cannot be written, components are missing, or the user cancelled.
pub fn make_sample(request: &SampleRequest, components: Components, job: &Job) -> Result<()> {
    let folder = request.workspace.parent().unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| {
        Error::file(format!("cannot write the sample workspace to {}", folder.display())).because(error)
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let scratch = tempfile::Builder::new().prefix(".sample-").tempdir_in(folder).map_err(failed)?;
    let exports = scratch.path().join("exports");
    sample::write(&SampleOptions { sessions: request.sessions, seed: request.seed, out: exports.clone() }, job)?;
    let file = scratch.path().join("sample.hearback");
    {
        let workspace = Workspace::open_as(&file, Holding::Writing, components)?;
        workspace.import(&[exports], &ImportOptions::new(request.now), job)?;
        workspace.store.mark_synthetic()?;
        workspace.analyse(&AnalysisOptions::new(request.now), job)?;
        workspace.close()?;
    }
    let log = Store::log_beside(&request.workspace).map(|(log, _)| log);
    for old in log.into_iter().chain(request.workspace.exists().then(|| request.workspace.clone())) {
        std::fs::remove_file(old).map_err(failed)?;
    }
    std::fs::rename(&file, &request.workspace).map_err(failed)
}
