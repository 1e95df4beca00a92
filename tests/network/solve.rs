//! `solve` with the package index of the machine.

use crate::{Scratch, has_uv, pip_python};

/// A list of 2019, with an index that nobody asks.
const OLD: &str = "\
# frozen in 2019
--extra-index-url https://dash.example.com/Docs/packages
pandas==0.25.3  # frames
numpy==1.16.4 ; python_version >= '3.6'
six==1.12.0
dash-design-kit==1.6.0
";

fn is_changed(list: &str) {
    for line in ["# frozen in 2019\n", "six==1.12.0\n", "  # frames\n"] {
        assert!(list.contains(line), "{list}");
    }
    assert!(
        !list.contains("0.25.3") && !list.contains("1.16.4"),
        "{list}"
    );
    assert!(list.contains(" ; python_version >= '3.6'\n"), "{list}");
}

#[test]
#[ignore = "needs the network"]
fn an_old_list_is_solved_by_uv() {
    if !has_uv() {
        return;
    }
    let scratch = Scratch::list(OLD);
    let ran = scratch.run(&["solve", "--python", "3.10"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.out.contains("\n-pandas==0.25.3  # frames\n"),
        "{}",
        ran.out
    );
    let words = "numpy 1.16.4 has no file that installs on Python 3.10 on Linux";
    assert!(ran.err.contains(words), "{}", ran.err);
    assert!(
        ran.err.contains("not asked for: dash-design-kit"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("Dash Enterprise 4 server"), "{}", ran.err);
    assert_eq!(scratch.read("requirements.txt"), OLD);

    let ran = scratch.run(&["solve", "--python", "3.10", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    is_changed(&scratch.read("requirements.txt"));
    let ran = scratch.run(&["solve", "--python", "3.10"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(ran.err.contains("as it stands"), "{}", ran.err);
}

#[test]
#[ignore = "needs the network"]
fn an_old_list_is_solved_by_pip() {
    // pip solves well for its own Python only.
    let Some(python) = pip_python() else { return };
    let scratch = Scratch::list(OLD);
    let arguments = ["solve", "--python", &python, "--with", "pip", "--write"];
    let ran = scratch.run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    is_changed(&scratch.read("requirements.txt"));
}

#[test]
#[ignore = "needs the network"]
fn what_is_in_the_way_is_named() {
    if !has_uv() {
        return;
    }
    let list = "six\nflask<1\nwerkzeug>=3\nno-such-package-of-anybody-1234==1.0\n";
    let ran = Scratch::list(list).run(&["solve", "--python", "3.10"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.err.contains("requirements.txt:4 no-such-package"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("requirements.txt:1 "), "{}", ran.err);
    assert!(
        ran.err.contains("has no package of the name"),
        "{}",
        ran.err
    );
}

#[test]
#[ignore = "needs the network"]
fn conda_lists_and_constraints_are_solved() {
    if !has_uv() {
        return;
    }
    let scratch = Scratch::new(&[
        ("app.py", "server = None\n"),
        (
            "environment.yml",
            "dependencies:\n  - python=3.10\n  - pip\n  - pip:\n    - numpy==1.16.4  # old\n    - -c limits.txt\n",
        ),
        ("limits.txt", "six==1.12.0\n"),
    ]);
    let ran = scratch.run(&["solve", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let environment = scratch.read("environment.yml");
    assert!(
        environment.contains("    - numpy==1.21.2  # old\n"),
        "{environment}"
    );
    assert_eq!(scratch.read("limits.txt"), "six==1.12.0\n");
}

#[test]
#[ignore = "needs the network"]
fn the_solved_list_is_part_of_the_branch() {
    if !has_uv() {
        return;
    }
    let scratch = Scratch::list("numpy==1.16.4\n");
    scratch.write("runtime.txt", "python-3.10.1\n");
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        let output = command.current_dir(scratch.path()).args(arguments).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["config", "user.name", "Ada"]);
    git(&["config", "user.email", "ada@example.com"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "app"]);
    let ran = scratch.run(&["migrate", "--solve"]);
    assert!(ran.code < 2, "{}", ran.err);
    let list = git(&["show", "dash-enterprise-5:requirements.txt"]);
    assert_eq!(list, "numpy==1.21.2\n");
    let message = git(&["log", "-1", "--format=%B", "dash-enterprise-5"]);
    assert!(
        message.contains("numpy==1.16.4 becomes numpy==1.21.2"),
        "{message}"
    );
}

#[test]
#[ignore = "needs the network"]
fn what_others_bring_goes() {
    if !has_uv() {
        return;
    }
    // The wheels of yarl 1.6.0 are for older Pythons, and aiohttp brings a later 1.x.
    let list = "aiohttp==3.8.1\nyarl==1.6.0\nidna==3.4\n";
    let source = "import aiohttp\nserver = None\n";
    let scratch = Scratch::new(&[("app.py", source), ("requirements.txt", list)]);
    let ran = scratch.run(&["solve", "--python", "3.10", "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let left = list.replace("yarl==1.6.0\n", "");
    assert_eq!(scratch.read("requirements.txt"), left, "{}", ran.err);
}
