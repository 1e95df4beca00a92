//! A finding as data.

use serde::{Deserialize, Serialize};

use super::{Word, clean, tree_path};
use crate::engine::Reported;
use crate::rules::{Category, Edit, Effort, Evidence, Fix, Safety, ServerSetting, Stage, StepSite};
use crate::text::{Position, Text};
use crate::tree::TreePath;

/// One finding.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindingDocument {
    pub(in crate::report) code: String,
    pub(in crate::report) stem: Word,
    #[serde(default)]
    pub(in crate::report) case: Word,
    #[serde(default)]
    pub(in crate::report) subject: String,
    pub(in crate::report) category: Category,
    pub(in crate::report) message: String,
    #[serde(flatten)]
    pub(in crate::report) place: PlaceDocument,
    #[serde(default)]
    evidence: Vec<EvidenceDocument>,
    pub(in crate::report) fix: Option<FixDocument>,
    pub(in crate::report) steps: Vec<StepDocument>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    alternatives: Vec<String>,
    effort: Effort,
    #[serde(default)]
    consequences: Vec<ConsequenceDocument>,
}

/// What a finding means for the move.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct ConsequenceDocument {
    kind: Word,
    name: Option<String>,
    count: Option<u32>,
}

/// A place, from the first character to the one after the last.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlaceDocument {
    #[serde(with = "tree_path")]
    pub(in crate::report) path: TreePath,
    pub(in crate::report) line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct EvidenceDocument {
    #[serde(flatten)]
    place: PlaceDocument,
    note: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct FixDocument {
    safety: Safety,
    title: String,
    #[serde(default)]
    edits: Vec<TouchedFile>,
}

/// A file that a fix touches.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct TouchedFile {
    kind: Word,
    #[serde(with = "tree_path")]
    path: TreePath,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct StepDocument {
    pub(in crate::report) text: String,
    pub(in crate::report) command: Option<String>,
    site: StepSite,
}

impl FindingDocument {
    /// A finding, without what must not be printed.
    pub(super) fn new(reported: &Reported) -> Self {
        let finding = &reported.finding;
        let step = |step: &crate::rules::Step| StepDocument {
            text: clean(&step.text),
            command: step.command.as_deref().map(clean),
            site: step.site,
        };
        let evidence = finding.evidence.iter().enumerate();
        Self {
            code: finding.rule.code.to_string(),
            stem: finding.rule.stem.into(),
            case: finding.case.key().into(),
            subject: clean(&finding.subject.key()),
            category: finding.category,
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
            effort: finding.effort,
            consequences: finding.consequences.iter().map(consequence).collect(),
        }
    }
}

fn consequence(consequence: &crate::rules::Consequence) -> ConsequenceDocument {
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
    ConsequenceDocument {
        kind: kind.into(),
        name,
        count,
    }
}

fn place(place: &crate::rules::Place, text: Option<&Text>) -> PlaceDocument {
    let at = |offset: usize| text.map(|text| text.position(offset));
    let start: Option<Position> = place
        .position
        .or_else(|| place.span.and_then(|span| at(span.start)));
    let end = place.span.and_then(|span| at(span.end)).or(start);
    PlaceDocument {
        path: place.path.clone(),
        line: start.map(|start| start.line),
        column: start.map(|start| start.column),
        end_line: end.map(|end| end.line),
        end_column: end.map(|end| end.column),
    }
}

fn note(evidence: &Evidence, text: Option<&Text>) -> EvidenceDocument {
    EvidenceDocument {
        place: place(&evidence.place, text),
        note: clean(&evidence.note),
    }
}

fn repair(fix: &Fix) -> FixDocument {
    FixDocument {
        safety: fix.safety,
        title: clean(&fix.title),
        edits: fix.edits.iter().map(touch).collect(),
    }
}

fn touch(edit: &Edit) -> TouchedFile {
    let (kind, path, to) = match edit {
        Edit::Replace { path, .. } => ("replace", path, None),
        Edit::Create { path, .. } => ("create", path, None),
        Edit::Reencode { path } => ("reencode", path, None),
        Edit::Remove { path } => ("remove", path, None),
        Edit::Rename { from, to } => ("rename", from, Some(to.to_string())),
    };
    TouchedFile {
        kind: kind.into(),
        path: path.clone(),
        to,
    }
}
