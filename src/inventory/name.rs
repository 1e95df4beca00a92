//! The app's name on the server, which is not in the repository: told, or a suggestion.

use std::collections::BTreeSet;

use crate::files::ci::address;
use crate::tree::TreePath;

/// What stands for a name that nothing suggests.
const UNKNOWN: &str = "APP";

/// Where a name is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameSource {
    /// The user or a configuration file said it.
    Told,
    /// The app's address on the Dash Enterprise 4 server, a git remote.
    Remote,
    /// What the server calls it.
    Inventory,
    /// The name of its folder.
    Folder,
    /// Nowhere: `APP` stands for it.
    Nowhere,
}

/// The name of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppName {
    /// Letters, digits and `-` only, unless it was told.
    pub name: String,
    /// Where it is from.
    pub source: NameSource,
}

/// What is known of the names of a repository's apps.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The name that the user told, for all apps.
    pub told: Option<String>,
    /// The name that a configuration file gives the app in this folder.
    pub configured: Option<(TreePath, String)>,
    /// The URLs of the repository's remotes.
    pub remotes: Vec<String>,
    /// The name of the repository's folder.
    pub folder: Option<String>,
}

impl Names {
    /// The name of the app in the folder `root` of the repository.
    pub fn name_app(&self, root: &TreePath) -> AppName {
        let (name, source) = self.found(root);
        let name = name.filter(|name| !name.is_empty());
        match name {
            Some(name) => AppName { name, source },
            None => AppName {
                name: UNKNOWN.to_owned(),
                source: NameSource::Nowhere,
            },
        }
    }

    /// The names that the app in the folder `root` may have on the server, the surest first: those
    /// of one entry are equally sure.
    pub(super) fn candidates(&self, root: &TreePath) -> Vec<Vec<String>> {
        if let Some(told) = self.find_told(root) {
            return vec![vec![told.to_owned()]];
        }
        if !root.is_root() {
            return vec![vec![sanitized(root.name())]];
        }
        let folder = self.folder.as_deref().map(sanitized);
        vec![
            self.deployed().into_iter().collect(),
            folder.into_iter().collect(),
        ]
    }

    /// What somebody said: the user now, or a configuration file.
    fn find_told(&self, root: &TreePath) -> Option<&str> {
        let configured = self
            .configured
            .as_ref()
            .filter(|(folder, _)| folder == root);
        let told = self.told.as_ref().or(configured.map(|(_, name)| name));
        told.map(String::as_str)
    }

    /// The names that the remotes lead to.
    fn deployed(&self) -> BTreeSet<String> {
        let deployed = self.remotes.iter().filter_map(|url| deployed_as(url));
        deployed.collect()
    }

    fn found(&self, root: &TreePath) -> (Option<String>, NameSource) {
        if let Some(told) = self.find_told(root) {
            return (Some(told.to_owned()), NameSource::Told);
        }
        if !root.is_root() {
            return (Some(sanitized(root.name())), NameSource::Folder);
        }
        // A server knows a repository as a whole, so its name is that of the app in the root.
        let mut deployed = self.deployed().into_iter();
        match (deployed.next(), deployed.next()) {
            (Some(name), None) => (Some(name), NameSource::Remote),
            _ => (self.folder.as_deref().map(sanitized), NameSource::Folder),
        }
    }
}

/// The app's name in its address on a Dash Enterprise 4 server: `dokku@host:app`.
fn deployed_as(url: &str) -> Option<String> {
    let span = address(url).filter(|span| span.start == 0)?;
    let address = span.slice(url).trim_end_matches('/');
    let name = address.rsplit(['/', ':']).next()?;
    let name = name.strip_suffix(".git").unwrap_or(name);
    Some(sanitized(name)).filter(|name| !name.is_empty())
}

/// Whether Dash Enterprise 4 takes the name: 3 to 30 characters, a letter first, lower-case letters,
/// digits and `-`. What Dash Enterprise 5 takes is not known.
pub fn is_server_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(is_part)
        && (3..=30).contains(&name.len())
}

/// A name in the letters that servers take: lower case letters and digits, `-` between them.
fn sanitized(name: &str) -> String {
    let lower = name.to_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &Names, root: &str) -> (String, NameSource) {
        let name = names.name_app(&TreePath::new(root).unwrap());
        (name.name, name.source)
    }

    #[test]
    fn what_is_told_wins_then_the_remote_then_the_folder() {
        let mut names = Names {
            told: Some("x".to_owned()),
            remotes: vec![
                "https://git.example.com/team/repo.git".to_owned(),
                "https://me:pw@dash.example.com/GIT/Sales_App".to_owned(),
            ],
            folder: Some("Sales Repo (old)".to_owned()),
            configured: Some((TreePath::new("apps/two").unwrap(), "y".to_owned())),
        };
        assert_eq!(named(&names, ""), ("x".to_owned(), NameSource::Told));
        names.told = None;
        assert_eq!(
            named(&names, "apps/two"),
            ("y".to_owned(), NameSource::Told)
        );
        let remote = ("sales-app".to_owned(), NameSource::Remote);
        assert_eq!(named(&names, ""), remote);
        let folder = ("one".to_owned(), NameSource::Folder);
        assert_eq!(named(&names, "apps/One_"), folder);
        names.remotes.clear();
        let folder = ("sales-repo-old".to_owned(), NameSource::Folder);
        assert_eq!(named(&names, ""), folder);
        names.folder = Some("___".to_owned());
        assert_eq!(named(&names, ""), ("APP".to_owned(), NameSource::Nowhere));
    }

    #[test]
    fn servers_take_three_to_thirty_characters_that_begin_with_a_letter() {
        for name in ["abc", "a-1", "sales-dashboard-of-the-north-2"] {
            assert!(is_server_name(name), "{name}");
        }
        for name in [
            "ab",
            "2020-sales",
            "-ab",
            "Sales",
            "sales_1",
            "sales-dashboard-of-the-north-20",
        ] {
            assert!(!is_server_name(name), "{name}");
        }
    }

    #[test]
    fn two_servers_name_no_app() {
        let names = Names {
            remotes: vec![
                "dokku@one.example.com:a".to_owned(),
                "dokku@two.example.com:b".to_owned(),
            ],
            ..Names::default()
        };
        assert_eq!(named(&names, "").1, NameSource::Nowhere);
    }
}
