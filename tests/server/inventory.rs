//! `dashlift inventory`: every app, or a number; every fault a sentence; the same file after a stop.

use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use dashlift::inventory::Inventory;
use dashlift::manager::{Begun, Collected, Collector, Keep, Server, State, Stopped, read_records};
use dashlift::network::{Address, Client, Credentials, Limits, SecretString, Trust};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::de4::{De4, Dice, PageZero, app, fault};
use crate::fake::{Fake, Reply};

const KEY: &str = "canary-key-7788";

fn server(url: &str) -> Server {
    let address = Address::parse(url).unwrap();
    let client = Client::new(address, &Trust::default(), Limits::default()).unwrap();
    let credentials = Credentials::Basic {
        user: "ana".to_owned(),
        key: SecretString::from(KEY),
    };
    Server::new(client.waiting(Box::new(|_| ())), credentials)
}

/// Lines in memory; after some of them the power fails, in the middle of a line.
struct Lines {
    bytes: Vec<u8>,
    left: Option<usize>,
}

impl Keep for Lines {
    fn keep(&mut self, line: &[u8]) -> io::Result<()> {
        if let Some(left) = &mut self.left {
            if *left == 0 {
                self.bytes.extend_from_slice(&line[..line.len() / 2]);
                return Err(io::Error::other("the power failed"));
            }
            *left -= 1;
        }
        self.bytes.extend_from_slice(line);
        Ok(())
    }
}

fn begun() -> Begun {
    Begun::new(
        Some("https://dash.example.com".to_owned()),
        false,
        "2026-11-30".to_owned(),
    )
}

/// One run, which goes on with `bytes`, and what it leaves of them.
fn run(server: &Server, bytes: &mut Vec<u8>, left: Option<usize>) -> Result<Collected, Stopped> {
    let (records, whole) = read_records(bytes, &begun()).unwrap();
    bytes.truncate(whole);
    let mut lines = Lines {
        bytes: std::mem::take(bytes),
        left,
    };
    let state = State::after(records);
    let collector = Collector::new(server, &mut lines, state, begun(), &|_, _, _| ());
    let result = collector.and_then(Collector::run);
    *bytes = lines.bytes;
    result
}

fn read(de4: De4) -> (Inventory, Fake) {
    let fake = de4.start();
    let collected = run(&server(&fake.url()), &mut Vec::new(), None).unwrap();
    assert_eq!(collected.missing, 0);
    (collected.inventory, fake)
}

#[test]
fn everything_that_is_told_is_kept() {
    let (inventory, fake) = read(De4::of(7));
    assert!(inventory.complete);
    assert_eq!((inventory.counted, inventory.apps.len()), (Some(7), 7));
    let app = serde_json::to_value(&inventory.apps[4]).unwrap();
    let expected = json!({
        "name": "app-00004", "owner": "user-4", "url": "https://dash.example.com/app-00004/",
        "title": "App 4", "access": "restricted", "viewers": {"users": ["vera"], "teams": []},
        "mappings": [{"host": "/srv/4", "app": "/data"}],
        "processes": [{"type": "web", "replicas": 2}, {"type": "worker", "replicas": 1}],
        "services": [{"name": "app-00004-redis", "type": "redis"}],
        "variables": [{"name": "API_TOKEN", "readonly": false},
            {"name": "DASH_APP_NAME", "readonly": true}],
        "workspace": true, "running": true, "created": "2019-07-25T10:48:56.601909",
        "updated": null, "visited": "2026-07-25T10:48:56",
        "commit": "0000000000000000000000000000000000000004",
        "pins": ["dash==1.0.0", "Flask==1.1.4"]
    });
    assert_eq!(app, expected);
    // One for the counts, three pages, one for each app.
    assert_eq!(fake.asked().len(), 1 + 3 + 7);
    let first = &fake.asked()[0];
    assert!(first.header("authorization").unwrap().starts_with("Basic "));
    assert!(inventory.notes.is_empty(), "{:?}", inventory.notes);
}

#[test]
fn pages_are_counted_from_either_end() {
    for page_zero in [
        PageZero::First,
        PageZero::Refused,
        PageZero::Empty,
        PageZero::SameAsOne,
    ] {
        for tells_next in [true, false] {
            for apps in [0, 1, 3, 7, 9] {
                let (inventory, _) = read(De4 {
                    page_zero,
                    tells_next,
                    ..De4::of(apps)
                });
                let what = format!("{page_zero:?} {tells_next} {apps}");
                assert_eq!(inventory.apps.len(), apps, "{what}");
                assert!(inventory.complete, "{what}");
            }
        }
    }
}

#[test]
fn what_is_not_shown_is_missed() {
    let (inventory, _) = read(De4 {
        hidden: 2,
        ..De4::of(5)
    });
    assert!(!inventory.complete);
    assert_eq!((inventory.counted, inventory.apps.len()), (Some(7), 5));
}

#[test]
fn a_field_that_is_not_known_is_asked_for_once() {
    let unknown = [
        "App.mounts",
        "Dependencies.python",
        "Query.current",
        "App.status",
    ];
    let (inventory, fake) = read(De4 {
        unknown: unknown.iter().map(|&name| name.to_owned()).collect(),
        ..De4::of(7)
    });
    assert!(inventory.complete);
    assert_eq!(inventory.apps[0].mappings, None);
    assert_eq!(inventory.apps[0].pins, None);
    assert!(inventory.apps[0].commit.is_some());
    let note = &inventory.notes[0];
    for name in unknown {
        assert!(note.contains(name), "{note}");
    }
    let asking = |word: &str| {
        fake.asked()
            .iter()
            .filter(|asked| asked.body.contains(word))
            .count()
    };
    assert_eq!(asking("mounts"), 1);
    assert_eq!(asking("python"), 1);
}

#[test]
fn without_its_name_no_app_can_be_read() {
    for name in ["App.name", "Apps.apps", "Query.apps"] {
        let fake = De4 {
            unknown: [name.to_owned()].into(),
            ..De4::of(2)
        }
        .start();
        let Err(error) = run(&server(&fake.url()), &mut Vec::new(), None) else {
            panic!("{name}");
        };
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn gaps_beside_data_are_noted_once() {
    let de4 = De4::of(4);
    let fake = Fake::start(move |asked| {
        let reply = de4.reply(asked);
        let Reply::Answer { body, .. } = &reply else {
            return reply;
        };
        let mut answer: Value = serde_json::from_slice(body).unwrap();
        if asked.body.contains("query Page") {
            let mut errors = Vec::new();
            for (at, app) in answer["data"]["apps"]["apps"]
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .enumerate()
            {
                app["mounts"] = Value::Null;
                errors.push(json!({"message": "boom", "path": ["apps", "apps", at, "mounts"]}));
            }
            answer["errors"] = json!(errors);
        }
        if asked.body.contains("query Analytics") {
            let app = &mut answer["data"]["apps"]["apps"][0]["analytics"];
            app["gitRevision"] = json!({"sha1": null, "error": "no container"});
        }
        Reply::json(answer.to_string())
    });
    let collected = run(&server(&fake.url()), &mut Vec::new(), None).unwrap();
    let inventory = collected.inventory;
    assert_eq!(inventory.apps.len(), 4);
    assert_eq!(
        (&inventory.apps[1].mappings, &inventory.apps[1].commit),
        (&None, &None)
    );
    assert_eq!(
        inventory.notes,
        [
            "The server could not tell `gitRevision` 4 times; it said: no container",
            "The server could not tell `mounts` 4 times; it said: boom",
        ]
    );
}

#[test]
fn an_app_that_gives_nothing_stays_and_is_asked_for_again() {
    let hurt = Arc::new(AtomicUsize::new(1));
    let ill = hurt.clone();
    let fake = De4::of(5).start_with(move |asked| {
        let is_it = asked.body.contains("query Analytics") && asked.body.contains("app-00002");
        (is_it && ill.load(Ordering::SeqCst) == 1).then(|| Reply::of(504, "text/plain", ""))
    });
    let server = server(&fake.url());
    let mut bytes = Vec::new();
    let collected = run(&server, &mut bytes, None).unwrap();
    assert_eq!(collected.missing, 1);
    assert_eq!(collected.inventory.apps.len(), 5);
    assert!(
        collected.inventory.notes[0].contains("Of 1 apps"),
        "{:?}",
        collected.inventory.notes
    );
    hurt.store(0, Ordering::SeqCst);
    let before = fake.asked().len();
    let collected = run(&server, &mut bytes, None).unwrap();
    assert_eq!(collected.missing, 0);
    assert_eq!(fake.asked().len(), before + 1);
}

#[test]
fn a_server_that_is_down_is_not_asked_for_every_app() {
    let fake = De4::of(30).start_with(|asked| {
        asked
            .body
            .contains("query Analytics")
            .then(|| Reply::of(504, "text/plain", ""))
    });
    let result = run(&server(&fake.url()), &mut Vec::new(), None);
    assert!(result.is_err());
    assert!(fake.asked().len() < 30);
}

/// A server drawn at random, and how many lines its run may write before the power fails.
fn drawn(dice: &mut Dice) -> De4 {
    let zeros = [
        PageZero::First,
        PageZero::Refused,
        PageZero::Empty,
        PageZero::SameAsOne,
    ];
    let fields = ["App.mounts", "Analytics.timestamps", "App.owner"];
    De4 {
        page_size: 1 + dice.below(4),
        page_zero: zeros[dice.below(4)],
        tells_next: dice.below(2) == 0,
        unknown: fields
            .iter()
            .filter(|_| dice.below(4) == 0)
            .map(|&name| name.to_owned())
            .collect(),
        ..De4::of(dice.below(8))
    }
}

#[test]
fn faults_at_random_lead_to_the_same_end() {
    let mut stops = 0;
    for seed in 1..=200 {
        let mut dice = Dice::new(seed);
        let de4 = drawn(&mut dice);
        let (expected, _) = read(de4.clone());
        let chance = 2 + dice.below(8);
        let dice = Arc::new(Mutex::new(dice));
        let faults = dice.clone();
        let answers = de4.clone();
        let fake = Fake::start(move |asked| {
            let whole = || answers.reply(asked);
            fault(&faults, chance, whole).unwrap_or_else(|| answers.reply(asked))
        });
        let server = server(&fake.url());
        let mut bytes = Vec::new();
        let mut rounds = 0;
        let inventory = loop {
            rounds += 1;
            assert!(rounds < 500, "seed {seed} comes to no end");
            let left = dice.lock().unwrap().below(6);
            let left = (left > 0).then_some(left);
            match run(&server, &mut bytes, left) {
                Ok(done) if done.missing == 0 && done.inventory.complete => break done.inventory,
                // What is incomplete is said, and begun anew.
                Ok(done) if done.missing == 0 => bytes.clear(),
                Ok(_) => {}
                Err(error) => {
                    stops += 1;
                    let said = error.to_string();
                    assert!(said.len() > 10 && !said.contains(KEY), "{said}");
                }
            }
        };
        assert_eq!(inventory, expected, "seed {seed}");
        assert!(!String::from_utf8(bytes).unwrap().contains(KEY));
    }
    assert!(stops > 200, "only {stops} runs were stopped");
}

/// The program, with a key in its environment.
fn program(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
    command
        .current_dir(folder)
        .args(arguments)
        .env("DASHLIFT_DE4_USER", "ana")
        .env("DASHLIFT_DE4_KEY", KEY);
    ran(command, "")
}

fn ran(command: Command, input: &str) -> (i32, String, String) {
    let output = assert_cmd::Command::from_std(command)
        .write_stdin(input)
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(!out.contains(KEY) && !err.contains(KEY), "{out}{err}");
    (output.status.code().unwrap(), out, err)
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn the_program_writes_the_file() {
    let folder = TempDir::new().unwrap();
    let fake = De4::of(5).start();
    let arguments = [
        "inventory",
        "--de4-host",
        &fake.url(),
        "--output",
        "inventory.json",
    ];
    let (code, out, err) = program(folder.path(), &arguments);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(
        err.contains("5 apps written to inventory.json, 8 requests, "),
        "{err}"
    );
    assert_eq!(files(folder.path()), ["inventory.json"]);
    let text = std::fs::read_to_string(folder.path().join("inventory.json")).unwrap();
    assert!(!text.contains("canary"), "{text}");
    let schema = include_str!("../../docs/schemas/inventory.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let written: Value = serde_json::from_str(&text).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&written)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn the_program_says_what_is_missing() {
    let folder = TempDir::new().unwrap();
    let fake = De4 {
        hidden: 1,
        ..De4::of(2)
    }
    .start();
    let arguments = ["inventory", "--de4-host", &fake.url(), "--output", "i.json"];
    let (code, _, err) = program(folder.path(), &arguments);
    assert_eq!(code, 1);
    assert!(
        err.contains("The server counts 3 apps and showed 2"),
        "{err}"
    );
}

#[test]
fn values_go_into_a_new_file_of_their_owner() {
    let folder = TempDir::new().unwrap();
    let fake = De4::of(2).start();
    let url = fake.url();
    let arguments = [
        "inventory",
        "--with-values",
        "--de4-host",
        &url,
        "--output",
        "v.json",
    ];
    let (code, out, err) = program(folder.path(), &arguments);
    assert_eq!(code, 0, "{err}");
    assert!(!(out + &err).contains("canary-value"));
    let path = folder.path().join("v.json");
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .contains("canary-value-1")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let (code, _, err) = program(folder.path(), &arguments);
    assert_eq!(code, 2);
    assert!(err.contains("v.json is there already"), "{err}");
}

#[test]
fn values_that_nobody_asked_for_are_forgotten() {
    let fake = Fake::start(|asked| {
        let data = if asked.body.contains("query Counts") {
            json!({"appsCount": [{"count": 1}]})
        } else {
            json!({"apps": {"apps": [app(1)], "nextPage": null}})
        };
        Reply::json(json!({ "data": data }).to_string())
    });
    let mut bytes = Vec::new();
    let collected = run(&server(&fake.url()), &mut bytes, None).unwrap();
    let mut written = Vec::new();
    collected.inventory.write(&mut written).unwrap();
    for text in [bytes, written] {
        let text = String::from_utf8(text).unwrap();
        assert!(
            text.contains("API_TOKEN") && !text.contains("canary"),
            "{text}"
        );
    }
}

#[test]
fn a_stopped_run_goes_on() {
    let folder = TempDir::new().unwrap();
    let count = AtomicUsize::new(0);
    let fake = De4::of(4).start_with(move |_| {
        (count.fetch_add(1, Ordering::SeqCst) == 4).then(|| Reply::of(403, "text/plain", ""))
    });
    let url = fake.url();
    let arguments = ["inventory", "--de4-host", &url, "--output", "i.json"];
    let (code, _, err) = program(folder.path(), &arguments);
    assert_eq!(code, 2);
    assert!(
        err.contains("(status 403)") && err.contains("kept in i.json.part; go on with --resume"),
        "{err}"
    );
    assert_eq!(files(folder.path()), ["i.json.part"]);
    let (code, _, err) = program(folder.path(), &arguments);
    assert_eq!(code, 2);
    assert!(err.contains("go on with it with --resume"), "{err}");
    let resumed: Vec<&str> = arguments.into_iter().chain(["--resume"]).collect();
    let (code, _, err) = program(folder.path(), &resumed);
    assert_eq!(code, 0, "{err}");
    assert_eq!(files(folder.path()), ["i.json"]);
    let (code, _, err) = program(folder.path(), &resumed);
    assert_eq!(code, 2);
    assert!(err.contains("nothing to go on with"), "{err}");
    let (expected, _) = read(De4::of(4));
    let text = std::fs::read(folder.path().join("i.json")).unwrap();
    assert_eq!(Inventory::read(&text).unwrap().apps, expected.apps);
}

#[test]
fn a_run_that_read_nothing_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let refuses = Fake::start(|_| Reply::of(401, "text/plain", ""));
    for _ in 0..2 {
        let host = refuses.url();
        let arguments = ["inventory", "--de4-host", &host, "--output", "i.json"];
        let (code, _, err) = program(folder.path(), &arguments);
        assert_eq!(code, 2);
        assert!(
            err.contains("(status 401)") && !err.contains("--resume"),
            "{err}"
        );
        assert_eq!(files(folder.path()), [""; 0]);
    }
}

#[test]
fn each_fault_has_its_sentence_and_leaves_no_file() {
    let login = Reply::of(200, "text/html", "<html>");
    let away =
        Reply::of(302, "text/html", "").with("Location", "https://sso.example.com/?t=canary");
    for (reply, said) in [
        (
            Reply::of(401, "text/html", "<p>"),
            "does not accept the user name and key",
        ),
        (
            Reply::of(403, "text/html", "<p>"),
            "an administrator's key is needed",
        ),
        (login, "a page for a browser"),
        (away, "a key is never sent on"),
        (Reply::json("{}"), "neither data nor errors"),
        (Reply::json("[1"), "no answer of GraphQL"),
        (
            Reply::json("{\"error\": \"licence expired\"}"),
            "refuses the question: licence expired",
        ),
        (
            Reply::of(429, "text/plain", "").with("Retry-After", "900"),
            "come back in 900 seconds",
        ),
        (Reply::of(404, "text/plain", ""), "status 404"),
    ] {
        let folder = TempDir::new().unwrap();
        let fake = Fake::start(move |_| reply.clone());
        let arguments = ["inventory", "--de4-host", &fake.url(), "--output", "i.json"];
        let (code, _, err) = program(folder.path(), &arguments);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(said) && !err.contains("canary"), "{err}");
        assert!(!folder.path().join("i.json").exists());
    }
}

#[test]
fn the_key_of_somebody_else_is_refused() {
    let folder = TempDir::new().unwrap();
    let fake = De4 {
        admin: false,
        ..De4::of(2)
    }
    .start();
    let arguments = ["inventory", "--de4-host", &fake.url(), "--output", "i.json"];
    let (code, _, err) = program(folder.path(), &arguments);
    assert_eq!(code, 2);
    assert!(err.contains("ana is no administrator"), "{err}");
}

#[test]
fn the_key_may_come_on_standard_input() {
    let folder = TempDir::new().unwrap();
    let fake = De4::of(1).start();
    let command = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dashlift"));
        command
            .current_dir(folder.path())
            .args(["inventory", "--de4-host", &fake.url(), "--output", "i.json"])
            .env_remove("DASHLIFT_DE4_USER")
            .env_remove("DASHLIFT_DE4_KEY");
        command
    };
    let (code, _, err) = ran(command(), &format!("ana\n{KEY}\n"));
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = ran(command(), "ana\n");
    assert_eq!(code, 2);
    assert!(err.contains("no API key was given"), "{err}");
    assert_eq!(files(folder.path()), ["i.json"]);
}

#[test]
fn another_machine_is_not_asked_without_tls() {
    let folder = TempDir::new().unwrap();
    for (host, said) in [
        ("http://dash.example.com", "must begin with https://"),
        (
            "https://ana:canary@dash.example.com",
            "without user name and password",
        ),
    ] {
        let arguments = ["inventory", "--de4-host", host, "--output", "i.json"];
        let (code, _, err) = program(folder.path(), &arguments);
        assert_eq!(code, 2);
        assert!(err.contains(said), "{err}");
    }
}

#[test]
fn answers_may_come_in_files() {
    let folder = TempDir::new().unwrap();
    let (code, questions, _) = program(folder.path(), &["inventory", "--print-query"]);
    assert_eq!(code, 0);
    for word in ["query Counts", "query Page", "query Analytics"] {
        assert!(questions.contains(word), "{questions}");
    }
    let mut one = app(1);
    one.as_object_mut().unwrap().remove("analytics");
    let slow = json!({"name": "app-00001", "analytics": app(1)["analytics"]});
    let page = json!({"data": {"apps": {"apps": [one, app(2)]}}}).to_string();
    let counts = json!({"data": {"appsCount": [{"count": 2}]}}).to_string();
    let slow = json!({"data": {"apps": {"apps": [slow]}}}).to_string();
    std::fs::write(folder.path().join("a.json"), slow + &counts).unwrap();
    std::fs::write(folder.path().join("b.json"), page).unwrap();
    let arguments = [
        "inventory",
        "--input",
        "a.json",
        "b.json",
        "--output",
        "i.json",
    ];
    let (code, _, err) = program(folder.path(), &arguments);
    assert_eq!(code, 0, "{err}");
    let text = std::fs::read_to_string(folder.path().join("i.json")).unwrap();
    assert!(!text.contains("canary"), "values that nobody wanted");
    let inventory = Inventory::read(text.as_bytes()).unwrap();
    assert!(inventory.complete && inventory.apps.iter().all(|app| app.commit.is_some()));
    std::fs::write(folder.path().join("b.json"), "<html>").unwrap();
    let (code, _, err) = program(folder.path(), &arguments);
    assert_eq!(code, 2);
    assert!(err.contains("b.json: "), "{err}");
}
