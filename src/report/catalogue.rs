//! The list of all rules.

use serde::Serialize;

use super::style::{CODE, FAINT, styled};
use super::words;
use crate::rules::{Check, Rule};

/// A rule as JSON names it.
#[derive(Debug, Serialize)]
pub struct RuleEntry {
    code: String,
    stem: &'static str,
    category: &'static str,
    scope: &'static str,
    summary: &'static str,
}

/// A rule and its page as JSON names them.
#[derive(Debug, Serialize)]
pub struct RulePage {
    #[serde(flatten)]
    rule: RuleEntry,
    page: &'static str,
}

impl RuleEntry {
    /// What JSON says of a rule.
    pub fn new(rule: &Rule) -> Self {
        Self {
            code: rule.code.to_string(),
            stem: rule.stem,
            category: words::category(rule.category),
            scope: match rule.check {
                Check::App(_) | Check::Suppressions => "app",
                Check::Repository(_) => "repository",
            },
            summary: rule.summary,
        }
    }
}

impl RulePage {
    /// What JSON says of a rule's page.
    pub fn new(rule: &Rule) -> Self {
        Self {
            rule: RuleEntry::new(rule),
            page: rule.page,
        }
    }
}

/// A table of rules: code, stem, category, what it finds.
pub fn table(rules: &[&Rule]) -> String {
    let width = |text: fn(&Rule) -> usize| rules.iter().map(|rule| text(rule)).max().unwrap_or(0);
    let stem_width = width(|rule| rule.stem.len());
    let row = |rule: &&Rule| {
        let code = styled(CODE, rule.code);
        let category = styled(FAINT, format!("{:6}", words::category(rule.category)));
        let (stem, summary) = (rule.stem, rule.summary);
        format!("{code}  {stem:stem_width$}  {category}  {summary}\n")
    };
    rules.iter().map(row).collect()
}
