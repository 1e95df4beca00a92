//! Completions and the manual page.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::Scratch;

fn text(arguments: &[&str]) -> String {
    let ran = Scratch::folder(&[]).run(arguments);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
    ran.out
}

/// What a program makes of `input`; `None` where it is not installed.
fn piped(program: &str, arguments: &[&str], input: &str) -> Option<(bool, String)> {
    let child = Command::new(program)
        .args(arguments)
        .env("MANWIDTH", "80")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.ok()?;
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    Some((output.status.success(), text.into_owned()))
}

#[test]
fn bash_completes_a_command_and_its_options() {
    let script = text(&["completions", "bash"]);
    let ask = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let last = words.len() - 1;
        let (current, before) = (words[last], words[last - 1]);
        let asked = format!(
            "{script}\nCOMP_WORDS=({line}); COMP_CWORD={last}\n\
             _dashlift dashlift '{current}' '{before}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
        );
        piped("bash", &["--norc", "-s"], &asked)
    };
    let Some((worked, found)) = ask("dashlift mig") else {
        return;
    };
    assert_eq!((worked, found.as_str()), (true, "migrate\n"));
    let (_, found) = ask("dashlift migrate --unsafe").unwrap();
    assert_eq!(found, "--unsafe-fixes\n");
    let (_, found) = ask("dashlift check --format con").unwrap();
    assert_eq!(found, "concise\n");
}

#[test]
fn the_other_shells_have_completions_too() {
    assert!(text(&["completions", "zsh"]).starts_with("#compdef dashlift\n"));
    let fish = text(&["completions", "fish"]);
    assert!(fish.contains("complete -c dashlift") && fish.contains("migrate"));
}

#[test]
#[allow(clippy::too_many_lines, reason = "it walks one list of commands")]
fn the_manual_says_what_help_says() {
    let page = text(&["man"]);
    let mut headings = Vec::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(heading) = line
            .strip_prefix(".SH ")
            .or_else(|| line.strip_prefix(".SS "))
        {
            headings.push(heading.trim_matches('"').to_owned());
            let next = lines.peek().copied().unwrap_or(".SH");
            let is_empty = next.starts_with(".SH") && heading != "COMMANDS";
            assert!(!is_empty, "nothing below {heading}");
        }
    }
    for heading in [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "COMMANDS",
        "EXIT STATUS",
        "FILES",
        "ENVIRONMENT",
        "SEE ALSO",
    ] {
        assert!(headings.iter().any(|it| it == heading), "{heading}");
    }
    for command in [
        "check",
        "diff",
        "fix",
        "migrate",
        "batch",
        "report",
        "minimise",
        "solve",
        "verify",
        "inventory",
        "handover",
        "users",
        "plan",
        "baseline",
        "rules",
        "explain",
        "completions",
        "man",
    ] {
        let start = format!("dashlift {command} ");
        assert!(
            headings.iter().any(|it| it.starts_with(&start)),
            "{command}"
        );
    }
    for option in ["\\-\\-force", "\\-\\-unsafe\\-fixes", "\\-\\-format"] {
        let line = |line: &&str| line.contains(&format!("\\fB{option}\\fR"));
        assert!(page.lines().any(|it| line(&it)), "{option}");
    }
    for code in 0..=5 {
        assert!(
            page.contains(&format!("\\fB{code}\\fR\n")),
            "exit code {code}"
        );
    }
}

#[test]
fn man_has_nothing_to_complain_of() {
    let page = text(&["man"]);
    let Some((worked, shown)) = piped("man", &["--warnings", "-l", "-"], &page) else {
        return;
    };
    assert!(worked && !shown.contains("warning"), "{shown}");
    let plain: String = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(plain.contains("Dash Enterprise 5"), "{shown}");
}
