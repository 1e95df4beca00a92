//! DL112.

use crate::harness::{Case, app};

fn with(toml: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("project.toml", toml),
    ])
    .rule("DL112")
}

#[test]
fn invalid_toml_is_said_with_its_place() {
    for (toml, place) in [
        ("[build]\n  [[build.env]\n", "2:"),
        ("[build]\n[build]\n", "2:2"),
        ("<<<<<<< HEAD\n", "1:"),
    ] {
        let case = with(toml).unsafe_fixes();
        let found = case.check();
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with(&format!("project.toml:{place}"))
                && found[0].contains("cannot be used: it is not valid TOML"),
            "{found:?}"
        );
        assert_eq!(case.fix().text("project.toml"), toml);
    }
}

#[test]
fn toml_that_is_no_descriptor_is_said() {
    assert_eq!(
        with("build = 3\nscripts = []\n").check(),
        [
            "project.toml:1:9: DL112 project.toml cannot be used: `build` is not a table",
            "project.toml:2:11: DL112 project.toml cannot be used: `scripts` is not a table"
        ]
    );
    assert_eq!(
        with("[[build.env]]\nname = 'A'\nvalue = 3.10\n").check(),
        ["project.toml:3:9: DL112 the value of `A` in project.toml is not a string"]
    );
}

#[test]
fn v2_that_is_read_is_quiet() {
    for table in ["io.buildpacks.build.env", "io.buildpacks.env"] {
        let toml = format!(
            "[_]\nschema-version = \"0.2\"\n[[{table}]]\nname = \"BP_CPYTHON_VERSION\"\nvalue = \"3.9.*\"\n"
        );
        assert!(with(&toml).check().is_empty(), "{toml}");
        let old = app([
            ("Procfile", "web: x\n"),
            ("project.toml", toml.as_str()),
            ("runtime.txt", "python-3.8.6\n"),
        ]);
        assert!(old.rule("DL112").check()[0].contains("asks for Python \"3.9.*\""));
    }
}

#[test]
fn v2_tables_without_their_version_become_v1() {
    let case = with(
        "[io.buildpacks]\r\nexclude = [\"data\"]\r\n\r\n[[io.buildpacks.build.env]] # Python\r\nname = \"BP_CPYTHON_VERSION\"\r\nvalue = \"3.9.*\"",
    );
    assert!(
        case.check()[0]
            .starts_with("project.toml:4:1: DL112 project.toml has tables of the v0.2 form")
    );
    assert_eq!(
        case.fix().text("project.toml"),
        "[build]\r\nexclude = [\"data\"]\r\n\r\n[[build.env]] # Python\r\nname = \"BP_CPYTHON_VERSION\"\r\nvalue = \"3.9.*\""
    );
    let plain = with("[[io.buildpacks.env]]\nname = 'A'\nvalue = '1'\n");
    assert_eq!(
        plain.fix().text("project.toml"),
        "[[build.env]]\nname = 'A'\nvalue = '1'\n"
    );
}

#[test]
fn v1_variables_in_a_v2_file_are_said() {
    let case = with("[_]\nschema-version = \"0.2\"\n\n[[build.env]]\nname = 'A'\nvalue = '1'\n");
    assert!(case.check()[0].contains("`[[build.env]]` of project.toml is not read"));
    assert_eq!(
        case.fix().text("project.toml"),
        "[[build.env]]\nname = 'A'\nvalue = '1'\n"
    );
}

#[test]
fn settings_for_pack_have_no_effect() {
    let toml = "[build]\nbuilder = 'paketobuildpacks/builder:base'\nbuildpacks = ['x']\nexclude = ['data/']\n";
    assert_eq!(
        with(toml).check(),
        [
            "project.toml:2:11: DL112 `builder`, `buildpacks` in [build] has no effect: Dash Enterprise 5 chooses the builder and the buildpacks by itself"
        ]
    );
    assert_eq!(with(toml).unsafe_fixes().fix().text("project.toml"), toml);
}

#[test]
fn v2_that_contradicts_v1_is_left() {
    let toml =
        "[[build.env]]\nname='A'\nvalue='1'\n[[io.buildpacks.build.env]]\nname='A'\nvalue='2'\n";
    let after = with(toml).unsafe_fixes().fix();
    assert_eq!(after.text("project.toml"), toml);
    assert!(after.open[0].contains("v0.2 form"));
}

#[test]
fn an_unknown_schema_version_goes_when_asked() {
    let case = with("[_]\nschema-version = \"3.0\"\n\n[scripts]\npredeploy = \"x.sh\"\n");
    assert_eq!(
        case.check(),
        [
            "project.toml:2:18: DL112 schema-version \"3.0\" is not known to Dash Enterprise 5, which ignores all of project.toml for it"
        ]
    );
    assert!(case.fix().text("project.toml").contains("schema-version"));
    assert_eq!(
        case.unsafe_fixes().fix().text("project.toml"),
        "[scripts]\npredeploy = \"x.sh\"\n"
    );
    assert!(with("[_]\nschema-version = \"0.1\"\n").check()[0].contains("\"0.1\" is not known"));
}

#[test]
fn include_and_exclude_do_not_go_together() {
    assert_eq!(
        with("[build]\ninclude = ['a']\nexclude = ['b']\n").check(),
        [
            "project.toml:3:11: DL112 `include` and `exclude` stand together in [build], where only one of them may stand"
        ]
    );
}

fn python(value: &str) -> String {
    format!("[[build.env]]\nname = \"BP_CPYTHON_VERSION\"\nvalue = \"{value}\" # ours\n")
}

#[test]
fn a_python_that_the_release_lacks_is_raised_when_asked() {
    let case = with(&python("3.6.*"));
    assert_eq!(
        case.check(),
        [
            "project.toml:3:9: DL112 Python 3.6 of project.toml cannot be installed on Dash Enterprise 5.x, which has 3.7 to 3.12"
        ]
    );
    assert_eq!(case.fix().text("project.toml"), python("3.6.*"));
    assert_eq!(
        case.unsafe_fixes().fix().text("project.toml"),
        python("3.10.*")
    );
    for value in ["3.9.*", "3.9", "~3.9", ">=3.8"] {
        assert!(with(&python(value)).check().is_empty(), "{value}");
    }
}

#[test]
fn an_exact_patch_version_becomes_its_minor_when_asked() {
    let case = with(&python("3.9.6"));
    assert!(case.check()[0].contains("exactly Python 3.9.6"));
    assert_eq!(
        case.unsafe_fixes().fix().text("project.toml"),
        python("3.9.*")
    );
}

#[test]
fn a_disagreement_with_runtime_txt_is_a_persons() {
    let case = app([
        ("Procfile", "web: x\n"),
        ("project.toml", python("3.9.*").as_str()),
        ("runtime.txt", "python-3.8.6\n"),
    ])
    .rule("DL112");
    assert_eq!(
        case.check(),
        [
            "project.toml:3:9: DL112 project.toml asks for Python \"3.9.*\", runtime.txt for `python-3.8.6`"
        ]
    );
    assert_eq!(
        case.findings()[0].evidence[0].place.path.as_str(),
        "runtime.txt"
    );
    assert_eq!(
        case.unsafe_fixes().fix().paths(),
        ["Procfile", "project.toml", "runtime.txt"]
    );
}

#[test]
fn a_variable_with_two_values_is_said() {
    let toml = "[[build.env]]\nname='A'\nvalue='1'\n[[build.env]]\nname='A'\nvalue='2'\n";
    assert_eq!(
        with(toml).check(),
        ["project.toml:6:7: DL112 `A` is set twice in project.toml, to different values"]
    );
}

#[test]
fn a_sound_descriptor_is_quiet() {
    let toml = "[build]\n  [[build.env]]\n    name = 'BP_CPYTHON_VERSION'\n    value = '3.9.*'\n\n[scripts]\npredeploy = \"predeploy.sh\"\n";
    assert!(with(toml).check().is_empty());
    assert!(with("").check().is_empty());
}
