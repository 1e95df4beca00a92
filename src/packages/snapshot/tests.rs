use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

use pep440_rs::VersionSpecifiers;

use super::pack::pack;
use super::*;
use crate::files::requirements::normalized_name;

/// gzip packs the text to less than a quarter of its size, so this keeps it below 500 kB.
const MOST_BYTES: usize = 2_000_000;

static EDGES: &str = include_str!("../../../rules/data/snapshot/edges.txt");
static DAYS: &str = include_str!("../../../rules/data/snapshot/days.txt");
static LISTED: &str = include_str!("../../../rules/data/snapshot/distributions.txt");

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn target(minor: u8) -> Target {
    Target::new(minor)
}

/// The blocks of the text, each with its name and lines.
fn blocks() -> Vec<(&'static str, Vec<&'static str>)> {
    let (_, body) = EDGES.split_once("\n@").unwrap();
    let block = |text: &'static str| {
        let mut lines = text.lines();
        (lines.next().unwrap(), lines.collect())
    };
    body.split("\n@").map(block).collect()
}

/// The release of a distribution, which the snapshot must have.
fn release(name: &str, text: &str) -> Release {
    let known = find(name).unwrap();
    known.release(&version(text)).unwrap().clone()
}

/// What a release needs on a target, as names.
fn needed(name: &str, text: &str, minor: u8, extras: &[&str]) -> Vec<String> {
    let extras: Vec<String> = extras.iter().map(|it| (*it).to_owned()).collect();
    let all = needs(name, &version(text)).unwrap();
    let held = all.iter().filter(|it| it.applies(target(minor), &extras));
    let mut names: Vec<String> = held.map(|it| it.name.clone()).collect();
    names.sort();
    names
}

#[test]
fn the_text_is_small_sorted_and_dated() {
    assert!(EDGES.is_ascii() && EDGES.ends_with('\n'));
    assert!(EDGES.len() < MOST_BYTES, "{} bytes", EDGES.len());
    assert!(EDGES.lines().all(|line| line == line.trim_end()));
    let names: Vec<&str> = blocks().into_iter().map(|(name, _)| name).collect();
    assert!(names.is_sorted_by(|a, b| a < b));
    assert!(names.iter().all(|name| *name == normalized_name(name)));
    let day: Vec<&str> = date().split('-').collect();
    assert_eq!(
        day.iter().map(|part| part.len()).collect::<Vec<_>>(),
        [4, 2, 2]
    );
}

#[test]
fn every_listed_distribution_is_there() {
    let lines = LISTED.lines().filter(|line| !line.starts_with('#'));
    let listed: Vec<&str> = lines.filter_map(|line| line.split(' ').next()).collect();
    let names: Vec<&str> = blocks().into_iter().map(|(name, _)| name).collect();
    assert!(listed.is_sorted_by(|a, b| a < b));
    assert_eq!(listed, names);
}

#[test]
fn every_row_is_sound() {
    for (name, lines) in blocks() {
        let (table, rows): (Vec<&str>, Vec<&str>) =
            lines.iter().partition(|line| line.starts_with('+'));
        assert!(lines.starts_with(&table), "{name}");
        for line in &table {
            let dependency = Dependency::parse(&line[1..]);
            let dependency = dependency.unwrap_or_else(|| panic!("{name}: {line}"));
            assert_eq!(
                dependency.name,
                normalized_name(&dependency.name),
                "{name}: {line}"
            );
            assert_eq!(
                dependency.marker.is_some(),
                line.contains(';'),
                "{name}: {line}"
            );
        }
        let distinct: BTreeSet<&&str> = table.iter().collect();
        assert_eq!(distinct.len(), table.len(), "{name}");
        let mut versions = Vec::new();
        for row in rows {
            let fields: Vec<&str> = row.split('\t').collect();
            let [texts, python, files, numbers] = fields.as_slice() else {
                panic!("{name}: {row}");
            };
            let texts = texts.split(' ').map(|text| text.trim_end_matches('!'));
            versions.extend(texts.map(|text| {
                assert_eq!(version(text).to_string(), text, "{name}");
                version(text)
            }));
            assert!(is_python(python), "{name}: {row}");
            assert!(is_files(files), "{name}: {row}");
            assert!(is_numbers(numbers, table.len()), "{name}: {row}");
        }
        assert!(
            !versions.is_empty() && versions.is_sorted_by(|a, b| a < b),
            "{name}"
        );
    }
}

fn is_python(text: &str) -> bool {
    ["-", "\""].contains(&text) || VersionSpecifiers::from_str(text).is_ok()
}

fn is_run(run: &str, most: u32) -> bool {
    let number = |text: &str| text.parse::<u32>().is_ok_and(|it| it < most);
    match run.split_once('-') {
        Some((first, last)) => number(first) && number(last),
        None => number(run),
    }
}

fn is_files(text: &str) -> bool {
    let wheels = text.strip_suffix('s').unwrap_or(text);
    let run = |run: &str| run == "*" || is_run(run.trim_end_matches('+'), 32);
    ["-", "\"", "s"].contains(&text) || wheels.split(',').all(run)
}

fn is_numbers(text: &str, most: usize) -> bool {
    let most = u32::try_from(most).unwrap();
    ["-", "?", "\""].contains(&text) || text.split(',').all(|run| is_run(run, most))
}

/// The minors that `6-9,11` names, as the tests read it.
fn minors(files: &str) -> Vec<u8> {
    let wheels = files.strip_suffix('s').unwrap_or(files);
    let is_in = |minor: &u8, run: &str| match (run, run.split_once('-')) {
        ("*", _) => true,
        ("-" | "", _) => false,
        (_, Some((first, last))) => {
            (first.parse().unwrap()..=last.parse().unwrap()).contains(minor)
        }
        (open, None) if open.ends_with('+') => {
            *minor >= open.trim_end_matches('+').parse().unwrap()
        }
        (one, None) => *minor == one.parse::<u8>().unwrap(),
    };
    let all = 0..40;
    all.filter(|minor| wheels.split(',').any(|run| is_in(minor, run)))
        .collect()
}

/// The minors that `Requires-Python` allows, as the tests read it.
fn minors_that_allow(python: Option<&str>) -> Vec<u8> {
    let specifiers = VersionSpecifiers::from_str(python.unwrap_or_default()).unwrap();
    let fits = |minor: &u8| specifiers.contains(&Version::new([3, u64::from(*minor), 15]));
    (0..40).filter(fits).collect()
}

/// The dependencies that `0-2,5` names; `None` for `?`.
fn asked(numbers: &str, table: &[&str]) -> Option<Vec<Dependency>> {
    let mut found = Vec::new();
    for run in numbers.split(',').filter(|run| *run != "-") {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        found.extend(
            table[first..=last]
                .iter()
                .map(|it| Dependency::parse(&it[1..]).unwrap()),
        );
    }
    Some(found)
}

#[test]
fn the_packed_form_says_what_the_text_says() {
    let days = days();
    let mut allowed: HashMap<Option<&str>, Vec<u8>> = HashMap::new();
    let mut count = 0;
    for (name, lines) in blocks() {
        let found = find(name).unwrap();
        let mut releases = found.releases().iter();
        let (table, rows): (Vec<&str>, Vec<&str>) =
            lines.iter().partition(|line| line.starts_with('+'));
        let mut last = ["-"; 3];
        for row in rows {
            let (versions, fields) = row.split_once('\t').unwrap();
            for (known, field) in last.iter_mut().zip(fields.split('\t')) {
                *known = if field == "\"" { *known } else { field };
            }
            let [python, files, numbers] = last;
            let python = Some(python).filter(|it| *it != "-");
            let allowed = allowed
                .entry(python)
                .or_insert_with(|| minors_that_allow(python));
            let wheels = minors(files);
            let needed = asked(numbers, &table);
            for text in versions.split(' ') {
                let release = releases.next().unwrap();
                let written = text.trim_end_matches('!');
                assert_eq!(release.version, version(written), "{name}");
                assert_eq!(release.yanked, text.ends_with('!'), "{name} {text}");
                assert_eq!(release.requires_python(), python, "{name} {text}");
                assert_eq!(release.has_source(), files.ends_with('s'), "{name} {text}");
                assert_eq!(release.has_wheels(), !wheels.is_empty(), "{name} {text}");
                assert_eq!(release.uploaded, days.get(&(name, written)).copied());
                for minor in 0..40 {
                    let wheel = release.record.wheels().contain(minor);
                    assert_eq!(wheel, wheels.contains(&minor), "{name} {text} {minor}");
                    let allows = release.allows(target(minor));
                    assert_eq!(allows, allowed.contains(&minor), "{name} {text}");
                }
                assert_eq!(release.needs(), needed, "{name} {text}");
                count += 1;
            }
        }
        assert_eq!(releases.next(), None, "{name}");
        let middle = &found.releases()[found.releases().len() / 2];
        assert_eq!(found.release(&middle.version), Some(middle));
        assert_eq!(needs(name, &middle.version), middle.needs());
    }
    assert!(count > 30_000, "{count}");
    assert!(
        Block::all()
            .iter()
            .map(|it| it.name)
            .eq(blocks().iter().map(|(name, _)| *name))
    );
}

#[test]
fn what_is_not_there_is_unknown() {
    for name in [
        "",
        "a",
        "@",
        "no-such-distribution",
        "zzz",
        "Dash",
        "dash\n",
    ] {
        assert_eq!(find(name), None, "{name}");
        assert_eq!(needs(name, &version("1.0")), None, "{name}");
    }
    assert_eq!(needs("dash", &version("1.99.7")), None);
    assert_eq!(find("dash").unwrap().release(&version("1.99.7")), None);
}

/// The days of the text, by distribution and version.
fn days() -> HashMap<(&'static str, &'static str), Day> {
    let mut found = HashMap::new();
    let mut name = "";
    for line in DAYS.lines().filter(|line| !line.starts_with('#')) {
        if let Some(next) = line.strip_prefix('@') {
            name = next;
            continue;
        }
        let (day, versions) = line.split_once(' ').unwrap();
        let day: Day = day.parse().unwrap();
        found.extend(versions.split(' ').map(|version| ((name, version), day)));
    }
    found
}

#[test]
fn every_day_is_of_a_release() {
    let mut count = 0;
    let days = days();
    for (name, _) in blocks() {
        let known = find(name).unwrap();
        let with_day = known.releases().iter().filter(|it| it.uploaded.is_some());
        count += with_day.count();
    }
    assert!(count > 5_000);
    assert_eq!(count, days.len());
}

#[test]
fn what_a_release_needs_depends_on_the_target_and_the_extras() {
    let base = ["click", "itsdangerous", "jinja2", "werkzeug"];
    assert_eq!(needed("flask", "2.0.1", 9, &[]), base);
    let mut with_async = base.to_vec();
    with_async.insert(0, "asgiref");
    assert_eq!(needed("flask", "2.0.1", 9, &["async"]), with_async);
    assert!(needed("flask", "2.2.0", 9, &[]).contains(&"importlib-metadata".to_owned()));
    assert!(!needed("flask", "2.2.0", 10, &[]).contains(&"importlib-metadata".to_owned()));
    // The sources of Dash 1 tell by their egg-info.
    assert!(needed("dash", "1.20.0", 8, &[]).contains(&"dash-core-components".to_owned()));
    assert_eq!(needs("flask", &version("0.0.7")), None);
}

#[test]
fn a_version_is_found_by_its_meaning() {
    let short = needs("flask", &version("2.0"));
    assert!(short.is_some());
    assert_eq!(short, needs("flask", &version("2.0.0")));
    assert_eq!(short, needs("flask", &version("2.0.0.0")));
}

#[test]
fn a_release_installs_where_a_file_fits_and_its_metadata_allows() {
    let old = release("pandas", "1.0.5");
    assert_eq!(old.installs(target(8)), Installs::Wheel);
    assert_eq!(old.installs(target(9)), Installs::Source);
    let new = release("pandas", "2.1.0");
    assert_eq!(new.installs(target(9)), Installs::Wheel);
    assert_eq!(new.installs(target(8)), Installs::Not);
    assert!(!new.allows(target(8)));
    assert_eq!(
        release("flask", "2.0.1").installs(target(12)),
        Installs::Wheel
    );
}

/// What packing says of these lines behind a head.
fn problem(edges: &str, days: &str) -> String {
    pack(&format!("# 2026-01-31: head\n{edges}"), days).unwrap_err()
}

#[test]
fn a_text_that_is_not_sound_stops_the_build_with_its_line() {
    let sound = "# 2026-01-31: head\n@a\n+b[c]>=1;python_version < \"3.8\"\n1 2!\t>=3\t*s\t0\n@b\n1\t-\t-\t?\n";
    assert!(pack(sound, "@a\n2021-03-31 1 2\n").is_ok());
    assert_eq!(pack("", ""), Err("the snapshot is empty".to_owned()));
    assert_eq!(
        pack("# head\n", ""),
        Err("the first line of edges.txt names no day".to_owned())
    );
    for (edges, says) in [
        ("@a\n1\t-\t-\n", "edges.txt, line 3: a row has four fields"),
        (
            "@a\n1\t-\t-\t0\n",
            "edges.txt, line 3: there is no dependency 0",
        ),
        (
            "@a\n2 1\t-\t-\t-\n",
            "edges.txt, line 3: 1 is not newer than the one before",
        ),
        ("@a\n1\t-\t7-x\t-\n", "`x` is no number"),
        ("@a\n1\t-\t99+\t-\n", "99 is no minor of Python"),
        (
            "@a\n+b[c\n1\t-\t-\t0\n",
            "edges.txt, line 3: an extra without its end",
        ),
        (
            "@a\n@b\n1\t-\t-\t-\n",
            "edges.txt, line 3: a has no release",
        ),
        ("@a\n1\t-\t-\t-\n@a\n1\t-\t-\t-\n", "a twice"),
    ] {
        assert_eq!(problem(edges, ""), says);
    }
    assert_eq!(
        problem("@a\nx\t-\t-\t-\n", "").split(':').next(),
        Some("edges.txt, line 3")
    );
    let day = problem("@a\n1\t-\t-\t-\n", "@a\n2021-02-30 1\n");
    assert!(
        day.starts_with("days.txt, line 2: `2021-02-30` is no day"),
        "{day}"
    );
}
