//! What a line asks an index for, and why that does not come to run on the target.

use pep440_rs::{LocalSegment, Operator, Version, VersionSpecifier};

use crate::app::RequirementList;
use crate::files::requirements::{Line, Requirement, RequirementSource, is_false_on, unfolded};
use crate::packages::Target;
use crate::packages::snapshot::{Break, Build, BuildRow, Day, Installs, Release};
use crate::text::Span;

/// From this day on, 2016-01-01, the snapshot has all releases of a distribution.
const WHOLE_SINCE: Day = Day::new(2_922);

/// A requirement from an index that counts on the target.
pub(super) struct PinnedRequirement<'a> {
    pub(super) list: &'a RequirementList,
    pub(super) line: &'a Line,
    pub(super) requirement: &'a Requirement,
    pub(super) name: &'a str,
    /// The specifiers in the text; none where there are none.
    pub(super) span: Option<Span>,
    pub(super) specifiers: &'a [VersionSpecifier],
}

/// Why what is asked for does not install, or does not start.
pub(super) enum Why {
    /// `Requires-Python` excludes the target.
    Python,
    /// No file fits.
    NoFile,
    /// No index ever had the version, though it has older and newer ones.
    NoRelease,
    /// The version has a local part (`+cpu`), which no public index has.
    Local,
    /// Only a build from source, which needs something or fails.
    Build {
        row: &'static BuildRow,
        /// Whether it has wheels for other Pythons.
        has_wheels: bool,
    },
    /// It installs, and its import raises.
    Start(&'static Break),
}

impl<'a> PinnedRequirement<'a> {
    pub(super) fn read(
        list: &'a RequirementList,
        line: &'a Line,
        requirement: &'a Requirement,
        target: Target,
    ) -> Option<Self> {
        let span = match requirement.source {
            RequirementSource::Specifiers(span) => Some(span),
            RequirementSource::Any if !requirement.editable => None,
            RequirementSource::Any | RequirementSource::Url(_) | RequirementSource::Path(_) => {
                return None;
            }
        };
        let marker = requirement.marker.map(|it| it.slice(list.text.as_str()));
        let counts = marker.is_none_or(|it| !is_false_on(unfolded(it).trim(), target.minor()));
        let specifiers = match &requirement.versions {
            Some(versions) => &**versions,
            // `===` with something that is no version allows nothing that is known.
            None if span.is_some() => return None,
            None => &[],
        };
        counts.then_some(Self {
            list,
            line,
            requirement,
            name: requirement.key.as_deref()?,
            span,
            specifiers,
        })
    }

    /// The version of a line that pins one and says nothing else.
    pub(super) fn pin(&self) -> Option<&'a Version> {
        let [only] = self.specifiers else {
            return None;
        };
        is_exact(only).then(|| only.version())
    }

    /// The local part of a pin: `cpu` of `1.8.1+cpu`.
    pub(super) fn local(&self) -> Option<String> {
        let parts = self.pin()?.local();
        let parts: Vec<String> = parts.iter().map(LocalSegment::to_string).collect();
        (!parts.is_empty()).then(|| parts.join("."))
    }

    pub(super) fn allows(&self, version: &Version) -> bool {
        self.specifiers.iter().all(|it| it.contains(version))
    }

    /// Whether a newer release than those of the snapshot may be what pip takes.
    fn is_open(&self) -> bool {
        let closes = |operator: &Operator| {
            !matches!(
                operator,
                Operator::GreaterThan
                    | Operator::GreaterThanEqual
                    | Operator::NotEqual
                    | Operator::NotEqualStar
            )
        };
        !self.specifiers.iter().any(|it| closes(it.operator()))
    }

    /// The releases that it allows, oldest first: pre-releases and withdrawn ones only where it
    /// names them, as pip does.
    fn allowed<'r>(&self, releases: &'r [Release]) -> Vec<&'r Release> {
        let names = self.specifiers.iter().any(is_exact);
        let usual = |it: &Release| names || !(it.yanked || it.version.any_prerelease());
        let found = releases
            .iter()
            .filter(|it| self.allows(&it.version) && usual(it));
        found.collect()
    }

    /// Why it does not come to run on the target, as far as is known. `elsewhere` tells whether
    /// the lists ask another index too, or a page of links.
    pub(super) fn why(&self, releases: &[Release], target: Target, elsewhere: bool) -> Option<Why> {
        if self.local().is_some() {
            return self.why_local(releases, target, elsewhere);
        }
        let allowed = self.allowed(releases);
        let mut newest = allowed.iter().rev();
        if let Some(newest) = newest.find(|it| it.installs(target) != Installs::Not) {
            return failure(newest, target);
        }
        let excluded = allowed.iter().all(|it| !it.allows(target));
        if allowed.is_empty() {
            return (self.is_unheard(releases) && !elsewhere).then_some(Why::NoRelease);
        }
        // Releases after the snapshot may bring files for newer Pythons, never for older ones.
        if self.is_open() && !newest_is_too_new(&allowed, target) {
            return None;
        }
        Some(if excluded { Why::Python } else { Why::NoFile })
    }

    /// Whether it is a pin between releases of which the snapshot has each: it leaves out
    /// pre-releases, and old ones from before 2016.
    fn is_unheard(&self, releases: &[Release]) -> bool {
        let (Some(pin), Some(first), Some(last)) = (self.pin(), releases.first(), releases.last())
        else {
            return false;
        };
        let is_whole = first.uploaded.is_some_and(|day| day >= WHOLE_SINCE);
        let is_above = is_whole || *pin > first.version;
        !pin.any_prerelease() && is_above && *pin < last.version
    }

    /// A version with a local part comes from a page of its own, which builds for the same Pythons
    /// as the release without it, as far as is known.
    fn why_local(&self, releases: &[Release], target: Target, elsewhere: bool) -> Option<Why> {
        if !elsewhere {
            return Some(Why::Local);
        }
        let public = self.pin()?.clone().without_local();
        let release = releases.iter().find(|it| it.version == public)?;
        let is_other = release.has_wheels() && release.installs(target) != Installs::Wheel;
        is_other.then_some(Why::NoFile)
    }

    /// The name as the line writes it.
    pub(super) fn get_name(&self) -> &'a str {
        let written = self.requirement.name.filter(|_| self.line.verbatim);
        written.map_or(self.name, |name| name.slice(self.list.text.as_str()))
    }

    /// Name and specifiers, as a message shows them.
    pub(super) fn shown_whole(&self) -> String {
        if let Some(pin) = self.pin() {
            return format!("{} {pin}", self.get_name());
        }
        let texts: Vec<String> = self.specifiers.iter().map(ToString::to_string).collect();
        let whole = format!("{} {}", self.get_name(), texts.join(","));
        whole.trim_end().to_owned()
    }

    /// The version behind the operator of an exact pin.
    pub(super) fn version_span(&self) -> Option<Span> {
        let span = self.span?;
        let text = span.slice(self.list.text.as_str());
        let is_operator = |c: char| c == '=' || c == '(' || c.is_whitespace();
        let behind = text.trim_start_matches(is_operator);
        let version = behind.trim_end_matches(|c: char| c == ')' || c.is_whitespace());
        let start = span.start + (text.len() - behind.len());
        (!version.is_empty()).then(|| Span::new(start, start + version.len()))
    }
}

/// What keeps a release from running on a target that it installs on.
fn failure(release: &Release, target: Target) -> Option<Why> {
    if release.installs(target) == Installs::Source
        && let Some(row) = release.building()
        && matches!(row.kind, Build::Compiled | Build::Broken)
    {
        let has_wheels = release.has_wheels();
        return Some(Why::Build { row, has_wheels });
    }
    let broken = release.breaks();
    broken
        .filter(|it| target.minor() >= it.minor)
        .map(Why::Start)
}

/// Whether the newest of these excludes the target and allows a later Python.
fn newest_is_too_new(allowed: &[&Release], target: Target) -> bool {
    allowed.last().is_some_and(|newest| {
        let mut later = (1..10).map(|more| Target::new(target.minor().saturating_add(more)));
        !newest.allows(target) && later.any(|later| newest.allows(later))
    })
}

fn is_exact(specifier: &VersionSpecifier) -> bool {
    matches!(specifier.operator(), Operator::Equal | Operator::ExactEqual)
}
