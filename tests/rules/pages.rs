//! Every example of every page is run: its "Before" is converted and compared with its "After".

use std::collections::BTreeMap;

use dashlift::rules::{self, Rule};

use crate::harness::{Case, app};

const GUIDED: &str = "Nothing changes: a person decides.";

#[test]
fn every_page_keeps_its_promise() {
    let failures: Vec<String> = rules::all()
        .iter()
        .filter_map(|rule| {
            std::panic::catch_unwind(|| check_page(rule))
                .err()
                .map(|_| rule.code.to_string())
        })
        .collect();
    assert!(
        failures.is_empty(),
        "pages whose example does not hold: {failures:?}"
    );
}

fn check_page(rule: &Rule) {
    let page = rule.page;
    assert!(
        page.starts_with(&format!("# {} {}\n", rule.code, rule.stem)),
        "the title of {}",
        rule.code
    );
    for heading in [
        "## What it finds",
        "## Why it matters on Dash Enterprise 5",
        "## What to do by hand",
        "## Sources",
    ] {
        assert!(
            section(page, heading).is_some_and(|text| !text.trim().is_empty()),
            "{heading} of {}",
            rule.code
        );
    }
    let examples: Vec<&str> = page
        .lines()
        .filter(|line| *line == "## Example" || line.starts_with("## Example: "))
        .collect();
    assert!(!examples.is_empty(), "no example in {}", rule.code);
    for heading in examples {
        let example = section(page, heading).expect("an example");
        check_example(rule, heading, example);
    }
}

fn check_example(rule: &Rule, heading: &str, example: &str) {
    let what = format!("{} `{heading}`", rule.code);
    let before = files(section(example, "### Before").expect("Before"));
    let case = settings(example, app(before.clone()).rule(&rule.code.to_string()));
    let reported: Vec<&str> = fenced(section(example, "### Reported").expect("Reported"))
        .lines()
        .collect();
    assert_eq!(case.check(), reported, "findings of {what}");
    let after = section(example, "### After").expect("After");
    let expected = if after.trim() == GUIDED {
        before
    } else {
        files(after)
    };
    let found = case.fix().files;
    let found: BTreeMap<String, String> = found
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect();
    assert_eq!(found, expected, "the result of {what}");
}

/// The text below a heading, up to the next one of its level or above.
fn section<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let level = heading.split(' ').next()?.len();
    let start = page.find(&format!("\n{heading}\n"))? + heading.len() + 2;
    let mut end = start;
    let mut in_fence = false;
    for line in page[start..].split_inclusive('\n') {
        in_fence ^= line.starts_with("```");
        let marks = line.chars().take_while(|c| *c == '#').count();
        if !in_fence && marks > 0 && marks <= level && line[marks..].starts_with(' ') {
            break;
        }
        end += line.len();
    }
    Some(&page[start..end])
}

/// The files of an example: a path in backticks alone on a line, then a fenced block.
fn files(section: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut rest = section;
    while let Some(at) = rest.find("\n```") {
        let name = rest[..at].trim_end().lines().last().unwrap().trim();
        let name = name
            .strip_prefix('`')
            .and_then(|name| name.strip_suffix('`'))
            .expect("a path in backticks");
        let body = &rest[at + 1..];
        let start = body.find('\n').unwrap() + 1;
        let end = if body[start..].starts_with("```") {
            start
        } else {
            body.find("\n```\n").expect("the fence's end") + 1
        };
        files.insert(name.to_owned(), body[start..end].to_owned());
        rest = &body[end + 3..];
    }
    files
}

fn fenced(section: &str) -> &str {
    let start = section.find("```").unwrap();
    let start = start + section[start..].find('\n').unwrap() + 1;
    let end = start + section[start..].find("```").unwrap();
    &section[start..end]
}

fn settings(example: &str, mut case: Case) -> Case {
    let Some(line) = example
        .lines()
        .find_map(|line| line.strip_prefix("Settings: "))
    else {
        return case;
    };
    let mut words = line.trim_matches('`').split_whitespace();
    while let Some(word) = words.next() {
        case = match word {
            "--unsafe-fixes" => case.unsafe_fixes(),
            "--de5-host" => case.host(words.next().unwrap()),
            "--select" => case.rules(words.next().unwrap()),
            "--mapping" => case.mapping(words.next().unwrap()),
            "--target" => case.target(words.next().unwrap()),
            other => panic!("unknown setting {other}"),
        };
    }
    case
}
