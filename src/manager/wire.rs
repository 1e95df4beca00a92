//! What the server sends, as it names things. Every field may be missing or null: the interface is
//! documented by examples, and versions differ.

use serde::{Deserialize, Serialize};

use crate::inventory::{self, SecretValue};

/// `data` of an answer.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Data {
    pub(super) current: Option<Current>,
    #[serde(rename = "appsCount")]
    pub(super) apps_count: Option<Vec<Option<Count>>>,
    pub(super) apps: Option<AppsPage>,
}

/// Whose key it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Current {
    pub(super) username: Option<String>,
    pub(super) is_admin: Option<bool>,
}

/// How many apps somebody has.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Count {
    pub(super) count: Option<u64>,
}

/// A page of apps.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AppsPage {
    pub(super) apps: Option<Vec<Option<AppAnswer>>>,
    pub(super) next_page: Option<i64>,
}

/// An app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppAnswer {
    pub(super) name: Option<String>,
    pub(super) owner: Option<Owner>,
    pub(super) url_on_server: Option<String>,
    pub(super) metadata: Option<Metadata>,
    pub(super) has_workspace: Option<bool>,
    pub(super) collaborators: Option<Collaborators>,
    pub(super) mounts: Option<Vec<Option<Mount>>>,
    pub(super) processes: Option<Vec<Option<ProcessAnswer>>>,
    pub(super) environment_variables: Option<Vec<Option<VariableAnswer>>>,
    pub(super) linked_services: Option<Vec<Option<ServiceAnswer>>>,
    pub(super) status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) analytics: Option<Analytics>,
}

impl AppAnswer {
    /// Without the values of its variables: a server may tell what nobody asked for.
    pub(super) fn forget_values(&mut self) {
        let variables = self.environment_variables.iter_mut().flatten().flatten();
        variables.for_each(|variable| variable.value = None);
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Owner {
    username: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    title: Option<String>,
    permission_level: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Collaborators {
    users: Option<Vec<Option<String>>>,
    teams: Option<Vec<Option<String>>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Mount {
    host_dir: Option<String>,
    target_dir: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ProcessAnswer {
    #[serde(rename = "type")]
    kind: Option<String>,
    number: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct VariableAnswer {
    name: Option<String>,
    readonly: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<SecretValue>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceAnswer {
    name: Option<String>,
    service_type: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Status {
    running: Option<bool>,
}

/// What takes long to ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Analytics {
    pub(super) timestamps: Option<Timestamps>,
    pub(super) git_revision: Option<Revision>,
    pub(super) dependencies: Option<Dependencies>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Timestamps {
    created: Option<String>,
    updated: Option<String>,
    visited: Option<String>,
    #[serde(default)]
    pub(super) error: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Revision {
    sha1: Option<String>,
    #[serde(default)]
    pub(super) error: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Dependencies {
    python: Option<String>,
    #[serde(default)]
    pub(super) error: Option<String>,
}

/// What is written down of an app without its slow part.
pub(super) fn app(wire: AppAnswer, analytics: Option<Analytics>) -> inventory::InventoryApp {
    let metadata = wire.metadata;
    let analytics = analytics.or(wire.analytics).unwrap_or_default();
    let times = analytics.timestamps;
    let time = |of: fn(&Timestamps) -> &Option<String>| {
        let text = times.as_ref().and_then(|times| of(times).clone());
        text.filter(|text| !text.is_empty())
    };
    inventory::InventoryApp {
        name: wire.name.unwrap_or_default(),
        owner: wire.owner.and_then(|owner| owner.username),
        url: wire.url_on_server,
        title: metadata.as_ref().and_then(|it| it.title.clone()),
        access: metadata.and_then(|it| it.permission_level),
        viewers: wire.collaborators.map(|viewers| inventory::Viewers {
            users: viewers.users.into_iter().flatten().flatten().collect(),
            teams: viewers.teams.into_iter().flatten().flatten().collect(),
        }),
        mappings: wire.mounts.map(mappings),
        processes: wire.processes.map(processes),
        services: wire.linked_services.map(services),
        variables: wire.environment_variables.map(variables),
        workspace: wire.has_workspace,
        running: wire.status.and_then(|status| status.running),
        created: time(|it| &it.created),
        updated: time(|it| &it.updated),
        visited: time(|it| &it.visited),
        commit: analytics
            .git_revision
            .and_then(|it| it.sha1)
            .filter(|sha| !sha.is_empty()),
        pins: analytics
            .dependencies
            .and_then(|it| it.python)
            .map(|text| pins(&text)),
    }
}

fn mappings(mounts: Vec<Option<Mount>>) -> Vec<inventory::InventoryMapping> {
    let both = |mount: Mount| {
        Some(inventory::InventoryMapping {
            host: mount.host_dir?,
            app: mount.target_dir?,
        })
    };
    mounts.into_iter().flatten().filter_map(both).collect()
}

fn processes(processes: Vec<Option<ProcessAnswer>>) -> Vec<inventory::InventoryProcess> {
    let both = |process: ProcessAnswer| {
        Some(inventory::InventoryProcess {
            kind: process.kind?,
            replicas: process.number?,
        })
    };
    processes.into_iter().flatten().filter_map(both).collect()
}

fn services(services: Vec<Option<ServiceAnswer>>) -> Vec<inventory::InventoryService> {
    let named = |service: ServiceAnswer| {
        Some(inventory::InventoryService {
            name: service.name?,
            kind: service.service_type.map(|kind| kind.to_ascii_lowercase()),
        })
    };
    services.into_iter().flatten().filter_map(named).collect()
}

fn variables(variables: Vec<Option<VariableAnswer>>) -> Vec<inventory::InventoryVariable> {
    let named = |variable: VariableAnswer| {
        Some(inventory::InventoryVariable {
            name: variable.name?,
            readonly: variable.readonly,
            value: variable.value,
        })
    };
    variables.into_iter().flatten().filter_map(named).collect()
}

fn pins(freeze: &str) -> Vec<String> {
    let lines = freeze.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty());
    // A line of an index has its credentials in it.
    lines.map(crate::secrets::redacted).collect()
}

/// The sentences that the server puts in the place of what it could not find out.
pub(super) fn errors(analytics: &Analytics) -> Vec<(&'static str, String)> {
    let times = analytics
        .timestamps
        .as_ref()
        .and_then(|it| it.error.clone());
    let revision = analytics
        .git_revision
        .as_ref()
        .and_then(|it| it.error.clone());
    let packages = analytics
        .dependencies
        .as_ref()
        .and_then(|it| it.error.clone());
    let all = [
        ("timestamps", times),
        ("gitRevision", revision),
        ("dependencies", packages),
    ];
    let told = all
        .into_iter()
        .filter_map(|(field, error)| Some((field, error?)));
    told.filter(|(_, error)| !error.trim().is_empty()).collect()
}
