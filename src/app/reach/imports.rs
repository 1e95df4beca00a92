//! What one source runs: the modules that it imports, the pages that Dash loads for it, the files and
//! modules that its strings name.

use super::{Via, Walk};
use crate::app::processes::{Folders, Located, locate, modules_in};
use crate::python::{Call, Facts, Import, ImportForm, LiteralKind, Parse, SourceKind};
use crate::tree::TreePath;

/// Calls that load a module by a name that the code makes up.
const LOADERS: &[&str] = &[
    "importlib.import_module",
    "__import__",
    "pkgutil.iter_modules",
    "pkgutil.walk_packages",
    "runpy.run_module",
    "runpy.run_path",
    "importlib.util.spec_from_file_location",
];

/// Arguments that list modules by name (celery's).
const LISTS_OF_MODULES: &[&str] = &["include", "imports", "packages"];

impl Walk<'_, '_> {
    /// Follows what the source at `path` runs.
    pub(super) fn look_into(&mut self, path: &TreePath, folders: &Folders) {
        let Some(source) = self.sources.get(path).copied() else {
            return;
        };
        let via = Via::Source(path.clone());
        let Some((_, facts)) = source.facts() else {
            self.note_unread(path.clone(), None);
            return;
        };
        for import in facts.imports.iter().filter(|it| !it.type_checking) {
            self.follow_import(path, folders, import, &via);
        }
        if facts.parse == Parse::Tokens {
            self.note_unread(path.clone(), facts.error.as_ref().map(|it| it.span));
        }
        self.follow_literals(path, folders, facts, &via);
        for call in &facts.calls {
            self.follow_call(path, facts, call, &via);
        }
    }

    fn follow_import(&mut self, path: &TreePath, folders: &Folders, import: &Import, via: &Via) {
        let relative;
        let folders = if import.level == 0 {
            folders
        } else {
            let up = import.level - 1;
            let package = (0..up).fold(path.parent(), |folder, _| folder.parent());
            relative = Folders {
                known: vec![package],
                open: false,
            };
            &relative
        };
        if import.module.is_empty() {
            self.reach_package(folders, via);
        } else {
            self.reach_modules(folders, &import.module, via);
        }
        match import.name.as_deref() {
            Some("*") => self.reach_all_below(folders, &import.module, via),
            Some(name) if import.module.is_empty() => {
                self.reach_modules(folders, name, via);
            }
            Some(name) => {
                self.reach_modules(folders, &format!("{}.{name}", import.module), via);
            }
            None => {}
        }
    }

    /// `from . import x`: the package itself.
    fn reach_package(&mut self, folders: &Folders, via: &Via) {
        for folder in &folders.known {
            self.reach_file(&folder.child("__init__.py"), folders, via);
        }
    }

    /// `from pkg import *` takes what `__all__` names, modules too.
    fn reach_all_below(&mut self, folders: &Folders, module: &str, via: &Via) {
        let Located::File(path) = locate(self.app, folders, module) else {
            return;
        };
        if path.name() == "__init__.py" {
            for name in modules_in(self.app, &path.parent()) {
                self.reach_modules(folders, &format!("{module}.{name}"), via);
            }
        }
    }

    /// Strings that name a file or a dotted module of the app: `subprocess.run(["python",
    /// "work.py"])`, Django's settings, `"jobs.daily"`. In doubt it runs.
    fn follow_literals(&mut self, path: &TreePath, folders: &Folders, facts: &Facts, via: &Via) {
        for literal in &facts.literals {
            let text = literal.value.as_str();
            let is_code = matches!(literal.kind, LiteralKind::Text | LiteralKind::Part);
            if !is_code || text.len() > LONGEST_NAME || text.contains(char::is_whitespace) {
                continue;
            }
            let kind = SourceKind::of_name(text);
            if kind.is_some() {
                let places = [path.parent(), self.app.root().clone()];
                for place in places {
                    if let Ok(place) = place.join(text) {
                        self.reach_script(&place, via);
                    }
                }
                continue;
            }
            let is_dotted = text.contains('.') && text.split('.').all(is_name);
            if is_dotted || (is_name(text) && lists_modules(facts, literal.site)) {
                self.reach_modules(folders, text, via);
            }
        }
    }

    fn follow_call(&mut self, path: &TreePath, facts: &Facts, call: &Call, via: &Via) {
        if call.has_keyword("use_pages") || call.has_keyword("pages_folder") {
            let folder = call.argument("pages_folder", usize::MAX);
            let named = folder.and_then(|span| {
                let mut texts = facts.literals.iter();
                texts.find(|literal| literal.span == span)
            });
            let name = named.map_or("pages", |literal| literal.value.as_str());
            for base in [path.parent(), self.app.root().clone()] {
                if let Ok(folder) = base.join(name) {
                    self.reach_folder(&folder, via);
                }
            }
        }
        if call.callee == "streamlit.Page" || call.callee == "streamlit.navigation" {
            self.reach_folder(&path.parent().child("pages"), via);
        }
        let is_dynamic = LOADERS.contains(&call.callee.as_str())
            && !facts
                .imports
                .iter()
                .any(|import| import.form == ImportForm::Dynamic && import.statement == call.span);
        if is_dynamic && !names_installed(facts, call) {
            self.note_unread(path.clone(), Some(call.span));
        }
    }

    /// Every module of a folder and below it.
    fn reach_folder(&mut self, folder: &TreePath, via: &Via) {
        let inside: Vec<TreePath> = self
            .sources
            .keys()
            .filter(|path| {
                path.is_in(folder) && SourceKind::of_name(path.name()) == Some(SourceKind::Module)
            })
            .map(|path| (*path).clone())
            .collect();
        for path in inside {
            self.reach_script(&path, via);
        }
    }
}

/// Longer strings are no names of modules.
const LONGEST_NAME: usize = 200;

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    !text.is_empty() && text.chars().all(is_part) && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a string stands in a list of modules.
fn lists_modules(facts: &Facts, site: usize) -> bool {
    let argument = facts.argument_of(site);
    argument.is_some_and(|(call, slot)| {
        let named = |name: &str| LISTS_OF_MODULES.contains(&name);
        matches!(slot, crate::python::Slot::Keyword(name) if named(name))
            || call.callee.ends_with(".autodiscover_tasks")
    })
}

/// Whether a loader is called with a literal that it loads: that is an import already.
fn names_installed(facts: &Facts, call: &Call) -> bool {
    let first = call.argument("name", 0);
    let mut literals = facts.literals.iter();
    first.is_some_and(|span| literals.any(|literal| literal.span == span))
}
