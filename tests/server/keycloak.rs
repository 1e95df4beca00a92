//! A small Keycloak that keeps its users, and fails as a test tells it. What is asked is held to the
//! documented administration interface: a question that it does not have fails the test.
#![allow(clippy::panic, reason = "an unknown question fails the test")]

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::fake::{Asked, Fake, Reply};
use super::openapi;

pub(crate) const PASSWORD: &str = "canary-of-the-administrator";

/// Somebody who is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) username: String,
    pub(crate) email: Option<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) links: Vec<(String, String)>,
    pub(crate) directory: Option<String>,
    /// How many mails were sent to choose a password.
    pub(crate) invited: usize,
    /// What has to be done at the next sign-in, and a password that was given.
    pub(crate) actions: Vec<String>,
    pub(crate) password: Option<String>,
}

/// How it fails: by the number of the request.
pub(crate) type Faults = dyn Fn(usize, &Asked) -> Option<Fault> + Send + Sync;

/// A way to fail.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Nothing is done, and this status.
    Status(u16),
    /// It is done, and nobody hears of it.
    Lost,
    /// Half of the answer.
    Half,
    /// The token is not known any more.
    Expired,
    /// A list with nobody in it.
    Nobody,
}

/// What it knows.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) users: Vec<User>,
    requests: usize,
    pub(crate) writes: usize,
}

pub(crate) fn start(users: Vec<User>, faults: Box<Faults>) -> (Fake, Arc<Mutex<State>>) {
    let state = Arc::new(Mutex::new(State {
        users,
        ..State::default()
    }));
    let kept = state.clone();
    let fake = Fake::start(move |asked| {
        let mut state = kept.lock().unwrap();
        state.requests += 1;
        hold(asked, None);
        match faults(state.requests, asked) {
            Some(Fault::Status(status)) => {
                Reply::of(status, "application/json", r#"{"error":"unknown_error"}"#)
            }
            Some(Fault::Expired) if !asked.path.contains("/token") => Reply::of(
                401,
                "application/json",
                r#"{"error":"HTTP 401 Unauthorized"}"#,
            ),
            Some(Fault::Nobody) => Reply::json("[]"),
            Some(Fault::Lost) => {
                state.answer_as_documented(asked);
                Reply::Closed
            }
            Some(Fault::Half) => Reply::Cut(Box::new(state.answer_as_documented(asked)), 90),
            _ => state.answer_as_documented(asked),
        }
    });
    (fake, state)
}

/// Signing in is OAuth's, and not in the interface. A breach poisons the state: no later request is
/// answered, and whoever looks at the state fails.
fn hold(asked: &Asked, reply: Option<&Reply>) {
    let path = asked.path.strip_prefix("/auth").unwrap_or(&asked.path);
    if !path.starts_with("/realms/") {
        openapi::hold(asked, path, reply).unwrap_or_else(|breach| panic!("{breach}"));
    }
}

fn told(body: &Value) -> Reply {
    Reply::json(body.to_string())
}

fn missing() -> Reply {
    Reply::of(404, "application/json", r#"{"error":"not found"}"#)
}

fn no_content() -> Reply {
    Reply::of(204, "application/json", "")
}

const ROLES: [&str; 4] = ["admin", "app-admin", "licensed_user", "viewer"];

impl State {
    fn answer_as_documented(&mut self, asked: &Asked) -> Reply {
        let reply = self.answer(asked);
        hold(asked, Some(&reply));
        reply
    }

    fn answer(&mut self, asked: &Asked) -> Reply {
        let path = asked.path.strip_prefix("/auth").unwrap();
        if path == "/realms/master/protocol/openid-connect/token" {
            return if asked.body.contains(&format!("password={PASSWORD}")) {
                told(&json!({"access_token": "canary-of-a-token", "expires_in": 60}))
            } else {
                let body =
                    r#"{"error":"invalid_grant","error_description":"Invalid user credentials"}"#;
                Reply::of(401, "application/json", body)
            };
        }
        assert_eq!(
            asked.header("authorization"),
            Some("Bearer canary-of-a-token")
        );
        let path = path.strip_prefix("/admin/realms/dash").unwrap();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        match (asked.method.as_str(), parts.as_slice()) {
            ("GET", []) => told(&json!({"realm": "dash", "smtpServer": {}})),
            ("GET", ["clients"]) => told(&json!([{"id": "c-1", "clientId": "dash"}])),
            ("GET", ["clients", "c-1", "roles"]) => {
                let roles = ROLES.map(|name| json!({"id": format!("r-{name}"), "name": name}));
                told(&json!(roles))
            }
            ("GET", ["clients", "c-1", "roles", role, "users"]) => {
                let has = |user: &&User| user.roles.iter().any(|it| it == role);
                told(&self.users.iter().filter(has).map(shown).collect())
            }
            ("GET", ["group-by-path", "analysts"]) => {
                told(&json!({"id": "g-1", "path": "/analysts"}))
            }
            ("GET", ["group-by-path", _]) => missing(),
            ("GET", ["identity-provider", "instances"]) => told(&json!([{"alias": "corp"}])),
            ("GET", ["users"]) => told(&self.find(query)),
            ("POST", ["users"]) => self.create(&asked.body),
            (method, ["users", id, rest @ ..]) => self.user(method, id, rest, &asked.body),
            other => panic!("nobody may ask {other:?}"),
        }
    }

    fn find(&self, query: &str) -> Value {
        let value = |name: &str| {
            let mut parts = query.split('&').filter_map(|part| part.split_once('='));
            let found = parts.find(|(known, _)| *known == name);
            found.map(|(_, value)| value.replace("%40", "@"))
        };
        let (name, email) = (value("username"), value("email"));
        let link = value("idpUserId");
        let is_it = |user: &&User| {
            name.as_ref().is_none_or(|it| user.username == *it)
                && email
                    .as_ref()
                    .is_none_or(|it| user.email.as_ref() == Some(it))
                && link
                    .as_ref()
                    .is_none_or(|it| user.links.iter().any(|(_, id)| id == it))
        };
        self.users.iter().filter(is_it).map(shown).collect()
    }

    fn create(&mut self, body: &str) -> Reply {
        let body: Value = serde_json::from_str(body).unwrap();
        let text = |name: &str| body[name].as_str().map(str::to_lowercase);
        let user = User {
            username: text("username").unwrap(),
            email: text("email"),
            roles: vec!["viewer".to_owned()],
            actions: serde_json::from_value(body["requiredActions"].clone()).unwrap_or_default(),
            password: body["credentials"][0]["value"].as_str().map(str::to_owned),
            ..User::default()
        };
        let is_taken = |known: &User| {
            known.username == user.username || (known.email.is_some() && known.email == user.email)
        };
        if self.users.iter().any(is_taken) {
            let body = r#"{"errorMessage":"User exists with same username or email"}"#;
            return Reply::of(409, "application/json", body);
        }
        self.writes += 1;
        self.users.push(user);
        Reply::of(201, "application/json", "")
    }

    fn user(&mut self, method: &str, id: &str, rest: &[&str], body: &str) -> Reply {
        let known = |user: &&mut User| format!("u-{}", user.username) == id;
        let Some(user) = self.users.iter_mut().find(known) else {
            return missing();
        };
        match (method, rest) {
            ("GET", ["role-mappings", "clients", "c-1", "composite"]) => {
                let role = |name| json!({"id": name, "name": name});
                told(&user.roles.iter().map(role).collect())
            }
            ("POST", ["role-mappings", "clients", "c-1"]) => {
                let given: Vec<Value> = serde_json::from_str(body).unwrap();
                for role in given {
                    let name = role["name"].as_str().unwrap();
                    assert_eq!(role["id"], format!("r-{name}"));
                    if !user.roles.iter().any(|it| it == name) {
                        user.roles.push(name.to_owned());
                        self.writes += 1;
                    }
                }
                no_content()
            }
            ("GET", ["groups"]) => {
                let group = |path| json!({"id": "g-1", "path": format!("/{path}")});
                told(&user.groups.iter().map(group).collect())
            }
            ("PUT", ["groups", "g-1"]) => {
                if user.groups.is_empty() {
                    user.groups.push("analysts".to_owned());
                    self.writes += 1;
                }
                no_content()
            }
            ("GET", ["federated-identity"]) => {
                let link = |(at, id): &_| json!({"identityProvider": at, "userId": id});
                told(&user.links.iter().map(link).collect())
            }
            ("POST", ["federated-identity", "corp"]) => {
                let given: Value = serde_json::from_str(body).unwrap();
                if !user.links.is_empty() {
                    return Reply::of(409, "application/json", r#"{"errorMessage":"linked"}"#);
                }
                let id = given["userId"].as_str().unwrap().to_owned();
                user.links.push(("corp".to_owned(), id));
                self.writes += 1;
                no_content()
            }
            ("PUT", ["execute-actions-email"]) => {
                user.invited += 1;
                no_content()
            }
            other => panic!("nobody may ask {other:?}"),
        }
    }
}

/// What is not there is left out, as Keycloak does.
fn shown(user: &User) -> Value {
    let mut shown = json!({
        "id": format!("u-{}", user.username),
        "username": user.username,
        "enabled": true,
        "requiredActions": user.actions,
    });
    for (name, value) in [("email", &user.email), ("federationLink", &user.directory)] {
        if let Some(value) = value {
            shown[name] = json!(value);
        }
    }
    shown
}
