//! DL105: an `environment.yml` that DE5 would pass over or misread. What DE4's conda files say is
//! moved by DL104; as long as they are there, this rule only looks at what that does not touch.

mod export;
mod python;

use crate::app::{App, FileState, Parsed};
use crate::files::environment_yml::{Change, CondaEnvironment, Item, edit};
use crate::rules::{
    Case, Category, Check, Code, Edit, Finding, Fix, Inputs, Rule, Settings, Subject, support,
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
        BUILD_STRINGS,
        NO_PYTHON,
        PYTHON_2,
        PYTHON_RANGE,
        OTHER_PYTHON,
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
const BUILD_STRINGS: Case = Case::new("build-strings");
const NO_PYTHON: Case = Case::new("no-python");
const PYTHON_2: Case = Case::new("python-2");
const PYTHON_RANGE: Case = Case::new("python-range");
const OTHER_PYTHON: Case = Case::new("other-python");
const NO_PIP: Case = Case::new("no-pip");

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
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
                export::check(app, file),
                python::check(app, settings, file),
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
    match app.load::<CondaEnvironment>("environment.yaml") {
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

fn encoding(file: &Parsed<CondaEnvironment>) -> Option<Finding> {
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

fn package_list(app: &App, file: &Parsed<CondaEnvironment>) -> Option<Finding> {
    let message = "environment.yml is passed over: package-list.txt is beside it and wins on Dash Enterprise 5";
    let draft = RULE
        .report(PACKAGE_LIST, Subject::Whole, &file.path, message)
        .category(Category::Should);
    app.has("package-list.txt").then(|| {
        draft
            .guide("Decide which of the two the app is to be built from, and delete the other one.")
    })
}

fn beside_requirements(app: &App, file: &Parsed<CondaEnvironment>) -> Option<Finding> {
    if !is_unused(app) {
        return None;
    }
    let message = "environment.yml is passed over: requirements.txt is beside it, and pip wins on Dash Enterprise 5";
    let draft = RULE
        .report(BESIDE_REQUIREMENTS, Subject::Whole, &file.path, message)
        .category(Category::Should);
    let draft = match file.model.pip_items().iter().find(|item| includes_list(item)) {
        Some(item) => draft
            .evidence(&file.path, item.span, "conda would install its lines from here")
            .alternative("For conda, with the lines where they are: give requirements.txt another name (requirements-pip.txt), and write that name behind `-r` in environment.yml."),
        None => draft,
    };
    Some(
        draft
            .alternative("For conda, where the app needs what only conda installs: move the lines of requirements.txt into the `pip:` list of environment.yml and delete requirements.txt.")
            .guide("Decide which of the two builds the app. For pip, which built it on Dash Enterprise 4 if that knew no environment.yml: delete environment.yml."),
    )
}

/// A `pip:` list without pip.
fn pip(app: &App, file: &Parsed<CondaEnvironment>) -> Option<Finding> {
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

/// Whether the item includes the list that pip builds from.
pub(super) fn includes_list(item: &Item) -> bool {
    let last = item.value.split([' ', '=', '\t']).next_back();
    item.value.starts_with('-') && matches!(last, Some("requirements.txt" | "./requirements.txt"))
}

fn added(file: &Parsed<CondaEnvironment>, changes: &[Change]) -> Option<Edit> {
    let text = edit(&file.text, changes).ok()?;
    support::rewrite(&file.path, &file.text, text.as_str())
}
