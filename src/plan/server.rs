//! What the Dash Enterprise 4 server says of an app, worked into its plan: services and variables that
//! the code does not show, and how many replicas really ran.

use super::{Plan, ProcessScale, Replicas, ServiceNeed, VariableNeed};
use crate::inventory::{InventoryApp, NameSource};
use crate::rules::Service;

/// The variables that a linked service sets.
const OF_SERVICES: &[&str] = &["REDIS_URL", "DATABASE_URL"];

/// Takes in what the server says of the app.
pub(super) fn add(plan: &mut Plan, app: &InventoryApp) {
    if plan.name.source != NameSource::Told {
        plan.name.name.clone_from(&app.name);
        plan.name.source = NameSource::Inventory;
    }
    services(plan, app);
    variables(plan, app);
    scale(plan, app);
    plan.server = Some(app.clone());
}

fn services(plan: &mut Plan, app: &InventoryApp) {
    for linked in app.services.iter().flatten() {
        let service = match linked.kind.as_deref() {
            Some("redis") => Service::Redis,
            Some("postgres") => Service::Postgres,
            _ => continue,
        };
        let known = plan
            .services
            .iter_mut()
            .find(|need| need.service == service);
        if let Some(need) = known {
            need.is_certain = true;
        } else {
            plan.services.push(ServiceNeed {
                service,
                is_certain: true,
                shown_by: Vec::new(),
            });
        }
    }
    plan.services.sort_by_key(|need| need.service);
}

fn variables(plan: &mut Plan, app: &InventoryApp) {
    let told = app.variables.iter().flatten();
    let own =
        told.filter(|it| it.readonly != Some(true) && !OF_SERVICES.contains(&it.name.as_str()));
    for variable in own {
        let known = plan
            .variables
            .iter_mut()
            .find(|need| need.name == variable.name);
        if let Some(need) = known {
            // It had a value there, whatever the code does without.
            need.has_default = false;
            need.is_unknown = false;
        } else {
            plan.variables.push(VariableNeed {
                name: variable.name.clone(),
                places: Vec::new(),
                has_default: false,
                is_unknown: false,
            });
        }
    }
}

fn scale(plan: &mut Plan, app: &InventoryApp) {
    for process in app.processes.iter().flatten() {
        plan.scale.retain(|scale| scale.process != process.kind);
        if process.replicas != 1 {
            plan.scale.push(ProcessScale {
                process: process.kind.clone(),
                had: Replicas::Counted(process.replicas),
            });
        }
    }
}
