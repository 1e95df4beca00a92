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
fn an_old_list_is_confirmed_by_uv() {
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
    assert!(ran.err.contains("uv confirms it"), "{}", ran.err);
    assert!(
        ran.err.contains("not judged: dash-design-kit"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("Dash Enterprise 4 server"), "{}", ran.err);
    assert_eq!(scratch.read("requirements.txt"), OLD);

    // What is private is not judged: the exit code says so.
    let ran = scratch.run(&["solve", "--python", "3.10", "--write"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    is_changed(&scratch.read("requirements.txt"));
    let ran = scratch.run(&["solve", "--python", "3.10"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("as it stands"), "{}", ran.err);
}

#[test]
#[ignore = "needs the network"]
fn an_old_list_is_confirmed_by_pip() {
    // pip solves well for its own Python only.
    let Some(python) = pip_python() else { return };
    let list = OLD.replace("dash-design-kit==1.6.0\n", "");
    let scratch = Scratch::list(&list);
    let arguments = ["solve", "--python", &python, "--with", "pip", "--write"];
    let ran = scratch.run(&arguments);
    assert!(ran.err.contains("pip confirms it"), "{}", ran.err);
    is_changed(&scratch.read("requirements.txt"));
}

#[test]
#[ignore = "needs the network"]
fn what_the_index_does_not_have_is_set_aside() {
    if !has_uv() {
        return;
    }
    let list = "six\nno-such-package-of-anybody-1234==1.0\n";
    let ran = Scratch::list(list).run(&["solve", "--python", "3.10"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let words = "not judged: no-such-package-of-anybody-1234";
    assert!(ran.err.contains(words), "{}", ran.err);
    assert!(ran.err.contains("uv confirms it"), "{}", ran.err);
}
