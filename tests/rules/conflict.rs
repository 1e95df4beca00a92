//! Tests of conflict. The releases that are pinned here do not change any more.

use crate::harness::{Case, app};

fn case(requirements: &str) -> Case {
    files(requirements, &[])
}

fn files(requirements: &str, more: &[(&str, &str)]) -> Case {
    let own = [
        ("Procfile", "web: gunicorn app:server\n"),
        (
            "project.toml",
            "[build]\n[[build.env]]\nname = 'BP_CPYTHON_VERSION'\nvalue = '3.10.*'\n",
        ),
        ("requirements.txt", requirements),
    ];
    app(own.iter().chain(more).copied()).rule("DL210")
}

#[test]
fn lines_that_exclude_each_other_are_found_with_who_asks_for_what() {
    for (list, said) in [
        (
            "dash==1.0.0\ndash-table==3.7.0\n",
            "requirements.txt:2:1: DL210 dash-table 3.7.0 does not go with dash 1.0.0, which needs dash-table ==4.0.0",
        ),
        (
            "celery==5.2.7\nkombu==4.6.11\n",
            "requirements.txt:2:1: DL210 kombu 4.6.11 does not go with celery 5.2.7, which needs kombu >=5.2.3, <6.0",
        ),
        (
            "jinja2==3.1.2\nmarkupsafe==1.1.1\n",
            "requirements.txt:2:1: DL210 markupsafe 1.1.1 does not go with jinja2 3.1.2, which needs markupsafe >=2.0",
        ),
        // Dash stays before others.
        (
            "dash==2.3.0\ndash-bootstrap-components==2.0.0\n",
            "requirements.txt:2:1: DL210 dash-bootstrap-components 2.0.0 needs dash >=3.0.0, and another line asks for dash 2.3.0",
        ),
        // Nobody names botocore.
        (
            "boto3==1.20.0\nurllib3==2.0.4\n",
            "requirements.txt:2:1: DL210 urllib3 2.0.4 does not go with botocore 1.23.54 (which boto3 1.20.0 brings), which needs urllib3 >=1.25.4, <1.27",
        ),
    ] {
        assert_eq!(case(list).check(), [said], "{list}");
    }
}

#[test]
fn a_constraint_is_a_side_too() {
    let limits = [("constraints.txt", "flask==3.1.0\n")];
    let found = files("-c constraints.txt\ndash==2.18.0\n", &limits).check();
    assert_eq!(
        found,
        [
            "constraints.txt:1:1: DL210 flask 3.1.0 does not go with dash 2.18.0, which needs flask >=1.0.4, <3.1"
        ]
    );
}

#[test]
fn lines_that_agree_and_lines_that_nobody_can_judge_are_left_alone() {
    for list in [
        "dash==2.18.0\nflask==3.0.3\nwerkzeug==3.0.4\n",
        "dash\nflask\n",
        "dash==1.0.0\ndash-table==3.7.0 ; python_version < '3'\n",
        "dash==1.0.0\ndash-table @ https://example.com/dash_table-3.7.0.tar.gz\n",
        // What is unknown needs nothing that is known.
        "no-such-thing-here==1.0\nflask==0.12\n",
        // Two lines about one distribution have DL209.
        "plotly==5.0.0\nplotly==5.1.0\n",
        // What no Python of this kind installs has DL205, and moves nobody else.
        "tensorflow==1.15.0\nprotobuf==3.20.0\n",
    ] {
        assert!(case(list).check().is_empty(), "{list}");
    }
}

#[test]
fn the_line_that_counts_less_moves_to_the_nearest_that_agrees() {
    let after = case("dash==1.0.0\ndash-table==3.7.0  # the table\n")
        .unsafe_fixes()
        .fix();
    assert_eq!(
        after.text("requirements.txt"),
        "dash==1.0.0\ndash-table==4.0.0  # the table\n"
    );
    let used = [("app.py", "import kombu\n")];
    let after = files("celery==5.2.7\nkombu==4.6.11\n", &used)
        .unsafe_fixes()
        .fix();
    assert_eq!(
        after.text("requirements.txt"),
        "celery==4.4.7\nkombu==4.6.11\n"
    );
}

/// statsmodels 0.12 would agree with the older patsy, and has no file for Python 3.10: DL205 would
/// move it back.
#[test]
fn nobody_moves_to_a_release_that_needs_a_move_itself() {
    let after = case("statsmodels==0.13.1\npatsy==0.5.1\n")
        .unsafe_fixes()
        .fix();
    assert_eq!(
        after.text("requirements.txt"),
        "statsmodels==0.13.1\npatsy==0.5.2\n"
    );
}

#[test]
fn a_list_with_hashes_is_made_anew_by_a_person() {
    let hash = format!(" --hash=sha256:{}", "a".repeat(64));
    let list = format!("dash==1.0.0{hash}\ndash-table==3.7.0{hash}\n");
    let after = case(&list).unsafe_fixes().fix();
    assert_eq!(after.text("requirements.txt"), list);
}
