//! The plan as data, for programs. The schema is described in `docs/output.md`.

use serde::Serialize;

use super::super::json::path;
use super::super::words;
use crate::inventory;
use crate::plan::{
    Advice, At, Certainty, DataNeed, Missing, NameSource, Plan, PlannedStep, Readiness, Replicas,
    UnknownKind,
};
use crate::rules::PythonSource;
use crate::secrets::masked;
use crate::tree::TreePath;

/// One plan.
#[derive(Debug, Serialize)]
pub struct PlanDocument {
    #[serde(serialize_with = "path")]
    root: TreePath,
    name: String,
    name_from: &'static str,
    readiness: &'static str,
    steps_for_a_person: usize,
    effort: &'static str,
    repairs: Vec<Repair>,
    person: Vec<Step>,
    set_up: Vec<Step>,
    advice: Vec<Note>,
    services: Vec<ServiceNeed>,
    variables: Vec<Variable>,
    scale: Vec<Process>,
    python: Python,
    filesystem: Filesystem,
    packages: Packages,
    without_counterpart: Vec<Note>,
    unknown: Vec<UnknownThing>,
    commands: Vec<Command>,
    server: Option<ServerApp>,
}

/// What decides and is not known.
#[derive(Debug, Serialize)]
struct UnknownThing {
    kind: &'static str,
    name: Option<String>,
    place: Option<Place>,
}

/// What the Dash Enterprise 4 server says of an app.
#[derive(Debug, Serialize)]
struct ServerApp {
    app: String,
    owner: Option<String>,
    access: Option<String>,
    viewers: Vec<String>,
    teams: Vec<String>,
    commit: Option<String>,
    updated: Option<String>,
    visited: Option<String>,
}

#[derive(Debug, Serialize)]
struct Place {
    #[serde(serialize_with = "path")]
    path: TreePath,
    line: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Repair {
    code: String,
    #[serde(serialize_with = "path")]
    path: TreePath,
    title: String,
    safety: &'static str,
}

#[derive(Debug, Serialize)]
struct Step {
    text: String,
    command: Option<String>,
    notes: Vec<String>,
    alternatives: Vec<String>,
    effort: &'static str,
    asked_by: Vec<Asker>,
}

#[derive(Debug, Serialize)]
struct Asker {
    code: String,
    #[serde(flatten)]
    place: Place,
    message: String,
}

#[derive(Debug, Serialize)]
struct Note {
    code: String,
    #[serde(flatten)]
    place: Place,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<Step>>,
}

#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    place: Place,
    note: String,
}

#[derive(Debug, Serialize)]
struct ServiceNeed {
    service: &'static str,
    certain: bool,
    shown_by: Vec<Shown>,
}

#[derive(Debug, Serialize)]
struct Variable {
    name: String,
    has_default: bool,
    unknown: bool,
    places: Vec<Place>,
}

#[derive(Debug, Serialize)]
struct Process {
    #[serde(rename = "process")]
    name: String,
    had: Option<u32>,
    set: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Python {
    minor: Option<String>,
    from: &'static str,
    place: Option<Place>,
    settings_decide: bool,
}

#[derive(Debug, Serialize)]
struct Filesystem {
    needed: &'static str,
    mappings: Vec<Mapping>,
    uses: Vec<Shown>,
    data_files: usize,
    data_bytes: u64,
    data_folders: Vec<Folder>,
}

#[derive(Debug, Serialize)]
struct Mapping {
    host: String,
    app: String,
}

#[derive(Debug, Serialize)]
struct Folder {
    #[serde(serialize_with = "path")]
    path: TreePath,
    files: usize,
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct Packages {
    indexes: Vec<Index>,
    private: Vec<Package>,
}

#[derive(Debug, Serialize)]
struct Index {
    url: String,
    #[serde(flatten)]
    place: Place,
}

#[derive(Debug, Serialize)]
struct Package {
    name: String,
    #[serde(flatten)]
    place: Place,
}

#[derive(Debug, Serialize)]
struct Command {
    purpose: String,
    #[serde(rename = "command")]
    line: String,
    certainty: &'static str,
    condition: Option<&'static str>,
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
            name_from: match plan.name.source {
                NameSource::Told => "told",
                NameSource::Remote => "remote",
                NameSource::Inventory => "inventory",
                NameSource::Folder => "folder",
                NameSource::Nowhere => "nowhere",
            },
            readiness,
            steps_for_a_person: steps,
            effort: words::effort(plan.effort()),
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

fn clean(text: &str) -> String {
    masked(text).into_owned()
}

fn place(at: &At) -> Place {
    Place {
        path: at.path.clone(),
        line: at.line,
    }
}

fn unknown(unknown: &crate::plan::Unknown) -> UnknownThing {
    let name = match &unknown.kind {
        UnknownKind::Distribution(name) | UnknownKind::PrivatePackage(name) => Some(clean(name)),
        UnknownKind::Python | UnknownKind::Conda | UnknownKind::List | UnknownKind::Source(_) => {
            None
        }
    };
    UnknownThing {
        kind: unknown.kind.name(),
        name,
        place: unknown.at.as_ref().map(place),
    }
}

fn repairs(plan: &Plan) -> Vec<Repair> {
    let repair = |repair: &crate::plan::Repair| Repair {
        code: repair.code.to_string(),
        path: repair.path.clone(),
        title: clean(&repair.title),
        safety: words::safety(repair.safety),
    };
    plan.repairs.iter().map(repair).collect()
}

fn step(step: &PlannedStep) -> Step {
    let asker = |asker: &crate::plan::StepSource| Asker {
        code: asker.identity.code.to_string(),
        place: place(&asker.at),
        message: clean(&asker.message),
    };
    Step {
        text: clean(&step.text),
        command: step.command.as_deref().map(clean),
        notes: step.notes.iter().map(|text| clean(text)).collect(),
        alternatives: step.alternatives.iter().map(|text| clean(text)).collect(),
        effort: words::effort(step.effort),
        asked_by: step.asked_by.iter().map(asker).collect(),
    }
}

fn advice(advice: &Advice) -> Note {
    Note {
        code: advice.asker.identity.code.to_string(),
        place: place(&advice.asker.at),
        message: clean(&advice.asker.message),
        steps: Some(advice.steps.iter().map(step).collect()),
    }
}

fn missing(missing: &Missing) -> Note {
    Note {
        code: missing.code.to_string(),
        place: place(&missing.at),
        message: clean(&missing.message),
        steps: None,
    }
}

fn describe((at, note): &(At, String)) -> Shown {
    Shown {
        place: place(at),
        note: clean(note),
    }
}

fn server(app: &inventory::InventoryApp) -> ServerApp {
    let text = |text: &Option<String>| text.as_deref().map(clean);
    let all = |names: &[String]| names.iter().map(|name| clean(name)).collect();
    let viewers = app.viewers.clone().unwrap_or_default();
    ServerApp {
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

fn services(plan: &Plan) -> Vec<ServiceNeed> {
    let need = |need: &crate::plan::ServiceNeed| ServiceNeed {
        service: need.service.kind(),
        certain: need.is_certain,
        shown_by: need.shown_by.iter().map(describe).collect(),
    };
    plan.services.iter().map(need).collect()
}

fn variables(plan: &Plan) -> Vec<Variable> {
    let need = |need: &crate::plan::VariableNeed| Variable {
        name: clean(&need.name),
        has_default: need.has_default,
        unknown: need.is_unknown,
        places: need.places.iter().map(place).collect(),
    };
    plan.variables.iter().map(need).collect()
}

fn scale(plan: &Plan) -> Vec<Process> {
    let process = |scale: &crate::plan::ProcessScale| Process {
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

fn python(plan: &Plan) -> Python {
    Python {
        minor: plan.python.minor.clone(),
        from: match plan.python.source {
            PythonSource::ProjectToml(_) => "project.toml",
            PythonSource::Conda(_) => "environment.yml",
            PythonSource::RuntimeTxt(_) => "runtime.txt",
            PythonSource::Unreadable(_) => "unreadable",
            PythonSource::Default => "default",
        },
        place: plan.python_at.as_ref().map(place),
        settings_decide: plan.python.settings_decide,
    }
}

fn filesystem(plan: &Plan) -> Filesystem {
    let files = &plan.filesystem;
    let mappings = files.directories.iter().map(|directory| Mapping {
        host: directory.host.clone(),
        app: directory.app.clone(),
    });
    let folders = files.data.folders.iter().map(|folder| Folder {
        path: folder.path.clone(),
        files: folder.files,
        bytes: folder.bytes,
    });
    Filesystem {
        needed: match files.need() {
            DataNeed::Yes => "yes",
            DataNeed::Perhaps => "perhaps",
            DataNeed::No => "no",
        },
        mappings: mappings.collect(),
        uses: files.uses.iter().map(describe).collect(),
        data_files: files.data.files,
        data_bytes: files.data.bytes,
        data_folders: folders.collect(),
    }
}

fn packages(plan: &Plan) -> Packages {
    let packages = &plan.packages;
    let indexes = packages.indexes.iter().map(|index| Index {
        url: clean(&index.url),
        place: place(&index.at),
    });
    let private = packages.private.iter().map(|package| Package {
        name: clean(&package.name),
        place: place(&package.at),
    });
    Packages {
        indexes: indexes.collect(),
        private: private.collect(),
    }
}

fn commands(plan: &Plan) -> Vec<Command> {
    let command = |command: &crate::plan::PlannedCommand| Command {
        purpose: clean(&command.purpose),
        line: clean(&command.command),
        certainty: match command.certainty {
            Certainty::Documented => "documented",
            Certainty::ReadInSource => "source",
        },
        condition: command.condition,
    };
    plan.commands.iter().map(command).collect()
}
