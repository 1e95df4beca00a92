//! The app's own modules, which hide distributions of the same name.

use std::collections::BTreeMap;

use crate::app::App;
use crate::app::processes::{modules_in, starts};
use crate::tree::TreePath;

/// The modules that Python finds in the app before it looks at what is installed.
pub(super) struct Own {
    modules: BTreeMap<String, TreePath>,
    /// Every name of a module or folder, wherever it is.
    anywhere: Vec<String>,
}

impl Own {
    /// Those in the app's folder, and in the folders that its processes start in. A folder without
    /// `__init__.py` hides nothing: an installed package of its name wins.
    pub(super) fn gather(app: &App) -> Self {
        let mut folders = vec![app.root().clone()];
        if let Some(file) = app.procfile().present() {
            let processes = file.model.processes().iter();
            let starts = processes.flat_map(|it| starts(app, &file.path, &file.text, it));
            let known = starts.flat_map(|start| start.folders.known);
            folders.extend(known.filter(|folder| folder.is_in(app.root())));
        }
        let mut modules = BTreeMap::new();
        for folder in folders {
            for module in modules_in(app, &folder) {
                let path = folder.child(&module);
                modules.entry(module).or_insert(path);
            }
        }
        Self {
            modules,
            anywhere: anywhere(app),
        }
    }

    /// Whether an import of the top-level `module` in the file `importer` is one of the app's own
    /// module. A module that imports its own name means the distribution.
    pub(super) fn hides(&self, module: &str, importer: &TreePath) -> bool {
        let Some(path) = self.modules.get(module) else {
            return false;
        };
        let is_itself = importer.as_str() == format!("{path}.py") || importer.is_in(path);
        !is_itself
    }

    /// Whether the app has a module or folder of this name somewhere.
    pub(super) fn has(&self, module: &str) -> bool {
        self.anywhere
            .binary_search_by(|it| it.as_str().cmp(module))
            .is_ok()
    }
}

fn anywhere(app: &App) -> Vec<String> {
    let mut names = Vec::new();
    for entry in app.tree().under(app.root()) {
        let Some(inside) = entry.path.below(app.root()) else {
            continue;
        };
        let mut parts = inside.split('/').rev();
        if let Some(file) = parts.next() {
            let module = file
                .split_once('.')
                .filter(|(_, end)| end.ends_with("py") || end.ends_with("so"));
            names.extend(module.map(|(name, _)| name.to_owned()));
        }
        names.extend(parts.map(str::to_owned));
    }
    names.sort_unstable();
    names.dedup();
    names
}
