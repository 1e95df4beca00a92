//! DL109: a buildpack choice that DE5 does not read, and apps that DE5 has no buildpack for.

use crate::app::{App, FileState, Language, Parsed};
use crate::files::buildpacks::{Buildpack, Buildpacks, ForeignLanguage};
use crate::rules::data::buildpacks::{Builds, builds};
use crate::rules::support::unreadable;
use crate::rules::{
    Case, Category, Check, Code, Consequence, Draft, Edit, Effort, Finding, Fix, Inputs, Rule,
    Settings, Stage, Subject,
};
use crate::secrets::redacted;
use crate::text::Text;

/// DL109.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(109),
    stem: "buildpacks",
    category: Category::Should,
    summary: "a buildpack choice that Dash Enterprise 5 does not read",
    cases: &[
        UNREADABLE,
        DECLINED,
        EMPTY,
        CONTRADICTION,
        SAME_CHOICE,
        OWN_BUILDPACK,
        OTHER_LANGUAGE,
        BUILDPACK_YML,
    ],
    inputs: Inputs::files(&[".buildpacks", "buildpack.yml"]),
    page: include_str!("../../../rules/DL109-buildpacks.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const DECLINED: Case = Case::new("declined");
const EMPTY: Case = Case::new("empty");
const CONTRADICTION: Case = Case::new("contradiction");
const SAME_CHOICE: Case = Case::new("same-choice");
const OWN_BUILDPACK: Case = Case::new("own-buildpack");
const OTHER_LANGUAGE: Case = Case::new("other-language");
const BUILDPACK_YML: Case = Case::new("buildpack-yml");

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    if let Some(finding) = declined(app) {
        return vec![finding];
    }
    let choice =
        match app.buildpacks() {
            FileState::Absent => None,
            FileState::Broken(broken) => Some(unreadable(&RULE, UNREADABLE, broken).guide(
                "Look which buildpack .buildpacks named, and delete it: Dash Enterprise 5 does not read it.",
            )),
            FileState::Present(file) => Some(choice(app, file)),
        };
    choice.into_iter().chain(buildpack_yml(app)).collect()
}

/// An app that is not written in Python: nothing of it is converted.
fn declined(app: &App) -> Option<Finding> {
    let (language, file) = match app.language() {
        Language::Python => return None,
        Language::R => ("R", "init.R"),
        Language::Julia => ("Julia", "Project.toml"),
    };
    let message = format!(
        "the app is written in {language}, for which Dash Enterprise 5 documents no buildpack; nothing of it is converted"
    );
    let shown = [".buildpacks", "Procfile", file];
    let path = shown.into_iter().find(|name| app.has(name));
    let draft = RULE.report(
        DECLINED,
        Subject::Whole,
        &path.map_or(app.root().clone(), |name| app.path(name)),
        message,
    );
    let finding = with_named_buildpack(app, draft)
        .category(Category::Must)
        .effort(Effort::Days)
        .guide(format!(
            "Ask Plotly whether your Dash Enterprise 5 runs {language} apps; else leave this app on Dash Enterprise 4, run it elsewhere, or write it anew in Python."
        ));
    Some(finding)
}

/// Points at the buildpack that builds another language.
fn with_named_buildpack(app: &App, draft: Draft) -> Draft {
    let Some(file) = app.buildpacks().present() else {
        return draft;
    };
    match file.model.entries().first() {
        Some(entry) => draft.span(entry.span),
        None => draft,
    }
}

fn choice(app: &App, file: &Parsed<Buildpacks>) -> Finding {
    let text = &file.text;
    let entries = file.model.entries();
    let Some(first) = entries.first() else {
        let message = ".buildpacks names no buildpack, and Dash Enterprise 5 does not read it";
        return RULE
            .report(EMPTY, Subject::Whole, &file.path, message)
            .fix(removal(file));
    };
    let foreign = |entry: &Buildpack| entry.foreign_language(text.as_str());
    if let Some(language) = entries.iter().find_map(foreign) {
        return also_another_language(file, first, language);
    }
    if let Some(own) = entries.iter().find(|entry| known(text, entry).is_none()) {
        return somebodys_own(file, own);
    }
    let builds = |what| entries.iter().any(|entry| known(text, entry) == Some(what));
    let conda = has_conda_list(app);
    let contradiction = match (builds(Builds::Pip), builds(Builds::Conda)) {
        (true, true) => Some("both pip's and conda's buildpack"),
        (true, false) if conda => Some("pip's buildpack, but the app has a list for conda"),
        (false, true) if !conda => {
            Some("conda's buildpack, but the app has no list that Dash Enterprise 5 gives to conda")
        }
        _ => None,
    };
    match contradiction {
        Some(what) => RULE.report(CONTRADICTION, Subject::Whole, &file.path, format!(".buildpacks names {what}; Dash Enterprise 5 chooses by the files alone"))
            .span(first.span)
            .guide("Decide whether pip or conda builds the app: keep requirements.txt or environment.yml, not both, and delete .buildpacks."),
        None => RULE.report(SAME_CHOICE, Subject::Whole, &file.path, format!(
            ".buildpacks names `{}`; Dash Enterprise 5 does not read it and chooses the same by the app's files",
            redacted(first.span.slice(text.as_str()))
        ))
        .span(first.span)
        .fix(removal(file)),
    }
}

/// Whether DE5 (or DE4 before it) would build the app with conda.
fn has_conda_list(app: &App) -> bool {
    let conda5 = app.has("environment.yml") && !app.has("requirements.txt");
    conda5 || app.was_built_by_conda()
}

fn known(text: &Text, entry: &Buildpack) -> Option<Builds> {
    builds(&entry.repository(text.as_str()))
}

fn removal(file: &Parsed<Buildpacks>) -> Fix {
    Fix::safe("remove .buildpacks").edit(Edit::remove(&file.path))
}

fn somebodys_own(file: &Parsed<Buildpacks>, entry: &Buildpack) -> Finding {
    let url = redacted(entry.span.slice(file.text.as_str()));
    let message = format!(
        ".buildpacks names `{url}`, which is not one of Dash Enterprise 4's own; Dash Enterprise 5 does not read .buildpacks"
    );
    RULE.report(OWN_BUILDPACK, Subject::Address(url), &file.path, message)
        .span(entry.span)
        .effort(Effort::Hours)
        .guide("Find out what this buildpack did beyond installing the app's requirements (its `bin/compile` says it), move that into Aptfile, requirements.txt or a predeploy script, and delete .buildpacks.")
}

/// A Python app, by its files, whose buildpacks install another language beside it.
fn also_another_language(
    file: &Parsed<Buildpacks>,
    first: &Buildpack,
    language: ForeignLanguage,
) -> Finding {
    let language = match language {
        ForeignLanguage::R => "R",
        ForeignLanguage::Julia => "Julia",
    };
    let message = format!(
        ".buildpacks names a buildpack for {language}, and Dash Enterprise 5 documents none"
    );
    RULE.report(OTHER_LANGUAGE, Subject::text(language), &file.path, message)
        .span(first.span)
        .category(Category::Must)
        .effort(Effort::Days)
        .guide(format!(
            "Find out whether the app needs {language}. If it does, ask Plotly whether your Dash Enterprise 5 can build it; if it does not, delete .buildpacks."
        ))
}

/// `buildpack.yml`, the older form of what is `project.toml` now.
fn buildpack_yml(app: &App) -> Option<Finding> {
    let path = app.path("buildpack.yml");
    if !app.has("buildpack.yml") {
        return None;
    }
    let bytes = app.tree().read(&path);
    let text = bytes.ok().and_then(|bytes| Text::decode(&bytes).ok());
    let is_empty = text.is_some_and(|text| {
        let mut lines = text.as_str().lines().map(str::trim);
        lines.all(|line| line.is_empty() || line.starts_with('#') || line == "---")
    });
    let message = "buildpack.yml makes Dash Enterprise 5's Python buildpacks refuse the app";
    let draft = RULE
        .report(BUILDPACK_YML, Subject::Whole, &path, message)
        .means(Consequence::Stops(Stage::Build))
        .category(Category::Must);
    Some(if is_empty {
        draft.fix(Fix::safe("remove the empty buildpack.yml").edit(Edit::remove(&path)))
    } else {
        draft.guide("Move what it sets into project.toml (`cpython: version:` is the build variable BP_CPYTHON_VERSION) and delete buildpack.yml.")
    })
}
