//! DL403: a mapped folder or a service that other apps of the DE4 server have, too.

use crate::app::App;
use crate::inventory::{self, KnownInventory};
use crate::rules::{
    Case, Category, Check, Code, Consequence, Effort, Finding, Inputs, Rule, Settings, Step,
    StepSite, Subject,
};

/// DL403.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(403),
    stem: "shared-resource",
    category: Category::Must,
    summary: "a mapped folder or a service that another app has, too",
    cases: &[FOLDER, SERVICE],
    inputs: Inputs::NONE,
    page: include_str!("../../../rules/DL403-shared-resource.md"),
    check: Check::App(check),
};

const FOLDER: Case = Case::new("folder");
const SERVICE: Case = Case::new("service");

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let Some(known) = &settings.server else {
        return Vec::new();
    };
    let Some(found) = known.app_of(app.root()).one() else {
        return Vec::new();
    };
    let folders = found.mappings.iter().flatten();
    let folders = folders.filter_map(|mapping| folder(app, known, found, &mapping.host));
    let services = found.services.iter().flatten();
    let services = services.filter_map(|it| service(app, known, found, &it.name));
    folders.chain(services).collect()
}

fn folder(
    app: &App,
    known: &KnownInventory,
    found: &inventory::InventoryApp,
    host: &str,
) -> Option<Finding> {
    let has = |other: &inventory::InventoryApp| {
        let mut mappings = other.mappings.iter().flatten();
        mappings.any(|mapping| mapping.host == host)
    };
    let others = listed(&known.others_with(found, has))?;
    let message = format!(
        "`{}` shares the folder `{host}` of the Dash Enterprise 4 server with {others}; on Dash \
         Enterprise 5 no two apps see the same files",
        found.name
    );
    let draft = RULE.report(FOLDER, Subject::Key(host.to_owned()), app.root(), message);
    let finding = draft
        .means(Consequence::NoCounterpart)
        .take(Step::new("Decide who keeps the files, and how the others get at them (a database, an object store, an interface of the app that keeps them); or give each app a copy.").at(StepSite::Server))
        .effort(Effort::Days)
        .done();
    Some(finding)
}

fn service(
    app: &App,
    known: &KnownInventory,
    found: &inventory::InventoryApp,
    name: &str,
) -> Option<Finding> {
    let has = |other: &inventory::InventoryApp| {
        let mut services = other.services.iter().flatten();
        services.any(|service| service.name == name)
    };
    let others = listed(&known.others_with(found, has))?;
    let message = format!(
        "`{}` shares the service `{name}` of the Dash Enterprise 4 server with {others}; on Dash \
         Enterprise 5 a service belongs to one app",
        found.name
    );
    let draft = RULE.report(SERVICE, Subject::Key(name.to_owned()), app.root(), message);
    let finding = draft
        .means(Consequence::NoCounterpart)
        .take(Step::new("Find out whether the apps exchange data through it. If they do, one of them keeps it and serves the others; if not, each gets its own.").at(StepSite::Server))
        .effort(Effort::Days)
        .done();
    Some(finding)
}

/// The names, the first few of them; `None` where there is none.
fn listed(names: &[&str]) -> Option<String> {
    const MOST: usize = 5;
    let shown: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len().saturating_sub(MOST) {
        _ if names.is_empty() => None,
        0 => Some(shown.join(", ")),
        more => Some(format!("{} and {more} more", shown.join(", "))),
    }
}
