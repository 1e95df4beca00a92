//! What was done, why, and what is left: the account of `fix` and `migrate`.

use std::fmt::Write;

use super::changes::{changed_files, listing};
use super::style::{BAD, CODE, FAINT, HEADING, styled};
use super::words::{counted, wrapped};
use super::{PathPrefix, safe};
use crate::engine::{AppOutcome, Outcome, Reported};
use crate::rules::{Code, Step};
use crate::tree::TreePath;

/// Width (characters) at which sentences are broken.
const WIDTH: usize = 90;

/// A step for a person, with every finding that asks for it.
#[derive(Debug, Clone)]
pub struct LeftStep<'a> {
    /// What to do.
    pub step: &'a Step,
    /// The rules and files that ask for it, each once.
    pub asked_by: Vec<(Code, &'a TreePath)>,
}

/// The steps of these findings, each once, in their order.
pub fn steps<'a>(findings: impl IntoIterator<Item = &'a Reported>) -> Vec<LeftStep<'a>> {
    let mut left: Vec<LeftStep> = Vec::new();
    for reported in findings {
        let finding = &reported.finding;
        let by = (finding.rule.code, &finding.place.path);
        for step in &finding.steps {
            match left.iter_mut().find(|known| known.step == step) {
                Some(known) if known.asked_by.contains(&by) => {}
                Some(known) => known.asked_by.push(by),
                None => left.push(LeftStep {
                    step,
                    asked_by: vec![by],
                }),
            }
        }
    }
    left
}

/// What was done, file by file, and the steps that it leaves. `heading` says where the result is.
pub fn done(outcome: &Outcome, shown: &PathPrefix, heading: &str) -> String {
    let mut text = format!("{}\n", styled(HEADING, heading));
    let several = outcome.apps.len() > 1;
    for app in outcome.apps.iter().filter(|app| !app.fixed.is_empty()) {
        if several {
            let _ = writeln!(text, "\n  app {}", shown.path(&app.root));
        }
        text.extend(app.fixed.iter().map(|reported| repair(reported, shown)));
    }
    let files = changed_files(&outcome.result);
    let count = counted(files.len(), "file");
    let _ = writeln!(text, "\n{}", styled(HEADING, format!("{count}:")));
    text.push_str(&listing(&files, shown));
    text.push_str(&left(&steps(outcome.fixed()), shown));
    text
}

/// What stands between the account and the findings that are left.
pub fn rest_heading() -> String {
    format!("\n{}\n\n", styled(HEADING, "Not fixed:"))
}

/// A repair, and in the next line its reason.
fn repair(reported: &Reported, shown: &PathPrefix) -> String {
    let finding = &reported.finding;
    let title = finding.fix.as_ref().map_or("", |fix| &fix.title);
    let code = styled(CODE, finding.rule.code);
    let path = shown.path(&finding.place.path);
    let why = indented(&safe(&finding.message), "        ");
    format!("  {code} {path}: {}\n{}", safe(title), styled(FAINT, why))
}

fn left(steps: &[LeftStep], shown: &PathPrefix) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", styled(HEADING, "Left for you after these fixes:"));
    for (index, left) in steps.iter().enumerate() {
        let number = format!("  {}. ", index + 1);
        let blank = " ".repeat(number.len());
        let sentence = indented(&safe(&left.step.text), &blank);
        text.push_str(&number);
        text.push_str(sentence.trim_start());
        if let Some(command) = &left.step.command {
            let command = styled(CODE, safe(command));
            let _ = writeln!(text, "{blank}  {command}");
        }
        let asked = left
            .asked_by
            .iter()
            .map(|(code, path)| format!("{code} {}", shown.path(path)));
        let asked: Vec<String> = asked.collect();
        text.push_str(&styled(
            FAINT,
            indented(&format!("({})", asked.join(", ")), &blank),
        ));
    }
    text
}

fn indented(text: &str, blank: &str) -> String {
    let mut result = String::new();
    for line in wrapped(text, WIDTH - blank.len()) {
        let _ = writeln!(result, "{blank}{line}");
    }
    result
}

/// Why an app was left as it was.
pub fn failure(app: &AppOutcome, shown: &PathPrefix) -> Option<String> {
    let failed = app.failed.as_ref()?;
    let name = match shown.path(&app.root).as_str() {
        "." => "the app".to_owned(),
        path => format!("the app {path}"),
    };
    Some(format!(
        "{}: {name} was left as it was, because the result could not be proven\n  {}\n  This is a defect of dashlift: please report it. `-v` shows the changes that were taken back.\n",
        styled(BAD, "error"),
        safe(&failed.failure.to_string()),
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::engine::{FailedProof, ProofFailure};
    use crate::report::document::RepositoryDocument;
    use crate::rules::Subject;
    use crate::tree::{MemoryTree, Overlay};

    fn outcome(tree: &MemoryTree) -> Outcome<'_> {
        let rule = crate::rules::find("DL101").unwrap();
        let case = *rule.cases.first().unwrap();
        let path = TreePath::root().child("runtime.txt");
        let finding = rule
            .report(case, Subject::Whole, &path, "a fact")
            .guide("Do it.");
        let reported = Reported {
            finding,
            text: None,
            evidence: Vec::new(),
        };
        let failed = FailedProof {
            failure: ProofFailure::NotRepaired("https://me:pw@example.com".to_owned()),
            rejected: BTreeMap::new(),
        };
        Outcome {
            apps: vec![AppOutcome {
                root: TreePath::root().child("one"),
                fixed: Vec::new(),
                open: vec![reported.clone(), reported],
                suppressed: Vec::new(),
                skipped: Vec::new(),
                failed: Some(Box::new(failed)),
            }],
            repository: Vec::new(),
            suppressed: Vec::new(),
            baselined: crate::engine::Baselined::default(),
            result: Overlay::new(tree),
        }
    }

    #[test]
    fn a_failed_proof_is_told_to_people_and_programs() {
        let tree = MemoryTree::default();
        let outcome = outcome(&tree);
        let told = outcome
            .apps
            .iter()
            .find_map(|app| failure(app, &PathPrefix::plain()));
        let told = anstream::adapter::strip_str(&told.unwrap()).to_string();
        assert!(
            told.starts_with("error: the app one was left as it was, because"),
            "{told}"
        );
        assert!(
            told.contains("https://*****@example.com is still there"),
            "{told}"
        );
        let rejected = |_: &FailedProof| "-python-3.9.6\n".to_owned();
        let json = RepositoryDocument::new(".".to_owned(), &outcome, &outcome, rejected);
        let json = serde_json::to_value(json).unwrap();
        let failure = &json["apps"][0]["failure"];
        assert_eq!(failure["rejected"], "-python-3.9.6\n");
        assert_eq!(json["summary"]["failed"], 1);
    }

    #[test]
    fn a_step_that_several_findings_ask_for_is_told_once() {
        let tree = MemoryTree::default();
        let outcome = outcome(&tree);
        let steps = steps(outcome.open());
        assert_eq!(steps.len(), 1);
        let asked: Vec<String> = steps[0]
            .asked_by
            .iter()
            .map(|(code, _)| code.to_string())
            .collect();
        assert_eq!(asked, ["DL101"]);
    }
}
