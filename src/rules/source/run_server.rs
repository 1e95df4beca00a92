//! DL308: `app.run_server`, which Dash 3 does not have.

mod receiver;

use crate::app::{App, SourceFile};
use crate::python::{Parse, Source};
use crate::rules::data::dash::{run_server, shown_floor};
use crate::rules::facts::asked::AskedVersions;
use crate::rules::requirement_lists::raising;
use crate::rules::{
    Case, Category, Check, Code, Edit, Finding, Fix, Inputs, Rule, Settings, SourceInputs, Subject,
};
use crate::text::Span;

/// DL308.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(308),
    stem: "run-server",
    category: Category::Must,
    summary: "`app.run_server`, which Dash 3 does not have",
    cases: &[RAISES, MAY_RAISE],
    inputs: Inputs::NONE.lists().sources(SourceInputs::With(words)),
    page: include_str!("../../../rules/DL308-run-server.md"),
    check: Check::App(check),
};

const RAISES: Case = Case::new("raises");
const MAY_RAISE: Case = Case::new("may-raise");

/// What the app's lists make of the method.
#[derive(Clone, Copy)]
struct Need {
    /// Whether every Dash that the lists allow is without the old name.
    certain: bool,
    /// Whether every Dash that the lists allow has the new name.
    safe: bool,
}

fn words() -> Vec<String> {
    vec![run_server().old.clone()]
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let files = RULE.read_sources(app);
    // The lists are read only if a file is there.
    let need = (!files.is_empty()).then(|| need(app)).flatten();
    let found = need.map(|need| files.into_iter().flat_map(move |it| in_file(app, it, need)));
    found.into_iter().flatten().collect()
}

fn need(app: &App) -> Option<Need> {
    let asked = AskedVersions::find(app, "dash")?;
    let (since, gone) = (run_server().since()?, run_server().gone()?);
    asked.allows_from(&gone).then(|| Need {
        certain: asked.is_at_least(&gone),
        safe: asked.is_at_least(&since),
    })
}

fn in_file(app: &App, file: &SourceFile, need: Need) -> Vec<Finding> {
    let Ok(source) = file.source() else {
        return Vec::new();
    };
    let uses = source.facts.references.iter().filter(|used| {
        let is_method = used
            .name
            .rsplit_once('.')
            .is_some_and(|(object, method)| method == run_server().old && !object.is_empty());
        is_method && !used.stored && receiver::is_dash(app, file, &source.facts, used)
    });
    let spans = uses.map(|used| used.span);
    let calls = source.facts.calls.iter().filter(|call| {
        let method = call.callee.rsplit_once("().").map(|(_, method)| method);
        method == Some(run_server().old.as_str())
            && receiver::is_made(app, file, &source.facts, call)
    });
    let mut spans: Vec<Span> = spans.chain(calls.map(|call| call.callee_span)).collect();
    spans.sort_unstable();
    spans.dedup();
    spans
        .into_iter()
        .map(|span| report(app, file, source, span, need))
        .collect()
}

fn report(app: &App, file: &SourceFile, source: &Source, used: Span, need: Need) -> Finding {
    let renamed = run_server();
    let shown = used.slice(source.text.as_str());
    let object = shown.strip_suffix(renamed.old.as_str()).unwrap_or_default();
    let new = format!("{object}{}", renamed.new);
    let (case, category, message) = if need.certain {
        let why = "raises an error in Dash 3, which the requirements ask for";
        (RAISES, Category::Must, format!("`{shown}` {why}"))
    } else {
        let why = "raises an error in Dash 3, which the requirements allow";
        (MAY_RAISE, Category::Should, format!("`{shown}` {why}"))
    };
    let draft = RULE
        .report(case, Subject::text(shown), file.path(), message)
        .span(used)
        .category(category);
    let method = Span::new(used.end - renamed.old.len(), used.end);
    let exact = method.slice(source.text.as_str()) == renamed.old;
    if !exact || source.facts.parse != Parse::Parsed || !source.is_editable(method) {
        return draft.guide(format!("Call `{new}` with the same arguments."));
    }
    let title = format!("call {new}");
    let edit = Edit::Replace {
        path: file.path().clone(),
        span: method,
        text: source.spell(&renamed.new),
    };
    if need.safe {
        return draft.fix(Fix::safe(title).edit(edit));
    }
    let floor = shown_floor(renamed.since());
    match raising(app, "dash", &floor) {
        Some(raise) => {
            let title = format!("{title} and ask for dash>={floor}, the first that has it");
            draft.fix(Fix::unsafe_(title).edit(edit).edit(raise))
        }
        None => draft
            .step(format!(
                "Ask for `dash>={floor}` at least in the requirements: older ones have no `run`."
            ))
            .fix(Fix::unsafe_(title).edit(edit)),
    }
}
