//! A test report in the format of `JUnit`, which most CI systems read: one suite for each app, one test
//! for each rule.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::collected::{Collected, Group};
use super::helps::helps;
use super::words::{self, counted};
use super::{concise, safe};
use crate::engine::Reported;
use crate::rules::{Check, Rule};

/// The report of all paths.
///
/// # Errors
/// Never for texts in memory; the library's own signature.
pub fn report(all: &[Collected]) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new("dashlift");
    for one in all {
        if let Some(error) = &one.error {
            report.add_test_suite(refused(one, error));
        }
        report.add_test_suites(one.groups.iter().map(|group| suite(one, group)));
    }
    report.to_string()
}

/// A path where nothing could be done.
fn refused(one: &Collected, error: &str) -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(safe(error));
    let mut suite = TestSuite::new(safe(&one.of.name));
    suite.add_test_case(case(&one.of.name, "dashlift", status));
    suite
}

fn suite(one: &Collected, group: &Group) -> TestSuite {
    let name = match &group.root {
        Some(root) => one.of.paths.path(root),
        None => "the repository".to_owned(),
    };
    let mut suite = TestSuite::new(&name);
    if let Some(failure) = &group.failure {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(safe(failure));
        suite.add_test_case(case(&name, "dashlift", status));
    }
    let of_app = group.root.is_some();
    let speaks = |rule: &&&Rule| match rule.check {
        Check::App(_) | Check::Suppressions => of_app,
        Check::Repository(_) => !of_app,
    };
    for rule in one.of.rules.iter().filter(speaks) {
        let title = format!("{} {}", rule.code, rule.stem);
        suite.add_test_case(case(&name, &title, status(one, group, rule)));
    }
    suite
}

fn case(class: &str, title: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(title, status);
    case.set_classname(safe(class));
    case
}

/// What a rule says: advice alone is no failure, unless it counts.
fn status(one: &Collected, group: &Group, rule: &Rule) -> TestCaseStatus {
    let open = group.open.iter().map(|known| &known.reported);
    let found: Vec<&Reported> = open
        .filter(|reported| reported.finding.rule.code == rule.code)
        .collect();
    let tally = super::Tally::of(found.iter().copied());
    if tally.counting(one.of.fail_on) > 0 {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(words::category(rule.category));
        status.set_message(format!(
            "{}: {}",
            counted(found.len(), "finding"),
            rule.summary
        ));
        status.set_description(description(one, &found));
        return status;
    }
    if !found.is_empty() {
        let mut status = TestCaseStatus::skipped();
        let advice = counted(found.len(), "piece");
        status.set_message(format!("{advice} of advice: {}", rule.summary));
        status.set_description(description(one, &found));
        return status;
    }
    kept_back(one, group, rule)
}

/// The findings, one line each, with what helps below.
fn description(one: &Collected, found: &[&Reported]) -> String {
    let mut lines = Vec::new();
    for reported in found {
        lines.push(concise::shown_line(reported, &one.of.paths));
        let helps = helps(&reported.finding);
        lines.extend(helps.iter().map(|help| format!("  {}", help.plain())));
    }
    lines.join("\n")
}

/// A rule without open findings was passed, or what it found is kept back.
fn kept_back(one: &Collected, group: &Group, rule: &Rule) -> TestCaseStatus {
    let suppressed = group
        .suppressed
        .iter()
        .filter(|kept| kept.finding.rule.code == rule.code);
    let suppressed = suppressed.count();
    let baselined = one.baselined.iter().filter(|reported| {
        let finding = &reported.finding;
        let root = group.root.as_ref();
        finding.rule.code == rule.code && root.is_none_or(|root| finding.place.path.is_in(root))
    });
    let baselined = baselined.count();
    if suppressed + baselined == 0 {
        return TestCaseStatus::success();
    }
    let mut parts = Vec::new();
    if suppressed > 0 {
        parts.push(format!("{suppressed} suppressed"));
    }
    if baselined > 0 {
        parts.push(format!("{baselined} of the baseline"));
    }
    let mut status = TestCaseStatus::skipped();
    status.set_message(parts.join(", "));
    status
}
