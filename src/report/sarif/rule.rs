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
    let mut descriptor = json!({
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
    });
    if let Some(uri) = find_help_uri(env!("CARGO_PKG_REPOSITORY"), rule) {
        descriptor["helpUri"] = Value::from(uri);
    }
    descriptor
}

/// Where the page of the rule can be read: in the repository that the program was built from, when
/// its manifest names one.
fn find_help_uri(repository: &str, rule: &Rule) -> Option<String> {
    let repository = repository.trim_end_matches('/');
    let (version, code, stem) = (env!("CARGO_PKG_VERSION"), rule.code, rule.stem);
    (!repository.is_empty()).then(|| format!("{repository}/blob/v{version}/rules/{code}-{stem}.md"))
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

    #[test]
    fn the_page_of_a_rule_is_in_the_repository() {
        for rule in crate::rules::all() {
            let uri = find_help_uri("https://git.example.com/tools/dashlift/", rule).unwrap();
            let page = uri.rsplit_once('/').unwrap().1;
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
            assert!(std::path::Path::new(folder).join(page).exists(), "{uri}");
        }
        assert_eq!(find_help_uri("", crate::rules::all()[0]), None);
    }
}
