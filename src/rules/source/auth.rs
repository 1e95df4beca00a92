//! DL304: the way of DE4 to know who is logged in.

mod button;
mod claims;

use crate::app::{App, SourceFile};
use crate::python::{Facts, Source};
use crate::rules::data::de4::server;
use crate::rules::{
    Case, Category, Check, Code, Finding, Inputs, Rule, Settings, SourceInputs, Subject,
};

/// DL304.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(304),
    stem: "auth",
    category: Category::Must,
    summary: "the way of Dash Enterprise 4 to know who is logged in",
    cases: &[HEADER, LOGOUT, CLAIM, KERBEROS],
    inputs: Inputs::NONE.lists().sources(SourceInputs::With(words)),
    page: include_str!("../../../rules/DL304-auth.md"),
    check: Check::App(check),
};

const HEADER: Case = Case::new("header");
const LOGOUT: Case = Case::new("logout");
const CLAIM: Case = Case::new("claim");
const KERBEROS: Case = Case::new("kerberos");

fn words() -> Vec<String> {
    let users = &server().users;
    vec![
        users.header.clone(),
        users.header.to_ascii_lowercase(),
        users.environ.clone(),
        users.function.clone(),
        users.kerberos.clone(),
        "LogoutButton".to_owned(),
    ]
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let files = RULE.read_sources(app).into_iter();
    files.flat_map(|file| in_file(app, file)).collect()
}

fn in_file(app: &App, file: &SourceFile) -> Vec<Finding> {
    let Ok(source) = file.source() else {
        return Vec::new();
    };
    let mut findings = headers(file, &source.facts);
    findings.extend(claims::find(file, &source.facts));
    findings.extend(tickets(file, source));
    findings.extend(button::find(app, file, source));
    findings
}

/// The header that DE4 sends with every request.
fn headers(file: &SourceFile, facts: &Facts) -> Vec<Finding> {
    let users = &server().users;
    let named = facts.texts().filter(|(_, literal)| {
        literal.value.eq_ignore_ascii_case(&users.header) || literal.value == users.environ
    });
    let finding = |span| {
        let message = format!(
            "reads the header {}, which Dash Enterprise 5 does not send",
            users.header
        );
        RULE.report(HEADER, Subject::Whole, file.path(), message).span(span).guide(format!(
            "Ask `{}.{}()` instead: on Dash Enterprise 5 it reads the cookies of Keycloak. The name of the user is `{}.get_username()` on both.",
            users.module, users.function, users.module
        ))
    };
    named.map(|(_, literal)| finding(literal.span)).collect()
}

/// Kerberos tickets.
fn tickets(file: &SourceFile, source: &Source) -> Vec<Finding> {
    let users = &server().users;
    let name = format!("{}.{}", users.module, users.kerberos);
    let calls = source.facts.calls.iter();
    let calls = calls.filter(|call| call.callee == name);
    calls
        .map(|call| claims::kerberos(file, call.callee_span, &format!("{}()", users.kerberos)))
        .collect()
}
