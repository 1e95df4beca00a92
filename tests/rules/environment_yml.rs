//! Tests of environment-yml.

use crate::harness::{Case, app};

const PROCFILE: (&str, &str) = ("Procfile", "web: gunicorn app:server\n");
const SOUND: &str = "dependencies:\n  - python=3.9\n  - pip\n  - pip:\n      - dash\n";

fn environment<'f>(text: &'f str, files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Case {
    let common = [PROCFILE, ("environment.yml", text)];
    app(common.into_iter().chain(files)).rule("DL105")
}

fn utf16(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

#[test]
fn a_sound_environment_is_left_alone() {
    assert_eq!(environment(SOUND, []).check(), [""; 0]);
    let no_pip_list = "channels: [conda-forge]\ndependencies: ['conda-forge::python=3.8', dash]\n";
    assert_eq!(environment(no_pip_list, []).check(), [""; 0]);
    assert_eq!(
        app([PROCFILE, ("requirements.txt", "dash\n")])
            .rule("DL105")
            .check(),
        [""; 0]
    );
}

#[test]
fn the_other_name_is_renamed() {
    let after = app([PROCFILE, ("environment.yaml", SOUND)])
        .rule("DL105")
        .fix();
    assert_eq!(
        after.fixed,
        [
            "environment.yaml:1:1: DL105 Dash Enterprise 5 reads environment.yml, and not environment.yaml"
        ]
    );
    assert_eq!(after.paths(), ["Procfile", "environment.yml"]);
    assert_eq!(after.text("environment.yml"), SOUND);
}

#[test]
fn the_other_name_stays_where_other_files_build_the_app() {
    let finding = "environment.yaml:1:1: DL105 Dash Enterprise 5 reads environment.yml, and not environment.yaml";
    let by_pip = app([
        PROCFILE,
        ("environment.yaml", SOUND),
        ("requirements.txt", "dash\n"),
    ]);
    assert_eq!(by_pip.rule("DL105").fix().open, [finding]);
    let by_conda = app([
        PROCFILE,
        ("environment.yaml", SOUND),
        ("conda-requirements.txt", "numpy\n"),
        ("conda-runtime.txt", "Miniconda3-4.5.12\n"),
    ]);
    let after = by_conda.clone().rule("DL105").fix();
    assert_eq!(after.open, [finding]);
    let after = by_conda.rule("DL10").fix();
    assert_eq!(
        after.open,
        [
            "environment.yaml:1:1: DL105 Dash Enterprise 5 reads environment.yml, and not environment.yaml beside it"
        ]
    );
    let broken = app([PROCFILE, ("environment.yaml", "a: [\n")])
        .rule("DL105")
        .fix();
    assert!(
        broken.open[0].starts_with("environment.yaml:2:1: DL105 environment.yaml cannot be used")
    );
}

#[test]
fn requirements_beside_it_win() {
    let after = environment("dependencies: [numpy]\n", [("requirements.txt", "dash\n")]).fix();
    assert_eq!(
        after.open,
        [
            "environment.yml:1:1: DL105 environment.yml is passed over: requirements.txt is beside it, and pip wins on Dash Enterprise 5"
        ]
    );
    assert_eq!((after.steps.len(), after.said.len()), (1, 1));
}

#[test]
fn the_conda_files_of_dash_enterprise_4_are_not_this_rules_matter() {
    let files = [
        ("requirements.txt", "dash\n"),
        ("conda-requirements.txt", "numpy\n"),
        ("conda-runtime.txt", "Miniconda3-4.5.12\n"),
    ];
    assert_eq!(
        environment("dependencies: [scipy]\n", files).check(),
        [""; 0]
    );
}

#[test]
fn python_comes_from_where_the_app_says_it() {
    let finding = "environment.yml:1:1: DL105 environment.yml names no version of python, so that each build may get another one";
    let unknown = environment("dependencies:\n  - numpy\n", []).fix();
    assert_eq!(unknown.open, [finding]);
    let runtime = [("runtime.txt", "python-3.7.3\n")];
    let after = environment("dependencies:\n  - numpy\n", runtime).fix();
    assert_eq!(after.fixed, [finding]);
    assert_eq!(
        after.text("environment.yml"),
        "dependencies:\n  - python=3.7\n  - numpy\n"
    );
    let project = "[[build.env]]\nname = 'BP_CPYTHON_VERSION'\nvalue = '3.9.*'\n";
    let after = environment(
        "dependencies:\r\n- python # any\r\n",
        [("project.toml", project)],
    )
    .fix();
    assert_eq!(
        after.text("environment.yml"),
        "dependencies:\r\n- python=3.9 # any\r\n"
    );
    for version in [
        "python-2.7.18",
        "3.7",
        "python->=3",
        "python-3",
        "python-3.7.1.2",
    ] {
        let after = environment("dependencies:\n  - numpy\n", [("runtime.txt", version)]).fix();
        assert_eq!(after.open, [finding], "{version}");
    }
}

#[test]
fn pip_is_named() {
    let after = environment("dependencies:\n- python=3.9\n- pip:\n  - dash # web", []).fix();
    assert_eq!(
        after.fixed,
        [
            "environment.yml:3:3: DL105 environment.yml has a `pip:` list and does not name pip: conda adds it with a warning"
        ]
    );
    assert_eq!(
        after.text("environment.yml"),
        "dependencies:\n- python=3.9\n- pip\n- pip:\n  - dash # web"
    );
    let alias = "base: &b\n  - python=3.9\n  - pip: [dash]\ndependencies: *b\n";
    assert_eq!(environment(alias, []).fix().open.len(), 1);
}

#[test]
fn python_and_pip_can_both_be_missing() {
    let after = environment(
        "dependencies:\n  - pip:\n    - dash\n",
        [("runtime.txt", "python-3.8.1")],
    )
    .fix();
    assert_eq!(
        after.text("environment.yml"),
        "dependencies:\n  - python=3.8\n  - pip\n  - pip:\n    - dash\n"
    );
}

#[test]
fn a_package_list_wins() {
    assert_eq!(
        environment(SOUND, [("package-list.txt", "x\n")]).fix().open,
        [
            "environment.yml:1:1: DL105 environment.yml is passed over: package-list.txt is beside it and wins on Dash Enterprise 5"
        ]
    );
}

#[test]
fn utf16_becomes_utf8() {
    let case = app([
        ("Procfile", b"web: x\n".to_vec()),
        ("environment.yml", utf16("dependencies: [python=3.9]\r\n")),
    ]);
    let after = case.rule("DL105").fix();
    assert_eq!(
        after.fixed,
        [
            "environment.yml:1:1: DL105 environment.yml is UTF-16 (little-endian), which not every program reads"
        ]
    );
    assert_eq!(
        after.text("environment.yml"),
        "dependencies: [python=3.9]\r\n"
    );
}

#[test]
fn an_export_of_another_platform_is_left_to_a_person() {
    let text =
        "dependencies:\n  - python=3.11.3=h966fe2a_0\n  - vc=14.2=h21ff451_1\nprefix: C:\\x\n";
    let case = environment(text, []);
    assert_eq!(
        case.fix().open,
        [
            "environment.yml:3:5: DL105 environment.yml holds vc, which only Windows has; Dash Enterprise 5 runs Linux"
        ]
    );
    assert!(case.findings()[0].notes[0].contains("2 build strings"));
}

#[test]
fn what_conda_refuses_is_reported_with_its_place() {
    for (text, finding) in [
        (
            "name: !!python/unicode 'x'\n",
            "1:7: DL105 environment.yml cannot be used: the tag !!python/unicode, which conda's safe YAML loader refuses",
        ),
        (
            "dependencies:\n\t- a\n",
            "2:1: DL105 environment.yml cannot be used: no YAML that can be read: found character that cannot start any token",
        ),
        (
            "dependencies:\n  - a\n  -\n",
            "3:4: DL105 environment.yml cannot be used: an item that is neither a package nor a `pip:` list",
        ),
    ] {
        let after = environment(text, []).fix();
        assert_eq!(after.open, [format!("environment.yml:{finding}")]);
        assert_eq!(after.text("environment.yml"), text);
    }
}

#[test]
fn a_second_file_is_said() {
    assert_eq!(
        environment(SOUND, [("environment.yaml", SOUND)]).fix().open,
        [
            "environment.yaml:1:1: DL105 Dash Enterprise 5 reads environment.yml, and not environment.yaml beside it"
        ]
    );
}

#[test]
fn the_python_is_one_that_can_be() {
    for (spec, words) in [
        (
            "python=2.7.13=0",
            Some("asks for Python 2 (`python=2.7.13=0`)"),
        ),
        ("python<3", Some("asks for Python 2 (`python<3`)")),
        (
            "python=3.5",
            Some("asks for Python 3.5, which is none of those"),
        ),
        (
            "python>=3.6",
            Some("allows several Pythons (`python>=3.6`)"),
        ),
        ("python=3", Some("allows several Pythons")),
        ("python>=3.9,<3.10", None),
        ("python 3.9.*", None),
    ] {
        let text = format!("dependencies:\n  - {spec}\n");
        let found = environment(&text, []).check();
        let said = found.iter().find(|it| it.contains("Python"));
        match words {
            Some(words) => assert!(
                said.is_some_and(|it| it.contains(words)),
                "{spec}: {found:?}"
            ),
            None => assert_eq!(said, None, "{spec}"),
        }
    }
}

#[test]
fn build_strings_go_with_consent() {
    let text = "dependencies:\n  - python=3.9.6=h12debd9_1\n  - numpy=1.21.2=py39h20f2e39_0 # maths\n  - conda-forge::dash=2.0\n";
    let finding = "environment.yml:2:5: DL105 environment.yml asks for single builds of 2 packages, which their channels may not have any more";
    let case = environment(text, []);
    assert_eq!(case.fix().open, [finding]);
    let after = case.unsafe_fixes().fix();
    assert_eq!(after.fixed, [finding]);
    assert_eq!(
        after.text("environment.yml"),
        "dependencies:\n  - python==3.9.6\n  - numpy==1.21.2 # maths\n  - conda-forge::dash=2.0\n"
    );
    let one = environment("dependencies:\n  - python=3.9\n  - numpy=1.21=py39_0\n", []).check();
    assert!(one[0].contains("one build of numpy"), "{one:?}");
}

#[test]
fn an_export_of_windows_is_one_finding_with_all_its_packages() {
    let text = "dependencies:\n  - python=3.9\n  - vc=14.1=h0510ff6_4\n  - pywin32=223=py39_0\n  - numpy=1.21=py39_0\n";
    let found = environment(text, []).check();
    assert_eq!(
        found,
        [
            "environment.yml:3:5: DL105 environment.yml holds vc and pywin32, which only Windows has; Dash Enterprise 5 runs Linux"
        ]
    );
    let said = environment(text, []).fix().said;
    assert!(
        said.iter().any(|it| it.contains("3 build strings")),
        "{said:?}"
    );
}

#[test]
fn an_included_list_shows_what_was_meant() {
    let text = "dependencies:\n  - python=3.9\n  - pip\n  - pip:\n    - -r requirements.txt\n";
    let after = environment(text, [("requirements.txt", "dash\n")]).fix();
    assert!(
        after
            .said
            .iter()
            .any(|it| it.contains("requirements-pip.txt")),
        "{:?}",
        after.steps
    );
}
