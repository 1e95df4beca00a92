//! DL108: the replicas of `DOKKU_SCALE`, which DE5 does not read.

use crate::app::{App, FileState, Parsed};
use crate::files::scale::Scale;
use crate::rules::support::unreadable;
use crate::rules::{
    Case, Category, Check, Code, Consequence, Draft, Edit, Finding, Fix, Inputs, Rule, Settings,
    Step, StepSite, Subject,
};
use crate::text::Span;

/// DL108.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(108),
    stem: "dokku-scale",
    category: Category::Should,
    summary: "the replicas of `DOKKU_SCALE`, which Dash Enterprise 5 does not read",
    cases: &[UNREADABLE, UNUSABLE_LINE, REPLICAS],
    inputs: Inputs::files(&["DOKKU_SCALE", "Procfile"]),
    page: include_str!("../../../rules/DL108-dokku-scale.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const UNUSABLE_LINE: Case = Case::new("unusable-line");
const REPLICAS: Case = Case::new("replicas");

/// The most replicas that DE5 gives a process type (Plotly's documentation).
pub const MOST_REPLICAS: u32 = 10;

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    match app.scale() {
        FileState::Absent => Vec::new(),
        FileState::Broken(broken) => vec![unreadable(&RULE, UNREADABLE, broken).guide(
            "Note the replicas of each process type, set them in the Scale tab, and remove the file.",
        )],
        FileState::Present(file) if file.model.problems().is_empty() => vec![removal(app, file)],
        FileState::Present(file) => problems(file),
    }
}

fn problems(file: &Parsed<Scale>) -> Vec<Finding> {
    let text = file.text.as_str();
    let found = file.model.problems().iter().map(|problem| {
        let message = format!(
            "`{}` in DOKKU_SCALE cannot be used: {}",
            problem.span.slice(text),
            problem.message
        );
        RULE.report(UNUSABLE_LINE, Subject::text(problem.span.slice(text)), &file.path, message)
            .span(problem.span)
            .guide("Write the line as `type=count`, as in `web=2`, and run dashlift again; or set the replicas in the Scale tab and remove the file.")
    });
    found.collect()
}

fn removal(app: &App, file: &Parsed<Scale>) -> Finding {
    let text = file.text.as_str();
    let mut draft = RULE.report(REPLICAS, Subject::Whole, &file.path, message(file));
    if let Some(first) = file.model.counts().first() {
        draft = draft.span(first.span);
    }
    for count in file.model.counts() {
        draft = counted(draft, count.name.slice(text), count.count);
    }
    if has_unread_processes(app) {
        return draft.guide(
            "Mend the Procfile first, so that it is certain which processes there are, and run dashlift again.",
        );
    }
    for name in unnamed(app, file) {
        let text = format!(
            "Set `{name}` to 0 in the Scale tab, unless it should run: DOKKU_SCALE does not name it, so Dash Enterprise 4 did not start it; Dash Enterprise 5 starts one replica."
        );
        draft = scaled(draft, text, &name, 0);
    }
    let edit = Edit::remove(&file.path);
    draft.fix(
        Fix::safe("remove DOKKU_SCALE")
            .edit(edit)
            .reading(app.path("Procfile")),
    )
}

fn message(file: &Parsed<Scale>) -> String {
    let text = file.text.as_str();
    let counts: Vec<String> = file
        .model
        .counts()
        .iter()
        .map(|count| format!("{}={}", count.name.slice(text), count.count))
        .collect();
    if counts.is_empty() {
        return "Dash Enterprise 5 does not read DOKKU_SCALE, which names no process".to_owned();
    }
    format!(
        "Dash Enterprise 5 does not read DOKKU_SCALE ({}): every process type starts with one replica",
        counts.join(", ")
    )
}

fn counted(draft: Draft, name: &str, count: u32) -> Draft {
    let text = match count {
        1 => return draft,
        0 => format!(
            "Set `{name}` to 0 in the Scale tab: Dash Enterprise 5 starts one replica of it."
        ),
        many if many > MOST_REPLICAS => format!(
            "Set `{name}` to {MOST_REPLICAS} replicas in the Scale tab, the most that Dash Enterprise 5 gives a process type; it had {many}."
        ),
        many => format!("Set `{name}` to {many} replicas in the Scale tab."),
    };
    scaled(draft, text, name, count.min(MOST_REPLICAS))
}

/// Adds the step that sets the replicas of a process type.
fn scaled(draft: Draft, text: String, process: &str, count: u32) -> Draft {
    let process = process.to_owned();
    draft
        .take(Step::new(text).at(StepSite::Server).restating())
        .means(Consequence::Replicas { process, count })
}

/// Whether the Procfile may hold processes that cannot be read.
fn has_unread_processes(app: &App) -> bool {
    match app.procfile() {
        FileState::Absent => false,
        FileState::Broken(_) => true,
        FileState::Present(file) => !file.model.problems().is_empty(),
    }
}

/// The process types of the Procfile that the file does not name, each once.
fn unnamed(app: &App, file: &Parsed<Scale>) -> Vec<String> {
    let Some(procfile) = app.procfile().present() else {
        return Vec::new();
    };
    let name_of = |span: Span| span.slice(procfile.text.as_str()).to_owned();
    let counts = file.model.counts();
    let named: Vec<&str> = counts
        .iter()
        .map(|count| count.name.slice(file.text.as_str()))
        .collect();
    let mut unnamed: Vec<String> = Vec::new();
    for process in procfile.model.processes() {
        let name = name_of(process.name);
        // `release` is no process that runs on; `web` always ran.
        let ran_anyway = name == "web" || name == "release";
        if !ran_anyway && !named.contains(&name.as_str()) && !unnamed.contains(&name) {
            unnamed.push(name);
        }
    }
    unnamed
}
