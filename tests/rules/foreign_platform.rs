//! Tests of foreign-platform.

use crate::harness::{Case, app};

fn case(requirements: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", requirements),
    ])
    .rule("DL206")
}

#[test]
fn what_debian_invents_is_removed() {
    for (before, after) in [
        ("dash\npkg-resources==0.0.0\nsix\n", "dash\nsix\n"),
        ("dash\r\npkg_resources==0.0.0", "dash\r\n"),
        ("pkg-resources==0.0.0\n", ""),
        ("pkg-resources==0.0.0  # freeze\ndash\n", "dash\n"),
    ] {
        let result = case(before).fix();
        assert_eq!(result.text("requirements.txt"), after);
    }
    assert!(case("pkg-resources==1.0\n").check().is_empty());
}

#[test]
fn another_system_is_removed_only_when_asked() {
    let list = "dash\npywin32==300\npyobjc-core==7.0\npypiwin32\n";
    assert_eq!(
        case(list).check(),
        [
            "requirements.txt:2:1: DL206 pywin32 is for Windows only, and Dash Enterprise 5 builds on Linux",
            "requirements.txt:3:1: DL206 pyobjc-core is for macOS only, and Dash Enterprise 5 builds on Linux",
            "requirements.txt:4:1: DL206 pypiwin32 is for Windows only, and Dash Enterprise 5 builds on Linux",
        ]
    );
    assert_eq!(case(list).fix().text("requirements.txt"), list);
    let after = case(list).unsafe_fixes().fix();
    assert_eq!(after.text("requirements.txt"), "dash\n");
    assert!(after.steps[0].contains("`pywin32 ; sys_platform == \"win32\"`"));
}

#[test]
fn backports_are_removed_only_when_asked() {
    let list = "enum34==1.1.10\nfutures==3.3.0\npathlib\ndash\n";
    assert_eq!(
        case(list).check()[0],
        "requirements.txt:1:1: DL206 enum34 copies the module enum that Python has had since 3.4, and can break it"
    );
    assert_eq!(case(list).fix().text("requirements.txt"), list);
    assert_eq!(
        case(list).unsafe_fixes().fix().text("requirements.txt"),
        "dash\n"
    );
}

#[test]
fn a_marker_that_excludes_linux_is_right() {
    for line in [
        "pywin32 ; sys_platform == 'win32'",
        "pyobjc ; platform_system == \"Darwin\"",
        "enum34 ; python_version < '3.4'",
        "dash",
        "pywin32-ctypes",
        "# pywin32",
    ] {
        assert!(case(line).check().is_empty(), "{line}");
    }
    assert_eq!(case("pywin32 ; python_version > '3'").check().len(), 1);
}

#[test]
fn a_continued_line_goes_with_all_of_its_hashes() {
    let list = "dash\npywin32==300 \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb\nsix\n";
    assert_eq!(
        case(list).unsafe_fixes().fix().text("requirements.txt"),
        "dash\nsix\n"
    );
}

#[test]
fn the_list_of_conda_is_a_list() {
    let environment = |pip: &str| format!("dependencies:\n  - python=3.9\n  - pip\n  - pip:{pip}");
    let fixed = |pip: &str| {
        let files = [
            ("Procfile", "web: gunicorn app:server\n".to_owned()),
            ("environment.yml", environment(pip)),
        ];
        app(files).rule("DL206").fix()
    };
    let after = fixed("\n    - dash\n    - pkg-resources==0.0.0\n");
    assert_eq!(after.text("environment.yml"), environment("\n    - dash\n"));
    for pip in [
        " [dash, pkg-resources==0.0.0]\n",
        "\n    - pkg-resources==0.0.0\n",
    ] {
        let after = fixed(pip);
        assert_eq!(after.text("environment.yml"), environment(pip));
        assert_eq!(
            (after.open.len(), after.steps.as_slice()),
            (
                1,
                ["Take pkg-resources out of the list.".to_owned()].as_slice()
            )
        );
    }
}
