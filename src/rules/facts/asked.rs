//! What an app's lists say about the version of one distribution: the question of rules whose
//! repair is right from some version on.

use pep440_rs::{Operator, Version, VersionSpecifiers};

use crate::app::{App, Role};
use crate::files::conda_spec::{Meaning, read_item};
use crate::files::requirements::{RequirementSource, never_on_linux};
use crate::rules::requirement_lists::{all, lowest};

/// The versions of a distribution that an app asks for.
#[derive(Debug, Default)]
pub(in crate::rules) struct AskedVersions(Vec<AskedLine>);

/// What one line says.
#[derive(Debug)]
struct AskedLine {
    /// `None` where the version is not said in words: a URL, a variable.
    versions: Option<VersionSpecifiers>,
    /// Whether a marker limits the line to some Pythons.
    conditional: bool,
    /// Whether the line installs something.
    installs: bool,
}

impl AskedVersions {
    /// What the lists of the app say about the (normalised) name; `None` if nothing installs it.
    pub(in crate::rules) fn find(app: &App, name: &str) -> Option<Self> {
        let mut lines: Vec<AskedLine> = pip_lines(app, name).collect();
        lines.extend(conda_line(app, name));
        lines
            .iter()
            .any(|line| line.installs)
            .then_some(Self(lines))
    }

    /// Whether no older version is allowed.
    pub(in crate::rules) fn is_at_least(&self, version: &Version) -> bool {
        let high = |line: &AskedLine| {
            let lowest = line.versions.as_ref().and_then(lowest);
            lowest.is_some_and(|lowest| lowest >= *version)
        };
        let mut always = self.0.iter().filter(|line| !line.conditional);
        let mut installing = self.0.iter().filter(|line| line.installs);
        always.any(high) || installing.all(high)
    }

    /// Whether this version or a newer one is allowed.
    pub(in crate::rules) fn allows_from(&self, version: &Version) -> bool {
        let low = |line: &AskedLine| match &line.versions {
            Some(versions) => is_below(versions, version),
            None => true,
        };
        let mut always = self.0.iter().filter(|line| !line.conditional);
        let mut installing = self.0.iter().filter(|line| line.installs);
        !always.any(low) && !installing.all(low)
    }
}

fn pip_lines<'a>(app: &'a App, name: &'a str) -> impl Iterator<Item = AskedLine> + 'a {
    let lists = &app.requirements().lists;
    let named = all(lists).filter(move |(_, _, found)| found.key.as_deref() == Some(name));
    named.filter_map(|(list, _, requirement)| {
        let marker = requirement
            .marker
            .map(|marker| marker.slice(list.text.as_str()));
        if marker.is_some_and(never_on_linux) {
            return None;
        }
        let versions = match requirement.source {
            RequirementSource::Any => Some(VersionSpecifiers::empty()),
            _ => requirement.versions.clone(),
        };
        Some(AskedLine {
            versions,
            conditional: marker.is_some(),
            installs: list.role != Role::Constraints,
        })
    })
}

/// The spec of `environment.yml`, where pip's list does not win over it.
fn conda_line(app: &App, name: &str) -> Option<AskedLine> {
    if app.has("requirements.txt") {
        return None;
    }
    let item = app.environment().present()?.model.dependency(name)?;
    let spec = read_item(&item.value)?;
    let allowed = spec.allowed(&item.value, Meaning::Environment);
    Some(AskedLine {
        versions: allowed.and_then(|it| it.specifiers()),
        conditional: false,
        installs: true,
    })
}

/// Whether the specifiers allow nothing from `floor` on; `floor` may be a first alpha, and then
/// `<3` does not allow what is from 3.0.0a0 on.
fn is_below(versions: &VersionSpecifiers, floor: &Version) -> bool {
    let release = floor.only_release();
    versions.iter().any(|specifier| match specifier.operator() {
        Operator::Equal | Operator::ExactEqual | Operator::LessThanEqual => {
            specifier.version() < floor
        }
        Operator::EqualStar | Operator::TildeEqual | Operator::LessThan => {
            !specifier.contains(&release) && *specifier.version() <= release
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;
    use crate::tree::{MemoryTree, TreePath};

    fn asked(files: &[(&str, &str)]) -> Option<(bool, bool)> {
        let tree = MemoryTree::new(files.iter().map(|(path, text)| (*path, *text)));
        let app = App::new(&tree, TreePath::root());
        let two = Version::from_str("2.0.0a0").unwrap();
        let asked = AskedVersions::find(&app, "dash")?;
        Some((asked.is_at_least(&two), asked.allows_from(&two)))
    }

    #[test]
    fn a_list_asks_for_versions() {
        for (list, expected) in [
            ("dash==2.9.3\n", Some((true, true))),
            ("dash>=2\n", Some((true, true))),
            ("dash>=2.0.0rc1\n", Some((true, true))),
            ("dash~=2.9\n", Some((true, true))),
            ("Dash==2.*\n", Some((true, true))),
            ("dash==1.21.0\n", Some((false, false))),
            ("dash==1.*\n", Some((false, false))),
            ("dash<2\n", Some((false, false))),
            ("dash<=1.21\n", Some((false, false))),
            ("dash~=1.20\n", Some((false, false))),
            ("dash\n", Some((false, true))),
            ("dash>=1.20\n", Some((false, true))),
            ("dash!=2.1\n", Some((false, true))),
            ("dash>=1,<2\n", Some((false, false))),
            (
                "dash @ https://example.com/dash.zip\n",
                Some((false, false)),
            ),
            ("dash==2.9 ; python_version>='3.8'\n", Some((true, true))),
            (
                "dash==2.9; python_version>='3.8'\ndash==1.21; python_version<'3.8'\n",
                Some((false, true)),
            ),
            ("dash==2.9; sys_platform=='win32'\n", None),
            ("flask\n", None),
            ("dash-table==5\n", None),
        ] {
            assert_eq!(asked(&[("requirements.txt", list)]), expected, "{list}");
        }
    }

    #[test]
    fn constraints_limit_and_install_nothing() {
        let files = |constraint| {
            [
                ("requirements.txt", "-c limits.txt\ndash\n"),
                ("limits.txt", constraint),
            ]
        };
        assert_eq!(asked(&files("dash==2.9\n")), Some((true, true)));
        assert_eq!(asked(&files("dash==1.21\n")), Some((false, false)));
        let only = [("requirements.txt", "-c l.txt\n"), ("l.txt", "dash==2.9\n")];
        assert_eq!(asked(&only), None);
    }

    #[test]
    fn conda_counts_where_it_builds() {
        for (spec, expected) in [
            ("dash=2.9", Some((true, true))),
            ("conda-forge::dash==2.9.3", Some((true, true))),
            ("dash=1.21.0=pyhd_0", Some((false, false))),
            ("dash=1.*", Some((false, false))),
            ("dash >=2,<3", Some((true, true))),
            ("dash", Some((false, true))),
            ("dash 2.9 py39", Some((true, true))),
        ] {
            let text = format!("dependencies:\n  - {spec}\n");
            assert_eq!(asked(&[("environment.yml", &text)]), expected, "{spec}");
            let beside = [("environment.yml", text.as_str()), ("requirements.txt", "")];
            assert_eq!(asked(&beside), None);
        }
    }
}
