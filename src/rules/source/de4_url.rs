//! DL303: URLs and programming interfaces of a DE4 server.

mod address;

use crate::app::{App, SourceFile};
use crate::python::{ConstantKind, Facts, Literal, LiteralKind, Parse, Role, Source};
use crate::rules::data::de4::server;
use crate::rules::requirement_lists::{all, short};
use crate::rules::{
    Case, Category, Check, Code, Draft, Edit, Finding, Fix, Inputs, Rule, Settings, SourceInputs,
    Subject,
};
use crate::secrets::redacted;
use crate::text::Span;

use address::{Address, AddressMeaning, NamingTexts, contexts, find};

/// DL303.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(303),
    stem: "de4-url",
    category: Category::Must,
    summary: "URLs and programming interfaces of a Dash Enterprise 4 server",
    cases: &[
        CLIENT_LISTED,
        WORKSPACE_WORD,
        CLIENT,
        REPORTS,
        ADDRESS,
        WORKSPACE,
    ],
    inputs: Inputs::NONE.lists().sources(SourceInputs::With(words)),
    page: include_str!("../../../rules/DL303-de4-url.md"),
    check: Check::App(check),
};

const CLIENT_LISTED: Case = Case::new("client-listed");
const WORKSPACE_WORD: Case = Case::new("workspace-word");
const CLIENT: Case = Case::new("client");
const REPORTS: Case = Case::new("reports");
const ADDRESS: Case = Case::new("address");
const WORKSPACE: Case = Case::new("workspace");

const NO_INTERFACE: &str = "Dash Enterprise 5 has no public programming interface: do this with its command line `de`, or without the server.";

fn words() -> Vec<String> {
    let server = server();
    let pages = server.urls.page.iter().map(|it| it.start.clone());
    let others = [
        format!(":{}", server.urls.port),
        server.workspace.word.clone(),
        server.client.command.clone(),
        server.client.module.clone(),
        server.reports.method.clone(),
    ];
    pages.chain(others).collect()
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let files = RULE.read_sources(app).into_iter();
    let mut findings: Vec<Finding> = files.flat_map(|file| in_file(app, file)).collect();
    findings.extend(in_lists(app));
    findings
}

/// The client among the requirements.
fn in_lists(app: &App) -> impl Iterator<Item = Finding> {
    let client = &server().client.command;
    let named = all(&app.requirements().lists)
        .filter(move |(_, _, found)| found.key.as_deref() == Some(client));
    named.map(move |(list, _, requirement)| {
        let message = format!("{client} talks to a Dash Enterprise 4 server");
        RULE.report(
            CLIENT_LISTED,
            Subject::Distribution(client.to_owned()),
            &list.path,
            message,
        )
        .span(requirement.span)
        .category(Category::Should)
        .guide(format!(
            "{NO_INTERFACE} Then take {client} off the requirements."
        ))
    })
}

fn in_file(app: &App, file: &SourceFile) -> Vec<Finding> {
    let Ok(source) = file.source() else {
        return Vec::new();
    };
    let lists = app.requirements().lists.iter();
    let texts = lists.map(|list| list.text.as_str());
    let naming = NamingTexts(texts.chain([source.text.as_str()]).collect());
    let mut findings = Vec::new();
    for (number, literal) in source.facts.texts() {
        let texts = contexts(&source.facts, number);
        if let Some(address) = texts.iter().find_map(|text| find(text, &naming)) {
            findings.push(report(file, source, number, literal, &address));
        } else if is_client(&literal.value) {
            findings.push(client(file, literal.span));
        } else if asks_where(&source.facts, literal) {
            findings.push(place(file, literal));
        }
    }
    findings.extend(commands(file, &source.facts, &naming));
    findings.extend(imports(file, &source.facts));
    findings.extend(reports(file, &source.facts));
    findings
}

/// Whether a text is the client's command, alone or with arguments.
fn is_client(text: &str) -> bool {
    text.split_whitespace().next() == Some(server().client.command.as_str())
}

/// Whether the code looks for the beginning of a workspace's address, to know where it runs.
fn asks_where(facts: &Facts, literal: &Literal) -> bool {
    let role = facts.sites.get(literal.site).map(|site| &site.role);
    let asked = match role {
        Some(Role::Compared) => true,
        Some(Role::Argument { call, .. }) => {
            let call = facts.calls.get(*call);
            call.is_some_and(|call| call.callee.ends_with(".startswith"))
        }
        _ => false,
    };
    asked && literal.value.trim_matches('/') == server().workspace.word
}

fn place(file: &SourceFile, literal: &Literal) -> Finding {
    let message = format!(
        "looks for `{}`, which is in the addresses of workspaces on Dash Enterprise 4 only",
        literal.value
    );
    RULE.report(WORKSPACE_WORD, Subject::Whole, file.path(), message)
        .span(literal.span)
        .category(Category::Should)
        .guide("Ask `os.environ.get(\"DASH_ENTERPRISE_ENV\") == \"WORKSPACE\"` instead, which is right on both platforms.")
}

fn client(file: &SourceFile, span: Span) -> Finding {
    let command = &server().client.command;
    let message = format!("{command} talks to a Dash Enterprise 4 server");
    RULE.report(CLIENT, Subject::Whole, file.path(), message)
        .span(span)
        .guide(NO_INTERFACE)
}

/// Commands in notebooks.
fn commands(file: &SourceFile, facts: &Facts, naming: &NamingTexts) -> Vec<Finding> {
    let found = facts.escapes.iter().filter_map(|escape| {
        if is_client(&escape.command) {
            return Some(client(file, escape.span));
        }
        match find(&escape.command, naming)? {
            Address::Workspace(_) => None,
            Address::Server(token, what) => Some(guide(file, escape.span, token, &what)),
        }
    });
    found.collect()
}

fn imports(file: &SourceFile, facts: &Facts) -> Vec<Finding> {
    let module = server().client.module.as_str();
    let found = facts
        .imports
        .iter()
        .filter(|import| import.level == 0 && import.module.split('.').next() == Some(module));
    found.map(|import| client(file, import.statement)).collect()
}

/// Snapshots made from outside with the server's secret.
fn reports(file: &SourceFile, facts: &Facts) -> Vec<Finding> {
    let reports = &server().reports;
    let mut uses = facts.environment.iter();
    let Some(secret) = uses.find(|used| used.name == reports.secret) else {
        return Vec::new();
    };
    let name = |callee: &str| callee.rsplit('.').next() == Some(reports.method.as_str());
    let calls = facts.calls.iter().filter(|call| name(&call.callee));
    let finding = |span| {
        let message = format!(
            "{}() with {} is the interface of Dash Enterprise 4, which will probably not work on Dash Enterprise 5",
            reports.method, reports.secret
        );
        RULE.report(REPORTS, Subject::Whole, file.path(), message)
            .span(span)
            .category(Category::Should)
            .evidence(
                file.path(),
                secret.span,
                format!("reads {}", reports.secret),
            )
            .guide("Make the snapshots in the app or in its Celery worker instead of from outside.")
    };
    calls.map(|call| finding(call.callee_span)).collect()
}

fn report(
    file: &SourceFile,
    source: &Source,
    number: usize,
    literal: &Literal,
    address: &Address,
) -> Finding {
    match address {
        Address::Workspace(token) => workspace(file, source, number, literal, token),
        Address::Server(token, what) => guide(file, literal.span, token, what),
    }
}

fn guide(file: &SourceFile, span: Span, token: &str, what: &AddressMeaning) -> Finding {
    let AddressMeaning { what, breaks, step } = what;
    let category = if *breaks {
        Category::Must
    } else {
        Category::Should
    };
    let message = format!("`{}` is {what}", show_url(token));
    RULE.report(
        ADDRESS,
        Subject::Address(show_url(token)),
        file.path(),
        message,
    )
    .span(span)
    .category(category)
    .guide(*step)
}

/// A URL as a message shows it.
fn show_url(token: &str) -> String {
    short(&redacted(token)).replace(address::UNKNOWN, "\u{2026}")
}

fn workspace(
    file: &SourceFile,
    source: &Source,
    number: usize,
    literal: &Literal,
    token: &str,
) -> Finding {
    let workspace = &server().workspace;
    let message = format!(
        "`{}` is where Dash Enterprise 4 shows a workspace; Dash Enterprise 5 shows it at `{}APP/`",
        show_url(token),
        workspace.new
    );
    let draft = RULE
        .report(
            WORKSPACE,
            Subject::Address(show_url(token)),
            file.path(),
            message,
        )
        .span(literal.span)
        .category(Category::Should);
    match prefix_edit(file, source, number, literal) {
        Some(edit) => {
            let title = format!("write {} in the place of {}", workspace.new, workspace.old);
            draft.fix(Fix::safe(title).edit(edit))
        }
        None => by_hand(draft),
    }
}

fn by_hand(draft: Draft) -> Finding {
    draft.guide(format!(
        "Write `{}` before the app's name in the place of `{}`, with the Dash Enterprise 5 server in front where there is one. The address of a deployed app stays `/APP/`.",
        server().workspace.new,
        server().workspace.old
    ))
}

/// The edit of a literal that is `/Workspaces/view/APP/…` and nothing else.
fn prefix_edit(
    file: &SourceFile,
    source: &Source,
    number: usize,
    literal: &Literal,
) -> Option<Edit> {
    let workspace = &server().workspace;
    let rest = literal.value.strip_prefix(workspace.old.as_str())?;
    let end = rest.find('/');
    let name = rest.get(..end.unwrap_or(rest.len()))?;
    let first = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let rest_is_name = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let mut constants = source.facts.constants_of(number);
    // Something behind a name without `/` may be more of the name.
    let whole = end.is_some() || constants.all(|constant| constant.kind == ConstantKind::Name);
    let span = Span::new(
        literal.content.start,
        literal.content.start + workspace.old.len(),
    );
    let certain = first
        && rest_is_name
        && whole
        && literal.verbatim
        && literal.kind == LiteralKind::Text
        && !literal.prefix.to_ascii_lowercase().contains('f')
        && source.facts.parse == Parse::Parsed
        && span.slice(source.text.as_str()) == workspace.old
        && source.is_editable(span);
    certain.then(|| Edit::Replace {
        path: file.path().clone(),
        span,
        text: source.spell(&workspace.new),
    })
}
