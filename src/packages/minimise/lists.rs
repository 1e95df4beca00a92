//! The lists that a build installs from, as minimising sees them: one entry per requirement, and
//! what keeps an entry from being taken out.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::{Operator, Version};
use thiserror::Error;

use crate::app::conda_names::conda_only;
use crate::app::{App, FileState, RequirementList, Role};
use crate::files::requirements::{
    Content, Line, Marker, Requirement, RequirementSource, normalized_name, unfolded,
};
use crate::packages::Target;
use crate::packages::snapshot::companions;
use crate::secrets::redacted;
use crate::text::Span;
use crate::tree::TreePath;

/// What the build of an app installs from.
pub struct Lists<'a> {
    /// The lists that install something, the one that the build is told first.
    pub installing: Vec<&'a RequirementList>,
    /// The lists that limit versions.
    pub constraints: Vec<&'a RequirementList>,
    /// What stands in the way of changing any of them.
    pub obstacle: Option<Obstacle>,
}

/// Why the lists must stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The file.
    pub path: TreePath,
    /// The characters that show it.
    pub span: Option<Span>,
    /// Why.
    pub why: Blocked,
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Blocked {
    /// A line that pip refuses.
    #[error("`{0}` cannot be read")]
    Unreadable(String),
    /// Every distribution has to be listed with its hashes.
    #[error("pip checks hashes here, so every distribution has to be listed")]
    Hashes,
    /// An included file that was not read.
    #[error("`{target}` was not read: it {why}")]
    Unfollowed {
        /// The file, as it is named there.
        target: String,
        /// Why.
        why: String,
    },
    /// A file that is no text.
    #[error("the file cannot be used: {0}")]
    Broken(String),
    /// The reduced list could not be written.
    #[error("the list leaves no place for `{0}`")]
    NoPlace(String),
    /// What was written means something else than the list did.
    #[error("the reduced list would not mean the same: {0}")]
    Unproven(String),
}

/// Why a line stays, whatever brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Bar {
    /// `-e`.
    #[error("it is installed in place (`-e`)")]
    Editable,
    /// A URL.
    #[error("it comes from a URL of its own")]
    Url,
    /// A folder or an archive.
    #[error("it comes from a file of its own")]
    Path,
    /// `--config-settings` and the like.
    #[error("it has options of its own")]
    Options,
    /// `${NAME}`, or a version that is none.
    #[error("its version is not known here")]
    Version,
    /// A marker that does not hold.
    #[error("it says nothing for the target: its marker does not hold there")]
    Elsewhere,
    /// A marker that has no meaning.
    #[error("its marker is not understood")]
    Marker,
    /// Several lines.
    #[error("it is listed more than once")]
    Twice,
    /// A constraint that says something else.
    #[error("a constraint says something else about it")]
    Constrained,
    /// A list outside the app's folder.
    #[error("its list belongs to other apps too")]
    Shared,
    /// An item that shares its line with others.
    #[error("it shares its line with others")]
    SharesLine,
    /// conda's `python`.
    #[error("it is the Python that the app gets")]
    Python,
    /// An old release beside it breaks with newer ones, and conda keeps none without a line.
    #[error("an old release in the list breaks beside newer versions of it")]
    Companion,
    /// conda's `pip`, where there is a list for it.
    #[error("it installs the `pip:` list")]
    Installer,
}

/// One requirement.
#[derive(Debug, Clone)]
pub struct ListEntry<'a> {
    /// The list.
    pub list: &'a RequirementList,
    /// Its line's number in the list's lines, from 0.
    pub index: usize,
    /// The line.
    pub line: &'a Line,
    /// What it says.
    pub requirement: &'a Requirement,
    /// The distribution; none where the line does not tell it.
    pub name: Option<String>,
    /// The extras that it asks for.
    pub extras: Vec<String>,
    /// Its exact version.
    pub pin: Option<Version>,
    /// Why it may not go.
    pub bar: Option<Bar>,
    /// Whether it installs anything on the target.
    pub installs: bool,
}

impl<'a> Lists<'a> {
    /// What Dash Enterprise 5 would build the app from: `requirements.txt` where there is one, else
    /// the `pip:` list of `environment.yml` and conda's lines behind it; `None` where neither lists
    /// anything.
    pub fn from_app(app: &'a App) -> Option<Self> {
        let graph = app.requirements();
        let by_pip = !app.requirements_txt().is_absent();
        let reads = |role: Role| role == Role::Requirements || (role == Role::CondaPip && !by_pip);
        let conda = graph.conda.iter().filter(|_| !by_pip);
        let installing = graph.lists.iter().filter(|it| reads(it.role));
        let installing: Vec<_> = installing.chain(conda).collect();
        let constraints = graph.lists.iter().filter(|it| it.role == Role::Constraints);
        if installing.is_empty() && !matches!(app.requirements_txt(), FileState::Broken(_)) {
            return None;
        }
        let mut lists = Self {
            constraints: constraints.collect(),
            installing,
            obstacle: None,
        };
        lists.obstacle = Self::broken(app)
            .or_else(|| Self::unfollowed(app))
            .or_else(|| lists.unreadable())
            .or_else(|| lists.hashed());
        Some(lists)
    }

    /// All lists.
    pub fn all(&self) -> impl Iterator<Item = &'a RequirementList> {
        self.installing.iter().chain(&self.constraints).copied()
    }

    fn broken(app: &App) -> Option<Obstacle> {
        let broken = app.requirements().broken.first()?;
        Some(Obstacle {
            path: broken.path.clone(),
            span: None,
            why: Blocked::Broken(broken.problem.message.clone()),
        })
    }

    fn unfollowed(app: &App) -> Option<Obstacle> {
        let include = app.requirements().unfollowed.first()?;
        Some(Obstacle {
            path: include.path.clone(),
            span: Some(include.span),
            why: Blocked::Unfollowed {
                target: redacted(&include.target),
                why: include.error.to_string(),
            },
        })
    }

    fn unreadable(&self) -> Option<Obstacle> {
        let mut all = self.all();
        all.find_map(|list| {
            let (line, refusal) = list.unreadable().next()?;
            Some(Obstacle {
                path: list.path.clone(),
                span: Some(refusal.span),
                why: Blocked::Unreadable(redacted(&line.text)),
            })
        })
    }

    fn hashed(&self) -> Option<Obstacle> {
        let mut all = self.all();
        all.find_map(|list| {
            let hashes = list.requirements().flat_map(|(_, _, it)| it.hashes());
            let asked = list.options().map(|(_, option)| option);
            let asked = asked.filter(|option| option.name == "require-hashes");
            let option = hashes.chain(asked).next()?;
            Some(Obstacle {
                path: list.path.clone(),
                span: Some(option.span),
                why: Blocked::Hashes,
            })
        })
    }

    /// The requirements, by name; those without a name last.
    pub fn entries(&self, root: &TreePath, target: Target) -> Vec<ListEntry<'a>> {
        let lists = self.installing.iter();
        let mut entries: Vec<ListEntry> =
            lists.flat_map(|list| of_list(list, root, target)).collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for name in entries.iter().filter_map(|entry| entry.name.clone()) {
            *counts.entry(name).or_default() += 1;
        }
        let limits = self.limits();
        let has_pip = self.installing.iter().any(|it| it.role == Role::CondaPip);
        for entry in &mut entries {
            let Some(name) = &entry.name else { continue };
            if entry.is_conda() && name == "pip" && has_pip {
                entry.bar = Some(Bar::Installer);
            }
            let twice = counts.get(name).is_some_and(|count| *count > 1);
            let limited = limits.get(name).is_some_and(|limits| {
                let own = entry.limit();
                own.is_some() && limits.iter().any(|limit| Some(limit) != own.as_ref())
            });
            let bar = twice
                .then_some(Bar::Twice)
                .or(limited.then_some(Bar::Constrained));
            entry.bar = entry.bar.or(bar);
        }
        bar_companions(&mut entries, target);
        entries.sort_by(|a, b| (a.name.is_none(), &a.name).cmp(&(b.name.is_none(), &b.name)));
        entries
    }

    /// What the constraints say of each distribution.
    pub(super) fn limits(&self) -> BTreeMap<String, BTreeSet<Limit>> {
        let mut limits: BTreeMap<String, BTreeSet<Limit>> = BTreeMap::new();
        for (list, _, requirement) in self.constraints.iter().flat_map(|it| it.requirements()) {
            if let (Some(name), Some(limit)) = (&requirement.key, limit(list, requirement)) {
                limits.entry(name.clone()).or_default().insert(limit);
            }
        }
        limits
    }

    /// Everything that decides the version of each distribution: specifiers with their markers, of
    /// requirements and constraints.
    pub(super) fn all_limits(&self) -> BTreeMap<String, BTreeSet<Limit>> {
        let mut limits = self.limits();
        for (list, _, requirement) in self.installing.iter().flat_map(|it| it.requirements()) {
            if let (Some(name), Some(limit)) = (&requirement.key, limit(list, requirement)) {
                limits.entry(name.clone()).or_default().insert(limit);
            }
        }
        limits
    }

    /// The exact versions that constraints give on the target; none where they disagree.
    pub(super) fn constrained(&self, target: Target) -> BTreeMap<String, Option<Version>> {
        let mut found: BTreeMap<String, Option<Version>> = BTreeMap::new();
        for (list, _, requirement) in self.constraints.iter().flat_map(|it| it.requirements()) {
            let (Some(name), Some(pin)) = (&requirement.key, pin(requirement)) else {
                continue;
            };
            if marker(list, requirement, target) != Holds::Yes {
                continue;
            }
            let version = found
                .entry(name.clone())
                .or_insert_with(|| Some(pin.clone()));
            if version.as_ref() != Some(&pin) {
                *version = None;
            }
        }
        found
    }
}

/// A specifier with its marker, both as they compare.
pub(super) type Limit = (String, String);

pub(super) fn limit(list: &RequirementList, requirement: &Requirement) -> Option<Limit> {
    let versions = requirement.versions.as_ref()?;
    let mut parts: Vec<String> = versions.iter().map(ToString::to_string).collect();
    parts.sort();
    let marker = requirement
        .marker
        .map(|span| unfolded(span.slice(list.text.as_str())));
    let marker = marker.unwrap_or_default().replace('\'', "\"");
    let marker: String = marker.split_whitespace().collect();
    Some((parts.join(","), marker))
}

impl ListEntry<'_> {
    /// Whether conda installs it, which reads no constraints.
    pub fn is_conda(&self) -> bool {
        self.list.role == Role::Conda
    }

    /// What it says of its version.
    pub(super) fn limit(&self) -> Option<Limit> {
        limit(self.list, self.requirement)
    }

    /// The line as people read it, without credentials.
    pub fn show_line(&self) -> String {
        let text = self.line.text.split_whitespace();
        redacted(&text.collect::<Vec<_>>().join(" "))
    }
}

/// Keeps the lines of conda's without which an old release would get a companion that breaks it.
fn bar_companions(entries: &mut [ListEntry], target: Target) {
    if !entries.iter().any(ListEntry::is_conda) {
        return;
    }
    let named = entries
        .iter()
        .filter_map(|it| Some((it.name.as_deref()?, it.pin.as_ref()?)));
    let rows = named.flat_map(|(name, version)| companions(name, version));
    let bounded = rows.filter(|row| row.bound.is_some() && row.applies(target));
    let needed: BTreeSet<&str> = bounded.map(|row| row.needs.as_str()).collect();
    for entry in entries.iter_mut() {
        let is_needed = entry
            .name
            .as_deref()
            .is_some_and(|name| needed.contains(name));
        if entry.is_conda() && is_needed {
            entry.bar = entry.bar.or(Some(Bar::Companion));
        }
    }
}

fn of_list<'a>(list: &'a RequirementList, root: &TreePath, target: Target) -> Vec<ListEntry<'a>> {
    let lines = list.lines.iter().enumerate();
    let entries = lines.filter_map(|(index, line)| match &line.content {
        Content::Requirement(requirement) => {
            let mut entry = entry(list, index, line, requirement, target);
            if !list.path.is_in(root) {
                entry.bar = entry.bar.or(Some(Bar::Shared));
            }
            Some(entry)
        }
        _ => None,
    });
    entries.collect()
}

fn entry<'a>(
    list: &'a RequirementList,
    index: usize,
    line: &'a Line,
    requirement: &'a Requirement,
    target: Target,
) -> ListEntry<'a> {
    let holds = marker(list, requirement, target);
    let extras = extras(list, line, requirement);
    let bar = bar(requirement)
        .or(extras.is_none().then_some(Bar::Version))
        .or(match holds {
            Holds::Yes => None,
            Holds::No => Some(Bar::Elsewhere),
            Holds::Unclear => Some(Bar::Marker),
        })
        .or(list.removable(line).is_none().then_some(Bar::SharesLine));
    let is_conda = list.role == Role::Conda;
    let is_python = is_conda && requirement.key.as_deref().and_then(conda_only) == Some("python");
    let series = is_conda.then(|| series(requirement)).flatten();
    ListEntry {
        list,
        index,
        line,
        requirement,
        name: requirement.key.clone(),
        extras: extras.unwrap_or_default(),
        pin: pin(requirement).or(series),
        bar: is_python.then_some(Bar::Python).or(bar),
        installs: holds != Holds::No,
    }
}

fn bar(requirement: &Requirement) -> Option<Bar> {
    if requirement.editable {
        return Some(Bar::Editable);
    }
    let unknown = matches!(requirement.source, RequirementSource::Specifiers(_))
        && requirement.versions.is_none();
    match requirement.source {
        RequirementSource::Url(_) => Some(Bar::Url),
        RequirementSource::Path(_) => Some(Bar::Path),
        _ if requirement.key.is_none() || unknown => Some(Bar::Version),
        _ if !requirement.options.is_empty() => Some(Bar::Options),
        _ => None,
    }
}

/// The extras; `None` where they cannot be told.
fn extras(list: &RequirementList, line: &Line, requirement: &Requirement) -> Option<Vec<String>> {
    if requirement.extras.is_empty() {
        return Some(Vec::new());
    }
    let text = list.text.as_str();
    let written: Vec<String> = if line.verbatim {
        let spans = requirement.extras.iter();
        spans.map(|span| unfolded(span.slice(text))).collect()
    } else {
        let (_, rest) = line.text.split_once('[')?;
        let (inner, _) = rest.split_once(']')?;
        inner.split(',').map(str::to_owned).collect()
    };
    if written.iter().any(|extra| extra.contains('$')) {
        return None;
    }
    Some(
        written
            .iter()
            .map(|it| normalized_name(it.trim()))
            .collect(),
    )
}

/// The one version that a requirement allows.
fn pin(requirement: &Requirement) -> Option<Version> {
    let versions = requirement.versions.as_ref()?;
    let mut exact = versions
        .iter()
        .filter(|one| matches!(one.operator(), Operator::Equal | Operator::ExactEqual));
    exact.next().map(|one| one.version().clone())
}

/// The version of `numpy=1.16.2`, as `conda env export --no-builds` writes what is installed.
fn series(requirement: &Requirement) -> Option<Version> {
    let mut versions = requirement.versions.as_ref()?.iter();
    let one = versions.next().filter(|one| {
        *one.operator() == Operator::EqualStar && one.version().release().len() > 1
    })?;
    versions.next().is_none().then(|| one.version().clone())
}

/// Whether a marker holds on the target.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Yes,
    No,
    Unclear,
}

fn marker(list: &RequirementList, requirement: &Requirement, target: Target) -> Holds {
    let Some(span) = requirement.marker else {
        return Holds::Yes;
    };
    let text = unfolded(span.slice(list.text.as_str()));
    let read = Marker::parse(&text).filter(|_| !text.contains("${"));
    match read.and_then(|marker| marker.holds_on(target.minor(), &[])) {
        Some(true) => Holds::Yes,
        Some(false) => Holds::No,
        None => Holds::Unclear,
    }
}
