//! A test report in the format of `JUnit`, which most CI systems read: one suite for each app, one test
//! for each rule.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::collected::{Collected, Group};
use super::helps::helps;
use super::words::{self, counted};
use super::{concise, safe};
use crate::engine::Reported;
use crate::rules::{Check, Rule};

/// A suite: an app, the repository as a whole, or a path where nothing could be done.
struct TestSuite {
    name: String,
    cases: Vec<TestCase>,
}

/// A test.
struct TestCase {
    class: String,
    title: String,
    outcome: Option<TestOutcome>,
}

/// How a test ended that was not just passed.
struct TestOutcome {
    kind: TestEnding,
    message: String,
    category: Option<&'static str>,
    text: Option<String>,
}

/// The element that says it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TestEnding {
    Error,
    Failure,
    Skipped,
}

impl TestEnding {
    fn element(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Failure => "failure",
            Self::Skipped => "skipped",
        }
    }
}

/// The report of all paths.
///
/// # Errors
/// Never for texts in memory; the library's own signature.
pub fn report(all: &[Collected]) -> io::Result<String> {
    let mut suites = Vec::new();
    for one in all {
        if let Some(error) = &one.error {
            suites.push(build_refused(one, error));
        }
        suites.extend(one.groups.iter().map(|group| build_suite(one, group)));
    }
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 4);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all: Vec<&TestCase> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let mut head = BytesStart::new("testsuites");
    head.push_attribute(("name", "dashlift"));
    // The format's schema has no `skipped` here.
    push_counts(&mut head, &all, &[TestEnding::Failure, TestEnding::Error]);
    writer.write_event(Event::Start(head))?;
    for suite in &suites {
        write_suite(&mut writer, suite)?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuites")))?;
    writer.write_indent()?;
    String::from_utf8(writer.into_inner()).map_err(io::Error::other)
}

/// The numbers of tests, and of those that ended in these ways.
fn push_counts(element: &mut BytesStart, cases: &[&TestCase], kinds: &[TestEnding]) {
    element.push_attribute(("tests", cases.len().to_string().as_str()));
    for kind in kinds {
        let name = match kind {
            TestEnding::Error => "errors",
            TestEnding::Failure => "failures",
            TestEnding::Skipped => "skipped",
        };
        let ended = |case: &&&TestCase| case.outcome.as_ref().is_some_and(|it| it.kind == *kind);
        let number = cases.iter().filter(ended).count();
        element.push_attribute((name, number.to_string().as_str()));
    }
}

fn write_suite(writer: &mut Writer<Vec<u8>>, suite: &TestSuite) -> io::Result<()> {
    let mut head = BytesStart::new("testsuite");
    head.push_attribute(("name", keep_legal(&suite.name).as_str()));
    let cases: Vec<&TestCase> = suite.cases.iter().collect();
    push_counts(
        &mut head,
        &cases,
        &[TestEnding::Skipped, TestEnding::Failure, TestEnding::Error],
    );
    writer.write_event(Event::Start(head))?;
    for case in &suite.cases {
        let mut head = BytesStart::new("testcase");
        head.push_attribute(("name", keep_legal(&case.title).as_str()));
        head.push_attribute(("classname", keep_legal(&case.class).as_str()));
        let Some(outcome) = &case.outcome else {
            writer.write_event(Event::Empty(head))?;
            continue;
        };
        writer.write_event(Event::Start(head))?;
        write_outcome(writer, outcome)?;
        writer.write_event(Event::End(BytesEnd::new("testcase")))?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuite")))
}

fn write_outcome(writer: &mut Writer<Vec<u8>>, outcome: &TestOutcome) -> io::Result<()> {
    let name = outcome.kind.element();
    let mut head = BytesStart::new(name);
    head.push_attribute(("message", keep_legal(&outcome.message).as_str()));
    if let Some(category) = outcome.category {
        head.push_attribute(("type", category));
    }
    let Some(text) = &outcome.text else {
        return writer.write_event(Event::Empty(head));
    };
    writer.write_event(Event::Start(head))?;
    writer.write_event(Event::Text(BytesText::new(&keep_legal(text))))?;
    writer.write_event(Event::End(BytesEnd::new(name)))
}

/// A text without the characters that XML 1.0 cannot hold, not even escaped.
fn keep_legal(text: &str) -> String {
    let is_legal = |c: &char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => *c >= ' ',
    };
    text.chars().filter(is_legal).collect()
}

/// A path where nothing could be done.
fn build_refused(one: &Collected, error: &str) -> TestSuite {
    TestSuite {
        name: safe(&one.of.name),
        cases: vec![build_case(
            &one.of.name,
            "dashlift",
            Some(build_error(error)),
        )],
    }
}

fn build_error(error: &str) -> TestOutcome {
    TestOutcome {
        kind: TestEnding::Error,
        message: safe(error),
        category: None,
        text: None,
    }
}

fn build_suite(one: &Collected, group: &Group) -> TestSuite {
    let name = match &group.root {
        Some(root) => one.of.paths.path(root),
        None => "the repository".to_owned(),
    };
    let failure = group.failure.as_deref();
    let mut cases: Vec<TestCase> = failure
        .map(|failure| build_case(&name, "dashlift", Some(build_error(failure))))
        .into_iter()
        .collect();
    let of_app = group.root.is_some();
    let speaks = |rule: &&&Rule| match rule.check {
        Check::App(_) | Check::Suppressions => of_app,
        Check::Repository(_) => !of_app,
    };
    for rule in one.of.rules.iter().filter(speaks) {
        let title = format!("{} {}", rule.code, rule.stem);
        cases.push(build_case(&name, &title, judge_rule(one, group, rule)));
    }
    TestSuite { name, cases }
}

fn build_case(class: &str, title: &str, outcome: Option<TestOutcome>) -> TestCase {
    TestCase {
        class: safe(class),
        title: title.to_owned(),
        outcome,
    }
}

/// What a rule says: advice alone is no failure, unless it counts. None where the rule was passed.
fn judge_rule(one: &Collected, group: &Group, rule: &Rule) -> Option<TestOutcome> {
    let open = group.open.iter().map(|known| &known.reported);
    let found: Vec<&Reported> = open
        .filter(|reported| reported.finding.rule.code == rule.code)
        .collect();
    if found.is_empty() {
        return find_kept_back(one, group, rule);
    }
    let tally = super::Tally::of(found.iter().copied());
    let text = Some(list_findings(one, &found));
    if tally.counting(one.of.fail_on) > 0 {
        return Some(TestOutcome {
            kind: TestEnding::Failure,
            message: format!("{}: {}", counted(found.len(), "finding"), rule.summary),
            category: Some(words::category(rule.category)),
            text,
        });
    }
    let advice = counted(found.len(), "piece");
    Some(TestOutcome {
        kind: TestEnding::Skipped,
        message: format!("{advice} of advice: {}", rule.summary),
        category: None,
        text,
    })
}

/// The findings, one line each, with what helps below.
fn list_findings(one: &Collected, found: &[&Reported]) -> String {
    let mut lines = Vec::new();
    for reported in found {
        lines.push(concise::shown_line(reported, &one.of.paths));
        let helps = helps(&reported.finding);
        lines.extend(helps.iter().map(|help| format!("  {}", help.plain())));
    }
    lines.join("\n")
}

/// A rule without open findings was passed, or what it found is kept back.
fn find_kept_back(one: &Collected, group: &Group, rule: &Rule) -> Option<TestOutcome> {
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
        return None;
    }
    let mut parts = Vec::new();
    if suppressed > 0 {
        parts.push(format!("{suppressed} suppressed"));
    }
    if baselined > 0 {
        parts.push(format!("{baselined} of the baseline"));
    }
    Some(TestOutcome {
        kind: TestEnding::Skipped,
        message: parts.join(", "),
        category: None,
        text: None,
    })
}
