//! What a listing leaves out, on disk and in commits alike: what git does not track as files of
//! this repository, and installed packages, which nobody migrates.

use std::path::Path;

use super::SkipReason;

/// A virtual environment made by `venv` or `virtualenv` holds the first, one made by conda the
/// second.
pub(super) const ENVIRONMENT_MARKERS: [&str; 2] = ["pyvenv.cfg", "conda-meta"];

/// Why a folder of this name is left out.
pub(super) fn by_name(name: &str) -> Option<SkipReason> {
    match name {
        "node_modules" => Some(SkipReason::NodeModules),
        "site-packages" => Some(SkipReason::SitePackages),
        _ => None,
    }
}

/// Whether `name` is git's own folder (or the file that leads to it), in any case, as git sees it.
pub(super) fn is_git_folder(name: &str) -> bool {
    name.eq_ignore_ascii_case(".git")
}

/// Whether the folder holds an environment or installed packages: nobody's own work.
pub(crate) fn is_installed(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    by_name(&name).is_some()
        || ENVIRONMENT_MARKERS
            .into_iter()
            .any(|marker| folder.join(marker).exists())
}
