//! Rules as SARIF describes them; the help is the page that `dashlift explain` prints.

use serde_json::{Value, json};

use super::level;
use crate::report::helps::{capitalised, sentence};
use crate::report::words;
use crate::rules::{Category, Rule};

/// The longest description (bytes): GitHub takes no more than 1024 characters.
const LONGEST: usize = 1000;

/// The rule with its page.
pub(super) fn descriptor(rule: &Rule) -> Value {
    let severity = match rule.category {
        Category::Must => "error",
        Category::Should => "warning",
        Category::May => "recommendation",
    };
    json!({
        "id": rule.code.to_string(),
        "name": name(rule.stem),
        "shortDescription": { "text": capitalised(&sentence(rule.summary)) },
        "fullDescription": { "text": full(rule) },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.category) },
        "properties": {
            "tags": ["dash-enterprise-5", words::category(rule.category)],
            "problem.severity": severity,
        },
    })
}

/// `runtime-txt` as `RuntimeTxt`.
fn name(stem: &str) -> String {
    stem.split('-').map(capitalised).collect()
}

/// What stands below "What it finds"; where that is long its first paragraph, or the summary.
fn full(rule: &Rule) -> String {
    let section = rule.page.split("\n## What it finds\n").nth(1);
    let section = section.and_then(|section| section.split("\n## ").next());
    let section = section.unwrap_or_default().trim();
    let first = section.split("\n\n").next().unwrap_or_default();
    let texts = [section, first, rule.summary].into_iter();
    let mut fitting = texts.filter(|text| !text.is_empty() && text.len() < LONGEST);
    sentence(fitting.next().unwrap_or(rule.stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_described() {
        for rule in crate::rules::all() {
            let full = full(rule);
            assert!(
                full.len() > 20 && full.len() <= LONGEST + 1,
                "{}: {full}",
                rule.code
            );
            assert!(full.starts_with(|c: char| !c.is_whitespace()), "{full}");
        }
        assert_eq!(name("runtime-txt"), "RuntimeTxt");
    }
}
