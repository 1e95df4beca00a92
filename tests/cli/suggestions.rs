//! Every command that the program proposes is run as it stands, and repeats what was given.

use crate::support::{Ran, Scratch};

/// An app with safe fixes, one that needs a look, and a package index that `--de5-host` decides.
const APP: &[(&str, &str)] = &[
    ("Procfile", "web: gunicorn app:server\n"),
    (
        "app.py",
        "import os\nserver = open('/data/x')\nredis = os.environ['REDIS_URL']\n",
    ),
    (
        "requirements.txt",
        "--extra-index-url https://dash4.example.com/Docs/packages\ndash==2.9.0\ngunicorn==20.1.0\n",
    ),
    ("runtime.txt", "python-2.7.18\n"),
    ("DOKKU_SCALE", "web=3\n"),
];

const GIVEN: &[&str] = &[
    "--de5-host",
    "dash5.example.com",
    "--mapping",
    "/srv/my data:/data",
    "--no-config",
];

const REPEATED: &str = "--de5-host dash5.example.com --mapping '/srv/my data:/data' --no-config";

/// The commands between backticks.
fn proposed(ran: &Ran) -> Vec<String> {
    let parts = ran.err.split('`').skip(1).step_by(2);
    let commands = parts.filter(|part| part.starts_with("dashlift ") || part.starts_with("git "));
    commands.map(str::to_owned).collect()
}

#[track_caller]
fn run_all(scratch: &Scratch, ran: &Ran, names: &[&str]) {
    let proposed = proposed(ran);
    for name in names {
        let with_name = |it: &&String| it.starts_with(&format!("dashlift {name}"));
        let count = proposed.iter().filter(with_name).count();
        assert!(count > 0, "{name}: {}", ran.err);
    }
    for line in proposed {
        if line.starts_with("dashlift ") {
            assert!(line.contains(REPEATED), "{line}");
        }
        let again = scratch.run_line(&line);
        assert!(again.code < 2, "{line}: {} {}", again.code, again.err);
        scratch.git(&["checkout", "-q", "-f", "main"]);
        scratch.git(&["clean", "-f", "-d", "-q", "-e", "dashlift-baseline.json"]);
    }
}

#[test]
fn commands_that_are_proposed_run_and_repeat_what_was_given() {
    let scratch = Scratch::repository(APP);
    for (command, names) in [
        ("check", ["fix", "plan"]),
        ("diff", ["fix", "plan"]),
        ("migrate", ["migrate", "plan"]),
    ] {
        let ran = scratch.run(&[&[command], GIVEN].concat());
        assert_eq!(ran.code, 1, "{}", ran.err);
        run_all(&scratch, &ran, &names);
    }
    let ran = scratch.run(&[&["baseline", "write"], GIVEN].concat());
    run_all(&scratch, &ran, &["check"]);
}

#[test]
fn the_proposed_migration_is_the_one_before_with_more_fixes() {
    let scratch = Scratch::repository(APP);
    let ran = scratch.run(&[&["migrate", "-m", "Lift it's"], GIVEN].concat());
    let proposed = proposed(&ran);
    let line = proposed.iter().find(|it| it.ends_with("--unsafe-fixes"));
    let again = scratch.run_line(line.unwrap());
    assert!(again.code < 2, "{}", again.err);
    let direct = ["migrate", "--branch", "direct", "--unsafe-fixes"];
    scratch.run(&[&direct, GIVEN].concat());
    let tree = |branch: &str| scratch.git(&["rev-parse", &format!("{branch}^{{tree}}")]);
    assert_eq!(tree("dash-enterprise-5"), tree("direct"));
    let subject = scratch.git(&["log", "-1", "--format=%s", "dash-enterprise-5"]);
    assert_eq!(subject, "Lift it's\n");
}

#[test]
fn a_second_migration_leaves_the_branch_as_it_is() {
    let scratch = Scratch::repository(APP);
    let first = scratch.run(&["migrate"]);
    let made = scratch.git(&["rev-parse", "dash-enterprise-5"]);
    let second = scratch.run(&["migrate"]);
    assert_eq!(second.code, first.code);
    assert!(second.out.contains("stays as it is:\n"), "{}", second.out);
    assert_eq!(scratch.git(&["rev-parse", "dash-enterprise-5"]), made);
    // Another result is none of that.
    assert_eq!(scratch.run(&["migrate", "--unsafe-fixes"]).code, 2);
}

#[test]
fn a_signature_that_fails_says_what_helps() {
    let scratch = Scratch::repository(APP);
    for (key, value) in [("commit.gpgSign", "true"), ("gpg.program", "/bin/false")] {
        scratch.git(&["config", "--global", key, value]);
    }
    let ran = scratch.run(&["migrate"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("could not be signed"), "{}", ran.err);
    assert!(ran.err.contains("--no-gpg-sign"), "{}", ran.err);
    assert_eq!(scratch.run(&["migrate", "--no-gpg-sign"]).code, 1);
}

#[test]
fn what_is_mistyped_is_named() {
    let scratch = Scratch::repository(APP);
    for (arguments, said) in [
        (
            ["--mapping", "/a:/b:/c"],
            "`/a:/b:/c` is not a directory mapping",
        ),
        (["--select", "runtime-tx"], "did you mean runtime-txt? "),
        (["--ignore", "D101"], "did you mean DL101? "),
        (
            ["--select", "DL999"],
            "`DL999` selects no rule; `dashlift rules` lists",
        ),
    ] {
        let ran = scratch.run(&[&["check"], arguments.as_slice()].concat());
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
}
