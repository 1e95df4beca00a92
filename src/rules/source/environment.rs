//! DL306: environment variables that someone has to set. Names only: no value is read.

use crate::app::{App, SourceFile};
use crate::rules::facts::variables::{VariableUse, variables};
use crate::rules::{
    Case, Category, Check, Code, Consequence, Draft, Finding, Inputs, Rule, Settings, SourceInputs,
    Step, StepSite, Subject,
};
use crate::text::Span;
use crate::tree::TreePath;

/// DL306.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(306),
    stem: "environment",
    category: Category::Should,
    summary: "environment variables that someone has to set",
    cases: &[VARIABLES],
    inputs: Inputs::NONE.sources(SourceInputs::Any).scripts(),
    page: include_str!("../../../rules/DL306-environment.md"),
    check: Check::App(check),
};

const VARIABLES: Case = Case::new("variables");

/// The most names that the message holds; the steps hold all.
const MOST_NAMED: usize = 5;

/// The most places that the finding shows.
const MOST_SHOWN: usize = 20;

/// The variables that the platform does not set.
struct Groups<'v> {
    /// Somewhere read without a default.
    needed: Vec<&'v VariableUse>,
    /// The code can do without them.
    defaulted: Vec<&'v VariableUse>,
    /// Nobody says whether the platform sets them, and the code has no default.
    unknown: Vec<&'v VariableUse>,
}

impl<'v> Groups<'v> {
    fn group(read: &'v [VariableUse]) -> Self {
        let (defaulted, needed): (Vec<_>, Vec<_>) = read.iter().partition(|it| it.has_default);
        let own = |it: &&VariableUse| it.is_own();
        Self {
            unknown: needed.iter().copied().filter(|it| it.unknown).collect(),
            needed: needed.into_iter().filter(own).collect(),
            defaulted: defaulted.into_iter().filter(own).collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = &'v VariableUse> + '_ {
        let all = self.needed.iter().chain(&self.defaulted);
        all.chain(&self.unknown).copied()
    }

    /// How much it matters, and what is said of the first group that has any.
    fn describe(&self) -> (Category, String) {
        let many = |names: &[&VariableUse]| count(names.len(), "environment variable");
        if !self.needed.is_empty() {
            let them = if self.needed.len() == 1 { "it" } else { "them" };
            let message = format!(
                "the code reads {} that Dash Enterprise 5 has only if someone sets {them}: {}",
                many(&self.needed),
                listed(&self.needed)
            );
            return (Category::Should, message);
        }
        let (names, what) = if self.defaulted.is_empty() {
            (&self.unknown, "Dash Enterprise 5 may or may not set")
        } else {
            (&self.defaulted, "it can do without")
        };
        let message = format!(
            "the code reads {} that {what}: {}",
            many(names),
            listed(names)
        );
        (Category::May, message)
    }
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let read = variables(app);
    let groups = Groups::group(&read);
    let Some((path, span)) = groups.all().find_map(|it| it.places.first()) else {
        return Vec::new();
    };
    let (category, message) = groups.describe();
    let names = groups.all().map(|it| it.name.clone());
    let subject = Subject::Variables(names.collect());
    let draft = RULE
        .report(VARIABLES, subject, path, message)
        .span(*span)
        .category(category);
    let draft = show(draft, groups.all());
    let draft = recreate(draft, &groups.needed);
    let draft = keep_defaults(draft, &groups.defaulted);
    let draft = look_up(draft, &groups.unknown);
    vec![mention_files(app, draft).done()]
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
fn show<'v>(draft: Draft, variables: impl Iterator<Item = &'v VariableUse>) -> Draft {
    let places = variables.filter_map(|it| Some((it.places.first()?, it)));
    let places = places.skip(1).take(MOST_SHOWN);
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
    let command =
        format!("de apps update --name APP --add-environment-variable \"{name}=<value>\"");
    let names = needed
        .iter()
        .map(|it| Consequence::Variable(it.name.clone()));
    draft.take(restated(text).command(command)).means_all(names)
}

/// A step on the server that only says what the consequences say.
fn restated(text: impl Into<String>) -> Step {
    Step::new(text).at(StepSite::Server).restating()
}

fn keep_defaults(draft: Draft, defaulted: &[&VariableUse]) -> Draft {
    if defaulted.is_empty() {
        return draft;
    }
    let names: Vec<&str> = defaulted.iter().map(|it| it.name.as_str()).collect();
    let (them, those) = match names.len() {
        1 => ("it", "it was"),
        _ => ("them", "they were"),
    };
    draft.take(restated(format!(
        "The code can do without {}: set {them} only where {those} set on Dash Enterprise 4.",
        names.join(", ")
    )))
}

fn look_up(draft: Draft, unknown: &[&VariableUse]) -> Draft {
    if unknown.is_empty() {
        return draft;
    }
    let names: Vec<&str> = unknown.iter().map(|it| it.name.as_str()).collect();
    draft.take(restated(format!(
        "Nothing says whether Dash Enterprise 5 sets {}: look after the first deploy.",
        names.join(", ")
    )))
}

/// The `.env` files of the repository, which may set some of the variables.
fn mention_files(app: &App, draft: Draft) -> Draft {
    let loads = app.sources().iter().find_map(loading_call);
    let Some((path, span)) = loads else {
        return draft;
    };
    let draft = draft.evidence(&path, span, "loads variables from a .env file");
    let step = Step::new(if app.has(".env") {
        "Set only what the .env file of the repository does not: the code loads it."
    } else {
        "The code loads a .env file that the repository does not hold: look there for the values."
    });
    draft.take(step.at(StepSite::Server))
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
