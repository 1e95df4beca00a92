//! What Debian packages put where code looks for it. The rows are in `rules/data/apt_paths.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::table;

static TABLE: LazyLock<AptPathTable> = LazyLock::new(|| table!("apt_paths"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AptPathTable {
    programs: BTreeMap<String, Vec<String>>,
    folders: BTreeMap<String, Vec<String>>,
    base: Base,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    programs: Vec<String>,
}

/// Folders in which packages put programs.
const PROGRAMS: &[&str] = &["/usr/bin/", "/usr/local/bin/", "/usr/sbin/"];

/// Other folders that packages fill.
const FOLDERS: &[&str] = &["/usr/share/", "/usr/lib/", "/opt/"];

/// The program that an absolute path names: `wkhtmltopdf` of `/usr/bin/wkhtmltopdf`.
pub(in crate::rules) fn program_of(path: &str) -> Option<&str> {
    let name = PROGRAMS
        .iter()
        .find_map(|folder| path.strip_prefix(folder))?;
    (!name.is_empty() && !name.contains('/')).then_some(name)
}

/// Whether the path is one that a package may have brought, and every image has not.
pub(in crate::rules) fn is_from_package(path: &str) -> bool {
    match program_of(path) {
        Some(name) => !TABLE.base.programs.iter().any(|it| it == name),
        None => FOLDERS
            .iter()
            .any(|it| path.starts_with(it) && path.len() > it.len()),
    }
}

/// Whether the package (bare name) brings the path.
pub(in crate::rules) fn brings(package: &str, path: &str) -> bool {
    let listed =
        |rows: &'static BTreeMap<String, Vec<String>>| rows.get(package).into_iter().flatten();
    if let Some(name) = program_of(path) {
        return name == package || listed(&TABLE.programs).any(|it| it == name);
    }
    let in_folder = |folder: &str| {
        let rest = path.strip_prefix(folder);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    listed(&TABLE.folders).any(|it| in_folder(it))
        || in_folder(&format!("/usr/share/{package}"))
        || in_folder(&format!("/usr/lib/{package}"))
        || in_folder(&format!("/opt/{package}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::apt::{bare_name, name_problem};

    #[test]
    fn every_row_brings_its_paths() {
        let table: AptPathTable = crate::tables::strict("apt_paths");
        assert!(table.programs.len() > 30 && table.folders.len() > 10);
        for (package, programs) in &table.programs {
            assert_eq!(name_problem(package), None, "{package}");
            assert_eq!(bare_name(package), package);
            for program in programs {
                let path = format!("/usr/bin/{program}");
                assert!(is_from_package(&path) && brings(package, &path), "{path}");
            }
        }
        for (package, folders) in &table.folders {
            for folder in folders {
                let path = format!("{folder}/x");
                assert!(is_from_package(&path) && brings(package, &path), "{path}");
            }
        }
        for program in &table.base.programs {
            assert!(
                !is_from_package(&format!("/usr/bin/{program}")),
                "{program}"
            );
        }
    }

    #[test]
    fn other_paths_are_no_packages() {
        for path in ["/usr/bin/", "/tmp/x", "/opt/", "usr/bin/x", "/usr/bin/a/b"] {
            assert!(!is_from_package(path), "{path}");
        }
        assert!(brings("vim", "/usr/bin/vim") && !brings("vim", "/usr/bin/gs"));
    }
}
