//! What the distributions that Dash apps use need, version by version, and which Pythons they
//! install on, as their metadata said on the day of the snapshot. The text is made by
//! `rules/data/snapshot/build.py`; nothing of it is read until asked for, and then one
//! distribution only.

mod block;
mod day;
mod files;
mod knowledge;

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

pub use self::day::{Day, DayError};
pub use self::knowledge::{Break, Build, Companion, Strength, companions};

use self::block::{Block, Row};
use self::files::Files;
use super::{Dependency, Target};

/// The text: `rules/data/snapshot/README.md` tells its form.
static EDGES: &str = include_str!("../../../rules/data/snapshot/edges.txt");

/// The patch that `Requires-Python` is compared with: newer than any that it names.
const PATCH: u64 = 15;

/// What the snapshot knows of a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    releases: Vec<Release>,
}

/// One release of a distribution. What is not known of it is `None`, never a guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// Whether its authors withdrew it: pip installs it only for an exact pin.
    pub yanked: bool,
    /// The day when its first file was uploaded; `None` where nobody asked.
    pub uploaded: Option<Day>,
    block: Block<'static>,
    row: Row<'static>,
    requires_python: Option<VersionSpecifiers>,
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

impl Distribution {
    /// The releases, oldest first.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The release of this version: `1.0.0` and `1.0` are one.
    pub fn release(&self, version: &Version) -> Option<&Release> {
        let at = self.releases.binary_search_by(|it| it.version.cmp(version));
        self.releases.get(at.ok()?)
    }
}

impl Release {
    /// How it installs on the target, as its metadata says. Whether it starts there then:
    /// [`Self::starts`].
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

    /// `Requires-Python`, as written; none where every Python is allowed.
    pub fn requires_python(&self) -> Option<String> {
        self.requires_python.as_ref().map(ToString::to_string)
    }

    /// Whether it has wheels of some Python 3 for Linux x86-64: a release without any always came
    /// as source.
    pub fn has_wheels(&self) -> bool {
        self.files.has_wheels()
    }

    /// Whether it has a source archive.
    pub fn has_source(&self) -> bool {
        self.files.source
    }

    /// The first Python that it does not start on, and why; `None` when nothing is known of it.
    pub fn breaks(&self) -> Option<&'static Break> {
        knowledge::find_break(self.block.name, &self.version)
    }

    /// Whether nothing is known that keeps it from starting on the target.
    pub fn starts(&self, target: Target) -> bool {
        self.breaks().is_none_or(|it| target.minor() < it.minor)
    }

    /// How its source archive builds.
    pub fn build(&self) -> Build {
        knowledge::find_build(self.block.name, &self.version).0
    }

    /// What its build needs beside Python, read behind "the build needs"; of a broken one, why it
    /// fails.
    pub fn build_needs(&self) -> Option<&'static str> {
        knowledge::find_build(self.block.name, &self.version).1
    }

    /// What its metadata says that it needs, with extras and markers; `None` when that is unknown.
    pub fn needs(&self) -> Option<Vec<Dependency>> {
        let texts = self.block.needs(&self.row)?;
        texts.into_iter().map(Dependency::parse).collect()
    }

    /// What it needs or does not go with beside that.
    pub fn companions(&self) -> Vec<&'static Companion> {
        companions(self.block.name, &self.version)
    }
}

/// What is known of `name` (normalised); `None` when the snapshot does not have it.
pub fn find(name: &str) -> Option<Distribution> {
    let block = Block::find(EDGES, name)?;
    let releases = block.rows().flat_map(|row| releases_of(block, row));
    Some(Distribution {
        releases: releases.collect(),
    })
}

/// What `name` (normalised) at `version` needs; `None` when the snapshot does not know it.
pub fn needs(name: &str, version: &Version) -> Option<Vec<Dependency>> {
    let block = Block::find(EDGES, name)?;
    let row = row_of(&block, version)?;
    let texts = block.needs(&row)?;
    texts.into_iter().map(Dependency::parse).collect()
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

fn releases_of(block: Block<'static>, row: Row<'static>) -> Vec<Release> {
    let requires_python = match row.python {
        "-" => None,
        text => VersionSpecifiers::from_str(text).ok(),
    };
    let files = Files::read(row.files);
    let read = row.versions().filter_map(|(text, yanked)| {
        Some(Release {
            version: Version::from_str(text).ok()?,
            yanked,
            uploaded: None,
            block,
            row,
            requires_python: requires_python.clone(),
            files,
        })
    });
    read.collect()
}

#[cfg(test)]
mod tests;
