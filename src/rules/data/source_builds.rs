//! Distributions whose build from source needs more than Python. The rows are in
//! `rules/data/source_builds.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::table;

static BUILDS: LazyLock<Builds> = LazyLock::new(|| table!("source_builds"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Builds {
    distribution: Vec<Build>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Build {
    names: Vec<String>,
    needs: String,
}

/// What a build of `name` (normalised) from source needs beside Python; `None` where the table
/// does not say.
pub(in crate::rules) fn needs(name: &str) -> Option<&'static str> {
    let mut rows = BUILDS.distribution.iter();
    let row = rows.find(|row| row.names.iter().any(|known| known == name))?;
    Some(&row.needs)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::files::requirements::normalized_name;
    use crate::packages::snapshot::{Release, releases};
    use crate::tables::strict;

    #[test]
    fn every_row_names_compiled_distributions_of_the_snapshot_once() {
        let table: Builds = strict("source_builds");
        let names = table.distribution.iter().flat_map(|row| &row.names);
        let mut seen = BTreeSet::new();
        for name in names {
            assert_eq!(*name, normalized_name(name));
            assert!(seen.insert(name), "{name} twice");
            let releases = releases(name).unwrap_or_else(|| panic!("{name} is unknown"));
            assert!(releases.iter().any(Release::has_wheels), "{name}");
        }
        assert!(table.distribution.iter().all(|row| !row.needs.is_empty()));
        assert_eq!(needs("scipy"), Some("Fortran and C compilers and BLAS"));
        assert_eq!(needs("six"), None);
    }
}
