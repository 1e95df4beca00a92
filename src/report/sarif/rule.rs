//! Rules as SARIF describes them; the help is the page that `dashlift explain` prints.

use serde_json::{Value, json};

use super::level;
use crate::report::helps::sentence;
use crate::report::words;
use crate::rules::{Category, Rule};

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

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first: Vec<char> = characters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    first.into_iter().chain(characters).collect()
}

/// The first paragraph below "What it finds"; the summary where there is none.
fn full(rule: &Rule) -> String {
    let section = rule.page.split("\n## What it finds\n").nth(1);
    let section = section.and_then(|section| section.split("\n## ").next());
    let paragraph = section.and_then(|section| section.trim().split("\n\n").next());
    let lines = paragraph.unwrap_or(rule.summary).lines();
    sentence(&lines.collect::<Vec<&str>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_described() {
        for rule in crate::rules::all() {
            let full = full(rule);
            assert!(full.len() > 20, "{}: {full}", rule.code);
            assert!(full.starts_with(|c: char| !c.is_whitespace()), "{full}");
        }
        assert_eq!(name("runtime-txt"), "RuntimeTxt");
    }
}
