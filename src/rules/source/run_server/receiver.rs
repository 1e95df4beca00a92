//! Whether an object that a method is called on is a Dash app: made by `Dash(…)` in this file, or
//! imported from a module of the app's own that makes it so.

use crate::app::{App, SourceFile};
use crate::python::{Call, Facts, Import, Reference, Role, ScopeKind};
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
        return is_imported(app, file.path(), import, object, Sought::App, FARTHEST);
    }
    if let Some((owner, attribute)) = object.rsplit_once('.') {
        return !owner.contains('.') && is_attribute(facts, attribute);
    }
    let made = |variable| makes_dash(app, file.path(), facts, variable, FARTHEST);
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
/// where a function of the app's own makes one.
pub(super) fn is_made(app: &App, file: &SourceFile, facts: &Facts, call: &Call) -> bool {
    let maker = call.callee.rsplit_once("().").map(|(maker, _)| maker);
    maker.is_some_and(|maker| {
        is_class(maker) || is_maker(app, file.path(), facts, maker, call.import, FARTHEST)
    })
}

/// Whether a call of this name, as imports resolve it, gives a Dash app.
fn is_maker(
    app: &App,
    from: &TreePath,
    facts: &Facts,
    callee: &str,
    import: Option<usize>,
    left: usize,
) -> bool {
    match import.and_then(|import| facts.imports.get(import)) {
        Some(import) => is_imported(app, from, import, callee, Sought::Maker, left),
        None => is_factory(facts, callee),
    }
}

/// Whether a function of this file makes a Dash app, and binds it or gives it back.
fn is_factory(facts: &Facts, name: &str) -> bool {
    let mut made = facts.calls.iter().enumerate();
    made.any(|(number, call)| {
        let scope = facts.scopes.get(call.scope);
        let stands_in = scope.is_some_and(|it| it.kind == ScopeKind::Function && it.name == name);
        let is_kept = || {
            *facts.role(call.site) == Role::Returned
                || facts.bindings.iter().any(|it| it.call == Some(number))
        };
        stands_in && is_class(&call.callee) && is_kept()
    })
}

/// What a name is sought for.
#[derive(Clone, Copy)]
enum Sought {
    /// An app.
    App,
    /// A function that makes one.
    Maker,
}

fn is_class(name: &str) -> bool {
    run_server().classes.iter().any(|class| class == name)
}

/// Whether every binding of the variable is a call of `Dash`, or of a function that makes one.
fn makes_dash(app: &App, from: &TreePath, facts: &Facts, variable: usize, left: usize) -> bool {
    let Some(variable) = facts.variables.get(variable) else {
        return false;
    };
    let made = |binding: &usize| {
        let call = facts.bindings.get(*binding).and_then(|found| found.call);
        let call = call.and_then(|call| facts.calls.get(call));
        call.is_some_and(|call| {
            is_class(&call.callee) || is_maker(app, from, facts, &call.callee, call.import, left)
        })
    };
    !variable.bindings.is_empty() && variable.bindings.iter().all(made)
}

/// Whether `object`, as imports resolve it, is an app that another module of this app makes, or a
/// function of it that makes one.
fn is_imported(
    app: &App,
    from: &TreePath,
    import: &Import,
    object: &str,
    sought: Sought,
    left: usize,
) -> bool {
    let dots: String = ".".repeat(usize::try_from(import.level).unwrap_or_default());
    let Some(object) = object.strip_prefix(dots.as_str()) else {
        return false;
    };
    let Some((module, name)) = object.rsplit_once('.') else {
        // `from . import app` names the module, or what `__init__.py` binds.
        return binds(app, from, (import.level, ""), object, sought, left);
    };
    binds(app, from, (import.level, module), name, sought, left)
}

/// Whether the module, with the dots before it, binds the name to what is sought.
fn binds(
    app: &App,
    from: &TreePath,
    (level, module): (u32, &str),
    name: &str,
    sought: Sought,
    left: usize,
) -> bool {
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
    let is_it = match sought {
        Sought::App => makes_dash(app, file.path(), facts, variable, left),
        Sought::Maker => is_factory(facts, name),
    };
    is_it || {
        let mut handed = facts.imports.iter().filter(|import| {
            let bound = import.alias.as_deref().or(import.name.as_deref());
            import.scope == 0 && bound == Some(name)
        });
        match (handed.next(), handed.next()) {
            (Some(import), None) => {
                let taken = import.name.as_deref().unwrap_or_default();
                let module = (import.level, import.module.as_str());
                binds(app, file.path(), module, taken, sought, left)
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
    wanted.find_map(|path| app.source(&path))
}
