//! What the distributions that Dash apps use need, version by version, when each was uploaded and
//! which Pythons it installs and starts on, as their metadata and files said on the day of the
//! snapshot. The texts of `rules/data/snapshot` are packed when the program is built, into a form
//! of which nothing is read until asked for, and then one distribution only.

mod day;
mod form;
mod knowledge;
#[cfg(test)]
mod pack;
mod packed;

use pep440_rs::Version;

pub use self::day::{Day, DayError};
pub use self::knowledge::{Break, Build, BuildRow, Companion, Strength, companions, is_companion};

use self::packed::{Block, ReleaseRecord};
use super::{Dependency, Target};

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
    name: &'static str,
    record: ReleaseRecord,
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
        } else if self.record.wheels().contain(target.minor()) {
            Installs::Wheel
        } else if self.record.has_source() {
            Installs::Source
        } else {
            Installs::Not
        }
    }

    /// Whether `Requires-Python` allows the target.
    pub fn allows(&self, target: Target) -> bool {
        self.record.allowed().contain(target.minor())
    }

    /// `Requires-Python`, as written; none where every Python is allowed.
    pub fn requires_python(&self) -> Option<&'static str> {
        Some(self.record.python()).filter(|text| !text.is_empty())
    }

    /// Whether it has wheels of some Python 3 for Linux x86-64: a release without any always came
    /// as source.
    pub fn has_wheels(&self) -> bool {
        !self.record.wheels().is_empty()
    }

    /// Whether its source builds without a compiler and libraries, as far as is known: a release that
    /// always came as source does, unless a table says otherwise.
    pub fn builds_alone(&self) -> bool {
        match self.build() {
            Build::Pure | Build::Optional => true,
            Build::Unknown => !self.has_wheels(),
            Build::Compiled | Build::Broken => false,
        }
    }

    /// Whether it has a source archive.
    pub fn has_source(&self) -> bool {
        self.record.has_source()
    }

    /// The first Python that it does not start on, and why; `None` when nothing is known of it.
    pub fn breaks(&self) -> Option<&'static Break> {
        knowledge::find_break(self.name, &self.version)
    }

    /// Whether nothing is known that keeps it from starting on the target.
    pub fn starts(&self, target: Target) -> bool {
        self.breaks().is_none_or(|it| target.minor() < it.minor)
    }

    /// How its source archive builds.
    pub fn build(&self) -> Build {
        self.building().map_or(Build::Unknown, |row| row.kind)
    }

    /// How its source archive builds, with what that needs or why it fails; `None` where nobody
    /// looked.
    pub fn building(&self) -> Option<&'static BuildRow> {
        knowledge::find_build(self.name, &self.version)
    }

    /// What its build needs beside Python, read behind "the build needs"; of a broken one, why it
    /// fails.
    pub fn build_needs(&self) -> Option<&'static str> {
        self.building()?.needs.as_deref()
    }

    /// What its metadata says that it needs, with extras and markers; `None` when that is unknown.
    pub fn needs(&self) -> Option<Vec<Dependency>> {
        self.record.needs()
    }

    /// What it needs or does not go with beside that.
    pub fn companions(&self) -> Vec<&'static Companion> {
        companions(self.name, &self.version)
    }
}

/// What is known of `name` (normalised); `None` when the snapshot does not have it.
pub fn find(name: &str) -> Option<Distribution> {
    let block = Block::find(name)?;
    let read = |record: ReleaseRecord| {
        Some(Release {
            version: record.version()?,
            yanked: record.is_yanked(),
            uploaded: record.uploaded(),
            name: block.name,
            record,
        })
    };
    Some(Distribution {
        releases: block.records().filter_map(read).collect(),
    })
}

/// What `name` (normalised) at `version` needs; `None` when the snapshot does not know it.
pub fn needs(name: &str, version: &Version) -> Option<Vec<Dependency>> {
    Block::find(name)?.find_record(version)?.needs()
}

/// The day of the snapshot, as in `2026-01-31`.
pub fn date() -> &'static str {
    packed::date()
}

#[cfg(test)]
mod tests;
