//! What every test of rules needs: an app in memory, the engine over it, and the checks that no
//! test may forget.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test crate uses a part of the harness"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use dashlift::engine::{self, Outcome, Reported};
use dashlift::inventory::{self, Inventory, KnownInventory, Names};
use dashlift::report::concise;
use dashlift::rules::settings::{FileIgnores, PackageIndex, Release, TargetRelease};
use dashlift::rules::{Finding, Remotes, Repository, Safety, Settings};
use dashlift::tree::{MemoryTree, Tree, TreePath};

/// An app in memory, and the settings to look at it with.
#[derive(Clone)]
pub struct Case {
    tree: MemoryTree,
    pub settings: Settings,
    pub allowed: Safety,
    remotes: Option<Remotes>,
}

/// What the engine made of a case.
pub struct After {
    /// All files, by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Findings at the end, in the concise format.
    pub open: Vec<String>,
    /// Repaired findings, in the concise format.
    pub fixed: Vec<String>,
    /// What a person has to do, of repaired and open findings.
    pub steps: Vec<String>,
    /// What else is said of these: what is known, and the other ways.
    pub said: Vec<String>,
}

/// The app of these files; all rules, safe fixes.
pub fn app<P: AsRef<str>, C: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, C)>) -> Case {
    Case {
        tree: MemoryTree::new(files),
        settings: Settings::default(),
        allowed: Safety::Safe,
        remotes: None,
    }
}

impl Case {
    /// Only this rule (or these: a prefix).
    pub fn rule(mut self, code: &str) -> Self {
        self.settings.select = vec![code.parse().unwrap()];
        self
    }

    /// Only these rules, with commas between them.
    pub fn rules(mut self, codes: &str) -> Self {
        let codes = codes.split(',').map(|code| code.parse().unwrap());
        self.settings.select = codes.collect();
        self
    }

    /// This rule says nothing about the files that match.
    pub fn ignore_in(mut self, pattern: &str, code: &str) -> Self {
        let codes = vec![code.parse().unwrap()];
        let ignores = FileIgnores::new(pattern, codes).unwrap();
        self.settings.per_file_ignores.push(ignores);
        self
    }

    /// How many findings are kept back.
    pub fn suppressed(&self) -> usize {
        engine::check(&self.repository(&self.tree), &self.settings).suppressed()
    }

    pub fn unsafe_fixes(mut self) -> Self {
        self.allowed = Safety::Unsafe;
        self
    }

    pub fn host(mut self, host: &str) -> Self {
        self.settings.de5_host = Some(host.to_owned());
        self
    }

    pub fn target(mut self, release: &str) -> Self {
        self.settings.target = TargetRelease(release.parse::<Release>().unwrap());
        self
    }

    pub fn mapping(mut self, mapping: &str) -> Self {
        self.settings.mappings.push(mapping.parse().unwrap());
        self
    }

    pub fn remove_index(mut self) -> Self {
        self.settings.package_index = PackageIndex::Remove;
        self
    }

    /// What the old server says, to a repository in a folder of this name.
    pub fn server(mut self, inventory: Inventory, folder: &str) -> Self {
        self.settings.server = Some(Arc::new(KnownInventory {
            inventory: Arc::new(inventory),
            names: Names {
                folder: Some(folder.to_owned()),
                ..Names::default()
            },
            commits: None,
        }));
        self
    }

    /// The deployed commits that the repository has.
    pub fn commits(&mut self, commits: Option<&[&str]>) {
        let known = self.settings.server.as_mut().unwrap();
        let commits = commits.map(|all| all.iter().map(|&one| one.to_owned()).collect());
        Arc::get_mut(known).unwrap().commits = commits;
    }

    /// A git remote of the repository.
    pub fn remote(&mut self, url: &str) {
        let known = self.settings.server.as_mut().unwrap();
        Arc::get_mut(known)
            .unwrap()
            .names
            .remotes
            .push(url.to_owned());
    }

    pub fn remotes(mut self, remotes: Remotes) -> Self {
        self.remotes = Some(remotes);
        self
    }

    fn repository<'t>(&self, tree: &'t dyn Tree) -> Repository<'t> {
        Repository {
            tree,
            scope: TreePath::root(),
            remotes: self.remotes.clone(),
        }
    }

    /// The findings, in the concise format.
    pub fn check(&self) -> Vec<String> {
        let outcome = engine::check(&self.repository(&self.tree), &self.settings);
        lines(outcome.open())
    }

    /// The findings themselves.
    pub fn findings(&self) -> Vec<Finding> {
        let outcome = engine::check(&self.repository(&self.tree), &self.settings);
        let open: Vec<Reported> = outcome.open().cloned().collect();
        open.iter().for_each(assert_sound);
        open.into_iter().map(|reported| reported.finding).collect()
    }

    /// Repairs the app. Fails the test when a proof fails, a finding is not sound, or a second run
    /// over the result changes anything.
    #[track_caller]
    pub fn fix(&self) -> After {
        let repository = self.repository(&self.tree);
        let outcome = engine::fix(&repository, &self.settings, self.allowed);
        for app in &outcome.apps {
            let failure = app.failed.as_ref().map(|failed| failed.failure.to_string());
            assert_eq!(failure, None, "the proof of {} failed", app.root);
        }
        let after = after(&outcome);
        self.assert_quiet(&after);
        after
    }

    #[track_caller]
    fn assert_quiet(&self, after: &After) {
        let tree = MemoryTree::new(after.files.clone());
        let again = engine::fix(&self.repository(&tree), &self.settings, self.allowed);
        let changed: Vec<&TreePath> = again.result.changes().keys().collect();
        assert!(changed.is_empty(), "a second run changes {changed:?}");
        assert_eq!(
            lines(again.open()),
            after.open,
            "a second run finds something else"
        );
    }
}

impl After {
    /// The text of a file; fails the test when it is not there.
    #[track_caller]
    pub fn text(&self, path: &str) -> &str {
        let bytes = self.files.get(path);
        let bytes = bytes.unwrap_or_else(|| panic!("no {path}, only {:?}", self.paths()));
        std::str::from_utf8(bytes).unwrap()
    }

    /// The paths of all files.
    pub fn paths(&self) -> Vec<&str> {
        self.files.keys().map(String::as_str).collect()
    }
}

fn after(outcome: &Outcome) -> After {
    let tree = &outcome.result;
    let read = |path: &TreePath| (path.as_str().to_owned(), tree.read(path).unwrap());
    outcome.open().chain(outcome.fixed()).for_each(assert_sound);
    After {
        files: tree
            .entries()
            .iter()
            .map(|entry| read(&entry.path))
            .collect(),
        open: lines(outcome.open()),
        fixed: lines(outcome.fixed()),
        steps: outcome
            .fixed()
            .chain(outcome.open())
            .flat_map(|reported| reported.finding.steps.iter().map(|step| step.text.clone()))
            .collect(),
        said: outcome
            .fixed()
            .chain(outcome.open())
            .flat_map(|reported| said(&reported.finding))
            .cloned()
            .collect(),
    }
}

/// What a finding says beside its steps.
fn said(finding: &Finding) -> impl Iterator<Item = &String> {
    finding.notes.iter().chain(&finding.alternatives)
}

fn lines<'a>(reported: impl Iterator<Item = &'a Reported>) -> Vec<String> {
    reported.map(concise::line).collect()
}

/// Fails the test when a finding breaks a rule of the house.
#[track_caller]
pub fn assert_sound(reported: &Reported) {
    let finding = &reported.finding;
    let line = concise::line(reported);
    assert!(
        !finding.message.is_empty() && !finding.message.ends_with('.'),
        "message: {line}"
    );
    assert!(
        finding.fix.is_some() || !finding.steps.is_empty(),
        "neither fix nor step: {line}"
    );
    for step in &finding.steps {
        assert!(
            step.text.ends_with(['.', ':', '?']),
            "step `{}` of {line}",
            step.text
        );
    }
    for text in said(finding) {
        assert!(text.ends_with('.'), "note `{text}` of {line}");
    }
    if let Some(fix) = &finding.fix {
        assert!(!fix.edits.is_empty(), "a fix without edits: {line}");
        assert!(
            !fix.title.is_empty() && !fix.title.ends_with('.'),
            "title `{}` of {line}",
            fix.title
        );
    }
    if let (Some(span), Some(text)) = (finding.place.span, &reported.text) {
        assert!(
            text.as_str().get(span.range()).is_some(),
            "span out of the text: {line}"
        );
    }
}

/// An inventory of these apps.
pub fn inventory(apps: Vec<inventory::InventoryApp>) -> Inventory {
    Inventory {
        version: inventory::VERSION,
        tool: String::new(),
        host: None,
        read_on: "2026-11-30".to_owned(),
        complete: true,
        counted: None,
        with_values: false,
        notes: Vec::new(),
        apps,
    }
}

/// An app of a server, with one mapping and one service.
pub fn server_app(name: &str, folder: &str, service: &str) -> inventory::InventoryApp {
    inventory::InventoryApp {
        name: name.to_owned(),
        mappings: Some(vec![inventory::InventoryMapping {
            host: folder.to_owned(),
            app: "/data".to_owned(),
        }]),
        services: Some(vec![inventory::InventoryService {
            name: service.to_owned(),
            kind: Some("redis".to_owned()),
        }]),
        ..inventory::InventoryApp::default()
    }
}
