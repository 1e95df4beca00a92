//! DL305: Redis and Postgres, which belong to the app on DE5, and an address of Postgres that
//! `SQLAlchemy` may refuse.

use pep440_rs::Version;

use crate::app::{App, SourceFile};
use crate::python::{BindingKind, Call, EnvironmentAccess, EnvironmentUse, Facts};
use crate::rules::facts::services::{Service, ServiceUse, is_app_code, services};
use crate::rules::requirement_lists::{all, lowest};
use crate::rules::{
    Case, Category, Check, Code, Consequence, Draft, Finding, Inputs, Rule, Settings, SourceInputs,
    Step, StepSite, Subject,
};
use crate::text::{Span, Text};

/// DL305.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(305),
    stem: "service",
    category: Category::Should,
    summary: "Redis and Postgres, which belong to the app on Dash Enterprise 5",
    cases: &[NEEDED, PERHAPS, RAW_ADDRESS],
    inputs: Inputs::files(&["Procfile"])
        .lists()
        .sources(SourceInputs::Any),
    page: include_str!("../../../rules/DL305-service.md"),
    check: Check::App(check),
};

const NEEDED: Case = Case::new("needed");
const PERHAPS: Case = Case::new("perhaps");
const RAW_ADDRESS: Case = Case::new("raw-address");

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let uses = services(app);
    let mut findings: Vec<Finding> = [Service::Redis, Service::Postgres]
        .into_iter()
        .filter_map(|service| needed(service, &uses))
        .collect();
    findings.extend(raw_addresses(app));
    findings
}

/// The most places that one finding shows.
const MOST_SHOWN: usize = 12;

/// One finding for a service, at the place that shows it best.
fn needed(service: Service, uses: &[ServiceUse]) -> Option<Finding> {
    let mut uses = uses.iter().filter(|it| it.service == service);
    let first = uses.next()?;
    let name = service.name();
    let message = if first.linked {
        format!(
            "the app uses {name} ({}), which has to be created for it on Dash Enterprise 5",
            first.note
        )
    } else {
        format!("the app may use {name} ({})", first.note)
    };
    let (case, category) = if first.linked {
        (NEEDED, Category::Should)
    } else {
        (PERHAPS, Category::May)
    };
    let draft = RULE
        .report(case, Subject::Service(service), &first.path, message)
        .category(category);
    let draft = match first.span {
        Some(span) => draft.span(span),
        None => draft,
    };
    let shown = uses.take(MOST_SHOWN - 1);
    let draft = shown.fold(draft, |draft, it| match it.span {
        Some(span) => draft.evidence(&it.path, span, it.note.clone()),
        None => draft,
    });
    Some(creation(draft, service, first.linked))
}

fn creation(draft: Draft, service: Service, linked: bool) -> Finding {
    let name = service.name();
    let text = if linked {
        format!(
            "Create a {name} for the app before its first deploy: the data of the old one does not move by itself."
        )
    } else {
        format!(
            "If it was a {name} of Dash Enterprise 4, create one for the app; a server of your own needs nothing here."
        )
    };
    let command = format!(
        "de services create --app-name APP --type {}",
        service.kind()
    );
    draft
        .take(Step::new(text).command(command).at(StepSite::Server))
        .means(Consequence::Service(service))
        .done()
}

/// The first `SQLAlchemy` that no longer knows the scheme `postgres`.
const STRICT: [u64; 2] = [1, 4];

/// Engines that are made of `DATABASE_URL` as it is.
fn raw_addresses(app: &App) -> Vec<Finding> {
    if !asks_for_strict_sqlalchemy(app) {
        return Vec::new();
    }
    let sources = app.sources().iter().filter(|it| {
        is_app_code(app, it) && it.mentions(&["DATABASE_URL"]) && it.mentions(&["create_"])
    });
    sources.flat_map(raw_in).collect()
}

/// Whether the lists ask for a `SQLAlchemy` that refuses `postgres://`. Without a lower limit the
/// newest version comes, unless an upper one excludes it.
fn asks_for_strict_sqlalchemy(app: &App) -> bool {
    let strict = Version::new(STRICT);
    let graph = app.requirements();
    let rows = || all(&graph.lists).filter(|(_, _, it)| it.key.as_deref() == Some("sqlalchemy"));
    graph.names("sqlalchemy")
        && rows().all(|(_, _, it)| {
            it.versions.as_ref().is_none_or(|versions| {
                lowest(versions).is_some_and(|lowest| lowest >= strict)
                    || versions.contains(&Version::new([2, 0, 0]))
                    || versions.contains(&strict)
            })
        })
}

fn raw_in(source: &SourceFile) -> Vec<Finding> {
    let Some((text, facts)) = source.facts() else {
        return Vec::new();
    };
    // A file that spells the scheme anywhere is taken to put it right; a whole address does not.
    let spells_scheme = |value: &str| {
        let rest = value.split_once("://").map_or("", |(_, rest)| rest);
        value.contains("postgres") && rest.is_empty()
    };
    let mut texts = facts.texts();
    if texts.any(|(_, literal)| spells_scheme(&literal.value)) {
        return Vec::new();
    }
    let engines = facts.calls.iter().filter(|call| makes_engine(call));
    let raw = engines.filter_map(|call| Some((call, raw_address(text, facts, call)?)));
    raw.map(|(call, read)| report(source, call, read)).collect()
}

fn makes_engine(call: &Call) -> bool {
    let (module, name) = call.callee.rsplit_once('.').unwrap_or_default();
    module.split('.').next() == Some("sqlalchemy")
        && matches!(name, "create_engine" | "create_async_engine")
}

/// The read of `DATABASE_URL` that is the engine's address, directly or through one variable.
fn raw_address<'f>(text: &Text, facts: &'f Facts, call: &Call) -> Option<&'f EnvironmentUse> {
    let address = call.argument("url", 0)?;
    let name = address.slice(text.as_str());
    let mut reads = facts
        .environment
        .iter()
        .filter(|it| it.name == "DATABASE_URL" && it.access != EnvironmentAccess::Written);
    reads.find(|read| read.span == address || is_kept_in(facts, read.span, name, call))
}

/// Whether the name is bound once, to the value at `value`, where the call can see it.
fn is_kept_in(facts: &Facts, value: Span, name: &str, call: &Call) -> bool {
    let assigned = facts
        .bindings
        .iter()
        .filter(|binding| binding.value == Some(value) && binding.kind == BindingKind::Assignment);
    let mut variables = assigned.filter_map(|it| facts.variables.get(it.variable));
    variables.any(|variable| {
        let visible = variable.scope == 0 || variable.scope == call.scope;
        visible && variable.bindings.len() == 1 && variable.name == name
    })
}

fn report(source: &SourceFile, call: &Call, read: &EnvironmentUse) -> Finding {
    let message = "SQLAlchemy gets DATABASE_URL as it is, and from version 1.4 on it refuses addresses that begin with postgres://";
    let draft = RULE
        .report(RAW_ADDRESS, Subject::Whole, source.path(), message)
        .span(call.span)
        .evidence(source.path(), read.span, "reads DATABASE_URL");
    draft.guide("Put `.replace(\"postgres://\", \"postgresql://\", 1)` behind the address: nothing says how DATABASE_URL begins on Dash Enterprise 5, and this is right either way.")
}
