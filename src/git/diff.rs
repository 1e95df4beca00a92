//! Differences between two contents of one file, in git's own words: libgit2 carries git's diff.

use git2::{DiffOptions, ObjectType, Oid, Patch};

use super::GitError;

/// The difference between two contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffText {
    /// Hunks of lines, from the first `@@` on; empty when nothing differs.
    Hunks(Vec<u8>),
    /// A `GIT binary patch`.
    Binary(Vec<u8>),
}

/// How `old` becomes `new`. Contents with NUL bytes, which no text patch can carry, get a binary
/// patch.
///
/// # Errors
/// When libgit2 runs out of memory, or of what a patch can say.
pub fn compare(old: &[u8], new: &[u8]) -> Result<DiffText, GitError> {
    let binary = [old, new].into_iter().any(|bytes| bytes.contains(&0));
    let mut options = DiffOptions::new();
    options.force_text(!binary).force_binary(binary);
    options.show_binary(binary);
    let name = Some(std::path::Path::new("x"));
    let mut patch = Patch::from_buffers(old, name, new, name, Some(&mut options))?;
    let text = patch.to_buf()?;
    let body = body_of(&text, if binary { b"GIT binary patch" } else { b"@@ " });
    Ok(if binary {
        DiffText::Binary(body)
    } else {
        DiffText::Hunks(body)
    })
}

/// The text from the first line that begins with `start`: the header above knows no file names.
fn body_of(text: &[u8], start: &[u8]) -> Vec<u8> {
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(start) {
            return text.get(at..).unwrap_or_default().to_vec();
        }
        at += line.len();
    }
    Vec::new()
}

/// The name that git gives to these contents.
///
/// # Errors
/// When libgit2 cannot hash them.
pub fn object_name(contents: &[u8]) -> Result<String, GitError> {
    Ok(Oid::hash_object(ObjectType::Blob, contents)?.to_string())
}
