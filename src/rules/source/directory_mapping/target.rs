//! Where the folder of each told mapping goes below `../mount`.

use std::collections::HashMap;

use crate::rules::data::file_calls::is_below;
use crate::rules::settings::DirectoryMapping;

/// The persistent filesystem, seen from the app folder.
const MOUNT: &str = "../mount";

/// A mapping, and its folder on DE5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MovedMapping {
    /// The folder on the DE4 server.
    pub(super) host: String,
    /// The folder that the app saw, without a `/` at its end.
    pub(super) app: String,
    /// The folder on DE5, seen from the app folder: `../mount/data`.
    pub(super) path: String,
}

impl MovedMapping {
    /// The folder as a person in the workspace knows it: `~/mount/data`.
    pub(super) fn at_home(&self) -> String {
        self.path.replacen("..", "~", 1)
    }

    /// Words of which a file must hold one before a text of it can lie in the folder.
    pub(super) fn words(&self) -> [String; 4] {
        let last = last(&self.app);
        [
            self.app.clone(),
            format!("\"{last}"),
            format!("'{last}"),
            format!("/{last}"),
        ]
    }
}

/// The targets of mappings, the deeper folders first. A mapping keeps the last part of its path as
/// a folder, so that several do not fall together; all of its path where two have the same last
/// part; and below another mapping it stays below it. Folders that no code can name plainly
/// (quotes, line ends) are left out.
pub(super) fn name_targets(mappings: &[DirectoryMapping]) -> Vec<MovedMapping> {
    let mut plain: Vec<(&str, &str)> = mappings
        .iter()
        .map(|mapping| (mapping.host.as_str(), mapping.app.trim_end_matches('/')))
        .filter(|(_, app)| is_plain(app))
        .collect();
    plain.sort_by_key(|(_, app)| (app.len(), *app));
    plain.dedup_by_key(|(_, app)| *app);
    let mut names: HashMap<&str, usize> = HashMap::new();
    for (_, app) in &plain {
        *names.entry(last(app)).or_default() += 1;
    }
    let mut targets: Vec<MovedMapping> = Vec::new();
    for (host, app) in plain {
        let around = targets.iter().rev().find(|outer| is_below(app, &outer.app));
        let path = match around {
            Some(outer) => format!("{}{}", outer.path, app.get(outer.app.len()..).unwrap_or("")),
            None if names.get(last(app)) == Some(&1) => format!("{MOUNT}/{}", last(app)),
            None => format!("{MOUNT}{app}"),
        };
        targets.push(MovedMapping {
            host: host.to_owned(),
            app: app.to_owned(),
            path,
        });
    }
    targets.reverse();
    targets
}

/// The target that a path lies in, the deepest of several.
pub(super) fn holding<'t>(targets: &'t [MovedMapping], path: &str) -> Option<&'t MovedMapping> {
    targets.iter().find(|target| is_below(path, &target.app))
}

fn is_plain(app: &str) -> bool {
    let odd = |c: char| c.is_control() || "'\"\\{}%".contains(c);
    app.len() > 1 && app.starts_with('/') && !app.contains(odd)
}

fn last(app: &str) -> &str {
    app.rsplit('/').next().unwrap_or(app)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(mappings: &[&str]) -> Vec<(String, String)> {
        let mappings: Vec<DirectoryMapping> =
            mappings.iter().map(|text| text.parse().unwrap()).collect();
        let targets = name_targets(&mappings).into_iter();
        targets.map(|target| (target.app, target.path)).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        expected.iter().map(owned).collect()
    }

    #[test]
    fn a_mapping_keeps_its_last_part() {
        assert_eq!(
            paths(&["/srv/app-data:/data/"]),
            pairs(&[("/data", "../mount/data")])
        );
        assert_eq!(
            paths(&["/a:/mnt/sales", "/b:/mnt/models"]),
            pairs(&[
                ("/mnt/models", "../mount/models"),
                ("/mnt/sales", "../mount/sales")
            ])
        );
    }

    #[test]
    fn two_with_one_name_keep_their_paths() {
        assert_eq!(
            paths(&["/a:/x/data", "/b:/data"]),
            pairs(&[("/x/data", "../mount/x/data"), ("/data", "../mount/data")])
        );
    }

    #[test]
    fn a_mapping_in_a_mapping_stays_there() {
        assert_eq!(
            paths(&["/b:/data/archive", "/a:/data"]),
            pairs(&[
                ("/data/archive", "../mount/data/archive"),
                ("/data", "../mount/data")
            ])
        );
    }

    #[test]
    fn odd_and_double_ones_are_left_out() {
        assert_eq!(paths(&["/a:/it's", "/a://"]), pairs(&[]));
        assert_eq!(paths(&["/a:/d", "/b:/d"]).len(), 1);
    }
}
