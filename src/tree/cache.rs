//! What was read of a tree, so that nothing is read twice.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{ReadError, TreePath};

/// The contents of the files that somebody asked for.
#[derive(Default)]
pub(super) struct Cache {
    contents: Mutex<HashMap<TreePath, Vec<u8>>>,
}

impl Cache {
    /// The contents of `path`, from `read` the first time. Errors are not kept.
    pub(super) fn get(
        &self,
        path: &TreePath,
        read: impl FnOnce() -> Result<Vec<u8>, ReadError>,
    ) -> Result<Vec<u8>, ReadError> {
        // The lock is not held while reading: two apps may read side by side, rarely the same file.
        let known = self.lock().get(path).cloned();
        known.map_or_else(
            || {
                let contents = read()?;
                self.lock().insert(path.clone(), contents.clone());
                Ok(contents)
            },
            Ok,
        )
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<TreePath, Vec<u8>>> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
