//! The report for a terminal: the counts, the rules, a line for each app.

use std::fmt::Write;

use super::super::safe;
use super::super::style::{BAD, CODE, FAINT, GOOD, HEADING, UNSURE, styled};
use super::super::words::{self, counted};
use super::{App, ByEffort, Fleet, Readiness, RuleCount};
use crate::rules::Effort;

/// The report.
pub fn report(fleet: &Fleet) -> String {
    let mut text = format!("{}\n", styled(HEADING, lead(fleet)));
    for note in &fleet.notes {
        let _ = writeln!(text, "{}: {}", styled(UNSURE, "note"), safe(note));
    }
    let width = fleet.summary.apps.to_string().len();
    for readiness in Readiness::ALL {
        let count = fleet.summary.readiness.get(readiness);
        if count > 0 {
            let words = styled(style(readiness), format!("{:14}", readiness.words()));
            let meaning = styled(FAINT, readiness.meaning());
            let _ = writeln!(text, "  {count:>width$}  {words}  {meaning}");
        }
    }
    if fleet.summary.steps > 0 {
        let steps = counted(fleet.summary.steps, "step");
        let efforts = efforts(&fleet.summary.by_effort);
        let _ = writeln!(text, "{steps} for people: {efforts}");
    }
    if let Some(started) = started(fleet) {
        let _ = writeln!(text, "{started}");
    }
    if let Some(since) = &fleet.since {
        let heading = format!("Since {}:", safe(since.file()));
        let _ = write!(text, "\n{}\n{}", styled(HEADING, heading), since.text());
    }
    rules(fleet, &mut text);
    apps(fleet, &mut text);
    unpushed(fleet, &mut text);
    failed(fleet, &mut text);
    text
}

/// How many apps were started, and answered; nothing where none was.
pub(super) fn started(fleet: &Fleet) -> Option<String> {
    let summary = &fleet.summary;
    let apps = counted(summary.started, "app");
    let verb = if summary.started == 1 { "was" } else { "were" };
    let sentence = format!("{apps} {verb} started; {} answered", summary.answered);
    (summary.started > 0).then_some(sentence)
}

/// `12 apps in 10 repositories`, and what is not among them.
pub(super) fn lead(fleet: &Fleet) -> String {
    let summary = &fleet.summary;
    let mut lead = format!(
        "{} in {}",
        counted(summary.apps, "app"),
        repositories(summary.repositories)
    );
    if summary.without_app > 0 {
        let _ = write!(lead, ", {} of them without an app", summary.without_app);
    }
    if summary.failed_repositories > 0 {
        let failed = repositories(summary.failed_repositories);
        let _ = write!(lead, "; {failed} could not be looked at");
    }
    lead
}

fn repositories(count: usize) -> String {
    match count {
        1 => "1 repository".to_owned(),
        count => format!("{count} repositories"),
    }
}

/// `3 take minutes, 1 takes days`; nothing without steps.
pub(super) fn efforts(steps: &ByEffort) -> String {
    let counts = [
        (steps.minutes, Effort::Minutes),
        (steps.hours, Effort::Hours),
        (steps.days, Effort::Days),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let parts = counts.map(|(count, effort)| {
        let verb = if count == 1 { "takes" } else { "take" };
        format!("{count} {verb} {}", words::effort(effort))
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn style(readiness: Readiness) -> anstyle::Style {
    match readiness {
        Readiness::Failed | Readiness::Blocked => BAD,
        Readiness::Person | Readiness::Unsure => UNSURE,
        Readiness::Prepared => CODE,
        Readiness::Ready => GOOD,
    }
}

fn rules(fleet: &Fleet, text: &mut String) {
    if fleet.rules.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", styled(HEADING, "By rule:"));
    let width = |of: fn(&RuleCount) -> usize| {
        let widths = fleet.rules.iter().map(of);
        widths.max().unwrap_or(0)
    };
    let stems = width(|rule| rule.stem.chars().count());
    let numbers = width(|rule| rule.apps.to_string().len());
    for rule in &fleet.rules {
        let (code, stem) = (safe(&rule.code), safe(&rule.stem));
        let code = styled(CODE, code);
        let apps = format!(
            "{:>numbers$} {}",
            rule.apps,
            if rule.apps == 1 { "app " } else { "apps" }
        );
        let blocks = match rule.blocks {
            0 => String::new(),
            count => format!("  {}", styled(BAD, format!("blocks {count}"))),
        };
        let _ = writeln!(text, "  {code}  {stem:stems$}  {apps}{blocks}");
    }
}

fn apps(fleet: &Fleet, text: &mut String) {
    if fleet.apps.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", styled(HEADING, "By app:"));
    let widths = fleet
        .apps
        .iter()
        .map(|app| safe(&app.place()).chars().count());
    let width = widths.max().unwrap_or(0).min(48);
    for app in &fleet.apps {
        let words = styled(
            style(app.readiness),
            format!("{:14}", app.readiness.words()),
        );
        let line = format!("  {words}  {:width$}  {}", safe(&app.place()), work(app));
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// What an app needs, in a few words.
pub(super) fn work(app: &App) -> String {
    let mut parts = Vec::new();
    if !app.plan.person.is_empty() {
        let steps = counted(app.plan.person.len(), "step");
        parts.push(format!("{steps} ({})", words::effort(app.effort)));
    }
    if !app.plan.repairs.is_empty() {
        parts.push(counted(app.plan.repairs.len(), "repair"));
    }
    if let Some(trial) = &app.verified {
        parts.push(trial.words().to_owned());
    }
    parts.join(", ")
}

fn unpushed(fleet: &Fleet, text: &mut String) {
    let mut unpushed = fleet.unpushed().peekable();
    if unpushed.peek().is_some() {
        let _ = writeln!(
            text,
            "\n{}",
            styled(HEADING, "On a branch, and not pushed:")
        );
    }
    for (repository, error) in unpushed {
        let name = styled(BAD, safe(&repository.name));
        let _ = writeln!(text, "  {name}  {}", safe(error));
    }
}

fn failed(fleet: &Fleet, text: &mut String) {
    let mut failed = fleet.failed().peekable();
    if failed.peek().is_none() {
        return;
    }
    let heading = styled(HEADING, "Could not be looked at:");
    let _ = writeln!(text, "\n{heading}");
    for repository in failed {
        let name = safe(&repository.name);
        let error = safe(repository.error.as_deref().unwrap_or_default());
        let _ = writeln!(text, "  {}  {error}", styled(BAD, name));
    }
}
