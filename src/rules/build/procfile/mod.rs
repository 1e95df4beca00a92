//! DL111: a `Procfile` that starts no web process on DE5, or something else than meant, or a module
//! that is not there.

mod command;
mod entry;
mod near;
mod runner;

use std::collections::BTreeMap;

use crate::app::{App, FileState, Parsed};
use crate::files::procfile::{Loose, LoosePlace, Procfile, ProcfileProcess};
use crate::rules::support::{app_folder_spans, lf_line_ends, unreadable};
use crate::rules::{
    Case, Category, Check, Code, Consequence, Draft, Edit, Finding, Fix, Inputs, Rule, Settings,
    SourceInputs, Stage, Subject,
};
use crate::text::{Span, Text, lines};

/// DL111.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(111),
    stem: "procfile",
    category: Category::Must,
    summary: "a `Procfile` that starts no web process on Dash Enterprise 5",
    cases: &[
        UNREADABLE,
        MISSING,
        ENCODING,
        BLANKS,
        LINE_ENDS,
        UNREADABLE_LINE,
        NO_WEB,
        TWICE,
        APP_FOLDER,
        RELEASE,
        RUNNER,
        TORN,
        MISSING_FILE,
        PATH_AS_MODULE,
        MISSING_MODULE,
        MISSING_OBJECT,
        MISSING_FOLDER,
        NO_MODULE,
        DOTTED_OBJECT,
        NEAR_NAME,
        TYPOGRAPHY,
        OPEN_QUOTE,
        SCRIPT_MODE,
    ],
    inputs: Inputs::files(&[
        "Procfile",
        "environment.yml",
        "environment.yaml",
        "conda-requirements.txt",
    ])
    .lists()
    .sources(SourceInputs::Any)
    .scripts(),
    page: include_str!("../../../../rules/DL111-procfile.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const MISSING: Case = Case::new("missing");
const ENCODING: Case = Case::new("encoding");
const BLANKS: Case = Case::new("blanks");
const LINE_ENDS: Case = Case::new("line-ends");
const UNREADABLE_LINE: Case = Case::new("unreadable-line");
const NO_WEB: Case = Case::new("no-web");
const TWICE: Case = Case::new("twice");
const APP_FOLDER: Case = Case::new("app-folder");
const RELEASE: Case = Case::new("release");
const RUNNER: Case = Case::new("runner");
const TORN: Case = Case::new("torn");
const MISSING_FILE: Case = Case::new("missing-file");
const PATH_AS_MODULE: Case = Case::new("path-as-module");
const MISSING_MODULE: Case = Case::new("missing-module");
const MISSING_OBJECT: Case = Case::new("missing-object");
const MISSING_FOLDER: Case = Case::new("missing-folder");
const NO_MODULE: Case = Case::new("no-module");
const DOTTED_OBJECT: Case = Case::new("dotted-object");
const NEAR_NAME: Case = Case::new("near-name");
const TYPOGRAPHY: Case = Case::new("typography");
const OPEN_QUOTE: Case = Case::new("open-quote");
const SCRIPT_MODE: Case = Case::new("script-mode");

type File = Parsed<Procfile>;

/// Modules that apps are usually started from.
const USUAL_MODULES: &[&str] = &["app", "index", "main", "server", "wsgi", "run", "dash_app"];

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let file = match app.procfile() {
        FileState::Absent => return vec![near::check(app).unwrap_or_else(|| missing(app))],
        FileState::Broken(broken) => {
            let guide = "Save the file as UTF-8 text with one `type: command` per line.";
            return vec![unreadable(&RULE, UNREADABLE, broken).guide(guide)];
        }
        FileState::Present(file) => file,
    };
    let mut findings: Vec<Finding> = layout(file).into_iter().collect();
    findings.extend(problems(file));
    findings.extend(no_web(app, file));
    findings.extend(duplicates(file));
    for process in file.model.processes() {
        findings.extend(app_folder(file, process));
        findings.extend(release(file, process));
        findings.extend(command::problems(app, file, process));
        findings.extend(runner::missing(app, settings, file, process));
        findings.extend(entry::broken(app, file, process));
    }
    findings
}

fn at(file: &File, case: Case, subject: Subject, span: Span, message: impl Into<String>) -> Draft {
    RULE.report(case, subject, &file.path, message).span(span)
}

fn missing(app: &App) -> Finding {
    RULE.report(
        MISSING,
        Subject::Whole,
        &app.path("Procfile"),
        "the app has no Procfile, which says how to start it",
    )
    .means(Consequence::Stops(Stage::Start))
    .guide(format!(
        "Write a Procfile with the command that starts the app: {}.",
        suggestion(app)
    ))
}

/// A `web` line: of the module that says itself what to serve, if there is one.
fn suggestion(app: &App) -> String {
    let serving = USUAL_MODULES
        .iter()
        .find(|module| says_server(app, &format!("{module}.py")));
    match serving {
        Some(module) => format!("`web: gunicorn {module}:server` ({module}.py defines `server`)"),
        None => "`web: COMMAND`".to_owned(),
    }
}

/// Whether a module has Dash's line `server = app.server`.
fn says_server(app: &App, name: &str) -> bool {
    let text = app.tree().read(&app.path(name));
    let text = text.ok().and_then(|bytes| Text::decode(&bytes).ok());
    text.is_some_and(|text| {
        lines(text.as_str()).any(|line| {
            let mut parts = line.span.slice(text.as_str()).splitn(2, '=');
            let name = parts.next().map(str::trim_end);
            let value = parts.next().map(str::trim);
            name == Some("server") && value.is_some_and(|value| value.contains("app.server"))
        })
    })
}

/// A byte order mark, UTF-16, other line ends than LF, or blanks where the format has none.
fn layout(file: &File) -> Option<Finding> {
    let encoding = file.text.encoding();
    if !encoding.is_plain_utf8() {
        let edit = Edit::Reencode {
            path: file.path.clone(),
        };
        let fix = Fix::safe("save the Procfile as UTF-8 without a byte order mark").edit(edit);
        let message = format!("the Procfile is saved as {}", encoding.name());
        return Some(
            RULE.report(ENCODING, Subject::Whole, &file.path, message)
                .fix(fix),
        );
    }
    let loose = file.model.loose().iter();
    let loose: Vec<&Loose> = loose.filter(|loose| !revives(file, loose)).collect();
    let blanks = loose
        .iter()
        .map(|loose| Edit::replace(&file.path, loose.span, ""));
    let mut edits: Vec<Edit> = blanks.collect();
    let ends = lf_line_ends(&file.path, &file.text);
    let (case, span, message) = match (loose.first(), ends.first()) {
        (Some(loose), _) => (
            BLANKS,
            loose.span,
            "a process type of the Procfile has blanks around it",
        ),
        (None, Some(Edit::Replace { span, .. })) => (
            LINE_ENDS,
            *span,
            "the Procfile has Windows line ends, which can end up in the commands",
        ),
        (None, _) => return None,
    };
    edits.extend(ends);
    let fix = Fix::safe("tidy the Procfile's blanks and line ends").edits(edits);
    let draft = at(file, case, Subject::Whole, span, message).category(Category::Should);
    Some(draft.fix(fix))
}

/// Whether taking the blanks away would bring a line to life that the platform does not read, beside
/// another one of the same type.
fn revives(file: &File, loose: &Loose) -> bool {
    let text = file.text.as_str();
    let mut processes = file.model.processes().iter();
    let own =
        processes.find(|it| it.span.start <= loose.span.start && loose.span.end <= it.span.end);
    let Some(own) = own.filter(|_| loose.place == LoosePlace::BeforeName) else {
        return false;
    };
    let mut others = file.model.processes().iter();
    others.any(|other| other.span != own.span && other.name.slice(text) == own.name.slice(text))
}

fn problems(file: &File) -> Vec<Finding> {
    let found = file.model.problems().iter().map(|problem| {
        let message = format!("the Procfile has {}", problem.message);
        let subject = Subject::text(problem.span.slice(file.text.as_str()));
        at(file, UNREADABLE_LINE, subject, problem.span, message)
            .guide("Write the line as `type: command`, as in `web: gunicorn app:server`.")
    });
    found.collect()
}

fn no_web(app: &App, file: &File) -> Option<Finding> {
    let text = file.text.as_str();
    let processes = file.model.processes();
    if processes
        .iter()
        .any(|process| process.name.slice(text) == "web")
    {
        return None;
    }
    // A line that cannot be read may well be the one.
    let unread = file.model.problems().iter();
    if unread
        .into_iter()
        .any(|problem| problem.span.slice(text).trim_start().starts_with("web"))
    {
        return None;
    }
    let alike = processes.iter().find(|process| {
        process
            .name
            .slice(text)
            .to_ascii_lowercase()
            .contains("web")
    });
    let message = "no `web` process in the Procfile: nothing answers requests";
    let draft = RULE
        .report(NO_WEB, Subject::Whole, &file.path, message)
        .means(Consequence::Stops(Stage::Start));
    Some(match alike {
        Some(process) => draft.span(process.name).guide(format!(
            "If `{}` is the process that answers requests, call it `web`.",
            process.name.slice(text)
        )),
        None => draft.guide(format!(
            "Add a line with the command that starts the app: {}.",
            suggestion(app)
        )),
    })
}

/// Process types that are there again, one finding each. The same line again is a slip; another
/// command is a decision.
fn duplicates(file: &File) -> Vec<Finding> {
    let mut groups: BTreeMap<&str, Vec<&ProcfileProcess>> = BTreeMap::new();
    for process in file.model.processes() {
        let name = process.name.slice(file.text.as_str());
        groups.entry(name).or_default().push(process);
    }
    let groups = groups.values();
    groups
        .filter_map(|group| {
            let (first, others) = group.split_first()?;
            duplicate(file, first, others)
        })
        .collect()
}

fn duplicate(file: &File, first: &ProcfileProcess, others: &[&ProcfileProcess]) -> Option<Finding> {
    let text = file.text.as_str();
    let name = first.name.slice(text);
    let second = others.first()?;
    let times = others.len() + 1;
    let message = format!("the process type `{name}` is there {times} times");
    let subject = Subject::Process(name.to_owned());
    let draft = at(file, TWICE, subject, second.name, message).evidence(
        &file.path,
        first.name,
        "the first one",
    );
    let command = first.command.slice(text);
    if others
        .iter()
        .any(|other| other.command.slice(text) != command)
    {
        return Some(draft.guide(
            "Keep the command that is meant, and give each other one a process type of its own or remove it.",
        ));
    }
    let removals = others
        .iter()
        .map(|other| Edit::replace(&file.path, other.full, ""));
    let fix = Fix::safe(format!("keep one `{name}` line")).edits(removals);
    Some(draft.category(Category::Should).fix(fix))
}

fn app_folder(file: &File, process: &ProcfileProcess) -> Option<Finding> {
    let text = file.text.as_str();
    let span = *app_folder_spans(process.command.slice(text)).first()?;
    let message = format!(
        "`{}` names /app, where Dash Enterprise 5 does not keep the app",
        process.name.slice(text)
    );
    let subject = Subject::Process(process.name.slice(text).to_owned());
    let draft = at(
        file,
        APP_FOLDER,
        subject,
        span.shift(process.command.start),
        message,
    );
    Some(draft.guide("Name the file or folder from the app's folder, in which the command starts: `src` for `/app/src`, and nothing for `cd /app &&`."))
}

fn release(file: &File, process: &ProcfileProcess) -> Option<Finding> {
    if process.name.slice(file.text.as_str()) != "release" {
        return None;
    }
    let message = "`release` is a process type as any other on Dash Enterprise 5: it is started with one replica";
    let subject = Subject::Process("release".to_owned());
    let draft = at(file, RELEASE, subject, process.name, message).category(Category::Should);
    Some(draft.guide("Put the command into a script, name that in project.toml as `predeploy` or `postdeploy` below `[scripts]`, and remove the line."))
}
