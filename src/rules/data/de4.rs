//! What only a DE4 server has: its URLs, what it says about users, its file system.

use std::sync::LazyLock;

use serde::Deserialize;

use super::table;

static SERVER: LazyLock<Server> = LazyLock::new(|| table!("de4_server"));

/// All of the table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Server {
    /// The server's URLs.
    pub(in crate::rules) urls: Urls,
    /// Where a workspace is shown.
    pub(in crate::rules) workspace: Workspace,
    /// The client of the server's interface.
    pub(in crate::rules) client: Client,
    /// Snapshots made from outside.
    pub(in crate::rules) reports: Reports,
    /// Who is logged in.
    pub(in crate::rules) users: Users,
    /// The button that logs out.
    pub(in crate::rules) logout: Logout,
    /// The app's folder.
    pub(in crate::rules) app: AppFolder,
}

/// The server's URLs.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Urls {
    /// The port of its manager.
    pub(in crate::rules) port: String,
    local: Vec<String>,
    public: Vec<String>,
    words: Vec<String>,
    documents: Vec<String>,
    /// Its pages, those with longer paths first.
    pub(in crate::rules) page: Vec<Page>,
}

impl Urls {
    /// Whether the host is this machine.
    pub(in crate::rules) fn is_local(&self, host: &str) -> bool {
        self.local
            .iter()
            .any(|local| host.eq_ignore_ascii_case(local))
    }

    /// Whether a host and path speak of Dash, as other servers with such pages do not.
    pub(in crate::rules) fn speaks_of_dash(&self, host: &str, path: &str) -> bool {
        let text = format!("{host}{path}").to_ascii_lowercase();
        self.words.iter().any(|word| text.contains(word.as_str()))
    }

    /// Whether a host and path look like a page of the public web.
    pub(in crate::rules) fn is_public(&self, host: &str, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        self.public.iter().any(|start| host.starts_with(start))
            || self.documents.iter().any(|end| path.ends_with(end))
    }
}

/// A part of the server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Page {
    /// How its path begins.
    pub(in crate::rules) start: String,
    /// What is there.
    pub(in crate::rules) what: String,
    /// Whether it says enough without a host.
    pub(in crate::rules) alone: bool,
    /// Whether an app that asks there fails.
    pub(in crate::rules) breaks: bool,
    /// What to do.
    pub(in crate::rules) step: String,
}

impl Page {
    /// Whether a URL's path is this one or below it.
    pub(in crate::rules) fn covers(&self, path: &str) -> bool {
        let rest = path.strip_prefix(self.start.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Where a workspace is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Workspace {
    /// What stands before the app's name on DE4.
    pub(in crate::rules) old: String,
    /// The same on DE5.
    pub(in crate::rules) new: String,
    /// The part of the DE4 address that code looks for to know where it runs.
    pub(in crate::rules) word: String,
}

/// The client of the server's interface.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Client {
    /// The command and the distribution.
    pub(in crate::rules) command: String,
    /// The module.
    pub(in crate::rules) module: String,
}

/// Snapshots made from outside.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Reports {
    /// The method that makes one.
    pub(in crate::rules) method: String,
    /// The variable with the server's secret.
    pub(in crate::rules) secret: String,
}

/// Who is logged in.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Users {
    /// The header of DE4.
    pub(in crate::rules) header: String,
    /// The same in a WSGI environment.
    pub(in crate::rules) environ: String,
    /// The module that knows it on both platforms.
    pub(in crate::rules) module: String,
    /// The distributions that bring the module.
    pub(in crate::rules) distributions: Vec<String>,
    /// Its function that gives the claims.
    pub(in crate::rules) function: String,
    /// Its function that gives a Kerberos ticket.
    pub(in crate::rules) kerberos: String,
    /// The claims with the ticket.
    pub(in crate::rules) kerberos_claims: Vec<String>,
    /// The claims with another name.
    pub(in crate::rules) claims: Vec<Claim>,
}

/// A claim about the user.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Claim {
    /// Its name on DE4.
    pub(in crate::rules) old: String,
    /// Its name on DE5.
    pub(in crate::rules) new: String,
}

/// The button that logs out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct Logout {
    /// The button of DE4, as imports resolve it.
    pub(in crate::rules) buttons: Vec<String>,
    /// The environment variable with its address.
    pub(in crate::rules) variable: String,
    /// The function that makes one on both platforms.
    pub(in crate::rules) function: String,
}

/// The app's folder.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::rules) struct AppFolder {
    /// Where it is.
    pub(in crate::rules) folder: String,
    /// What the build made in it.
    pub(in crate::rules) built: Vec<String>,
}

/// What only a DE4 server has.
pub(in crate::rules) fn server() -> &'static Server {
    &SERVER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_complete() {
        let table: Server = crate::tables::strict("de4_server");
        for row in &table.urls.page {
            assert!(row.start.starts_with('/') && !row.start.ends_with('/'));
            assert!(row.step.ends_with('.') && !row.what.ends_with('.'));
            assert!(row.covers(&row.start) && !row.covers(&format!("{}x", row.start)));
        }
        let paths: Vec<&str> = table
            .urls
            .page
            .iter()
            .map(|row| row.start.as_str())
            .collect();
        for (at, path) in paths.iter().enumerate() {
            assert!(!paths[at + 1..].iter().any(|later| later.starts_with(path)));
        }
        assert!(table.urls.is_local("LOCALHOST") && !table.urls.is_local("dash.example.com"));
        assert!(table.urls.is_public("www.example.com", "/Docs"));
        assert!(table.urls.is_public("example.com", "/Docs/a.HTML"));
        assert!(!table.urls.is_public("dash.example.com", "/Docs/x"));
        assert!(table.urls.speaks_of_dash("Dash.example.com", "/Docs/x"));
        assert!(
            table
                .urls
                .speaks_of_dash("example.com", "/Docs/dash-snapshots")
        );
        assert!(!table.urls.speaks_of_dash("example.com", "/Docs/x"));
        assert_eq!(table.users.header, "Plotly-User-Data");
        assert!(!table.logout.buttons.is_empty() && !table.app.built.is_empty());
        assert!(server().workspace.old.ends_with('/'));
        assert!(server().workspace.old.contains(&server().workspace.word));
    }
}
