//! DL206: distributions of another platform or of another Python.

use super::data::packages::{Foreign, ForeignKind, foreign};
use super::requirement_lists::{is_not_for_linux, removing};
use super::{Category, Check, Code, Finding, Fix, Rule, Settings};
use crate::app::{App, RequirementList};
use crate::files::requirements::{Line, Requirement, Source};

/// DL206.
pub(super) static RULE: Rule = Rule {
    code: Code(206),
    stem: "foreign-platform",
    category: Category::Must,
    summary: "distributions of another platform or of another Python",
    page: include_str!("../../rules/DL206-foreign-platform.md"),
    check: Check::App(check),
};

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let found = app.requirements().requirements();
    let foreign = found.filter_map(|(list, line, requirement)| {
        let row = row(list, requirement)?;
        Some(report(list, line, requirement, row))
    });
    foreign.collect()
}

/// What makes the requirement a foreign one, if anything does.
fn row(list: &RequirementList, requirement: &Requirement) -> Option<&'static Foreign> {
    let row = foreign(requirement.key.as_deref()?)?;
    if !matches!(requirement.source, Source::Any | Source::Specifiers(_)) {
        return None;
    }
    if let Some(version) = row.version() {
        let versions = requirement.versions.as_ref()?;
        if !versions.contains(&version) {
            return None;
        }
    }
    // `enum34 ; python_version < "3.4"`: somebody thought of it.
    let is_decided = row.kind == ForeignKind::Backport && requirement.marker.is_some();
    (!is_decided && !is_not_for_linux(list, requirement)).then_some(row)
}

fn report(
    list: &RequirementList,
    line: &Line,
    requirement: &Requirement,
    row: &Foreign,
) -> Finding {
    let name = requirement
        .name
        .map_or("", |name| name.of(list.text.as_str()));
    let name = if line.verbatim {
        name
    } else {
        requirement.key.as_deref().unwrap_or_default()
    };
    let category = match row.kind {
        ForeignKind::Backport => Category::Should,
        _ => Category::Must,
    };
    let draft = Finding::of(&RULE, &list.path, message(name, row))
        .span(requirement.span)
        .category(category);
    let title = format!("remove {name}");
    let fix = match row.kind {
        ForeignKind::Nothing => Fix::safe(title),
        _ => Fix::unsafe_(title),
    };
    match removing(fix, list, line) {
        Some(fix) if row.kind == ForeignKind::Nothing => draft.fix(fix),
        Some(fix) => draft.step(advice(name, row)).fix(fix),
        None => draft.guide(advice(name, row)),
    }
}

fn message(name: &str, row: &Foreign) -> String {
    match row.kind {
        ForeignKind::Windows => {
            format!("{name} is for Windows only, and Dash Enterprise 5 builds on Linux")
        }
        ForeignKind::Macos => {
            format!("{name} is for macOS only, and Dash Enterprise 5 builds on Linux")
        }
        ForeignKind::Backport => format!(
            "{name} copies the module {} that Python has had since {}, and can break it",
            row.module, row.since
        ),
        ForeignKind::Nothing => format!(
            "{name} 0.0.0 is no distribution: `pip freeze` of Debian and Ubuntu invents it, and no \
             index has it"
        ),
    }
}

fn advice(name: &str, row: &Foreign) -> String {
    match row.kind {
        ForeignKind::Windows | ForeignKind::Macos => {
            let system = if row.kind == ForeignKind::Windows {
                "win32"
            } else {
                "darwin"
            };
            format!(
                "Look whether the code imports {name}; to keep it for work on your own machine, \
                 write `{name} ; sys_platform == \"{system}\"`."
            )
        }
        ForeignKind::Backport => {
            format!(
                "Without {name}, `import {}` takes the module of Python itself.",
                row.module
            )
        }
        ForeignKind::Nothing => format!("Take {name} out of the list."),
    }
}
