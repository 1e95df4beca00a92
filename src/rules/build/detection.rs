//! DL110: files that make DE5 build the app in another way than DE4 did, and files of DE4's Python
//! buildpack that DE5 does not read. `requirements.txt` beside `environment.yml` is DL105.

mod hooks;

use crate::app::App;
use crate::files::requirements::is_archive;
use crate::rules::data::buildpacks::pip_series;
use crate::rules::support::edit_project_toml;
use crate::rules::{
    Case, Category, Check, Code, Edit, Effort, Finding, Fix, Inputs, Rule, Settings, SourceInputs,
    Subject,
};
use crate::text::Text;

/// DL110.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(110),
    stem: "detection",
    category: Category::Must,
    summary: "files that make Dash Enterprise 5 build the app in another way",
    cases: &[
        PIPFILE,
        VENDOR,
        SETUP_ONLY,
        NO_PIP_VERSION,
        PIP_VERSION,
        HOOK,
        NLTK,
        COLLECTSTATIC,
    ],
    inputs: Inputs::files(&[
        "pip-version.txt",
        "project.toml",
        "nltk.txt",
        "requirements.txt",
        "Pipfile",
        "setup.py",
        "Procfile",
    ])
    .lists()
    .sources(SourceInputs::Any),
    page: include_str!("../../../rules/DL110-detection.md"),
    check: Check::App(check),
};

const PIPFILE: Case = Case::new("pipfile");
const VENDOR: Case = Case::new("vendor");
const SETUP_ONLY: Case = Case::new("setup-only");
const NO_PIP_VERSION: Case = Case::new("no-pip-version");
const PIP_VERSION: Case = Case::new("pip-version");
const HOOK: Case = Case::new("hook");
const NLTK: Case = Case::new("nltk");
const COLLECTSTATIC: Case = Case::new("collectstatic");

/// Lists of what an app needs.
const LISTS: &[&str] = &[
    "requirements.txt",
    "Pipfile",
    "environment.yml",
    "environment.yaml",
    "package-list.txt",
    "conda-requirements.txt",
];

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let found = [
        pipfile(app),
        vendor(app),
        setup_only(app),
        pip_version(app, settings),
    ];
    let mut findings: Vec<Finding> = found.into_iter().flatten().collect();
    findings.extend(hooks::check(app));
    findings
}

/// A `Pipfile` beside another list. The sentence does not name that list: the conversion of conda's
/// files gives it another name, and the finding stays the same.
fn pipfile(app: &App) -> Option<Finding> {
    let conda = [
        "environment.yml",
        "package-list.txt",
        "conda-requirements.txt",
    ];
    let beside_conda = conda.into_iter().find(|name| app.has(name));
    let beside = beside_conda.or(Some("requirements.txt").filter(|name| app.has(name)))?;
    if !app.has("Pipfile") {
        return None;
    }
    // DE4's buildpack used the Pipfile too, so beside requirements.txt both may build the same.
    let category = match beside_conda {
        Some(_) => Category::Must,
        None => Category::Should,
    };
    let message = "Pipfile wins over every other list: Dash Enterprise 5 installs what it lists and nothing else";
    Some(RULE.report(PIPFILE, Subject::Whole, &app.path("Pipfile"), message)
        .category(category)
        .guide(format!(
            "Decide which of the two is right. If it is {beside}, delete Pipfile and Pipfile.lock; if it is Pipfile, delete {beside}."
        )))
}

/// A folder `vendor/` that changes where packages come from.
fn vendor(app: &App) -> Option<Finding> {
    let entries = app.folder("vendor");
    let lists = || LISTS.iter().any(|name| app.has(name));
    if entries.is_empty() || app.has("Pipfile") || !(lists() || app.has("setup.py")) {
        return None;
    }
    let archives = entries.iter().filter(|entry| {
        let name = entry.path.name();
        is_archive(name) || name.to_ascii_lowercase().ends_with(".conda")
    });
    let (category, holds) = match archives.count() {
        0 => (Category::Must, "It holds no package".to_owned()),
        1 => (Category::Should, "It holds 1 package".to_owned()),
        count => (Category::Should, format!("It holds {count} packages")),
    };
    let message = "vendor/ probably makes Dash Enterprise 5 install from that folder alone, without any index or channel";
    Some(
        RULE.report(VENDOR, Subject::Whole, &app.path("vendor"), message)
            .category(category)
            .effort(Effort::Hours)
            .guide(format!(
                "{holds}. Give the folder another name, and change what refers to it, unless it is meant as the only source of packages and holds all of them."
            )),
    )
}

/// `setup.py` without any list: DE4 installed it with `-e .`.
fn setup_only(app: &App) -> Option<Finding> {
    let has_list = LISTS.iter().any(|name| app.has(name));
    if !app.has("setup.py") || has_list || !app.requirements_txt().is_absent() {
        return None;
    }
    let message = "setup.py is the only list of what the app needs; Dash Enterprise 5 needs a requirements.txt";
    let fix =
        Fix::safe("write a requirements.txt that installs setup.py, as Dash Enterprise 4 did")
            .edit(Edit::create(app.path("requirements.txt"), "-e .\n"));
    Some(
        RULE.report(SETUP_ONLY, Subject::Whole, &app.path("setup.py"), message)
            .fix(fix),
    )
}

/// `pip-version.txt`, which is a build variable on DE5.
fn pip_version(app: &App, settings: &Settings) -> Option<Finding> {
    let path = app.path("pip-version.txt");
    if !app.has("pip-version.txt") {
        return None;
    }
    let bytes = app.tree().read(&path).ok();
    let text = bytes.and_then(|bytes| Text::decode(&bytes).ok());
    let Some(version) = text.as_ref().map(Text::as_str).and_then(version) else {
        let message = "pip-version.txt holds no version, and Dash Enterprise 5 does not read it";
        let guide = "Delete pip-version.txt; if the app needs a certain pip, set BP_PIP_VERSION in project.toml.";
        return Some(
            RULE.report(NO_PIP_VERSION, Subject::Whole, &path, message)
                .category(Category::Should)
                .guide(guide),
        );
    };
    let message =
        format!("pip-version.txt asks for pip {version}, and Dash Enterprise 5 does not read it");
    let mut draft = RULE
        .report(PIP_VERSION, Subject::Whole, &path, message)
        .category(Category::Should);
    let removed = Edit::remove(&path);
    if is_set(app) {
        let fix = Fix::safe("remove pip-version.txt: project.toml sets BP_PIP_VERSION already");
        return Some(draft.fix(fix.edit(removed).reading(app.path("project.toml"))));
    }
    let release = settings.target.0;
    if let Some(series) = pip_series(release).filter(|series| !is_of(version, series)) {
        draft = draft.step(format!(
            "Dash Enterprise {release} is known to bring pip {series}. If the build says that it has no pip {version}, take BP_PIP_VERSION out of project.toml."
        ));
    }
    let edit = edit_project_toml(app, |document| {
        document.set_build_variable("BP_PIP_VERSION", version)
    });
    Some(match edit {
        Ok(edit) => {
            let fix = Fix::safe(format!("move pip {version} into project.toml"));
            draft.fix(edit.into_iter().fold(fix, Fix::edit).edit(removed))
        }
        Err(unusable) => draft.guide(unusable.guide()),
    })
}

/// The version that the file holds: `20.0.2`, also as `pip==20.0.2`.
fn version(text: &str) -> Option<&str> {
    let text = text.trim();
    let version = text.strip_prefix("pip==").unwrap_or(text);
    let sound = version
        .split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    sound.then_some(version)
}

fn is_set(app: &App) -> bool {
    let file = app.project_toml().present();
    file.is_some_and(|file| file.model.build_variable("BP_PIP_VERSION").is_some())
}

/// Whether a version is one of a series, as 21.2.4 is of 21.2.
fn is_of(version: &str, series: &str) -> bool {
    let rest = version.strip_prefix(series);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
