//! DL306: environment variables that someone has to set. Names only: no value is read.

use super::variables::{VariableUse, variables};
use super::{Category, Check, Code, Draft, Finding, Rule, Settings};
use crate::app::{App, SourceFile};
use crate::text::Span;
use crate::tree::TreePath;

/// DL306.
pub(super) static RULE: Rule = Rule {
    code: Code(306),
    stem: "environment",
    category: Category::Should,
    summary: "environment variables that someone has to set",
    page: include_str!("../../rules/DL306-environment.md"),
    check: Check::App(check),
};

/// The most names that the message holds; the steps hold all.
const MOST_NAMED: usize = 5;

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let read = variables(app);
    let (unknown, own): (Vec<&VariableUse>, Vec<&VariableUse>) = read
        .iter()
        .filter(|it| !it.platform)
        .partition(|it| it.unknown);
    let needed: Vec<&VariableUse> = own.iter().copied().filter(|it| !it.has_default).collect();
    let unknown: Vec<&VariableUse> = unknown.into_iter().filter(|it| !it.has_default).collect();
    let named = [&needed, &own, &unknown];
    let Some(first) = named.into_iter().find(|names| !names.is_empty()) else {
        return Vec::new();
    };
    let defaulted: Vec<&VariableUse> = own.iter().copied().filter(|it| it.has_default).collect();
    let Some(draft) = start(first, &needed, &defaulted) else {
        return Vec::new();
    };
    let draft = show(draft, needed.iter().chain(&defaulted).chain(&unknown));
    let draft = recreate(draft, &needed);
    let draft = keep_defaults(draft, &defaulted);
    let draft = look_up(draft, &unknown);
    vec![mention_files(app, draft).done()]
}

/// The finding at the first place of the first variable that it names.
fn start(
    named: &[&VariableUse],
    needed: &[&VariableUse],
    defaulted: &[&VariableUse],
) -> Option<Draft> {
    let (path, span) = named.first()?.places.first()?;
    let variables = count(named.len(), "environment variable");
    let listed = listed(named);
    let (category, message) = if !needed.is_empty() {
        let message = format!(
            "the code reads {variables} that someone has to set on Dash Enterprise 5: {listed}"
        );
        (Category::Should, message)
    } else if !defaulted.is_empty() {
        let message = format!("the code reads {variables} that it can do without: {listed}");
        (Category::May, message)
    } else {
        let message = format!(
            "the code reads {variables} that Dash Enterprise 5 may or may not set: {listed}"
        );
        (Category::May, message)
    };
    Some(
        Finding::of(&RULE, path, message)
            .span(*span)
            .category(category),
    )
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("an {what}"),
        number => format!("{number} {what}s"),
    }
}

/// The names as a message lists them.
fn listed(variables: &[&VariableUse]) -> String {
    let names: Vec<&str> = variables.iter().map(|it| it.name.as_str()).collect();
    match names.get(..MOST_NAMED).filter(|_| names.len() > MOST_NAMED) {
        Some(first) => format!("{} and {} more", first.join(", "), names.len() - MOST_NAMED),
        None => names.join(", "),
    }
}

/// The places that read the variables; the finding's own place is among them and not shown again.
fn show<'v>(draft: Draft, variables: impl Iterator<Item = &'v &'v VariableUse>) -> Draft {
    let first = |it: &'v &VariableUse| it.places.first().map(|place| (place, it));
    let places = variables.filter_map(first).skip(1);
    places.fold(draft, |draft, ((path, span), variable)| {
        let default = if variable.has_default {
            ", with a default"
        } else {
            ""
        };
        draft.evidence(path, *span, format!("reads {}{default}", variable.name))
    })
}

fn recreate(draft: Draft, needed: &[&VariableUse]) -> Draft {
    let Some(first) = needed.first() else {
        return draft;
    };
    let (text, name) = if needed.len() == 1 {
        let text = format!(
            "Set {} for the app with the value that it had on Dash Enterprise 4.",
            first.name
        );
        (text, first.name.as_str())
    } else {
        let names: Vec<&str> = needed.iter().map(|it| it.name.as_str()).collect();
        let text = format!(
            "Set each of these for the app with the value that it had on Dash Enterprise 4: {}.",
            names.join(", ")
        );
        (text, "NAME")
    };
    let command = format!("de apps update --name APP --add-environment-variable \"{name}=value\"");
    draft.command(text, command)
}

fn keep_defaults(draft: Draft, defaulted: &[&VariableUse]) -> Draft {
    if defaulted.is_empty() {
        return draft;
    }
    let names: Vec<&str> = defaulted.iter().map(|it| it.name.as_str()).collect();
    draft.step(format!(
        "The code can do without {}: set what was set on Dash Enterprise 4.",
        names.join(", ")
    ))
}

fn look_up(draft: Draft, unknown: &[&VariableUse]) -> Draft {
    if unknown.is_empty() {
        return draft;
    }
    let names: Vec<&str> = unknown.iter().map(|it| it.name.as_str()).collect();
    draft.step(format!(
        "Nothing says whether Dash Enterprise 5 sets {}: look after the first deploy.",
        names.join(", ")
    ))
}

/// The `.env` files of the repository, which may set some of the variables.
fn mention_files(app: &App, draft: Draft) -> Draft {
    let loads = app.sources().iter().find_map(loading_call);
    let Some((path, span)) = loads else {
        return draft;
    };
    let draft = draft.evidence(&path, span, "loads variables from a .env file");
    draft.step(if app.has(".env") {
        "Set only what the .env file of the repository does not: the code loads it."
    } else {
        "The code loads a .env file that the repository does not hold: look there for the values."
    })
}

/// The call that loads a `.env` file.
fn loading_call(source: &SourceFile) -> Option<(TreePath, Span)> {
    if !source.mentions(&["load_dotenv"]) {
        return None;
    }
    let (_, facts) = source.facts()?;
    let call = facts
        .calls
        .iter()
        .find(|call| call.callee == "dotenv.load_dotenv")?;
    Some((source.path().clone(), call.span))
}
