//! What rules read is what they declare: comments that keep nothing back are looked for there, and
//! hooks start for these files.

#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "names of files are compared as the platform does"
)]
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

use dashlift::app::{App, discover};
use dashlift::engine;
use dashlift::rules::settings::RuleSet;
use dashlift::rules::{self, Check, Inputs, Repository, Rule, Settings};
use dashlift::tree::{Entry, MemoryTree, ReadError, Skipped, Tree, TreePath};

/// A tree that notes which files are read.
struct Watched<'t> {
    tree: &'t MemoryTree,
    read: Mutex<BTreeSet<TreePath>>,
}

impl Tree for Watched<'_> {
    fn entries(&self) -> &[Entry] {
        self.tree.entries()
    }

    fn skipped(&self) -> &[Skipped] {
        self.tree.skipped()
    }

    fn resolve(&self, path: &TreePath) -> Result<TreePath, ReadError> {
        self.tree.resolve(path)
    }

    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        let read = self.tree.read(path);
        if read.is_ok() {
            self.read.lock().unwrap().insert(path.clone());
        }
        read
    }

    fn size(&self, path: &TreePath) -> Option<u64> {
        self.tree.size(path)
    }
}

fn read_by(tree: &MemoryTree, run: impl FnOnce(&Watched)) -> BTreeSet<TreePath> {
    let watched = Watched {
        tree,
        read: Mutex::default(),
    };
    run(&watched);
    watched.read.into_inner().unwrap()
}

fn check(tree: &dyn Tree, rules: Vec<&'static Rule>) {
    let repository = Repository {
        tree,
        scope: TreePath::root(),
        remotes: None,
    };
    let settings = Settings {
        rules: RuleSet(rules),
        ..Settings::default()
    };
    engine::check(&repository, &settings);
}

/// The files that the declaration names, in every app of the tree.
fn declared(tree: &MemoryTree, rule: &Rule) -> BTreeSet<TreePath> {
    let inputs = &rule.inputs;
    let roots = discover(tree, &TreePath::root());
    let mut paths: BTreeSet<TreePath> = roots
        .iter()
        .flat_map(|root| inputs.files.iter().map(|name| root.child(name)))
        .collect();
    if inputs.lists {
        paths.extend(read_by(tree, |watched| {
            for root in &roots {
                App::new(watched, root.clone()).requirements();
            }
        }));
    }
    if inputs.scripts {
        let all = tree.entries().iter().map(|entry| &entry.path);
        paths.extend(all.filter(|path| path.name().ends_with(".sh")).cloned());
    }
    if inputs.reads_sources() {
        let sources = tree.entries().iter().map(|entry| &entry.path);
        let is_source =
            |path: &&TreePath| path.name().ends_with(".py") || path.name().ends_with(".ipynb");
        paths.extend(sources.filter(is_source).cloned());
        let telling = Inputs::TELL_WHAT_RUNS.iter();
        let telling: Vec<&str> = telling.copied().collect();
        let all = tree.entries().iter().map(|entry| &entry.path);
        paths.extend(
            all.filter(|path| telling.contains(&path.name()) || path.name().ends_with(".sh"))
                .cloned(),
        );
    }
    paths
}

/// The files of an app of `testdata/`.
fn load(folder: &Path) -> MemoryTree {
    fn walk(folder: &Path, top: &Path, files: &mut Vec<(String, Vec<u8>)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, top, files);
            } else {
                let name = path.strip_prefix(top).unwrap();
                files.push((
                    name.to_str().unwrap().to_owned(),
                    std::fs::read(&path).unwrap(),
                ));
            }
        }
    }
    let mut files = Vec::new();
    walk(folder, folder, &mut files);
    MemoryTree::new(files)
}

#[test]
fn rules_read_what_they_declare() {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut undeclared = BTreeSet::new();
    for app in std::fs::read_dir(testdata).unwrap() {
        let before = app.unwrap().path().join("before");
        if !before.is_dir() {
            continue;
        }
        let tree = load(&before);
        let always = read_by(&tree, |watched| check(watched, Vec::new()));
        for rule in rules::all() {
            if !matches!(rule.check, Check::App(_)) {
                continue;
            }
            let declared = declared(&tree, rule);
            let read = read_by(&tree, |watched| check(watched, vec![rule]));
            for path in read
                .difference(&always)
                .filter(|path| !declared.contains(path))
            {
                undeclared.insert(format!("{} reads {}", rule.stem, path.name()));
            }
        }
    }
    assert_eq!(undeclared, BTreeSet::new());
}
