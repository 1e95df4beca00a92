//! The distributions behind the modules that code imports. The rows are in
//! `rules/data/import_names.toml`; a name is only ever looked for among those that a list holds.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::files::requirements::normalized_name;
use crate::tables::table;

static NAMES: LazyLock<ImportNameTable> = LazyLock::new(|| table!("import_names"));
static STANDARD: LazyLock<Standard> = LazyLock::new(|| table!("standard_library"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportNameTable {
    /// Distributions by module; none for a package that many distributions share.
    modules: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Standard {
    modules: HashSet<String>,
    later: BTreeMap<String, u8>,
}

/// Whether the standard library of some Python 3 has this top-level module.
pub fn is_standard(module: &str) -> bool {
    module.starts_with('_')
        || STANDARD.modules.contains(module)
        || STANDARD.later.contains_key(module)
}

/// The modules that a dotted name may mean, the longest first: `a.b.c`, `a.b`, `a`.
fn prefixes(module: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(module), |it| {
        it.rsplit_once('.').map(|(front, _)| front)
    })
}

/// The rows of the table for a dotted name, the longest first.
fn rows(module: &str) -> impl Iterator<Item = &'static Vec<String>> {
    prefixes(module).filter_map(|prefix| NAMES.modules.get(prefix))
}

/// Those of the `listed` distributions (normalised names) that may bring `module`, a dotted name;
/// the name that `from` takes out of it may be its last part. Several where the list holds several
/// candidates: which of them Python finds cannot be told from outside. Ordered by name.
pub fn distributions_of(module: &str, listed: &BTreeSet<String>) -> Vec<String> {
    let mut found: BTreeSet<&String> = BTreeSet::new();
    let mut candidates = rows(module);
    let known = candidates.find_map(|names| {
        let names: Vec<&String> = names.iter().filter_map(|it| listed.get(it)).collect();
        (!names.is_empty()).then_some(names)
    });
    found.extend(known.into_iter().flatten());
    let top = module.split('.').next().unwrap_or(module);
    if !is_standard(top) {
        let same = prefixes(module).filter_map(|it| listed.get(&normalized_name(it)));
        found.extend(same);
    }
    if found.is_empty() {
        found.extend(below(module, listed));
    }
    if found.is_empty() && !is_standard(top) {
        found.extend(alike(top, listed));
    }
    found.into_iter().cloned().collect()
}

/// All listed distributions that put a module into the package that many share: `import
/// google.cloud` alone may use any of them.
fn below<'l>(module: &str, listed: &'l BTreeSet<String>) -> Vec<&'l String> {
    if NAMES
        .modules
        .get(module)
        .is_none_or(|names| !names.is_empty())
    {
        return Vec::new();
    }
    let inside = format!("{module}.");
    let rows = NAMES.modules.iter();
    let rows = rows.filter(|(name, _)| name.starts_with(&inside));
    let mut found: Vec<&String> = rows
        .flat_map(|(_, names)| names)
        .filter_map(|name| listed.get(name))
        .collect();
    let beginning = format!("{}-", normalized_name(module));
    found.extend(listed.iter().filter(|name| name.starts_with(&beginning)));
    found
}

/// Listed distributions whose name is the module's but for the usual additions. Only asked where
/// nothing else fits, so that a module with a name that nobody knows does not lose its line.
fn alike<'l>(top: &str, listed: &'l BTreeSet<String>) -> Vec<&'l String> {
    let squashed = |name: &str| name.replace(['-', '_', '.'], "").to_ascii_lowercase();
    let core = squashed(top);
    if core.len() < 3 {
        return Vec::new();
    }
    let is_alike = |name: &&String| {
        let name = squashed(name);
        let rest = match name.find(&core) {
            Some(at) => (name.get(..at), name.get(at + core.len()..)),
            None => return false,
        };
        let usual = [
            "", "py", "python", "python3", "2", "3", "binary", "api", "client", "sdk", "lib",
            "core",
        ];
        let is_usual = |part: Option<&str>| part.is_some_and(|it| usual.contains(&it));
        is_usual(rest.0) && is_usual(rest.1)
    };
    listed.iter().filter(is_alike).collect()
}

/// Names that a person may look for to get `module`: those of the table, else the module's own.
/// Nothing says that they are the right ones.
pub fn suggestions(module: &str) -> Vec<String> {
    if let Some(names) = rows(module).find(|names| !names.is_empty()) {
        return names.clone();
    }
    let shared = prefixes(module).any(|it| NAMES.modules.contains_key(it));
    let top = module.split('.').next().unwrap_or(module);
    // `google.cloud.kms_v1` is not a distribution named google.
    let name = if shared { module } else { top };
    vec![normalized_name(name)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strict() -> (ImportNameTable, Standard) {
        (
            crate::tables::strict("import_names"),
            crate::tables::strict("standard_library"),
        )
    }

    fn of(module: &str, listed: &[&str]) -> Vec<String> {
        let listed = listed.iter().map(|it| (*it).to_owned()).collect();
        distributions_of(module, &listed)
    }

    #[test]
    fn every_row_finds_its_distributions() {
        let (table, _) = strict();
        assert!(table.modules.len() > 250);
        for (module, names) in &table.modules {
            assert!(module.split('.').all(|part| !part.is_empty()), "{module}");
            for name in names {
                assert_eq!(*name, normalized_name(name), "{module}");
                assert!(of(module, &[name]).contains(name), "{module}");
                let inside = format!("{module}.inside");
                assert!(of(&inside, &[name, "other"]).contains(name), "{module}");
                assert!(suggestions(module).contains(name), "{module}");
            }
            let own = vec![normalized_name(module)];
            assert!(*names != own, "{module} needs no row");
        }
    }

    #[test]
    fn every_standard_module_asks_for_no_distribution() {
        let (names, table) = strict();
        assert!(table.modules.len() > 200);
        for module in &table.modules {
            assert!(is_standard(module));
            assert!(!table.later.contains_key(module), "{module}");
            if !names.modules.contains_key(module) {
                assert!(
                    of(module, &[&normalized_name(module)]).is_empty(),
                    "{module}"
                );
            }
        }
        for (module, since) in &table.later {
            assert!(of(module, &[module.as_str()]).is_empty());
            assert!(is_standard(module) && *since > 6 && *since < 15, "{module}");
        }
        assert!(!is_standard("dash") && !is_standard("numpy"));
    }

    #[test]
    fn dotted_names_are_told_apart() {
        let clouds = ["google-cloud-bigquery", "google-cloud-storage", "protobuf"];
        assert_eq!(
            of("google.cloud.storage", &clouds),
            ["google-cloud-storage"]
        );
        assert_eq!(
            of("google.cloud.storage.blob", &clouds),
            ["google-cloud-storage"]
        );
        assert_eq!(of("google.protobuf.json_format", &clouds), ["protobuf"]);
        assert_eq!(of("google.cloud", &clouds), clouds[..2]);
        assert_eq!(of("google", &clouds), clouds);
        let azure = ["azure-identity", "azure-storage-blob"];
        assert_eq!(of("azure.storage.blob.aio", &azure), ["azure-storage-blob"]);
        assert_eq!(
            of("mpl_toolkits.mplot3d", &["basemap", "matplotlib"]),
            ["matplotlib"]
        );
        assert_eq!(
            of("mpl_toolkits.basemap", &["basemap", "matplotlib"]),
            ["basemap"]
        );
        assert_eq!(of("ruamel.yaml", &["ruamel-yaml"]), ["ruamel-yaml"]);
    }

    #[test]
    fn several_candidates_are_all_used() {
        let both = ["psycopg2", "psycopg2-binary"];
        assert_eq!(of("psycopg2.extras", &both), both);
        assert_eq!(
            of("plotly.express", &["plotly", "plotly-express"]),
            ["plotly", "plotly-express"]
        );
        assert_eq!(of("jwt", &["jwt", "pyjwt"]), ["jwt", "pyjwt"]);
    }

    #[test]
    fn nothing_is_invented() {
        assert!(of("cv2", &["numpy"]).is_empty());
        assert!(of("enum", &["enum34"]).is_empty() && of("typing", &["typing"]).is_empty());
        assert!(of("dataclasses", &["dataclasses"]).is_empty());
        assert_eq!(
            of("ratelimiter", &["python-ratelimiter"]),
            ["python-ratelimiter"]
        );
        assert_eq!(
            of("some_thing", &["something-client"]),
            ["something-client"]
        );
        assert!(of("dash", &["dash-daq"]).is_empty() && of("os", &["os-client"]).is_empty());
    }

    #[test]
    fn suggestions_name_the_likely_one() {
        assert_eq!(suggestions("sklearn.svm")[0], "scikit-learn");
        assert_eq!(suggestions("google.cloud.kms"), ["google-cloud-kms"]);
        assert_eq!(suggestions("some_thing.inside"), ["some-thing"]);
    }
}
