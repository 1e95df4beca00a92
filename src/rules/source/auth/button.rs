//! The logout button of DE4, and the function that makes one on both platforms.

use super::{LOGOUT, RULE};
use crate::app::{App, SourceFile};
use crate::python::{Call, Facts, Import, ImportForm, Parse, Slot, Source, SourceKind};
use crate::rules::data::de4::server;
use crate::rules::{Edit, Finding, Fix, Subject};
use crate::text::{Span, lines};

/// The buttons that log out of the server.
pub(super) fn find(app: &App, file: &SourceFile, source: &Source) -> Vec<Finding> {
    let buttons = &server().logout.buttons;
    let calls = source.facts.calls.iter();
    let calls = calls.filter(|call| buttons.contains(&call.callee));
    let ours = calls.filter(|call| logs_out(source, call));
    ours.map(|call| report(app, file, source, call)).collect()
}

/// Whether the button asks the server to log out: a button with another address belongs to a
/// login of the app's own, which goes on working.
fn logs_out(source: &Source, call: &Call) -> bool {
    let address = call.argument("logout_url", usize::MAX);
    address.is_some_and(|span| is_variable(source, span, call.scope))
}

/// Whether an expression is the environment variable, read here or kept in a variable of the
/// module.
fn is_variable(source: &Source, span: Span, scope: usize) -> bool {
    let facts = &source.facts;
    let read = |span: Span| {
        let mut uses = facts.environment.iter();
        uses.any(|used| used.span == span && used.name == server().logout.variable)
    };
    let name = span.slice(source.text.as_str());
    let mut kept = facts.variables.iter().filter(|variable| {
        variable.name == name && (variable.scope == 0 || variable.scope == scope)
    });
    read(span)
        || kept.any(|variable| match variable.bindings.as_slice() {
            [binding] => {
                let value = facts.bindings.get(*binding).and_then(|found| found.value);
                value.is_some_and(read)
            }
            _ => false,
        })
}

fn report(app: &App, file: &SourceFile, source: &Source, call: &Call) -> Finding {
    let server = server();
    let new = format!("{}.{}", server.users.module, server.logout.function);
    let message = "dcc.LogoutButton logs out of Dash Enterprise 4 only".to_owned();
    let draft = RULE
        .report(LOGOUT, Subject::Whole, file.path(), message)
        .span(call.callee_span);
    let distributions = &server.users.distributions;
    let asks = distributions
        .iter()
        .any(|name| app.requirements().names(name));
    if !asks {
        let add = "Add `dash-enterprise-auth>=0.0.6` to the requirements.";
        return draft
            .step(add)
            .guide(format!("Call `{new}()` in its place."));
    }
    let Some(edits) = edits(file, source, call) else {
        let more = "it takes a label, and newer versions a style";
        return draft.guide(format!("Call `{new}()` in its place: {more}."));
    };
    let fix = Fix::unsafe_(format!("call {new}()")).edits(edits);
    draft
        .step(
            "Look at the button: newer versions of dash-enterprise-auth make it a link in a frame.",
        )
        .fix(fix)
}

/// The edits that call the function; `None` where an argument has no counterpart or the import no
/// place.
fn edits(file: &SourceFile, source: &Source, call: &Call) -> Option<Vec<Edit>> {
    let facts = &source.facts;
    let text = source.text.as_str();
    let comment = |span: Span| span.start >= call.span.start && span.end <= call.span.end;
    let commented = facts.comments.iter().any(|found| comment(found.span));
    if facts.parse != Parse::Parsed || commented || !source.is_editable(call.span) {
        return None;
    }
    let mut kept = Vec::new();
    for argument in &call.arguments {
        match &argument.slot {
            Slot::Keyword(name) if name == "logout_url" => {}
            Slot::Keyword(name) if name == "label" => {
                kept.push(format!("label={}", argument.span.slice(text)));
            }
            _ => return None,
        }
    }
    let (function, import) = function(file, source, call)?;
    let button = Edit::Replace {
        path: file.path().clone(),
        span: call.span,
        text: format!("{function}({})", kept.join(", ")),
    };
    Some(std::iter::once(button).chain(import).collect())
}

/// How the file may name the function at the call, and the import that it still needs.
fn function(file: &SourceFile, source: &Source, call: &Call) -> Option<(String, Option<Edit>)> {
    let server = server();
    let facts = &source.facts;
    let (module, function) = (&server.users.module, &server.logout.function);
    let early = facts
        .imports
        .iter()
        .filter(|import| import.scope == 0 && !import.guarded && !import.type_checking);
    let mut known = early.filter(|import| {
        import.module == *module
            && import.level == 0
            && import.statement.end <= call.span.start
            && import.form != ImportForm::Dynamic
    });
    let named = known.find_map(|import| match (&import.name, &import.alias) {
        (None, Some(alias)) => Some(format!("{alias}.{function}")),
        (None, None) => Some(format!("{module}.{function}")),
        (Some(name), alias) if name == function => {
            Some(alias.clone().unwrap_or_else(|| name.clone()))
        }
        _ => None,
    });
    if let Some(named) = named {
        return Some((named, None));
    }
    let bound = facts.bindings.iter().any(|found| found.name == *module);
    let place = place(source, call)?;
    let line = format!("import {module}{}", source.text.line_end().as_str());
    let edit = Edit::Replace {
        path: file.path().clone(),
        span: Span::at(place),
        text: line,
    };
    (!bound).then(|| (format!("{module}.{function}"), Some(edit)))
}

/// Where the new import goes: before the line of the import that the button comes from.
fn place(source: &Source, call: &Call) -> Option<usize> {
    let facts: &Facts = &source.facts;
    let text = source.text.as_str();
    let import: &Import = facts.imports.get(call.import?)?;
    let start = import.statement.start;
    let line = lines(text).find(|line| line.span.start <= start && start < line.end)?;
    let top = import.scope == 0 && !import.guarded && start == line.span.start;
    (top && source.kind == SourceKind::Module).then_some(start)
}
