//! Names of files, folders and branches that a terminal, a shell, a CI system or a browser could
//! take for commands: in every format they are text.

use std::fs;
use std::process::Command;

use pulldown_cmark::{Event, Parser};
use serde_json::Value;

use crate::support::{Fleet, Ran};

const NAMES: &[&str] = &[
    "a\n::error title=x::y",
    "b\r::set-output name=x::y",
    "c\u{1b}[2J\u{1b}]0;x\u{7}",
    "d\u{9b}2J\u{202e}",
    "$(touch canary)",
    "`touch canary`",
    "e'\"; touch canary; '",
    "<script>alert(1)<img src=x onerror=alert(1)>",
    "f](javascript:alert(1)) ![x](x)",
    "-rf",
    "g|h* _i_ ##vso[task.complete]",
];

const FORMATS: &[&str] = &[
    "text", "concise", "json", "github", "gitlab", "junit", "sarif", "markdown",
];

/// A repository in which every name stands for an app, for source and for a committed environment.
fn fleet() -> Fleet {
    let fleet = Fleet::new();
    fleet.clone_of("evil");
    for name in NAMES {
        fleet.app(&format!("clones/evil/{name}"));
        let source = format!("clones/evil/{name}/{name}.py");
        fleet.write(&source, "import dash_table\nopen('/mount/data')\n");
        fleet.write(&format!("clones/evil/{name}/env {name}/pyvenv.cfg"), "");
    }
    fleet.commit("evil");
    fleet
}

fn is_odd(character: char) -> bool {
    !matches!(character, '\n' | '\t') && (character.is_control() || character == '\u{202e}')
}

/// Nothing that a terminal or the runner of GitHub obeys.
#[track_caller]
fn assert_tame(what: &str, ran: &Ran) {
    assert!(matches!(ran.code, Some(0 | 1)), "{what}: {}", ran.err);
    for text in [&ran.out, &ran.err] {
        let line = text.lines().find(|line| line.contains(is_odd));
        assert_eq!(line, None, "{what}");
        let command = text.lines().find(|line| {
            line.trim_start().starts_with("::")
                && !["::error title=", "::warning title=", "::notice title="]
                    .iter()
                    .any(|start| {
                        let title = line.strip_prefix(start);
                        title.is_some_and(|it| it.starts_with("DL") || it.starts_with("dashlift"))
                    })
        });
        assert_eq!(command, None, "{what}");
    }
}

/// Markdown makes no element and no link of a name.
#[track_caller]
fn assert_plain_markdown(what: &str, text: &str) {
    for event in Parser::new(text) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let ours = [
                    "<details>",
                    "</details>",
                    "<summary>",
                    "</summary>",
                    "<br>",
                    "<!--",
                ];
                let html = html.trim();
                assert!(ours.iter().any(|it| html.starts_with(it)), "{what}: {html}");
                assert!(
                    !html.contains("<script") && !html.contains("<img"),
                    "{what}: {html}"
                );
            }
            Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => {
                assert!(!dest_url.starts_with("javascript"), "{what}: {dest_url}");
            }
            Event::Start(pulldown_cmark::Tag::Image { dest_url, .. }) => {
                assert!(dest_url.is_empty(), "{what}: an image {dest_url}");
            }
            _ => {}
        }
    }
}

#[test]
fn hostile_names_are_text_in_every_format() {
    let fleet = fleet();
    for format in FORMATS {
        let ran = fleet.run(&["check", "evil", "--format", format]);
        assert_tame(format, &ran);
        if ["json", "gitlab", "sarif"].contains(format) {
            serde_json::from_str::<Value>(&ran.out).unwrap();
        }
        if *format == "junit" {
            assert!(!ran.out.contains("<script"), "{}", ran.out);
            assert!(!ran.out.contains("<img"), "{}", ran.out);
        }
        if *format == "markdown" {
            assert_plain_markdown("check", &ran.out);
        }
    }
    let ran = fleet.run(&["diff", "evil"]);
    assert_tame("diff", &ran);
    let ran = fleet.run(&["plan", "evil"]);
    assert_tame("plan", &ran);
    assert_plain_markdown("plan", &ran.out);
    let ran = fleet.run(&["plan", "evil", "--format", "json"]);
    assert_tame("plan as JSON", &ran);
}

#[test]
fn reports_of_a_fleet_show_hostile_names_as_text() {
    let fleet = fleet();
    for name in NAMES {
        let folder = format!("clone {name}");
        fleet.clone_of(&folder);
    }
    let ran = fleet.run(&["batch", ".", "--diff", "--state", "../state"]);
    assert_tame("batch", &ran);
    for format in ["text", "markdown", "json", "html"] {
        let ran = fleet.run(&["report", "../state", "--format", format]);
        assert_tame(format, &ran);
        match format {
            "markdown" => assert_plain_markdown("report", &ran.out),
            "html" => {
                let lower = ran.out.to_ascii_lowercase();
                assert!(!lower.contains("<script>alert"), "{format}");
                assert!(!lower.contains("<img"), "{format}");
                assert!(!lower.contains("href=\"javascript"), "{format}");
            }
            _ => {}
        }
    }
}

/// Every command of a document, wherever it stands.
fn commands(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if key == "command" => found.push(text.clone()),
                    value => commands(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|it| commands(it, found)),
        _ => {}
    }
}

#[test]
fn commands_that_are_shown_do_nothing_else() {
    let fleet = fleet();
    let mut found = Vec::new();
    for command in ["check", "plan"] {
        let ran = fleet.run(&[command, "evil", "--format", "json"]);
        commands(&serde_json::from_str(&ran.out).unwrap(), &mut found);
    }
    found.retain(|it| it.starts_with("git ") || it.starts_with("de "));
    assert!(found.len() > NAMES.len(), "{found:?}");
    for command in &found {
        assert!(!command.contains(is_odd), "{command:?}");
        let names: Vec<String> = words(&fleet, command);
        assert!(!names.iter().any(|it| it.starts_with("-rf")), "{command}");
    }
    let commands = found.iter().filter(|it| it.starts_with("git rm"));
    let mut removed: Vec<String> = commands
        .map(|it| {
            words(&fleet, it)
                .pop()
                .unwrap()
                .trim_start_matches("./")
                .to_owned()
        })
        .collect();
    removed.sort_unstable();
    removed.dedup();
    let mut expected: Vec<String> = NAMES.iter().map(|it| format!("{it}/env {it}")).collect();
    expected.sort_unstable();
    assert_eq!(removed, expected);
    fleet.assert_unharmed();
}

/// What bash makes of a command, a word each; the programs do nothing.
fn words(fleet: &Fleet, command: &str) -> Vec<String> {
    let script = format!("git() {{ printf '%s\\0' \"$@\"; }}; de() {{ git \"$@\"; }}; {command}");
    let folder = fleet.root().join("shell");
    fs::create_dir_all(&folder).unwrap();
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{command}");
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "{command} ran");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn hints_quote_the_names_of_branches() {
    let fleet = Fleet::new();
    fleet.clone_of("evil");
    let branch = "x;touch${IFS}canary;$(id)'`id`";
    fleet.write(
        "clones/evil/dashlift.toml",
        format!("branch = \"{branch}\"\n"),
    );
    let ran = fleet.run(&["migrate", "evil"]);
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let all = ran.all();
    let shown = all
        .lines()
        .find(|line| line.starts_with("Look at it"))
        .unwrap();
    for (before, after) in [(" show ", "`, take"), (" switch ", "`. Your")] {
        let word = shown
            .split_once(before)
            .and_then(|(_, it)| it.split_once(after));
        let (word, _) = word.unwrap();
        assert_eq!(
            words(&fleet, &format!("git show {word}"))[1],
            branch,
            "{shown}"
        );
    }
    fleet.git("evil", &["rev-parse", "--verify", branch]);
}
