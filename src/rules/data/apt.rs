//! The Debian packages: names that are gone in Ubuntu 22.04.

use std::sync::LazyLock;

use serde::Deserialize;

use super::table;

/// A package that DE5's Ubuntu does not have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Gone {
    /// Its name on DE4.
    pub(in crate::rules) name: String,
    /// The package that does its work on DE5, if there is one.
    pub(in crate::rules) replacement: Option<String>,
    /// Whether it is there, and does nothing but install a snap.
    #[serde(default)]
    pub(in crate::rules) snap: bool,
    /// Whether it is there, and its script does what matters.
    #[serde(default)]
    pub(in crate::rules) script: bool,
    /// Why it is gone, half a sentence.
    pub(in crate::rules) reason: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AptTable {
    gone: Vec<Gone>,
}

static TABLE: LazyLock<AptTable> = LazyLock::new(|| table!("apt_renames"));

/// The row of a package that is gone; `name` is bare, without version and architecture.
pub(in crate::rules) fn gone(name: &str) -> Option<&'static Gone> {
    TABLE.gone.iter().find(|row| row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::apt::{bare_name, name_problem};
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_a_name_with_a_reason_once() {
        let strict: AptTable = crate::tables::strict("apt_renames");
        let mut seen = BTreeSet::new();
        for row in &strict.gone {
            assert!(seen.insert(&row.name), "{} stands twice", row.name);
            assert!(
                !row.reason.is_empty() && !row.reason.ends_with('.'),
                "{}",
                row.name
            );
            for name in [Some(&row.name), row.replacement.as_ref()]
                .into_iter()
                .flatten()
            {
                assert_eq!(name_problem(name), None, "{name}");
                assert_eq!(bare_name(name), name);
            }
            let replacement = row.replacement.as_deref().unwrap_or_default();
            assert!(gone(replacement).is_none(), "{replacement} is gone too");
        }
        assert!(
            gone("libgl1-mesa-glx").is_none(),
            "a transitional package of 22.04"
        );
    }
}
