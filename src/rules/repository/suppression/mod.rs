//! DL001, and what it watches over: comments and patterns that keep findings back. Rules know
//! nothing of it; what is kept back is neither shown nor repaired.

mod directive;
mod sheet;
mod unused;

use std::collections::{BTreeMap, BTreeSet};

use crate::app::{App, Language, Role};
use crate::files::comments::Syntax;
use crate::python::SourceKind;
use crate::rules::{Case, Category, Check, Code, Finding, Inputs, Rule, Settings};
use crate::tree::{Tree, TreePath};

use sheet::Sheet;

/// DL001.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(1),
    stem: "unused-suppression",
    category: Category::May,
    summary: "a `# dashlift: ignore` that keeps nothing back, or is not understood",
    cases: &[MALFORMED, NOTHING, PARTLY],
    inputs: Inputs::NONE,
    page: include_str!("../../../../rules/DL001-unused-suppression.md"),
    check: Check::Suppressions,
};

const MALFORMED: Case = Case::new("malformed");
const NOTHING: Case = Case::new("nothing");
const PARTLY: Case = Case::new("partly");

/// What the rules say.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What is to be told.
    pub findings: Vec<Finding>,
    /// What a comment or a pattern keeps back.
    pub suppressed: Vec<Finding>,
}

/// What each file that was looked at has: a sheet, or none.
type Sheets = BTreeMap<TreePath, Option<Sheet>>;

/// Takes out of the findings about an app what is suppressed, and adds what DL001 says.
pub(in crate::rules) fn of_app(app: &App, settings: &Settings, found: Vec<Finding>) -> Checked {
    let watched = settings.selected().any(|rule| rule.code == RULE.code)
        && app.language() == Language::Python;
    let lists = watched || settings.selected().any(|rule| rule.inputs.lists);
    let read = |path: &TreePath| sheet_in_app(app, path, lists);
    let mut sheets = Sheets::new();
    for finding in &found {
        add(&mut sheets, &finding.place.path, read);
    }
    if watched {
        for path in watched_files(app, settings) {
            add(&mut sheets, &path, read);
        }
    }
    let is_readable = found.iter().all(|finding| finding.place.position.is_none());
    let mut checked = divide(app.tree(), settings, &mut sheets, found);
    if watched {
        let own = sheets.values().flatten().filter(|sheet| is_own(app, sheet));
        let said = own.flat_map(|sheet| unused::findings(sheet, settings, is_readable));
        let said = said.collect();
        let said = divide(app.tree(), settings, &mut Sheets::new(), said);
        checked.findings.extend(said.findings);
        checked.suppressed.extend(said.suppressed);
    }
    checked
}

/// Takes out of the findings about a repository what is suppressed.
pub(in crate::rules) fn of_repository(
    tree: &dyn Tree,
    settings: &Settings,
    found: Vec<Finding>,
) -> Checked {
    let mut sheets = Sheets::new();
    for finding in &found {
        add(&mut sheets, &finding.place.path, |path| {
            Sheet::of_build_file(tree, path, Syntax::of_name(path.name())?)
        });
    }
    divide(tree, settings, &mut sheets, found)
}

fn add(sheets: &mut Sheets, path: &TreePath, read: impl Fn(&TreePath) -> Option<Sheet>) {
    if !sheets.contains_key(path) {
        sheets.insert(path.clone(), read(path));
    }
}

/// Comments are asked first, so that one does not count as unused because a pattern says the same.
fn divide(
    tree: &dyn Tree,
    settings: &Settings,
    sheets: &mut Sheets,
    found: Vec<Finding>,
) -> Checked {
    let mut is_suppressed = |finding: &Finding| {
        let path = &finding.place.path;
        let by_comment = sheets
            .get_mut(path)
            .and_then(Option::as_mut)
            .is_some_and(|sheet| sheet.suppresses(finding));
        let patterns = &settings.per_file_ignores;
        by_comment
            || (!patterns.is_empty()
                && settings.ignores_in(path, tree.kind(path).is_none(), finding.rule.code))
    };
    let (suppressed, findings) = found
        .into_iter()
        .partition(|finding| is_suppressed(finding));
    Checked {
        findings,
        suppressed,
    }
}

/// The files that are looked at for comments that keep nothing back: the inputs of all rules
/// there are, whichever are selected.
fn watched_files(app: &App, settings: &Settings) -> BTreeSet<TreePath> {
    let mut watched = BTreeSet::new();
    for inputs in settings.rules.0.iter().map(|rule| &rule.inputs) {
        let files = inputs.files.iter().map(|name| app.path(name));
        watched.extend(files.filter(|path| app.tree().kind(path).is_some()));
        if inputs.lists {
            let lists = app.requirements().lists.iter();
            watched.extend(lists.map(|list| list.path.clone()));
        }
        if inputs.reads_sources() {
            let sources = app.sources().iter();
            watched.extend(sources.map(|source| source.path().clone()));
        }
    }
    watched
}

/// Whether no other app has the file too: it may need the comment. Sources are the app's own.
fn is_own(app: &App, sheet: &Sheet) -> bool {
    let path = &sheet.path;
    let root = app.root();
    path.is_in(root)
        && (path.parent() == *root
            || SourceKind::of_name(path.name()).is_some()
            || !crate::app::discover(app.tree(), root)
                .iter()
                .any(|inner| inner != root && path.is_in(inner)))
}

/// The requests in a file of the app; its lists are known where `lists` are read.
fn sheet_in_app(app: &App, path: &TreePath, lists: bool) -> Option<Sheet> {
    if SourceKind::of_name(path.name()).is_some() {
        let mut sources = app.sources().iter();
        return Sheet::of_source(sources.find(|source| source.path() == path)?);
    }
    let is_list = lists
        && app
            .requirements()
            .lists
            .iter()
            .any(|list| list.path == *path && list.role != Role::CondaPip);
    let syntax = if is_list {
        Some(Syntax::Requirements)
    } else {
        Syntax::of_name(path.name())
    };
    Sheet::of_build_file(app.tree(), path, syntax?)
}

#[cfg(test)]
mod tests;
