//! Makes the report of what became of each repository, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::{
    AppDocument, FindingDocument, PlanDocument, PlanRepair, PlanStep, RepositoryDocument,
};
use super::super::verify::VerifyDocument;
use super::{
    App, End, Fleet, FleetEntry, FleetRepository, Readiness, RuleCount, State, Summary, Tool,
    VERSION, diff,
};
use crate::rules::{self, Category, Effort};

/// A report being made.
#[derive(Default)]
pub struct Builder {
    apps: Vec<App>,
    repositories: Vec<FleetRepository>,
    summary: Summary,
    rules: BTreeMap<String, RuleCount>,
    ids: BTreeSet<String>,
}

impl Builder {
    /// Adds what became of a repository.
    pub fn add(&mut self, entry: FleetEntry) {
        let mut repository = FleetRepository {
            name: entry.repository,
            commit: entry.commit,
            dirty: entry.dirty,
            command: entry.command,
            error: None,
            apps: 0,
            branch: None,
            findings: Vec::new(),
        };
        self.summary.repositories += 1;
        match (entry.end, read_result(entry.result)) {
            (End::Failed(error), _) | (End::Done, Err(error)) => {
                self.summary.failed_repositories += 1;
                repository.error = Some(error);
            }
            (End::NoApp, _) => self.summary.without_app += 1,
            (End::Done, Ok(result)) => self.add_result(&mut repository, result),
        }
        self.repositories.push(repository);
    }

    fn add_result(&mut self, repository: &mut FleetRepository, result: RepositoryDocument) {
        repository.apps = result.apps.len();
        repository.branch = result.branch;
        self.count_findings(&result.findings, &[], &[]);
        repository.findings = result.findings;
        let roots: Vec<String> = result.apps.iter().map(|app| app.root.to_string()).collect();
        let roots: Vec<&str> = roots.iter().map(String::as_str).collect();
        let (plans, trials) = (
            result.plans.unwrap_or_default(),
            result.verified.unwrap_or_default(),
        );
        let patch = result.diff.as_deref();
        let mut patches = patch.map(|patch| diff::by_app(patch, &roots).into_iter());
        for (found, plan) in result.apps.into_iter().zip(plans) {
            let patch = patches.as_mut().and_then(Iterator::next);
            let mut trials = trials.iter();
            let trial = trials.find(|trial| trial.app() == found.root.to_string());
            let trial = trial.cloned();
            let mut app = app(&repository.name, found, plan, patch);
            if let Some(trial) = trial {
                let is_as_it_moves = repository.command != "check" || app.plan.repairs.is_empty();
                add_trial(&mut app, trial, is_as_it_moves);
            }
            app.id = self.id(&app);
            self.count(&app);
            self.apps.push(app);
        }
    }

    /// The app's repository and folder as one word, and a number where two are the same.
    fn id(&mut self, app: &App) -> String {
        let word: String = format!("{}/{}", app.repository, app.root)
            .trim_end_matches("/.")
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let numbered = (2..).map(|number| format!("app-{word}-{number}"));
        let mut ids = std::iter::once(format!("app-{word}")).chain(numbered);
        let id = ids.find(|id| !self.ids.contains(id)).unwrap_or(word);
        self.ids.insert(id.clone());
        id
    }

    fn count(&mut self, app: &App) {
        self.count_findings(&app.findings, &app.blocks, &app.plan.repairs);
        let summary = &mut self.summary;
        summary.apps += 1;
        summary.readiness.count(app.readiness);
        if let Some(trial) = &app.verified {
            summary.started += 1;
            summary.answered += usize::from(trial.is_verified());
        }
        summary.repairs += app.plan.repairs.len();
        summary.steps += app.plan.person.len();
        for step in &app.plan.person {
            match step.effort {
                Effort::None | Effort::Minutes => summary.by_effort.minutes += 1,
                Effort::Hours => summary.by_effort.hours += 1,
                Effort::Days => summary.by_effort.days += 1,
            }
        }
    }

    /// Counts the findings of an app, or of a repository as a whole.
    fn count_findings(
        &mut self,
        others: &[FindingDocument],
        blocks: &[FindingDocument],
        repairs: &[PlanRepair],
    ) {
        let mut seen = BTreeSet::new();
        for finding in blocks.iter().chain(others) {
            match finding.category {
                Category::Must => self.summary.must += 1,
                Category::Should => self.summary.should += 1,
                Category::May => self.summary.may += 1,
            }
            let rule = self.rule(&finding.code, &finding.stem);
            rule.findings += 1;
            rule.apps += usize::from(seen.insert(finding.code.as_str()));
        }
        for repair in repairs {
            let rule = self.rule(&repair.code, "");
            rule.repairs += 1;
            rule.apps += usize::from(seen.insert(repair.code.as_str()));
        }
        let blocking: BTreeSet<&str> = blocks.iter().map(|it| it.code.as_str()).collect();
        for code in blocking {
            self.rule(code, "").blocks += 1;
        }
    }

    fn rule(&mut self, code: &str, stem: &str) -> &mut RuleCount {
        self.rules.entry(code.to_owned()).or_insert_with(|| {
            let rule = rules::find(code);
            RuleCount {
                code: code.to_owned(),
                stem: rule.map_or(stem, |rule| rule.stem).to_owned(),
                summary: rule.map_or("", |rule| rule.summary).to_owned(),
                apps: 0,
                blocks: 0,
                findings: 0,
                repairs: 0,
            }
        })
    }

    /// The report. `states` are the files that it is made of, `notes` what a reader must know.
    pub fn finish(mut self, states: Vec<State>, notes: Vec<String>) -> Fleet {
        let mut rules: Vec<RuleCount> = self.rules.into_values().collect();
        rules.sort_by(|a, b| {
            let most = |rule: &RuleCount| (rule.blocks, rule.apps);
            most(b).cmp(&most(a)).then_with(|| a.code.cmp(&b.code))
        });
        self.apps.sort_by(|a, b| {
            let need = |app: &App| (app.readiness, std::cmp::Reverse(app.effort));
            let steps = |app: &App| app.blocks.len() + app.plan.person.len();
            let name = |app: &App| (app.repository.clone(), app.root.clone());
            need(a)
                .cmp(&need(b))
                .then_with(|| steps(b).cmp(&steps(a)))
                .then_with(|| name(a).cmp(&name(b)))
        });
        self.repositories.sort_by(|a, b| a.name.cmp(&b.name));
        Fleet {
            version: VERSION,
            tool: Tool::THIS,
            states,
            notes,
            summary: self.summary,
            since: None,
            rules,
            apps: self.apps,
            repositories: self.repositories,
        }
    }
}

/// The result, or a sentence on why it cannot be shown.
fn read_result(value: serde_json::Value) -> Result<RepositoryDocument, String> {
    let result: RepositoryDocument = serde_json::from_value(value)
        .map_err(|error| format!("what is kept of it cannot be read ({error}); run it again"))?;
    if result.apps.len() == result.plans.as_ref().map_or(0, Vec::len) {
        Ok(result)
    } else {
        Err("not every plan of it was kept; run it again".to_owned())
    }
}

fn app(repository: &str, found: AppDocument, plan: PlanDocument, diff: Option<String>) -> App {
    let of = |category| {
        let findings = found.findings.iter();
        findings.filter(|it| it.category == category).count()
    };
    let (must, should, may) = (of(Category::Must), of(Category::Should), of(Category::May));
    let (blocks, findings) = found
        .findings
        .into_iter()
        .partition::<Vec<_>, _>(|finding| is_blocking(finding, &plan));
    let failure = found.failure.map(|failure| failure.message);
    let readiness = if failure.is_some() {
        Readiness::Failed
    } else if !blocks.is_empty() {
        Readiness::Blocked
    } else if !plan.person.is_empty() {
        Readiness::Person
    } else if !plan.unknown.is_empty() {
        Readiness::Unsure
    } else {
        prepared(&plan)
    };
    let server = plan.server.as_ref();
    let owner = server.and_then(|server| server.owner.clone());
    let visited = server.and_then(|server| server.visited.clone());
    App {
        id: String::new(),
        repository: repository.to_owned(),
        root: found.root.to_string(),
        name: plan.name.clone(),
        readiness,
        effort: plan.effort,
        must,
        should,
        may,
        blocks,
        findings,
        failure,
        verified: None,
        plan,
        diff: diff.filter(|diff| !diff.is_empty()),
        owner,
        visited,
        wave: None,
    }
}

/// How ready an app is in whose way nothing stands.
fn prepared(plan: &PlanDocument) -> Readiness {
    if plan.repairs.is_empty() {
        Readiness::Ready
    } else {
        Readiness::Prepared
    }
}

/// Adds what came of the start: an app that does not answer needs a person, and one that answered
/// as it moves is no longer one of which something decisive is not known.
fn add_trial(app: &mut App, trial: VerifyDocument, is_as_it_moves: bool) {
    if !trial.is_verified() {
        app.readiness = app.readiness.min(Readiness::Person);
    } else if app.readiness == Readiness::Unsure && is_as_it_moves {
        app.readiness = prepared(&app.plan);
    }
    app.verified = Some(trial);
}

/// Whether DE5 breaks the app and only a person mends it: the plan tells it from what commands on
/// the server answer.
fn is_blocking(finding: &FindingDocument, plan: &PlanDocument) -> bool {
    let asks = |step: &PlanStep| {
        let mut askers = step.asked_by.iter();
        askers.any(|by| {
            (&by.code, &by.case, &by.subject) == (&finding.code, &finding.case, &finding.subject)
                && by.place.path == finding.place.path
        })
    };
    finding.category == Category::Must && finding.fix.is_none() && plan.person.iter().any(asks)
}
