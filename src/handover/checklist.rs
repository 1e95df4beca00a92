//! The checklist: what a person does on the servers, because no option of the client is known for
//! it, or because only a person can know.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Handover, is_variable, is_word, own_variables, services};
use crate::inventory::{Inventory, InventoryApp, is_server_name};
use crate::report::{code, sentence};
use crate::rules::MOST_REPLICAS;

pub(super) fn checklist(handover: &Handover) -> String {
    let mut text = format!(
        "# Handover to {}\n\nFor each app, beside `handover.sh`: what no option of the client is known for. {}\n",
        code(handover.host),
        origin(handover.inventory)
    );
    text.push_str("\n## Before\n\n");
    for item in [
        "The users and groups are there.",
        "The client is installed and logged in.",
        "`DRY=1 ./handover.sh` was read.",
    ] {
        let _ = writeln!(text, "- [ ] {item}");
    }
    let shared = Shared::gather(handover.inventory);
    for app in &handover.apps {
        let _ = write!(text, "\n## {}\n\n", code(&app.name));
        for item in items(app, &shared) {
            let _ = writeln!(text, "- [ ] {item}");
        }
    }
    text
}

fn origin(inventory: &Inventory) -> String {
    let day = sentence(&inventory.read_on);
    let host = inventory
        .host
        .as_deref()
        .map(|host| format!(" of {}", code(host)));
    let host = host.unwrap_or_default();
    let missing = if inventory.complete {
        ""
    } else {
        " That inventory is **not complete**."
    };
    format!("Made from the inventory{host} of {day}.{missing}")
}

/// Folders and services by the apps that have them.
struct Shared<'a> {
    folders: BTreeMap<&'a str, Vec<&'a str>>,
    services: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Shared<'a> {
    fn gather(inventory: &'a Inventory) -> Self {
        let mut shared = Self {
            folders: BTreeMap::new(),
            services: BTreeMap::new(),
        };
        for app in &inventory.apps {
            for mapping in app.mappings.iter().flatten() {
                shared
                    .folders
                    .entry(&mapping.host)
                    .or_default()
                    .push(&app.name);
            }
            for service in app.services.iter().flatten() {
                shared
                    .services
                    .entry(&service.name)
                    .or_default()
                    .push(&app.name);
            }
        }
        shared
    }
}

/// The other apps among those that have something.
fn others(all: Option<&Vec<&str>>, app: &InventoryApp) -> Option<String> {
    let others = all.into_iter().flatten().filter(|name| **name != app.name);
    let names: Vec<String> = others.map(|name| code(name)).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn items(app: &InventoryApp, shared: &Shared) -> Vec<String> {
    let mut items = Vec::new();
    if !is_server_name(&app.name) {
        items.push("Its name is not one that the script can hold (3 to 30 characters: a letter, then lower-case letters, digits and `-`): set it up by hand.".to_owned());
    }
    if let Some(owner) = &app.owner {
        items.push(format!("Its owner is {}.", code(owner)));
    }
    items.extend(viewers(app));
    items.extend(data(app, shared));
    items.extend(of_services(app, shared));
    items.extend(variables(app));
    for process in app.processes.iter().flatten() {
        let kind = code(&process.kind);
        match process.replicas {
            // Every process type starts with one.
            1 => {}
            count if count > MOST_REPLICAS => items.push(format!(
                "Scale tab: {kind} had {count} replicas, Dash Enterprise 5 allows {MOST_REPLICAS}."
            )),
            count => items.push(format!("Scale tab: {count} replicas of {kind}.")),
        }
    }
    let unknown = unknown(app);
    if !unknown.is_empty() {
        items.push(format!(
            "The old server did not tell its {}: look there.",
            unknown.join(", ")
        ));
    }
    items
}

fn viewers(app: &InventoryApp) -> Vec<String> {
    let mut items = Vec::new();
    match app.access.as_deref() {
        Some("unauthenticated") => {
            items.push("Everybody may see it, without signing in.".to_owned());
        }
        Some("authenticated") => items.push("Everybody who signed in may see it.".to_owned()),
        _ => {}
    }
    let Some(viewers) = &app.viewers else {
        return items;
    };
    if !viewers.users.is_empty() {
        let users: Vec<String> = viewers.users.iter().map(|user| code(user)).collect();
        items.push(format!("Its viewers are {}.", users.join(", ")));
    }
    for team in viewers.teams.iter().filter(|team| !is_word(team)) {
        items.push(format!("The team {} may see it.", code(team)));
    }
    items
}

fn data(app: &InventoryApp, shared: &Shared) -> Vec<String> {
    let item = |mapping: &crate::inventory::InventoryMapping| {
        let (host, inside) = (code(&mapping.host), code(&mapping.app));
        let mut text = format!(
            "Copy the data of {host}, which the app saw as {inside}, into its persistent filesystem (`../mount`)."
        );
        if let Some(others) = others(shared.folders.get(mapping.host.as_str()), app) {
            let _ = write!(
                text,
                " {others} had the same folder: persistent filesystems are not shared."
            );
        }
        text
    };
    app.mappings.iter().flatten().map(item).collect()
}

fn of_services(app: &InventoryApp, shared: &Shared) -> Vec<String> {
    let mut items = Vec::new();
    let made = services(app);
    let mut seen = Vec::new();
    for service in app.services.iter().flatten() {
        let name = code(&service.name);
        let kind = service.kind.as_deref().unwrap_or_default();
        if !made.contains(&kind) {
            items.push(format!(
                "The service {name} is of a kind that no option is known for."
            ));
        } else if seen.contains(&kind) {
            items.push(format!("{name} is a second {kind}: the script makes one."));
        }
        seen.push(kind);
        if kind == "postgres" {
            items.push(format!("Move the data of the database {name}."));
        }
        if let Some(others) = others(shared.services.get(service.name.as_str()), app) {
            items.push(format!("{name} was shared with {others}; on Dash Enterprise 5 a service belongs to one app."));
        }
    }
    items
}

fn variables(app: &InventoryApp) -> Vec<String> {
    let odd = own_variables(app).filter(|name| !is_variable(name));
    let odd = odd.map(|name| {
        format!(
            "Set the variable {} by hand: a shell does not take its name.",
            code(name)
        )
    });
    odd.collect()
}

fn unknown(app: &InventoryApp) -> Vec<&'static str> {
    let parts = [
        (app.owner.is_none(), "owner"),
        (app.viewers.is_none(), "viewers"),
        (app.mappings.is_none(), "directory mappings"),
        (app.processes.is_none(), "processes"),
        (app.services.is_none(), "services"),
        (app.variables.is_none(), "environment variables"),
    ];
    let missing = parts.into_iter().filter(|(is_missing, _)| *is_missing);
    missing.map(|(_, what)| what).collect()
}
