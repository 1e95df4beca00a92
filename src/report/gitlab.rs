//! A code quality report of GitLab. The format: GitLab's documentation, "Code Quality", "Implement a
//! custom tool".

use serde_json::{Value, json};

use super::collected::{Collected, NamedFinding};
use super::safe;
use crate::rules::Category;

/// All findings, as a list.
pub fn report(all: &[Collected]) -> Value {
    let findings = all
        .iter()
        .flat_map(|one| one.open().map(move |known| issue(one, known)));
    Value::Array(findings.collect())
}

fn issue(one: &Collected, known: &NamedFinding) -> Value {
    let finding = &known.reported.finding;
    let path = one.of.paths.path(&finding.place.path);
    json!({
        "description": format!("{} {}", finding.rule.code, safe(&finding.message)),
        "check_name": format!("{} {}", finding.rule.code, finding.rule.stem),
        "fingerprint": fingerprint(one, known),
        "severity": match finding.category {
            Category::Must => "critical",
            Category::Should => "minor",
            Category::May => "info",
        },
        "location": {
            "path": path,
            "lines": { "begin": known.reported.position().line },
        },
    })
}

/// Two repositories in one report may have the same findings.
fn fingerprint(one: &Collected, known: &NamedFinding) -> String {
    let finding = &known.reported.finding;
    let path = one.of.paths.path(&finding.place.path);
    let prefix = path.strip_suffix(finding.place.path.as_str());
    let prefix = prefix.unwrap_or_default().trim_end_matches('/');
    if prefix.is_empty() {
        known.fingerprint.to_string()
    } else {
        format!("{prefix}:{}", known.fingerprint)
    }
}
