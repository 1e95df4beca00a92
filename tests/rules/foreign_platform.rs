//! Tests of foreign-platform.

use dashlift::rules::Category;

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

#[test]
fn a_copy_counts_from_the_python_that_has_the_module() {
    let on = |python: &str, list: &str| {
        let files = [
            ("Procfile", "web: gunicorn app:server\n"),
            ("runtime.txt", python),
            ("requirements.txt", list),
        ];
        app(files).rule("DL206").check()
    };
    assert!(on("python-3.8.1", "backports.zoneinfo\n").is_empty());
    assert_eq!(
        on("python-3.9.1", "backports.zoneinfo\n"),
        [
            "requirements.txt:1:1: DL206 backports.zoneinfo is needless: Python has had zoneinfo since 3.9"
        ]
    );
}

#[test]
fn a_copy_under_its_own_name_stays_while_the_code_imports_it() {
    let with = |code: &str| {
        let files = [
            ("Procfile", "web: gunicorn app:server\n"),
            ("app.py", code),
            ("requirements.txt", "contextlib2\nbackports.csv\ndash\n"),
        ];
        app(files).rule("DL206").unsafe_fixes()
    };
    let fixed = |code: &str| with(code).fix().text("requirements.txt").to_owned();
    assert_eq!(fixed("import dash\n"), "dash\n");
    assert_eq!(
        fixed("from contextlib2 import ExitStack\n"),
        "contextlib2\ndash\n"
    );
    assert_eq!(
        fixed("from backports import csv\n"),
        "backports.csv\ndash\n"
    );
    assert_eq!(
        fixed("import backports.csv as csv\n"),
        "backports.csv\ndash\n"
    );
    let category = with("import dash\n").findings()[0].category;
    assert_eq!(category, Category::May);
}

#[test]
fn a_copy_that_does_not_install_is_a_must() {
    let category = |list: &str| case(list).findings()[0].category;
    assert_eq!(category("futures==3.3.0\n"), Category::Must);
    assert_eq!(category("futures==3.0.5\n"), Category::Should);
    assert_eq!(category("enum34\n"), Category::Should);
}

#[test]
fn what_no_index_has_is_named() {
    for (line, said) in [
        (
            "apturl==0.5.2",
            "apturl is a part of an Ubuntu or Debian machine: no index has it",
        ),
        (
            "ufw==0.36",
            "ufw is a part of an Ubuntu or Debian machine: no index has it",
        ),
        (
            "conda==23.3.1",
            "conda is a part of an Anaconda installation: no index has it for pip",
        ),
        (
            "menuinst @ file:///C:/ci_311/abs_b0/croot/menuinst_1702390296373/work",
            "menuinst is for Windows only, and Dash Enterprise 5 builds on Linux",
        ),
        (
            "menuinst==1.4.19",
            "menuinst is for Windows only, and Dash Enterprise 5 builds on Linux",
        ),
        (
            "cv2==1.0",
            "cv2 is not the name of a distribution: opencv-python-headless or opencv-python is meant by it",
        ),
        (
            "json",
            "json is a module of Python itself, and no distribution to install",
        ),
        (
            "sqlite3",
            "sqlite3 is a module of Python itself, and no distribution to install",
        ),
        (
            "en_core_web_sm==3.5.0",
            "en_core_web_sm is a model of spaCy, which the public index does not have",
        ),
    ] {
        let list = format!("dash\n{line}\n");
        let said = format!("requirements.txt:2:1: DL206 {said}");
        assert_eq!(case(&list).check(), [said], "{line}");
    }
    for line in [
        "python-dateutil",
        "cv2 ; sys_platform == 'win32'",
        "six",
        "dataclasses-json",
    ] {
        assert!(
            case(&format!("dash\n{line}\n")).check().is_empty(),
            "{line}"
        );
    }
}

#[test]
fn parts_of_a_machine_go_and_names_stay_for_a_person() {
    let list = "dash\nufw==0.36\njson\ncv2\nen-core-web-sm==3.5.0\n";
    let after = case(list).unsafe_fixes().fix();
    assert_eq!(
        after.text("requirements.txt"),
        "dash\ncv2\nen-core-web-sm @ https://github.com/explosion/spacy-models/releases/download/en_core_web_sm-3.5.0/en_core_web_sm-3.5.0-py3-none-any.whl\n"
    );
    let with_index = format!("--extra-index-url https://example.com/simple\n{list}");
    let sure = |list: &str| {
        let found = case(list).findings().into_iter();
        found.filter(|it| it.category == Category::Must).count()
    };
    assert_eq!((sure(list), sure(&with_index)), (3, 1));
}

#[test]
fn a_freeze_of_a_machine_is_told_by_names_and_by_versions() {
    let list = "dash\ndistro-info===0.23ubuntu1\npython-debian==0.1.36\nufw==0.36\npycairo==1.16.2\npython-apt==2.0.0+ubuntu0.20.4.7\n";
    let after = case(list).unsafe_fixes().fix();
    assert_eq!(after.text("requirements.txt"), "dash\n");
    // Without such a sign the index has them.
    assert!(case("dash\npython-debian==0.1.36\n").check().is_empty());
}

#[test]
fn modules_of_python_2_and_what_only_windows_uses_are_said() {
    assert_eq!(
        case("dash\nurllib2\n").check(),
        [
            "requirements.txt:2:1: DL206 urllib2 is a module of Python itself, and no distribution to install"
        ]
    );
    let found = case("dash\nwincertstore==0.2\n").findings();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].category, Category::May);
}
