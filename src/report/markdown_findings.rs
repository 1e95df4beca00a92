//! Findings as Markdown, to paste into a pull request or an issue; the job summary of GitHub Actions
//! is the same.

use std::fmt::Write;

use super::Tally;
use super::changes::Action;
use super::collected::{Collected, Group, NamedFinding};
use super::helps::helps;
use super::markdown::{cell, code, sentence};
use super::words::{self, counted};
use crate::rules::Safety;

/// All findings and repairs below a heading that names `command`. The rest is left out, and said to be,
/// where the text would have more than `most` bytes.
pub fn page(command: &str, all: &[Collected], most: usize) -> String {
    let tally = all
        .iter()
        .map(Collected::tally)
        .fold(Tally::default(), Tally::plus);
    let fixed = all.iter().flat_map(Collected::fixed).count();
    let mut text = heading(command, tally, fixed);
    let mut left_out = 0;
    let several = all.len() > 1;
    for one in all {
        if several {
            let _ = writeln!(text, "\n## {}", code(&one.of.name));
        }
        if let Some(error) = &one.error {
            let _ = writeln!(text, "\n**error**: {}", sentence(error));
        }
        for group in &one.groups {
            left_out += add_group(&mut text, one, group, most);
        }
        add_changes(&mut text, command, one, most);
    }
    if left_out > 0 {
        let _ = writeln!(
            text,
            "\n{} more are not shown here.",
            counted(left_out, "finding")
        );
    }
    text.push_str(&closing(tally, all));
    text
}

fn heading(command: &str, tally: Tally, fixed: usize) -> String {
    let counts = [
        (tally.must, "must"),
        (tally.should, "should"),
        (tally.may, "may"),
    ];
    let present = counts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = present
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    let found = match (tally.total(), fixed) {
        (0, 0) => "nothing to do".to_owned(),
        (0, _) => "nothing left to find".to_owned(),
        (total, _) => format!("{} ({})", counted(total, "finding"), parts.join(", ")),
    };
    let fixed = match (command, fixed) {
        (_, 0) | ("check" | "diff", _) => String::new(),
        (_, fixed) => format!("{fixed} fixed, "),
    };
    format!("# dashlift {command}: {fixed}{found}\n")
}

/// Adds what is found in one app; gives back how many findings had no room.
fn add_group(text: &mut String, one: &Collected, group: &Group, most: usize) -> usize {
    if group.open.is_empty() && group.failure.is_none() {
        return 0;
    }
    let several = one
        .groups
        .iter()
        .filter(|group| group.root.is_some())
        .count()
        > 1;
    match &group.root {
        Some(root) if several => {
            let _ = writeln!(text, "\n### App {}", code(&one.of.paths.path(root)));
        }
        None if several => text.push_str("\n### The repository\n"),
        _ => {}
    }
    if let Some(failure) = &group.failure {
        let _ = writeln!(text, "\n**Left as it was**: {}", sentence(failure));
    }
    if !group.open.is_empty() {
        text.push_str("\n| | where | what | what helps |\n|---|---|---|---|\n");
    }
    let mut left_out = 0;
    for known in &group.open {
        let row = row(one, known);
        if text.len() + row.len() > most {
            left_out += 1;
        } else {
            text.push_str(&row);
        }
    }
    left_out
}

fn row(one: &Collected, known: &NamedFinding) -> String {
    let finding = &known.reported.finding;
    let place = &finding.place;
    let path = one.of.paths.path(&place.path);
    let place = if place.span.is_none() && place.position.is_none() {
        path
    } else {
        format!("{path}:{}", known.reported.position().line)
    };
    let helps: Vec<String> = helps(finding)
        .iter()
        .map(super::helps::Help::markdown)
        .collect();
    format!(
        "| {} | {} | {}: {} | {} |\n",
        words::category(finding.category),
        cell(&code(&place)),
        finding.rule.code,
        cell(&sentence(&finding.message)),
        cell(&helps.join("<br>")),
    )
}

/// The repairs and the files that they change; for `diff` the patch.
fn add_changes(text: &mut String, command: &str, one: &Collected, most: usize) {
    let fixed: Vec<String> = one.fixed().map(|reported| repair(one, reported)).collect();
    if fixed.is_empty() || text.len() > most {
        return;
    }
    let title = if command == "diff" {
        "What the patch does"
    } else {
        "What was repaired"
    };
    let _ = write!(text, "\n**{title}**\n\n{}", fixed.concat());
    for file in &one.changed {
        let action = match file.action {
            Action::Created => "new",
            Action::Changed => "changed",
            Action::Removed => "removed",
        };
        let _ = writeln!(text, "- {action}: {}", code(&one.of.paths.path(&file.path)));
    }
    if let Some(patch) = one
        .patch
        .as_ref()
        .filter(|patch| text.len() + patch.len() < most)
    {
        text.push_str(&folded(patch));
    }
}

fn repair(one: &Collected, reported: &crate::engine::Reported) -> String {
    let finding = &reported.finding;
    let path = one.of.paths.path(&finding.place.path);
    let fix = finding.fix.as_ref();
    let title = fix.map_or(String::new(), |fix| sentence(&fix.title));
    let mut text = format!("- {} in {}: {title}\n", finding.rule.code, code(&path));
    for help in helps(finding).iter().filter(|help| help.kind == "Then") {
        let _ = writeln!(text, "  - {}", help.markdown());
    }
    text
}

/// A patch that is seen when somebody asks for it.
fn folded(patch: &str) -> String {
    let longest = patch.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let lines: Vec<String> = patch.lines().map(super::safe).collect();
    let patch = lines.join("\n");
    format!(
        "\n<details><summary>The patch</summary>\n\n{fence}diff\n{patch}\n{fence}\n\n</details>\n"
    )
}

/// What can be done about it, and what is not shown.
fn closing(tally: Tally, all: &[Collected]) -> String {
    let mut parts = Vec::new();
    let unsafe_too = all.iter().all(|one| one.of.allowed == Safety::Unsafe);
    if tally.safe > 0 {
        parts.push(format!("{} can be repaired by `dashlift fix`", tally.safe));
    }
    if tally.unsafe_ > 0 {
        let more = if unsafe_too { "" } else { " more" };
        let count = tally.unsafe_;
        parts.push(format!("{count}{more} by `dashlift fix --unsafe-fixes`"));
    }
    if tally.person > 0 {
        let need = if tally.person == 1 { "needs" } else { "need" };
        parts.push(format!("{} {need} a person", tally.person));
    }
    let baselined: usize = all.iter().map(|one| one.baselined.len()).sum();
    if baselined > 0 {
        parts.push(format!(
            "{} of the baseline not shown",
            counted(baselined, "finding")
        ));
    }
    if parts.is_empty() {
        return String::new();
    }
    format!("\n{}.\n", parts.join(", "))
}
