//! Addresses of a DE4 server in a text: which part of it is one, and of what.

use crate::files::requirements::Url;
use crate::python::{Constant, Facts};
use crate::rules::data::de4::{Page, server};

/// What stands for a piece of a text that only the running app knows.
pub(super) const UNKNOWN: char = '\u{FFFC}';

/// An address, with the part of the text that it is.
pub(super) enum Address<'t> {
    /// A part of the server.
    Server(&'t str, AddressMeaning),
    /// A workspace.
    Workspace(&'t str),
}

/// What an address is.
pub(super) struct AddressMeaning {
    /// What is there.
    pub(super) what: &'static str,
    /// Whether an app that asks there fails.
    pub(super) breaks: bool,
    /// What to do.
    pub(super) step: &'static str,
}

impl AddressMeaning {
    fn from_row(row: &'static Page) -> Self {
        Self {
            what: &row.what,
            breaks: row.breaks,
            step: &row.step,
        }
    }

    const MANAGER: Self = Self {
        what: "the server manager of Dash Enterprise 4",
        breaks: false,
        step: "Write the address of the Dash Enterprise 5 server, without this port, in its place, or take it away.",
    };
}

/// The texts that a literal is in: its own, and those that it is put together to.
pub(super) fn contexts(facts: &Facts, literal: usize) -> Vec<String> {
    let Some(own) = facts.literals.get(literal) else {
        return Vec::new();
    };
    if !is_suspect(&own.value) {
        return Vec::new();
    }
    let whole = facts.constants_of(literal).map(text);
    std::iter::once(own.value.clone()).chain(whole).collect()
}

fn text(constant: &Constant) -> String {
    let pieces = constant.pieces.iter();
    pieces
        .map(|piece| piece.text.clone().unwrap_or_else(|| UNKNOWN.to_string()))
        .collect()
}

/// The cheap look: most literals say nothing of a server.
fn is_suspect(text: &str) -> bool {
    let server = server();
    let port = format!(":{}", server.urls.port);
    server
        .urls
        .page
        .iter()
        .any(|row| text.contains(row.start.as_str()))
        || text.contains(server.workspace.old.trim_end_matches('/'))
        || text.contains(&port)
}

/// Texts that may name a DE4 server: the lists of an app, and the file that is looked at.
pub(super) struct NamingTexts<'t>(pub(super) Vec<&'t str>);

impl NamingTexts<'_> {
    /// Whether one of them holds an address that only a DE4 server has, with this host.
    fn name(&self, host: &str) -> bool {
        let urls = &server().urls;
        let pages = urls.page.iter().filter(|row| row.breaks);
        let mut sure = pages
            .map(|row| format!("{host}{}", row.start))
            .chain([format!("{host}:{}", urls.port)]);
        sure.any(|address| self.0.iter().any(|text| text.contains(&address)))
    }
}

/// The first address of a DE4 server in a text.
pub(super) fn find<'t>(text: &'t str, naming: &NamingTexts) -> Option<Address<'t>> {
    let ends = |c: char| c.is_whitespace() || "()<>[]\"'`,;|=".contains(c);
    text.split(ends).find_map(|token| address(token, naming))
}

fn address<'t>(token: &'t str, naming: &NamingTexts) -> Option<Address<'t>> {
    let server = server();
    let urls = &server.urls;
    let old = server.workspace.old.as_str();
    let Some((host, port, path)) = parts(token) else {
        let row = urls.page.iter().find(|row| row.alone && row.covers(token));
        let found = row.map(|row| Address::Server(token, AddressMeaning::from_row(row)));
        return found.or_else(|| token.starts_with(old).then_some(Address::Workspace(token)));
    };
    if path.starts_with(old) {
        return Some(Address::Workspace(token));
    }
    if let Some(row) = urls.page.iter().find(|row| row.covers(path)) {
        let elsewhere = urls.is_public(host, path) || urls.is_local(host);
        let sure = row.breaks
            || !elsewhere
                && (is_unknown(host) || urls.speaks_of_dash(host, path) || naming.name(host));
        return sure.then(|| Address::Server(token, AddressMeaning::from_row(row)));
    }
    let named = !is_unknown(host) && !urls.is_local(host);
    let secure = token.starts_with("https:");
    (named && secure && port == Some(urls.port.as_str()))
        .then_some(Address::Server(token, AddressMeaning::MANAGER))
}

/// Whether only the running app knows the host.
fn is_unknown(host: &str) -> bool {
    host.contains(['{', '%', UNKNOWN])
}

/// Host, port and path of an address of the web.
fn parts(token: &str) -> Option<(&str, Option<&str>, &str)> {
    let url = Url::parse(token)?;
    let web = matches!(url.scheme, "http" | "https");
    web.then_some((url.host, url.port, url.path))
}
