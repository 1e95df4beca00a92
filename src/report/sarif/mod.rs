//! SARIF 2.1.0, the format of code scanning and of many editors: one run for each repository. The
//! format: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

mod fix;
mod place;
mod rule;

use serde_json::{Map, Value, json};

use super::collected::{Collected, NamedFinding, Suppressed};
use super::helps::{helps, sentence};
use super::{markdown, safe, words};
use crate::baseline::Fingerprints;
use crate::engine::Reported;
use crate::rules::{Category, Finding, Rule};
use crate::text::Text;

/// Where the schema is published.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name under which the fingerprints stand.
const FINGERPRINT: &str = "dashlift/v2";

/// All findings. What is suppressed is among them only when asked for: GitHub shows it like any other
/// finding.
pub fn log(all: &[Collected], exit_code: u8, with_suppressed: bool) -> Value {
    let mut repositories: Vec<Vec<&Collected>> = Vec::new();
    for one in all {
        let same = |group: &&mut Vec<&Collected>| {
            let of = |one: &Collected| one.of.repository.clone();
            one.error.is_none() && group.iter().any(|other| of(other) == of(one))
        };
        match repositories.iter_mut().find(same) {
            Some(group) => group.push(one),
            None => repositories.push(vec![one]),
        }
    }
    let several = repositories.len() > 1;
    let runs = repositories.iter().map(|repository| SarifRun {
        paths: repository,
        several,
        exit_code,
        with_suppressed,
    });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": runs.map(|run| run.object()).collect::<Vec<Value>>(),
    })
}

/// What was done with one repository.
struct SarifRun<'a> {
    /// Its paths; one at least.
    paths: &'a [&'a Collected],
    /// Whether it is one of several.
    several: bool,
    exit_code: u8,
    with_suppressed: bool,
}

impl SarifRun<'_> {
    fn object(&self) -> Value {
        let mut rules: Vec<&'static Rule> = Vec::new();
        for rule in self.paths.iter().flat_map(|one| &one.of.rules) {
            if !rules.iter().any(|known| known.code == rule.code) {
                rules.push(rule);
            }
        }
        let results = self.paths.iter().flat_map(|one| self.results(one, &rules));
        json!({
            "tool": { "driver": {
                "name": "dashlift",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "version": env!("CARGO_PKG_VERSION"),
                "shortDescription": {
                    "text": "Moves Dash apps from Dash Enterprise 4 to Dash Enterprise 5.",
                },
                "rules": rules.iter().map(|rule| rule::descriptor(rule)).collect::<Vec<Value>>(),
            }},
            "automationDetails": { "id": self.category() },
            "invocations": [self.invocation()],
            "originalUriBaseIds": {
                place::ROOT: {
                    "description": { "text": "The root of the repository." },
                },
            },
            "columnKind": "utf16CodeUnits",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "results": results.collect::<Vec<Value>>(),
        })
    }

    /// Code scanning wants a name of its own for each run of an upload.
    fn category(&self) -> String {
        let name = self.paths.first().map_or("", |one| one.of.name.as_str());
        if self.several {
            format!("dashlift/{}/", safe(name))
        } else {
            "dashlift/".to_owned()
        }
    }

    fn invocation(&self) -> Value {
        let errors = self.paths.iter().filter_map(|one| one.error.clone());
        let groups = self.paths.iter().flat_map(|one| &one.groups);
        let failures = groups.filter_map(|group| {
            let root = group.root.as_ref()?;
            let reason = group.failure.as_ref()?;
            Some(format!("The app {root} was left as it was: {reason}"))
        });
        let notification = |text: String| {
            let text = sentence(&safe(&text));
            json!({ "level": "error", "message": { "text": text } })
        };
        let notifications: Vec<Value> = errors.chain(failures).map(notification).collect();
        json!({
            "executionSuccessful": notifications.is_empty(),
            "exitCode": self.exit_code,
            "toolExecutionNotifications": notifications,
        })
    }

    fn results(&self, one: &Collected, rules: &[&'static Rule]) -> Vec<Value> {
        let open = one.open().map(|known| result(one, known, rules));
        let mut results: Vec<Value> = open.collect();
        if self.with_suppressed {
            let mut fingerprints = Fingerprints::default();
            let kept = one.groups.iter().flat_map(|group| &group.suppressed);
            results.extend(kept.map(|kept| suppressed(one, kept, &mut fingerprints, rules)));
        }
        results
    }
}

fn result(one: &Collected, known: &NamedFinding, rules: &[&'static Rule]) -> Value {
    let reported = &known.reported;
    let text = reported.text.as_ref();
    let fingerprint = known.fingerprint.to_string();
    let mut result = common(one, &reported.finding, text, &fingerprint, rules);
    let related = related(one, reported);
    if !related.is_empty() {
        result.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    if let Some(fix) = fix::object(one, reported) {
        result.insert("fixes".to_owned(), json!([fix]));
    }
    Value::Object(result)
}

fn suppressed(
    one: &Collected,
    kept: &Suppressed,
    fingerprints: &mut Fingerprints,
    rules: &[&'static Rule],
) -> Value {
    let finding = &kept.finding;
    let text = one.texts.get(&finding.place.path);
    let fingerprint = fingerprints.next_of(finding, text).to_string();
    let mut result = common(one, finding, text, &fingerprint, rules);
    let kind = if kept.by_pattern {
        "external"
    } else {
        "inSource"
    };
    result.insert("suppressions".to_owned(), json!([{ "kind": kind }]));
    Value::Object(result)
}

/// What every result has.
fn common(
    one: &Collected,
    finding: &Finding,
    text: Option<&Text>,
    fingerprint: &str,
    rules: &[&'static Rule],
) -> Map<String, Value> {
    let code = finding.rule.code;
    let mut result = Map::new();
    let mut add = |name: &str, value: Value| {
        result.insert(name.to_owned(), value);
    };
    add("ruleId", json!(code.to_string()));
    if let Some(index) = rules.iter().position(|rule| rule.code == code) {
        add("ruleIndex", json!(index));
    }
    add("level", json!(level(finding.category)));
    add("message", message(finding));
    let location = place::physical(one, &finding.place, text);
    add("locations", json!([{ "physicalLocation": location }]));
    add("partialFingerprints", json!({ FINGERPRINT: fingerprint }));
    let mut properties = json!({
        "category": words::category(finding.category),
        "effort": words::effort(finding.effort),
    });
    if let Some(fix) = &finding.fix {
        // Every fix is named, also one that the format cannot say.
        properties["fix"] = json!({
            "safety": words::safety(fix.safety),
            "title": safe(&fix.title),
        });
    }
    add("properties", properties);
    result
}

/// The level of a category.
fn level(category: Category) -> &'static str {
    match category {
        Category::Must => "error",
        Category::Should => "warning",
        Category::May => "note",
    }
}

/// The fact and what helps, as text and as Markdown.
fn message(finding: &Finding) -> Value {
    let helps = helps(finding);
    let mut text = sentence(&safe(&finding.message));
    let mut rich = sentence(&markdown::sentence(&finding.message));
    for help in &helps {
        text = format!("{text}\n{}", help.plain());
        rich = format!("{rich}\n\n{}", help.markdown());
    }
    json!({ "text": text, "markdown": rich })
}

/// The places of the evidence.
fn related(one: &Collected, reported: &Reported) -> Vec<Value> {
    let evidence = reported.finding.evidence.iter().enumerate();
    let location = |(index, evidence): (usize, &crate::rules::Evidence)| {
        let text = reported.evidence.get(index).and_then(Option::as_ref);
        json!({
            "id": index + 1,
            "physicalLocation": place::physical(one, &evidence.place, text),
            "message": { "text": sentence(&safe(&evidence.note)) },
        })
    };
    evidence.map(location).collect()
}
