//! What `environment.yml` says of Python: nothing, a range, or one that cannot be.

use super::{NO_PYTHON, OTHER_PYTHON, PYTHON_2, PYTHON_RANGE, RULE, added, is_unused};
use crate::app::{App, Parsed};
use crate::files::conda_spec::{Allowed, Meaning, read_item};
use crate::files::environment_yml::{Change, CondaEnvironment, Item, spec_name};
use crate::rules::data::python::{Minor, pythons};
use crate::rules::{Category, Edit, Finding, Fix, Settings, Stage, Subject};

/// At most one finding about Python.
pub(super) fn check(
    app: &App,
    settings: &Settings,
    file: &Parsed<CondaEnvironment>,
) -> Option<Finding> {
    if is_unused(app) || app.was_built_by_conda() {
        return None;
    }
    let there = file.model.dependency("python");
    match there.filter(|item| spec_name(&item.value).len() < item.value.trim().len()) {
        Some(item) => named(settings, file, item),
        None => Some(unnamed(app, file, there)),
    }
}

/// A Python with versions.
fn named(settings: &Settings, file: &Parsed<CondaEnvironment>, item: &Item) -> Option<Finding> {
    let allowed: Allowed = read_item(&item.value)?.allowed(&item.value, Meaning::Environment)?;
    let report = |case, category, message: String| {
        RULE.report(case, Subject::Whole, &file.path, message)
            .span(item.span)
            .category(category)
    };
    let said = item.value.trim();
    if allowed.excludes_python_3() {
        let message = format!(
            "environment.yml asks for Python 2 (`{said}`), which Dash Enterprise 5 does not have"
        );
        return Some(report(PYTHON_2, Category::Must, message).stops(true, Stage::Build).guide(
            "Move the app to Python 3 and write the version that it was moved to as the first dependency: `- python=3.10`.",
        ));
    }
    let Some((major, minor)) = allowed.python_minor() else {
        let message = format!(
            "environment.yml allows several Pythons (`{said}`), so that each build may get another one"
        );
        return Some(report(PYTHON_RANGE, Category::Should, message).guide(
            "Write the one Python that the app runs on today as the first dependency: `- python=3.7`, say.",
        ));
    };
    let own = Minor { major, minor };
    let known = pythons(settings.target.0).filter(|known| !known.has(own))?;
    let message = format!(
        "environment.yml asks for Python {own}, which is none of those of Dash Enterprise {} ({})",
        settings.target.0,
        known.range()
    );
    Some(report(OTHER_PYTHON, Category::Should, message).guide(format!(
        "conda installs the Python of its channels, and nobody has tried whether the platform runs with Python {own}. Plan for one of {}, and have the app tried on it.",
        known.range()
    )))
}

/// No Python, or one without a version.
fn unnamed(app: &App, file: &Parsed<CondaEnvironment>, there: Option<&Item>) -> Finding {
    let message =
        "environment.yml names no version of python, so that each build may get another one";
    let mut draft = RULE
        .report(NO_PYTHON, Subject::Whole, &file.path, message)
        .category(Category::Should);
    if let Some(item) = there {
        draft = draft.span(item.span);
    }
    let by_hand =
        "Write the Python that the app was written for as the first dependency: `- python=3.10`.";
    let Some((version, source)) = stated_python(app) else {
        return draft.guide(by_hand);
    };
    let spec = format!("python={version}");
    let edit = match there {
        Some(item) if item.verbatim => Some(Edit::replace(&file.path, item.span, spec)),
        Some(_) => None,
        None => added(file, &[Change::FirstDependency(spec)]),
    };
    let title = format!("write Python {version}, which {source} names, into environment.yml");
    match edit {
        Some(edit) => draft.fix(Fix::safe(title).edit(edit).reading(app.path(source))),
        None => draft.guide(by_hand),
    }
}

/// The Python that another file of the app names, and the file.
fn stated_python(app: &App) -> Option<(String, &'static str)> {
    let project = app.project_toml().present().and_then(|file| {
        let version = file.model.build_variable("BP_CPYTHON_VERSION")?;
        minor_of(version)
    });
    if let Some(version) = project {
        return Some((version, "project.toml"));
    }
    let runtime = app.runtime_txt().present()?;
    let version = runtime.text.as_str().trim().strip_prefix("python-")?;
    Some((minor_of(version)?, "runtime.txt"))
}

/// `3.9` of `3.9.6`, `3.9.*`, `3.9`; none of ranges and of Python 2.
fn minor_of(version: &str) -> Option<String> {
    let mut parts = version.trim().split('.');
    let (major, minor, patch) = (parts.next()?, parts.next()?, parts.next().unwrap_or("*"));
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let sound = major == "3" && number(minor) && (patch == "*" || number(patch));
    (sound && parts.next().is_none()).then(|| format!("3.{minor}"))
}
