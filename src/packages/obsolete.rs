//! Distributions that a newer Python or a newer Dash makes needless. The rows are in
//! `rules/data/backports.toml`.

use std::str::FromStr;
use std::sync::LazyLock;

use pep440_rs::Version;
use serde::Deserialize;

use super::Target;
use crate::tables::table;

static TABLE: LazyLock<ObsoleteTable> = LazyLock::new(|| table!("backports"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ObsoleteTable {
    backport: Vec<Backport>,
    part: Vec<MergedDistribution>,
}

/// A copy of a module of the standard library.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backport {
    /// The distribution, normalised.
    pub name: String,
    /// The module of the standard library.
    pub module: String,
    /// The minor of the Python 3 that has it.
    pub since: u8,
    /// The module of the distribution's own name; code that imports it goes on needing the
    /// distribution. `None` where it brings the standard library's name only.
    pub imports: Option<String>,
}

/// A distribution that became a part of dash.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergedDistribution {
    /// The distribution, normalised.
    pub name: String,
    /// The module of dash.
    pub module: String,
    since: String,
    /// The module of the distribution's own name.
    pub imports: String,
}

impl MergedDistribution {
    /// The first dash that has it; `None` if the row holds none, which a test excludes.
    pub fn since(&self) -> Option<Version> {
        Version::from_str(&self.since).ok()
    }
}

/// Why a distribution is needless.
#[derive(Debug, Clone, Copy)]
pub enum Obsolete {
    /// The target's standard library has it.
    Backport(&'static Backport),
    /// The app's dash has it.
    Part(&'static MergedDistribution),
}

impl Obsolete {
    /// The module of the distribution's own name: while the app imports it, the distribution is
    /// needed all the same.
    pub fn imports(&self) -> Option<&'static str> {
        match self {
            Self::Backport(row) => row.imports.as_deref(),
            Self::Part(row) => Some(&row.imports),
        }
    }

    /// Half a sentence: `Python 3.10 has enum`, `dash has dash.dcc since 2.0`.
    pub fn reason(&self, target: Target) -> String {
        match self {
            Self::Backport(row) => format!("{target} has {} itself", row.module),
            Self::Part(row) => {
                let since = row.since.trim_end_matches("a0");
                let since = since.strip_suffix(".0").unwrap_or(since);
                format!("dash has {} since {since}", row.module)
            }
        }
    }
}

/// The row about a backport (normalised name), whatever the Python.
pub fn backport(name: &str) -> Option<&'static Backport> {
    TABLE.backport.iter().find(|row| row.name == name)
}

/// Why `name` (normalised) is needless on the target, beside this version of dash (`None` when the
/// list has no dash or does not pin it: then nothing is known to be a part of it). Whether the app
/// imports [`Obsolete::imports`] is for the caller to look at.
pub fn obsolete(name: &str, target: Target, dash: Option<&Version>) -> Option<Obsolete> {
    let row = backport(name).filter(|row| target.minor() >= row.since);
    row.map(Obsolete::Backport).or_else(|| {
        let row = TABLE.part.iter().find(|row| row.name == name)?;
        let reached = row
            .since()
            .zip(dash)
            .is_some_and(|(since, it)| *it >= since);
        reached.then_some(Obsolete::Part(row))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::requirements::normalized_name;
    use crate::packages::names;

    fn strict() -> ObsoleteTable {
        crate::tables::strict("backports")
    }

    #[test]
    fn every_backport_says_since_when() {
        let table = strict();
        assert!(table.backport.len() > 30);
        for row in &table.backport {
            assert_eq!(row.name, normalized_name(&row.name));
            let first = row.module.split('.').next().unwrap();
            assert!(names::is_standard(first), "{}", row.name);
            assert!(row.since <= 12, "{}", row.name);
            let before = row.since.checked_sub(1).map(Target::new);
            assert!(obsolete(&row.name, Target::new(row.since), None).is_some());
            assert!(before.is_none_or(|it| obsolete(&row.name, it, None).is_none()));
            assert!(backport(&row.name).is_some());
        }
    }

    #[test]
    fn every_part_of_dash_says_since_when() {
        let target = Target::new(10);
        for row in &strict().part {
            let since = row.since().unwrap();
            let old = Version::from_str("1.10.0").unwrap();
            let found = obsolete(&row.name, target, Some(&since)).unwrap();
            assert_eq!(found.imports(), Some(row.imports.as_str()));
            assert!(obsolete(&row.name, target, Some(&old)).is_none());
            assert!(obsolete(&row.name, target, None).is_none());
        }
    }

    #[test]
    fn reasons_are_said() {
        let target = Target::new(10);
        let dash = Version::from_str("2.9.3").unwrap();
        let reason = |name| obsolete(name, target, Some(&dash)).map(|it| it.reason(target));
        assert_eq!(reason("enum34").unwrap(), "Python 3.10 has enum itself");
        assert_eq!(
            reason("dash-core-components").unwrap(),
            "dash has dash.dcc since 2.0"
        );
        assert!(reason("importlib-metadata").is_none() && reason("dash").is_none());
    }
}
