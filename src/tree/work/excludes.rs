//! Whether the user's own list of ignored files, which holds in all repositories, may exist. The
//! walk looks for it by patterns whose making takes longer than the walk of a small repository.
#![allow(
    clippy::disallowed_methods,
    reason = "where git keeps the list of the user is told by the environment"
)]

use std::env;
use std::path::PathBuf;

use git2::Repository;

/// Variables that name other configuration files than libgit2 reads.
const OTHER_CONFIGURATION: [&str; 2] = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"];

/// Whether there may be such a list; true wherever it is not certain that there is none.
pub(super) fn may_exist(repository: &Repository) -> bool {
    let is_named = repository
        .config()
        .is_ok_and(|config| config.get_entry("core.excludesfile").is_ok());
    is_named
        || OTHER_CONFIGURATION
            .iter()
            .any(|name| env::var_os(name).is_some())
        || usual_places().any(|place| place.exists())
}

/// Where git looks for the list when the configuration names none.
fn usual_places() -> impl Iterator<Item = PathBuf> {
    let home = env::home_dir().map(|home| home.join(".config"));
    let named = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let folders = home.into_iter().chain(named);
    folders.map(|folder| folder.join("git/ignore"))
}
