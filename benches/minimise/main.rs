//! Frozen lists, minimised: how many come back as a person wrote them, beside the leaves of the
//! dependency graph.
//!
//! `cargo bench --bench minimise -- [--metadata FILE] [--write FOLDER] [--peers FILE] [-v]`
//!
//! `--metadata` names what `environment.py` wrote: the edges of installed environments instead of
//! the embedded snapshot's. `--write` puts the reduced lists into a folder, for `online.py`.
//! `--peers` names what `peers.py` wrote: what deptry keeps. `-v` shows each list.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

mod cases;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::time::Instant;

use cases::{Case, Outcome};
use dashlift::packages::edges::{Metadata, Origin};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|it| it == name)?;
        arguments.get(at + 1)
    };
    let environment = value("--metadata").map(|it| metadata(Path::new(it)));
    let environment = environment.transpose()?;
    let cases = cases::all();
    let start = Instant::now();
    let minimised: Vec<Outcome> = cases
        .iter()
        .map(|case| case.minimise(environment.as_ref()))
        .collect();
    let time = start.elapsed();
    let leaves: Vec<Outcome> = cases
        .iter()
        .map(|case| case.leaves(environment.as_ref()))
        .collect();
    println!(
        "| | lists | lines | come back exactly | lines above the ideal | needed lines lost | not proven |"
    );
    println!("|---|---|---|---|---|---|---|");
    let name = match environment {
        Some(_) => "dashlift, environment",
        None => "dashlift, offline",
    };
    print(name, &cases, &minimised);
    print("leaves of the graph", &cases, &leaves);
    if let Some(peers) = value("--peers") {
        print("deptry", &cases, &peer(&cases, Path::new(peers))?);
    }
    println!("\n{} lists in {} ms", cases.len(), time.as_millis());
    let detailed = arguments.iter().any(|it| it == "-v");
    show(&cases, &minimised, detailed);
    match value("--write") {
        Some(folder) => write(&cases, &minimised, Path::new(folder)),
        None => Ok(()),
    }
}

fn print(name: &str, cases: &[Case], outcomes: &[Outcome]) {
    let lines: usize = cases.iter().map(|it| it.frozen.len()).sum();
    let exact = outcomes.iter().filter(|it| it.is_exact()).count();
    let above: usize = outcomes.iter().map(|it| it.above.len()).sum();
    let lost: usize = outcomes.iter().map(|it| it.lost.len()).sum();
    let unproven = outcomes.iter().filter(|it| it.unproven.is_some()).count();
    let lists = cases.len();
    println!("| {name} | {lists} | {lines} | {exact} | {above} | {lost} | {unproven} |");
}

/// What is not as it should be: how often each line is too many, and what is lost.
fn show(cases: &[Case], outcomes: &[Outcome], detailed: bool) {
    let mut above: BTreeMap<&str, usize> = BTreeMap::new();
    for (case, outcome) in cases.iter().zip(outcomes) {
        for line in &outcome.above {
            *above.entry(line).or_default() += 1;
        }
        let what = format!("{} on 3.{}", case.name, case.python);
        if !outcome.lost.is_empty() {
            println!("{what} LOST {}", outcome.lost.join(", "));
        }
        if let Some(why) = &outcome.unproven {
            println!("{what} UNPROVEN {why}");
        }
        if detailed && !outcome.above.is_empty() {
            println!("{what} above: {}", outcome.above.join(", "));
        }
    }
    let mut above: Vec<(&str, usize)> = above.into_iter().collect();
    above.sort_by_key(|(line, count)| (usize::MAX - count, *line));
    println!("\nlines above the ideal:");
    for (line, count) in above {
        println!("{count:4} {line}");
    }
}

/// Reads `{"name==version": ["requirement", ...]}`.
fn metadata(path: &Path) -> io::Result<Metadata> {
    let known: BTreeMap<String, Vec<String>> = read(path)?;
    let mut metadata = Metadata::new(Origin::Environment("site-packages".into()));
    for (pin, requires) in &known {
        let (name, version) = pin.split_once("==").unwrap_or((pin, ""));
        metadata.add(name, version, requires.iter().map(String::as_str));
    }
    Ok(metadata)
}

/// Reads `{"case-3.8": ["kept", ...]}`.
fn peer(cases: &[Case], path: &Path) -> io::Result<Vec<Outcome>> {
    let verdicts: BTreeMap<String, BTreeSet<String>> = read(path)?;
    let outcomes = cases.iter().map(|case| {
        let key = format!("{}-3.{}", case.name, case.python);
        let kept = verdicts.get(&key).cloned().unwrap_or_default();
        Outcome {
            above: kept.difference(&case.ideal).cloned().collect(),
            lost: case.ideal.difference(&kept).cloned().collect(),
            kept,
            ..Outcome::default()
        }
    });
    Ok(outcomes.collect())
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> io::Result<T> {
    serde_json::from_str(&fs::read_to_string(path)?).map_err(io::Error::from)
}

/// Each reduced list, and its constraints: the lines that went.
fn write(cases: &[Case], outcomes: &[Outcome], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (case, outcome) in cases.iter().zip(outcomes) {
        let stays = |line: &&String| cases::names(line).any(|it| outcome.kept.contains(&it));
        let (kept, gone): (Vec<&String>, Vec<&String>) = case.frozen.iter().partition(stays);
        let text = |lines: Vec<&String>| -> String {
            let ended = lines.into_iter().flat_map(|line| [line.as_str(), "\n"]);
            ended.collect()
        };
        let name = format!("{}-3.{}", case.name, case.python);
        fs::write(folder.join(format!("{name}.txt")), text(kept))?;
        fs::write(folder.join(format!("{name}.constraints")), text(gone))?;
    }
    Ok(())
}
