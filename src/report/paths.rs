//! How the paths of a tree are printed: as seen from the folder that the user stands in, so that
//! a terminal or an editor can open them.

use std::path::{Component, Path};

use crate::tree::TreePath;

/// Turns paths of one tree into paths that the user can open.
#[derive(Debug, Clone)]
pub struct PathPrefix {
    /// What stands before every path: empty, or ending in `/`.
    prefix: String,
    /// The folder of the tree that the user stands in; the root when they stand above the tree.
    here: TreePath,
}

impl PathPrefix {
    /// Paths as the tree has them.
    pub fn plain() -> Self {
        Self::under("")
    }

    /// Paths behind a name for the tree, for a repository without a work tree.
    pub fn under(name: &str) -> Self {
        let prefix = if name.is_empty() {
            String::new()
        } else {
            format!("{name}/")
        };
        Self {
            prefix,
            here: TreePath::root(),
        }
    }

    /// Paths as seen from a folder of the tree.
    pub fn inside(folder: &TreePath) -> Self {
        Self {
            prefix: String::new(),
            here: folder.clone(),
        }
    }

    /// Paths of the tree whose root is the folder `root`, as seen from the folder `current`; both
    /// are absolute and without links.
    pub fn from(current: &Path, root: &Path) -> Self {
        let inside = current
            .strip_prefix(root)
            .ok()
            .and_then(|below| TreePath::new(below.to_str()?).ok());
        if let Some(here) = inside {
            let prefix = String::new();
            return Self { prefix, here };
        }
        Self::under(&relative(current, root))
    }

    /// The path to print, on one line.
    pub fn path(&self, path: &TreePath) -> String {
        let parts = |path: &TreePath| -> Vec<String> {
            let parts = path.as_str().split('/').filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect()
        };
        let (here, there) = (parts(&self.here), parts(path));
        let same = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
        let up = std::iter::repeat_n("..".to_owned(), here.len() - same);
        let down = there.into_iter().skip(same);
        let relative: Vec<String> = up.chain(down).collect();
        let shown = format!("{}{}", self.prefix, relative.join("/"));
        match shown.trim_end_matches('/') {
            "" => ".".to_owned(),
            trimmed => super::shown::safe_name(trimmed),
        }
    }
}

/// `to` as seen from `from`, or `to` itself when they share nothing but the root of the disk.
fn relative(from: &Path, to: &Path) -> String {
    let same = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let shares_a_folder = from
        .components()
        .take(same)
        .any(|component| matches!(component, Component::Normal(_)));
    if !shares_a_folder {
        return to.to_string_lossy().into_owned();
    }
    let up = from.components().skip(same).map(|_| "..".into());
    let down = to
        .components()
        .skip(same)
        .map(|part| part.as_os_str().to_string_lossy());
    let parts: Vec<std::borrow::Cow<str>> = up.chain(down).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(current: &str, root: &str, path: &str) -> String {
        PathPrefix::from(Path::new(current), Path::new(root)).path(&TreePath::new(path).unwrap())
    }

    #[test]
    fn paths_are_seen_from_the_current_folder() {
        assert_eq!(
            shown("/home/me/app", "/home/me/app", "Procfile"),
            "Procfile"
        );
        assert_eq!(
            shown("/home/me", "/home/me/app", "a/Procfile"),
            "app/a/Procfile"
        );
        assert_eq!(
            shown("/home/me/app/a", "/home/me/app", "a/Procfile"),
            "Procfile"
        );
        assert_eq!(
            shown("/home/me/app/a", "/home/me/app", "common.txt"),
            "../common.txt"
        );
        assert_eq!(
            shown("/home/me/x", "/home/me/app", "Procfile"),
            "../app/Procfile"
        );
        assert_eq!(
            shown("/srv", "/home/me/app", "Procfile"),
            "/home/me/app/Procfile"
        );
        assert_eq!(shown("/home/me/app", "/home/me/app", ""), ".");
        assert_eq!(shown("/home/me", "/home/me/app", ""), "app");
    }
}
