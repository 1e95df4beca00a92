//! DL106: deploy scripts and health checks of `app.json`, which DE5 does not read.

mod declared;

use crate::app::called_scripts::in_app;
use crate::app::{App, FileState, Parsed};
use crate::files::app_json::{AppJson, DeployScript, Event};
use crate::files::script::Script;
use crate::rules::support::{
    called_script, edit_project_toml, rewrite, shown_command, unreadable, without_cd,
};
use crate::rules::{
    Case, Category, Check, Code, Consequence, Draft, Edit, Finding, Fix, Inputs, Rule, Settings,
    Subject,
};
use crate::text::{Span, splice};

/// DL106.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(106),
    stem: "app-json",
    category: Category::Must,
    summary: "deploy scripts and health checks that `app.json` holds for Dash Enterprise 4",
    cases: &[
        UNREADABLE,
        SCRIPT_NO_TEXT,
        TWO_SCRIPTS,
        EMPTY_SCRIPT,
        SCRIPT,
        HEALTH_CHECKS,
        DECLARED,
    ],
    inputs: Inputs::files(&["app.json", "project.toml"]),
    page: include_str!("../../../rules/DL106-app-json.md"),
    check: Check::App(check),
};

const DECLARED: Case = Case::new("declared");
const UNREADABLE: Case = Case::new("unreadable");
const SCRIPT_NO_TEXT: Case = Case::new("script-no-text");
const TWO_SCRIPTS: Case = Case::new("two-scripts");
const EMPTY_SCRIPT: Case = Case::new("empty-script");
const SCRIPT: Case = Case::new("script");
const HEALTH_CHECKS: Case = Case::new("health-checks");

type File = Parsed<AppJson>;

/// How many names are tried for a script that must not overwrite another.
const NAMES_TRIED: u32 = 100;

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let file = match app.app_json() {
        FileState::Absent => return Vec::new(),
        FileState::Broken(broken) => {
            let guide =
                "Mend the line, so that it is certain which scripts ran, and run dashlift again.";
            return vec![unreadable(&RULE, UNREADABLE, broken).guide(guide)];
        }
        FileState::Present(file) => file,
    };
    let scripts = Event::ALL
        .into_iter()
        .filter_map(|event| deploy_script(app, file, event));
    let scripts = scripts.chain(health_checks(file));
    scripts.chain(declared::check(file)).collect()
}

fn deploy_script(app: &App, file: &File, event: Event) -> Option<Finding> {
    let all = file.model.scripts().iter();
    let own: Vec<&DeployScript> = all.filter(|script| script.event == event).collect();
    let first = own.first()?;
    let key = event.key();
    let draft = |case: Case, message: String| {
        let subject = Subject::Key(key.to_owned());
        RULE.report(case, subject, &file.path, message)
            .span(first.span)
    };
    let Some(command) = first.command.as_deref() else {
        return Some(
            draft(
                SCRIPT_NO_TEXT,
                format!("the {key} script of app.json is not a string"),
            )
            .guide("Write the command as one string, and run dashlift again."),
        );
    };
    if let Some(other) = own.iter().find(|script| script.command != first.command) {
        let message = format!("app.json has two different {key} scripts");
        return Some(
            draft(TWO_SCRIPTS, message)
                .evidence(&file.path, other.span, "the other one")
                .guide("Remove the one that is not meant, and run dashlift again."),
        );
    }
    if command.trim().is_empty() {
        let draft = draft(
            EMPTY_SCRIPT,
            format!("the {key} script of app.json is empty"),
        );
        let fix = Fix::safe(format!("remove the empty {key} script"));
        return Some(
            draft
                .category(Category::May)
                .fix(fix.edits(removal(file, &own))),
        );
    }
    let message = format!(
        "app.json runs `{}` at {key}; Dash Enterprise 5 takes deploy scripts from project.toml",
        shown_command(command)
    );
    Some(moved(
        app,
        file,
        draft(SCRIPT, message),
        &own,
        event,
        command,
    ))
}

/// The edits that take the scripts out of `app.json`.
fn removal(file: &File, scripts: &[&DeployScript]) -> Option<Edit> {
    match AppJson::without(file.text.as_str(), scripts) {
        Some(left) => rewrite(&file.path, &file.text, &left),
        None => Some(Edit::remove(&file.path)),
    }
}

fn moved(
    app: &App,
    file: &File,
    draft: Draft,
    scripts: &[&DeployScript],
    event: Event,
    command: &str,
) -> Finding {
    let key = event.key();
    let called = called_script(app, command);
    let known = app
        .project_toml()
        .present()
        .and_then(|file| file.model.script(key));
    if let Some(known) = known.filter(|known| called.as_deref() != Some(in_app(known))) {
        return draft.guide(format!(
            "project.toml runs `{}` at {key}: if that does all that the command of app.json did, remove the command from app.json; if not, bring both into one script.",
            shown_command(known)
        ));
    }
    let (name, wrapper) = match called {
        Some(name) => (name, None),
        None => match free_name(app, key) {
            Some(name) => (name, Some(wrapper(app, command))),
            None => return draft.guide("Write the command into a script in the app's folder and name it below `[scripts]` in project.toml."),
        },
    };
    let edit = edit_project_toml(app, |document| match known {
        Some(_) => Ok(()),
        None => document.set_script(key, &name),
    });
    let edit = match edit {
        Ok(edit) => edit,
        Err(unusable) => return draft.guide(unusable.guide()),
    };
    let title = match wrapper {
        Some(_) => format!("write the command into {name}, which project.toml runs at {key}"),
        None => format!("make project.toml run {name} at {key}"),
    };
    let create = wrapper.map(|contents| Edit::create_script(app.path(&name), contents));
    draft.fix(
        Fix::safe(title)
            .edits(edit)
            .edits(create)
            .edits(removal(file, scripts))
            .reading(app.path("project.toml")),
    )
}

/// `predeploy.sh`, or `predeploy-2.sh`... where that is taken.
fn free_name(app: &App, key: &str) -> Option<String> {
    let first = std::iter::once(format!("{key}.sh"));
    let others = (2..NAMES_TRIED).map(|number| format!("{key}-{number}.sh"));
    first.chain(others).find(|name| is_free(app, name))
}

/// Whether nothing at all is there: no file, no folder, no link that leads nowhere.
fn is_free(app: &App, name: &str) -> bool {
    !app.has(name) && app.tree().kind(&app.path(name)).is_none() && app.folder(name).is_empty()
}

/// A script that does what the command did. Files of the app that it names in `/app` are named
/// from the app's folder.
fn wrapper(app: &App, command: &str) -> String {
    let command = without_cd(command);
    let script = Script::of_line(command);
    let words = script.commands().iter().flat_map(|command| &command.words);
    let of_app = words.filter(|word| {
        word.span.slice(command) == word.value
            && word.value.starts_with("/app/")
            && app.has(in_app(&word.value))
    });
    let replacements: Vec<(Span, String)> = of_app
        .map(|word| (word.span, in_app(&word.value).to_owned()))
        .collect();
    let body = splice(command, &replacements).unwrap_or_else(|_| command.to_owned());
    let body = body.replace("\r\n", "\n");
    format!("#!/bin/bash\n{}\n", body.trim_end())
}

fn health_checks(file: &File) -> Option<Finding> {
    let span = file.model.health_checks()?;
    let message = "app.json holds health checks, for which no reader is known on Dash Enterprise 5";
    Some(
        RULE.report(HEALTH_CHECKS, Subject::Whole, &file.path, message)
            .span(span)
            .category(Category::May)
            .means(Consequence::NoCounterpart)
            .guide("Watch the first deploys, or have your monitoring do it. The file does no harm: keep it as a record of the checks, or remove it."),
    )
}
