//! What an `app.json` declares for Heroku's button beside scripts: services, variables, replicas,
//! buildpacks. Nothing on DE5 reads it, and each is something to do on the server.

use serde_json::{Map, Value};

use super::{DECLARED, File, RULE};
use crate::rules::{Category, Draft, Finding, Service, Subject};

/// The keys that are looked at, with what a message calls them.
const KEYS: &[(&str, &str)] = &[
    ("addons", "add-ons"),
    ("env", "variables"),
    ("formation", "replicas"),
    ("buildpacks", "buildpacks"),
];

/// One finding for all that the file declares.
pub(super) fn check(file: &File) -> Option<Finding> {
    let root: Value = serde_json::from_str(file.text.as_str()).ok()?;
    let root = root.as_object()?;
    let is_full = |value: &Value| match value {
        Value::Array(all) => !all.is_empty(),
        Value::Object(all) => !all.is_empty(),
        _ => false,
    };
    let named = KEYS
        .iter()
        .filter(|(key, _)| root.get(*key).is_some_and(is_full));
    let named: Vec<&str> = named.map(|(_, name)| *name).collect();
    if named.is_empty() {
        return None;
    }
    let message = format!(
        "app.json declares {}, which Dash Enterprise 5 does not read",
        named.join(", ")
    );
    let draft = RULE
        .report(DECLARED, Subject::Whole, &file.path, message)
        .category(Category::May);
    let draft = add_ons(root, draft);
    let draft = variables(root, draft);
    let draft = replicas(root, draft);
    Some(
        buildpacks(root, draft)
            .guide("Leave the part of app.json that Heroku still uses; nothing else reads it."),
    )
}

fn names(root: &Map<String, Value>, key: &str, inner: &str) -> Vec<String> {
    let all = root.get(key).and_then(Value::as_array);
    let name = |value: &Value| match value {
        Value::String(name) => Some(name.clone()),
        other => other.get(inner).and_then(Value::as_str).map(str::to_owned),
    };
    all.into_iter().flatten().filter_map(name).collect()
}

fn add_ons(root: &Map<String, Value>, draft: Draft) -> Draft {
    let mut others = Vec::new();
    let mut draft = draft;
    for name in names(root, "addons", "plan") {
        let service = if name.contains("postgres") {
            Service::Postgres
        } else if name.contains("redis") {
            Service::Redis
        } else {
            others.push(name);
            continue;
        };
        draft = draft.command(
            format!(
                "Create a {} for the app (`{name}` in app.json), if it uses one.",
                service.name()
            ),
            format!(
                "de services create --app-name APP --type {}",
                service.kind()
            ),
        );
    }
    if others.is_empty() {
        return draft;
    }
    draft.step(format!(
        "Find what takes the place of the other add-ons: {}.",
        others.join(", ")
    ))
}

fn variables(root: &Map<String, Value>, draft: Draft) -> Draft {
    let env = root.get("env").and_then(Value::as_object);
    let names: Vec<&str> = env
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect();
    if names.is_empty() {
        return draft;
    }
    draft.command(
        format!(
            "Set these variables for the app, where it needs them: {}.",
            names.join(", ")
        ),
        "de apps update --name APP --add-environment-variable \"NAME=<value>\"",
    )
}

fn replicas(root: &Map<String, Value>, draft: Draft) -> Draft {
    let formation = root.get("formation").and_then(Value::as_object);
    let processes = formation.into_iter().flatten();
    let counted = processes.filter_map(|(name, value)| {
        let count = value.get("quantity").unwrap_or(value).as_u64()?;
        (count != 1).then(|| format!("`{name}` {count}"))
    });
    let counts: Vec<String> = counted.collect();
    if counts.is_empty() {
        return draft;
    }
    draft.step(format!(
        "Set the replicas in the Scale tab, where every process type starts with one: {}.",
        counts.join(", ")
    ))
}

fn buildpacks(root: &Map<String, Value>, draft: Draft) -> Draft {
    let names = names(root, "buildpacks", "url");
    let foreign: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|it| !it.contains("python"))
        .collect();
    if foreign.is_empty() {
        return draft;
    }
    draft.step(format!(
        "Dash Enterprise 5 chooses its buildpacks by itself; look what these brought: {}. Debian packages belong into Aptfile.",
        foreign.join(", ")
    ))
}
