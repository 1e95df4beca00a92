//! DL207: requirements that name a place that only one machine has.

use pep440_rs::Version;

use crate::app::{App, RequirementList};
use crate::files::requirements::{
    Line, Requirement, RequirementSource, Url, is_archive, is_name, normalized_name, strip_archive,
};
use crate::packages::snapshot;
use crate::rules::data::packages::foreign;
use crate::rules::requirement_lists::{
    all, end_of_name, is_not_for_linux, is_place_of_conda, replace, short, show_line,
};
use crate::rules::{
    Case, Category, Check, Code, Consequence, Draft, Finding, FindingCause, Fix, Inputs, Rule,
    Settings, Stage, Subject,
};
use crate::secrets::redacted;
use crate::text::Span;

/// DL207.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(207),
    stem: "unreachable",
    category: Category::Must,
    summary: "requirements that name a place that only one machine has",
    cases: &[ABSOLUTE, MISSING, OUTSIDE, NO_PROJECT, GIT_PROTOCOL],
    inputs: Inputs::NONE.lists(),
    page: include_str!("../../../rules/DL207-unreachable.md"),
    check: Check::App(check),
};

const ABSOLUTE: Case = Case::new("absolute");
const MISSING: Case = Case::new("missing");
const OUTSIDE: Case = Case::new("outside");
const NO_PROJECT: Case = Case::new("no-project");
const GIT_PROTOCOL: Case = Case::new("git-protocol");

/// Why a place cannot be reached from a build.
enum Unreachable {
    /// A path of the machine that made the list.
    Absolute,
    /// A relative path that is not in the repository.
    Missing,
    /// A relative path out of the repository.
    Outside,
    /// A folder that pip cannot install.
    NoProject,
    /// The unencrypted protocol of git.
    GitProtocol,
}

impl Unreachable {
    const fn case(&self) -> Case {
        match self {
            Self::Absolute => ABSOLUTE,
            Self::Missing => MISSING,
            Self::Outside => OUTSIDE,
            Self::NoProject => NO_PROJECT,
            Self::GitProtocol => GIT_PROTOCOL,
        }
    }
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let found = all(&app.requirements().lists).filter_map(|(list, line, requirement)| {
        if is_not_for_linux(list, requirement) {
            return None;
        }
        let why = why(app, requirement)?;
        Some(report(list, line, requirement, &why))
    });
    found.collect()
}

fn why(app: &App, requirement: &Requirement) -> Option<Unreachable> {
    let location = requirement.location.as_deref()?;
    if location.contains("${") {
        return None;
    }
    // No index has it for Linux, and DL206 says so.
    let key = requirement.key.as_deref();
    if is_place_of_conda(location) && key.is_some_and(|key| foreign(key).is_some()) {
        return None;
    }
    match requirement.source {
        RequirementSource::Url(_) => why_url(app, location),
        RequirementSource::Path(_) => why_path(app, location),
        RequirementSource::Any | RequirementSource::Specifiers(_) => None,
    }
}

fn why_url(app: &App, url: &str) -> Option<Unreachable> {
    let lower = url.to_ascii_lowercase();
    if lower.starts_with("git://") || lower.starts_with("git+git://") {
        return Some(Unreachable::GitProtocol);
    }
    let vcs = lower
        .strip_prefix("git+")
        .or_else(|| lower.strip_prefix("hg+"));
    let scheme = vcs.unwrap_or(&lower);
    let rest = scheme.strip_prefix("file:")?;
    let relative = vcs.is_none() && !rest.starts_with('/') && !rest.starts_with('\\');
    if relative {
        return why_path(app, url.get("file:".len()..)?);
    }
    Some(Unreachable::Absolute)
}

fn why_path(app: &App, path: &str) -> Option<Unreachable> {
    let path = path
        .split('#')
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let drive = path.get(1..2) == Some(":");
    if path.is_empty() || path.starts_with(['/', '\\', '~']) || drive {
        return Some(Unreachable::Absolute);
    }
    // pip reads paths from the folder that it runs in: the app's.
    let Ok(target) = app.root().join(&path.replace('\\', "/")) else {
        return Some(Unreachable::Outside);
    };
    if app.tree().resolve(&target).is_ok() {
        return None;
    }
    if app.tree().under(&target).is_empty() {
        return Some(Unreachable::Missing);
    }
    let has = |name: &str| app.tree().resolve(&target.child(name)).is_ok();
    (!has("setup.py") && !has("pyproject.toml")).then_some(Unreachable::NoProject)
}

/// What a person does about several paths of another machine.
const SEVERAL_PATHS: &str = "Make sure that an index has these versions (`pip freeze` in the running app says which they are): else put the archives or folders into the repository and name them by their relative paths.";

fn report(
    list: &RequirementList,
    line: &Line,
    requirement: &Requirement,
    why: &Unreachable,
) -> Finding {
    let location = requirement.location.as_deref().unwrap_or_default();
    let place = short(&redacted(location));
    let message = match why {
        Unreachable::Absolute => {
            format!("`{place}` is a path of the machine that the list was made on")
        }
        Unreachable::Missing => format!("`{place}` is not in the repository"),
        Unreachable::Outside => format!("`{place}` leads out of the repository"),
        Unreachable::NoProject => {
            format!("`{place}` has neither setup.py nor pyproject.toml: pip cannot install it")
        }
        Unreachable::GitProtocol => format!(
            "`{place}` uses the git protocol without encryption, which the large hosts have turned \
             off"
        ),
    };
    let draft = RULE
        .report(why.case(), Subject::Path(place), &list.path, message)
        .span(requirement.span)
        .means(Consequence::Stops(Stage::Build));
    let draft = match why {
        Unreachable::Absolute => draft.because(FindingCause {
            subject: Subject::Whole,
            several: "requirements are paths of the machine that the list was made on",
            title: "ask an index for the versions that the paths tell",
            step: Some(SEVERAL_PATHS),
            note: format!("`{}`", short(&redacted(location))),
        }),
        _ => draft,
    };
    match why {
        Unreachable::GitProtocol => over_https(draft, list, line, requirement),
        Unreachable::NoProject => {
            draft.guide("Add a pyproject.toml to the folder, or take the line out.")
        }
        _ => by_version(draft, list, line, requirement),
    }
}

/// The same repository over https.
fn over_https(
    draft: Draft,
    list: &RequirementList,
    line: &Line,
    requirement: &Requirement,
) -> Finding {
    let location = requirement.location.as_deref().unwrap_or_default();
    let start = location.find("://").unwrap_or_default();
    let rest = location.get(start..).unwrap_or_default();
    let host = Url::parse(location).map_or("", |url| url.host);
    let guide = format!(
        "Write `git+https{}` in its place, if {host} serves it so.",
        redacted(&format!("https{rest}")).trim_start_matches("https")
    );
    let RequirementSource::Url(span) = requirement.source else {
        return draft.guide(guide);
    };
    if !line.verbatim || span.len() != location.len() {
        return draft.guide(guide);
    }
    let scheme = Span::new(span.start, span.start + start);
    let fix = Fix::unsafe_(format!("fetch from {host} over https"));
    draft
        .step(guide)
        .fix(fix.edit(replace(list, scheme, "git+https")))
}

/// The version that the path tells, from an index.
fn by_version(
    draft: Draft,
    list: &RequirementList,
    line: &Line,
    requirement: &Requirement,
) -> Finding {
    let location = requirement.location.as_deref().unwrap_or_default();
    let key = requirement.key.as_deref();
    let told = match archive(location) {
        Some(file) => split(file, key),
        None => key.and_then(|key| from_folders(location, key)),
    };
    let Some((name, version)) = told else {
        return without_version(draft, list, line, requirement);
    };
    let (RequirementSource::Url(span) | RequirementSource::Path(span), true) =
        (&requirement.source, line.verbatim)
    else {
        return draft.guide(by_hand(requirement));
    };
    if requirement.editable {
        return draft.guide(by_hand(requirement));
    }
    let text = list.text.as_str();
    let extras: Vec<&str> = requirement
        .extras
        .iter()
        .map(|extra| extra.slice(text))
        .collect();
    let written = requirement.name.filter(|name| name.end <= span.start);
    let name = written.map_or(name, |name| name.slice(text).to_owned());
    let extras = if extras.is_empty() {
        String::new()
    } else {
        format!("[{}]", extras.join(","))
    };
    let new = format!("{name}{extras}=={version}");
    let fix = Fix::unsafe_(format!("ask an index for {new}"));
    let edit = replace(list, replaced(requirement, *span, text), &new);
    draft
        .step(format!(
            "Make sure that an index has {name} {version}: else put the archive into the \
             repository and name it by its relative path (now: `{}`).",
            show_line(line)
        ))
        .fix(fix.edit(edit))
}

/// The bare name of a distribution that conda built: where, not which version, is what the list
/// tells.
fn without_version(
    draft: Draft,
    list: &RequirementList,
    line: &Line,
    requirement: &Requirement,
) -> Finding {
    let location = requirement.location.as_deref().unwrap_or_default();
    let text = list.text.as_str();
    let (RequirementSource::Url(span), Some(name), Some(key)) =
        (&requirement.source, requirement.name, &requirement.key)
    else {
        return draft.guide(by_hand(requirement));
    };
    let is_public = is_place_of_conda(location) && snapshot::find(key).is_some();
    if !is_public || !line.verbatim || requirement.editable || name.end > span.start {
        return draft.guide(by_hand(requirement));
    }
    let kept = Span::new(
        name.start,
        end_of_name(list, requirement).unwrap_or(name.end),
    );
    let new = kept.slice(text);
    let fix = Fix::unsafe_(format!("ask an index for {new}, any version"));
    draft
        .step(format!(
            "conda wrote where it built {key}, not which version: look it up in the old environment (`conda list {key}`) and write `{new}==VERSION`, if the app needs that one."
        ))
        .fix(fix.edit(replace(list, Span::new(kept.start, span.end), new)))
}

fn by_hand(requirement: &Requirement) -> String {
    match requirement.key.as_deref() {
        Some(name) => format!(
            "Write `{name}==VERSION` with the version that the app was built with (`pip freeze` in \
             the running app says it), or put the archive or folder into the repository and name \
             it by its relative path."
        ),
        None => "Put the archive or folder into the repository and name it by its relative path, \
                 or write the name and version of the distribution if an index has it."
            .to_owned(),
    }
}

/// From the name to the end of the place and of the extras behind it.
fn replaced(requirement: &Requirement, place: Span, text: &str) -> Span {
    let start = requirement
        .name
        .map_or(place.start, |name| name.start.min(place.start));
    let last = requirement
        .extras
        .iter()
        .map(|extra| extra.end)
        .max()
        .unwrap_or_default();
    let end = if last > place.end {
        let rest = Span::new(last, text.len()).slice(text);
        last + rest.find(']').map_or(0, |bracket| bracket + 1)
    } else {
        place.end
    };
    Span::new(start, end)
}

/// The name of the archive at the end of a place.
fn archive(location: &str) -> Option<&str> {
    let path = location.split(['#', '?']).next()?;
    let path = path.split_once('[').map_or(path, |(path, _)| path);
    let file = path.rsplit(['/', '\\']).next()?;
    is_archive(file).then_some(file)
}

/// Name and version of an archive: `name-1.0-py3-none-any.whl`, `name-1.0.tar.gz`. An archive of
/// another name than the requirement's tells nothing.
fn split(file: &str, key: Option<&str>) -> Option<(String, Version)> {
    let stem = strip_archive(file)?;
    let (name, version) = stem.rsplit_once('-')?;
    let version: Version = version.parse().ok()?;
    let name = file.get(..name.len())?;
    let same = key.is_none_or(|key| key == normalized_name(name));
    // A local version (`+cu110`, `+local`) is on no public index.
    (is_name(name) && same && !version.is_local()).then(|| (name.to_owned(), version))
}

/// Name and version as the folders of a path tell them: `pandas-1.0.5` or `pandas/1.0.5`. A number
/// without a dot (`yapf_1600000000000`) is a time, not a version.
fn from_folders(location: &str, key: &str) -> Option<(String, Version)> {
    let path = location.split(['#', '?']).next()?;
    let folders: Vec<&str> = path.split(['/', '\\']).collect();
    let version = |text: &str| {
        let version: Option<Version> = text.parse().ok().filter(|_| text.contains('.'));
        version.filter(|version| !version.is_local())
    };
    let is_it = |name: &str| is_name(name) && normalized_name(name) == key;
    let joined = folders.iter().rev().find_map(|folder| {
        let (name, number) = folder.rsplit_once(['-', '_'])?;
        version(number).filter(|_| is_it(name))
    });
    let found = joined.or_else(|| {
        let mut pairs = folders.windows(2).rev();
        pairs.find_map(|pair| match pair {
            [name, number] if is_it(name) => version(number),
            _ => None,
        })
    });
    found.map(|version| (key.to_owned(), version))
}
