//! What the argument of `batch` names: a folder, a list, or standard input.

use std::io::Read;
use std::path::Path;

use crate::disk::{FileKind, read_named};
use crate::fleet::{self, FoundRepositories};

/// The repositories there are.
///
/// # Errors
/// A sentence, when the folder or the list cannot be read.
pub fn places(source: &Path) -> Result<FoundRepositories, String> {
    let unreadable = |error| format!("{} cannot be read: {error}", source.display());
    if is_standard_input(source) {
        let mut list = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut list);
        read.map_err(|error| format!("standard input cannot be read: {error}"))?;
        return Ok(fleet::listed(&list, Path::new("")));
    }
    if source.is_dir() {
        return fleet::below(source).map_err(unreadable);
    }
    if !source.exists() {
        let name = source.display();
        return Err(format!("there is no such folder or list: {name}"));
    }
    let list = read_named(source, FileKind::List);
    let list = list.map_err(|error| format!("{} {error}", source.display()))?;
    let base = source.parent().unwrap_or(Path::new(""));
    Ok(fleet::listed(&list, base))
}

/// That there are none.
pub fn nothing(source: &Path) -> String {
    let name = source.display();
    if is_standard_input(source) {
        "no repository found: standard input names none".to_owned()
    } else if source.is_dir() {
        format!(
            "no repository found below {name}\nlooked for folders with a .git, and for bare \
             repositories, at any depth"
        )
    } else {
        format!("no repository found: {name} names none")
    }
}

fn is_standard_input(source: &Path) -> bool {
    source == Path::new("-")
}
