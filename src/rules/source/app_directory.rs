//! DL302: paths in `/app`, where the app is not on DE5.

use crate::app::{App, SourceFile};
use crate::python::{Facts, Literal, LiteralKind, Role, Slot};
use crate::rules::data::de4::server;
use crate::rules::data::file_calls::{runs_shell, tells_file, tells_path};
use crate::rules::requirement_lists::short;
use crate::rules::support::app_folder_spans;
use crate::rules::{
    Case, Category, Check, Code, Finding, Inputs, Rule, Settings, SourceInputs, Subject,
};
use crate::text::Span;
use crate::tree::TreePath;

/// DL302.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(302),
    stem: "app-directory",
    category: Category::Must,
    summary: "paths in `/app`, where the app is not on Dash Enterprise 5",
    cases: &[COMMAND, PATH],
    inputs: Inputs::NONE.sources(SourceInputs::With(words)),
    page: include_str!("../../../rules/DL302-app-directory.md"),
    check: Check::App(check),
};

const COMMAND: Case = Case::new("command");
const PATH: Case = Case::new("path");

fn words() -> Vec<String> {
    vec![server().app.folder.clone()]
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let files = RULE.read_sources(app).into_iter();
    files.flat_map(|file| in_file(app, file)).collect()
}

fn in_file(app: &App, file: &SourceFile) -> Vec<Finding> {
    let Some((_, facts)) = file.facts() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (number, literal) in facts.texts() {
        if !literal.value.contains(server().app.folder.as_str()) {
            continue;
        }
        if let Some(path) = built(&literal.value) {
            findings.push(report(app, file, literal, path));
        } else if runs(facts, number, literal) {
            findings.push(command(file, literal.span, &literal.value));
        } else if let Some(path) = path(facts, number, literal)
            && !ends_a_text(facts, number)
            && is_file(facts, number)
        {
            findings.push(report(app, file, literal, &path));
        }
    }
    let commands = facts.escapes.iter();
    let commands = commands.filter(|it| !app_folder_spans(&it.command).is_empty());
    findings.extend(commands.map(|it| command(file, it.span, &it.command)));
    findings
}

/// Whether something stands before the literal in the text that it is a part of: `f"{base}/app"`.
fn ends_a_text(facts: &Facts, number: usize) -> bool {
    let behind = facts.constants_of(number).any(|constant| {
        let first = constant.pieces.first();
        first.is_some_and(|piece| piece.literal != Some(number))
    });
    let part = facts.literals.get(number).is_some_and(|literal| {
        literal.kind == LiteralKind::Part && facts.constants_of(number).next().is_none()
    });
    behind || part
}

/// The path in `/app` that a literal spells, as long as it is known.
fn path(facts: &Facts, number: usize, literal: &Literal) -> Option<String> {
    let folder = &server().app.folder;
    let below = |text: &str| {
        let rest = text.strip_prefix(folder.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if !below(&literal.value) || literal.value.contains(['\n', '\r']) {
        return None;
    }
    let texts = facts.constants_of(number).map(|constant| &constant.value);
    let longer = texts.filter(|text| below(text) && text.starts_with(literal.value.as_str()));
    let longest = longer.max_by_key(|text| text.len());
    Some(longest.unwrap_or(&literal.value).clone())
}

/// The first path in a text that only a build of DE4 made: whatever it is for, it is not there.
fn built(text: &str) -> Option<&str> {
    let mut spans = app_folder_spans(text).into_iter();
    spans.find_map(|span| {
        let path = text.get(span.start..)?;
        let path = path.split([':', ';', ' ', '\n', '"', '\'']).next()?;
        is_built(path).then_some(path)
    })
}

fn is_built(path: &str) -> bool {
    let app = &server().app;
    let rest = path.strip_prefix(app.folder.as_str()).unwrap_or_default();
    let first = rest.trim_start_matches('/').split('/').next();
    first.is_some_and(|first| app.built.iter().any(|built| built == first))
}

/// Whether the value of the literal is used as a file or folder somewhere.
fn is_file(facts: &Facts, number: usize) -> bool {
    let sites = facts.reach(number);
    let mut roles = sites
        .iter()
        .flat_map(|site| facts.flow(*site).map(|site| &site.role));
    roles.any(|role| match role {
        Role::Argument { call, slot } => facts
            .calls
            .get(*call)
            .is_some_and(|call| tells_path(call, slot)),
        Role::Assigned { variable } | Role::Default { variable } => facts
            .variables
            .get(*variable)
            .is_some_and(|variable| tells_file(&variable.name)),
        Role::Value { key: Some(key) } => tells_file(key),
        Role::Receiver { attribute } => attribute == "joinpath",
        _ => false,
    })
}

/// Whether the literal is (a part of) a command that is run, and names the folder.
fn runs(facts: &Facts, number: usize, literal: &Literal) -> bool {
    let sites = facts.reach(number);
    let mut roles = sites
        .iter()
        .flat_map(|site| facts.sites_around(*site).map(|site| &site.role));
    let run = roles.any(|role| match role {
        Role::Argument { call, slot } => {
            let call = facts.calls.get(*call);
            *slot == Slot::Position(0) && call.is_some_and(|call| runs_shell(&call.callee))
        }
        _ => false,
    });
    run && !app_folder_spans(&literal.value).is_empty()
}

fn command(file: &SourceFile, span: Span, command: &str) -> Finding {
    let message = format!(
        "the command `{}` names /app, where Dash Enterprise 4 kept the app; Dash Enterprise 5 keeps it elsewhere, as far as its buildpacks show",
        short(&crate::secrets::redacted(command))
    );
    let step = if command.contains("cd /app") {
        "Take `cd /app` away and name files from the app's own folder: a command starts in the folder of the program that runs it."
    } else {
        "Name the file from the app's own folder, without /app: a command starts in the folder of the program that runs it."
    };
    RULE.report(COMMAND, Subject::text(command), file.path(), message)
        .span(span)
        .guide(step)
}

fn report(app: &App, file: &SourceFile, literal: &Literal, path: &str) -> Finding {
    let message = format!(
        "`{}` is in /app, where Dash Enterprise 4 kept the app; Dash Enterprise 5 keeps it elsewhere, as far as its buildpacks show",
        short(path)
    );
    let draft = RULE
        .report(PATH, Subject::Path(path.to_owned()), file.path(), message)
        .span(literal.span);
    if is_built(path) {
        return draft.guide("Take the path away or ask the program itself for its place (`sys.executable`, `shutil.which`): the build of Dash Enterprise 5 has no such folder.");
    }
    draft.guide(format!(
        "Name it from the app's own folder: {}, or a path relative to where the app is started.",
        own_folder(app, file.path(), path)
    ))
}

/// The expression that gives the same file from the source file's own place.
fn own_folder(app: &App, file: &TreePath, path: &str) -> String {
    let folder = &server().app.folder;
    let rest = path.strip_prefix(folder.as_str()).unwrap_or_default();
    let below = file.below(app.root()).unwrap_or_default();
    let up = below.matches('/').count();
    let mut parts = vec!["\"..\"".to_owned(); up];
    let rest = rest.trim_matches('/');
    if !rest.is_empty() && !rest.contains(['"', '\\', '{', '%', '`']) {
        parts.push(format!("\"{rest}\""));
    }
    let here = "os.path.dirname(os.path.abspath(__file__))";
    if parts.is_empty() {
        return format!("`{here}`");
    }
    format!("`os.path.join({here}, {})`", parts.join(", "))
}
