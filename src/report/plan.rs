//! The plan of an app for people, Markdown. The same on standard output and in `MIGRATION.md`.

mod sections;

use std::collections::BTreeSet;
use std::fmt::Write;

use super::helps::capitalised;
use super::markdown::{code, sentence};
use super::words::{counted, effort};
use super::{PathPrefix, safe};
use crate::engine::Reported;
use crate::inventory::is_server_name;
use crate::plan::{At, NameSource, Plan, PlannedStep, Readiness, StepSource, UnknownKind};
use crate::rules::{Code, Effort, Safety};

/// The name of the file that holds the plan of an app, in its folder.
pub const FILE: &str = "MIGRATION.md";

/// The first line of a `MIGRATION.md` that this program wrote: it may write it anew.
pub const MARKER: &str = "<!-- Written by `dashlift migrate --with-plan`, which replaces this file. Remove this line to keep it as it is. -->";

/// How the plan is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingPlace {
    /// On its own, before the repairs are made.
    Alone,
    /// On the branch, beside the repairs.
    OnBranch,
}

/// The plan as Markdown, ended by a line end.
pub fn markdown(plan: &Plan, shown: &PathPrefix, place: ReadingPlace) -> String {
    let page = Page { plan, shown, place };
    let mut text = page.head();
    if plan.is_python {
        page.unknown(&mut text);
    }
    page.repairs(&mut text);
    page.work(&mut text);
    page.set_up(&mut text);
    if plan.is_python {
        sections::all(&page, &mut text);
    }
    page.advice(&mut text);
    sections::not_moved(&mut text);
    text
}

/// One line about the plan: the app and what has to happen.
pub fn line(plan: &Plan, shown: &PathPrefix) -> String {
    format!(
        "{}: {}\n",
        shown.path(&plan.root),
        readiness(plan.readiness)
    )
}

/// The findings about the repository as a whole, as a page of their own; none without any.
pub fn repository<'a>(
    findings: impl IntoIterator<Item = &'a Reported>,
    shown: &PathPrefix,
) -> Option<String> {
    let mut text = "# The repository as a whole\n".to_owned();
    let mut any = false;
    for reported in findings {
        any = true;
        let finding = &reported.finding;
        let path = code(&shown.path(&finding.place.path));
        let message = sentence(&finding.message);
        let _ = write!(text, "\n{path}: {message} ({})\n\n", finding.rule.code);
        for step in &finding.steps {
            let _ = writeln!(text, "- [ ] {}", sentence(&step.text));
            push_command(&mut text, "", step.command.as_deref());
        }
        push_more(&mut text, "", &finding.notes, &finding.alternatives);
    }
    any.then_some(text)
}

/// What more is known of a step, and the other ways to do the same.
fn push_more(text: &mut String, blank: &str, notes: &[String], alternatives: &[String]) {
    for note in notes {
        let _ = writeln!(text, "{blank}  - {}", sentence(note));
    }
    for other in alternatives {
        let _ = writeln!(text, "{blank}  - or: {}", sentence(other));
    }
}

fn push_command(text: &mut String, blank: &str, command: Option<&str>) {
    if let Some(command) = command {
        let command = safe(command);
        let _ = write!(text, "\n{blank}  ```sh\n{blank}  {command}\n{blank}  ```\n");
    }
}

/// What has to happen, in a few words.
fn readiness(readiness: Readiness) -> String {
    match readiness {
        Readiness::Ready => "ready".to_owned(),
        Readiness::AfterBranch => "ready after the branch".to_owned(),
        Readiness::Unsure(unknown) => format!(
            "nothing known stands in the way, but {} that {} not known",
            counted(unknown, "thing"),
            if unknown == 1 {
                "decides is"
            } else {
                "decide are"
            },
        ),
        Readiness::NeedsPerson(steps) => format!("needs a person: {}", counted(steps, "step")),
    }
}

fn what_is_unknown(kind: &UnknownKind) -> String {
    match kind {
        UnknownKind::Python => "which Python the app gets: its files choose none that the release has, and the administrator's default is taken to be that of the release".to_owned(),
        UnknownKind::Distribution(name) => {
            format!("what {} needs and whether it installs: this version of dashlift does not know it", code(name))
        }
        UnknownKind::PrivatePackage(name) => {
            format!("what {} needs, and whether the server has it: a private index has it", code(name))
        }
        UnknownKind::Conda => "which releases conda takes".to_owned(),
        UnknownKind::List => "what it asks for: dashlift does not read lists of this form".to_owned(),
        UnknownKind::Source(reason) => format!("what it does: {}", sentence(reason)),
    }
}

/// A plan being written.
struct Page<'a> {
    plan: &'a Plan,
    shown: &'a PathPrefix,
    place: ReadingPlace,
}

impl Page<'_> {
    fn head(&self) -> String {
        let plan = self.plan;
        let mut text = format!(
            "# Moving {} to Dash Enterprise 5\n\n**{}**: {}\n",
            sentence(&plan.name.name),
            capitalised(&readiness(plan.readiness)),
            self.meaning()
        );
        let origin = match plan.name.source {
            NameSource::Told => None,
            NameSource::Remote => Some(format!(
                "The name {} is the one that the app has on the Dash Enterprise 4 server, as a git remote tells it. Another one is told with `--app-name`.",
                code(&plan.name.name)
            )),
            NameSource::Inventory => Some(format!(
                "The name {} is the one that the app has on the Dash Enterprise 4 server, as the inventory has it. Another one is told with `--app-name`.",
                code(&plan.name.name)
            )),
            NameSource::Folder => Some(format!(
                "The name {} is a suggestion, made of the folder's name: the repository does not say how the app is called on a server. Another one is told with `--app-name`.",
                code(&plan.name.name)
            )),
            NameSource::Nowhere => {
                Some("`APP` stands for the app's name, which is told with `--app-name`.".to_owned())
            }
        };
        if let (Some(origin), true) = (origin, plan.is_python) {
            let _ = write!(text, "\n{origin}\n");
        }
        let is_named = plan.is_python && plan.name.source != NameSource::Nowhere;
        if is_named && !is_server_name(&plan.name.name) {
            let _ = write!(
                text,
                "\nAn app of Dash Enterprise 4 has a name of 3 to 30 characters: a letter, then lower-case letters, digits and `-`. {} is no such name, and whether Dash Enterprise 5 takes it is not known: choose another with `--app-name`.\n",
                code(&plan.name.name)
            );
        }
        text
    }

    fn meaning(&self) -> String {
        let plan = self.plan;
        let branch = match self.place {
            ReadingPlace::Alone => "`dashlift migrate` repairs",
            ReadingPlace::OnBranch => "This branch repairs",
        };
        match plan.readiness {
            Readiness::Ready => "dashlift found nothing that has to change in the repository. The commands below set the app up.".to_owned(),
            Readiness::AfterBranch => format!(
                "{branch} every finding that counts. What is left happens on the server and takes minutes."
            ),
            Readiness::Unsure(_) if plan.repairs.is_empty() => {
                "dashlift found nothing that has to change in the repository.".to_owned()
            }
            Readiness::Unsure(_) => format!("{branch} every finding that counts."),
            Readiness::NeedsPerson(_) => {
                if plan.repairs.is_empty() {
                    capitalised(&efforts(&plan.duties.person, ""))
                } else {
                    let efforts = efforts(&plan.duties.person, " that are left");
                    let repaired = counted(plan.repairs.len(), "finding");
                    format!("{branch} {repaired}; {efforts}")
                }
            }
        }
    }

    /// What is not known, and the step that makes sure.
    fn unknown(&self, text: &mut String) {
        let unknown = &self.plan.unknown;
        text.push_str("\n## What makes sure\n\n");
        text.push_str(
            "What is said here was read, not run. `dashlift verify` installs the app, starts its web process and asks it: run it before you deploy.\n",
        );
        if unknown.is_empty() {
            return;
        }
        text.push_str("\nNot known from here, and it decides:\n\n");
        for one in unknown {
            let place = one.at.as_ref().map(|at| format!("{}: ", self.at(at)));
            let _ = writeln!(
                text,
                "- {}{}",
                place.unwrap_or_default(),
                what_is_unknown(&one.kind)
            );
        }
    }

    fn repairs(&self, text: &mut String) {
        let repairs = &self.plan.repairs;
        if repairs.is_empty() {
            return;
        }
        text.push_str(match self.place {
            ReadingPlace::Alone => "\n## What `dashlift migrate` does\n\n",
            ReadingPlace::OnBranch => "\n## What this branch does\n\n",
        });
        for repair in repairs {
            let unsafe_ = match repair.safety {
                Safety::Safe => "",
                Safety::Unsafe => " (an unsafe fix: check it)",
            };
            let _ = writeln!(
                text,
                "- {}: {}{unsafe_} ({})",
                code(&self.shown.path(&repair.path)),
                sentence(&repair.title),
                repair.code
            );
        }
    }

    fn work(&self, text: &mut String) {
        if !self.plan.duties.person.is_empty() {
            text.push_str("\n## What a person does\n\n");
            self.steps(&self.plan.duties.person, "", text);
        }
    }

    fn set_up(&self, text: &mut String) {
        if !self.plan.duties.set_up.is_empty() {
            text.push_str("\n## After that\n\n");
            self.steps(&self.plan.duties.set_up, "", text);
        }
    }

    fn advice(&self, text: &mut String) {
        let advice = &self.plan.duties.advice;
        if advice.is_empty() {
            return;
        }
        text.push_str("\n## Worth knowing\n\nNothing of this keeps the app from running.\n\n");
        for advice in advice {
            let _ = writeln!(
                text,
                "- {}: {} ({})",
                self.at(&advice.asker.at),
                sentence(&advice.asker.message),
                advice.asker.identity.code
            );
            self.steps(&advice.steps, "  ", text);
        }
    }

    /// Steps to tick off, each with its reason; below another item (`blank`) without.
    fn steps(&self, steps: &[PlannedStep], blank: &str, text: &mut String) {
        let mut said: Option<&StepSource> = None;
        for step in steps {
            let _ = write!(text, "{blank}- [ ] {}", sentence(&step.text));
            match step.asked_by.as_slice() {
                _ if !blank.is_empty() => text.push('\n'),
                [only] if said == Some(only) => {
                    let _ = writeln!(text, " ({})", effort(step.effort));
                }
                [only] => {
                    said = Some(only);
                    let why = sentence(&only.message);
                    let (at, code) = (self.at(&only.at), only.identity.code);
                    let took = effort(step.effort);
                    let _ = writeln!(text, " ({took})\n  - {at}: {why} ({code})");
                }
                several => {
                    let at = several.iter().map(|asker| &asker.at);
                    let at: BTreeSet<&At> = at.collect();
                    let at: Vec<String> = at.into_iter().map(|at| self.at(at)).collect();
                    let codes: BTreeSet<Code> =
                        several.iter().map(|asker| asker.identity.code).collect();
                    let codes: Vec<String> = codes.iter().map(Code::to_string).collect();
                    let took = effort(step.effort);
                    let (at, codes) = (at.join(", "), codes.join(", "));
                    let _ = writeln!(text, " ({took})\n  - {at} ({codes})");
                }
            }
            push_more(text, blank, &step.notes, &step.alternatives);
            let command = step.command.as_deref().map(|command| self.named(command));
            push_command(text, blank, command.as_deref());
        }
    }

    /// A command of a rule with the app's name in it.
    fn named(&self, command: &str) -> String {
        let words = command.split(' ').map(|word| match word {
            "APP" => self.plan.name.name.as_str(),
            other => other,
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn at(&self, at: &At) -> String {
        let path = self.shown.path(&at.path);
        match at.line {
            Some(line) => code(&format!("{path}:{line}")),
            None => code(&path),
        }
    }

    /// The first places, and how many more there are.
    fn places<'p>(&self, places: impl ExactSizeIterator<Item = &'p At>) -> String {
        const MOST: usize = 3;
        let more = places.len().saturating_sub(MOST);
        let shown: Vec<String> = places.take(MOST).map(|at| self.at(at)).collect();
        match more {
            0 => shown.join(", "),
            more => format!("{} and {more} more", shown.join(", ")),
        }
    }
}

/// How long the steps `which` take: `of the steps that are left 4 take minutes, 1 takes hours.`
fn efforts(steps: &[PlannedStep], which: &str) -> String {
    let count = |kind: Effort| steps.iter().filter(|step| step.effort == kind).count();
    let counts = [Effort::Minutes, Effort::Hours, Effort::Days].map(|kind| (count(kind), kind));
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<(usize, Effort)> = counts.collect();
    match counts.as_slice() {
        [(1, kind)] => format!(
            "the step{} takes {}.",
            which.replace("are", "is"),
            effort(*kind)
        ),
        [(_, kind)] => format!("the steps{which} take {} each.", effort(*kind)),
        several => {
            let parts = several.iter().map(|(count, kind)| {
                let verb = if *count == 1 { "takes" } else { "take" };
                format!("{count} {verb} {}", effort(*kind))
            });
            let parts: Vec<String> = parts.collect();
            format!("of the steps{which} {}.", parts.join(", "))
        }
    }
}

#[cfg(test)]
mod tests;
