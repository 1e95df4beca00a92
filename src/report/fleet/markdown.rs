//! The report as Markdown, for a wiki, an issue or a pull request: tables, and below them what each
//! app needs, folded.

use std::fmt::Write;

use super::super::document::{FindingDocument, PlanStep};
use super::super::markdown::{cell, code, sentence};
use super::super::shown::visible;
use super::super::words::{self, counted};
use super::{App, Fleet, Readiness, text};

/// The report, ended by a line end.
pub fn report(fleet: &Fleet) -> String {
    let mut page = format!(
        "# Fleet report: Dash Enterprise 4 to 5\n\n{}.\n",
        text::lead(fleet)
    );
    for note in &fleet.notes {
        let _ = write!(page, "\n> {}\n", sentence(note));
    }
    summary(fleet, &mut page);
    if let Some(since) = &fleet.since {
        let file = code(since.file());
        let _ = write!(page, "\n## Since {file}\n\n{}\n\n", since.sentence());
        for (app, words) in since.lines() {
            let _ = writeln!(page, "- {}: {words}", code(&app));
        }
    }
    rules(fleet, &mut page);
    table(fleet, &mut page);
    unpushed(fleet, &mut page);
    failed(fleet, &mut page);
    if !fleet.apps.is_empty() {
        page.push_str("\n## What each app needs\n");
        for app in &fleet.apps {
            self::app(app, &mut page);
        }
    }
    page
}

fn summary(fleet: &Fleet, page: &mut String) {
    page.push_str("\n| readiness | apps | meaning |\n|---|---:|---|\n");
    for readiness in Readiness::ALL {
        let count = fleet.summary.readiness.get(readiness);
        let (words, meaning) = (readiness.words(), readiness.meaning());
        let _ = writeln!(page, "| {words} | {count} | {meaning} |");
    }
    let summary = &fleet.summary;
    if summary.steps > 0 {
        let steps = counted(summary.steps, "step");
        let efforts = text::efforts(&summary.by_effort);
        let _ = write!(page, "\n{steps} for people: {efforts}.\n");
    }
    if let Some(started) = text::started(fleet) {
        let _ = write!(page, "\n{started}.\n");
    }
}

fn rules(fleet: &Fleet, page: &mut String) {
    if fleet.rules.is_empty() {
        return;
    }
    page.push_str("\n## Findings by rule\n\n| rule | finds | apps | blocks | findings | repairs |\n|---|---|---:|---:|---:|---:|\n");
    for rule in &fleet.rules {
        let _ = writeln!(
            page,
            "| {} {} | {} | {} | {} | {} | {} |",
            cell(&sentence(&rule.code)),
            cell(&sentence(&rule.stem)),
            cell(&sentence(&rule.summary)),
            rule.apps,
            rule.blocks,
            rule.findings,
            rule.repairs
        );
    }
}

fn table(fleet: &Fleet, page: &mut String) {
    if fleet.apps.is_empty() {
        return;
    }
    let has_server = fleet.has_server();
    let (heads, rules) = if has_server {
        (" owner | wave | visited |", "---|---:|---|")
    } else {
        ("", "")
    };
    let _ = write!(
        page,
        "\n## Apps\n\n| app | readiness | blocks | steps | effort | repairs |{heads}\n|---|---|---:|---:|---|---:|{rules}\n"
    );
    for app in &fleet.apps {
        let server = if has_server {
            let owner = app.owner.as_deref().map_or_else(String::new, code);
            let wave = app.wave.map_or_else(String::new, |wave| wave.to_string());
            let visited = app.visited.as_deref().unwrap_or_default();
            let day = visited.split('T').next().unwrap_or_default();
            format!(" {} | {wave} | {} |", cell(&owner), cell(&sentence(day)))
        } else {
            String::new()
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |{server}",
            cell(&code(&app.place())),
            app.readiness.words(),
            app.blocks.len(),
            app.plan.person.len(),
            words::effort(app.effort),
            app.plan.repairs.len()
        );
    }
}

fn unpushed(fleet: &Fleet, page: &mut String) {
    let mut unpushed = fleet.unpushed().peekable();
    if unpushed.peek().is_some() {
        page.push_str("\n## On a branch, and not pushed\n\n");
    }
    for (repository, error) in unpushed {
        let _ = writeln!(page, "- {}: {}", code(&repository.name), sentence(error));
    }
}

fn failed(fleet: &Fleet, page: &mut String) {
    let mut failed = fleet.failed().peekable();
    if failed.peek().is_none() {
        return;
    }
    page.push_str("\n## Repositories that could not be looked at\n\n");
    for repository in failed {
        let error = repository.error.as_deref().unwrap_or_default();
        let _ = writeln!(page, "- {}: {}", code(&repository.name), sentence(error));
    }
}

fn app(app: &App, page: &mut String) {
    // In a summary Markdown is HTML already.
    let place = minijinja::HtmlEscape(&visible(&app.place())).to_string();
    let words = app.readiness.words();
    let _ = write!(
        page,
        "\n<details><summary>{}: {words}</summary>\n",
        place.replace('\n', " ")
    );
    page.push_str(&needs(app));
    if let Some(diff) = &app.diff {
        let fence = fence(diff);
        let _ = write!(
            page,
            "\n{fence}diff\n{}\n{fence}\n",
            visible(diff).trim_end()
        );
    }
    page.push_str("\n</details>\n");
}

/// What blocks an app, what a person does, what was repaired, and what comes after.
pub(super) fn needs(app: &App) -> String {
    let mut text = String::new();
    let page = &mut text;
    if let Some(failure) = &app.failure {
        let _ = write!(page, "\n**The proof failed**: {}\n", sentence(failure));
    }
    if let Some(trial) = &app.verified {
        let _ = write!(page, "\n**Started**: {}\n", sentence(&trial.sentence()));
    }
    findings("What blocks", &app.blocks, page);
    steps("What a person does", &app.plan.person, page);
    if !app.plan.repairs.is_empty() {
        page.push_str("\n**What dashlift repairs**\n\n");
        for repair in &app.plan.repairs {
            let (at, title) = (code(&repair.path.to_string()), sentence(&repair.title));
            let _ = writeln!(page, "- {at}: {title} ({})", sentence(&repair.code));
        }
    }
    steps("After that, on Dash Enterprise 5", &app.plan.set_up, page);
    text
}

fn findings(heading: &str, findings: &[FindingDocument], page: &mut String) {
    if findings.is_empty() {
        return;
    }
    let _ = write!(page, "\n**{heading}**\n\n");
    for finding in findings {
        let at = at(&finding.place.path.to_string(), finding.place.line);
        let (message, rule) = (sentence(&finding.message), sentence(&finding.code));
        let _ = writeln!(page, "- {at}: {message} ({rule})");
    }
}

fn steps(heading: &str, steps: &[PlanStep], page: &mut String) {
    if steps.is_empty() {
        return;
    }
    let _ = write!(page, "\n**{heading}**\n\n");
    for step in steps {
        let _ = write!(
            page,
            "- [ ] {} ({})",
            sentence(&step.text),
            words::effort(step.effort)
        );
        if let Some(command) = &step.command {
            let _ = write!(page, ": {}", code(command));
        }
        page.push('\n');
        for note in &step.notes {
            let _ = writeln!(page, "  - {}", sentence(note));
        }
        for other in &step.alternatives {
            let _ = writeln!(page, "  - or: {}", sentence(other));
        }
    }
}

fn at(path: &str, line: Option<usize>) -> String {
    match line {
        Some(line) => code(&format!("{path}:{line}")),
        None => code(path),
    }
}

/// More back ticks than the text has anywhere.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}
