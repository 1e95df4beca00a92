//! Names that are no distribution of an index: parts of a machine, programs of Anaconda, names that
//! code imports, modules of Python itself, models of spaCy.

use super::{MISNAMED, RULE};
use crate::app::{App, RequirementList};
use crate::files::requirements::{Line, Requirement};
use crate::packages::misnamed::{MisnamedKind, find_misnamed};
use crate::packages::names::is_standard;
use crate::packages::snapshot;
use crate::rules::requirement_lists::removing;
use crate::rules::{Category, Finding, Fix, Stage, Subject};

/// What a name is that no index gives to this Linux.
#[derive(Clone, Copy)]
enum What {
    /// A row of the table, with what is meant.
    Row(MisnamedKind, &'static [String]),
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
    let what = what(key)?;
    let written = requirement.name.filter(|_| line.verbatim);
    let name = written.map_or(key, |name| name.of(list.text.as_str()));
    // Another index may have anything but the parts of a machine.
    let elsewhere = has_other_index(app)
        && !matches!(
            what,
            What::Row(MisnamedKind::System | MisnamedKind::Anaconda, _)
        );
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
    let fix = Fix::unsafe_(format!("remove {name}"));
    let advice = advice(name, what);
    Some(match removing(fix, list, line) {
        Some(fix) if is_needless(what) => draft.step(advice).fix(fix),
        _ => draft.guide(advice),
    })
}

fn what(key: &str) -> Option<What> {
    if let Some(row) = find_misnamed(key) {
        return Some(What::Row(row.kind, &row.instead));
    }
    // Some names of modules are distributions too, for older Pythons: backports.toml has those.
    let is_module = is_standard(&key.replace('-', "_")) && snapshot::find(key).is_none();
    let is_copy = crate::packages::obsolete::backport(key).is_some();
    (is_module && !is_copy).then_some(What::Standard)
}

/// Whether the lists ask another index, or a page of links.
fn has_other_index(app: &App) -> bool {
    let lists = app.requirements().lists.iter();
    let mut options = lists.flat_map(RequirementList::options);
    options.any(|(_, it)| matches!(it.name, "index-url" | "extra-index-url" | "find-links"))
}

/// Whether the app does without it on Linux, as far as can be told.
fn is_needless(what: What) -> bool {
    !matches!(
        what,
        What::Row(MisnamedKind::Import | MisnamedKind::Model, _)
    )
}

fn message(name: &str, what: What) -> String {
    let What::Row(kind, instead) = what else {
        return format!("{name} is a module of Python itself, and no distribution to install");
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
        MisnamedKind::Model => {
            format!("{name} is a model of spaCy, which the public index does not have")
        }
    }
}

fn advice(name: &str, what: What) -> String {
    match what {
        What::Standard => format!("Without the line, `import {name}` takes Python's own module."),
        What::Row(MisnamedKind::System, _) => format!(
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
        What::Row(MisnamedKind::Model, _) => format!(
            "Ask for the model by the address of its wheel, as spaCy's releases name it: \
             `{name} @ https://…`."
        ),
    }
}
