//! Applies the fixes of the allowed safety until nothing applies, and proves what it did. What
//! cannot be proven is not done: the app stays as it was and the outcome says why.

mod apply;
mod cause;
mod choice;
mod proof;
mod rest;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use thiserror::Error;

use crate::app::{App, Broken, ParsedSources, discover};
use crate::parallel;
use crate::rules::{
    Finding, Place, Repository, Safety, Settings, Step, check_app, check_repository,
};
use crate::text::{Position, Text};
use crate::tree::{Change, Overlay, Tree, TreePath};

use apply::Batch;
use choice::Choice;

pub use cause::join_causes;
pub use choice::Proposal;
pub use rest::fix_with_lists;

/// Rounds after which an app that does not come to rest is a defect of this program. A real app
/// needs two or three.
const MAX_ROUNDS: usize = 10;

/// A finding with the text that it was made from, so that whoever renders it can show the place.
#[derive(Debug, Clone)]
pub struct Reported {
    /// What the rule said.
    pub finding: Finding,
    /// The text of the file it is about, when the file has one.
    pub text: Option<Text>,
    /// The text of the file of each evidence, in the order of the finding's evidence.
    pub evidence: Vec<Option<Text>>,
}

impl Reported {
    /// Line and column of the finding.
    pub fn position(&self) -> Position {
        let place = &self.finding.place;
        place.position.unwrap_or_else(|| {
            let offset = place.span.map_or(0, |span| span.start);
            self.text
                .as_ref()
                .map_or(Position { line: 1, column: 1 }, |text| {
                    text.position(offset)
                })
        })
    }
}

/// Why the fixes of an app were taken back.
#[derive(Debug, Clone, Error)]
pub enum ProofFailure {
    /// The rules asked for changes without end.
    #[error("the fixes did not come to rest after {MAX_ROUNDS} rounds; the last one was {0}")]
    Unstable(String),
    /// A fix could not be applied to the text it was made for.
    #[error("a fix of {rule} does not fit {path}: {reason}")]
    Misfit {
        /// The rule.
        rule: String,
        /// The file.
        path: TreePath,
        /// What does not fit.
        reason: String,
    },
    /// A file that was written has no meaning.
    #[error("{} would be unreadable after the fixes: {}", .0.path, .0.problem.message)]
    Unreadable(Broken),
    /// A fixed finding is still there.
    #[error("{0} is still there after its fix")]
    NotRepaired(String),
    /// The fixes brought a finding that breaks the app on DE5.
    #[error("the fixes would bring a new finding: {0}")]
    NewFinding(String),
}

/// A failed proof with both texts of every file that was about to change, for a bug report.
#[derive(Debug, Clone)]
pub struct FailedProof {
    /// Why.
    pub failure: ProofFailure,
    /// The changes that were taken back.
    pub rejected: BTreeMap<TreePath, Change>,
}

/// A source file that no rule could look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedSource {
    /// The file.
    pub path: TreePath,
    /// Why, without a full stop.
    pub reason: String,
}

/// What became of one app.
#[derive(Debug, Clone)]
pub struct AppOutcome {
    /// The app's folder.
    pub root: TreePath,
    /// Findings that were repaired, in the order of their repair.
    pub fixed: Vec<Reported>,
    /// Findings that are there at the end.
    pub open: Vec<Reported>,
    /// Findings that are there at the end and that nobody wants to hear of.
    pub suppressed: Vec<Finding>,
    /// Why nothing was repaired, when a proof failed.
    pub failed: Option<Box<FailedProof>>,
    /// The sources that a rule wanted to look into and could not.
    pub skipped: Vec<SkippedSource>,
}

/// Findings that were written down on an earlier day, to be repaired on a later one.
#[derive(Debug, Clone, Default)]
pub struct Baselined {
    /// Those that are still there; they are not among the open ones.
    pub findings: Vec<Reported>,
    /// How many are there no more.
    pub gone: usize,
    /// Whether they were written down by an earlier version, which knew them by the text of their
    /// lines: that is worth writing anew.
    pub is_old: bool,
}

/// What became of a repository.
pub struct Outcome<'t> {
    /// Each app, by folder.
    pub apps: Vec<AppOutcome>,
    /// Findings about the repository as a whole.
    pub repository: Vec<Reported>,
    /// Those of them that nobody wants to hear of.
    pub suppressed: Vec<Finding>,
    /// What a baseline says of the findings; nothing here asks it.
    pub baselined: Baselined,
    /// The result: the tree with all proven changes.
    pub result: Overlay<'t>,
}

impl Outcome<'_> {
    /// All findings that are there at the end, those of the apps first.
    pub fn open(&self) -> impl Iterator<Item = &Reported> {
        self.apps
            .iter()
            .flat_map(|app| &app.open)
            .chain(&self.repository)
    }

    /// Puts what breaks an app before what works by luck, and advice last, in each app by itself.
    pub fn sort_by_weight(&mut self) {
        let apps = self.apps.iter_mut().map(|app| &mut app.open);
        for open in apps.chain([&mut self.repository]) {
            open.sort_by_key(|reported| reported.finding.category);
        }
    }

    /// All findings that were repaired.
    pub fn fixed(&self) -> impl Iterator<Item = &Reported> {
        self.apps.iter().flat_map(|app| &app.fixed)
    }

    /// How many findings are there at the end that nobody wants to hear of.
    pub fn suppressed(&self) -> usize {
        let of_apps = self.apps.iter().map(|app| app.suppressed.len());
        of_apps.sum::<usize>() + self.suppressed.len()
    }

    /// Whether the proof of any app failed.
    pub fn failed(&self) -> bool {
        self.apps.iter().any(|app| app.failed.is_some())
    }
}

/// Looks at every app of the repository and repairs nothing. The apps are checked side by side.
pub fn check<'t>(repository: &Repository<'t>, settings: &Settings) -> Outcome<'t> {
    let apps = discover(repository.tree, &repository.scope);
    let check_one = |root: TreePath| {
        let seen = inspect_app(
            repository.tree,
            &repository.scope,
            &root,
            settings,
            &ParsedSources::default(),
        );
        AppOutcome {
            root,
            fixed: Vec::new(),
            open: seen.open,
            failed: None,
            suppressed: seen.suppressed,
            skipped: seen.skipped,
        }
    };
    let checked = parallel::map(apps, check_one);
    let whole = look_at_all(repository, settings);
    Outcome {
        apps: without_repetition(checked),
        repository: whole.open,
        suppressed: whole.suppressed,
        baselined: Baselined::default(),
        result: Overlay::new(repository.tree),
    }
}

/// Repairs every app of the repository with fixes up to the `allowed` safety. Apps come one after
/// the other, because two of them may share a requirements file.
pub fn fix<'t>(repository: &Repository<'t>, settings: &Settings, allowed: Safety) -> Outcome<'t> {
    repair_all(repository, settings, allowed, &mut Choice::all())
}

/// As [`fix`], with those fixes only that `choose` takes. What it declines stays open, and is not
/// asked for again.
pub fn fix_chosen<'t>(
    repository: &Repository<'t>,
    settings: &Settings,
    allowed: Safety,
    choose: &mut dyn FnMut(&Proposal) -> bool,
) -> Outcome<'t> {
    repair_all(repository, settings, allowed, &mut Choice::new(choose))
}

/// Repairs one app after the other, each on what the ones before it left.
///
/// # Errors
/// The first one of `repair`.
fn repair_each<'t, E>(
    repository: &Repository<'t>,
    settings: &Settings,
    allowed: Safety,
    mut repair: impl FnMut(&EngineRun, &Overlay<'t>) -> Result<(AppOutcome, Overlay<'t>), E>,
) -> Result<Outcome<'t>, E> {
    let mut result = Overlay::new(repository.tree);
    let mut apps = Vec::new();
    for root in discover(repository.tree, &repository.scope) {
        let run = EngineRun {
            root: &root,
            scope: &repository.scope,
            settings,
            allowed,
            parsed: ParsedSources::default(),
        };
        let (app, changed) = repair(&run, &result)?;
        result = changed;
        apps.push(app);
    }
    let whole = look_at_all(repository, settings);
    Ok(Outcome {
        apps: without_repetition(apps),
        repository: whole.open,
        suppressed: whole.suppressed,
        baselined: Baselined::default(),
        result,
    })
}

fn repair_all<'t>(
    repository: &Repository<'t>,
    settings: &Settings,
    allowed: Safety,
    choice: &mut Choice,
) -> Outcome<'t> {
    let repaired = repair_each(repository, settings, allowed, |run, before| {
        Ok::<_, Infallible>(run.app(before, choice))
    });
    match repaired {
        Ok(outcome) => outcome,
        Err(never) => match never {},
    }
}

/// A file that several apps share is reported with the first of them only.
fn without_repetition(mut apps: Vec<AppOutcome>) -> Vec<AppOutcome> {
    let mut shared = BTreeSet::new();
    for app in &mut apps {
        let root = &app.root;
        let mut is_new = |finding: &Finding| {
            let place = &finding.place;
            let key = (finding.identity(), place.path.clone(), place.span);
            finding.place.path.is_in(root) || shared.insert(key)
        };
        app.open.retain(|reported| is_new(&reported.finding));
        app.suppressed.retain(is_new);
    }
    apps
}

/// What the rules say of a tree.
#[derive(Clone)]
struct RuleResults {
    open: Vec<Reported>,
    suppressed: Vec<Finding>,
    /// Sources that could not be looked into; of an app only.
    skipped: Vec<SkippedSource>,
}

/// The work on one app.
struct EngineRun<'a> {
    root: &'a TreePath,
    scope: &'a TreePath,
    settings: &'a Settings,
    allowed: Safety,
    parsed: ParsedSources,
}

impl EngineRun<'_> {
    /// Repairs the app above `before`; gives back `before` itself when the proof fails.
    fn app<'t>(&self, before: &Overlay<'t>, choice: &mut Choice) -> (AppOutcome, Overlay<'t>) {
        let first = inspect_app(before, self.scope, self.root, self.settings, &self.parsed);
        let skipped = first.skipped.clone();
        let mut after = before.clone();
        let mut fixed = Vec::new();
        let proven = self
            .repair(&mut after, first.clone(), &mut fixed, choice)
            .and_then(|seen| {
                let declined = choice.declined();
                proof::prove(before, &after, &first, &fixed, &seen, declined).map(|()| seen)
            });
        let root = self.root.clone();
        match proven {
            Ok(seen) => {
                let outcome = AppOutcome {
                    root,
                    fixed,
                    open: seen.open,
                    suppressed: seen.suppressed,
                    failed: None,
                    skipped,
                };
                (outcome, after)
            }
            Err(failure) => {
                let rejected = proof::changes_between(before, &after);
                let failed = Some(Box::new(FailedProof { failure, rejected }));
                let outcome = AppOutcome {
                    root,
                    fixed: Vec::new(),
                    open: first.open,
                    suppressed: first.suppressed,
                    failed,
                    skipped,
                };
                (outcome, before.clone())
            }
        }
    }

    /// Applies fixes, looks again, until nothing applies. What is open then is the result.
    fn repair(
        &self,
        tree: &mut Overlay,
        mut seen: RuleResults,
        fixed: &mut Vec<Reported>,
        choice: &mut Choice,
    ) -> Result<RuleResults, ProofFailure> {
        for _ in 0..MAX_ROUNDS {
            let mut batch = Batch::default();
            let mut taken = Vec::new();
            choice.next_round();
            for reported in &seen.open {
                if self.takes(&mut batch, tree, reported, choice)? {
                    taken.push(reported.clone());
                }
            }
            if taken.is_empty() {
                return Ok(seen);
            }
            batch.apply(tree)?;
            fixed.extend(taken);
            seen = inspect_app(tree, self.scope, self.root, self.settings, &self.parsed);
        }
        let last = fixed
            .last()
            .map(|reported| reported.finding.rule.code.to_string());
        Err(ProofFailure::Unstable(last.unwrap_or_default()))
    }

    /// Nobody is asked about a fix that is not allowed, or has to wait for the next round.
    fn takes(
        &self,
        batch: &mut Batch,
        tree: &Overlay,
        reported: &Reported,
        choice: &mut Choice,
    ) -> Result<bool, ProofFailure> {
        let Some(fix) = &reported.finding.fix else {
            return Ok(false);
        };
        Ok(fix.safety <= self.allowed
            && (!choice.asks() || (batch.fits(tree, fix) && choice.takes(tree, reported, fix)?))
            && batch.take(tree, reported.finding.rule.code, fix))
    }
}

/// The findings of one app as it stands in `tree`, and the sources that stayed closed.
fn inspect_app(
    tree: &dyn Tree,
    scope: &TreePath,
    root: &TreePath,
    settings: &Settings,
    parsed: &ParsedSources,
) -> RuleResults {
    let app = App::new(tree, root.clone()).keeping(parsed);
    let checked = check_app(&app, settings);
    let findings = checked.findings.into_iter();
    let findings = findings.map(|finding| keep_in(tree, scope, finding));
    let open = report(tree, BTreeMap::new(), findings.collect());
    let skipped = app.sources().iter().filter_map(|file| {
        let path = file.path().clone();
        let reason = file.failure()?;
        Some(SkippedSource { path, reason })
    });
    RuleResults {
        skipped: skipped.collect(),
        suppressed: checked.suppressed,
        open,
    }
}

/// The findings about the repository as a whole. The file that lists its remotes is in no tree.
fn look_at_all(repository: &Repository, settings: &Settings) -> RuleResults {
    let remotes = repository.remotes.iter();
    let known = remotes.map(|remotes| (remotes.path.clone(), Some(remotes.text.clone())));
    let checked = check_repository(repository, settings);
    RuleResults {
        open: report(repository.tree, known.collect(), checked.findings),
        suppressed: checked.suppressed,
        skipped: Vec::new(),
    }
}

/// A fix that would write outside the folder that was asked for becomes a step: the file belongs
/// to other apps too.
fn keep_in(tree: &dyn Tree, scope: &TreePath, mut finding: Finding) -> Finding {
    let outside = finding
        .fix
        .as_ref()
        .and_then(|fix| apply::outside(tree, scope, fix));
    if let Some(path) = outside {
        finding.fix = None;
        finding.steps.push(Step::new(format!(
            "{path} lies outside {scope}: run dashlift on the whole repository to have it mended."
        )));
    }
    finding
}

/// Puts beside each finding the text it is about. Findings of one file share its text.
fn report(
    tree: &dyn Tree,
    mut texts: BTreeMap<TreePath, Option<Text>>,
    findings: Vec<Finding>,
) -> Vec<Reported> {
    let mut text_of = |place: &Place| {
        let points_at_text = place.span.is_some() || place.position.is_some();
        let text = points_at_text.then(|| {
            texts
                .entry(place.path.clone())
                .or_insert_with_key(|path| read(tree, path))
        });
        text.cloned().flatten()
    };
    let with_text = findings.into_iter().map(|finding| Reported {
        text: text_of(&finding.place),
        evidence: finding
            .evidence
            .iter()
            .map(|evidence| text_of(&evidence.place))
            .collect(),
        finding,
    });
    with_text.collect()
}

fn read(tree: &dyn Tree, path: &TreePath) -> Option<Text> {
    tree.read(path)
        .ok()
        .and_then(|bytes| Text::decode_declared(&bytes).ok())
}

#[cfg(test)]
mod tests;
