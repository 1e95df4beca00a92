//! Modules of an app and the names in them, as Python finds them in folders.

use super::shell::Folders;
use crate::app::App;
use crate::python::{BindingKind, Facts, Parse};
use crate::tree::TreePath;

/// What is known of a module.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Located {
    /// This file.
    File(TreePath),
    /// A folder without `__init__.py`, or something compiled: it is there, its names are not known.
    Opaque,
    /// No such file, though the folder that its first part names is there.
    MissingIn(TreePath),
    /// Nothing of that name.
    Missing,
}

/// Finds a module in the folders, the first that has it.
pub(crate) fn locate(app: &App, folders: &Folders, module: &str) -> Located {
    let mut missing = Located::Missing;
    for folder in &folders.known {
        match locate_in(app, folder, module) {
            Located::Missing => {}
            Located::MissingIn(path) => missing = Located::MissingIn(path),
            found => return found,
        }
    }
    missing
}

fn locate_in(app: &App, folder: &TreePath, module: &str) -> Located {
    let mut place = folder.clone();
    let mut parts = module.split('.').peekable();
    while let Some(part) = parts.next() {
        let here = place.child(part);
        let is_folder = !app.tree().under(&here).is_empty();
        if parts.peek().is_some() {
            if !is_folder {
                return missing(folder, &place);
            }
            place = here;
            continue;
        }
        let package = here.child("__init__.py");
        let file = place.child(&format!("{part}.py"));
        for path in [package, file] {
            if app.tree().resolve(&path).is_ok() {
                return Located::File(path);
            }
        }
        return if is_folder || is_compiled(app, &place, part) {
            Located::Opaque
        } else {
            missing(folder, &place)
        };
    }
    Located::Missing
}

fn missing(folder: &TreePath, place: &TreePath) -> Located {
    if place == folder {
        Located::Missing
    } else {
        Located::MissingIn(place.clone())
    }
}

/// Whether a file beside has the module's name and another ending than `.py`.
fn is_compiled(app: &App, folder: &TreePath, name: &str) -> bool {
    let mut beside = app.tree().under(folder).iter().filter_map(|entry| {
        let rest = entry.path.below(folder)?.strip_prefix(name)?;
        (!rest.contains('/')).then_some(rest)
    });
    beside.any(|rest| {
        rest.starts_with('.')
            && [".so", ".pyc", ".pyd"]
                .iter()
                .any(|end| rest.ends_with(end))
    })
}

/// The modules right in a folder, by name.
pub(crate) fn modules_in(app: &App, folder: &TreePath) -> Vec<String> {
    let names = app.tree().under(folder).iter().filter_map(|entry| {
        let inside = entry.path.below(folder)?;
        let module = inside
            .strip_suffix("/__init__.py")
            .or(inside.strip_suffix(".py"))?;
        let is_plain = !module.contains('/') && module != "__init__";
        is_plain.then(|| module.to_owned())
    });
    names.collect()
}

/// The facts of a file of the app, where they say everything that it binds.
pub(crate) fn facts<'a>(app: &'a App, path: &TreePath) -> Option<&'a Facts> {
    let source = app.source(path)?;
    let (_, facts) = source.facts()?;
    // Functions that may bind names that no statement spells.
    let dynamic = [
        "globals",
        "locals",
        "vars",
        "exec",
        "setattr",
        "enum.global_enum",
    ];
    let is_dynamic =
        facts.calls.iter().any(|call| {
            dynamic.contains(&call.callee.as_str()) || call.callee.ends_with("._convert_")
        }) || facts
            .references
            .iter()
            .any(|it| matches!(it.name.as_str(), "sys.modules" | "enum.global_enum"));
    let asks = facts
        .top_level()
        .any(|binding| binding.name == "__getattr__");
    let is_known = facts.parse == Parse::Parsed && !facts.imports_everything();
    (is_known && !is_dynamic && !asks).then_some(facts)
}

/// Whether the module binds the name.
pub(crate) fn binds(facts: &Facts, name: &str) -> bool {
    names(facts).any(|bound| bound == name)
}

/// The names that the module binds, in source order.
pub(crate) fn names(facts: &Facts) -> impl Iterator<Item = &str> {
    let bound = facts
        .top_level()
        .filter(|binding| binding.kind != BindingKind::Deletion);
    bound.map(|binding| binding.name.as_str())
}

/// The name that a person may have meant.
pub(crate) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = names.filter(|name| is_near(wanted, name));
    near.min_by_key(|name| {
        (
            !name.eq_ignore_ascii_case(wanted),
            name.len().abs_diff(wanted.len()),
        )
    })
}

/// Whether two names are the same but for letter case, an ending, or one letter.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let (short, long) = if a.len() <= b.len() {
        (&a, &b)
    } else {
        (&b, &a)
    };
    let begins =
        short.len() >= 3 && long.starts_with(short.as_str()) && long.len() - short.len() <= 2;
    let front = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let back = a
        .chars()
        .rev()
        .zip(b.chars().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (few, many) = (short.chars().count(), long.chars().count());
    let one_letter = many >= 3 && many - few <= 1 && front + back + 1 >= many;
    // Two letters in the other order: `sevrer`.
    let swapped = few == many && many >= 4 && front + back + 2 == many && {
        let middle = |text: &str| -> Vec<char> { text.chars().skip(front).take(2).collect() };
        let reversed: Vec<char> = middle(&b).into_iter().rev().collect();
        middle(&a) == reversed
    };
    begins || one_letter || swapped || a == b
}
