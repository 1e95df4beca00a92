//! `check --stdin-filename FILE -`: the text of an editor's buffer in the place of a file, whether
//! there is such a file or not.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::refusal::PathRefusal;
use super::settings::Choices;
use super::site::Site;
use crate::engine::Outcome;
use crate::rules::Finding;
use crate::tree::{Overlay, Tree, TreePath};

/// The path that stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// The text of a file that may never have been saved.
pub struct Buffer {
    file: PathBuf,
    bytes: Vec<u8>,
}

impl Buffer {
    /// What `input` holds, in the place of `file`; `paths` are those that were given to look at.
    ///
    /// # Errors
    /// When the paths do not say that a buffer is meant, or nothing can be read.
    pub fn read(file: &Path, paths: &[PathBuf], mut input: impl Read) -> Result<Self, PathRefusal> {
        if paths != [Path::new(STANDARD_INPUT)] {
            return Err(PathRefusal::BufferPaths);
        }
        let mut bytes = Vec::new();
        input
            .read_to_end(&mut bytes)
            .map_err(PathRefusal::Unreadable)?;
        Ok(Self {
            file: file.to_owned(),
            bytes,
        })
    }

    /// Opens the repository around the file: all of it, because other files decide what the buffer
    /// means. Outside git it is the current folder, if the file is in it.
    ///
    /// # Errors
    /// As [`Site::open`], and when the file is a folder.
    pub fn open(&self, chosen: &Choices) -> Result<(Site, TreePath), PathRefusal> {
        open_around(&self.file, chosen)
    }

    /// The tree with the buffer in the place of the file.
    ///
    /// # Errors
    /// When the file is a link that leads out of the repository.
    pub fn above<'t>(
        &self,
        tree: &'t dyn Tree,
        path: &TreePath,
    ) -> Result<Overlay<'t>, PathRefusal> {
        let mut overlay = Overlay::new(tree);
        let written = overlay.write(path, self.bytes.clone());
        written.map_err(|error| PathRefusal::Buffer(self.file.display().to_string(), error))?;
        Ok(overlay)
    }
}

/// Opens the repository around a file: all of it, because other files decide what it means.
/// Outside git it is the current folder, if the file is in it.
///
/// # Errors
/// As [`Site::open`], and when the file is a folder.
pub fn open_around(given: &Path, chosen: &Choices) -> Result<(Site, TreePath), PathRefusal> {
    let current = std::env::current_dir()
        .and_then(|folder| folder.canonicalize())
        .map_err(PathRefusal::CurrentFolder)?;
    let file = current.join(given);
    if file.is_dir() {
        return Err(PathRefusal::BufferFolder(given.display().to_string()));
    }
    let (folder, below) = existing(&file).ok_or(PathRefusal::NotFound)?;
    let mut site = Site::open(Some(&folder), chosen, false)?;
    if site.workspace.is_none() && folder.starts_with(&current) {
        site = Site::open(Some(&current), chosen, false)?;
    }
    site.scope = TreePath::root();
    site.given = None;
    let root = site.root.as_deref().ok_or(PathRefusal::InsideGit)?;
    let inside = folder.join(below);
    let inside = inside.strip_prefix(root).ok().and_then(Path::to_str);
    let path = inside.and_then(|inside| TreePath::new(inside).ok());
    let path = path.ok_or(PathRefusal::InsideGit)?;
    Ok((site, path))
}

/// The nearest folder above the file that is there, without links, and the rest of the path.
fn existing(file: &Path) -> Option<(PathBuf, PathBuf)> {
    let mut folders = file.ancestors().skip(1);
    let found = folders.find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    let (folder, whole) = found?;
    let below = file.strip_prefix(folder).ok()?;
    Some((whole, below.to_owned()))
}

/// Keeps what is about the file only.
pub fn keep_only(outcome: &mut Outcome, path: &TreePath) {
    let is_file = |finding: &Finding| finding.place.path == *path;
    for app in &mut outcome.apps {
        app.open.retain(|reported| is_file(&reported.finding));
        app.suppressed.retain(is_file);
        app.skipped.retain(|skipped| skipped.path == *path);
    }
    outcome
        .repository
        .retain(|reported| is_file(&reported.finding));
    outcome.suppressed.retain(is_file);
    let baselined = &mut outcome.baselined;
    baselined
        .findings
        .retain(|reported| is_file(&reported.finding));
    // What is missing elsewhere is not the business of who writes this file.
    baselined.gone = 0;
    let touched = |app: &crate::engine::AppOutcome| !app.open.is_empty() || path.is_in(&app.root);
    if outcome.apps.iter().any(touched) {
        outcome.apps.retain(touched);
    }
}
