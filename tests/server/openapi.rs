//! Holds what is asked of Keycloak, and what the fake answers, to the `OpenAPI` of the real one
//! (`tests/schemas/keycloak-admin-26.8.json`): paths, methods, questions behind the `?`, bodies.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::fake::{Asked, Reply};

static INTERFACE: LazyLock<Value> = LazyLock::new(|| {
    let mut interface: Value =
        serde_json::from_str(include_str!("../schemas/keycloak-admin-26.8.json")).unwrap();
    // Keycloak passes over fields that it does not know. Here they are slips.
    for schema in interface["components"]["schemas"]
        .as_object_mut()
        .unwrap()
        .values_mut()
    {
        schema["additionalProperties"] = json!(false);
    }
    interface
});

/// Whether a request and the answer of the fake are such as the interface has them: what is not.
pub(crate) fn hold(asked: &Asked, path: &str, reply: Option<&Reply>) -> Result<(), String> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let method = asked.method.to_lowercase();
    let said = |what: &str| format!("{} {path}: {what}", asked.method);
    let operation = operation(path, &method).ok_or_else(|| said("there is no such request"))?;
    for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
        let known = operation["parameters"].as_array();
        let known = known.and_then(|known| known.iter().find(|it| it["name"] == name));
        let known = known.ok_or_else(|| said(&format!("it has no parameter {name}")))?;
        let value = match known["schema"]["type"].as_str() {
            Some("string") => Value::from(value),
            _ => serde_json::from_str(value).map_err(|_| said(&format!("{name} is {value}")))?,
        };
        fits(&known["schema"], &value).map_err(|what| said(&format!("{name}: {what}")))?;
    }
    let wanted = &operation["requestBody"]["content"]["application/json"]["schema"];
    if wanted.is_null() != asked.body.is_empty() {
        return Err(said("a body, or none"));
    }
    if !wanted.is_null() {
        if asked.header("content-type") != Some("application/json") {
            return Err(said("the body is not said to be JSON"));
        }
        let body = serde_json::from_str(&asked.body).map_err(|error| said(&error.to_string()))?;
        fits(wanted, &body).map_err(|what| said(&what))?;
    }
    let Some(Reply::Answer { status, body, .. }) = reply else {
        return Ok(());
    };
    if !(200..300).contains(status) {
        return Ok(());
    }
    let answer = &operation["responses"][status.to_string()];
    if answer.is_null() {
        return Err(said(&format!("it is never answered with {status}")));
    }
    let shape = &answer["content"]["application/json"]["schema"];
    if shape.is_null() {
        return Ok(());
    }
    let body = serde_json::from_slice(body).map_err(|error| said(&error.to_string()))?;
    fits(shape, &body).map_err(|what| said(&format!("the fake's answer: {what}")))
}

/// What the interface says of a path and method.
fn operation(path: &str, method: &str) -> Option<&'static Value> {
    let paths = INTERFACE["paths"].as_object()?;
    let fitting = |known: &&String| {
        let mut parts = path.split('/');
        for part in known.split('/') {
            // The path of a group may be of several parts.
            if part == "{path}" {
                return parts.next().is_some_and(|it| !it.is_empty());
            }
            let is_variable = part.starts_with('{');
            match parts.next() {
                Some(given) if given == part || (is_variable && !given.is_empty()) => {}
                _ => return false,
            }
        }
        parts.next().is_none()
    };
    let known = paths.keys().find(fitting)?;
    paths.get(known)?.get(method)
}

/// What was compiled so far, by the schema.
static COMPILED: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());

fn compiled(schema: &Value) -> Arc<Validator> {
    let mut known = COMPILED.lock().unwrap();
    let make = || {
        let mut whole = schema.as_object().cloned().unwrap_or_else(Map::new);
        whole.insert("components".to_owned(), INTERFACE["components"].clone());
        Arc::new(Validator::new(&Value::Object(whole)).unwrap())
    };
    known.entry(schema.to_string()).or_insert_with(make).clone()
}

fn fits(schema: &Value, value: &Value) -> Result<(), String> {
    let validator = compiled(schema);
    let wrong: Vec<String> = validator
        .iter_errors(value)
        .map(|error| error.to_string())
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("; "))
    }
}

#[test]
fn what_keycloak_does_not_have_is_found() {
    let refused = |method: &str, path: &str, body: &str| {
        let json = ("content-type".to_owned(), "application/json".to_owned());
        let asked = Asked {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: vec![json],
            body: body.to_owned(),
        };
        hold(&asked, path, None).unwrap_err()
    };
    let users = "/admin/realms/dash/users";
    for (method, path, body, said) in [
        ("GET", "/admin/realms/dash/people", "", "no such request"),
        ("DELETE", users, "", "no such request"),
        (
            "GET",
            "/admin/realms/dash/users?name=a",
            "",
            "no parameter name",
        ),
        (
            "GET",
            "/admin/realms/dash/users?max=many",
            "",
            "max is many",
        ),
        ("POST", users, "", "a body, or none"),
        ("POST", users, r#"{"name": "ana"}"#, "'name' was unexpected"),
        ("POST", users, r#"{"enabled": "yes"}"#, "is not of type"),
        (
            "POST",
            users,
            r#"{"credentials": [{"word": "x"}]}"#,
            "'word'",
        ),
        (
            "PUT",
            "/admin/realms/dash/users/u/execute-actions-email",
            "{}",
            "\"array\"",
        ),
    ] {
        let found = refused(method, path, body);
        assert!(found.contains(said), "{path} {body}: {found}");
    }
}
