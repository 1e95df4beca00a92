//! What a person does, sorted by whether it keeps the app from Dash Enterprise 5: work, set-up on
//! the server, advice.

use std::collections::BTreeMap;

use super::At;
use super::commands::{PlannedCommand, contains};
use super::lines::found_at;
use crate::engine::Reported;
use crate::rules::{Category, Effort, Finding, Fix, Identity, Safety, Step, StepSite};
use crate::tree::Tree;

/// Who asks for a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepSource {
    /// What the finding is.
    pub identity: Identity,
    /// The place.
    pub at: At,
    /// The fact, a sentence without a full stop.
    pub message: String,
}

/// Something that a person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// What to do, a sentence.
    pub text: String,
    /// The command that does it, with `APP` for the app's name.
    pub command: Option<String>,
    /// What more is known of it, sentences that ask for nothing.
    pub notes: Vec<String>,
    /// Other ways to do the same: whoever takes one does not do this.
    pub alternatives: Vec<String>,
    /// How long it takes, all places together.
    pub effort: Effort,
    /// The findings that ask for it.
    pub asked_by: Vec<StepSource>,
    /// How many places show that it is needed.
    pub places: usize,
}

/// So many places take longer than one of them says: a list of ten pins that all have to move is
/// no work of minutes.
pub(super) const MANY: usize = 10;

impl PlannedStep {
    fn new(text: String, command: Option<String>) -> Self {
        Self {
            text,
            command,
            notes: Vec::new(),
            alternatives: Vec::new(),
            effort: Effort::Minutes,
            asked_by: Vec::new(),
            places: 0,
        }
    }

    /// One more finding asks for it.
    fn take(&mut self, asks: Asks) {
        let by = asks.asker();
        self.effort = self.effort.max(asks.finding().effort);
        if !self.asked_by.contains(&by) {
            self.asked_by.push(by);
            self.places += 1 + asks.finding().evidence.len();
        }
    }

    /// What a finding says beside its steps, each once.
    fn explain(&mut self, finding: &Finding) {
        let texts = [
            (&mut self.notes, &finding.notes),
            (&mut self.alternatives, &finding.alternatives),
        ];
        for (mine, more) in texts {
            for text in more {
                if !mine.contains(text) {
                    mine.push(text.clone());
                }
            }
        }
    }

    /// The effort of one place, for all of them.
    fn weigh(&mut self) {
        self.effort = multiply(self.effort, self.places);
    }
}

/// So many times an effort.
fn multiply(effort: Effort, times: usize) -> Effort {
    match effort {
        effort if times < MANY => effort,
        Effort::None => Effort::None,
        Effort::Minutes => Effort::Hours,
        Effort::Hours | Effort::Days => Effort::Days,
    }
}

/// All steps together: the longest, and more where there are many of that.
pub(super) fn sum<'s>(steps: impl Iterator<Item = &'s PlannedStep> + Clone) -> Effort {
    let longest = steps.clone().map(|step| step.effort).max();
    let longest = longest.unwrap_or(Effort::None);
    multiply(longest, steps.filter(|step| step.effort == longest).count())
}

/// Something worth knowing that nobody has to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The fact, and where it was found.
    pub asker: StepSource,
    /// What to do about it.
    pub steps: Vec<PlannedStep>,
}

/// All that a person does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Duties {
    /// Work: what keeps the app from being ready.
    pub person: Vec<PlannedStep>,
    /// Minutes on the server, beside what the rest of the plan says: its commands, scale, variables.
    pub set_up: Vec<PlannedStep>,
    /// Findings that do not count.
    pub advice: Vec<Advice>,
}

/// What a finding means for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Duty {
    Person,
    SetUp,
    Advice,
}

impl Duties {
    /// The duties that repaired and open findings leave. When a proof `failed`, no repair was made.
    /// Lines are those of the files in `tree`.
    pub(super) fn gather(
        tree: &dyn Tree,
        fixed: &[&Reported],
        open: &[&Reported],
        failed: bool,
    ) -> Self {
        let asks = |reported| Asks { reported, tree };
        let mut duties = Self::default();
        for asks in fixed.iter().copied().map(asks) {
            match after_repair(asks.finding()) {
                Duty::Person => duties.add_work(asks),
                Duty::SetUp | Duty::Advice => duties.add_set_up(asks),
            }
        }
        duties.add_fixes_to_check(fixed.iter().copied().map(asks));
        duties.add_fixes_not_made(open.iter().copied().map(asks), failed);
        for asks in open.iter().copied().map(asks) {
            match when_open(asks.finding()) {
                Duty::Advice => duties.add_advice(asks),
                Duty::SetUp => duties.add_set_up(asks),
                Duty::Person => duties.add_work(asks),
            }
        }
        duties.person.iter_mut().for_each(PlannedStep::weigh);
        duties
    }

    /// Forgets set-up that the plan's commands do.
    pub(super) fn without(&mut self, commands: &[PlannedCommand]) {
        self.set_up.retain(|step| {
            let command = step.command.as_deref();
            !command.is_some_and(|command| contains(commands, command))
        });
    }

    /// The unsafe fixes that leave nothing else to do are still looked at, in one step.
    fn add_fixes_to_check<'a>(&mut self, fixed: impl Iterator<Item = Asks<'a>>) {
        let mut joined = JoinedFixes::new();
        for asks in fixed {
            let finding = asks.finding();
            let Some(fix) = &finding.fix else { continue };
            if fix.safety == Safety::Unsafe && finding.steps.is_empty() {
                joined.take(asks, fix);
            }
        }
        if !joined.titles.is_empty() {
            let step = joined.into_step("Check what is right in most cases, but not in all");
            self.person.push(step);
        }
    }

    /// The fixes that were not made are one step for each reason.
    fn add_fixes_not_made<'a>(&mut self, open: impl Iterator<Item = Asks<'a>>, failed: bool) {
        let counting = open.filter(|asks| when_open(asks.finding()) == Duty::Person);
        let mut reasons: BTreeMap<&str, JoinedFixes> = BTreeMap::new();
        for asks in counting {
            if let Some(fix) = &asks.finding().fix {
                let reason = reasons.entry(not_made(fix, failed));
                reason.or_insert_with(JoinedFixes::new).take(asks, fix);
            }
        }
        let steps = reasons.into_iter();
        self.person
            .extend(steps.map(|(what, joined)| joined.into_step(what)));
    }

    /// Commands for the server are set-up, whatever else a finding asks for. The first step bears
    /// what the finding says beside its steps, unless that stands with a fix.
    fn add_work(&mut self, asks: Asks) {
        let finding = asks.finding();
        let mut explained = finding.fix.is_some();
        for step in &finding.steps {
            let is_command = is_server_command(step);
            let steps = if is_command {
                &mut self.set_up
            } else {
                &mut self.person
            };
            let step = add(steps, asks, step);
            if !explained && !is_command {
                step.explain(finding);
                explained = true;
            }
        }
    }

    fn add_set_up(&mut self, asks: Asks) {
        let finding = asks.finding();
        for step in finding.steps.iter().filter(|step| !step.restates) {
            add(&mut self.set_up, asks, step);
        }
    }

    fn add_advice(&mut self, asks: Asks) {
        let mut steps = Vec::new();
        for step in &asks.finding().steps {
            add(&mut steps, asks, step);
        }
        if let Some(first) = steps.first_mut() {
            first.explain(asks.finding());
        }
        self.advice.push(Advice {
            asker: asks.asker(),
            steps,
        });
    }
}

/// Fixes of many findings that are one step.
struct JoinedFixes<'f> {
    titles: Vec<&'f str>,
    step: PlannedStep,
}

impl<'f> JoinedFixes<'f> {
    fn new() -> Self {
        Self {
            titles: Vec::new(),
            step: PlannedStep::new(String::new(), None),
        }
    }

    fn take(&mut self, asks: Asks<'f>, fix: &'f Fix) {
        if !self.titles.contains(&fix.title.as_str()) {
            self.titles.push(&fix.title);
        }
        self.step.take(asks);
        self.step.explain(asks.finding());
    }

    fn into_step(self, what: &str) -> PlannedStep {
        PlannedStep {
            text: format!("{what}: {}.", self.titles.join("; ")),
            ..self.step
        }
    }
}

/// A finding that asks for something, and the files that a person has before them.
#[derive(Clone, Copy)]
struct Asks<'a> {
    reported: &'a Reported,
    tree: &'a dyn Tree,
}

impl<'a> Asks<'a> {
    fn finding(self) -> &'a Finding {
        &self.reported.finding
    }

    fn asker(self) -> StepSource {
        StepSource {
            identity: self.finding().identity(),
            at: found_at(self.reported, self.tree),
            message: self.finding().sentence().to_owned(),
        }
    }
}

/// Steps of a repair are set-up, unless they take longer than minutes, or the repair is one that is
/// not right in all cases: then somebody has to look at it.
fn after_repair(finding: &Finding) -> Duty {
    let is_safe = finding
        .fix
        .as_ref()
        .is_some_and(|fix| fix.safety == Safety::Safe);
    if is_safe && finding.effort <= Effort::Minutes {
        Duty::SetUp
    } else {
        Duty::Person
    }
}

/// An open finding that counts is work, unless it asks for nothing in the repository.
fn when_open(finding: &Finding) -> Duty {
    match finding.category {
        Category::May => Duty::Advice,
        Category::Must | Category::Should if finding.is_outside() => Duty::SetUp,
        Category::Must | Category::Should => Duty::Person,
    }
}

/// Whether the step is a command for the server.
fn is_server_command(step: &Step) -> bool {
    step.site == StepSite::Server && step.command.is_some()
}

/// What a person does about a fix that was not made.
fn not_made(fix: &Fix, failed: bool) -> &'static str {
    match fix.safety {
        _ if failed => "Do this by hand, because dashlift could not prove its own repairs",
        Safety::Unsafe => {
            "Run dashlift with `--unsafe-fixes` and check the result, or do it by hand"
        }
        Safety::Safe => "Do this by hand",
    }
}

/// Adds a step, or one more finding that asks for a step that is there.
fn add<'s>(steps: &'s mut Vec<PlannedStep>, asks: Asks, step: &Step) -> &'s mut PlannedStep {
    let same = |known: &PlannedStep| known.text == step.text && known.command == step.command;
    let at = steps.iter().position(same).unwrap_or_else(|| {
        steps.push(PlannedStep::new(step.text.clone(), step.command.clone()));
        steps.len() - 1
    });
    let planned = &mut steps[at];
    planned.take(asks);
    planned
}
