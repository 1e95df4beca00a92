//! Tests of duplicate.

use crate::harness::{Case, app};
use dashlift::rules::Category;

fn case(requirements: &str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", requirements),
    ])
    .rule("DL209")
}

#[test]
fn the_later_equal_line_goes() {
    for (before, after) in [
        ("dash==1.0\nsix\ndash==1.0\n", "dash==1.0\nsix\n"),
        (
            "Dash_Core == 1.0  # a\r\ndash-core==1.0  # b",
            "Dash_Core == 1.0  # a\r\n",
        ),
        (
            "x[a,b]>=1,<2\nx[B, a]<2,>=1\nx[a,b]>=1,<2\n",
            "x[a,b]>=1,<2\n",
        ),
        (
            "x==1.0 ; python_version<'3.8'\nx==1.0.0; python_version < \"3.8\"\n",
            "x==1.0 ; python_version<'3.8'\n",
        ),
        (
            "x==1 --hash=sha256:a --hash=sha256:b\nx==1 \\\n --hash=sha256:b \\\n --hash=sha256:a\n",
            "x==1 --hash=sha256:a --hash=sha256:b\n",
        ),
    ] {
        let result = case(before).fix();
        assert_eq!(result.text("requirements.txt"), after);
        assert!(result.open.is_empty());
    }
}

#[test]
fn many_duplicates_go_at_once() {
    let list = (0..30).fold(String::new(), |list, number| {
        format!(
            "{list}x{number}==1
"
        )
    });
    assert_eq!(case(&list.repeat(2)).fix().text("requirements.txt"), list);
}

#[test]
fn lines_that_disagree_are_for_a_person() {
    let list = "gunicorn==20.1.0\ngunicorn==19.9.0\n";
    let after = case(list).fix();
    assert_eq!(after.text("requirements.txt"), list);
    assert_eq!(
        after.open,
        [
            "requirements.txt:2:1: DL209 `gunicorn==19.9.0` contradicts line 1: no version satisfies both"
        ]
    );
    assert_eq!(case(list).findings()[0].category, Category::Must);
    for list in [
        "dash\ndash==1.0\n",
        "x[a]==1\nx==1\n",
        "x==1\nx @ https://example.com/x.zip\n",
        "x==1 --hash=sha256:a\nx==1\n",
    ] {
        let findings = case(list).findings();
        assert_eq!(
            (findings.len(), findings[0].category),
            (1, Category::Should),
            "{list}"
        );
        assert!(findings[0].fix.is_none());
    }
}

#[test]
fn other_markers_are_no_duplicates() {
    assert!(
        case("x==1 ; python_version < '3'\nx==2 ; python_version >= '3'\nx==3\n")
            .check()
            .is_empty()
    );
}

#[test]
fn included_lists_count_and_constraints_do_not() {
    let after = app([
        ("Procfile", "web: gunicorn app:server\n"),
        (
            "requirements.txt",
            "-r base.txt\n-c constraints.txt\ndash==1.0\nsix\n",
        ),
        ("base.txt", "dash==1.0\n"),
        ("constraints.txt", "six==1.0\ndash==1.0\n"),
    ])
    .rule("DL209")
    .fix();
    assert_eq!(
        after.text("requirements.txt"),
        "-r base.txt\n-c constraints.txt\nsix\n"
    );
    assert_eq!(after.text("base.txt"), "dash==1.0\n");
    assert_eq!(after.text("constraints.txt"), "six==1.0\ndash==1.0\n");
    assert_eq!(
        after.fixed,
        ["requirements.txt:3:1: DL209 dash is listed twice, here and in base.txt line 1"]
    );
}

#[test]
fn the_list_of_conda_is_a_list() {
    let environment = "dependencies:\n  - python=3.9\n  - pip\n  - pip:\n      - dash==2.0\n      - Dash == 2.0\n      - six==1\n      - six==2\n";
    let after = app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("environment.yml", environment),
    ])
    .rule("DL209")
    .fix();
    assert_eq!(
        after.text("environment.yml"),
        environment.replace("      - Dash == 2.0\n", "")
    );
    assert_eq!(
        after.open,
        ["environment.yml:7:9: DL209 `six==2` contradicts line 6: no version satisfies both"]
    );
}
