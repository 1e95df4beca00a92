//! DL106.

use crate::harness::{After, Case, app};

const WEB: (&str, &str) = ("Procfile", "web: gunicorn app:server\n");

fn with(json: &str) -> Case {
    app([WEB, ("app.json", json)]).rule("DL106")
}

fn predeploy(command: &str) -> String {
    let command = command.replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        "{{\n  \"scripts\": {{\n    \"dokku\": {{\n      \"predeploy\": \"{command}\"\n    }}\n  }}\n}}\n"
    )
}

fn named(name: &str) -> String {
    format!("[scripts]\npredeploy = \"{name}\"\n")
}

#[track_caller]
fn assert_named(after: &After, name: &str) {
    assert_eq!(after.paths(), ["Procfile", "project.toml"]);
    assert_eq!(after.text("project.toml"), named(name));
}

#[test]
fn a_call_of_a_script_names_the_script() {
    for command in [
        "bash predeploy.sh",
        "sh ./predeploy.sh",
        "/bin/bash /app/predeploy.sh",
        "bash /app/predeploy.sh",
        "cd /app && bash predeploy.sh",
        "cd /app/ ; ./predeploy.sh",
        "predeploy.sh",
        "/app/predeploy.sh",
    ] {
        assert_named(&with(&predeploy(command)).fix(), "predeploy.sh");
    }
    for command in ["/app/install_client", "bash /app/install_client"] {
        assert_named(&with(&predeploy(command)).fix(), "install_client");
    }
    assert_eq!(
        with(&predeploy("cd /app && bash predeploy.sh")).check(),
        [
            "app.json:4:20: DL106 app.json runs `cd /app && bash predeploy.sh` at predeploy; Dash Enterprise 5 takes deploy scripts from project.toml"
        ]
    );
}

#[test]
fn any_other_command_becomes_a_script() {
    for (command, body) in [
        ("pip install numpy", "pip install numpy"),
        ("python predeploy.py", "python predeploy.py"),
        (
            "cd /app && python predeploy.py && echo \"Hello\" >> a.txt",
            "python predeploy.py && echo \"Hello\" >> a.txt",
        ),
        ("bash predeploy.sh --fast", "bash predeploy.sh --fast"),
        ("sudo bash x.sh", "sudo bash x.sh"),
        ("true", "true"),
        ("bash -c 'ls'", "bash -c 'ls'"),
        ("bash $SCRIPT", "bash $SCRIPT"),
    ] {
        let after = with(&predeploy(command)).fix();
        assert_eq!(after.paths(), ["Procfile", "predeploy.sh", "project.toml"]);
        assert_eq!(after.text("predeploy.sh"), format!("#!/bin/bash\n{body}\n"));
        assert_eq!(after.text("project.toml"), named("predeploy.sh"));
    }
}

#[test]
fn a_script_in_a_folder_is_called_from_one_in_the_root() {
    let after = app([
        WEB,
        ("app.json", &predeploy("bash /app/bin/setup.sh")),
        ("bin/setup.sh", "ls\n"),
    ])
    .rule("DL106")
    .fix();
    assert_eq!(
        after.text("predeploy.sh"),
        "#!/bin/bash\nbash bin/setup.sh\n"
    );
}

#[test]
fn a_script_that_is_there_is_never_overwritten() {
    let after = app([
        WEB,
        ("app.json", &predeploy("python predeploy.py")),
        ("predeploy.sh", "echo mine\n"),
        ("predeploy-2.sh", "echo mine too\n"),
    ])
    .rule("DL106")
    .fix();
    assert_eq!(after.text("predeploy.sh"), "echo mine\n");
    assert_eq!(
        after.text("predeploy-3.sh"),
        "#!/bin/bash\npython predeploy.py\n"
    );
    assert_eq!(after.text("project.toml"), named("predeploy-3.sh"));
}

#[test]
fn both_events_and_both_places_meet_in_project_toml() {
    let json = r#"{"scripts": {"dokku": {"predeploy": "bash a.sh"}, "postdeploy": "bash b.sh", "predeploy": "bash a.sh"}}"#;
    let after = with(json).fix();
    assert_eq!(
        after.text("project.toml"),
        "[scripts]\npredeploy = \"a.sh\"\npostdeploy = \"b.sh\"\n"
    );
    assert_eq!(after.fixed.len(), 2);
    assert_eq!(after.paths(), ["Procfile", "project.toml"]);
}

#[test]
fn what_else_the_file_holds_stays() {
    let json = "{\r\n  \"name\": \"x\",\r\n  \"scripts\": {\r\n    \"dokku\": { \"predeploy\": \"bash a.sh\" }\r\n  },\r\n  \"env\": {\"A\": {\"required\": true}}\r\n}";
    let after = with(json).fix();
    assert_eq!(
        after.text("app.json"),
        "{\r\n  \"name\": \"x\",\r\n  \"env\": {\"A\": {\"required\": true}}\r\n}"
    );
    let hollow = r#"{"env": {}, "scripts": {"predeploy": "bash a.sh"}, "addons": []}"#;
    assert_eq!(with(hollow).fix().paths(), ["Procfile", "project.toml"]);
}

#[test]
fn a_script_that_project_toml_names_already_is_only_removed() {
    let toml = "# ours\n[scripts]\npredeploy = './a.sh'\n";
    let after = app([
        WEB,
        ("app.json", &predeploy("bash a.sh")),
        ("project.toml", toml),
    ])
    .rule("DL106")
    .fix();
    assert_eq!(after.paths(), ["Procfile", "project.toml"]);
    assert_eq!(after.text("project.toml"), toml);
}

#[test]
fn another_script_in_project_toml_is_a_persons_decision() {
    let case = app([
        WEB,
        ("app.json", &predeploy("bash a.sh")),
        ("project.toml", &named("b.sh")),
    ])
    .rule("DL106")
    .unsafe_fixes();
    let after = case.fix();
    assert_eq!(after.text("app.json"), predeploy("bash a.sh"));
    assert!(after.steps[0].starts_with("project.toml runs `b.sh` at predeploy"));
}

#[test]
fn contradictions_and_odd_values_are_said() {
    assert_eq!(
        with(r#"{"scripts": {"dokku": {"predeploy": "a"}, "predeploy": "b"}}"#).check(),
        ["app.json:1:37: DL106 app.json has two different predeploy scripts"]
    );
    assert_eq!(
        with(r#"{"scripts": {"postdeploy": ["a"]}}"#).check(),
        ["app.json:1:28: DL106 the postdeploy script of app.json is not a string"]
    );
    let after = with(r#"{"scripts": {"dokku": {"predeploy": " "}}}"#).fix();
    assert_eq!(after.paths(), ["Procfile"]);
}

#[test]
fn what_is_no_json_is_said_with_its_place() {
    for (json, place, what) in [
        (
            "{\n  // why\n  \"scripts\": {\"predeploy\": \"a\"}\n}",
            "2:3",
            "a comment, which JSON does not have",
        ),
        (
            "{\"scripts\": {\"predeploy\": \"a\"},\n}",
            "1:31",
            "a comma behind the last entry",
        ),
        (
            "{\"scripts\": {},\n \"scripts\": {\"predeploy\": \"a\"}}",
            "2:2",
            "the key `scripts` a second time",
        ),
        ("", "1:1", "it is not JSON"),
    ] {
        let case = with(json).unsafe_fixes();
        let found = case.check();
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with(&format!(
                "app.json:{place}: DL106 app.json cannot be used: "
            )) && found[0].contains(what),
            "{found:?}"
        );
        assert_eq!(case.fix().text("app.json"), json);
    }
}

#[test]
fn health_checks_are_advice() {
    let json = r#"{"healthchecks": {"web": {"readiness": {"port": 5000}}}, "scripts": {"predeploy": "bash a.sh"}}"#;
    let after = with(json).fix();
    assert_eq!(
        after.text("app.json"),
        r#"{"healthchecks": {"web": {"readiness": {"port": 5000}}}}"#
    );
    assert_eq!(
        after.open,
        [
            "app.json:1:18: DL106 app.json holds health checks, for which no reader is known on Dash Enterprise 5"
        ]
    );
}

#[test]
fn a_broken_project_toml_keeps_app_json() {
    let case = app([
        WEB,
        ("app.json", &predeploy("bash a.sh")),
        ("project.toml", "scripts = 3\n"),
    ])
    .rule("DL106");
    let after = case.fix();
    assert_eq!(after.text("app.json"), predeploy("bash a.sh"));
    assert!(after.steps[0].starts_with("Mend project.toml first"));
}

#[test]
fn values_of_environment_variables_are_not_shown() {
    let found = with(&predeploy(
        "export TOKEN=s3cret && A='s3 cret' python x.py --n=1",
    ))
    .check();
    assert!(
        found[0].contains("runs `export TOKEN=... && A=... python x.py --n=1` at predeploy"),
        "{found:?}"
    );
    let long = with(&predeploy(&"é".repeat(100))).check();
    assert!(long[0].contains(&format!("`{}...`", "é".repeat(60))));
}

#[test]
fn scripts_and_python_meet_in_project_toml() {
    let after = app([
        WEB,
        ("app.json", &predeploy("bash a.sh")),
        ("a.sh", "ls\n"),
        ("runtime.txt", "python-3.9.6"),
        ("DOKKU_SCALE", "web=1\n"),
    ])
    .rule("DL1")
    .fix();
    assert_eq!(
        after.text("project.toml"),
        "[build]\n  [[build.env]]\n    name = 'BP_CPYTHON_VERSION'\n    value = '3.9.*'\n\n[scripts]\npredeploy = \"a.sh\"\n"
    );
    assert!(!after.paths().contains(&"app.json") && !after.paths().contains(&"runtime.txt"));
}

#[test]
fn a_value_that_is_no_string_is_not_overwritten() {
    let toml = "[scripts]\npredeploy = 3\n";
    let case = app([
        WEB,
        ("app.json", &predeploy("bash a.sh")),
        ("project.toml", toml),
    ])
    .rule("DL106");
    let after = case.fix();
    assert_eq!(after.text("project.toml"), toml);
    assert_eq!(
        after.steps,
        [
            "Mend project.toml first (the value of `predeploy` is not a string), then run dashlift again."
        ]
    );
}

#[test]
fn what_heroku_reads_is_said_with_names_only() {
    let json = r#"{
  "addons": ["heroku-postgresql:hobby-dev", {"plan": "heroku-redis"}, "papertrail"],
  "buildpacks": [{"url": "heroku/python"}, {"url": "https://example.com/buildpack-apt"}],
  "env": {"SECRET_KEY": {"generator": "secret"}, "MODE": "s3cret-mode"},
  "formation": {"web": {"quantity": 2}, "worker": {"quantity": 1}}
}"#;
    let case = app([("Procfile", "web: x\n"), ("app.json", json)]).rule("DL106");
    assert_eq!(
        case.check(),
        [
            "app.json:1:1: DL106 app.json declares add-ons, variables, replicas, buildpacks, which Dash Enterprise 5 does not read"
        ]
    );
    let steps: Vec<String> = case.findings()[0]
        .steps
        .iter()
        .map(|it| it.text.clone())
        .collect();
    let all = steps.join("\n");
    for word in [
        "Postgres",
        "Redis",
        "papertrail",
        "SECRET_KEY",
        "MODE",
        "`web` 2",
        "https://example.com/buildpack-apt",
    ] {
        assert!(all.contains(word), "{word}: {all}");
    }
    assert!(!all.contains("s3cret"), "{all}");
    let plain = app([
        ("Procfile", "web: x\n"),
        ("app.json", "{\"name\": \"x\", \"env\": {}}"),
    ]);
    assert!(plain.rule("DL106").check().is_empty());
}
