//! DL105: an `environment.yml` that DE5 would pass over or misread. What DE4's conda files say is
//! moved by DL104; as long as they are there, this rule only looks at what that does not touch.

use crate::app::{App, FileState, Parsed};
use crate::files::environment_yml::{Change, Environment, edit, spec_name};
use crate::rules::{
    Case, Category, Check, Code, Edit, Finding, Fix, Inputs, Rule, Settings, Subject, data, support,
};
use crate::text::{Encoding, Span};

/// DL105.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(105),
    stem: "environment-yml",
    category: Category::Must,
    summary: "an `environment.yml` that Dash Enterprise 5 would pass over or misread",
    cases: &[
        UNREADABLE,
        OTHER_NAME,
        SECOND_FILE,
        ENCODING,
        PACKAGE_LIST,
        BESIDE_REQUIREMENTS,
        OTHER_PLATFORM,
        NO_PYTHON,
        NO_PIP,
    ],
    inputs: Inputs::files(&["environment.yml", "environment.yaml", "runtime.txt"]),
    page: include_str!("../../../rules/DL105-environment-yml.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const OTHER_NAME: Case = Case::new("other-name");
const SECOND_FILE: Case = Case::new("second-file");
const ENCODING: Case = Case::new("encoding");
const PACKAGE_LIST: Case = Case::new("package-list");
const BESIDE_REQUIREMENTS: Case = Case::new("beside-requirements");
const OTHER_PLATFORM: Case = Case::new("other-platform");
const NO_PYTHON: Case = Case::new("no-python");
const NO_PIP: Case = Case::new("no-pip");

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    match app.environment() {
        FileState::Absent => other_name(app).into_iter().collect(),
        FileState::Broken(broken) => {
            let draft = support::unreadable(&RULE, UNREADABLE, broken);
            let unused = Category::Should;
            let draft = if is_unused(app) {
                draft.category(unused)
            } else {
                draft
            };
            vec![draft.guide("Mend the line; until then dashlift leaves everything alone that depends on environment.yml.")]
        }
        FileState::Present(file) => {
            let found = [
                encoding(file),
                package_list(app, file),
                beside_requirements(app, file),
                other_platform(app, file),
                python(app, file),
                pip(app, file),
                second_file(app),
            ];
            found.into_iter().flatten().collect()
        }
    }
}

/// Whether pip builds the app although there is an `environment.yml`. Where DE4's conda files are
/// there too, DL104 takes `requirements.txt` in.
fn is_unused(app: &App) -> bool {
    app.has("requirements.txt") && !app.was_built_by_conda()
}

/// `environment.yaml`, and no `environment.yml`.
fn other_name(app: &App) -> Option<Finding> {
    let path = app.path("environment.yaml");
    let message = "Dash Enterprise 5 reads environment.yml, and not environment.yaml";
    let draft = RULE.report(OTHER_NAME, Subject::Whole, &path, message);
    let unused = app.has("requirements.txt") || app.has("Pipfile") || app.was_built_by_conda();
    match app.load::<Environment>("environment.yaml") {
        FileState::Absent => None,
        FileState::Broken(broken) => Some(
            support::unreadable(&RULE, UNREADABLE, &broken)
                .guide("Mend the line and name the file environment.yml, if conda is to build the app."),
        ),
        FileState::Present(_) if unused => Some(draft.category(Category::May).guide(
            "Other files list the app's packages, and the build uses those. Delete environment.yaml, or compare it with them first if you are not sure.",
        )),
        FileState::Present(_) => {
            let to = app.path("environment.yml");
            let rename = Edit::Rename { from: path, to };
            Some(draft.fix(Fix::safe("name the file environment.yml").edit(rename)))
        }
    }
}

/// `environment.yaml` beside `environment.yml`.
fn second_file(app: &App) -> Option<Finding> {
    let message = "Dash Enterprise 5 reads environment.yml, and not environment.yaml beside it";
    let draft = RULE
        .report(
            SECOND_FILE,
            Subject::Whole,
            &app.path("environment.yaml"),
            message,
        )
        .category(Category::May);
    app.has("environment.yaml")
        .then(|| draft.guide("Delete environment.yaml when environment.yml says all that it says."))
}

fn encoding(file: &Parsed<Environment>) -> Option<Finding> {
    let encoding = file.text.encoding();
    if !matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be) {
        return None;
    }
    let message = format!(
        "environment.yml is {}, which not every program reads",
        encoding.name()
    );
    let draft = RULE
        .report(ENCODING, Subject::Whole, &file.path, message)
        .category(Category::Should);
    let path = file.path.clone();
    Some(draft.fix(Fix::safe("write environment.yml as UTF-8").edit(Edit::Reencode { path })))
}

fn package_list(app: &App, file: &Parsed<Environment>) -> Option<Finding> {
    let message = "environment.yml is passed over: package-list.txt is beside it and wins on Dash Enterprise 5";
    let draft = RULE
        .report(PACKAGE_LIST, Subject::Whole, &file.path, message)
        .category(Category::Should);
    app.has("package-list.txt").then(|| {
        draft
            .guide("Decide which of the two the app is to be built from, and delete the other one.")
    })
}

fn beside_requirements(app: &App, file: &Parsed<Environment>) -> Option<Finding> {
    if !is_unused(app) {
        return None;
    }
    let message = "environment.yml is passed over: requirements.txt is beside it, and pip wins on Dash Enterprise 5";
    let draft = RULE
        .report(BESIDE_REQUIREMENTS, Subject::Whole, &file.path, message)
        .category(Category::Should);
    Some(
        draft
            .step("If pip built the app on Dash Enterprise 4 (it knew no environment.yml), delete environment.yml.")
            .guide("If the app needs what only conda installs, move the lines of requirements.txt into the `pip:` list of environment.yml and delete requirements.txt."),
    )
}

/// A list that was exported on a machine that is not Linux.
fn other_platform(app: &App, file: &Parsed<Environment>) -> Option<Finding> {
    if is_unused(app) {
        return None;
    }
    let (item, platform) = file.model.dependencies().iter().find_map(|item| {
        let platform = data::conda::platform_of(spec_name(&item.value))?;
        Some((item, platform))
    })?;
    let name = spec_name(&item.value);
    let message = format!(
        "environment.yml holds {name}, which only {platform} has; Dash Enterprise 5 runs Linux"
    );
    let draft = RULE
        .report(
            OTHER_PLATFORM,
            Subject::Distribution(name.to_owned()),
            &file.path,
            message,
        )
        .span(item.span);
    let build = |item: &&crate::files::environment_yml::Item| {
        item.value.matches('=').count() == 2 && !item.value.contains("==")
    };
    let builds = file.model.dependencies().iter().filter(build).count();
    let draft = if builds > 1 {
        draft.step(format!("The {builds} build strings (the second `=` and what follows) are of {platform} too: the list was exported there."))
    } else {
        draft
    };
    Some(draft.guide("Write the packages that the app imports, with versions and without build strings; `conda env export --from-history` on the machine of the export lists what was asked for."))
}

/// No Python, or one without a version.
fn python(app: &App, file: &Parsed<Environment>) -> Option<Finding> {
    if is_unused(app) || app.was_built_by_conda() {
        return None;
    }
    let there = file.model.dependency("python");
    if there.is_some_and(|item| spec_name(&item.value).len() < item.value.trim().len()) {
        return None;
    }
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
        return Some(draft.guide(by_hand));
    };
    let spec = format!("python={version}");
    let edit = match there {
        Some(item) if item.verbatim => Some(Edit::replace(&file.path, item.span, spec)),
        Some(_) => None,
        None => added(file, &[Change::FirstDependency(spec)]),
    };
    let title = format!("write Python {version}, which {source} names, into environment.yml");
    Some(match edit {
        Some(edit) => draft.fix(Fix::safe(title).edit(edit).reading(app.path(source))),
        None => draft.guide(by_hand),
    })
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

/// A `pip:` list without pip.
fn pip(app: &App, file: &Parsed<Environment>) -> Option<Finding> {
    let key: Span = file.model.pip_key()?;
    let is_named = file.model.dependency("pip").is_some();
    if is_named || is_unused(app) || app.was_built_by_conda() {
        return None;
    }
    let message =
        "environment.yml has a `pip:` list and does not name pip: conda adds it with a warning";
    let draft = RULE
        .report(NO_PIP, Subject::Whole, &file.path, message)
        .category(Category::Should)
        .span(key);
    let change = Change::Dependency("pip".to_owned());
    Some(match added(file, &[change]) {
        Some(edit) => draft.fix(Fix::safe("name pip among the dependencies").edit(edit)),
        None => draft.guide("Write `- pip` above the `pip:` list."),
    })
}

fn added(file: &Parsed<Environment>, changes: &[Change]) -> Option<Edit> {
    let text = edit(&file.text, changes).ok()?;
    support::rewrite(&file.path, &file.text, text.as_str())
}
