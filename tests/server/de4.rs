//! A Dash Enterprise 4 server in small: the questions of the inventory, as a server answers them.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::fake::{Asked, Fake, Reply};

/// What a server that counts its pages from 1 makes of page 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageZero {
    First,
    Refused,
    Empty,
    SameAsOne,
}

/// How the server is.
#[derive(Debug, Clone)]
pub(crate) struct De4 {
    pub(crate) apps: Vec<Value>,
    pub(crate) page_size: usize,
    pub(crate) page_zero: PageZero,
    /// Whether it says which page follows.
    pub(crate) tells_next: bool,
    /// Fields that it does not know, as `Type.field`.
    pub(crate) unknown: BTreeSet<String>,
    pub(crate) admin: bool,
    /// So many apps more than it shows.
    pub(crate) hidden: usize,
}

pub(crate) fn app(number: usize) -> Value {
    json!({
        "name": format!("app-{number:05}"),
        "owner": {"username": format!("user-{}", number % 5)},
        "urlOnServer": format!("https://dash.example.com/app-{number:05}/"),
        "metadata": {"title": format!("App {number}"), "permissionLevel": "restricted"},
        "hasWorkspace": number.is_multiple_of(2),
        "collaborators": {"users": ["vera"], "teams": []},
        "mounts": [{"hostDir": format!("/srv/{number}"), "targetDir": "/data"}],
        "processes": [{"type": "web", "number": 1 + number % 3}, {"type": "worker", "number": 1}],
        "environmentVariables": [
            {"name": "API_TOKEN", "readonly": false, "value": format!("canary-value-{number}")},
            {"name": "DASH_APP_NAME", "readonly": true, "value": "x"}
        ],
        "linkedServices": [{"name": format!("app-{number:05}-redis"), "serviceType": "REDIS"}],
        "status": {"running": true},
        "analytics": {
            "timestamps": {"created": "2019-07-25T10:48:56.601909", "updated": null,
                "visited": "2026-07-25T10:48:56", "error": null},
            "gitRevision": {"sha1": format!("{number:040}"), "error": null},
            "dependencies": {"python": "dash==1.0.0\nFlask==1.1.4\n", "error": null}
        }
    })
}

impl De4 {
    pub(crate) fn of(apps: usize) -> Self {
        Self {
            apps: (0..apps).map(app).collect(),
            page_size: 3,
            page_zero: PageZero::First,
            tells_next: true,
            unknown: BTreeSet::new(),
            admin: true,
            hidden: 0,
        }
    }

    pub(crate) fn start(self) -> Fake {
        Fake::start(move |asked| self.reply(asked))
    }

    /// As [`De4::start`], but what `fault` gives comes first.
    pub(crate) fn start_with(
        self,
        fault: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static,
    ) -> Fake {
        Fake::start(move |asked| fault(asked).unwrap_or_else(|| self.reply(asked)))
    }

    pub(crate) fn reply(&self, asked: &Asked) -> Reply {
        assert_eq!(
            (asked.method.as_str(), asked.path.as_str()),
            ("POST", "/Manager/graphql")
        );
        let question: Value = serde_json::from_str(&asked.body).unwrap();
        let query = question["query"].as_str().unwrap();
        if let Some(refusal) = self.refusal(query) {
            return Reply::of(400, "application/json", refusal.to_string());
        }
        let data = if query.starts_with("query Counts") {
            let count = self.apps.len() + self.hidden;
            json!({
                "current": {"username": "ana", "isAdmin": self.admin},
                "appsCount": [{"count": count / 2}, {"count": count - count / 2}]
            })
        } else if query.starts_with("query Page") {
            let Some(page) = self.page(question["variables"]["page"].as_i64().unwrap()) else {
                let refusal =
                    json!({"errors": [{"message": "Invalid page"}], "data": {"apps": null}});
                return Reply::json(refusal.to_string());
            };
            json!({ "apps": page })
        } else {
            let name = question["variables"]["name"].as_str().unwrap();
            // The name is looked for like a word.
            let found = self
                .apps
                .iter()
                .filter(|app| app["name"].as_str().unwrap().contains(name));
            let found: Vec<Value> = found
                .map(|app| json!({"name": app["name"], "analytics": app["analytics"]}))
                .collect();
            json!({"apps": {"apps": found}})
        };
        Reply::json(without(query, &json!({ "data": data })).to_string())
    }

    fn page(&self, page: i64) -> Option<Value> {
        let at = match (self.page_zero, page) {
            (PageZero::First, page) => page,
            (PageZero::SameAsOne, 0) => 0,
            (PageZero::Refused, 0) => return None,
            (PageZero::Empty, 0) => return Some(json!({"apps": [], "nextPage": null})),
            (_, page) => page - 1,
        };
        let start = usize::try_from(at).unwrap() * self.page_size;
        let fast = |app: &Value| {
            let mut app = app.clone();
            app.as_object_mut().unwrap().remove("analytics");
            app
        };
        let here: Vec<Value> = self
            .apps
            .iter()
            .skip(start)
            .take(self.page_size)
            .map(fast)
            .collect();
        let goes_on = self.tells_next && start + self.page_size < self.apps.len();
        let next = goes_on.then(|| page + 1);
        Some(json!({"apps": here, "nextPage": next}))
    }

    fn refusal(&self, query: &str) -> Option<Value> {
        let errors: Vec<Value> = self
            .unknown
            .iter()
            .filter_map(|name| {
                let (parent, field) = name.split_once('.').unwrap();
                let is_asked = query.lines().any(|line| {
                    line.trim() == field || line.trim() == format!("{field} {{")
                });
                is_asked.then(|| {
                    json!({"message": format!("Cannot query field \"{field}\" on type \"{parent}\".")})
                })
            })
            .collect();
        (!errors.is_empty()).then(|| json!({ "errors": errors }))
    }
}

/// What nobody asked for is not told.
fn without(query: &str, answer: &Value) -> Value {
    let words: BTreeSet<&str> = query.split(|c: char| !c.is_alphanumeric()).collect();
    let mut answer = answer.clone();
    prune(&mut answer["data"], &words);
    answer
}

fn prune(value: &mut Value, asked: &BTreeSet<&str>) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| asked.contains(name.as_str()));
            fields.values_mut().for_each(|value| prune(value, asked));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| prune(item, asked)),
        _ => {}
    }
}

/// Numbers drawn at random, the same for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % most as u64).unwrap()
    }
}

/// A fault, drawn with a chance of one in `chance`; `None` most of the time.
pub(crate) fn fault(
    dice: &Mutex<Dice>,
    chance: usize,
    whole: impl FnOnce() -> Reply,
) -> Option<Reply> {
    let mut dice = dice.lock().unwrap();
    if dice.below(chance) != 0 {
        return None;
    }
    Some(match dice.below(9) {
        0 => Reply::of(500, "text/plain", "oops"),
        1 => Reply::of(502, "text/html", "<html>"),
        2 => Reply::of(429, "text/plain", "").with("Retry-After", "1"),
        3 => Reply::Closed,
        4 => Reply::Cut(Box::new(whole()), 20 + dice.below(300)),
        5 => Reply::of(200, "text/html", "<html>sign in</html>"),
        6 => Reply::json("{\"data\": {\"apps\""),
        7 => Reply::json("{\"errors\": [{\"message\": \"database is busy\"}]}"),
        _ => Reply::of(401, "text/plain", ""),
    })
}
