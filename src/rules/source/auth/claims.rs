//! What the code takes out of the data about the user.

use super::{CLAIM, KERBEROS, RULE};
use crate::app::SourceFile;
use crate::python::{Facts, Literal, Role, ScopeKind, Slot};
use crate::rules::data::de4::server;
use crate::rules::{Category, Finding, Subject};
use crate::text::Span;

/// The claims of DE4 that DE5 names otherwise or may not have.
pub(super) fn find(file: &SourceFile, facts: &Facts) -> Vec<Finding> {
    let users = &server().users;
    let mut findings = Vec::new();
    for (_, literal) in facts.texts() {
        let claim = users.claims.iter().find(|it| it.old == literal.value);
        let ticket = users.kerberos_claims.contains(&literal.value);
        if (claim.is_none() && !ticket) || !is_asked(facts, literal) {
            continue;
        }
        findings.push(match claim {
            Some(claim) => renamed(file, literal.span, &claim.old, &claim.new),
            None => kerberos(file, literal.span, &format!("`{}`", literal.value)),
        });
    }
    findings
}

fn renamed(file: &SourceFile, span: Span, old: &str, new: &str) -> Finding {
    let users = &server().users;
    let message = format!(
        "`{old}` of {}() is `{new}` on Dash Enterprise 5",
        users.function
    );
    RULE.report(CLAIM, Subject::Key(old.to_owned()), file.path(), message)
        .span(span)
        .guide(format!(
            "Ask `{}.get_username()`, which gives the name on both platforms, or take `{new}`.",
            users.module
        ))
}

/// A finding about Kerberos tickets: nothing is known of them on DE5.
pub(super) fn kerberos(file: &SourceFile, span: Span, what: &str) -> Finding {
    let message = format!("{what} is a feature of Dash Enterprise 4");
    RULE.report(KERBEROS, Subject::text(what), file.path(), message)
        .span(span)
        .category(Category::Should)
        .guide("Ask Plotly or the administrator of the Dash Enterprise 5 server whether it hands out Kerberos tickets before the app is moved.")
}

/// Whether the literal is the key in `get_user_data()["…"]`, `get_user_data().get("…")`, or of a
/// variable that holds the data.
fn is_asked(facts: &Facts, literal: &Literal) -> bool {
    let users = &server().users;
    let data = format!("{}.{}()", users.module, users.function);
    let object = match facts.sites.get(literal.site).map(|site| &site.role) {
        Some(Role::Subscript { of: Some(of) }) => of.clone(),
        Some(Role::Argument { call, slot }) if *slot == Slot::Position(0) => {
            let call = facts.calls.get(*call);
            let object = call.and_then(|call| call.callee.strip_suffix(".get"));
            object.unwrap_or_default().to_owned()
        }
        _ => return false,
    };
    object == data || holds(facts, literal.scope, &object, data.trim_end_matches("()"))
}

/// Whether the variable of this name, as `scope` sees it, only ever holds what `function` gives.
fn holds(facts: &Facts, scope: usize, name: &str, function: &str) -> bool {
    let made = |variable: usize| {
        let call = facts.made_by(variable);
        call.is_some_and(|call| call.callee == function)
    };
    variable(facts, scope, name).is_some_and(made)
}

/// The variable that a name means in a scope.
fn variable(facts: &Facts, scope: usize, name: &str) -> Option<usize> {
    let mut here = scope;
    loop {
        let found = facts
            .variables
            .iter()
            .position(|variable| variable.scope == here && variable.name == name);
        let around = facts.scopes.get(here)?;
        let visible = here == scope || around.kind != ScopeKind::Class;
        if found.is_some() && visible {
            return found;
        }
        if around.parent >= here {
            return None;
        }
        here = around.parent;
    }
}
