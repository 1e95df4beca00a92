//! `solve`, as far as it needs nobody.

use crate::support::Scratch;

const LIST: &str = "dash==1.0.0\ndash-table==3.7.0\npandas==0.24.2\n";

fn app(list: &str) -> Scratch {
    Scratch::repository(&[
        ("Procfile", "web: gunicorn app:server\n"),
        ("app.py", "import dash\nimport pandas\nserver = None\n"),
        ("requirements.txt", list),
    ])
}

const OFFLINE: [&str; 4] = ["solve", "--offline", "--as-of", "2019-07-08"];

#[test]
fn the_offline_answer_says_what_changes_and_why() {
    let scratch = app(LIST);
    let ran = scratch.run(&[&OFFLINE[..], &["--python", "3.10"]].concat());
    assert_eq!(ran.code, 1, "{}", ran.err);
    for words in [
        "not confirmed by uv or pip",
        "requirements.txt:2 dash-table==3.7.0 -> dash-table==4.0.0",
        "dash 1.0.0 needs dash-table ==4.0.0",
        "what no line pins is of 2019-07-08: asked for",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    assert!(ran.out.contains("+-c constraints.txt\n"), "{}", ran.out);
    assert_eq!(scratch.read("requirements.txt"), LIST);
}

#[test]
fn what_was_written_needs_nothing_more() {
    let scratch = app(LIST);
    let python = ["--python", "3.10"];
    let ran = scratch.run(&[&OFFLINE[..], &python, &["--write"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        scratch
            .read("constraints.txt")
            .starts_with("# Versions as of 2019-07-08")
    );
    let list = scratch.read("requirements.txt");
    let ran = scratch.run(&["solve", "--offline", "--python", "3.10"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains("as it stands"), "{}", ran.err);
    assert_eq!(scratch.read("requirements.txt"), list);
}

#[test]
fn the_python_where_least_changes_is_shown_beside_the_others() {
    let scratch = app("dash==1.0.0\npandas==0.24.2\n");
    let ran = scratch.run(&[&OFFLINE[..], &["--python", "least"]].concat());
    assert!(
        ran.err.contains("on Python 3.7 (where least has to change"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("mended until"), "{}", ran.err);
    // The app's own Python is kept, whatever it costs.
    scratch.write(
        "project.toml",
        "[build]\n[[build.env]]\nname = \"BP_CPYTHON_VERSION\"\nvalue = \"3.9.*\"\n",
    );
    let ran = scratch.run(&OFFLINE);
    assert!(
        ran.err.contains("on Python 3.9 (the app's own"),
        "{}",
        ran.err
    );
}

#[test]
fn what_could_not_be_judged_is_said_and_is_no_success() {
    let list = "six==1.12.0\ndash-snapshots==2.2.8\nours-only==1.0\n./folder\ntorch==1.9.0+cpu\n";
    let scratch = app(list);
    let ran = scratch.run(&["solve", "--offline", "--python", "3.10"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.err.contains("can be judged in part only"),
        "{}",
        ran.err
    );
    for what in [
        "dash-snapshots",
        "ours-only==1.0",
        "requirements.txt:4",
        "torch",
    ] {
        assert!(
            ran.err.contains(&format!("not judged: {what}")),
            "{what}: {}",
            ran.err
        );
    }
    assert_eq!(ran.out, "");
}

#[test]
fn caps_are_bounds() {
    let scratch = app("dash==1.0.0\n");
    let ran = scratch.run(&[&OFFLINE[..], &["--python", "3.8", "--caps", "--write"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(scratch.read("constraints.txt").contains("\nflask<=1."));
}

#[test]
fn a_day_and_a_python_are_read_strictly() {
    let scratch = app("six\n");
    for bad in [["--as-of", "2019"], ["--python", "newest"]] {
        let ran = scratch.run(&[&["solve", "--offline"], &bad[..]].concat());
        assert_eq!(ran.code, 2, "{}", ran.err);
    }
}
