//! How much a tree may hold. A forged commit of thirty objects names a thousand million paths, so
//! what is listed is counted, folders too.

use super::{OpenError, TreePath};

/// The most files and folders of a tree: twice what the largest repositories track.
const MOST_ENTRIES: usize = 500_000;

/// The most that the paths of a tree hold together (bytes).
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// What has been listed so far.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    entries: usize,
    bytes: usize,
}

impl Bounds {
    /// Counts a file or folder.
    ///
    /// # Errors
    /// When the tree holds more than is listed.
    pub(super) fn count(&mut self, path: &TreePath) -> Result<(), OpenError> {
        self.entries += 1;
        self.bytes += path.as_str().len();
        if self.entries > MOST_ENTRIES || self.bytes > MOST_BYTES {
            return Err(OpenError::TooMany);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_and_bytes_are_bounded() {
        let path = TreePath::root().child("a");
        let mut bounds = Bounds::default();
        assert!((0..MOST_ENTRIES).all(|_| bounds.count(&path).is_ok()));
        assert_eq!(bounds.count(&path), Err(OpenError::TooMany));
        let long = TreePath::root().child(&"a".repeat(MOST_BYTES / 2));
        let mut bounds = Bounds::default();
        assert!((0..2).all(|_| bounds.count(&long).is_ok()));
        assert_eq!(bounds.count(&path), Err(OpenError::TooMany));
    }
}
