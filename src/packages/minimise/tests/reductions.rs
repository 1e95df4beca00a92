//! The reduced files, byte by byte.

use super::*;

#[test]
fn versions_move_to_constraints() {
    let after = dash(DASH).reduced().unwrap();
    assert_eq!(
        after.file("requirements.txt"),
        "-c constraints.txt\ndash==1.0\nsix==1.0\n"
    );
    assert_eq!(
        after.file("constraints.txt"),
        "# Versions of what the requirements bring along.\nclick==1.0\nflask==1.0\nwerkzeug==1.0\n"
    );
    assert_eq!(after.reduced().unwrap().files, after.files);
}

#[test]
fn versions_may_be_forgotten() {
    let mut world = dash(DASH);
    world.wanted.drop_pins = true;
    let after = world.reduced().unwrap();
    assert_eq!(after.file("requirements.txt"), "dash==1.0\nsix==1.0\n");
    assert_eq!(after.files.len(), 1);
    assert_eq!(after.reduced().unwrap().files, after.files);
}

#[test]
fn what_ran_is_read_where_no_line_has_a_version_and_is_written_down() {
    let open = dash("dash\nflask\nclick==1.0\nsix>=2\n");
    assert_eq!(open.reduced().unwrap().files, open.files);
    let world = open
        .ran("dash", "1.0")
        .ran("flask", "1.0")
        .ran("six", "1.0");
    let after = world.reduced().unwrap();
    assert_eq!(
        after.file("requirements.txt"),
        "-c constraints.txt\ndash\nsix>=2\n"
    );
    // Without its version dash might bring something else; six ran as what the line excludes.
    assert_eq!(
        after.file("constraints.txt"),
        "# Versions of what the requirements bring along.\nclick==1.0\ndash==1.0\nflask==1.0\n"
    );
    assert_eq!(after.reduced().unwrap().files, after.files);
    let mut forgotten = world;
    forgotten.wanted.drop_pins = true;
    assert_eq!(forgotten.reduced().unwrap().files, forgotten.files);
}

#[test]
fn comments_of_lines_go_and_others_stay() {
    let world = dash(
        "# Frozen in May.\r\n\r\n# the web\r\nFlask == 1.0  # old\r\ndash==1.0\r\n\r\n# more\r\nclick==1.0\r\n    # via flask\r\nwerkzeug==1.0",
    );
    let after = world.reduced().unwrap();
    assert_eq!(
        after.file("requirements.txt"),
        "# Frozen in May.\r\n\r\n-c constraints.txt\r\n# the web\r\ndash==1.0\r\n\r\n# more\r\n"
    );
    assert!(
        after
            .file("constraints.txt")
            .contains("\nclick==1.0  # via flask\n")
    );
    assert!(after.file("constraints.txt").contains("\nFlask== 1.0\n"));
}

#[test]
fn a_head_stays_the_head() {
    let after = dash("# made by hand\ndash==1.0\nflask==1.0\n")
        .reduced()
        .unwrap();
    assert_eq!(
        after.file("requirements.txt"),
        "# made by hand\n-c constraints.txt\ndash==1.0\n"
    );
}

#[test]
fn a_constraints_file_that_is_there_gets_the_versions() {
    let world = World {
        files: app(&[
            (
                "requirements.txt",
                "dash==1.0\nflask==1.0\nclick==1.0\n-c limits/all.txt\n",
            ),
            ("limits/all.txt", "six<2\nclick==1.0"),
        ])
        .files,
        ..dash("")
    };
    let after = world.reduced().unwrap();
    assert_eq!(
        after.file("requirements.txt"),
        "dash==1.0\n-c limits/all.txt\n"
    );
    assert_eq!(
        after.file("limits/all.txt"),
        "six<2\nclick==1.0\nflask==1.0\n"
    );
    assert_eq!(after.reduced().unwrap().files, after.files);
    // One that says something else keeps the line.
    let mut world = world;
    let limits = "flask<2\n".to_owned();
    world.files.insert("limits/all.txt".to_owned(), limits);
    assert!(
        world
            .verdicts()
            .contains(&"flask==1.0: a constraint says something else about it".to_owned())
    );
}

#[test]
fn a_name_that_is_taken_is_not_used() {
    let mut world = dash("dash==1.0\nflask==1.0\n");
    let other = "anything\n".to_owned();
    world.files.insert("constraints.txt".to_owned(), other);
    let after = world.reduced().unwrap();
    assert_eq!(
        after.file("requirements.txt"),
        "-c pinned-constraints.txt\ndash==1.0\n"
    );
    assert_eq!(after.file("constraints.txt"), "anything\n");
}

#[test]
fn an_included_list_is_needed_elsewhere_too() {
    let world = World {
        files: app(&[
            (
                "requirements.txt",
                "-r web/base.txt\ndash==1.0\nclick==1.0\n",
            ),
            ("web/base.txt", "flask==1.0\nwerkzeug==1.0\n"),
        ])
        .files,
        ..dash("")
    };
    let after = world.reduced().unwrap();
    // Whoever installs the included list alone still gets flask.
    assert_eq!(
        after.file("requirements.txt"),
        "-c constraints.txt\n-r web/base.txt\ndash==1.0\n"
    );
    assert_eq!(
        after.file("web/base.txt"),
        "-c constraints.txt\nflask==1.0\n"
    );
    assert!(
        after
            .file("web/constraints.txt")
            .ends_with("\nwerkzeug==1.0\n")
    );
    assert!(after.file("constraints.txt").ends_with("\nclick==1.0\n"));
}

#[test]
fn extras_and_options_stay_out_of_constraints() {
    let world = list("a==1.0\nb[x] (==1.0) ; python_version > \"3\"\nc>=1,<2\nd\n")
        .needs("a", &["b[x]", "c", "d"]);
    let after = world.reduced().unwrap();
    assert_eq!(
        after.file("requirements.txt"),
        "-c constraints.txt\na==1.0\n"
    );
    assert_eq!(
        after.file("constraints.txt"),
        "# Versions of what the requirements bring along.\nb==1.0 ; python_version > \"3\"\nc>=1,<2\n"
    );
}

#[test]
fn the_list_of_conda_is_reduced() {
    let files = app(&[(
        "environment.yml",
        "name: x\ndependencies:\n  - python=3.10\n  - pip\n  # from pip\n  - pip:\n    - dash==1.0\n    - flask==1.0  # why\n    - \"click==1.0\"\n",
    )])
    .files;
    let after = World { files, ..dash("") }.reduced().unwrap();
    assert_eq!(
        after.file("environment.yml"),
        "name: x\ndependencies:\n  - python=3.10\n  - pip\n  # from pip\n  - pip:\n    - dash==1.0\n    - -c constraints.txt\n"
    );
    assert!(
        after
            .file("constraints.txt")
            .ends_with("\nclick==1.0\nflask==1.0\n")
            || after
                .file("constraints.txt")
                .ends_with("\nflask==1.0\nclick==1.0\n")
    );
    assert_eq!(after.reduced().unwrap().files, after.files);
}

#[test]
fn what_stands_in_the_way_is_named() {
    let blocked = |world: World| world.reduced().map(|_| ()).unwrap_err().to_string();
    assert_eq!(
        blocked(dash(&format!("{DASH}flask = = 1\n"))),
        "`flask = = 1` cannot be read"
    );
    assert_eq!(
        blocked(dash(&DASH.replace("six==1.0", "six==1.0 --hash=sha256:ab"))),
        "pip checks hashes here, so every distribution has to be listed"
    );
    assert_eq!(
        blocked(dash(&format!("{DASH}-r other.txt\n"))),
        "`other.txt` was not read: it is not there"
    );
}
