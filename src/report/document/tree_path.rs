//! Paths of a tree in documents; `.` is the root.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

use crate::tree::TreePath;

/// Writes the path.
///
/// # Errors
/// Those of the serializer.
pub(crate) fn serialize<S: Serializer>(path: &TreePath, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(path)
}

/// Reads a path back.
///
/// # Errors
/// When the text is no path of a tree.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<TreePath, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.as_str() {
        "." => Ok(TreePath::root()),
        path => TreePath::new(path).map_err(D::Error::custom),
    }
}
