use std::collections::BTreeSet;

use super::*;
use crate::files::requirements::normalized_name;

/// gzip packs the text to less than a quarter of its size, so this keeps it below 500 kB.
const MOST_BYTES: usize = 2_000_000;

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

#[test]
fn every_distribution_is_found_with_all_its_releases() {
    for (name, lines) in blocks() {
        let rows = lines.iter().filter(|line| !line.starts_with('+'));
        let listed: usize = rows
            .map(|row| row.split('\t').next().unwrap().split(' ').count())
            .sum();
        let found = find(name).unwrap();
        assert_eq!(found.releases().len(), listed, "{name}");
        let last = found.releases().last().unwrap();
        assert_eq!(found.release(&last.version), Some(last));
        assert_eq!(last.needs(), needs(name, &last.version));
        if let Some(needs) = last.needs() {
            assert!(needs.iter().all(|it| !it.name.is_empty()), "{name}");
        }
    }
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

#[test]
fn a_search_finds_each_of_few_and_none_of_none() {
    let text = "# head\n@a\n1\t-\ts\t-\n@ab\n+a\n1 2!\t>=3\t*s\t0\n3\t\"\t\"\t?\n@c\n1\t-\t-\t-\n";
    let found = |name: &str| Block::find(text, name).map(|it| it.rows().count());
    assert_eq!(["a", "ab", "c"].map(found), [Some(1), Some(2), Some(1)]);
    assert_eq!(["", "0", "aa", "b", "d"].map(found), [None; 5]);
    let block = Block::find(text, "ab").unwrap();
    let rows: Vec<Row> = block.rows().collect();
    assert_eq!(block.needs(&rows[0]), Some(vec!["a"]));
    assert_eq!(block.needs(&rows[1]), None);
    assert_eq!((rows[1].python, rows[1].files), (">=3", "*s"));
    let read = releases_of(block, rows[0]);
    assert_eq!((read[0].yanked, read[1].yanked), (false, true));
    assert_eq!(Block::find("# head\n", "a"), None);
    assert_eq!(Block::find("", "a"), None);
}
