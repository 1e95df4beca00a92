//! The unified diff of all changes, as `git diff` prints it and `git apply` takes it. How lines
//! differ is git's business; what surrounds them is said here.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::git::{DiffText, GitError, compare, object_name};
use crate::tree::{Change, EntryKind, ReadError, Tree, TreePath};

/// Why changes cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DiffError {
    /// What was there before cannot be read.
    #[error("{path} {error}")]
    Read {
        /// The file.
        path: TreePath,
        /// Why it was not read.
        error: ReadError,
    },
    /// The contents cannot be compared.
    #[error(transparent)]
    Compare(#[from] GitError),
}

/// The changes above `base` as a patch for `git apply`. Contents come out byte for byte, so the
/// patch need not be UTF-8. Files with NUL bytes get a binary patch. For eyes, see
/// [`coloured`](super::patch::coloured).
///
/// # Errors
/// When a changed file cannot be read from `base`.
pub fn unified(
    base: &dyn Tree,
    changes: &BTreeMap<TreePath, Change>,
) -> Result<Vec<u8>, DiffError> {
    let mut patch = Patch { bytes: Vec::new() };
    for delta in renamed(deltas(base, changes)?) {
        delta.print(&mut patch)?;
    }
    Ok(patch.bytes)
}

/// A file before or after.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Side {
    contents: Vec<u8>,
    kind: EntryKind,
}

impl Side {
    /// Git's mode of the file.
    fn mode(&self) -> &'static str {
        match self.kind {
            EntryKind::File => "100644",
            EntryKind::Executable => "100755",
            EntryKind::Symlink => "120000",
        }
    }

    fn is_link(&self) -> bool {
        self.kind == EntryKind::Symlink
    }
}

/// What happens to one file.
enum Delta {
    Created(TreePath, Side),
    Deleted(TreePath, Side),
    Modified(TreePath, Side, Side),
    Renamed(TreePath, TreePath),
}

fn deltas(base: &dyn Tree, changes: &BTreeMap<TreePath, Change>) -> Result<Vec<Delta>, DiffError> {
    let mut deltas = Vec::new();
    for (path, change) in changes {
        let path = path.clone();
        let old = side_in(base, &path).map_err(|error| DiffError::Read {
            path: path.clone(),
            error,
        })?;
        let new = new_side(change, old.as_ref());
        match (old, new) {
            // Git tells a link that becomes a file as two things.
            (Some(old), Some(new)) if old.is_link() != new.is_link() => {
                deltas.push(Delta::Deleted(path.clone(), old));
                deltas.push(Delta::Created(path, new));
            }
            // A header alone is no patch for git.
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => deltas.push(Delta::Modified(path, old, new)),
            (Some(old), None) => deltas.push(Delta::Deleted(path, old)),
            (None, Some(new)) => deltas.push(Delta::Created(path, new)),
            (None, None) => {}
        }
    }
    Ok(deltas)
}

fn side_in(base: &dyn Tree, path: &TreePath) -> Result<Option<Side>, ReadError> {
    if let Some(contents) = base.link_target(path) {
        let kind = EntryKind::Symlink;
        return Ok(Some(Side { contents, kind }));
    }
    match base.read(path) {
        Ok(contents) => Ok(Some(Side {
            contents,
            kind: base.kind(path).unwrap_or(EntryKind::File),
        })),
        Err(ReadError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The file after the change; one that was executable stays so, as all sinks have it.
fn new_side(change: &Change, old: Option<&Side>) -> Option<Side> {
    let Change::Write { contents, kind } = change else {
        return None;
    };
    let ran = old.is_some_and(|old| old.kind == EntryKind::Executable);
    let kind = match kind {
        EntryKind::File if ran => EntryKind::Executable,
        kind => *kind,
    };
    Some(Side {
        contents: contents.to_vec(),
        kind,
    })
}

/// Tells a removed file and a created one with the same bytes and mode as one renamed file.
fn renamed(deltas: Vec<Delta>) -> Vec<Delta> {
    let (mut deleted, others): (Vec<_>, Vec<_>) = deltas
        .into_iter()
        .partition(|delta| matches!(delta, Delta::Deleted(_, side) if !side.contents.is_empty()));
    let mut told = Vec::new();
    for delta in others {
        let source = deleted.iter().position(|old| is_same_file(old, &delta));
        match (source.map(|at| deleted.remove(at)), delta) {
            (Some(Delta::Deleted(from, _)), Delta::Created(to, _)) => {
                told.push(Delta::Renamed(from, to));
            }
            (_, delta) => told.push(delta),
        }
    }
    told.extend(deleted);
    // A link that becomes a file is deleted first: the sort is stable and knows the paths only.
    told.sort_by(|a, b| (a.path(), a.rank()).cmp(&(b.path(), b.rank())));
    told
}

fn is_same_file(old: &Delta, new: &Delta) -> bool {
    match (old, new) {
        (Delta::Deleted(from, old), Delta::Created(to, new)) => from != to && old == new,
        _ => false,
    }
}

impl Delta {
    fn path(&self) -> &TreePath {
        match self {
            Self::Created(path, _)
            | Self::Deleted(path, _)
            | Self::Modified(path, ..)
            | Self::Renamed(_, path) => path,
        }
    }

    fn rank(&self) -> u8 {
        u8::from(!matches!(self, Self::Deleted(..)))
    }

    fn print(&self, out: &mut Patch) -> Result<(), DiffError> {
        let nothing: &[u8] = b"";
        match self {
            Self::Created(path, new) => {
                out.begin(path, path);
                out.header(&format!("new file mode {}", new.mode()));
                out.contents(path, [None, Some(new)], [nothing, &new.contents])
            }
            Self::Deleted(path, old) => {
                out.begin(path, path);
                out.header(&format!("deleted file mode {}", old.mode()));
                out.contents(path, [Some(old), None], [&old.contents, nothing])
            }
            Self::Modified(path, old, new) => {
                out.begin(path, path);
                if old.mode() != new.mode() {
                    out.header(&format!("old mode {}", old.mode()));
                    out.header(&format!("new mode {}", new.mode()));
                }
                out.contents(path, [Some(old), Some(new)], [&old.contents, &new.contents])
            }
            Self::Renamed(from, to) => {
                out.begin(from, to);
                out.header("similarity index 100%");
                out.header(&format!("rename from {}", quoted("", from)));
                out.header(&format!("rename to {}", quoted("", to)));
                Ok(())
            }
        }
    }
}

/// The patch as far as it is printed.
struct Patch {
    bytes: Vec<u8>,
}

impl Patch {
    fn begin(&mut self, old: &TreePath, new: &TreePath) {
        let (old, new) = (quoted("a/", old), quoted("b/", new));
        self.header(&format!("diff --git {old} {new}"));
    }

    fn header(&mut self, line: &str) {
        self.bytes.extend(line.as_bytes());
        self.bytes.push(b'\n');
    }

    /// The rest of a file's part, from the `index` line on.
    fn contents(
        &mut self,
        path: &TreePath,
        sides: [Option<&Side>; 2],
        [old, new]: [&[u8]; 2],
    ) -> Result<(), DiffError> {
        if sides[0].is_some() && sides[1].is_some() && old == new {
            return Ok(());
        }
        let difference = compare(old, new)?;
        let whole = matches!(difference, DiffText::Binary(_));
        self.header(&index_line(sides, whole)?);
        match difference {
            DiffText::Binary(body) => self.bytes.extend(body),
            DiffText::Hunks(body) if body.is_empty() => {}
            DiffText::Hunks(body) => {
                self.header(&format!("--- {}", label("a/", path, sides[0])));
                self.header(&format!("+++ {}", label("b/", path, sides[1])));
                self.bytes.extend(without_headings(&body));
            }
        }
        Ok(())
    }
}

/// Hunks without what git writes behind their second `@@`, a line from further up in the file: it
/// says little in configuration files, and it can be a secret that nothing beside it tells.
fn without_headings(hunks: &[u8]) -> Vec<u8> {
    let lines = hunks.split_inclusive(|byte| *byte == b'\n');
    let plain = lines.flat_map(|line| {
        let second = memchr::memmem::find(line, b" @@ ").filter(|_| line.starts_with(b"@@ "));
        match second.and_then(|at| line.get(..at + 3)) {
            Some(header) => [header, b"\n"],
            None => [line, b""],
        }
    });
    plain.flatten().copied().collect()
}

/// Names both contents. Git finds the old ones of a binary patch by their whole name.
fn index_line(sides: [Option<&Side>; 2], whole: bool) -> Result<String, DiffError> {
    let name = |side: Option<&Side>| -> Result<String, DiffError> {
        let mut name = match side {
            Some(side) => object_name(&side.contents)?,
            None => "0".repeat(40),
        };
        name.truncate(if whole { 40 } else { 7 });
        Ok(name)
    };
    let mode = match sides {
        [Some(old), Some(new)] if old.mode() == new.mode() => format!(" {}", new.mode()),
        _ => String::new(),
    };
    Ok(format!(
        "index {}..{}{mode}",
        name(sides[0])?,
        name(sides[1])?
    ))
}

/// A name in a `---` or `+++` line. The tab ends a name with a blank for `patch`, as git has it.
fn label(prefix: &str, path: &TreePath, side: Option<&Side>) -> String {
    let end = if path.as_str().contains(' ') {
        "\t"
    } else {
        ""
    };
    match side {
        Some(_) => quoted(prefix, path) + end,
        None => "/dev/null".to_owned(),
    }
}

/// The name as git quotes it (`core.quotePath`, `quote_c_style`): where it holds control
/// characters, quotes, backslashes or anything that is not ASCII.
fn quoted(prefix: &str, path: &TreePath) -> String {
    let name = format!("{prefix}{path}");
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if name.bytes().all(plain) {
        return name;
    }
    let mut quoted = String::from('"');
    for byte in name.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b'\n' => quoted.push_str("\\n"),
            b'\t' => quoted.push_str("\\t"),
            b'\r' => quoted.push_str("\\r"),
            byte if plain(byte) => quoted.push(char::from(byte)),
            byte => {
                quoted.push('\\');
                quoted.extend([6, 3, 0].map(|shift| char::from(b'0' + (byte >> shift & 7))));
            }
        }
    }
    quoted.push('"');
    quoted
}
