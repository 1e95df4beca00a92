//! `plan`: Markdown for people, JSON for programs, and `MIGRATION.md` on the branch.

use crate::support::{APP, DONE, Scratch};

/// A repository whose folder has a name.
fn named(files: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::folder(&[]);
    for (path, text) in files {
        scratch.write(&format!("Sales_App/{path}"), text);
    }
    for arguments in [
        &["init", "-q", "-b", "main"][..],
        &["config", "user.name", "Ada"],
        &["config", "user.email", "ada@example.com"],
        &["add", "-A"],
        &["commit", "-q", "-m", "change"],
    ] {
        scratch.git_in("Sales_App", arguments);
    }
    scratch
}

#[test]
fn the_plan_is_the_result_and_nothing_is_written() {
    let scratch = named(APP);
    let before = scratch.snapshot();
    let ran = scratch.run_in("Sales_App", &["plan"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(
        ran.out
            .starts_with("# Moving sales-app to Dash Enterprise 5\n\n**Ready after the branch**: "),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("\n- `runtime.txt`: move Python 3.9 into project.toml (DL101)\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains(
            "\nde deploy . --name sales-app --message \"Move to Dash Enterprise 5\" -y\n"
        ),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("\n## What is not moved\n"), "{}", ran.out);
    assert_eq!(scratch.snapshot(), before);
}

#[test]
fn an_app_is_ready_or_needs_a_person() {
    let ran = named(DONE).run_in("Sales_App", &["plan", "--format", "concise"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ".: ready\n"));
    let mut files = APP.to_vec();
    files.push(("bin/pre_compile", "echo\n"));
    let scratch = named(&files);
    let ran = scratch.run(&["plan", "Sales_App", "--format", "concise"]);
    assert_eq!(ran.code, 0);
    assert_eq!(ran.out, "Sales_App: needs a person: 1 step\n");
    let ran = scratch.run(&["check", "Sales_App"]);
    assert_eq!(ran.code, 1);
}

#[test]
fn errors_have_the_codes_of_check() {
    let none = Scratch::repository(&[("README.md", "hello\n")]).run(&["plan"]);
    assert_eq!((none.code, none.out.as_str()), (3, ""));
    let missing = Scratch::repository(APP).run(&["plan", "nowhere"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("there is no such folder"));
}

#[test]
fn several_apps_and_bare_repositories_have_plans() {
    let mut files: Vec<(String, &str)> = Vec::new();
    for folder in ["one", "two"] {
        let app = APP.iter();
        files.extend(app.map(|(path, text)| (format!("{folder}/{path}"), *text)));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, *text)).collect();
    let scratch = Scratch::repository(&files);
    let ran = scratch.run(&["plan"]);
    assert!(ran.out.starts_with("# Moving one to "), "{}", ran.out);
    assert!(ran.out.contains("\n\n# Moving two to "), "{}", ran.out);
    assert!(ran.out.contains("`one/runtime.txt`"), "{}", ran.out);
    let told = scratch.run(&["plan", "--app-name", "x"]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("2 were found"), "{}", told.err);
    let told = scratch.run(&["plan", "two", "--app-name", "x"]);
    assert!(told.out.starts_with("# Moving x to "), "{}", told.out);

    let scratch = Scratch::repository(APP);
    scratch.git(&["clone", "-q", "--bare", ".", "mirror.git"]);
    let ran = scratch.run(&["plan", "mirror.git"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("# Moving mirror to "), "{}", ran.out);
}

#[test]
fn the_remote_of_the_old_server_names_the_app() {
    let scratch = named(APP);
    let url = "https://me:hunter2@dash4.example.com/GIT/sales";
    scratch.git_in("Sales_App", &["remote", "add", "plotly", url]);
    let ran = scratch.run_in("Sales_App", &["plan"]);
    assert!(ran.out.starts_with("# Moving sales to "), "{}", ran.out);
    assert!(ran.out.contains("as a git remote tells it"), "{}", ran.out);
    assert!(
        ran.out.contains("\n# The repository as a whole\n"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("hunter2"), "{}", ran.out);
}

#[test]
fn programs_get_the_same() {
    let scratch = named(APP);
    let ran = scratch.run_in("Sales_App", &["plan", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["command"], "plan");
    assert_eq!(document["exit_code"], 0);
    let plan = &document["repositories"][0]["plans"][0];
    assert_eq!(plan["name"], "sales-app");
    assert_eq!(plan["readiness"], "ready-after-branch");
    assert_eq!(plan["python"]["minor"], "3.9");
    assert_eq!(plan["repairs"][0]["code"], "DL101");
    let check = scratch.run_in("Sales_App", &["check", "--format", "json"]);
    assert!(!check.out.contains("\"plans\""), "{}", check.out);
}

const MARKER: &str = "<!-- Written by `dashlift migrate --with-plan`";

#[test]
fn the_branch_holds_the_plan() {
    let scratch = named(APP);
    let ran = scratch.run_in("Sales_App", &["migrate", "--with-plan"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("  A MIGRATION.md\n"), "{}", ran.out);
    let plan = scratch.git_in("Sales_App", &["show", "dash-enterprise-5:MIGRATION.md"]);
    assert!(plan.starts_with(MARKER), "{plan}");
    assert!(plan.contains("\n## What this branch does\n"), "{plan}");
    let message = scratch.git_in(
        "Sales_App",
        &["log", "-1", "--format=%B", "dash-enterprise-5"],
    );
    assert!(
        message.contains("\nWhat is left to do, and how: MIGRATION.md\n"),
        "{message}"
    );
}

#[test]
fn a_second_run_on_the_branch_changes_nothing() {
    let scratch = named(APP);
    let inside = |arguments: &[&str]| scratch.git_in("Sales_App", arguments);
    assert_eq!(
        scratch
            .run_in("Sales_App", &["migrate", "--with-plan"])
            .code,
        0
    );
    inside(&["merge", "-q", "dash-enterprise-5"]);
    inside(&["branch", "-q", "-D", "dash-enterprise-5"]);
    let ran = scratch.run_in("Sales_App", &["migrate", "--with-plan"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.starts_with("Nothing to change"), "{}", ran.err);

    // Something new to repair: the plan is written anew.
    scratch.write("Sales_App/apt-packages", "curl\n");
    inside(&["add", "-A"]);
    inside(&["commit", "-q", "-m", "packages"]);
    let ran = scratch.run_in("Sales_App", &["migrate", "--with-plan"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let plan = inside(&["show", "dash-enterprise-5:MIGRATION.md"]);
    assert!(plan.contains("apt-packages"), "{plan}");
}

#[test]
fn a_plan_without_repairs_is_a_branch_too() {
    let scratch = named(DONE);
    let ran = scratch.run_in("Sales_App", &["migrate", "--with-plan", "--app-name", "x"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let changed = scratch.git_in(
        "Sales_App",
        &["diff", "--name-status", "main", "dash-enterprise-5"],
    );
    assert_eq!(changed, "A\tMIGRATION.md\n");
    let plan = scratch.git_in("Sales_App", &["show", "dash-enterprise-5:MIGRATION.md"]);
    assert!(plan.contains("\n# Moving x to "), "{plan}");
    let message = scratch.git_in(
        "Sales_App",
        &["log", "-1", "--format=%B", "dash-enterprise-5"],
    );
    assert!(
        message.contains(" The files needed no repair.\n"),
        "{message}"
    );
}

#[test]
fn a_file_of_somebody_else_is_kept() {
    let mut files = APP.to_vec();
    files.push(("MIGRATION.md", "# Our own notes\n"));
    let scratch = named(&files);
    let before = scratch.snapshot();
    let ran = scratch.run_in("Sales_App", &["migrate", "--with-plan"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(
        ran.err,
        "error: MIGRATION.md is there and dashlift did not write it; rename it, or leave --with-plan away\n"
    );
    assert_eq!(scratch.snapshot(), before);
    assert_eq!(scratch.run_in("Sales_App", &["migrate"]).code, 0);
}
