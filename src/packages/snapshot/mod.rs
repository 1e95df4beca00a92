//! What the distributions that Dash apps use need, version by version, and which Pythons they
//! install on, as their metadata said on the day of the snapshot. The text is made by
//! `rules/data/snapshot/build.py`; nothing of it is read until asked for, and then one
//! distribution only.

mod block;
mod files;

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

use self::block::{Block, Row};
use self::files::Files;
use super::{Dependency, Target};

/// The text: `rules/data/snapshot/README.md` tells its form.
static EDGES: &str = include_str!("../../../rules/data/snapshot/edges.txt");

/// The patch that `Requires-Python` is compared with: newer than any that it names.
const PATCH: u64 = 15;

/// One release of a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// `Requires-Python`.
    pub requires_python: Option<VersionSpecifiers>,
    /// Whether its authors withdrew it: pip installs it only for an exact pin.
    pub yanked: bool,
    files: Files,
}

/// How a release installs on a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installs {
    /// From a wheel.
    Wheel,
    /// From source only: it has to be built, which may fail.
    Source,
    /// Not: `Requires-Python` excludes the target, or no file fits.
    Not,
}

impl Release {
    /// How it installs on the target.
    pub fn installs(&self, target: Target) -> Installs {
        if !self.allows(target) {
            Installs::Not
        } else if self.files.has_wheel(target) {
            Installs::Wheel
        } else if self.files.source {
            Installs::Source
        } else {
            Installs::Not
        }
    }

    /// Whether `Requires-Python` allows the target.
    pub fn allows(&self, target: Target) -> bool {
        let python = Version::new([3, u64::from(target.minor()), PATCH]);
        let versions = self.requires_python.as_ref();
        versions.is_none_or(|versions| versions.contains(&python))
    }

    /// Whether it has wheels of some Python 3 for Linux x86-64: a release without any always came
    /// as source.
    pub fn has_wheels(&self) -> bool {
        self.files.has_wheels()
    }
}

/// What `name` (normalised) at `version` needs; `None` when the snapshot does not know it.
pub fn needs(name: &str, version: &Version) -> Option<Vec<Dependency>> {
    let block = Block::find(EDGES, name)?;
    let row = row_of(&block, version)?;
    let texts = block.needs(&row)?;
    texts.into_iter().map(Dependency::parse).collect()
}

/// The releases of `name` (normalised), oldest first; `None` when the snapshot does not know it.
pub fn releases(name: &str) -> Option<Vec<Release>> {
    let block = Block::find(EDGES, name)?;
    let releases = block.rows().flat_map(|row| releases_of(&row));
    Some(releases.collect())
}

/// The day of the snapshot, as in `2026-01-31`.
pub fn date() -> &'static str {
    let head = EDGES.lines().next().unwrap_or_default();
    let words = head
        .split_whitespace()
        .map(|word| word.trim_end_matches(':'));
    let mut days = words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    days.next().unwrap_or_default()
}

/// The row that holds a version. Most are written as the snapshot writes them; `1.0.0` for `1.0`
/// is found by its meaning.
fn row_of<'t>(block: &Block<'t>, version: &Version) -> Option<Row<'t>> {
    let text = version.to_string();
    let by_text = block
        .rows()
        .find(|row| row.versions().any(|(it, _)| it == text));
    by_text.or_else(|| {
        let is_it = |it: &str| Version::from_str(it).is_ok_and(|it| it == *version);
        let mut rows = block.rows();
        rows.find(|row| row.versions().any(|(it, _)| is_it(it)))
    })
}

fn releases_of(row: &Row) -> Vec<Release> {
    let requires_python = match row.python {
        "-" => None,
        text => VersionSpecifiers::from_str(text).ok(),
    };
    let files = Files::read(row.files);
    let read = row.versions().filter_map(|(text, yanked)| {
        Some(Release {
            version: Version::from_str(text).ok()?,
            requires_python: requires_python.clone(),
            yanked,
            files,
        })
    });
    read.collect()
}

#[cfg(test)]
mod tests;
