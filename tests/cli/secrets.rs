//! Nothing that the program prints or writes into a commit message tells a secret of a user's file.

use crate::support::Scratch;

/// Each value that nobody may see is `s3cret-` and a number.
const FILES: &[(&str, &str)] = &[
    ("Procfile", "web: gunicorn app:server\n"),
    (
        "app.json",
        "{\n  \"scripts\": {\"dokku\": {\"predeploy\": \"export API_TOKEN=s3cret-1 && curl --password s3cret-2 https://me:s3cret-3@files.example.com/x?sig=s3cret-4\"}},\n  \"env\": {\"DASH_SECRET_KEY\": {\"value\": \"s3cret-5\"}}\n}\n",
    ),
    (
        "requirements.txt",
        "--extra-index-url https://ci:s3cret-6@dash4.example.com/Docs/packages\ndash==2.9.3\ngunicorn\nreports @ git://s3cret-7@git.example.com/x.git\n",
    ),
    (
        "project.toml",
        "[[build.env]]\nname = 'API_TOKEN'\nvalue = 's3cret-8'\n[[build.env]]\nname = 'API_TOKEN'\nvalue = 's3cret-9'\n",
    ),
    (
        ".gitlab-ci.yml",
        "deploy:\n  script:\n    - git push https://ci:s3cret-10@dash4.example.com/GIT/sales\n",
    ),
    ("DOKKU_SCALE", "web=4\n"),
];

fn assert_hidden(what: &str, shown: &str) {
    assert!(!shown.contains("s3cret"), "{what}:\n{shown}");
}

#[test]
fn no_format_tells_a_secret() {
    let scratch = Scratch::repository(FILES);
    scratch.git(&[
        "remote",
        "add",
        "plotly",
        "https://ci:s3cret-11@dash4.example.com/GIT/sales",
    ]);
    for format in ["text", "concise", "json"] {
        for more in [&["--unsafe-fixes"][..], &["--color", "always"]] {
            let arguments = [&["check", "--format", format], more].concat();
            let ran = scratch.run(&arguments);
            assert_eq!(ran.code, 1);
            for code in ["DL106", "DL112", "DL201", "DL207", "DL401"] {
                assert!(ran.out.contains(code), "{code} in {}", ran.out);
            }
            assert_hidden(format, &ran.out);
            assert_hidden(format, &ran.err);
        }
    }
    let ran = scratch.run(&["check"]);
    assert!(ran.out.contains("web=4"), "{}", ran.out);
    assert!(
        ran.out.contains("export API_TOKEN=******** && curl"),
        "{}",
        ran.out
    );
}

#[test]
fn a_patch_tells_secrets_to_programs_only() {
    let scratch = Scratch::repository(FILES);
    let shown = scratch.run(&["diff", "--color", "always"]);
    assert!(shown.out.contains("predeploy.sh"));
    assert_hidden("patch", &shown.out);
    assert_hidden("patch", &shown.err);
    assert_hidden("json", &scratch.run(&["diff", "--format", "json"]).out);
    let piped = scratch.run(&["diff"]);
    assert!(
        piped.out.contains("+export API_TOKEN=s3cret-1 && "),
        "{}",
        piped.out
    );
    assert!(
        piped.err.contains("note: the patch holds secrets"),
        "{}",
        piped.err
    );
    assert_hidden("findings", &piped.err);
}

#[test]
fn a_commit_message_tells_no_secret() {
    let scratch = Scratch::repository(FILES);
    let ran = scratch.run(&[
        "migrate",
        "--unsafe-fixes",
        "--de5-host",
        "dash5.example.com",
    ]);
    assert_hidden("account", &ran.out);
    assert_hidden("account", &ran.err);
    assert_hidden(
        "message",
        &scratch.git(&["log", "-1", "--format=%B", "dash-enterprise-5"]),
    );
    let script = scratch.git(&["show", "dash-enterprise-5:predeploy.sh"]);
    assert!(script.contains("export API_TOKEN=s3cret-1 && "), "{script}");
}
