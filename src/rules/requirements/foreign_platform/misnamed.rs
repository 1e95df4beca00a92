//! Names that are no distribution of an index: parts of a machine, programs of Anaconda, names that
//! code imports, modules of Python itself, models of spaCy.

use pep440_rs::{Operator, Version};

use super::{MISNAMED, RULE};
use crate::app::{App, RequirementList};
use crate::files::requirements::{Line, Requirement, RequirementSource};
use crate::packages::misnamed::{Misnamed, MisnamedKind, find_misnamed, is_model};
use crate::packages::names::is_standard;
use crate::packages::snapshot;
use crate::rules::requirement_lists::{has_other_index, removing, replace};
use crate::rules::{Category, Draft, Finding, FindingCause, Fix, Stage, Subject};
use crate::text::Span;

/// Modules of Python 2, under names that Python 3 has no more (its porting guide).
const PYTHON_2: &[&str] = &[
    "cookielib",
    "cpickle",
    "cstringio",
    "htmlparser",
    "httplib",
    "stringio",
    "urllib2",
    "urlparse",
];

/// What a name is that no index gives to this Linux.
#[derive(Clone, Copy)]
enum What {
    /// A row of the table, with what is meant.
    Row(MisnamedKind, &'static [String]),
    /// A version that only a package of Ubuntu or Debian has.
    Packaged,
    /// A model of spaCy, which its own tool installs.
    Model,
    /// A module of Python itself.
    Standard,
}

/// The finding about the line, if its name is no distribution.
pub(super) fn find(
    app: &App,
    list: &RequirementList,
    line: &Line,
    requirement: &Requirement,
) -> Option<Finding> {
    let key = requirement.key.as_deref()?;
    let what = what(app, list, requirement, key)?;
    let written = requirement.name.filter(|_| line.verbatim);
    let name = written.map_or(key, |name| name.slice(list.text.as_str()));
    // Another index may have anything but the parts of a machine.
    let elsewhere = has_other_index(app) && !is_of_machine(what);
    let sure = !elsewhere && !matches!(what, What::Standard);
    let draft = RULE
        .report(
            MISNAMED,
            Subject::Distribution(key.to_owned()),
            &list.path,
            message(name, what),
        )
        .span(requirement.span)
        .category(if sure {
            Category::Must
        } else {
            Category::Should
        })
        .stops(sure, Stage::Build);
    let draft = if is_of_machine(what) {
        draft.because(FindingCause {
            subject: Subject::Whole,
            several: "lines are parts of the machine that the list was written on: no index has \
                      them, or not in these versions",
            title: "remove the parts of the machine",
            step: Some(
                "Look whether the code needs one of them: its Debian package then belongs in the \
                 Aptfile.",
            ),
            note: format!("{name} is one"),
        })
    } else {
        draft
    };
    if let What::Model = what {
        return Some(model(draft, list, line, requirement));
    }
    let fix = Fix::unsafe_(format!("remove {name}"));
    let advice = advice(name, what);
    Some(match removing(fix, list, line) {
        Some(fix) if is_needless(what) => draft.step(advice).fix(fix),
        _ => draft.guide(advice),
    })
}

/// Ends a finding about a model with the address of its wheel, as spaCy's releases name it (its
/// documentation of models). Before 3.0 they were source archives.
fn model(draft: Draft, list: &RequirementList, line: &Line, requirement: &Requirement) -> Finding {
    let key = requirement.key.as_deref().unwrap_or_default();
    let pin = pin(requirement);
    let module = key.replace('-', "_");
    let shown = pin.map_or_else(|| "VERSION".to_owned(), ToString::to_string);
    let archive = match pin {
        Some(pin) if pin.release().first() < Some(&3) => format!("{module}-{shown}.tar.gz"),
        _ => format!("{module}-{shown}-py3-none-any.whl"),
    };
    let address = format!(
        "{key} @ https://github.com/explosion/spacy-models/releases/download/{module}-{shown}/{archive}"
    );
    let RequirementSource::Specifiers(span) = requirement.source else {
        return draft.guide(format!(
            "Ask for it by the address of its archive, with the version of the model that goes \
             with your spaCy in both places: `{address}`."
        ));
    };
    let name = requirement.name.filter(|_| line.verbatim && pin.is_some());
    let plain = requirement.extras.is_empty() && requirement.hashes().next().is_none();
    match name.filter(|_| plain) {
        Some(name) => {
            let whole = Span::new(name.start, span.end);
            let step = format!(
                "The build then fetches `{address}`: look whether your server reaches GitHub."
            );
            let text = if requirement.marker.is_some() {
                format!("{address} ")
            } else {
                address
            };
            draft.step(step).fix(
                Fix::unsafe_(format!("ask for {key} by its address"))
                    .edit(replace(list, whole, &text)),
            )
        }
        None => draft.guide(format!(
            "Ask for it by the address of its archive: `{address}`."
        )),
    }
}

fn pin(requirement: &Requirement) -> Option<&Version> {
    let [only] = &**requirement.versions.as_ref()? else {
        return None;
    };
    (*only.operator() == Operator::Equal).then(|| only.version())
}

/// Whether the name, or the version, is one that no index gives to a Linux.
pub(in crate::rules::requirements) fn is_misnamed(
    app: &App,
    list: &RequirementList,
    requirement: &Requirement,
) -> bool {
    let key = requirement.key.as_deref();
    key.is_some_and(|key| what(app, list, requirement, key).is_some())
}

fn what(app: &App, list: &RequirementList, requirement: &Requirement, key: &str) -> Option<What> {
    if let Some(row) = find_misnamed(key)
        && (!row.is_shared || shows_machine(app))
    {
        return Some(What::Row(row.kind, &row.instead));
    }
    if is_packaged(list, requirement) {
        return Some(What::Packaged);
    }
    if is_model(key) {
        return Some(What::Model);
    }
    // Some names of modules are distributions too, for older Pythons: backports.toml has those.
    let module = key.replace('-', "_");
    let is_module = is_standard(&module) || PYTHON_2.contains(&module.as_str());
    let is_module = is_module && snapshot::find(key).is_none();
    let is_copy = crate::packages::obsolete::backport(key).is_some();
    (is_module && !is_copy).then_some(What::Standard)
}

/// Whether a list shows, by a name that no index has, that it was written on a machine outside of a
/// virtual environment.
fn shows_machine(app: &App) -> bool {
    let is_part = |row: &&Misnamed| row.kind == MisnamedKind::System && !row.is_shared;
    let mut all = app.requirements().requirements();
    all.any(|(list, _, it)| {
        let row = it.key.as_deref().and_then(find_misnamed);
        row.as_ref().is_some_and(is_part) || is_packaged(list, it)
    })
}

/// Whether the version is one that packages of Ubuntu or Debian have: `0.23ubuntu1`, `2.0+dfsg1`.
fn is_packaged(list: &RequirementList, requirement: &Requirement) -> bool {
    let RequirementSource::Specifiers(span) = requirement.source else {
        return false;
    };
    let text = span.slice(list.text.as_str()).to_ascii_lowercase();
    ["ubuntu", "+dfsg", "+ds", "+deb"]
        .iter()
        .any(|it| text.contains(it))
}

/// Whether it is a part of a machine or of an installation of Anaconda.
fn is_of_machine(what: What) -> bool {
    matches!(
        what,
        What::Row(MisnamedKind::System | MisnamedKind::Anaconda, _) | What::Packaged
    )
}

/// Whether the app does without it on Linux, as far as can be told.
fn is_needless(what: What) -> bool {
    !matches!(what, What::Row(MisnamedKind::Import, _) | What::Model)
}

fn message(name: &str, what: What) -> String {
    let (kind, instead) = match what {
        What::Row(kind, instead) => (kind, instead),
        What::Standard => {
            return format!("{name} is a module of Python itself, and no distribution to install");
        }
        What::Packaged => {
            return format!(
                "{name} has the version of an Ubuntu or Debian package: no index has it"
            );
        }
        What::Model => {
            return format!("{name} is a model of spaCy, which the public index does not have");
        }
    };
    match kind {
        MisnamedKind::System => {
            format!("{name} is a part of an Ubuntu or Debian machine: no index has it")
        }
        MisnamedKind::Anaconda => {
            format!("{name} is a part of an Anaconda installation: no index has it for pip")
        }
        MisnamedKind::Windows => {
            format!("{name} is for Windows only, and Dash Enterprise 5 builds on Linux")
        }
        MisnamedKind::Macos => {
            format!("{name} is for macOS only, and Dash Enterprise 5 builds on Linux")
        }
        MisnamedKind::Import => format!(
            "{name} is not the name of a distribution: {} is meant by it",
            instead.join(" or ")
        ),
    }
}

fn advice(name: &str, what: What) -> String {
    match what {
        What::Standard => format!("Without the line, `import {name}` takes Python's own module."),
        What::Row(MisnamedKind::System, _) | What::Packaged => format!(
            "`pip freeze` outside of a virtual environment lists the machine too. Where the code \
             needs {name}, its Debian package belongs in the Aptfile."
        ),
        What::Row(MisnamedKind::Anaconda, _) => {
            format!("Look whether the code imports {name}: only conda brings it.")
        }
        What::Row(MisnamedKind::Windows | MisnamedKind::Macos, instead) => match instead.first() {
            Some(instead) => format!("On Linux {instead} takes its place: ask for that one."),
            None => format!("Look whether the code imports {name}."),
        },
        What::Row(MisnamedKind::Import, instead) => format!(
            "Write {} in its place, with a version of that distribution. Look at it before: \
             anybody can publish under a name.",
            instead.join(" or ")
        ),
        What::Model => String::new(),
    }
}
