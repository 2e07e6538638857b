//! In which order does a bare machine become one that can build Hearback? Tools, system packages, native libraries and the
//! model, the interface's packages; each step looks first and does nothing when its part is there.

use crate::artifacts;
use crate::disk;
use crate::failure::Failure;
use crate::places::Places;
use crate::purpose::Purpose;
use crate::system_packages;
use crate::tools;
use crate::ui;

pub fn run(places: &Places, purpose: Purpose) -> Result<(), Failure> {
    tools::require()?;
    system_packages::install(purpose)?;
    artifacts::install(places)?;
    ui::install_packages(places)?;
    // A first build takes about 3 GiB; later ones add little.
    disk::require(&places.target, if places.target.join("debug/deps").exists() { 1 } else { 5 })
}
