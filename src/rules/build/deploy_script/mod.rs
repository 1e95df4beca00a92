//! DL113: deploy scripts that rely on the way DE4 ran them: as root, in `/app`. What their `pip`
//! commands install is a matter of its own.

mod pip;

use crate::app::called_scripts::in_app;
use crate::app::{App, FileState, Parsed};
use crate::files::app_json::Event;
use crate::files::script::{Joint, Script, ScriptCommand, Word};
use crate::files::script::{is_shell, is_shell_file};
use crate::rules::support::{ROOT_ONLY, app_folder_spans, called_script, lf_line_ends, unreadable};
use crate::rules::{
    Case, Category, Check, Code, Edit, Effort, Finding, Fix, Inputs, Rule, Settings, Subject,
};
use crate::text::{Span, lines};
use crate::tree::TreePath;

/// DL113.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(113),
    stem: "deploy-script",
    category: Category::Should,
    summary: "deploy scripts that rely on the way Dash Enterprise 4 ran them",
    cases: &[
        UNREADABLE,
        MISSING_SCRIPT,
        ENCODING,
        LINE_ENDS,
        APP_FOLDER,
        ROOT,
        MISSING_CALL,
        PIP,
    ],
    inputs: Inputs::files(&["predeploy.sh", "postdeploy.sh", "project.toml", "app.json"])
        .lists()
        .scripts(),
    page: include_str!("../../../../rules/DL113-deploy-script.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const MISSING_SCRIPT: Case = Case::new("missing-script");
const ENCODING: Case = Case::new("encoding");
const LINE_ENDS: Case = Case::new("line-ends");
const APP_FOLDER: Case = Case::new("app-folder");
const ROOT: Case = Case::new("root");
const MISSING_CALL: Case = Case::new("missing-call");
const PIP: Case = Case::new("pip");

type File = Parsed<Script>;

/// Programs that write the files that they are given.
const WRITERS: &[&str] = &[
    "chmod", "chown", "mkdir", "rm", "sed", "tee", "touch", "truncate",
];

/// Programs that write the last of the files that they are given.
const COPIERS: &[&str] = &["cp", "install", "ln", "mv", "rsync"];

/// Programs that bring files which the repository does not hold.
const FETCHERS: &[&str] = &[
    "aws", "curl", "git", "gsutil", "make", "scp", "tar", "unzip", "wget",
];

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    for script in deploy_scripts(app) {
        if app.has(&script.name) {
            findings.extend(look_into(app, &script.name));
        } else {
            findings.extend(script.missing());
        }
    }
    findings
}

/// A script that runs at a deploy, and where that is said.
struct DeployScript {
    name: String,
    said: Option<(TreePath, Span)>,
}

impl DeployScript {
    fn missing(&self) -> Option<Finding> {
        let (path, span) = self.said.as_ref()?;
        let message = format!(
            "{} names {} as a deploy script, which is not in the repository",
            path.name(),
            self.name
        );
        let draft = RULE
            .report(
                MISSING_SCRIPT,
                Subject::Path(self.name.clone()),
                path,
                message,
            )
            .span(*span);
        Some(draft.guide(format!(
            "Add {} to the app's folder, or remove the entry that names it.",
            self.name
        )))
    }
}

/// What `project.toml` and `app.json` name, and the scripts of the usual names; each once.
fn deploy_scripts(app: &App) -> Vec<DeployScript> {
    let mut scripts = Vec::new();
    let mut add = |name: &str, said: Option<(TreePath, Span)>| {
        let known = |script: &DeployScript| script.name == name;
        if !name.is_empty() && !scripts.iter().any(known) {
            let name = name.to_owned();
            scripts.push(DeployScript { name, said });
        }
    };
    if let Some(file) = app.project_toml().present() {
        for script in file.model.scripts() {
            let is_event = Event::ALL.iter().any(|event| event.key() == script.name);
            if let Some(value) = script.value.as_deref().filter(|_| is_event) {
                let name = called_script(app, value);
                let name = name.as_deref().unwrap_or_else(|| in_app(value));
                add(name, Some((file.path.clone(), script.span)));
            }
        }
    }
    if let Some(file) = app.app_json().present() {
        for script in file.model.scripts() {
            let command = script.command.as_deref().unwrap_or_default();
            if let Some(name) = called_script(app, command) {
                add(&name, Some((file.path.clone(), script.span)));
            }
        }
    }
    for event in Event::ALL {
        let name = format!("{}.sh", event.key());
        if app.has(&name) {
            add(&name, None);
        }
    }
    scripts
}

fn look_into(app: &App, name: &str) -> Vec<Finding> {
    let file = match app.load::<Script>(name) {
        FileState::Absent => return Vec::new(),
        FileState::Broken(broken) => {
            return vec![
                unreadable(&RULE, UNREADABLE, &broken)
                    .guide("Check by hand that the script works without root and outside of /app."),
            ];
        }
        FileState::Present(file) => file,
    };
    let mut findings: Vec<Finding> = layout(&file).into_iter().collect();
    findings.extend(app_folder(&file));
    if is_shell_file(file.path.name(), file.text.as_str()) {
        findings.extend(
            file.model
                .commands()
                .iter()
                .filter_map(|it| needs_root(&file, it)),
        );
        findings.extend(pip::findings(app, &file));
        findings.extend(missing_calls(app, &file));
    }
    findings
}

/// A byte order mark, UTF-16, or Windows line ends.
fn layout(file: &File) -> Option<Finding> {
    let name = file.path.name();
    if !file.text.encoding().is_plain_utf8() {
        let message = format!("{name} is saved as {}", file.text.encoding().name());
        let edit = Edit::Reencode {
            path: file.path.clone(),
        };
        let fix = Fix::safe(format!("save {name} as UTF-8 without a byte order mark"));
        return Some(
            RULE.report(ENCODING, Subject::Whole, &file.path, message)
                .fix(fix.edit(edit)),
        );
    }
    let edits = lf_line_ends(&file.path, &file.text);
    let first = lines(file.text.as_str()).find(|line| line.end_span().len() == 2)?;
    let message = format!("{name} has Windows line ends, which the shell takes for parts of words");
    Some(
        RULE.report(LINE_ENDS, Subject::Whole, &file.path, message)
            .span(first.span)
            .fix(Fix::safe(format!("give {name} Unix line ends")).edits(edits)),
    )
}

/// Lines that name `/app`, one finding each; comments do not count, but for `#!`.
fn app_folder(file: &File) -> Vec<Finding> {
    let text = file.text.as_str();
    let name = file.path.name();
    let mut line_end = 0;
    let mut findings = Vec::new();
    for span in app_folder_spans(text) {
        if span.start < line_end || is_comment(file, span) {
            continue;
        }
        let rest = Span::new(span.end, text.len()).slice(text);
        line_end = span.end + rest.find(['\n', '\r']).unwrap_or(rest.len());
        let message = format!("{name} names /app, where Dash Enterprise 5 does not keep the app");
        let draft = RULE
            .report(APP_FOLDER, Subject::Whole, &file.path, message)
            .span(span);
        findings.push(match needless_change(file, span) {
            Some(command) => draft.fix(
                Fix::safe("take `cd /app` away: the script starts in the app's folder")
                    .edit(Edit::replace(&file.path, command, "")),
            ),
            None => draft.guide("Name the file from the app's folder instead, as in `data/x.csv` for `/app/data/x.csv`."),
        });
    }
    findings
}

/// What to take out of the script so that a `cd /app` at `span` is gone: its line, or the command with
/// the `&&` behind it. Only the first command of a script, before which nothing changes the folder.
fn needless_change(file: &File, span: Span) -> Option<Span> {
    let text = file.text.as_str();
    let commands = file.model.commands();
    let at = commands.iter().position(|it| it.span().collides(span))?;
    let is_change = |it: &ScriptCommand| matches!(it.words.as_slice(), [cd, folder] if cd.value == "cd" && ["/app", "/app/"].contains(&folder.value.as_str()));
    let command = commands.get(at).filter(|it| is_change(it))?;
    let moves = |it: &ScriptCommand| {
        let program = it.program().first().map(program_name);
        program.is_some_and(|it| ["cd", "pushd", "popd"].contains(&it))
    };
    if !command.redirects.is_empty() || commands.iter().take(at).any(moves) {
        return None;
    }
    let line = file.text.line(file.text.line_number(span.start))?;
    if line.span.slice(text).trim().trim_end_matches(';') == command.span().slice(text) {
        return Some(Span::new(line.span.start, line.end));
    }
    let next = commands.get(at + 1).filter(|it| it.joint == Joint::And)?;
    let between = Span::new(command.span().start, next.span().start);
    (!between.slice(text).contains(['\n', '\\', '(', '{'])).then_some(between)
}

fn is_comment(file: &File, span: Span) -> bool {
    let comments = file.model.comments();
    let after = comments.partition_point(|comment| comment.end <= span.start);
    let around = comments.get(after).filter(|comment| comment.collides(span));
    around.is_some_and(|it| it.start != 0 || !file.text.as_str().starts_with("#!"))
}

fn needs_root(file: &File, command: &ScriptCommand) -> Option<Finding> {
    let name = file.path.name();
    let program = command.program().first().map(program_name);
    let root_only = program.filter(|program| ROOT_ONLY.contains(program));
    let message = match (root_only, written_system_file(command)) {
        (Some(program), _) => format!("{name} runs {program}, which needs root"),
        (None, Some(path)) => format!("{name} writes to {path}, which needs root"),
        (None, None) if command.is_sudo() => format!("{name} runs sudo"),
        (None, None) => return None,
    };
    let message = format!("{message}; builds of Dash Enterprise 5 probably do not run as root");
    let draft = RULE
        .report(
            ROOT,
            Subject::text(command.span().slice(file.text.as_str())),
            &file.path,
            message,
        )
        .span(command.span())
        .effort(Effort::Hours);
    let packages = installed_packages(command);
    Some(if packages.is_empty() {
        draft.guide("Find a way that works without root, in the app's own folder, or ask who runs the Dash Enterprise server.")
    } else {
        draft.guide(format!(
            "List the packages in Aptfile, one per line, and remove the command: {}.",
            packages.join(", ")
        ))
    })
}

fn program_name(word: &Word) -> &str {
    word.value.rsplit('/').next().unwrap_or_default()
}

/// A file below `/etc` that the command writes.
fn written_system_file(command: &ScriptCommand) -> Option<&str> {
    let is_system = |word: &&Word| word.value.starts_with("/etc/");
    let redirected = command.redirects.iter().filter(|redirect| redirect.writes);
    let mut redirected = redirected.map(|redirect| &redirect.target);
    let (program, arguments) = command.program().split_first()?;
    let program = program_name(program);
    let argument = if WRITERS.contains(&program) {
        arguments.iter().find(is_system)
    } else if COPIERS.contains(&program) {
        arguments.last().filter(is_system)
    } else {
        None
    };
    let written = argument.or_else(|| redirected.find(is_system));
    written.map(|word| word.value.as_str())
}

/// The Debian packages of an `apt-get install`.
fn installed_packages(command: &ScriptCommand) -> Vec<&str> {
    let Some((program, arguments)) = command.program().split_first() else {
        return Vec::new();
    };
    if !["apt", "apt-get", "aptitude"].contains(&program_name(program)) {
        return Vec::new();
    }
    let mut arguments = arguments
        .iter()
        .filter(|word| !word.value.starts_with('-') && !word.is_expanded)
        .map(|word| word.value.as_str());
    match arguments.next() {
        Some("install") => arguments.collect(),
        _ => Vec::new(),
    }
}

/// Calls of scripts that the repository does not hold. A script that changes folders or fetches
/// files may well find them.
fn missing_calls(app: &App, file: &File) -> Vec<Finding> {
    let commands = file.model.commands();
    if commands.iter().any(moves_or_fetches) {
        return Vec::new();
    }
    let calls = commands.iter().filter_map(called_file);
    let missing = calls.filter(|word| !app.has(in_app(&word.value)));
    let found = missing.map(|word| {
        let path = in_app(&word.value);
        let message = format!(
            "{} calls {path}, which is not in the repository",
            file.path.name()
        );
        RULE.report(
            MISSING_CALL,
            Subject::Path(path.to_owned()),
            &file.path,
            message,
        )
        .span(word.span)
        .guide(format!("Add {path} to the repository, or remove the call."))
    });
    found.collect()
}

fn moves_or_fetches(command: &ScriptCommand) -> bool {
    let Some((program, arguments)) = command.program().split_first() else {
        return false;
    };
    let program = program_name(program);
    let moves = ["cd", "pushd"].contains(&program) && !is_app_folder(arguments);
    let writes = command.redirects.iter().any(|redirect| redirect.writes);
    moves || writes || FETCHERS.contains(&program) || COPIERS.contains(&program)
}

/// Whether the arguments of `cd` are the folder in which DE4 ran the script anyway.
fn is_app_folder(arguments: &[Word]) -> bool {
    matches!(arguments, [folder] if ["/app", "/app/", "."].contains(&folder.value.as_str()))
}

/// The script of the app that a command calls.
fn called_file(command: &ScriptCommand) -> Option<&Word> {
    let (program, arguments) = command.program().split_first()?;
    let first = arguments.first();
    let called = if is_shell(&program.value) {
        first
    } else if program_name(program).starts_with("python") {
        first.filter(|word| matches!(word.value.rsplit_once('.'), Some((_, "py"))))
    } else {
        let is_own = program.value.starts_with("./") || program.value.starts_with("/app/");
        Some(program).filter(|_| is_own)
    };
    let path = called.map(|word| in_app(&word.value))?;
    let is_certain = !path.is_empty() && !path.starts_with(['/', '-', '~', '.']);
    called.filter(|word| is_certain && !word.is_expanded && !path.contains('='))
}
