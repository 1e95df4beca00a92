//! A plan as data.

use serde::{Deserialize, Serialize};

use super::{Word, clean, tree_path};
use crate::inventory;
use crate::plan::{
    Advice, At, Certainty, DataNeed, Missing, NameSource, Plan, PlannedStep, Readiness, Replicas,
    UnknownKind,
};
use crate::rules::{Effort, PythonSource, Safety};
use crate::tree::TreePath;

/// One plan.
#[derive(Debug, Serialize, Deserialize)]
pub struct PlanDocument {
    #[serde(with = "tree_path")]
    pub(in crate::report) root: TreePath,
    pub(in crate::report) name: String,
    pub(in crate::report) name_from: Word,
    pub(in crate::report) readiness: Word,
    pub(in crate::report) steps_for_a_person: usize,
    pub(in crate::report) effort: Effort,
    pub(in crate::report) repairs: Vec<PlanRepair>,
    pub(in crate::report) person: Vec<PlanStep>,
    pub(in crate::report) set_up: Vec<PlanStep>,
    pub(in crate::report) advice: Vec<PlanNote>,
    pub(in crate::report) services: Vec<PlanService>,
    pub(in crate::report) variables: Vec<PlanVariable>,
    pub(in crate::report) scale: Vec<PlanProcess>,
    pub(in crate::report) python: PlanPython,
    pub(in crate::report) filesystem: PlanFilesystem,
    pub(in crate::report) packages: PlanPackages,
    pub(in crate::report) without_counterpart: Vec<PlanNote>,
    #[serde(default)]
    pub(in crate::report) unknown: Vec<PlanUnknown>,
    pub(in crate::report) commands: Vec<PlanCommand>,
    #[serde(default)]
    pub(in crate::report) server: Option<PlanServer>,
}

/// What decides and is not known.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanUnknown {
    pub(in crate::report) kind: Word,
    pub(in crate::report) name: Option<String>,
    pub(in crate::report) place: Option<PlanPlace>,
}

/// What the Dash Enterprise 4 server says of an app.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanServer {
    pub(in crate::report) app: String,
    pub(in crate::report) owner: Option<String>,
    pub(in crate::report) access: Option<String>,
    pub(in crate::report) viewers: Vec<String>,
    pub(in crate::report) teams: Vec<String>,
    pub(in crate::report) commit: Option<String>,
    pub(in crate::report) updated: Option<String>,
    pub(in crate::report) visited: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanPlace {
    #[serde(with = "tree_path")]
    pub(in crate::report) path: TreePath,
    pub(in crate::report) line: Option<usize>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanRepair {
    pub(in crate::report) code: String,
    #[serde(with = "tree_path")]
    pub(in crate::report) path: TreePath,
    pub(in crate::report) title: String,
    pub(in crate::report) safety: Safety,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanStep {
    pub(in crate::report) text: String,
    pub(in crate::report) command: Option<String>,
    #[serde(default)]
    pub(in crate::report) notes: Vec<String>,
    #[serde(default)]
    pub(in crate::report) alternatives: Vec<String>,
    pub(in crate::report) effort: Effort,
    pub(in crate::report) asked_by: Vec<PlanAsker>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanAsker {
    pub(in crate::report) code: String,
    #[serde(default)]
    pub(in crate::report) case: Word,
    #[serde(default)]
    pub(in crate::report) subject: String,
    #[serde(flatten)]
    pub(in crate::report) place: PlanPlace,
    pub(in crate::report) message: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanNote {
    pub(in crate::report) code: String,
    #[serde(flatten)]
    pub(in crate::report) place: PlanPlace,
    pub(in crate::report) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) steps: Option<Vec<PlanStep>>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanEvidence {
    #[serde(flatten)]
    pub(in crate::report) place: PlanPlace,
    pub(in crate::report) note: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanService {
    pub(in crate::report) service: Word,
    pub(in crate::report) certain: bool,
    pub(in crate::report) shown_by: Vec<PlanEvidence>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanVariable {
    pub(in crate::report) name: String,
    pub(in crate::report) has_default: bool,
    pub(in crate::report) unknown: bool,
    pub(in crate::report) places: Vec<PlanPlace>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanProcess {
    #[serde(rename = "process")]
    pub(in crate::report) name: String,
    pub(in crate::report) had: Option<u32>,
    pub(in crate::report) set: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanPython {
    pub(in crate::report) minor: Option<String>,
    pub(in crate::report) from: Word,
    pub(in crate::report) place: Option<PlanPlace>,
    pub(in crate::report) settings_decide: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanFilesystem {
    pub(in crate::report) needed: Word,
    pub(in crate::report) mappings: Vec<PlanMapping>,
    pub(in crate::report) uses: Vec<PlanEvidence>,
    pub(in crate::report) data_files: usize,
    pub(in crate::report) data_bytes: u64,
    pub(in crate::report) data_folders: Vec<PlanFolder>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanMapping {
    pub(in crate::report) host: String,
    pub(in crate::report) app: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanFolder {
    #[serde(with = "tree_path")]
    pub(in crate::report) path: TreePath,
    pub(in crate::report) files: usize,
    pub(in crate::report) bytes: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanPackages {
    pub(in crate::report) indexes: Vec<PlanIndex>,
    pub(in crate::report) private: Vec<PlanPackage>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanIndex {
    pub(in crate::report) url: String,
    #[serde(flatten)]
    pub(in crate::report) place: PlanPlace,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanPackage {
    pub(in crate::report) name: String,
    #[serde(flatten)]
    pub(in crate::report) place: PlanPlace,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::report) struct PlanCommand {
    pub(in crate::report) purpose: String,
    #[serde(rename = "command")]
    pub(in crate::report) line: String,
    pub(in crate::report) certainty: Word,
    pub(in crate::report) condition: Option<Word>,
}

impl PlanDocument {
    /// The plan without what must not be printed.
    pub fn new(plan: &Plan) -> Self {
        let (readiness, steps) = match plan.readiness {
            Readiness::Ready => ("ready", 0),
            Readiness::AfterBranch => ("ready-after-branch", 0),
            Readiness::Unsure(_) => ("unsure", 0),
            Readiness::NeedsPerson(steps) => ("needs-person", steps),
        };
        Self {
            root: plan.root.clone(),
            name: clean(&plan.name.name),
            name_from: Word::from(match plan.name.source {
                NameSource::Told => "told",
                NameSource::Remote => "remote",
                NameSource::Inventory => "inventory",
                NameSource::Folder => "folder",
                NameSource::Nowhere => "nowhere",
            }),
            readiness: readiness.into(),
            steps_for_a_person: steps,
            effort: plan.effort(),
            repairs: repairs(plan),
            person: plan.duties.person.iter().map(step).collect(),
            set_up: plan.duties.set_up.iter().map(step).collect(),
            advice: plan.duties.advice.iter().map(advice).collect(),
            services: services(plan),
            variables: variables(plan),
            scale: scale(plan),
            python: python(plan),
            filesystem: filesystem(plan),
            packages: packages(plan),
            without_counterpart: plan.missing.iter().map(missing).collect(),
            unknown: plan.unknown.iter().map(unknown).collect(),
            commands: commands(plan),
            server: plan.server.as_ref().map(server),
        }
    }
}

fn place(at: &At) -> PlanPlace {
    PlanPlace {
        path: at.path.clone(),
        line: at.line,
    }
}

fn unknown(unknown: &crate::plan::Unknown) -> PlanUnknown {
    let name = match &unknown.kind {
        UnknownKind::Distribution(name) | UnknownKind::PrivatePackage(name) => Some(clean(name)),
        UnknownKind::Python | UnknownKind::Conda | UnknownKind::List | UnknownKind::Source(_) => {
            None
        }
    };
    PlanUnknown {
        kind: unknown.kind.name().into(),
        name,
        place: unknown.at.as_ref().map(place),
    }
}

fn repairs(plan: &Plan) -> Vec<PlanRepair> {
    let repair = |repair: &crate::plan::Repair| PlanRepair {
        code: repair.code.to_string(),
        path: repair.path.clone(),
        title: clean(&repair.title),
        safety: repair.safety,
    };
    plan.repairs.iter().map(repair).collect()
}

fn step(step: &PlannedStep) -> PlanStep {
    let asker = |asker: &crate::plan::StepSource| PlanAsker {
        code: asker.identity.code.to_string(),
        case: asker.identity.case.key().into(),
        subject: clean(&asker.identity.subject.key()),
        place: place(&asker.at),
        message: clean(&asker.message),
    };
    PlanStep {
        text: clean(&step.text),
        command: step.command.as_deref().map(clean),
        notes: step.notes.iter().map(|text| clean(text)).collect(),
        alternatives: step.alternatives.iter().map(|text| clean(text)).collect(),
        effort: step.effort,
        asked_by: step.asked_by.iter().map(asker).collect(),
    }
}

fn advice(advice: &Advice) -> PlanNote {
    PlanNote {
        code: advice.asker.identity.code.to_string(),
        place: place(&advice.asker.at),
        message: clean(&advice.asker.message),
        steps: Some(advice.steps.iter().map(step).collect()),
    }
}

fn missing(missing: &Missing) -> PlanNote {
    PlanNote {
        code: missing.code.to_string(),
        place: place(&missing.at),
        message: clean(&missing.message),
        steps: None,
    }
}

fn describe((at, note): &(At, String)) -> PlanEvidence {
    PlanEvidence {
        place: place(at),
        note: clean(note),
    }
}

fn server(app: &inventory::InventoryApp) -> PlanServer {
    let text = |text: &Option<String>| text.as_deref().map(clean);
    let all = |names: &[String]| names.iter().map(|name| clean(name)).collect();
    let viewers = app.viewers.clone().unwrap_or_default();
    PlanServer {
        app: clean(&app.name),
        owner: text(&app.owner),
        access: text(&app.access),
        viewers: all(&viewers.users),
        teams: all(&viewers.teams),
        commit: text(&app.commit),
        updated: text(&app.updated),
        visited: text(&app.visited),
    }
}

fn services(plan: &Plan) -> Vec<PlanService> {
    let need = |need: &crate::plan::ServiceNeed| PlanService {
        service: need.service.kind().into(),
        certain: need.is_certain,
        shown_by: need.shown_by.iter().map(describe).collect(),
    };
    plan.services.iter().map(need).collect()
}

fn variables(plan: &Plan) -> Vec<PlanVariable> {
    let need = |need: &crate::plan::VariableNeed| PlanVariable {
        name: clean(&need.name),
        has_default: need.has_default,
        unknown: need.is_unknown,
        places: need.places.iter().map(place).collect(),
    };
    plan.variables.iter().map(need).collect()
}

fn scale(plan: &Plan) -> Vec<PlanProcess> {
    let process = |scale: &crate::plan::ProcessScale| PlanProcess {
        name: clean(&scale.process),
        had: match scale.had {
            Replicas::Counted(count) => Some(count),
            Replicas::NotStarted => Some(0),
            Replicas::Unknown => None,
        },
        set: scale.set(),
    };
    plan.scale.iter().map(process).collect()
}

fn python(plan: &Plan) -> PlanPython {
    PlanPython {
        minor: plan.python.minor.clone(),
        from: Word::from(match plan.python.source {
            PythonSource::ProjectToml(_) => "project.toml",
            PythonSource::Conda(_) => "environment.yml",
            PythonSource::RuntimeTxt(_) => "runtime.txt",
            PythonSource::Unreadable(_) => "unreadable",
            PythonSource::Default => "default",
        }),
        place: plan.python_at.as_ref().map(place),
        settings_decide: plan.python.settings_decide,
    }
}

fn filesystem(plan: &Plan) -> PlanFilesystem {
    let files = &plan.filesystem;
    let mappings = files.directories.iter().map(|directory| PlanMapping {
        host: directory.host.clone(),
        app: directory.app.clone(),
    });
    let folders = files.data.folders.iter().map(|folder| PlanFolder {
        path: folder.path.clone(),
        files: folder.files,
        bytes: folder.bytes,
    });
    PlanFilesystem {
        needed: Word::from(match files.need() {
            DataNeed::Yes => "yes",
            DataNeed::Perhaps => "perhaps",
            DataNeed::No => "no",
        }),
        mappings: mappings.collect(),
        uses: files.uses.iter().map(describe).collect(),
        data_files: files.data.files,
        data_bytes: files.data.bytes,
        data_folders: folders.collect(),
    }
}

fn packages(plan: &Plan) -> PlanPackages {
    let packages = &plan.packages;
    let indexes = packages.indexes.iter().map(|index| PlanIndex {
        url: clean(&index.url),
        place: place(&index.at),
    });
    let private = packages.private.iter().map(|package| PlanPackage {
        name: clean(&package.name),
        place: place(&package.at),
    });
    PlanPackages {
        indexes: indexes.collect(),
        private: private.collect(),
    }
}

fn commands(plan: &Plan) -> Vec<PlanCommand> {
    let command = |command: &crate::plan::PlannedCommand| PlanCommand {
        purpose: clean(&command.purpose),
        line: clean(&command.command),
        certainty: Word::from(match command.certainty {
            Certainty::Documented => "documented",
            Certainty::ReadInSource => "source",
        }),
        condition: command.condition.map(Word::from),
    };
    plan.commands.iter().map(command).collect()
}
