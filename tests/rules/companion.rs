//! Tests of companion. The releases that are pinned here do not change any more.

use crate::harness::{Case, app};
use dashlift::rules::Category;

fn on(minor: &str, requirements: &str) -> Case {
    let project =
        format!("[build]\n[[build.env]]\nname = 'BP_CPYTHON_VERSION'\nvalue = '{minor}.*'\n");
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("project.toml", project.as_str()),
        ("requirements.txt", requirements),
    ])
    .rule("DL211")
}

fn only(requirements: &str) -> String {
    let lines = on("3.10", requirements).check();
    assert_eq!(lines.len(), 1, "{requirements}: {lines:?}");
    lines.into_iter().next().unwrap_or_default()
}

#[test]
fn an_old_release_beside_what_comes_today_is_found() {
    for (list, said) in [
        (
            "dash==2.2.0\nplotly==5.24.1\n",
            "dash 2.2.0 does not start beside the flask and werkzeug that an installation on Python 3.10 brings today",
        ),
        (
            "dash==2.9.3\nplotly\n",
            "dash 2.9.3 breaks beside the plotly that an installation on Python 3.10 brings today",
        ),
        (
            "pandas<2.1\n",
            "does not start beside the numpy that an installation on Python 3.10 brings today",
        ),
        (
            "Flask==1.1.2\nwerkzeug<2.1\nitsdangerous<2.1\nmarkupsafe<2.1\n",
            "Flask 1.1.2 does not start beside the jinja2 that",
        ),
        (
            "flask-wtf==1.1.1\n",
            "flask-wtf 1.1.1 does not start beside the flask that",
        ),
    ] {
        let line = only(list);
        assert!(line.contains(said), "{line}");
    }
}

#[test]
fn what_the_lists_pin_is_found_too() {
    let list = "Flask==2.0.0\nWerkzeug==3.0.3\nJinja2==3.1.4\nitsdangerous==2.2.0\n";
    assert_eq!(
        only(list),
        "requirements.txt:1:1: DL211 Flask 2.0.0 does not start beside werkzeug 3.0.3, which the lists ask for"
    );
    let findings = on("3.10", list).findings();
    assert_eq!(findings[0].category, Category::Must);
    assert!(findings[0].fix.is_none());
    // Lists that do not install as they are: what they pin is enough.
    let line = only("flask==2.0.0\nwerkzeug==3.0.3\npandas==1.0.0\nnumpy==0.1\n");
    assert!(line.contains("beside werkzeug 3.0.3"), "{line}");
}

#[test]
fn the_fix_bounds_what_breaks_it() {
    let fixed = |list: &str| {
        let after = on("3.10", list).unsafe_fixes().fix();
        assert!(after.open.is_empty(), "{:?}", after.open);
        after
    };
    let after = fixed("# the app\ndash==2.9.3\nplotly>5\n");
    assert!(
        after
            .text("requirements.txt")
            .contains("-c constraints.txt")
    );
    assert_eq!(after.text("constraints.txt"), "plotly<6  # dash 2.9.3\n");
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "-c limits.txt\npandas==1.5.3\n"),
        ("limits.txt", "six<2"),
    ];
    let after = app(files).rule("DL211").unsafe_fixes().fix();
    assert_eq!(after.text("limits.txt"), "six<2\nnumpy<2  # pandas 1.5.3\n");
    // Without being asked nothing changes.
    let list = "dash==2.9.3\nplotly\n";
    assert_eq!(on("3.10", list).fix().text("requirements.txt"), list);
}

#[test]
fn what_goes_together_or_is_not_known_is_silent() {
    for list in [
        "dash\nflask\npandas\n",
        "dash==2.9.3\nplotly==5.24.1\n",
        "dash>=2.2.0\n",
        "dash==2.9.3\ngunicorn==20.1.0\n",
        "dash==2.2.0\nplotly<6\nflask==2.0.3\nwerkzeug==2.0.3\n",
        "pandas==1.5.3\nnumpy @ https://example.com/numpy-1.26.4.tar.gz\n",
        "pandas==1.5.3\nnumpy<2\n",
        "pandas==1.5.3 ; sys_platform == 'win32'\n",
        // A newer SQLAlchemy matters only where something brings one.
        "pandas==1.5.3\nnumpy==1.26.4\n",
    ] {
        assert_eq!(on("3.10", list).check(), [] as [&str; 0], "{list}");
    }
    let weak = only("pandas==1.5.3\nnumpy==1.26.4\nsqlalchemy==2.0.30\n");
    assert!(weak.contains("breaks beside sqlalchemy 2.0.30"), "{weak}");
}

#[test]
fn the_python_decides_what_comes() {
    // Python 3.8 has no NumPy 2.
    assert_eq!(on("3.8", "pandas==1.5.3\n").check(), [] as [&str; 0]);
}

#[test]
fn what_a_release_imports_and_nobody_brings_is_found() {
    let list = "dash==1.0.2\nplotly==5.11.0\nflask==1.1.2\nwerkzeug==1.0.1\njinja2==2.11.3\n\
                markupsafe==1.1.1\nitsdangerous==1.1.0\n";
    let lines = on("3.8", list).check();
    let absent = "DL211 dash 1.0.2 imports six, and nothing in the lists brings it";
    assert!(lines.iter().any(|it| it.contains(absent)), "{lines:?}");
    let lines = on("3.8", &format!("{list}six==1.16.0\n")).check();
    assert!(lines.is_empty(), "{lines:?}");
}
