//! Whether an object that a method is called on is a Dash app: made by `Dash(…)` in this file, or
//! imported from a module of the app's own that makes it so.

use crate::app::{App, SourceFile};
use crate::python::{Call, Facts, Import, Reference, ScopeKind};
use crate::rules::data::dash::run_server;
use crate::tree::TreePath;

/// How many modules an app object may be handed through.
const FARTHEST: usize = 4;
/// How many folders up a relative import is followed.
const DEEPEST: u32 = 32;

/// Whether the object of `used` (`app` of `app.run_server`) is a Dash app.
pub(super) fn is_dash(app: &App, file: &SourceFile, facts: &Facts, used: &Reference) -> bool {
    let Some((object, _)) = used.name.rsplit_once('.') else {
        return false;
    };
    if let Some(import) = used.import.and_then(|import| facts.imports.get(import)) {
        return is_imported(app, file.path(), import, object, FARTHEST);
    }
    if let Some((owner, attribute)) = object.rsplit_once('.') {
        return !owner.contains('.') && is_attribute(facts, attribute);
    }
    let made = |variable| makes_dash(facts, variable);
    used.variable.is_some_and(made)
}

/// Whether the file gives an attribute of this name a Dash app, and nothing else: `self.app`.
fn is_attribute(facts: &Facts, attribute: &str) -> bool {
    let bound = facts.bindings.iter().filter(|it| {
        let name = it.name.rsplit_once('.');
        name.is_some_and(|(_, name)| name == attribute)
    });
    let mut bound = bound.map(|it| {
        let call = it.call.and_then(|call| facts.calls.get(call));
        call.is_some_and(|call| is_class(&call.callee))
    });
    bound
        .next()
        .is_some_and(|first| first && bound.all(|it| it))
}

/// Whether what a call without a name between gives is a Dash app: `create_app().run_server()`,
/// where the function of this file makes one.
pub(super) fn is_made(facts: &Facts, call: &Call) -> bool {
    let maker = call.callee.rsplit_once("().").map(|(maker, _)| maker);
    maker.is_some_and(|maker| is_class(maker) || is_factory(facts, maker))
}

/// Whether a function of this file makes a Dash app and binds it.
fn is_factory(facts: &Facts, name: &str) -> bool {
    facts.bindings.iter().any(|binding| {
        let scope = facts.variables.get(binding.variable).map(|it| it.scope);
        let scope = scope.and_then(|it| facts.scopes.get(it));
        let call = binding.call.and_then(|it| facts.calls.get(it));
        scope.is_some_and(|it| it.kind == ScopeKind::Function && it.name == name)
            && call.is_some_and(|it| is_class(&it.callee))
    })
}

fn is_class(name: &str) -> bool {
    run_server().classes.iter().any(|class| class == name)
}

/// Whether every binding of the variable is a call of `Dash`.
fn makes_dash(facts: &Facts, variable: usize) -> bool {
    let Some(variable) = facts.variables.get(variable) else {
        return false;
    };
    let made = |binding: &usize| {
        let call = facts.bindings.get(*binding).and_then(|found| found.call);
        let call = call.and_then(|call| facts.calls.get(call));
        call.is_some_and(|call| is_class(&call.callee))
    };
    !variable.bindings.is_empty() && variable.bindings.iter().all(made)
}

/// Whether `object`, as imports resolve it, is an app that another module of this app makes.
fn is_imported(app: &App, from: &TreePath, import: &Import, object: &str, left: usize) -> bool {
    let dots: String = ".".repeat(usize::try_from(import.level).unwrap_or_default());
    let Some(object) = object.strip_prefix(dots.as_str()) else {
        return false;
    };
    let Some((module, name)) = object.rsplit_once('.') else {
        // `from . import app` names the module, or what `__init__.py` binds.
        return binds(app, from, import.level, "", object, left);
    };
    binds(app, from, import.level, module, name, left)
}

/// Whether the module binds the name to an app.
fn binds(app: &App, from: &TreePath, level: u32, module: &str, name: &str, left: usize) -> bool {
    let Some(left) = left.checked_sub(1) else {
        return false;
    };
    let Some(file) = find(app, from, level, module) else {
        return false;
    };
    let Some((_, facts)) = file.facts() else {
        return false;
    };
    let top = facts
        .variables
        .iter()
        .position(|variable| variable.scope == 0 && variable.name == name);
    let Some(variable) = top else {
        return false;
    };
    makes_dash(facts, variable) || {
        let mut handed = facts.imports.iter().filter(|import| {
            let bound = import.alias.as_deref().or(import.name.as_deref());
            import.scope == 0 && bound == Some(name)
        });
        match (handed.next(), handed.next()) {
            (Some(import), None) => {
                let taken = import.name.as_deref().unwrap_or_default();
                binds(app, file.path(), import.level, &import.module, taken, left)
            }
            _ => false,
        }
    }
}

/// The app's own file of a module: beside the importing file or at the app's root for an absolute
/// import, as Python finds them when a script or the server starts there.
fn find<'a>(app: &'a App, from: &TreePath, level: u32, module: &str) -> Option<&'a SourceFile<'a>> {
    let path = module.replace('.', "/");
    let folders = if level == 0 {
        vec![app.root().clone(), from.parent()]
    } else {
        vec![(1..level.min(DEEPEST)).fold(from.parent(), |folder, _| folder.parent())]
    };
    let names = if path.is_empty() {
        vec!["__init__.py".to_owned()]
    } else {
        vec![format!("{path}.py"), format!("{path}/__init__.py")]
    };
    let mut wanted = folders
        .iter()
        .flat_map(|folder| names.iter().map(|name| folder.child(name)));
    wanted.find_map(|path| app.sources().iter().find(|file| *file.path() == path))
}
