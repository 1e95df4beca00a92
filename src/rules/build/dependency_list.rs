//! DL114: an app whose build finds no list of what to install: there is none, it is empty, it has
//! another name, or it lies in the folder that the web command changes into.

use crate::app::processes::starts;
use crate::app::{App, FileState, Reached};
use crate::files::requirements::{Content, Requirements};
use crate::files::script::Script;
use crate::packages::evidence::missing;
use crate::rules::settings::Release;
use crate::rules::{
    Case, Category, Check, Code, Draft, Edit, Finding, Fix, Inputs, Rule, Settings, SourceInputs,
    Stage, Subject,
};
use crate::text::Span;
use crate::tree::TreePath;
use std::collections::BTreeSet;

/// DL114.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(114),
    stem: "dependency-list",
    category: Category::Must,
    summary: "an app whose build finds no list of what to install",
    cases: &[NONE, EMPTY, NEAR_NAME, OTHER_FOLDER],
    inputs: Inputs::files(&[
        "requirements.txt",
        "environment.yml",
        "Pipfile",
        "pyproject.toml",
        "Procfile",
        "app.json",
        "project.toml",
    ])
    .lists()
    .sources(SourceInputs::Any)
    .scripts(),
    page: include_str!("../../../rules/DL114-dependency-list.md"),
    check: Check::App(check),
};

const NONE: Case = Case::new("none");
const EMPTY: Case = Case::new("empty");
const NEAR_NAME: Case = Case::new("near-name");
const OTHER_FOLDER: Case = Case::new("other-folder");

/// The list of pip's buildpack.
const LIST: &str = "requirements.txt";

/// Lists that a build of DE5 reads, or that other rules turn into one.
const READ: &[&str] = &[
    "environment.yml",
    "environment.yaml",
    "package-list.txt",
    "Pipfile",
    "setup.py",
    "conda-requirements.txt",
];

/// The release from which on poetry's buildpack is there.
const POETRY: Release = Release::new(3);

/// The most imports that are shown.
const MOST_SHOWN: usize = 5;

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let is_empty = match app.requirements_txt() {
        FileState::Broken(_) => return Vec::new(),
        FileState::Present(file) if says_something(&file.model) => return Vec::new(),
        FileState::Present(_) => true,
        FileState::Absent => false,
    };
    let other =
        READ.iter().any(|name| app.has(name)) || (settings.target.0 >= POETRY && app.has_poetry());
    if other || installs_by_script(app) {
        return Vec::new();
    }
    let needs = needs(app);
    let Some(first) = needs.first() else {
        return Vec::new();
    };
    let draft = match (near(app), folder_list(app)) {
        (Some(near), _) => return vec![rename(app, &near, is_empty)],
        (None, Some(list)) => return vec![include(app, &list, is_empty)],
        (None, None) if is_empty => {
            let message = format!(
                "{LIST} asks for nothing, and the code imports {}",
                list_names(&needs)
            );
            RULE.report(EMPTY, Subject::Whole, &app.path(LIST), message)
        }
        (None, None) => {
            let message = format!(
                "the app has no list of what to install, and the code imports {}",
                list_names(&needs)
            );
            RULE.report(NONE, Subject::Whole, &app.path(LIST), message)
        }
    };
    let draft = draft.evidence(&first.0, first.1, format!("imports {}", first.2));
    let draft = others(app).iter().fold(draft, |draft, path| {
        draft.evidence(path, Span::at(0), "a list that no build reads here")
    });
    vec![guide(app, draft.stops(true, Stage::Start))]
}

/// Whether a list asks for something, or has lines that only a person understands.
fn says_something(list: &Requirements) -> bool {
    let mut lines = list.lines().iter();
    lines.any(|line| {
        matches!(
            line.content,
            Content::Requirement(_) | Content::Unreadable(_)
        ) || matches!(&line.content, Content::Options(options) if options.iter().any(|it| matches!(it.name, "requirement" | "editable")))
    })
}

/// Whether a deploy script installs with pip: what it installs is that rule's matter (DL113).
fn installs_by_script(app: &App) -> bool {
    let names = ["predeploy.sh", "postdeploy.sh", "predeploy", "postdeploy"];
    let in_script = names.iter().any(|name| {
        let file = app.load::<Script>(name);
        file.present()
            .is_some_and(|file| installs(file.text.as_str()))
    });
    let in_json = app.app_json().present().is_some_and(|file| {
        let mut scripts = file.model.scripts().iter();
        scripts.any(|it| it.command.as_deref().is_some_and(installs))
    });
    in_script || in_json
}

fn installs(text: &str) -> bool {
    text.contains("pip install") || text.contains("pip3 install")
}

/// The imports of code that may run and that no Python has by itself: file, place, module.
fn needs(app: &App) -> Vec<(TreePath, Span, String)> {
    let missing = missing(app, &BTreeSet::new()).into_iter();
    let needed = missing.filter(|it| !it.guarded && app.reach().of_file(&it.path) != Reached::No);
    let mut found: Vec<(TreePath, Span, String)> = needed
        .map(|it| {
            let top = it.module.split('.').next().unwrap_or_default().to_owned();
            (it.path, it.span, top)
        })
        .collect();
    found.dedup_by(|a, b| a.2 == b.2);
    found
}

fn list_names(needs: &[(TreePath, Span, String)]) -> String {
    let names: Vec<&str> = needs.iter().map(|it| it.2.as_str()).collect();
    match names.get(..MOST_SHOWN).filter(|_| names.len() > MOST_SHOWN) {
        Some(first) => format!("{} and {} more", first.join(", "), names.len() - MOST_SHOWN),
        None => names.join(", "),
    }
}

/// A file in the app's folder that was meant to be the list.
fn near(app: &App) -> Option<TreePath> {
    let entries = app.tree().under(app.root()).iter();
    let beside = entries.filter(|entry| entry.path.parent() == *app.root());
    let mut near = beside.filter(|entry| is_near(entry.path.name()));
    let first = near.next()?.path.clone();
    near.next().is_none().then_some(first)
}

/// Whether a name was meant to be `requirements.txt`: other letters, a slip, another ending.
fn is_near(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = lower.strip_suffix(".txt").unwrap_or(&lower);
    let stem = stem
        .strip_suffix(".txt")
        .or_else(|| stem.strip_suffix(".text"))
        .unwrap_or(stem);
    let words = [
        "requirements",
        "requirement",
        "reqs",
        "req",
        "requires",
        "dependencies",
    ];
    let is_plain = stem.chars().all(|c| c.is_ascii_alphabetic());
    name != LIST
        && is_plain
        && (words.contains(&stem) || strsim::osa_distance(stem, "requirements") <= 2)
}

/// A list in the folder that a process changes into.
fn folder_list(app: &App) -> Option<TreePath> {
    let file = app.procfile().present()?;
    let processes = file.model.processes().iter();
    let starts = processes.flat_map(|it| starts(app, &file.path, &file.text, it));
    let mut folders = starts.flat_map(|start| start.folders.known);
    folders.find_map(|folder| {
        let list = folder.child(LIST);
        (folder != *app.root() && app.tree().resolve(&list).is_ok()).then_some(list)
    })
}

/// Lists elsewhere in the app.
fn others(app: &App) -> Vec<TreePath> {
    let entries = app.tree().under(app.root()).iter();
    let lists = entries.filter(|entry| {
        let name = entry.path.name();
        let is_list = name.contains("requirements") && name.strip_suffix(".txt").is_some();
        let is_base =
            entry.path.parent().name() == "requirements" && name.strip_suffix(".txt").is_some();
        name != LIST && is_list || is_base || (name == LIST && entry.path.parent() != *app.root())
    });
    lists
        .take(MOST_SHOWN)
        .map(|entry| entry.path.clone())
        .collect()
}

fn rename(app: &App, near: &TreePath, is_empty: bool) -> Finding {
    let name = near.name();
    let message = format!("{name} is not read: the build installs what {LIST} lists, exactly so");
    let draft = RULE
        .report(NEAR_NAME, Subject::Path(name.to_owned()), near, message)
        .stops(true, Stage::Start);
    let readable = app
        .load::<Requirements>(name)
        .present()
        .is_some_and(|file| says_something(&file.model));
    if is_empty || !readable {
        return draft.guide(format!(
            "Put what is to be installed into {LIST}, one requirement per line."
        ));
    }
    let edit = Edit::Rename {
        from: near.clone(),
        to: app.path(LIST),
    };
    draft.fix(Fix::safe(format!("rename {name} to {LIST}")).edit(edit))
}

fn include(app: &App, list: &TreePath, is_empty: bool) -> Finding {
    let inside = list.below(app.root()).unwrap_or(list.as_str());
    let message = format!(
        "{inside} is not read: the build installs what {LIST} in the app's own folder lists, wherever the web process starts"
    );
    let draft = RULE
        .report(
            OTHER_FOLDER,
            Subject::Path(inside.to_owned()),
            list,
            message,
        )
        .stops(true, Stage::Start);
    if is_empty || !list.is_in(app.root()) {
        return draft.guide(format!(
            "Write `-r {inside}` into {LIST} of the app's folder."
        ));
    }
    let edit = Edit::create(app.path(LIST), format!("-r {inside}\n"));
    draft.fix(Fix::unsafe_(format!("make a {LIST} that includes {inside}")).edit(edit))
}

fn guide(app: &App, draft: Draft) -> Finding {
    let draft = if app.has("pyproject.toml") {
        draft.step(format!(
            "Dash Enterprise 5 builds from pyproject.toml only if it is poetry's, from release 5.3 on: write its dependencies into {LIST}."
        ))
    } else {
        draft
    };
    draft.guide(format!(
        "Write {LIST} with what the app needs, one per line; `pip freeze` in an environment that runs the app shows the versions."
    ))
}
