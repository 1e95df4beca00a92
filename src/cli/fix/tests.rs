use std::fs;

use clap::Parser;

use super::*;
use crate::app::App;
use crate::cli::args::{Cli, Command};
use crate::rules::settings::RuleSet;
use crate::rules::{
    Case, Category, Check, Code, Edit, Finding, Fix, Inputs, Rule, Settings, Subject,
};

/// The only case of the rules here.
const SAID: Case = Case::new("said");

/// A rule whose fix does not repair what it found.
static BROKEN: Rule = Rule {
    code: Code(999),
    stem: "broken",
    category: Category::Must,
    summary: "a Procfile",
    cases: &[SAID],
    inputs: Inputs::NONE,
    page: "",
    check: Check::App(find_again),
};

fn find_again(app: &App, _: &Settings) -> Vec<Finding> {
    let path = app.path("Procfile");
    if app.tree().read(&path).is_ok_and(|bytes| bytes.len() > 60) {
        return vec![
            BROKEN
                .report(SAID, Subject::Whole, &path, "there is a Procfile")
                .guide("Look."),
        ];
    }
    let edit = Edit::Replace {
        path: path.clone(),
        span: crate::text::Span::at(0),
        text: "worker: a process type that makes the file so long that it is left\n".to_owned(),
    };
    let fix = Fix::safe("write a line into it").edit(edit);
    vec![
        BROKEN
            .report(SAID, Subject::Whole, &path, "there is a Procfile")
            .fix(fix),
    ]
}

#[test]
fn an_app_whose_proof_fails_is_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let procfile = folder.path().join("Procfile");
    fs::write(&procfile, "web: gunicorn app:server\n").unwrap();
    let cli = Cli::parse_from(["dashlift", "fix", "--no-config", "--format", "json"]);
    let Command::Fix(args) = &cli.command else {
        panic!("not fix");
    };
    let run = CommandRun {
        command: "fix",
        app_name: None,
        common: &args.common,
        output: &cli.output,
        once_per_repository: false,
    };
    let mut site = Site::open(Some(folder.path()), &args.common.rules.choices(), false).unwrap();
    site.settings.rules.rules = RuleSet(vec![&BROKEN]);
    let done = print(&run, &site, false, None).unwrap();
    assert_eq!(done.status.map(Status::code), Some(4));
    assert_eq!(
        fs::read_to_string(&procfile).unwrap(),
        "web: gunicorn app:server\n"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(
        done.errors.contains("could not be proven"),
        "{}",
        done.errors
    );
    assert!(
        done.notes.contains("worker: a process type"),
        "{}",
        done.notes
    );
    assert!(!done.people.contains("can be fixed"), "{}", done.people);
    let json = serde_json::to_value(&done.json).unwrap();
    let rejected = json["apps"][0]["failure"]["rejected"].as_str().unwrap();
    assert!(rejected.contains("\n+worker: a process type"), "{rejected}");
    assert_eq!(json["apps"][0]["findings"][0]["code"], "DL999");
}
