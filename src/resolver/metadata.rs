//! What the snapshot knows of releases that come as source only, as uv reads it: a `uv.toml` with
//! `[[dependency-metadata]]`. uv then asks no source what it needs, which would run its `setup.py`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::files::requirements::normalized_name;
use crate::packages::snapshot::{self, Distribution, Installs};
use crate::packages::solve::SolveRequest;
use crate::packages::{Dependency, Target};

/// The most distributions that are looked at: more than the largest list brings.
const MOST: usize = 2_000;

/// The text of the `uv.toml` for a request. With nothing known it is empty, and still keeps the
/// files of folders above away.
pub(super) fn configuration(request: &SolveRequest) -> String {
    let asked = request.requirements.iter().chain(&request.constraints);
    let mut waiting: Vec<String> = asked.filter_map(|line| name_of(line)).collect();
    let mut seen = BTreeSet::new();
    let mut text = String::new();
    while let Some(name) = waiting.pop() {
        if seen.len() >= MOST || !seen.insert(name.clone()) {
            continue;
        }
        waiting.extend(describe(&name, request.target, &mut text));
    }
    text
}

fn name_of(line: &str) -> Option<String> {
    let line = line.trim_start();
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c));
    let name = line.get(..end.unwrap_or(line.len()))?;
    (!name.is_empty() && !name.starts_with('-')).then(|| normalized_name(name))
}

/// Describes the releases of a distribution that come as source on the target; the names of all
/// that any of its releases needs there, extras aside.
fn describe(name: &str, target: Target, text: &mut String) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let known = snapshot::find(name);
    for release in known.iter().flat_map(Distribution::releases) {
        let Some(needs) = release.needs() else {
            continue;
        };
        let applying = needs.iter().filter(|need| need.applies(target, &[]));
        needed.extend(applying.map(|need| need.name.clone()));
        if release.installs(target) != Installs::Source {
            continue;
        }
        let needs: Vec<String> = needs.iter().map(Dependency::to_string).collect();
        // Writing into a text does not fail.
        let _ = writeln!(text, "[[dependency-metadata]]\nname = {name:?}");
        let _ = writeln!(text, "version = \"{}\"", release.version);
        let _ = writeln!(text, "requires-dist = {}", array(&needs));
        if let Some(python) = release.requires_python() {
            let _ = writeln!(text, "requires-python = \"{python}\"");
        }
    }
    needed
}

/// An array of TOML; its strings are written as those of JSON are.
fn array(items: &[String]) -> String {
    let items = items.iter().map(|item| serde_json::Value::from(&**item));
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    format!("[{}]", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::solve::Choose;

    fn request(line: &str) -> SolveRequest {
        SolveRequest {
            target: Target::new(10),
            requirements: vec![line.to_owned()],
            constraints: Vec::new(),
            options: Vec::new(),
            wheels_only: BTreeSet::new(),
            choose: Choose::Newest,
            with_dependencies: true,
        }
    }

    #[test]
    fn releases_without_wheels_are_described_with_what_they_bring() {
        let text = configuration(&request("dash[celery]==1.0.0"));
        let read: toml_edit::DocumentMut = text.parse().unwrap();
        let described = read["dependency-metadata"].as_array_of_tables().unwrap();
        let of = |name: &str, version: &str| {
            let mut all = described.iter();
            all.find(|it| {
                it["name"].as_str() == Some(name) && it["version"].as_str() == Some(version)
            })
        };
        let dash = of("dash", "1.0.0").unwrap();
        let needs = dash["requires-dist"].as_array().unwrap();
        assert!(needs.iter().any(|need| {
            let need = need.as_str().unwrap_or_default();
            need.to_ascii_lowercase().starts_with("flask")
        }));
        // Newer ones have wheels, which uv reads itself.
        assert!(of("dash", "2.9.3").is_none());
        assert!(of("dash-core-components", "1.0.0").is_some());
    }

    #[test]
    fn what_nobody_knows_makes_an_empty_configuration() {
        assert_eq!(configuration(&request("no-such-thing==1.0")), "");
        assert_eq!(configuration(&request("-e .")), "");
    }
}
