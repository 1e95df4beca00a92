//! The import statement that binds the same names from `dash`.

use super::{Statement, bound};
use crate::python::{Import, ImportForm, Source};
use crate::rules::Edit;
use crate::rules::data::dash::Module;
use crate::rules::requirement_lists::short;
use crate::text::{Span, lines};
use crate::tree::TreePath;

/// What to put in the place of parts of a statement.
pub(super) struct Rewrite {
    /// What it does, as a command.
    pub(super) title: String,
    replacements: Vec<(Span, String)>,
}

impl Rewrite {
    /// The edits of the file.
    pub(super) fn edits(self, path: &TreePath) -> impl Iterator<Item = Edit> {
        let edit = |(span, text)| Edit::Replace {
            path: path.clone(),
            span,
            text,
        };
        self.replacements.into_iter().map(edit)
    }
}

/// The rewrite of a statement; `None` where only a person can tell.
pub(super) fn plan_rewrite(statement: &Statement) -> Option<Rewrite> {
    let (first, _) = statement.names.first()?;
    match first.form {
        ImportForm::From => from(statement, first),
        ImportForm::Import => plain(statement, first),
        ImportForm::Dynamic => None,
    }
}

/// `from dash_core_components import Graph as G`: only the module's name changes.
fn from(statement: &Statement, first: &Import) -> Option<Rewrite> {
    let (_, module) = statement.names.first()?;
    let new = renamed(first, (*module)?)?;
    replace_module(statement.source, first, &new)
}

fn replace_module(source: &Source, import: &Import, new: &str) -> Option<Rewrite> {
    let text = source.text.as_str();
    // `from a . b import c` is Python too.
    let exact = import.module_span.slice(text) == import.module;
    (exact && source.is_editable(import.module_span)).then(|| Rewrite {
        title: format!("import from {new}"),
        replacements: vec![(import.module_span, source.spell(new))],
    })
}

/// The new name of the module of an import: `dash.dash_table.Format`.
fn renamed(import: &Import, module: &Module) -> Option<String> {
    let rest = import.module.strip_prefix(module.package.as_str())?;
    Some(format!("dash.{}{rest}", module.name))
}

/// `import dash_core_components as dcc, os`: the old packages go into a statement of their own.
fn plain(statement: &Statement, first: &Import) -> Option<Rewrite> {
    let source = statement.source;
    let text = source.text.as_str();
    let mut kept = Vec::new();
    let mut moved: Vec<String> = Vec::new();
    for (import, module) in &statement.names {
        match module {
            Some(module) if import.module.contains('.') && import.alias.is_some() => {
                let alias = import.alias.as_deref()?;
                kept.push(format!("{} as {alias}", renamed(import, module)?));
            }
            Some(module) => {
                let name = taken(import, module)?;
                if !moved.contains(&name) {
                    moved.push(name);
                }
            }
            None => kept.push(import.span.slice(text).to_owned()),
        }
    }
    if !source.is_editable(first.statement) {
        return None;
    }
    let kept = (!kept.is_empty()).then(|| format!("import {}", kept.join(", ")));
    let moved = (!moved.is_empty()).then(|| format!("from dash import {}", moved.join(", ")));
    let parts: Vec<String> = kept.into_iter().chain(moved).collect();
    Some(Rewrite {
        title: format!("write `{}`", short(&parts.join("; "))),
        replacements: vec![(first.statement, parts.join(&separator(source, first)))],
    })
}

/// What `from dash import` takes for an import: `dcc`, `dcc as core`. A dotted import binds the
/// package, so its module must be one that `dash` imports by itself.
fn taken(import: &Import, module: &Module) -> Option<String> {
    let mut parts = import.module.splitn(2, '.');
    let known = |name: &str| module.submodules.iter().any(|known| known == name);
    if parts.nth(1).is_some_and(|submodule| !known(submodule)) {
        return None;
    }
    let name = &module.name;
    let bound = bound(import)?;
    Some(if bound == name {
        name.clone()
    } else {
        format!("{name} as {bound}")
    })
}

/// What stands between two statements in the place of one: a new line where the statement begins
/// its line, as people write; `; ` where something is in front of it, and in notebooks, where a
/// line is a string of its own.
fn separator(source: &Source, import: &Import) -> String {
    let text = source.text.as_str();
    let start = import.statement.start;
    let before = match text.get(..start).and_then(|head| head.rfind(['\n', '\r'])) {
        Some(end) => Span::new(end + 1, start),
        None => Span::new(0, start),
    };
    let line = lines(text.get(before.start..).unwrap_or_default()).next();
    let whole = line.is_some_and(|line| {
        let after = before.start + line.span.end;
        let rest = Span::new(import.statement.end.min(after), after).slice(text);
        import.statement.end <= after && !rest.contains(';')
    });
    let indent = before.slice(text);
    let blank = indent.chars().all(|c| matches!(c, ' ' | '\t'));
    let module = source.kind == crate::python::SourceKind::Module;
    if whole && blank && module {
        format!("{}{indent}", source.text.line_end().as_str())
    } else {
        "; ".to_owned()
    }
}
