//! DL206: distributions of another platform or of another Python.

mod misnamed;

pub(super) use misnamed::is_misnamed;

use super::python_compat::is_refused;
use crate::app::{App, RequirementList};
use crate::files::requirements::{Line, Requirement, RequirementSource};
use crate::packages::obsolete::{Backport, backport};
use crate::rules::data::packages::{Foreign, ForeignKind, foreign};
use crate::rules::requirement_lists::{is_not_for_linux, is_place_of_conda, removing};
use crate::rules::{
    Case, Category, Check, Code, Finding, Fix, Inputs, Rule, Settings, SourceInputs, Stage,
    Subject, oldest_target, private_names, python,
};

/// DL206.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(206),
    stem: "foreign-platform",
    category: Category::Must,
    summary: "distributions of another platform or of another Python",
    cases: &[BACKPORT, FOREIGN, MISNAMED],
    inputs: Inputs::files(&["runtime.txt", "project.toml", "environment.yml"])
        .lists()
        .sources(SourceInputs::Any),
    page: include_str!("../../../rules/DL206-foreign-platform.md"),
    check: Check::App(check),
};

const BACKPORT: Case = Case::new("backport");
const FOREIGN: Case = Case::new("foreign");
const MISNAMED: Case = Case::new("misnamed");

/// What makes a requirement one that does not belong here.
#[derive(Clone, Copy)]
enum Why {
    /// A row of the table says so.
    Foreign(&'static Foreign),
    /// The Python of the app has it.
    Backport(&'static Backport),
}

impl Why {
    const fn case(&self) -> Case {
        match self {
            Self::Foreign(_) => FOREIGN,
            Self::Backport(_) => BACKPORT,
        }
    }
}

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let private = private_names(app, settings);
    let found = app.requirements().requirements();
    let found = found.filter(|(list, _, requirement)| {
        let from_index = match requirement.source {
            RequirementSource::Any | RequirementSource::Specifiers(_) => true,
            // Where conda built it: nobody's own project of that name.
            RequirementSource::Url(_) | RequirementSource::Path(_) => {
                let location = requirement.location.as_deref();
                location.is_some_and(is_place_of_conda)
            }
        };
        from_index && !is_not_for_linux(list, requirement)
    });
    let foreign = found.filter_map(|(list, line, requirement)| {
        let name = requirement
            .key
            .as_deref()
            .filter(|it| !private.contains(*it))?;
        if let Some(finding) = misnamed::find(app, list, line, requirement) {
            return Some(finding);
        }
        let why = row(requirement, name).map(Why::Foreign);
        let why = why.or_else(|| needless(app, settings, requirement, name).map(Why::Backport))?;
        let target = python(app, settings).target;
        let refused = target.is_some_and(|it| is_refused(list, line, requirement, it));
        Some(report(list, line, requirement, why, refused))
    });
    foreign.collect()
}

/// The row that makes the requirement a foreign one, if any does.
fn row(requirement: &Requirement, name: &str) -> Option<&'static Foreign> {
    let row = foreign(name)?;
    match row.version() {
        Some(version) => requirement.versions.as_ref()?.contains(&version),
        None => true,
    }
    .then_some(row)
}

/// The copy of a standard module that it is, if the app's Python has the module and the app does
/// not import the copy by a name of its own.
fn needless(
    app: &App,
    settings: &Settings,
    requirement: &Requirement,
    name: &str,
) -> Option<&'static Backport> {
    let row = backport(name)?;
    // `enum34 ; python_version < "3.4"`: somebody thought of it.
    if requirement.marker.is_some() {
        return None;
    }
    let target = python(app, settings).target;
    let target = target.unwrap_or_else(|| oldest_target(settings));
    let imported = row.imports.as_deref().is_some_and(|it| imports(app, it));
    (target.minor() >= row.since && !imported).then_some(row)
}

/// Whether the code imports the module, or one in it.
fn imports(app: &App, module: &str) -> bool {
    let first = module.split('.').next().unwrap_or_default();
    let is_it = |name: &str| {
        name.strip_prefix(module)
            .is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    let files = app.sources_with(&[first]).into_iter();
    let facts = files.filter_map(|file| file.facts());
    let mut imports = facts.flat_map(|(_, facts)| &facts.imports);
    imports.any(|import| {
        let inner = import
            .name
            .as_ref()
            .map(|name| format!("{}.{name}", import.module));
        import.level == 0 && (is_it(&import.module) || inner.is_some_and(|it| is_it(&it)))
    })
}

fn report(
    list: &RequirementList,
    line: &Line,
    requirement: &Requirement,
    why: Why,
    refused: bool,
) -> Finding {
    let name = requirement
        .name
        .map_or("", |name| name.slice(list.text.as_str()));
    let name = if line.verbatim {
        name
    } else {
        requirement.key.as_deref().unwrap_or_default()
    };
    let category = match why {
        Why::Backport(_) if refused => Category::Must,
        Why::Backport(row) if row.imports.is_some() => Category::May,
        Why::Foreign(row) if row.installs => Category::May,
        Why::Backport(_) => Category::Should,
        Why::Foreign(_) => Category::Must,
    };
    let draft = RULE
        .report(
            why.case(),
            Subject::Distribution(name.to_owned()),
            &list.path,
            message(name, why),
        )
        .span(requirement.span)
        .category(category)
        .stops(category == Category::Must, Stage::Build);
    let is_nothing = matches!(why, Why::Foreign(row) if row.kind == ForeignKind::Nothing);
    let title = format!("remove {name}");
    let fix = if is_nothing {
        Fix::safe(title)
    } else {
        Fix::unsafe_(title)
    };
    match removing(fix, list, line) {
        Some(fix) if is_nothing => draft.fix(fix),
        Some(fix) => match why {
            Why::Backport(_) => draft.note(advice(name, why)).fix(fix),
            Why::Foreign(_) => draft.step(advice(name, why)).fix(fix),
        },
        None => draft.guide(advice(name, why)),
    }
}

fn message(name: &str, why: Why) -> String {
    let row = match why {
        Why::Foreign(row) => row,
        Why::Backport(Backport {
            module,
            since,
            imports: None,
            ..
        }) => {
            return format!(
                "{name} copies the module {module} that Python has had since 3.{since}, and can \
                 break it"
            );
        }
        Why::Backport(Backport { module, since, .. }) => {
            return format!("{name} is needless: Python has had {module} since 3.{since}");
        }
    };
    if row.installs {
        return format!(
            "{name} does something on Windows only; on Linux it installs and is unused"
        );
    }
    match row.kind {
        ForeignKind::Windows => {
            format!("{name} is for Windows only, and Dash Enterprise 5 builds on Linux")
        }
        ForeignKind::Macos => {
            format!("{name} is for macOS only, and Dash Enterprise 5 builds on Linux")
        }
        ForeignKind::Nothing => format!(
            "{name} 0.0.0 is no distribution: `pip freeze` of Debian and Ubuntu invents it, and no \
             index has it"
        ),
    }
}

fn advice(name: &str, why: Why) -> String {
    let system = match why {
        Why::Backport(Backport {
            module,
            imports: None,
            ..
        }) => {
            return format!("Without {name}, `import {module}` takes the module of Python itself.");
        }
        Why::Backport(Backport { imports, .. }) => {
            let imports = imports.as_deref().unwrap_or_default();
            return format!(
                "No file of the app imports {imports}; a distribution that still needs {name} \
                 brings it along."
            );
        }
        Why::Foreign(row) => match row.kind {
            ForeignKind::Windows => "win32",
            ForeignKind::Macos => "darwin",
            ForeignKind::Nothing => return format!("Take {name} out of the list."),
        },
    };
    format!(
        "Look whether the code imports {name}; to keep it for work on your own machine, write \
         `{name} ; sys_platform == \"{system}\"`."
    )
}
