//! DL314: code that uses the persistent filesystem, which has to be enabled for the app, and is not
//! there while a build runs.

use super::directory_mapping::persistent_filesystem;
use crate::app::{App, Reached};
use crate::files::app_json::Event;
use crate::files::script::Script;
use crate::python::Facts;
use crate::rules::support::called_script;
use crate::rules::{
    Case, Category, Check, Code, Consequence, Finding, Inputs, Rule, ServerSetting, Settings,
    SourceInputs, Subject,
};
use crate::text::Span;
use crate::tree::TreePath;

/// DL314.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(314),
    stem: "persistent-filesystem",
    category: Category::May,
    summary: "code that uses the persistent filesystem",
    cases: &[USED, PREDEPLOY],
    inputs: Inputs::files(&["Procfile", "project.toml", "app.json", "predeploy.sh"])
        .sources(SourceInputs::With(words))
        .scripts(),
    page: include_str!("../../../rules/DL314-persistent-filesystem.md"),
    check: Check::App(check),
};

const USED: Case = Case::new("used");
const PREDEPLOY: Case = Case::new("predeploy");

/// The most places that the finding shows.
const MOST_SHOWN: usize = 12;

fn words() -> Vec<String> {
    vec!["mount".to_owned()]
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let mut findings: Vec<Finding> = in_code(app).into_iter().collect();
    findings.extend(in_predeploy(app));
    findings
}

fn in_code(app: &App) -> Option<Finding> {
    let mut places = Vec::new();
    for file in RULE.read_sources(app) {
        if app.reach().of_file(file.path()) == Reached::No {
            continue;
        }
        if let Some((_, facts)) = file.facts() {
            places.extend(spans(facts).map(|span| (file.path().clone(), span)));
        }
    }
    let (first, others) = places.split_first()?;
    let message = "the app uses the persistent filesystem, which it has on Dash Enterprise 5 only when someone enables it";
    let draft = RULE
        .report(USED, Subject::Whole, &first.0, message)
        .means(Consequence::Setting(ServerSetting::PersistentFilesystem))
        .span(first.1);
    let draft = others
        .iter()
        .take(MOST_SHOWN)
        .fold(draft, |draft, (path, span)| {
            draft.evidence(path, *span, "used here, too")
        });
    Some(persistent_filesystem(draft).done())
}

/// The texts that name the persistent filesystem.
fn spans(facts: &Facts) -> impl Iterator<Item = Span> + '_ {
    let texts = facts.texts().filter(|(_, it)| is_mount(&it.value));
    let joined = facts.constants.iter().filter(|it| is_mount(&it.value));
    let texts: Vec<Span> = texts.map(|(_, it)| it.span).collect();
    let joined: Vec<Span> = joined
        .map(|it| it.span)
        .filter(|span| !texts.iter().any(|text| text.collides(*span)))
        .collect();
    texts.into_iter().chain(joined)
}

/// Whether a path lies in the persistent filesystem, seen from the app's folder.
fn is_mount(text: &str) -> bool {
    let rest = ["../mount", "~/mount"]
        .iter()
        .find_map(|it| text.strip_prefix(it));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The persistent filesystem in the script that runs while the image is built.
fn in_predeploy(app: &App) -> Option<Finding> {
    let (path, span) = predeploy_scripts(app).into_iter().find_map(|path| {
        let name = path.below(app.root())?.to_owned();
        let file = app.load::<Script>(&name);
        let file = file.present()?;
        let mut words = file.model.commands().iter().flat_map(|it| {
            it.words
                .iter()
                .chain(it.redirects.iter().map(|it| &it.target))
        });
        let word = words.find(|word| is_mount(&word.value))?;
        Some((path, word.span))
    })?;
    let message = "predeploy runs while the image is built, when the persistent filesystem is probably not there";
    let draft = RULE
        .report(PREDEPLOY, Subject::Whole, &path, message)
        .span(span)
        .category(Category::Should);
    Some(
        draft.guide(
            "Move the command to postdeploy, which runs when the app's containers are there.",
        ),
    )
}

/// The scripts that `project.toml`, `app.json` or the usual name make predeploy's.
fn predeploy_scripts(app: &App) -> Vec<TreePath> {
    let mut names = vec!["predeploy.sh".to_owned()];
    if let Some(file) = app.project_toml().present() {
        let scripts = file.model.scripts().iter();
        let own = scripts.filter(|it| it.name == Event::Predeploy.key());
        names.extend(own.filter_map(|it| called_script(app, it.value.as_deref()?)));
    }
    if let Some(file) = app.app_json().present() {
        let scripts = file.model.scripts().iter();
        let own = scripts.filter(|it| it.event == Event::Predeploy);
        names.extend(own.filter_map(|it| called_script(app, it.command.as_deref()?)));
    }
    names.iter().map(|name| app.path(name)).collect()
}
