//! Ranges, the code, companions, constraints, extras, previews; what cannot be judged or had.

use super::*;

#[test]
fn a_range_stays_a_range() {
    let universe = Made::of(&[
        "flask 0.9",
        "flask 1.0",
        "flask 1.1",
        "flask 2.0",
        "x 1.0; flask<1.1",
        "x 2.0",
    ]);
    let found = ask(&universe, &["flask>=1.0,<2"], None);
    assert!(found.is_clean());
    assert_eq!(found.version("flask").unwrap().to_string(), "1.1");
    // The pin gives way to it, with the requirement named.
    let found = ask(&universe, &["flask>=1.1", "x==1.0"], None);
    assert_eq!(moves(&found), [(1, "2.0".to_owned())]);
    let MoveCause::Needed { who, against, .. } = &found.moves[0].cause else {
        panic!("{found:?}");
    };
    assert_eq!(who, "x 1.0");
    assert_eq!(*against, Some(Against::Line(0)));
}

#[test]
fn what_the_code_asks_is_hard() {
    let universe = Made::of(&["plotly 3.10", "plotly 4.0", "plotly 5.0"]);
    let requirements = [require("*plotly==4.0")];
    let source = [source("plotly<4")];
    let found = answer(&universe, &question(&requirements, &source));
    assert_eq!(moves(&found), [(0, "3.10".to_owned())]);
    assert_eq!(found.moves[0].cause, MoveCause::Asked(Against::Source(0)));
    // Where it cannot be had, that is said, and the list keeps its pin.
    let universe = Made::of(&["plotly 3.10 | nofile", "plotly 4.0"]);
    let found = answer(&universe, &question(&requirements, &source));
    assert!(!found.is_solved() && found.moves.is_empty());
    assert_eq!(found.unmet.len(), 1);
}

#[test]
fn companions_bound_what_metadata_leaves_open() {
    let universe = Made::of(&[
        "flask 1.1; jinja2>=2.10",
        "flask 2.0; jinja2>=3.0",
        "jinja2 2.11",
        "jinja2 3.0",
        "jinja2 3.1",
        "pandas 1.5",
        "sqlalchemy 1.4",
        "sqlalchemy 2.0",
        "six 1.0",
    ])
    .with(&["flask <2: jinja2 <3.1", "~pandas <2: sqlalchemy <2"]);
    assert_eq!(
        releases(&ask(&universe, &["flask==1.1"], None)),
        ["flask 1.1", "jinja2 3.0"]
    );
    assert_eq!(
        releases(&ask(&universe, &["flask"], None)),
        ["flask 2.0", "jinja2 3.1"]
    );
    // A weak one brings nothing.
    assert_eq!(releases(&ask(&universe, &["pandas"], None)), ["pandas 1.5"]);
    let both = ask(&universe, &["pandas==1.5", "sqlalchemy"], None);
    assert_eq!(releases(&both), ["pandas 1.5", "sqlalchemy 1.4"]);
    // A pin that dies beside another one gives way, and the error says why.
    let found = ask(&universe, &["*flask==1.1", "jinja2==3.1"], None);
    assert_eq!(moves(&found), [(1, "3.0".to_owned())]);
    let MoveCause::Needed { error, .. } = &found.moves[0].cause else {
        panic!("{found:?}");
    };
    assert_eq!(error.as_deref(), Some("ImportError"));
    let found = ask(&universe, &["*pandas==1.5", "sqlalchemy==2.0"], None);
    assert_eq!(moves(&found), [(1, "1.4".to_owned())]);
}

#[test]
fn constraints_limit_and_install_nothing() {
    let universe = Made::of(&["a 1.0; b", "b 1.0", "b 2.0", "b 3.0 | nofile", "c 1.0"]);
    let found = ask(&universe, &["a", "-c b<2", "-c c==1.0"], None);
    assert_eq!(releases(&found), ["a 1.0", "b 1.0"]);
    assert!(found.is_clean());
    let found = ask(&universe, &["a", "-c b==3.0"], None);
    assert_eq!(moves(&found), [(1, "2.0".to_owned())]);
}

#[test]
fn extras_bring_what_they_add_for_the_same_release() {
    let universe = Made::of(&[
        "dash 2.0; flask; redis>=3 if extra == 'celery'",
        "dash 1.0; flask",
        "flask 1.0",
        "redis 3.0",
        "redis 4.0",
        "ray 1.0; dash[celery]",
    ]);
    let all = ["dash 2.0", "flask 1.0", "redis 4.0"];
    assert_eq!(releases(&ask(&universe, &["dash[celery]"], None)), all);
    assert_eq!(releases(&ask(&universe, &["dash"], None)), all[..2]);
    assert_eq!(releases(&ask(&universe, &["ray"], None)).len(), 4);
    let old = ask(&universe, &["dash[celery]==1.0"], None);
    assert_eq!(releases(&old), ["dash 1.0", "flask 1.0"]);
}

#[test]
fn previews_and_yanked_releases_follow_pip() {
    let universe = Made::of(&["a 1.0", "a 1.1rc1", "a 1.2 | yanked", "b 0.1b1", "b 0.2b1"]);
    let one = |line: &str| releases(&ask(&universe, &[line], None));
    assert_eq!(one("a"), ["a 1.0"]);
    assert_eq!(one("a>=1.1rc1"), ["a 1.1rc1"]);
    assert_eq!(one("a==1.2"), ["a 1.2"]);
    assert_eq!(one("b"), ["b 0.2b1"]);
}

#[test]
fn a_private_version_is_never_replaced() {
    let universe = Made::of(&["dash-snapshots 0.0.1", "a 1.0"]);
    let found = ask(
        &universe,
        &["dash-snapshots==2.2.8", "a", "ours==1.0"],
        None,
    );
    assert_eq!(
        (found.private.as_slice(), found.unknown.as_slice()),
        ([0].as_slice(), [2].as_slice())
    );
    assert_eq!(releases(&found), ["a 1.0"]);
    assert!(found.moves.is_empty());
}

#[test]
fn what_no_release_satisfies_is_named_and_the_rest_goes_on() {
    let universe = Made::of(&["a 1.0 | nofile", "a 2.0 | broken", "b 1.0", "c 1.0; zz"]);
    let found = ask(&universe, &["a", "b==1.0", "c"], None);
    assert_eq!(releases(&found), ["b 1.0", "c 1.0"]);
    let [(0, MoveCause::Unfit { why, .. })] = found.impossible.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(*why, Unfit::BrokenBuild("it".to_owned()));
    assert_eq!(found.unknown_needs, [("zz".to_owned(), "c 1.0".to_owned())]);
}

#[test]
fn the_upgrade_road_takes_the_newest_of_the_family() {
    let universe = Made::of(&[
        "dash 1.0 2019-06-20; flask",
        "dash 4.0 2026-01-01; flask>=2",
        "flask 1.0 2018-01-01",
        "flask 2.0 2021-05-01",
        "plotly 3.0 2018-07-05",
        "plotly 6.0 2025-01-01",
    ]);
    let requirements = [
        require("dash==1.0"),
        require("*flask==1.0"),
        require("plotly"),
    ];
    let question = Inquiry {
        era: Some("2019-07-01".parse().unwrap()),
        latest_dash: true,
        ..question(&requirements, &[])
    };
    let found = answer(&universe, &question);
    assert_eq!(releases(&found), ["dash 4.0", "flask 2.0", "plotly 6.0"]);
    assert_eq!(
        moves(&found),
        [(0, "4.0".to_owned()), (1, "2.0".to_owned())]
    );
    assert_eq!(found.moves[0].cause, MoveCause::LatestDash);
}

#[test]
fn a_list_without_time_says_so() {
    let universe = Made::of(&["a 1.0"]);
    let requirements = [require("a==1.0")];
    let question = Inquiry {
        until: Some(std::time::Instant::now()),
        ..question(&requirements, &[])
    };
    assert!(answer(&universe, &question).is_cut_short);
}

/// The lists that everybody has: what the snapshot answers for them.
#[test]
fn the_snapshot_answers_for_a_list_of_2019() {
    let lines = [
        "*dash==1.0.0",
        "*pandas==0.24.2",
        "gunicorn==19.9.0",
        "*numpy",
        "flask==1.0.3",
    ];
    let requirements: Vec<Demand> = lines.iter().map(|line| require(line)).collect();
    for minor in 7..=12 {
        let question = Inquiry {
            target: Target::new(minor),
            era: Some("2019-07-01".parse().unwrap()),
            ..question(&requirements, &[])
        };
        let found = answer(&KnownPackages, &question);
        assert!(found.is_solved(), "{found:?}");
        assert_eq!(found.version("dash").unwrap().to_string(), "1.0.0");
    }
}
