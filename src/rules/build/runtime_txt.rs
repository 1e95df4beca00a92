//! DL101: the Python version of `runtime.txt`, which DE5 does not read.

use crate::app::{App, Broken, FileState, Parsed};
use crate::files::runtime_txt::{RuntimePython, RuntimeTxt, Spelling};
use crate::rules::data::python::{Minor, Pythons, pythons};
use crate::rules::support::{
    PYTHON_VARIABLE, edit_project_toml, is_built_by_conda, python_choice, python_disagreement,
    python_settings_step, unreadable,
};
use crate::rules::{
    Case, Category, Check, Code, Draft, Edit, Finding, Fix, Inputs, Rule, Settings, Subject,
};

/// DL101.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(101),
    stem: "runtime-txt",
    category: Category::Must,
    summary: "the Python version of `runtime.txt`, which Dash Enterprise 5 does not read",
    cases: &[
        UNREADABLE,
        OTHER_PYTHON,
        EMPTY,
        NOBODY_READS,
        RAISED,
        LOOSE,
        MOVED,
    ],
    inputs: Inputs::files(&["runtime.txt", "project.toml"]),
    page: include_str!("../../../rules/DL101-runtime-txt.md"),
    check: Check::App(check),
};

const OTHER_PYTHON: Case = Case::new("other-python");
const UNREADABLE: Case = Case::new("unreadable");
const EMPTY: Case = Case::new("empty");
const NOBODY_READS: Case = Case::new("nobody-reads");
const RAISED: Case = Case::new("raised");
const LOOSE: Case = Case::new("loose");
const MOVED: Case = Case::new("moved");

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let finding = match app.runtime_txt() {
        FileState::Absent => None,
        FileState::Broken(broken) if names_pypy(app) => Some(pypy(app, settings, broken)),
        FileState::Broken(broken) => Some(unreadable(&RULE, UNREADABLE, broken).guide(
            "Write the Python version of the app into runtime.txt, as in `python-3.9.6`, and run dashlift again; or remove the file, if project.toml names the version.",
        )),
        FileState::Present(file) => present(app, settings, file),
    };
    finding.into_iter().collect()
}

fn present(app: &App, settings: &Settings, file: &Parsed<RuntimeTxt>) -> Option<Finding> {
    let Some(python) = file.model.python() else {
        return Some(nothing_in_it(file));
    };
    if is_built_by_conda(app) {
        return Some(read_by_nobody(file, python));
    }
    if python_disagreement(app, settings).is_some() {
        return None;
    }
    let written = python.span.slice(file.text.as_str());
    let minor = Minor {
        major: python.major,
        minor: python.minor,
    };
    let pythons = pythons(settings.target.0).filter(|pythons| !pythons.has(minor));
    Some(match pythons {
        Some(pythons) => raised(app, settings, file, python, pythons),
        None if python.spelling == Spelling::Loose => {
            let message = format!(
                "`{written}` is not the form that Dash Enterprise 4 read, and Dash Enterprise 5 does not read runtime.txt; Python {minor} seems meant"
            );
            let draft = draft(file, LOOSE, python, message);
            moved(app, settings, draft, file, minor, Fix::unsafe_)
        }
        None => {
            let message = format!(
                "Dash Enterprise 5 does not read runtime.txt, which asks for Python {minor} (`{written}`)"
            );
            let draft = draft(file, MOVED, python, message);
            moved(app, settings, draft, file, minor, Fix::safe)
        }
    })
}

/// Whether runtime.txt asks for `PyPy`.
fn names_pypy(app: &App) -> bool {
    let bytes = app.tree().read(&app.path("runtime.txt"));
    bytes.is_ok_and(|bytes| bytes.trim_ascii().to_ascii_lowercase().starts_with(b"pypy"))
}

/// `PyPy`, which no release has: the default `CPython` takes its place.
fn pypy(app: &App, settings: &Settings, broken: &Broken) -> Finding {
    let message = "runtime.txt asks for PyPy, which Dash Enterprise 5 does not have";
    let draft = RULE
        .report(OTHER_PYTHON, Subject::Whole, &broken.path, message)
        .position(broken.position);
    let Some(pythons) = pythons(settings.target.0) else {
        return draft.guide("Choose a CPython in project.toml and remove runtime.txt.");
    };
    let minor = pythons.default;
    let draft = draft.step(format!(
        "Test the app with CPython {minor}: packages with parts in C install there that PyPy builds from source."
    ));
    let draft = python_settings_step(draft, settings, minor);
    let known = python_choice(app).is_some();
    let edit = edit_project_toml(app, |document| {
        if known {
            Ok(())
        } else {
            document.set_build_variable(PYTHON_VARIABLE, &format!("{minor}.*"))
        }
    });
    match edit {
        Ok(edit) => draft.fix(
            Fix::unsafe_(format!("take CPython {minor}, the default of the release"))
                .edits(edit)
                .edit(Edit::remove(&broken.path))
                .reading(app.path("project.toml")),
        ),
        Err(unusable) => draft.guide(unusable.guide()),
    }
}

fn draft(file: &Parsed<RuntimeTxt>, case: Case, python: &RuntimePython, message: String) -> Draft {
    RULE.report(case, Subject::Whole, &file.path, message)
        .span(python.span)
}

fn removal(file: &Parsed<RuntimeTxt>) -> Edit {
    Edit::remove(&file.path)
}

fn nothing_in_it(file: &Parsed<RuntimeTxt>) -> Finding {
    RULE.report(EMPTY, Subject::Whole, &file.path, "runtime.txt names no Python version")
        .category(Category::May)
        .step("Say in project.toml which Python the app needs; without it, it gets the default of the Dash Enterprise 5 release.")
        .fix(Fix::safe("remove the empty runtime.txt").edit(removal(file)))
}

fn read_by_nobody(file: &Parsed<RuntimeTxt>, python: &RuntimePython) -> Finding {
    let written = python.span.slice(file.text.as_str());
    let message = format!(
        "`{written}` in runtime.txt has no effect: conda builds this app, and conda's list names its Python"
    );
    draft(file, NOBODY_READS, python, message)
        .category(Category::May)
        .fix(Fix::safe("remove runtime.txt, which conda never read").edit(removal(file)))
}

/// The release does not have the Python: its default takes the place, unless `project.toml` has
/// made another choice already.
fn raised(
    app: &App,
    settings: &Settings,
    file: &Parsed<RuntimeTxt>,
    python: &RuntimePython,
    pythons: &Pythons,
) -> Finding {
    let release = settings.target.0;
    let message = format!(
        "Python {}.{} of runtime.txt cannot be installed on Dash Enterprise {release}, which has {}",
        python.major,
        python.minor,
        pythons.range()
    );
    let draft = draft(file, RAISED, python, message);
    if let Some(choice) = python_choice(app) {
        let minor = choice.value.as_deref().and_then(Minor::of_range);
        let draft = python_settings_step(draft, settings, minor.unwrap_or(pythons.default));
        let draft = draft.category(Category::May);
        let title = "remove runtime.txt, project.toml names another Python already";
        return match edit_project_toml(app, |_| Ok(())) {
            Ok(_) => draft.fix(
                Fix::unsafe_(title)
                    .edit(removal(file))
                    .reading(app.path("project.toml")),
            ),
            Err(unusable) => draft.guide(unusable.guide()),
        };
    }
    let draft = draft.step(format!(
        "Test the app with Python {}: packages that are pinned for an older Python may have no release for it.",
        pythons.default
    ));
    moved(app, settings, draft, file, pythons.default, Fix::unsafe_)
}

/// Ends with the fix that brings `minor` into `project.toml`.
fn moved(
    app: &App,
    settings: &Settings,
    draft: Draft,
    file: &Parsed<RuntimeTxt>,
    minor: Minor,
    fix: fn(String) -> Fix,
) -> Finding {
    let draft = python_settings_step(draft, settings, minor);
    let known = python_choice(app).is_some();
    // A file that is left over does no harm; whether something else still reads it nobody knows.
    let (draft, fix) = if known {
        (
            draft.category(Category::May),
            Fix::unsafe_ as fn(String) -> Fix,
        )
    } else {
        (draft, fix)
    };
    let edit = edit_project_toml(app, |document| {
        if known {
            // The same minor in the file's own words: nothing to write.
            Ok(())
        } else {
            document.set_build_variable(PYTHON_VARIABLE, &format!("{minor}.*"))
        }
    });
    match edit {
        Ok(edit) => {
            let title = if known {
                format!("remove runtime.txt, project.toml names Python {minor} already")
            } else {
                format!("move Python {minor} into project.toml")
            };
            let fix = fix(title)
                .edits(edit)
                .edit(removal(file))
                .reading(app.path("project.toml"));
            draft.fix(fix)
        }
        Err(unusable) => draft.guide(unusable.guide()),
    }
}
