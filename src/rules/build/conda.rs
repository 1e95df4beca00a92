//! DL104: conda files that DE5 does not read. One `environment.yml` takes the place of
//! `conda-requirements.txt`, `conda-runtime.txt`, `.condarc` and the `requirements.txt` beside
//! them, because a `requirements.txt` beside it would make DE5 pass conda over.

mod channels;
mod plan;
mod unread;
mod write;

use crate::app::{App, Broken, FileState};
use crate::rules::{
    Case, Category, Check, Code, Draft, Edit, Finding, Fix, Inputs, Rule, Settings, Subject,
    support,
};
use crate::text::Span;
use crate::tree::TreePath;
use plan::{CondaPlan, CondaPython, CondaRefusal, Sources};
use write::Clash;

/// DL104.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(104),
    stem: "conda",
    category: Category::Must,
    summary: "conda files that Dash Enterprise 5 does not read",
    cases: &[
        UNREADABLE,
        LINE,
        PLATFORM,
        CHANNEL,
        WAITS_FOR_LINE,
        WAITS_FOR_FILE,
        PYTHON_2,
        MOVED,
        UNREAD_LIST,
        UNREAD_RUNTIME,
        UNREAD_CONDARC,
        UNREAD_CHANNELS,
    ],
    inputs: Inputs::files(&[
        "conda-requirements.txt",
        "conda-runtime.txt",
        ".condarc",
        "requirements.txt",
        "environment.yml",
        "Procfile",
    ]),
    page: include_str!("../../../rules/DL104-conda.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const LINE: Case = Case::new("line");
const PLATFORM: Case = Case::new("platform");
const CHANNEL: Case = Case::new("channel");
const WAITS_FOR_LINE: Case = Case::new("waits-for-line");
const WAITS_FOR_FILE: Case = Case::new("waits-for-file");
const PYTHON_2: Case = Case::new("python-2");
const MOVED: Case = Case::new("moved");
const UNREAD_LIST: Case = Case::new("unread-list");
const UNREAD_RUNTIME: Case = Case::new("unread-runtime");
const UNREAD_CONDARC: Case = Case::new("unread-condarc");
const UNREAD_CHANNELS: Case = Case::new("unread-channels");

const AGAIN: &str = "then run dashlift again: it moves conda's files into environment.yml.";

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let broken = broken_files(app);
    if !broken.is_empty() {
        return broken;
    }
    if !app.was_built_by_conda() {
        return unread::check(app);
    }
    let Some(sources) = Sources::read(app) else {
        return Vec::new();
    };
    if let Some(broken) = app.requirements_txt().broken() {
        return vec![waits_for_file(&sources, broken)];
    }
    match sources.plan() {
        Ok(plan) => vec![convert(app, &sources, &plan)],
        Err(refusals) => refusals
            .into_iter()
            .map(|refusal| refuse(&sources, refusal))
            .collect(),
    }
}

/// The conda files that cannot be used, each reported here and nowhere else.
fn broken_files(app: &App) -> Vec<Finding> {
    let broken: [Option<&Broken>; 3] = [
        app.conda_requirements().broken(),
        app.conda_runtime().broken(),
        app.condarc().broken(),
    ];
    let findings = broken.into_iter().flatten().map(|broken| {
        let name = broken.path.name();
        support::unreadable(&RULE, UNREADABLE, broken).guide(format!("Mend {name}, {AGAIN}"))
    });
    findings.collect()
}

/// What stands in the way, at its place.
fn refuse(sources: &Sources, refusal: CondaRefusal) -> Finding {
    let list = &sources.list.path;
    match refusal {
        CondaRefusal::Line(span, words) => {
            let message = format!("conda-requirements.txt cannot be moved: the line is {words}");
            let draft = RULE
                .report(
                    LINE,
                    Subject::text(span.slice(sources.list.text.as_str())),
                    list,
                    message,
                )
                .span(span);
            draft.guide(format!("Write the line as a conda package, or move it to requirements.txt if pip installs it, {AGAIN}"))
        }
        CondaRefusal::Platform(span, words) => {
            let message = format!("conda-requirements.txt {words}; Dash Enterprise 5 runs Linux");
            let draft = RULE
                .report(PLATFORM, Subject::Whole, list, message)
                .span(span);
            draft.guide(format!("Write the packages that the app imports, with versions and without build strings (`conda env export --from-history` lists what was asked for), {AGAIN}"))
        }
        CondaRefusal::Requirement(span, words) => waits(sources, span, &words),
        CondaRefusal::Channel(item) => {
            let message = format!(
                "the channel {} has its address in custom_channels, which environment.yml cannot say",
                item.value
            );
            let path = sources.condarc.map_or(list, |file| &file.path);
            let draft = RULE
                .report(CHANNEL, Subject::text(&item.value), path, message)
                .span(item.span);
            draft.guide(format!(
                "Write the whole URL of the channel into `channels`, {AGAIN}"
            ))
        }
        CondaRefusal::ListedPython2(span) => {
            python_2(list, span, "conda-requirements.txt asks for Python 2")
        }
        CondaRefusal::InstalledPython2(span) => {
            python_2(&sources.runtime.path, span, "the installer brings Python 2")
        }
    }
}

fn waits(sources: &Sources, span: Span, words: &str) -> Finding {
    let message =
        "conda-requirements.txt is not moved: requirements.txt has a line that pip refuses";
    let mut draft = RULE.report(WAITS_FOR_LINE, Subject::Whole, &sources.list.path, message);
    let mut line = 1;
    if let Some(file) = sources.requirements {
        line = file.text.position(span.start).line;
        draft = draft.evidence(&file.path, span, words);
    }
    draft.guide(format!(
        "Mend line {line} of requirements.txt first, {AGAIN}"
    ))
}

fn waits_for_file(sources: &Sources, broken: &Broken) -> Finding {
    let message = "conda-requirements.txt is not moved: requirements.txt cannot be read";
    let draft = RULE.report(WAITS_FOR_FILE, Subject::Whole, &sources.list.path, message);
    let line = broken.position.line;
    draft.guide(format!(
        "Mend line {line} of requirements.txt first, {AGAIN}"
    ))
}

fn python_2(path: &TreePath, span: Span, what: &str) -> Finding {
    let message = format!("{what}, which Dash Enterprise 5 does not have");
    let draft = RULE
        .report(PYTHON_2, Subject::Whole, path, message)
        .span(span);
    draft.guide(format!(
        "Move the app to Python 3, name it in conda-requirements.txt (`python=3.10`), {AGAIN}"
    ))
}

/// The finding that moves everything into `environment.yml`.
fn convert(app: &App, sources: &Sources, plan: &CondaPlan) -> Finding {
    let draft = describe(sources, plan);
    let edit = match app.environment() {
        FileState::Broken(broken) => {
            let message = format!(
                "Mend environment.yml first (line {}), {AGAIN}",
                broken.position.line
            );
            return draft.guide(message);
        }
        FileState::Absent => write::new(plan).map(|contents| {
            let path = app.path("environment.yml");
            Some(Edit::create(path, contents))
        }),
        FileState::Present(file) => match write::merged(file, plan) {
            Ok(text) => Ok(support::rewrite(&file.path, &file.text, text.as_str())),
            Err(Clash::NoPlace(error)) => Err(error),
            Err(Clash::Differs(span, words)) => {
                let draft = draft.evidence(
                    &file.path,
                    span,
                    format!("environment.yml says this, but {words}"),
                );
                return draft.guide("Decide which of the two is right, write it into environment.yml, and delete conda-requirements.txt, conda-runtime.txt, .condarc and requirements.txt when it holds all that they say.");
            }
        },
    };
    match edit {
        Ok(edit) => with_fix(app, draft, plan, edit),
        Err(error) => draft.guide(format!("Write environment.yml by hand, because {error}.")),
    }
}

fn with_fix(app: &App, draft: Draft, plan: &CondaPlan, edit: Option<Edit>) -> Finding {
    let title = "move conda's files into environment.yml";
    let fix = if matches!(plan.python, CondaPython::Newest(_)) {
        Fix::unsafe_(title)
    } else {
        Fix::safe(title)
    };
    let gone = [
        "conda-requirements.txt",
        "conda-runtime.txt",
        ".condarc",
        "requirements.txt",
    ];
    let gone = gone.iter().filter(|name| app.has(name));
    let removals = gone.map(|name| Edit::remove(&app.path(name)));
    let mut draft = draft;
    if app.has("requirements.txt") {
        for name in unread::mentions(app, "requirements.txt") {
            draft = draft.step(format!(
                "{name} mentions requirements.txt, which goes away because its lines are in environment.yml: change {name} to fit."
            ));
        }
    }
    draft.fix(fix.edits(edit).edits(removals))
}

/// What was found, with the places that decide what is written.
fn describe(sources: &Sources, plan: &CondaPlan) -> Draft {
    let message = "Dash Enterprise 5 does not read conda-requirements.txt: conda builds from environment.yml there";
    let mut draft = RULE.report(MOVED, Subject::Whole, &sources.list.path, message);
    let runtime = sources.runtime;
    let installer = runtime.model.installer;
    draft = match plan.python {
        CondaPython::Listed => draft.evidence(&runtime.path, installer, "read by nothing on Dash Enterprise 5"),
        CondaPython::Installer(minor) => draft.evidence(
            &runtime.path,
            installer,
            format!("no Python is listed; this installer gave the app Python 3.{minor}"),
        ),
        CondaPython::Newest(minor) => draft
            .evidence(&runtime.path, installer, "no Python is listed, and which one this installer brings is not known")
            .step(format!("Check the Python in environment.yml: 3.{minor} is the newest that Dash Enterprise 4 let conda install.")),
    };
    if let Some(build) = plan.build {
        draft = draft.evidence(
            &sources.list.path,
            build,
            "build strings fit one platform and day; they are dropped",
        );
    }
    for (name, span) in &plan.base {
        let note = format!("{name} is a part of conda's own installation; it is left out");
        draft = draft.evidence(&sources.list.path, *span, note);
    }
    if let Some(file) = sources.condarc {
        if let Some(item) = file.model.channels().first() {
            draft = draft.evidence(
                &file.path,
                item.span,
                "the channels move into environment.yml",
            );
        }
        if let Some(step) = channels::left_over(file) {
            draft = draft.step(step);
        }
    }
    draft
}
