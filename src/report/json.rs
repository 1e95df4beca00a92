//! The result as data, for programs. The schema is described in `docs/output.md`; a change that
//! takes something away or gives it another meaning makes the next version.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize, Serializer};

use super::changes::{ChangedFile, changed_files};
use super::plan::PlanDocument;
use super::solve::SolveDocument;
use super::verify::VerifyDocument;
use super::{Tally, words};
use crate::engine::{AppOutcome, FailedProof, Outcome, Reported, SkippedSource};
use crate::rules::{Edit, Evidence, Fix, ServerSetting, Stage};
use crate::secrets::masked;
use crate::text::{Position, Text, is_hidden};
use crate::tree::TreePath;

/// The version of the schema.
pub const VERSION: u32 = 1;

/// A whole run.
#[derive(Debug, Serialize)]
pub struct Run {
    /// The version of the schema.
    pub version: u32,
    /// What made it.
    pub tool: Tool,
    /// The command: `check`, `diff`, `fix`, `migrate`, `plan`.
    pub command: &'static str,
    /// The exit code of the program.
    pub exit_code: u8,
    /// One for each path that was given, in that order.
    pub repositories: Vec<Repository>,
    /// The counts of all repositories.
    pub summary: Summary,
}

/// The program.
#[derive(Debug, Serialize)]
pub struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Self = Self {
        name: "dashlift",
        version: env!("CARGO_PKG_VERSION"),
    };
}

/// What became of one path.
#[derive(Debug, Default, Serialize)]
pub struct Repository {
    /// The path as it was given.
    pub path: String,
    /// Why nothing could be done, a sentence.
    pub error: Option<String>,
    /// The apps, by folder.
    pub apps: Vec<App>,
    /// Findings about the repository as a whole.
    pub findings: Vec<Finding>,
    /// The files that the result changes; for `check` none.
    pub changed: Vec<ChangedFile>,
    /// The unified diff of the result; for `diff` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
    /// The branch that was made; for `migrate` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<Branch>,
    /// The plan of each app, in the order of `apps`; for `plan` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plans: Option<Vec<PlanDocument>>,
    /// What makes the list of each app install; for `solve` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solved: Option<Vec<SolveDocument>>,
    /// What came of the import of each app; for `verify` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<Vec<VerifyDocument>>,
    /// The counts.
    pub summary: Summary,
}

/// The branch that `migrate` made.
#[derive(Debug, Serialize)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// Its commit.
    pub commit: String,
}

/// One app.
#[derive(Debug, Serialize)]
pub struct App {
    #[serde(serialize_with = "path")]
    root: TreePath,
    findings: Vec<Finding>,
    fixed: Vec<Finding>,
    failure: Option<Failure>,
    skipped: Vec<Skipped>,
}

/// A source file that no rule could look into.
#[derive(Debug, Serialize)]
pub struct Skipped {
    #[serde(serialize_with = "path")]
    path: TreePath,
    reason: String,
}

/// A failed proof.
#[derive(Debug, Serialize)]
pub struct Failure {
    message: String,
    /// The changes that were taken back, as a diff.
    rejected: String,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct Finding {
    code: String,
    stem: &'static str,
    case: &'static str,
    subject: String,
    category: &'static str,
    message: String,
    #[serde(flatten)]
    place: Place,
    evidence: Vec<Note>,
    fix: Option<Repair>,
    steps: Vec<Step>,
    notes: Vec<String>,
    alternatives: Vec<String>,
    effort: &'static str,
    consequences: Vec<Consequence>,
}

/// What a finding means for the move.
#[derive(Debug, Serialize)]
struct Consequence {
    kind: &'static str,
    name: Option<String>,
    count: Option<u32>,
}

/// A place, from the first character to the one after the last.
#[derive(Debug, Serialize)]
struct Place {
    #[serde(serialize_with = "path")]
    path: TreePath,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Note {
    #[serde(flatten)]
    place: Place,
    note: String,
}

#[derive(Debug, Serialize)]
struct Repair {
    safety: &'static str,
    title: String,
    edits: Vec<Touch>,
}

/// A file that a fix touches.
#[derive(Debug, Serialize)]
struct Touch {
    kind: &'static str,
    #[serde(serialize_with = "path")]
    path: TreePath,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

#[derive(Debug, Serialize)]
struct Step {
    text: String,
    command: Option<String>,
    site: &'static str,
}

/// Counts of findings that are there at the end, and of those that were repaired.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Summary {
    /// How many apps.
    pub apps: usize,
    /// Findings by category.
    pub must: usize,
    /// See `must`.
    pub should: usize,
    /// See `must`.
    pub may: usize,
    /// Findings that a safe fix repairs.
    pub safe_fixes: usize,
    /// Findings that an unsafe fix repairs.
    pub unsafe_fixes: usize,
    /// Findings that only a person repairs.
    pub by_hand: usize,
    /// Findings that no change of the repository answers.
    pub outside: usize,
    /// Findings that were repaired.
    pub fixed: usize,
    /// Findings that a comment or a pattern keeps back.
    pub suppressed: usize,
    /// Findings that a baseline keeps back.
    pub baselined: usize,
    /// Apps whose proof failed.
    pub failed: usize,
}

impl Summary {
    /// Counts the findings of one outcome and the repairs of another.
    pub fn count(found: &Outcome, result: &Outcome) -> Self {
        let tally = Tally::of(found.open());
        Self {
            apps: found.apps.len(),
            must: tally.must,
            should: tally.should,
            may: tally.may,
            safe_fixes: tally.safe,
            unsafe_fixes: tally.unsafe_,
            by_hand: tally.person,
            outside: tally.outside,
            fixed: result.fixed().count(),
            suppressed: found.suppressed(),
            baselined: found.baselined.findings.len(),
            failed: result
                .apps
                .iter()
                .filter(|app| app.failed.is_some())
                .count(),
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: &Self) -> Self {
        Self {
            apps: self.apps + other.apps,
            must: self.must + other.must,
            should: self.should + other.should,
            may: self.may + other.may,
            safe_fixes: self.safe_fixes + other.safe_fixes,
            unsafe_fixes: self.unsafe_fixes + other.unsafe_fixes,
            by_hand: self.by_hand + other.by_hand,
            outside: self.outside + other.outside,
            fixed: self.fixed + other.fixed,
            suppressed: self.suppressed + other.suppressed,
            baselined: self.baselined + other.baselined,
            failed: self.failed + other.failed,
        }
    }
}

impl Repository {
    /// What became of the repository at `path`: the findings are those of `found`, the repairs
    /// and changes those of `result`; both are the same but for `diff`. `rejected` prints the
    /// changes that the failed proof of an app took back.
    pub fn new(
        path: String,
        found: &Outcome,
        result: &Outcome,
        rejected: impl Fn(&FailedProof) -> String,
    ) -> Self {
        let app = |(found, result): (&AppOutcome, &AppOutcome)| App {
            root: found.root.clone(),
            findings: found.open.iter().map(finding).collect(),
            fixed: result.fixed.iter().map(finding).collect(),
            failure: result.failed.as_ref().map(|failed| Failure {
                message: clean(&failed.failure.to_string()),
                rejected: clean(&rejected(failed)),
            }),
            skipped: found.skipped.iter().map(skipped).collect(),
        };
        Self {
            path,
            apps: found.apps.iter().zip(&result.apps).map(app).collect(),
            findings: found.repository.iter().map(finding).collect(),
            changed: changed_files(&result.result),
            summary: Summary::count(found, result),
            ..Self::default()
        }
    }

    /// A path where nothing could be done.
    pub fn refused(path: String, error: &str) -> Self {
        Self {
            path,
            error: Some(clean(error)),
            ..Self::default()
        }
    }
}

fn skipped(source: &SkippedSource) -> Skipped {
    Skipped {
        path: source.path.clone(),
        reason: clean(&source.reason),
    }
}

fn clean(text: &str) -> String {
    masked(text).into_owned()
}

fn finding(reported: &Reported) -> Finding {
    let finding = &reported.finding;
    let step = |step: &crate::rules::Step| Step {
        text: clean(&step.text),
        command: step.command.as_deref().map(clean),
        site: words::site(step.site),
    };
    let evidence = finding.evidence.iter().enumerate();
    Finding {
        code: finding.rule.code.to_string(),
        stem: finding.rule.stem,
        case: finding.case.key(),
        subject: clean(&finding.subject.key()),
        category: words::category(finding.category),
        message: clean(&finding.message),
        place: place(&finding.place, reported.text.as_ref()),
        evidence: evidence
            .map(|(index, evidence)| {
                note(
                    evidence,
                    reported.evidence.get(index).and_then(Option::as_ref),
                )
            })
            .collect(),
        fix: finding.fix.as_ref().map(repair),
        steps: finding.steps.iter().map(step).collect(),
        notes: finding.notes.iter().map(|text| clean(text)).collect(),
        alternatives: finding
            .alternatives
            .iter()
            .map(|text| clean(text))
            .collect(),
        effort: words::effort(finding.effort),
        consequences: finding.consequences.iter().map(consequence).collect(),
    }
}

fn consequence(consequence: &crate::rules::Consequence) -> Consequence {
    use crate::rules::Consequence as Of;
    let (kind, name, count) = match consequence {
        Of::Service(service) => ("service", Some(service.kind().to_owned()), None),
        Of::Variable(name) => ("variable", Some(name.clone()), None),
        Of::Replicas { process, count } => ("replicas", Some(process.clone()), Some(*count)),
        Of::Setting(ServerSetting::Python) => ("setting", Some("python".to_owned()), None),
        Of::Setting(ServerSetting::PersistentFilesystem) => {
            ("setting", Some("persistent-filesystem".to_owned()), None)
        }
        Of::Data(folder) => ("data", Some(clean(folder)), None),
        Of::Clone => ("clone", None, None),
        Of::NoCounterpart => ("no-counterpart", None, None),
        Of::Stops(Stage::Build) => ("stops", Some("build".to_owned()), None),
        Of::Stops(Stage::Start) => ("stops", Some("start".to_owned()), None),
    };
    Consequence { kind, name, count }
}

fn place(place: &crate::rules::Place, text: Option<&Text>) -> Place {
    let at = |offset: usize| text.map(|text| text.position(offset));
    let start: Option<Position> = place
        .position
        .or_else(|| place.span.and_then(|span| at(span.start)));
    let end = place.span.and_then(|span| at(span.end)).or(start);
    Place {
        path: place.path.clone(),
        line: start.map(|start| start.line),
        column: start.map(|start| start.column),
        end_line: end.map(|end| end.line),
        end_column: end.map(|end| end.column),
    }
}

fn note(evidence: &Evidence, text: Option<&Text>) -> Note {
    Note {
        place: place(&evidence.place, text),
        note: clean(&evidence.note),
    }
}

fn repair(fix: &Fix) -> Repair {
    Repair {
        safety: words::safety(fix.safety),
        title: clean(&fix.title),
        edits: fix.edits.iter().map(touch).collect(),
    }
}

fn touch(edit: &Edit) -> Touch {
    let (kind, path, to) = match edit {
        Edit::Replace { path, .. } => ("replace", path, None),
        Edit::Create { path, .. } => ("create", path, None),
        Edit::Reencode { path } => ("reencode", path, None),
        Edit::Remove { path } => ("remove", path, None),
        Edit::Rename { from, to } => ("rename", from, Some(to.to_string())),
    };
    Touch {
        kind,
        path: path.clone(),
        to,
    }
}

/// A path of a tree; `.` is its root.
pub(super) fn path<S: Serializer>(path: &TreePath, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(path)
}

/// A document, readable and ended by a line end.
///
/// # Errors
/// Never for the types of this module; serde's own signature.
pub fn document(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(|text| escaped(&text) + "\n")
}

/// JSON with the characters that a terminal obeys, or that hide, written as `\uXXXX`: it means the
/// same. JSON itself asks that only of those below U+0020.
pub fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        // A line end stands between the values; in a text it is written as `\n` already.
        if character == '\n' || !is_hidden(character) {
            text.push(character);
            continue;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}
