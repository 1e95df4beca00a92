//! Names in lists that are no distribution which an index gives to a Linux: parts of a machine or of
//! an Anaconda installation, names that code imports, modules of the standard library. The rows are
//! in `rules/data/misnamed.toml`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::tables::table;

static TABLE: LazyLock<MisnamedTable> = LazyLock::new(|| table!("misnamed"));
static ROWS: LazyLock<HashMap<&'static str, &'static Misnamed>> = LazyLock::new(|| {
    let rows = TABLE.name.iter();
    rows.map(|row| (row.name.as_str(), row)).collect()
});

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MisnamedTable {
    name: Vec<Misnamed>,
}

/// A name that is no distribution of an index, or none for Linux.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misnamed {
    /// The name, normalised.
    pub name: String,
    /// What it is.
    pub kind: MisnamedKind,
    /// The distributions that are meant, the likeliest first; none where there is none.
    #[serde(default)]
    pub instead: Vec<String>,
    /// Whether an index has a distribution of this name too: then it is a part of a machine only in
    /// a list that shows one by other names.
    #[serde(default)]
    pub is_shared: bool,
}

/// What a name is that is no distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MisnamedKind {
    /// A part of an Ubuntu or Debian machine.
    System,
    /// A program of an Anaconda installation.
    Anaconda,
    /// A distribution for Windows only.
    Windows,
    /// A distribution for macOS only.
    Macos,
    /// A name that code imports, or a near one.
    Import,
}

/// Whether a (normalised) name is built like those of spaCy's models: language, kind, what it was
/// made from, size.
pub fn is_model(name: &str) -> bool {
    const KINDS: &[&str] = &["core", "dep", "ent"];
    const FROM: &[&str] = &["news", "web", "wiki", "udv25", "supersense", "treebank"];
    const SIZES: &[&str] = &["sm", "md", "lg", "trf"];
    let parts: Vec<&str> = name.split('-').collect();
    let [language, kind, from, size] = parts.as_slice() else {
        return false;
    };
    language.len() == 2 && KINDS.contains(kind) && FROM.contains(from) && SIZES.contains(size)
}

/// The row about a (normalised) name.
pub fn find_misnamed(name: &str) -> Option<&'static Misnamed> {
    ROWS.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::requirements::normalized_name;
    use crate::packages::snapshot;
    use crate::tables::strict;

    #[test]
    fn every_row_is_a_name_that_the_snapshot_does_not_know_and_says_what_is_meant() {
        let table: MisnamedTable = strict("misnamed");
        for row in &table.name {
            assert_eq!(row.name, normalized_name(&row.name));
            assert_eq!(find_misnamed(&row.name), Some(row));
            assert_eq!(
                row.kind == MisnamedKind::Import,
                !row.instead.is_empty() && !is_of_one_system(row.kind),
                "{row:?}"
            );
            assert!(
                !row.is_shared || row.kind == MisnamedKind::System,
                "{row:?}"
            );
            // The index has holders of some names that code imports.
            if row.kind != MisnamedKind::Import && !row.is_shared {
                assert_eq!(snapshot::find(&row.name), None, "{row:?}");
            }
            for instead in &row.instead {
                assert_ne!(*instead, row.name);
                assert_eq!(*instead, normalized_name(instead));
            }
        }
        assert_eq!(ROWS.len(), table.name.len());
        assert_eq!(find_misnamed("dash"), None);
    }

    #[test]
    fn models_are_told_by_their_names() {
        for name in [
            "en-core-web-sm",
            "zh-core-web-trf",
            "xx-ent-wiki-sm",
            "de-dep-news-trf",
        ] {
            assert!(is_model(name), "{name}");
        }
        for name in [
            "en-core",
            "dash-core-components",
            "my-core-web-app",
            "en-core-web-xl",
        ] {
            assert!(!is_model(name), "{name}");
        }
    }

    fn is_of_one_system(kind: MisnamedKind) -> bool {
        matches!(kind, MisnamedKind::Windows | MisnamedKind::Macos)
    }
}
