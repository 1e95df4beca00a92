//! What a person does, sorted by whether it keeps the app from Dash Enterprise 5: work, set-up on
//! the server, advice.

use super::commands::{Command, contains};
use super::{At, found_at};
use crate::engine::Reported;
use crate::rules::{Category, Code, Effort, Finding, Fix, Safety, Step};

/// The rule about `DOKKU_SCALE`: the plan's scale says the same, with all numbers in one place.
const SCALE: Code = Code(108);

/// The rule about environment variables: the plan lists each of them.
const VARIABLES: Code = Code(306);

/// Who asks for a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// The rule.
    pub code: Code,
    /// The place.
    pub at: At,
}

/// Something that a person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStep {
    /// What to do, a sentence.
    pub text: String,
    /// The command that does it, with `APP` for the app's name.
    pub command: Option<String>,
    /// How long it takes.
    pub effort: Effort,
    /// The findings that ask for it.
    pub asked_by: Vec<Asker>,
}

/// Something worth knowing that nobody has to act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The fact, a sentence without a full stop.
    pub message: String,
    /// Where it was found.
    pub asker: Asker,
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
    pub(super) fn of(fixed: &[&Reported], open: &[&Reported], failed: bool) -> Self {
        let mut duties = Self::default();
        for reported in fixed {
            match after_repair(&reported.finding) {
                Duty::Person => duties.add_work(reported),
                Duty::SetUp | Duty::Advice => duties.add_set_up(reported),
            }
        }
        for reported in open {
            match when_open(&reported.finding) {
                Duty::Advice => duties.add_advice(reported),
                Duty::SetUp => duties.add_set_up(reported),
                Duty::Person => {
                    if let Some(fix) = &reported.finding.fix {
                        add(&mut duties.person, reported, not_made(fix, failed));
                    }
                    duties.add_work(reported);
                }
            }
        }
        duties
    }

    /// Forgets set-up that the plan's commands do.
    pub(super) fn without(&mut self, commands: &[Command]) {
        self.set_up.retain(|step| {
            let command = step.command.as_deref();
            !command.is_some_and(|command| contains(commands, command))
        });
    }

    /// A command for the server comes after the work, and is no work itself.
    fn add_work(&mut self, reported: &Reported) {
        let has_fix = reported.finding.fix.is_some();
        for step in &reported.finding.steps {
            let comes_after = has_fix && is_server_command(step);
            let steps = if comes_after {
                &mut self.set_up
            } else {
                &mut self.person
            };
            add(steps, reported, step.clone());
        }
    }

    fn add_set_up(&mut self, reported: &Reported) {
        let finding = &reported.finding;
        for step in finding.steps.iter().filter(|step| !is_said(finding, step)) {
            add(&mut self.set_up, reported, step.clone());
        }
    }

    fn add_advice(&mut self, reported: &Reported) {
        let mut steps = Vec::new();
        for step in &reported.finding.steps {
            add(&mut steps, reported, step.clone());
        }
        self.advice.push(Advice {
            message: reported.finding.message.clone(),
            asker: asker(reported),
            steps,
        });
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

/// An open finding that counts is work, unless it asks for commands on the server only, or for
/// environment variables.
fn when_open(finding: &Finding) -> Duty {
    let is_answered = finding.fix.is_none()
        && !finding.steps.is_empty()
        && (finding.rule.code == VARIABLES || finding.steps.iter().all(is_server_command));
    match finding.category {
        Category::May => Duty::Advice,
        Category::Must | Category::Should if is_answered => Duty::SetUp,
        Category::Must | Category::Should => Duty::Person,
    }
}

/// Whether the step is a command of the client of Dash Enterprise 5.
fn is_server_command(step: &Step) -> bool {
    let command = step.command.as_deref().unwrap_or_default();
    command.starts_with("de ")
}

/// Whether the plan's scale or variables say the step. Where the values are (a `.env` file) is
/// said by the step alone.
fn is_said(finding: &Finding, step: &Step) -> bool {
    match finding.rule.code {
        SCALE => true,
        VARIABLES => !step.text.contains(".env"),
        _ => false,
    }
}

fn not_made(fix: &Fix, failed: bool) -> Step {
    let title = &fix.title;
    let text = match fix.safety {
        _ if failed => {
            format!("Do this by hand, because dashlift could not prove its own repairs: {title}.")
        }
        Safety::Unsafe => format!(
            "Run dashlift with `--unsafe-fixes`, or do it by hand, and check the result: {title}."
        ),
        Safety::Safe => format!("Do this by hand: {title}."),
    };
    Step {
        text,
        command: None,
    }
}

fn asker(reported: &Reported) -> Asker {
    Asker {
        code: reported.finding.rule.code,
        at: found_at(reported),
    }
}

/// Adds a step, or one more finding that asks for a step that is there.
fn add(steps: &mut Vec<PlannedStep>, reported: &Reported, step: Step) {
    let by = asker(reported);
    let effort = reported.finding.effort.max(Effort::Minutes);
    let same = |known: &&mut PlannedStep| known.text == step.text && known.command == step.command;
    if let Some(known) = steps.iter_mut().find(same) {
        known.effort = known.effort.max(effort);
        if !known.asked_by.contains(&by) {
            known.asked_by.push(by);
        }
        return;
    }
    steps.push(PlannedStep {
        text: step.text,
        command: step.command,
        effort,
        asked_by: vec![by],
    });
}
