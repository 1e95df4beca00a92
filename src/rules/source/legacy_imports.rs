//! DL307: imports of packages that are part of Dash 2.

mod rewrite;

use std::collections::{BTreeMap, BTreeSet};

use crate::app::{App, SourceFile};
use crate::python::{Binding, Import, ImportForm, Parse, Source};
use crate::rules::data::dash::{Module, modules, modules_since, packages_until, shown_floor};
use crate::rules::facts::asked::AskedVersions;
use crate::rules::requirement_lists::{raising, short};
use crate::rules::{
    Case, Category, Check, Code, Draft, Finding, FindingCause, Fix, Inputs, Rule, Settings,
    SourceInputs, Stage, Subject,
};
use crate::text::Span;

/// DL307.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(307),
    stem: "legacy-imports",
    category: Category::Should,
    summary: "imports of packages that are part of Dash 2",
    cases: &[GONE, OLD],
    inputs: Inputs::NONE.lists().sources(SourceInputs::With(words)),
    page: include_str!("../../../rules/DL307-legacy-imports.md"),
    check: Check::App(check),
};

const GONE: Case = Case::new("gone");
const OLD: Case = Case::new("old");

/// What the app's lists make of the old imports.
#[derive(Clone, Copy)]
enum ImportNeed {
    /// Every Dash that the lists allow has the modules; whether none brings the packages.
    Certain { gone: bool },
    /// The newest Dash that the lists allow has them.
    Likely,
}

/// The old packages.
fn words() -> Vec<String> {
    modules().iter().map(|it| it.package.clone()).collect()
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let files = RULE.read_sources(app);
    // The lists are read only if a file is there.
    let need = (!files.is_empty()).then(|| need(app)).flatten();
    let found = need.map(|need| files.into_iter().flat_map(move |it| in_file(app, it, need)));
    found.into_iter().flatten().collect()
}

fn need(app: &App) -> Option<ImportNeed> {
    let asked = AskedVersions::find(app, "dash")?;
    let since = modules_since()?;
    if asked.is_at_least(&since) {
        let gone = packages_until().is_some_and(|until| asked.is_at_least(&until));
        return Some(ImportNeed::Certain { gone });
    }
    // A package of before Dash 2 in the list keeps `dash` itself at 1.
    let held = modules().iter().any(|module| {
        let asked = AskedVersions::find(app, &module.distribution);
        let allowed = asked.zip(module.floor());
        allowed.is_some_and(|(asked, floor)| !asked.allows_from(&floor))
    });
    (asked.allows_from(&since) && !held).then_some(ImportNeed::Likely)
}

/// One statement with old imports.
struct Statement<'s> {
    source: &'s Source,
    /// The imported names of the statement, in order, with the package each belongs to.
    names: Vec<(&'s Import, Option<&'static Module>)>,
}

fn in_file(app: &App, file: &SourceFile, need: ImportNeed) -> Vec<Finding> {
    let Ok(source) = file.source() else {
        return Vec::new();
    };
    let statements = statements(app, source);
    if statements.is_empty() {
        return Vec::new();
    }
    let bindings = Bindings::of(source);
    let wanted = statements.into_iter();
    let wanted = wanted.filter(|statement| !bindings.give_fallback(statement));
    wanted
        .filter_map(|statement| report(app, file, &statement, need))
        .collect()
}

fn statements<'s>(app: &App, source: &'s Source) -> Vec<Statement<'s>> {
    let mut statements: Vec<Statement> = Vec::new();
    for import in &source.facts.imports {
        let row = (import, package(app, import));
        match statements.last_mut() {
            Some(last)
                if last
                    .names
                    .first()
                    .is_some_and(|(it, _)| it.statement == import.statement) =>
            {
                last.names.push(row);
            }
            _ => statements.push(Statement {
                source,
                names: vec![row],
            }),
        }
    }
    statements.retain(|statement| statement.names.iter().any(|(_, package)| package.is_some()));
    statements
}

/// The old package that an import names, unless the app has a module of that name itself.
fn package(app: &App, import: &Import) -> Option<&'static Module> {
    let first = import.module.split('.').next()?;
    let found = modules().iter().find(|module| module.package == first)?;
    let own = app.has(&format!("{first}.py")) || app.has(&format!("{first}/__init__.py"));
    (import.level == 0 && !own).then_some(found)
}

/// What a file binds, looked up by import and by variable: it may have thousands of both.
struct Bindings<'s> {
    /// The first binding of the import with this place and scope.
    imported: BTreeMap<(Span, usize), &'s Binding>,
    /// The variables that are bound to something of `dash` by an import.
    of_dash: BTreeSet<usize>,
    /// Variables, and what their values end with: `dcc` of `dash.dcc`.
    dash_values: BTreeSet<(usize, &'s str)>,
}

impl<'s> Bindings<'s> {
    fn of(source: &'s Source) -> Self {
        let facts = &source.facts;
        let mut bindings = Self {
            imported: BTreeMap::new(),
            of_dash: BTreeSet::new(),
            dash_values: BTreeSet::new(),
        };
        for binding in &facts.bindings {
            if let Some(import) = binding.import.and_then(|number| facts.imports.get(number)) {
                let key = (import.span, import.scope);
                bindings.imported.entry(key).or_insert(binding);
                if import.module.split('.').next() == Some("dash") {
                    bindings.of_dash.insert(binding.variable);
                }
                continue;
            }
            let value = binding.value.map(|span| span.slice(source.text.as_str()));
            if let Some((_, name)) = value.and_then(|value| value.rsplit_once('.')) {
                bindings.dash_values.insert((binding.variable, name));
            }
        }
        bindings
    }

    /// Whether the statement is one half of a `try` or an `if` whose other half takes the same
    /// names from `dash`, by an import or as `dash.dcc`: it works with every Dash.
    fn give_fallback(&self, statement: &Statement) -> bool {
        let old = statement.names.iter();
        let mut old = old.filter_map(|(import, module)| Some((*import, (*module)?)));
        old.all(|(import, module)| {
            let own = self.imported.get(&(import.span, import.scope));
            own.is_some_and(|own| {
                let variable = own.variable;
                (import.guarded || own.conditional)
                    && (self.of_dash.contains(&variable)
                        || self.dash_values.contains(&(variable, module.name.as_str())))
            })
        })
    }
}

/// The name that an import binds.
fn bound(import: &Import) -> Option<&str> {
    let whole = || import.module.split('.').next();
    let alias = import.alias.as_deref();
    alias.or(import.name.as_deref()).or_else(whole)
}

fn report(
    app: &App,
    file: &SourceFile,
    statement: &Statement,
    need: ImportNeed,
) -> Option<Finding> {
    let mut names = statement.names.iter();
    let (first, module) = names.find_map(|(import, module)| Some((*import, (*module)?)))?;
    let shown = show_statement(statement, first);
    let listed = || app.requirements().names(&module.distribution);
    let missing = matches!(need, ImportNeed::Certain { gone: true }) && !listed();
    let name = &module.name;
    let (case, category, message) = if missing {
        let why = "is not installed with Dash 3: it is the module";
        let package = &module.package;
        (
            GONE,
            Category::Must,
            format!("`{shown}`: {package} {why} dash.{name} now"),
        )
    } else {
        let why = "imports a package of Dash 1, which is the module";
        (
            OLD,
            Category::Should,
            format!("`{shown}` {why} dash.{name} since Dash 2"),
        )
    };
    let draft = RULE
        .report(
            case,
            Subject::Distribution(module.package.clone()),
            file.path(),
            message,
        )
        .span(first.statement)
        .category(category)
        .stops(category == Category::Must, Stage::Start)
        .because(FindingCause {
            subject: Subject::Path(file.path().parent().to_string()),
            several: if missing {
                "statements import packages that are not installed with Dash 3: they are modules of dash now"
            } else {
                "statements import packages of Dash 1, which are modules of dash since Dash 2"
            },
            title: "import the modules of dash",
            step: None,
            note: format!("the module dash.{name}"),
        });
    Some(mend(app, file, statement, need, draft))
}

/// The statement as a message shows it; of one of several lines the beginning.
fn show_statement(statement: &Statement, first: &Import) -> String {
    let text = first.statement.slice(statement.source.text.as_str());
    match text.split_once(['\n', '\r']) {
        Some((line, _)) if first.form == ImportForm::From => {
            format!(
                "{} \u{2026}",
                short(line.trim_end_matches(['(', '\\', ' ']))
            )
        }
        _ => short(text),
    }
}

fn mend(
    app: &App,
    file: &SourceFile,
    statement: &Statement,
    need: ImportNeed,
    draft: Draft,
) -> Finding {
    let guide = "Import the same names from `dash` and its modules `dcc`, `html` and `dash_table`.";
    let facts = &statement.source.facts;
    let dynamic = |(import, _): &(&Import, _)| import.form == ImportForm::Dynamic;
    if facts.parse != Parse::Parsed || statement.names.iter().any(dynamic) {
        return draft.guide(guide);
    }
    let Some(rewrite) = rewrite::plan_rewrite(statement) else {
        return draft.guide(guide);
    };
    // In a `try` without a twin the code asks whether the package is there.
    let asks = statement.names.iter().any(|(import, _)| import.guarded);
    let title = rewrite.title.clone();
    let edits = rewrite.edits(file.path());
    match need {
        ImportNeed::Certain { .. } if !asks => draft.fix(Fix::safe(&title).edits(edits)),
        ImportNeed::Certain { .. } => draft.fix(Fix::unsafe_(&title).edits(edits)),
        ImportNeed::Likely => {
            let floor = shown_floor(modules_since());
            match raising(app, "dash", &floor) {
                Some(raise) => {
                    let title =
                        format!("{title} and ask for dash>={floor}, the first that has it");
                    draft.fix(Fix::unsafe_(title).edits(edits).edit(raise))
                }
                None => draft
                    .step(format!(
                        "Ask for `dash>={floor}` at least in the requirements: Dash 1 has no such modules, and another requirement may hold it there."
                    ))
                    .fix(Fix::unsafe_(&title).edits(edits)),
            }
        }
    }
}
