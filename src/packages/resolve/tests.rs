//! Made-up universes, and what is answered for them.

mod laws;
mod more;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pep440_rs::Version;

use super::*;
use crate::packages::snapshot::Day;
use crate::packages::{Dependency, Ran, Target};

/// A universe written as lines, oldest releases first: `name version day; needs; needs | marks`.
/// Marks: `source`, `nofile`, `nostart`, `broken`, `python>=3.8`, `yanked`.
#[derive(Debug, Default)]
pub(super) struct Made {
    releases: BTreeMap<String, Vec<(Candidate, Vec<Dependency>)>>,
    companions: Vec<(String, String, Bond)>,
}

impl Made {
    pub(super) fn of(lines: &[&str]) -> Self {
        let mut made = Self::default();
        for line in lines {
            made.add(line);
        }
        for releases in made.releases.values_mut() {
            releases.sort_by(|a, b| a.0.version.cmp(&b.0.version));
        }
        made
    }

    fn add(&mut self, line: &str) {
        let (line, marks) = line.split_once('|').unwrap_or((line, ""));
        let mut parts = line.split(';').map(str::trim);
        let mut words = parts.next().unwrap().split_whitespace();
        let (name, version) = (words.next().unwrap(), words.next().unwrap());
        let uploaded: Option<Day> = words.next().map(|day| day.parse().unwrap());
        let mut candidate = Candidate {
            version: version.parse().unwrap(),
            yanked: false,
            uploaded,
            file: Ok(Form::Wheel),
        };
        for mark in marks.split_whitespace() {
            match mark {
                "source" => candidate.file = Ok(Form::Source),
                "nofile" => candidate.file = Err(Unfit::NoFile),
                "nostart" => candidate.file = Err(Unfit::DoesNotStart("it".to_owned())),
                "broken" => candidate.file = Err(Unfit::BrokenBuild("it".to_owned())),
                "yanked" => candidate.yanked = true,
                other => {
                    let python = other.strip_prefix("python").unwrap();
                    candidate.file = Err(Unfit::RequiresPython(python.to_owned()));
                }
            }
        }
        let needs = parts.filter(|it| !it.is_empty());
        let needs = needs.map(|it| Dependency::parse(&it.replace(" if ", "; ")).unwrap());
        let releases = self.releases.entry(name.to_owned()).or_default();
        releases.push((candidate, needs.collect()));
    }

    /// `flask <2: jinja2 <3.1`; weak with `~` before it.
    pub(super) fn with(mut self, rows: &[&str]) -> Self {
        for row in rows {
            let (is_weak, row) = row
                .strip_prefix('~')
                .map_or((false, *row), |row| (true, row));
            let (who, needs) = row.split_once(':').unwrap();
            let (name, versions) = who.trim().split_once(' ').unwrap_or((who.trim(), ""));
            let needs = Dependency::parse(needs.trim()).unwrap();
            let companion = Bond {
                name: needs.name,
                bound: needs.versions,
                is_weak,
                error: "ImportError".to_owned(),
            };
            self.companions
                .push((name.to_owned(), versions.to_owned(), companion));
        }
        self
    }
}

impl Universe for Made {
    fn candidates(&self, name: &str, _: Target) -> Option<Vec<Candidate>> {
        let releases = self.releases.get(name)?.iter();
        Some(releases.map(|(candidate, _)| candidate.clone()).collect())
    }

    fn needs(&self, name: &str, version: &Version) -> Option<Vec<Dependency>> {
        let mut releases = self.releases.get(name)?.iter();
        let found = releases.find(|(candidate, _)| candidate.version == *version)?;
        Some(found.1.clone())
    }

    fn companions(&self, name: &str, version: &Version, _: Target) -> Vec<Bond> {
        let rows = self.companions.iter().filter(|(of, versions, _)| {
            let versions: pep440_rs::VersionSpecifiers = versions.parse().unwrap();
            of == name && versions.contains(version)
        });
        rows.map(|(_, _, companion)| companion.clone()).collect()
    }

    fn is_companion(&self, name: &str) -> bool {
        self.companions.iter().any(|(_, _, one)| one.name == name)
    }
}

/// A requirement; imported with `*` before it, a constraint with `-c `.
pub(super) fn require(text: &str) -> Demand {
    let (is_imported, text) = text
        .strip_prefix('*')
        .map_or((false, text), |it| (true, it));
    let (is_constraint, text) = text
        .strip_prefix("-c ")
        .map_or((false, text), |it| (true, it));
    let read = Dependency::parse(text).unwrap();
    Demand {
        name: read.name,
        extras: read.extras,
        versions: read.versions,
        is_constraint,
        is_imported,
    }
}

pub(super) fn source(text: &str) -> SourceDemand {
    let read = Dependency::parse(text).unwrap();
    SourceDemand {
        name: read.name,
        versions: read.versions.unwrap(),
        what: "it".to_owned(),
        path: crate::tree::TreePath::new("app.py").unwrap(),
        line: 3,
    }
}

/// Nothing ran.
pub(super) static NOTHING: LazyLock<Ran> = LazyLock::new(Ran::default);

pub(super) fn question<'q>(requirements: &'q [Demand], source: &'q [SourceDemand]) -> Inquiry<'q> {
    Inquiry {
        target: Target::new(10),
        requirements,
        source,
        ran: &NOTHING,
        era: None,
        latest_dash: false,
        until: None,
    }
}

/// As [`ask`], of what ran.
fn ask_after(universe: &Made, lines: &[&str], ran: &[&str]) -> ResolvedReleases {
    let requirements: Vec<Demand> = lines.iter().map(|line| require(line)).collect();
    let ran = Ran::of_freeze(ran.iter().copied());
    let question = Inquiry {
        ran: &ran,
        ..question(&requirements, &[])
    };
    answer(universe, &question)
}

fn ask(universe: &Made, lines: &[&str], day: Option<&str>) -> ResolvedReleases {
    let requirements: Vec<Demand> = lines.iter().map(|line| require(line)).collect();
    let question = Inquiry {
        era: day.map(|day| day.parse().unwrap()),
        ..question(&requirements, &[])
    };
    answer(universe, &question)
}

fn releases(answer: &ResolvedReleases) -> Vec<String> {
    let all = answer.releases.iter();
    all.map(|one| format!("{} {}", one.name, one.version))
        .collect()
}

/// The moves, as `place version`.
fn moves(answer: &ResolvedReleases) -> Vec<(usize, String)> {
    let all = answer.moves.iter();
    all.map(|one| (one.requirement, one.to.to_string()))
        .collect()
}

#[test]
fn what_is_open_is_of_the_era() {
    let universe = Made::of(&[
        "dash 1.0 2019-06-20; flask",
        "dash 2.0 2021-09-01; flask",
        "flask 1.0 2018-04-01",
        "flask 1.1 2019-07-01",
        "flask 2.0 2021-05-01",
    ]);
    let at = |day| releases(&ask(&universe, &["dash"], day));
    assert_eq!(at(Some("2019-06-30")), ["dash 1.0", "flask 1.0"]);
    assert_eq!(at(Some("2020-01-01")), ["dash 1.0", "flask 1.1"]);
    assert_eq!(at(None), ["dash 2.0", "flask 2.0"]);
    // Before all of them: the first.
    assert_eq!(at(Some("2010-01-01")), ["dash 1.0", "flask 1.0"]);
}

#[test]
fn what_is_open_is_what_ran_or_near_it() {
    let universe = Made::of(&[
        "dash 1.0 2019-06-20; flask",
        "dash 2.0 2021-09-01; flask",
        "flask 1.0 2018-04-01 | nofile",
        "flask 1.1 2019-07-01",
        "flask 2.0 2021-05-01",
        "setuptools 41.0 2019-04-05",
        "setuptools 80.9 2025-05-27",
    ])
    .with(&["dash <3: setuptools <81"]);
    let ran = ["dash==1.0", "flask==1.0", "setuptools==41.0"];
    let after = |lines: &[&str]| releases(&ask_after(&universe, lines, &ran));
    assert_eq!(
        after(&["dash"]),
        ["dash 1.0", "flask 1.1", "setuptools 80.9"]
    );
    // A line that pins says more than what ran.
    assert_eq!(
        after(&["dash==2.0"]),
        ["dash 2.0", "flask 1.1", "setuptools 80.9"]
    );
    assert_eq!(after(&["dash", "flask>=2"])[1], "flask 2.0");
}

#[test]
fn where_nothing_of_the_era_fits_the_first_after_it_is_taken() {
    let universe = Made::of(&[
        "pandas 1.0 2020-01-29 | nofile",
        "pandas 1.1 2020-07-28 | nofile",
        "pandas 1.3 2021-07-02 | source",
        "pandas 1.3.3 2021-09-12",
        "pandas 1.0.9 2022-01-01",
        "pandas 2.0 2023-04-03",
    ]);
    let found = ask(&universe, &["pandas"], Some("2020-03-01"));
    // A wheel before a source within the step, and no way back to an older line.
    assert_eq!(releases(&found), ["pandas 1.3.3"]);
    assert!(found.is_clean());
}

#[test]
fn a_release_without_a_day_is_as_old_as_the_next_one() {
    let universe = Made::of(&[
        "numpy 1.14 2018-01-06 | nofile",
        "numpy 1.17 2019-07-26",
        "numpy 1.24 2022-12-18",
        "numpy 2.4 | yanked",
        "numpy 2.5 2026-06-21 | nofile",
    ]);
    let at = |day| releases(&ask(&universe, &["numpy"], Some(day)));
    assert_eq!(at("2018-05-10"), ["numpy 1.17"]);
    assert_eq!(at("2023-01-01"), ["numpy 1.24"]);
    assert_eq!(at("2026-06-21"), ["numpy 1.24"]);
    let universe = Made::of(&[
        "numpy 1.14 2018-01-06 | nofile",
        "numpy 1.17 2019-07-26",
        "numpy 1.24",
    ]);
    let at = |day| releases(&ask(&universe, &["numpy"], Some(day)));
    assert_eq!(at("2018-05-10"), ["numpy 1.17"]);
}

#[test]
fn tools_are_never_of_the_era() {
    let universe = Made::of(&[
        "dash 1.0 2019-06-20",
        "setuptools 41.0 2019-04-05",
        "setuptools 80.9 2025-05-27",
        "setuptools 81.0 2026-02-06",
    ])
    .with(&["dash <3: setuptools <81"]);
    let found = ask(&universe, &["dash"], Some("2019-07-01"));
    assert_eq!(releases(&found), ["dash 1.0", "setuptools 80.9"]);
    let [added] = found.added.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(
        (added.name.as_str(), added.by.as_str()),
        ("setuptools", "dash 1.0")
    );
}

#[test]
fn a_pin_moves_to_the_nearest_newer_of_its_major_first() {
    let lines = |marks: [&str; 6]| {
        let versions = ["1.0", "1.1", "1.2", "2.0", "2.1", "3.0"];
        let lines = versions.iter().zip(marks);
        lines
            .map(|(version, mark)| format!("numpy {version} | {mark}"))
            .collect::<Vec<_>>()
    };
    let to = |marks| {
        let lines = lines(marks);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let found = ask(&Made::of(&lines), &["numpy==1.1"], None);
        releases(&found)
    };
    assert_eq!(to(["", "", "", "", "", ""]), ["numpy 1.1"]);
    assert_eq!(to(["", "nofile", "", "", "", ""]), ["numpy 1.2"]);
    assert_eq!(to(["", "nofile", "nofile", "", "", ""]), ["numpy 2.0"]);
    assert_eq!(
        to(["", "nofile", "nofile", "nofile", "source", ""]),
        ["numpy 2.1"]
    );
    assert_eq!(
        to(["", "nofile", "nofile", "nofile", "nofile", "nofile"]),
        ["numpy 1.0"]
    );
}

#[test]
fn every_reason_is_said() {
    let one = |mark: &str| {
        let line = format!("jinja2 2.9 | {mark}");
        let found = ask(&Made::of(&[&line, "jinja2 2.10"]), &["jinja2==2.9"], None);
        assert_eq!(moves(&found), [(0, "2.10".to_owned())], "{mark}");
        found.moves[0].cause.clone()
    };
    let unfit = |why| MoveCause::Unfit {
        what: "jinja2 2.9".to_owned(),
        why,
        target: Target::new(10),
    };
    assert_eq!(one("nofile"), unfit(Unfit::NoFile));
    assert_eq!(one("nostart"), unfit(Unfit::DoesNotStart("it".to_owned())));
    assert_eq!(one("broken"), unfit(Unfit::BrokenBuild("it".to_owned())));
    assert_eq!(
        one("python>=3.11"),
        unfit(Unfit::RequiresPython(">=3.11".to_owned()))
    );
    let found = ask(
        &Made::of(&["jinja2 2.8", "jinja2 2.10"]),
        &["jinja2==2.9"],
        None,
    );
    let what = "jinja2 ==2.9".to_owned();
    assert_eq!(found.moves[0].cause, MoveCause::NoRelease { what });
}

#[test]
fn dash_stays_and_the_other_pin_gives_way_with_both_sides_named() {
    let universe = Made::of(&[
        "dash 0.43; dash-table==3.7",
        "dash 1.0; dash-table==4.0",
        "dash 1.1; dash-table==4.1",
        "dash-table 3.7",
        "dash-table 4.0",
        "dash-table 4.1",
    ]);
    let found = ask(&universe, &["*dash-table==3.7", "dash==1.0"], None);
    assert_eq!(moves(&found), [(0, "4.0".to_owned())]);
    let expected = MoveCause::Needed {
        who: "dash 1.0".to_owned(),
        needs: "dash-table ==4.0".to_owned(),
        error: None,
        against: None,
    };
    assert_eq!(found.moves[0].cause, expected);
}

#[test]
fn what_is_imported_gives_way_last_and_companions_first() {
    let universe = Made::of(&[
        "a 1.0; c<2",
        "a 2.0",
        "b 1.0; c>=2",
        "b 2.0",
        "c 1.0",
        "c 2.0",
        "c 3.0",
    ]);
    let to = |lines: &[&str]| moves(&ask(&universe, lines, None));
    assert_eq!(to(&["a==1.0", "*b==1.0"]), [(0, "2.0".to_owned())]);
    assert_eq!(to(&["*a==1.0", "b==1.0"]), [(1, "2.0".to_owned())]);
    assert_eq!(to(&["a==1.0", "c==2.0"]), [(1, "1.0".to_owned())]);
    let universe = universe.with(&["z: a"]);
    let found = ask(&universe, &["a==1.0", "b==1.0"], None);
    assert_eq!(moves(&found), [(0, "2.0".to_owned())]);
}
