//! DL001, and the comments and patterns that keep findings back.

use crate::harness::{Case, app};

const PROCFILE: (&str, &str) = ("Procfile", "web: python app.py\n");

fn list(text: &str) -> Case {
    app([PROCFILE, ("requirements.txt", text)])
}

#[test]
fn a_suppressed_finding_is_neither_told_nor_repaired() {
    let text = "pywin32==300  # dashlift: ignore[DL206]\nenum34==1.1.10\n";
    let case = list(text).unsafe_fixes();
    assert_eq!(case.suppressed(), 1);
    let after = case.fix();
    assert_eq!(
        after.text("requirements.txt"),
        "pywin32==300  # dashlift: ignore[DL206]\n"
    );
    assert_eq!(after.open, [""; 0]);
    assert_eq!(after.fixed.len(), 1);
}

#[test]
fn codes_are_lists_prefixes_and_names_in_any_case() {
    for comment in [
        "# dashlift: ignore",
        "#dashlift:ignore[dl206]",
        "# dashlift: ignore[ DL2 ]",
        "# dashlift: ignore[foreign-platform]",
        "# noqa  # dashlift: ignore[DL206]",
        "# dashlift: ignore[DL206]  # noqa",
        "# dashlift: ignore[DL206] the build has it",
    ] {
        let case = list(&format!("pywin32==300 {comment}\n"));
        assert_eq!(case.check(), [""; 0], "{comment}");
        assert_eq!(case.suppressed(), 1, "{comment}");
    }
}

#[test]
fn other_lines_and_other_rules_are_told() {
    let case = list("six # dashlift: ignore[DL206]\npywin32==300 # dashlift: ignore[DL209]\n");
    assert_eq!(case.suppressed(), 0);
    let found = case.check();
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with("requirements.txt:1:5: DL001 "));
    assert!(found[1].starts_with("requirements.txt:2:1: DL206 "));
    assert!(found[2].starts_with("requirements.txt:2:14: DL001 "));
}

#[test]
fn a_line_that_goes_on_counts_as_one() {
    let case = list("pywin32==300 \\\n  --hash=sha256:00 # dashlift: ignore[DL206]\n");
    assert_eq!(case.suppressed(), 1);
    assert_eq!(case.check(), [""; 0]);
}

#[test]
fn the_comment_goes_with_the_blanks_before_it() {
    let after = list(
        "six==1.0\t # dashlift: ignore[DL206]\r\n# dashlift: ignore[DL206]\r\ndash==2.0 # a # dashlift: ignore[DL206]\r\ngunicorn # dashlift: ignore[DL206] why # noqa",
    )
    .fix();
    assert_eq!(
        after.text("requirements.txt"),
        "six==1.0\r\ndash==2.0 # a\r\ngunicorn # noqa"
    );
    assert_eq!(after.fixed.len(), 4);
    assert!(after.fixed.iter().any(|line| line
        == "requirements.txt:2:1: DL001 `# dashlift: ignore[DL206]` keeps nothing back: it stands on a line of its own"), "{:?}", after.fixed);
}

#[test]
fn a_comment_that_joins_lines_is_for_a_person() {
    let text = "six==1.0 # dashlift: ignore[DL206] \\\n";
    let case = list(text);
    assert_eq!(case.check().len(), 1);
    assert_eq!(case.fix().text("requirements.txt"), text);
    let text = "six==1.0 \\\n# dashlift: ignore[DL206]\ndash\n";
    assert_eq!(list(text).fix().text("requirements.txt"), text);
}

#[test]
fn only_rules_that_were_asked_for_are_judged() {
    let text = "six # dashlift: ignore[DL206]\ndash # dashlift: ignore\n";
    assert_eq!(list(text).check().len(), 2);
    assert_eq!(list(text).rules("DL001,DL206").check().len(), 1);
    assert_eq!(list(text).rules("DL001,DL209").check(), [""; 0]);
    assert_eq!(list(text).rules("DL206").check(), [""; 0]);
}

#[test]
fn it_can_be_ignored_itself() {
    let case = list("six # dashlift: ignore[DL206, DL001]\n");
    assert_eq!(case.check(), [""; 0]);
    let case = list("six # dashlift: ignore[DL206]\n").ignore_in("requirements.txt", "DL001");
    assert_eq!(case.check(), [""; 0]);
    assert_eq!(case.suppressed(), 1);
}

#[test]
fn patterns_keep_findings_of_files_back() {
    let files = [
        PROCFILE,
        ("requirements.txt", "-r lists/a.txt\nenum34==1.1.10\n"),
        ("lists/a.txt", "pywin32==300 # dashlift: ignore[DL206]\n"),
    ];
    let case = app(files).unsafe_fixes().ignore_in("lists/", "DL2");
    assert_eq!(case.suppressed(), 1);
    // The pattern says the same, and the comment is used all the same.
    let after = case.fix();
    assert_eq!(after.open, [""; 0]);
    assert_eq!(after.text("lists/a.txt"), files[2].1);
    assert_eq!(after.text("requirements.txt"), "-r lists/a.txt\n");
}

#[test]
fn toml_and_yaml_have_comments_where_no_string_is() {
    let toml = "[[io.buildpacks.build.env]] # dashlift: ignore[DL112]\nname = \"A # dashlift: ignore[DL101]\"\nvalue = \"b\"\n";
    let case = app([PROCFILE, ("project.toml", toml)]);
    assert!(case.rules("DL001").check().is_empty());
    let yaml = "name: x # dashlift: ignore[DL101]\ndependencies:\n  - pip\n  - numpy\n";
    let case = app([PROCFILE, ("environment.yml", yaml)]).rules("DL001,DL101");
    assert_eq!(
        case.fix().text("environment.yml"),
        "name: x\ndependencies:\n  - pip\n  - numpy\n"
    );
}

#[test]
fn a_file_as_a_whole_stands_on_its_first_line() {
    let plain = app([PROCFILE, ("DOKKU_SCALE", "web=1\n")]);
    assert_eq!(plain.check().len(), 1);
    assert_eq!(
        plain.clone().ignore_in("DOKKU_SCALE", "DL108").suppressed(),
        1
    );
}

#[test]
fn where_only_whole_lines_are_comments_none_helps() {
    let case = app([(
        "Procfile",
        "# dashlift: ignore[DL111]\nweb: python app.py\n",
    )]);
    assert_eq!(
        case.check(),
        [
            "Procfile:1:1: DL001 `# dashlift: ignore[DL111]` keeps nothing back: in Procfile only whole lines are comments, and it stands behind nothing"
        ]
    );
    assert_eq!(case.fix().text("Procfile"), PROCFILE.1);
}

#[test]
fn scripts_are_read_by_rules_of_the_repository_too() {
    let script = "#!/bin/bash\ngit push dokku master # dashlift: ignore\necho # dashlift: ignore[DL113]\necho '# dashlift: ignore[DL113]'\n";
    let case = app([
        PROCFILE,
        ("predeploy.sh", script),
        ("project.toml", "[scripts]\npredeploy = \"predeploy.sh\"\n"),
    ]);
    let found: Vec<String> = case
        .check()
        .into_iter()
        .filter(|line| line.contains("DL001"))
        .collect();
    assert_eq!(
        found,
        ["predeploy.sh:3:6: DL001 `# dashlift: ignore[DL113]` keeps nothing back"]
    );
}

#[test]
fn a_broken_build_file_keeps_every_comment() {
    let case = app([
        PROCFILE,
        ("project.toml", "[scripts\n"),
        ("requirements.txt", "six # dashlift: ignore[DL206]\n"),
    ]);
    let found = case.check();
    assert!(
        found.iter().all(|line| !line.contains("DL001")),
        "{found:?}"
    );
}
