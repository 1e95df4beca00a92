//! Follows symbolic links, and never out of a tree: on disk, where the operating system resolves
//! them, and in an object database, where nobody else does.

use std::io::ErrorKind;
use std::path::{MAIN_SEPARATOR, Path};

use super::{ReadError, TreePath, skip};

/// As many links as Linux follows in one path.
const MAX_HOPS: usize = 40;

/// What stands at one path of an object database.
pub(super) enum ObjectNode {
    /// A folder.
    Folder,
    /// A file of either kind.
    File,
    /// A symbolic link and the path it holds.
    Link(Vec<u8>),
    /// A submodule.
    Other,
}

/// The file that `path` leads to when `look` says what stands where.
///
/// # Errors
/// When nothing is there, when it is no file, when a link leads out of the tree, when links go in
/// a circle, and what `look` cannot read.
pub(super) fn resolve(
    path: &TreePath,
    look: impl Fn(&TreePath) -> Result<ObjectNode, ReadError>,
) -> Result<TreePath, ReadError> {
    let mut ahead = parts_of(path.as_str());
    let mut here = TreePath::root();
    let mut hops = 0;
    while let Some(part) = ahead.pop() {
        if part == ".." {
            here = here.join("..").map_err(|_| ReadError::OutsideTree)?;
            continue;
        }
        here = here.child(&part);
        match look(&here)? {
            ObjectNode::File if ahead.is_empty() => return Ok(here),
            ObjectNode::Folder => {}
            ObjectNode::File => return Err(ReadError::NotFound),
            ObjectNode::Other => return Err(ReadError::NotAFile),
            ObjectNode::Link(target) => {
                hops += 1;
                ahead.extend(target_parts(&target, hops)?);
                here = here.parent();
            }
        }
    }
    Err(ReadError::NotAFile)
}

/// The parts of a path, the last one first.
fn parts_of(path: &str) -> Vec<String> {
    path.rsplit('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .map(str::to_owned)
        .collect()
}

fn target_parts(target: &[u8], hops: usize) -> Result<Vec<String>, ReadError> {
    if hops > MAX_HOPS {
        return Err(ReadError::Io(
            "its symbolic links go in a circle".to_owned(),
        ));
    }
    match std::str::from_utf8(target) {
        Ok(target) if target.starts_with('/') => Err(ReadError::OutsideTree),
        Ok(target) => Ok(parts_of(target)),
        Err(_) => Err(ReadError::NotFound),
    }
}

/// The file below `root` (a canonical path) that `path` leads to on disk.
///
/// # Errors
/// When nothing is there, when it is a folder, or when it is not below `root` or is git's own.
pub(super) fn resolve_on_disk(root: &Path, path: &TreePath) -> Result<TreePath, ReadError> {
    let full = root.join(path.as_str());
    let canonical = full.canonicalize().map_err(|error| io_error(&error))?;
    let resolved = tree_path(root, &canonical).ok_or(ReadError::OutsideTree)?;
    if resolved.as_str().split('/').any(skip::is_git_folder) {
        return Err(ReadError::OutsideTree);
    }
    if canonical.is_dir() {
        return Err(ReadError::NotAFile);
    }
    Ok(resolved)
}

/// The path below `root`, both as the operating system writes them; `None` when it is not below
/// `root` or not UTF-8.
pub(super) fn tree_path(root: &Path, path: &Path) -> Option<TreePath> {
    let relative = path.strip_prefix(root).ok()?.to_str()?;
    if MAIN_SEPARATOR == '/' {
        Some(TreePath::root().child(relative))
    } else {
        let relative = relative.replace(MAIN_SEPARATOR, "/");
        Some(TreePath::root().child(&relative))
    }
}

/// An error of the operating system in the words of a tree.
pub(super) fn io_error(error: &std::io::Error) -> ReadError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::NotFound,
        _ => ReadError::Io(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str) -> TreePath {
        TreePath::new(path).unwrap()
    }

    /// `app/link` → `../lib/real`, `out` → `../x`, `round` → `round`, `folder` → `lib`.
    fn look(path: &TreePath) -> Result<ObjectNode, ReadError> {
        match path.as_str() {
            "app" | "lib" => Ok(ObjectNode::Folder),
            "lib/real" => Ok(ObjectNode::File),
            "app/link" => Ok(ObjectNode::Link(b"../lib/./real".to_vec())),
            "out" => Ok(ObjectNode::Link(b"app/../../x".to_vec())),
            "absolute" => Ok(ObjectNode::Link(b"/etc/passwd".to_vec())),
            "round" => Ok(ObjectNode::Link(b"round".to_vec())),
            "folder" => Ok(ObjectNode::Link(b"lib/".to_vec())),
            "module" => Ok(ObjectNode::Other),
            _ => Err(ReadError::NotFound),
        }
    }

    #[test]
    fn links_are_followed_inside_the_tree_only() {
        assert_eq!(resolve(&path("app/link"), look), Ok(path("lib/real")));
        assert_eq!(resolve(&path("folder/real"), look), Ok(path("lib/real")));
        assert_eq!(resolve(&path("out"), look), Err(ReadError::OutsideTree));
        assert_eq!(
            resolve(&path("absolute"), look),
            Err(ReadError::OutsideTree)
        );
        assert_eq!(resolve(&path("folder"), look), Err(ReadError::NotAFile));
        assert_eq!(resolve(&path("module"), look), Err(ReadError::NotAFile));
        assert_eq!(resolve(&path("lib/real/x"), look), Err(ReadError::NotFound));
        assert!(matches!(
            resolve(&path("round"), look),
            Err(ReadError::Io(_))
        ));
    }
}
