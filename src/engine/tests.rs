//! The engine with rules that misbehave, each in one way: nothing of an app may change then.

use super::{Outcome, ProofFailure, check, fix};
use crate::app::App;
use crate::rules::settings::RuleSet;
use crate::rules::{
    Case, Category, Check, Code, Edit, Finding, Fix, Inputs, Repository, Rule, Safety, Settings,
    Subject,
};
use crate::text::{Span, Text};
use crate::tree::{MemoryTree, Overlay, Tree, TreePath};

/// What each of the rules here says.
const SAID: Case = Case::new("said");

/// What the harmful one says of its own work.
const HARMED: Case = Case::new("harmed");

const fn rule(number: u16, check: fn(&App, &Settings) -> Vec<Finding>) -> Rule {
    Rule {
        code: Code(number),
        stem: "test",
        category: Category::Must,
        summary: "",
        cases: &[SAID, HARMED],
        inputs: Inputs::NONE,
        page: "",
        check: Check::App(check),
    }
}

fn replace(app: &App, name: &str, span: Span, text: &str) -> Edit {
    Edit::Replace {
        path: app.path(name),
        span,
        text: text.to_owned(),
    }
}

/// The text of the app's `Procfile`, which these rules play with.
fn procfile(app: &App) -> String {
    let bytes = app.tree().read(&app.path("Procfile")).unwrap_or_default();
    Text::decode(&bytes).unwrap().as_str().to_owned()
}

static GROWING: Rule = rule(901, |app, _| {
    let fix = Fix::safe("add a line").edit(replace(app, "Procfile", Span::at(0), "#\n"));
    vec![
        GROWING
            .report(
                SAID,
                Subject::Whole,
                &app.path("Procfile"),
                format!("{} bytes", procfile(app).len()),
            )
            .fix(fix),
    ]
});

static MISFIT: Rule = rule(902, |app, _| {
    let fix = Fix::safe("reach too far").edit(replace(app, "Procfile", Span::new(0, 9999), ""));
    vec![
        MISFIT
            .report(SAID, Subject::Whole, &app.path("Procfile"), "too long")
            .fix(fix),
    ]
});

static BREAKING: Rule = rule(903, |app, _| {
    if app.has("project.toml") {
        return Vec::new();
    }
    let fix = Fix::safe("write nonsense").edit(Edit::create(app.path("app.json"), "{"));
    if app.has("app.json") {
        Vec::new()
    } else {
        vec![
            BREAKING
                .report(SAID, Subject::Whole, app.root(), "no app.json")
                .fix(fix),
        ]
    }
});

static FORGETFUL: Rule = rule(904, |app, _| {
    let finding = FORGETFUL.report(SAID, Subject::Whole, &app.path("Procfile"), "it is there");
    if app.has("mark") {
        return vec![finding.guide("Do it yourself.")];
    }
    let fix = Fix::safe("make a mark").edit(Edit::create(app.path("mark"), ""));
    vec![finding.fix(fix)]
});

static HARMFUL: Rule = rule(905, |app, _| {
    if app.has("mark") {
        return vec![
            HARMFUL
                .report(
                    HARMED,
                    Subject::Whole,
                    &app.path("mark"),
                    "a mark breaks the build",
                )
                .guide("Remove it."),
        ];
    }
    let fix = Fix::safe("make a mark").edit(Edit::create(app.path("mark"), ""));
    vec![
        HARMFUL
            .report(SAID, Subject::Whole, app.root(), "no mark")
            .fix(fix),
    ]
});

/// Two well-behaved rules that want the same new file, and one that edits it.
static FIRST: Rule = rule(906, |app, _| wants_line(&FIRST, app, "first"));
static SECOND: Rule = rule(907, |app, _| wants_line(&SECOND, app, "second"));

fn wants_line(rule: &'static Rule, app: &App, line: &str) -> Vec<Finding> {
    let text = app
        .tree()
        .read(&app.path("list"))
        .map(|bytes| String::from_utf8(bytes).unwrap());
    let edit = match &text {
        Ok(text) if text.lines().any(|found| found == line) => return Vec::new(),
        Ok(text) => replace(app, "list", Span::at(text.len()), &format!("{line}\n")),
        Err(_) => Edit::create(app.path("list"), format!("{line}\n")),
    };
    vec![
        rule.report(
            SAID,
            Subject::Whole,
            app.root(),
            format!("no {line} in the list"),
        )
        .fix(Fix::safe("add it").edit(edit)),
    ]
}

static UNSURE: Rule = rule(908, |app, _| {
    let text = procfile(app);
    let Some(at) = text.find("old") else {
        return Vec::new();
    };
    let fix =
        Fix::unsafe_("write new").edit(replace(app, "Procfile", Span::new(at, at + 3), "new"));
    vec![
        UNSURE
            .report(SAID, Subject::Whole, &app.path("Procfile"), "old")
            .span(Span::new(at, at + 3))
            .fix(fix),
    ]
});

fn run<'t>(
    tree: &'t MemoryTree,
    rules: &[&'static Rule],
    scope: &str,
    allowed: Safety,
) -> Outcome<'t> {
    let repository = Repository {
        tree,
        scope: TreePath::new(scope).unwrap(),
        remotes: None,
    };
    let settings = Settings {
        rules: RuleSet(rules.to_vec()),
        ..Settings::default()
    };
    fix(&repository, &settings, allowed)
}

fn assert_taken_back(rules: &[&'static Rule], expected: fn(&ProofFailure) -> bool) {
    let tree = MemoryTree::new([("Procfile", "web: gunicorn app:server\n")]);
    let outcome = run(&tree, rules, "", Safety::Safe);
    let app = outcome.apps.first().unwrap();
    let failed = app.failed.as_ref().unwrap();
    assert!(expected(&failed.failure), "{:?}", failed.failure);
    assert!(outcome.failed() && outcome.result.changes().is_empty() && app.fixed.is_empty());
    assert_eq!(app.open.len(), 1, "the findings of before are reported");
}

#[test]
fn changes_without_end_are_taken_back() {
    assert_taken_back(
        &[&GROWING],
        |failure| matches!(failure, ProofFailure::Unstable(last) if last == "DL901"),
    );
}

#[test]
fn an_edit_that_does_not_fit_is_taken_back() {
    assert_taken_back(&[&MISFIT], |failure| {
        matches!(failure, ProofFailure::Misfit { .. })
    });
}

#[test]
fn an_unreadable_result_is_taken_back() {
    assert_taken_back(&[&BREAKING], |failure| {
        matches!(failure, ProofFailure::Unreadable(_))
    });
}

#[test]
fn a_finding_that_stays_is_taken_back() {
    assert_taken_back(&[&FORGETFUL], |failure| {
        matches!(failure, ProofFailure::NotRepaired(_))
    });
}

#[test]
fn a_new_finding_that_breaks_the_app_is_taken_back() {
    assert_taken_back(&[&HARMFUL], |failure| {
        matches!(failure, ProofFailure::NewFinding(_))
    });
}

#[test]
fn one_app_that_fails_does_not_hold_the_others() {
    let tree = MemoryTree::new([
        ("a/Procfile", "web: x\n"),
        ("b/Procfile", "web: y\n"),
        ("b/project.toml", ""),
    ]);
    let outcome = run(&tree, &[&FIRST, &BREAKING], "", Safety::Safe);
    let failed: Vec<bool> = outcome
        .apps
        .iter()
        .map(|app| app.failed.is_some())
        .collect();
    assert_eq!(failed, [true, false]);
    let changed: Vec<&str> = outcome
        .result
        .changes()
        .keys()
        .map(TreePath::as_str)
        .collect();
    assert_eq!(changed, ["b/list"]);
}

#[test]
fn two_rules_that_want_one_file_meet_in_it() {
    let tree = MemoryTree::new([("Procfile", "web: x\n")]);
    let outcome = run(&tree, &[&FIRST, &SECOND], "", Safety::Safe);
    assert_eq!(
        outcome
            .result
            .read(&TreePath::new("list").unwrap())
            .unwrap(),
        b"first\nsecond\n"
    );
    assert_eq!((outcome.fixed().count(), outcome.open().count()), (2, 0));
}

#[test]
fn unsafe_fixes_wait_until_they_are_asked_for() {
    let tree = MemoryTree::new([("Procfile", "web: old\n")]);
    let safe = run(&tree, &[&UNSURE], "", Safety::Safe);
    assert!(safe.result.changes().is_empty() && safe.open().count() == 1);
    let all = run(&tree, &[&UNSURE], "", Safety::Unsafe);
    assert_eq!(
        all.result
            .read(&TreePath::new("Procfile").unwrap())
            .unwrap(),
        b"web: new\n"
    );
}

#[test]
fn an_edit_keeps_the_encoding() {
    let utf16: Vec<u8> = [0xFEFF_u16]
        .into_iter()
        .chain("web: old\r\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let expected: Vec<u8> = [0xFEFF_u16]
        .into_iter()
        .chain("web: new\r\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let tree = MemoryTree::new([("Procfile", utf16)]);
    let outcome = run(&tree, &[&UNSURE], "", Safety::Unsafe);
    assert_eq!(
        outcome
            .result
            .read(&TreePath::new("Procfile").unwrap())
            .unwrap(),
        expected
    );
}

/// Wants to mend a file that lies above the app.
static SHARED: Rule = rule(909, |app, _| {
    let path = TreePath::new("shared.txt").unwrap();
    let edit = Edit::Remove { path: path.clone() };
    if app.tree().kind(&path).is_some() {
        vec![
            SHARED
                .report(SAID, Subject::Whole, &path, "it is there")
                .fix(Fix::safe("remove it").edit(edit)),
        ]
    } else {
        Vec::new()
    }
});

#[test]
fn nothing_is_written_outside_the_folder_that_was_asked_for() {
    let tree = MemoryTree::new([("app/Procfile", "web: x\n"), ("shared.txt", "")]);
    let outcome = run(&tree, &[&SHARED], "app", Safety::Unsafe);
    let finding = &outcome.open().next().unwrap().finding;
    assert!(outcome.result.changes().is_empty() && finding.fix.is_none());
    assert!(
        finding
            .steps
            .first()
            .unwrap()
            .text
            .contains("lies outside app")
    );
    let whole = run(&tree, &[&SHARED], "", Safety::Unsafe);
    assert_eq!(whole.result.changes().len(), 1);
}

#[test]
fn a_shared_file_is_reported_once() {
    let tree = MemoryTree::new([("a/Procfile", ""), ("b/Procfile", ""), ("shared.txt", "")]);
    let repository = Repository {
        tree: &tree,
        scope: TreePath::root(),
        remotes: None,
    };
    let settings = Settings {
        rules: RuleSet(vec![&SHARED]),
        ..Settings::default()
    };
    assert_eq!(check(&repository, &settings).open().count(), 1);
}

#[test]
fn a_check_changes_nothing() {
    let tree = MemoryTree::new([("Procfile", "web: x\n")]);
    let repository = Repository {
        tree: &tree,
        scope: TreePath::root(),
        remotes: None,
    };
    let settings = Settings {
        rules: RuleSet(vec![&FIRST]),
        ..Settings::default()
    };
    let outcome = check(&repository, &settings);
    assert_eq!(outcome.open().count(), 1);
    assert!(outcome.result.changes().is_empty());
    assert_eq!(Overlay::new(&tree).entries(), outcome.result.entries());
}
