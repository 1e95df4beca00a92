//! What came of each path, apart from the tree that it was read from: the documents that are printed
//! once, when all paths are done, are made of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::changes::{ChangedFile, changed_files};
use super::{PathPrefix, Tally};
use crate::baseline::{Fingerprint, Fingerprints};
use crate::engine::{AppOutcome, Outcome, Reported};
use crate::rules::{Category, Edit, Finding, Rule, Safety, Settings};
use crate::text::Text;
use crate::tree::{Tree, TreePath};

/// What is known of a path beside its findings.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// What paths of one repository have in common.
    pub repository: PathBuf,
    /// The path as people know it.
    pub name: String,
    /// How a document names files.
    pub paths: PathPrefix,
    /// The rules that spoke.
    pub rules: Vec<&'static Rule>,
    /// The fixes that may be made.
    pub allowed: Safety,
    /// The least weight that counts.
    pub fail_on: Category,
}

/// What came of one path.
pub struct Collected {
    /// What is known of it beside its findings.
    pub of: Circumstances,
    /// Its apps, and at the end the repository as a whole.
    pub(super) groups: Vec<Group>,
    /// Findings that a baseline keeps back.
    pub(super) baselined: Vec<Reported>,
    /// The files that the result changes.
    pub(super) changed: Vec<ChangedFile>,
    /// Why nothing could be done, a sentence.
    pub(super) error: Option<String>,
    /// The patch of the result, without secrets; for those who ask for one.
    pub patch: Option<String>,
    /// The files that fixes and findings kept back point into.
    pub(super) texts: BTreeMap<TreePath, Text>,
    /// What is no file.
    pub(super) folders: BTreeSet<TreePath>,
}

/// Findings of one app, or of the repository as a whole.
pub(super) struct Group {
    /// The app's folder; none for the repository.
    pub(super) root: Option<TreePath>,
    /// What is found.
    pub(super) open: Vec<NamedFinding>,
    /// What was repaired, or would be.
    pub(super) fixed: Vec<Reported>,
    /// What nobody wants to hear of.
    pub(super) suppressed: Vec<Suppressed>,
    /// Why nothing was repaired, when a proof failed.
    pub(super) failure: Option<String>,
}

/// A finding and its name.
pub(super) struct NamedFinding {
    pub(super) reported: Reported,
    pub(super) fingerprint: Fingerprint,
}

/// A finding that is kept back.
pub(super) struct Suppressed {
    pub(super) finding: Finding,
    /// Whether a pattern of the configuration does it; a comment does it otherwise.
    pub(super) by_pattern: bool,
}

impl Collected {
    /// What a run came to: the findings are those of `found`, the repairs those of `result`.
    pub fn new(of: Circumstances, settings: &Settings, found: &Outcome, result: &Outcome) -> Self {
        let mut fingerprints = Fingerprints::default();
        // Those of the baseline are the first of those that look alike.
        for reported in &found.baselined.findings {
            fingerprints.next(reported);
        }
        let tree: &dyn Tree = &found.result;
        let mut known = |open: &[Reported]| -> Vec<NamedFinding> {
            let name = |reported: &Reported| NamedFinding {
                fingerprint: fingerprints.next(reported),
                reported: reported.clone(),
            };
            open.iter().map(name).collect()
        };
        let kept = |findings: &[Finding]| suppressed(tree, settings, findings);
        let app = |(found, result): (&AppOutcome, &AppOutcome)| Group {
            root: Some(found.root.clone()),
            open: known(&found.open),
            fixed: result.fixed.clone(),
            suppressed: kept(&found.suppressed),
            failure: result
                .failed
                .as_ref()
                .map(|failed| failed.failure.to_string()),
        };
        let mut groups: Vec<Group> = found.apps.iter().zip(&result.apps).map(app).collect();
        groups.push(Group {
            root: None,
            open: known(&found.repository),
            fixed: Vec::new(),
            suppressed: kept(&found.suppressed),
            failure: None,
        });
        let no_app = found.apps.is_empty().then(|| "no app found".to_owned());
        let mut all = Self {
            groups,
            baselined: found.baselined.findings.clone(),
            changed: changed_files(&result.result),
            ..Self::refused(of, no_app)
        };
        all.look_up(tree);
        all
    }

    /// A path where nothing could be done, and why.
    pub fn refused(of: Circumstances, error: Option<String>) -> Self {
        Self {
            of,
            groups: Vec::new(),
            baselined: Vec::new(),
            changed: Vec::new(),
            error,
            patch: None,
            texts: BTreeMap::new(),
            folders: BTreeSet::new(),
        }
    }

    /// All findings, those of the apps first.
    pub(super) fn open(&self) -> impl Iterator<Item = &NamedFinding> {
        self.groups.iter().flat_map(|group| &group.open)
    }

    /// All repairs.
    pub(super) fn fixed(&self) -> impl Iterator<Item = &Reported> {
        self.groups.iter().flat_map(|group| &group.fixed)
    }

    /// The findings, counted.
    pub(super) fn tally(&self) -> Tally {
        Tally::of(self.open().map(|known| &known.reported))
    }

    /// Reads what the documents point into.
    fn look_up(&mut self, tree: &dyn Tree) {
        let mut wanted = BTreeSet::new();
        let mut places = BTreeSet::new();
        for known in self.groups.iter().flat_map(|group| &group.open) {
            let finding = &known.reported.finding;
            places.insert(finding.place.path.clone());
            places.extend(finding.evidence.iter().map(|one| one.place.path.clone()));
            let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
            wanted.extend(edits.filter_map(|edit| match edit {
                Edit::Replace { path, .. } => Some(path.clone()),
                _ => None,
            }));
        }
        for kept in self.groups.iter().flat_map(|group| &group.suppressed) {
            places.insert(kept.finding.place.path.clone());
            wanted.insert(kept.finding.place.path.clone());
        }
        self.texts = wanted
            .into_iter()
            .filter_map(|path| read(tree, path))
            .collect();
        let is_folder = |path: &TreePath| path.is_root() || !tree.under(path).is_empty();
        places.retain(|path| tree.kind(path).is_none() && is_folder(path));
        self.folders = places;
    }
}

fn read(tree: &dyn Tree, path: TreePath) -> Option<(TreePath, Text)> {
    let bytes = tree.read(&path).ok()?;
    let text = Text::decode_declared(&bytes).ok()?;
    Some((path, text))
}

fn suppressed(tree: &dyn Tree, settings: &Settings, findings: &[Finding]) -> Vec<Suppressed> {
    let kept = |finding: &Finding| {
        let path = &finding.place.path;
        let folder = tree.kind(path).is_none();
        Suppressed {
            by_pattern: settings.ignores_in(path, folder, finding.rule.code),
            finding: finding.clone(),
        }
    };
    findings.iter().map(kept).collect()
}
