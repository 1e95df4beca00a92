//! DL310: names that the versions which the app's lists bring no longer have, in code that runs.

use std::collections::BTreeMap;

use pep440_rs::Version;

use crate::app::{App, Reached, SourceFile};
use crate::packages::removed::{Removed, removed};
use crate::packages::{Brought, Target};
use crate::python::{Binding, Facts, Import, Reference, Source};
use crate::rules::{
    Case, Category, Check, Code, Draft, Edit, Finding, Fix, Inputs, Rule, Settings, Stage, Subject,
    private_names, python_target,
};
use crate::text::Span;
use crate::tree::TreePath;

/// DL310.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(310),
    stem: "removed-api",
    category: Category::Must,
    summary: "names that the versions of the lists no longer have",
    cases: &[GONE, NEEDS],
    inputs: Inputs::CODE_AND_LISTS,
    page: include_str!("../../../rules/DL310-removed-api.md"),
    check: Check::App(check),
};

const GONE: Case = Case::new("gone");
const NEEDS: Case = Case::new("needs");

/// The most places that one finding shows.
const MOST_SHOWN: usize = 20;

/// One place that uses a name.
struct UsedName {
    path: TreePath,
    span: Span,
    /// The name as written.
    shown: String,
    /// Whether it is used when the module is loaded, unguarded: the app does not start then.
    at_start: bool,
    /// What to write in its place, where that can be done.
    edit: Option<Edit>,
}

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let reach = app.reach();
    let sources = app.sources().iter();
    let live = sources.filter(|it| reach.of_file(it.path()) != Reached::No);
    let live = app.live_first(live);
    if live.is_empty() {
        return Vec::new();
    }
    let target = python_target(app, settings);
    let brought = Brought::gather(app, target, &private_names(app, settings));
    let rows: Vec<&Removed> = removed()
        .iter()
        .filter(|row| is_gone(row, &brought, target))
        .collect();
    let mut found: BTreeMap<usize, Vec<UsedName>> = BTreeMap::new();
    for file in live {
        if let Ok(source) = file.source() {
            ApiSearch { app, file, source }.gather(&rows, &mut found);
        }
    }
    let findings = found.into_iter();
    let reported =
        findings.filter_map(|(row, places)| report(app, rows.get(row)?, &places, &brought, target));
    reported.collect()
}

/// Whether the version that is expected has lost the names.
fn is_gone(row: &Removed, brought: &Brought, target: Target) -> bool {
    let Some(since) = row.version() else {
        return false;
    };
    if row.distribution == "python" {
        return target.python() >= since;
    }
    brought
        .version(&row.distribution)
        .is_some_and(|it| *it >= since)
}

/// One file and what it says.
struct ApiSearch<'a, 't> {
    app: &'a App<'t>,
    file: &'a SourceFile<'t>,
    source: &'a Source,
}

impl ApiSearch<'_, '_> {
    fn gather(&self, rows: &[&Removed], found: &mut BTreeMap<usize, Vec<UsedName>>) {
        for (number, row) in rows.iter().enumerate() {
            let mut places: Vec<UsedName> = self.imports(row).collect();
            places.extend(self.references(row));
            places.extend(self.methods(row));
            places.extend(self.chained(row));
            places.extend(self.keywords(row));
            if !places.is_empty() {
                places.sort_by_key(|place| place.span);
                places.dedup_by_key(|place| place.span);
                found.entry(number).or_default().extend(places);
            }
        }
    }

    fn facts(&self) -> &Facts {
        &self.source.facts
    }

    fn place(&self, span: Span, at_start: bool) -> UsedName {
        UsedName {
            path: self.file.path().clone(),
            span,
            shown: short(span.slice(self.source.text.as_str())),
            at_start,
            edit: None,
        }
    }

    fn imports<'a>(&'a self, row: &'a Removed) -> impl Iterator<Item = UsedName> + 'a {
        let imports = self.facts().imports.iter();
        let gone = imports.filter(move |it| {
            it.level == 0 && !it.type_checking && !it.guarded && names(row, &full_name(it))
        });
        gone.map(|it| self.place(it.statement, it.scope == 0))
    }

    /// `np.bool`; of what an import names already only the import counts.
    fn references<'a>(&'a self, row: &'a Removed) -> impl Iterator<Item = UsedName> + 'a {
        let facts = self.facts();
        let gone = facts.references.iter().filter(move |it| {
            let import = it.import.and_then(|import| facts.imports.get(import));
            let is_new = import.is_some_and(|import| {
                !import.guarded && !names(row, &full_name(import)) && import.level == 0
            });
            is_new && !it.stored && row.names.contains(&it.name)
        });
        gone.map(|it| UsedName {
            edit: self.plain(row, it),
            ..self.place(it.span, it.scope == 0)
        })
    }

    /// The edit that writes what the name was, where nothing hides that.
    fn plain(&self, row: &Removed, used: &Reference) -> Option<Edit> {
        let builtin = row.builtin.as_ref()?;
        let hidden = self.facts().bindings.iter().any(|it| it.name == *builtin);
        let exact = self.source.is_editable(used.span) && !hidden;
        exact.then(|| Edit::replace(self.file.path(), used.span, builtin.clone()))
    }

    fn methods<'a>(&'a self, row: &'a Removed) -> impl Iterator<Item = UsedName> + 'a {
        let facts = self.facts();
        let gone = facts.references.iter().filter(move |it| {
            let Some((object, method)) = it.name.rsplit_once('.') else {
                return false;
            };
            let is_method = row.methods.iter().any(|known| known == method);
            is_method && !it.stored && self.is_made(row, it, object)
        });
        gone.map(|it| self.place(it.span, it.scope == 0))
    }

    /// `px.line(x).write_image(y)`: a method of what a call gives, without a name between them.
    fn chained<'a>(&'a self, row: &'a Removed) -> impl Iterator<Item = UsedName> + 'a {
        let calls = &self.facts().calls;
        let gone = calls.iter().filter(move |call| {
            call.callee
                .rsplit_once("().")
                .is_some_and(|(maker, method)| {
                    row.is_made_by(maker) && row.methods.iter().any(|known| known == method)
                })
        });
        gone.map(|it| self.place(it.callee_span, it.scope == 0))
    }

    /// Whether the object that a method is taken of is made by a call of the row.
    fn is_made(&self, row: &Removed, used: &Reference, object: &str) -> bool {
        let servers = row.of.iter().any(|it| it == "server");
        if object.ends_with(".server") && !object.starts_with('(') {
            return servers;
        }
        if let Some(import) = used.import.and_then(|it| self.facts().imports.get(it)) {
            let is_own = import.level > 0 || self.is_own(&import.module);
            return servers && is_own && import.name.as_deref() == Some("server");
        }
        let Some(variable) = used.variable.and_then(|it| self.facts().variables.get(it)) else {
            return false;
        };
        if object.contains('.') {
            return false;
        }
        // Where the use stands in the variable's own scope, what binds it further down comes later:
        // `rows = []`, `rows.append(x)`, `rows = pd.DataFrame(rows)`.
        let bindings = || {
            let places = variable.bindings.iter();
            places.filter_map(|at| self.facts().bindings.get(*at))
        };
        let earlier = |it: &&Binding| it.span.start < used.span.start;
        let ordered = variable.scope == used.scope && bindings().any(|it| earlier(&it));
        bindings()
            .filter(|it| !ordered || earlier(it))
            .any(|binding| {
                let call = binding.call.and_then(|it| self.facts().calls.get(it));
                let value = binding.value.map(|it| it.slice(self.source.text.as_str()));
                let is_server = value.is_some_and(|it| it.strip_suffix(".server").is_some());
                call.is_some_and(|call| row.is_made_by(&call.callee)) || (servers && is_server)
            })
    }

    /// Whether a module is one of the app's files.
    fn is_own(&self, module: &str) -> bool {
        let path = module.replace('.', "/");
        let ends = [format!("{path}.py"), format!("{path}/__init__.py")];
        ends.iter().any(|end| self.app.has(end))
    }

    fn keywords<'a>(&'a self, row: &'a Removed) -> impl Iterator<Item = UsedName> + 'a {
        let calls = self.facts().calls.iter();
        let calls = calls.filter(|call| row.is_made_by(&call.callee));
        calls.filter_map(|call| {
            let keyword = row.keywords.iter().find(|it| call.has_keyword(it))?;
            let value = call.argument(keyword, usize::MAX)?;
            let mut place = self.place(call.callee_span, call.scope == 0);
            place.shown = format!("{}({keyword}=...)", place.shown);
            place.span = value;
            Some(place)
        })
    }
}

/// Whether a dotted name is one of the row's, or lies in one.
fn names(row: &Removed, name: &str) -> bool {
    row.names.iter().any(|gone| {
        let rest = name.strip_prefix(gone.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn full_name(import: &Import) -> String {
    match import.name.as_deref() {
        Some(name) if name != "*" => format!("{}.{name}", import.module),
        _ => import.module.clone(),
    }
}

fn short(text: &str) -> String {
    crate::rules::requirement_lists::short(text)
}

fn report(
    app: &App,
    row: &Removed,
    places: &[UsedName],
    brought: &Brought,
    target: Target,
) -> Option<Finding> {
    // What keeps the app from starting is shown first, in code that runs for certain.
    let certain = |it: &&UsedName| it.at_start && app.reach().of_file(&it.path) == Reached::Yes;
    let first = places.iter().find(certain).or_else(|| places.first())?;
    let category = match row.needs {
        None if first.at_start => Category::Must,
        _ => Category::Should,
    };
    let case = if row.needs.is_some() { NEEDS } else { GONE };
    let subject = Subject::Text(format!("{} {}", row.distribution, row.key()));
    let message = message(row, first, brought, target);
    let draft = RULE
        .report(case, subject, &first.path, message)
        .stops(category == Category::Must, Stage::Start)
        .span(first.span)
        .category(category);
    let others = places
        .iter()
        .filter(|it| (&it.path, it.span) != (&first.path, first.span));
    let draft = others.take(MOST_SHOWN).fold(draft, |draft, it| {
        draft.evidence(&it.path, it.span, format!("`{}`", it.shown))
    });
    let edits: Option<Vec<Edit>> = places.iter().map(|it| it.edit.clone()).collect();
    if let (Some(edits), Some(builtin)) = (edits, &row.builtin) {
        let title = format!("write `{builtin}`, which it was");
        return Some(draft.fix(Fix::safe(title).edits(edits)));
    }
    Some(guide(row, draft, brought))
}

fn message(row: &Removed, place: &UsedName, brought: &Brought, target: Target) -> String {
    if row.distribution == "python" {
        return format!(
            "{target} has no `{}`: it is gone since {}",
            place.shown,
            row.shown_version()
        );
    }
    let version = brought.version(&row.distribution).map(Version::to_string);
    let version = version.unwrap_or_default();
    match &row.needs {
        Some(needs) => format!(
            "`{}` uses {} {version}, which the lists bring: {needs}",
            place.shown, row.distribution
        ),
        None => format!(
            "`{}` is gone since {} {}, and the lists bring {version}",
            place.shown,
            row.distribution,
            row.shown_version()
        ),
    }
}

fn guide(row: &Removed, draft: Draft, brought: &Brought) -> Finding {
    let Some(bound) = &row.bound else {
        return draft.guide(row.replacement.clone());
    };
    let name = &row.distribution;
    let how = if brought.is_direct(name) {
        "ask for"
    } else {
        "add the line"
    };
    draft
        .alternative(format!(
            "Keep the old one: {how} `{name}{bound}`, where the app's Python and its other lines \
             allow that."
        ))
        .guide(row.replacement.clone())
}
