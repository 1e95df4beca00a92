//! Uses in configuration files: that they are there, their sections, the addresses in them, and
//! what the app's own metadata asks for.

use super::addresses::{self, MARK};
use super::table::rows;
use super::{EvidencePlace, EvidenceSearch, UseKind};
use crate::app::App;
use crate::files::requirements::{is_name, normalized_name};
use crate::text::{Span, Text};
use crate::tree::TreePath;

/// The largest file that is looked into, in bytes: people do not write longer ones.
const LARGEST: u64 = 64 * 1024;

/// Notes what configuration files of the app use.
pub(super) fn search_configuration(app: &App, found: &mut EvidenceSearch<'_>) {
    for entry in app.tree().under(app.root()) {
        let path = &entry.path;
        let inside = path.below(app.root()).unwrap_or_default();
        if let Some(names) = rows().files.get(inside) {
            found.add(names, whole(path), inside);
        }
        if !may_hold_address(path) || app.tree().size(path).is_some_and(|it| it > LARGEST) {
            continue;
        }
        let bytes = app.tree().read(path).unwrap_or_default();
        if let Ok(text) = Text::decode(&bytes) {
            file(path, text.as_str(), found);
        }
    }
}

fn whole(path: &TreePath) -> EvidencePlace<'_> {
    EvidencePlace {
        kind: UseKind::Configuration,
        path,
        span: None,
    }
}

fn may_hold_address(path: &TreePath) -> bool {
    let (name, table) = (path.name(), &rows().addresses);
    // The lists themselves are no evidence.
    let is_list = name.starts_with("environment.y") || name == "Procfile";
    let ending = table.endings.iter().any(|it| name.ends_with(it.as_str()));
    !is_list && (ending || table.names.iter().any(|it| it == name))
}

fn file(path: &TreePath, text: &str, found: &mut EvidenceSearch<'_>) {
    if text.contains(MARK) {
        addresses::search_addresses(text, whole(path), Some, found);
    }
    let metadata = matches!(path.name(), "pyproject.toml" | "setup.cfg" | "tox.ini");
    if !metadata {
        return;
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.trim_end().len());
        at += line.len();
        let place = EvidencePlace {
            span: Some(span),
            ..whole(path)
        };
        match section(line.trim()) {
            Some(name) => of_section(name, place, found),
            None => declared(line, place, found),
        }
    }
}

/// The name in `[tool.black]`, `[tool:pytest]`, `[flake8]`.
fn section(line: &str) -> Option<&str> {
    let name = line.strip_prefix('[')?.split(']').next()?;
    let name = name.trim_start_matches('[').trim();
    let name = name
        .strip_prefix("tool.")
        .or_else(|| name.strip_prefix("tool:"))
        .unwrap_or(name);
    let first = name.split('.').next()?;
    let is_plain = first
        .chars()
        .all(|c| c.is_alphanumeric() || "-_:".contains(c));
    is_plain.then_some(first)
}

fn of_section(name: &str, place: EvidencePlace<'_>, found: &mut EvidenceSearch<'_>) {
    let what = format!("[{name}]");
    let own = normalized_name(name);
    let known = rows().sections.get(name).into_iter().flatten();
    found.add(known.chain([&own]), place, &what);
}

/// Requirements of the app's own metadata: `"dash >=2",`, `dash = "^2"`, or a line of its own. Only
/// names that are listed count, so that a word of a description does little harm.
fn declared(line: &str, place: EvidencePlace<'_>, found: &mut EvidenceSearch<'_>) {
    let line = line.split('#').next().unwrap_or_default().trim();
    let mut quoted = line.split(['"', '\'']).skip(1).step_by(2).peekable();
    let is_key = line.split_once('=').map(|(key, _)| key.trim());
    if let Some(key) = is_key.filter(|key| is_name(key)) {
        requirement(key, place, found);
    } else if quoted.peek().is_none() {
        requirement(line, place, found);
    }
    for text in quoted {
        requirement(text, place, found);
    }
}

/// A use of the distribution that a requirement names, if the text is one.
pub(super) fn requirement(text: &str, place: EvidencePlace<'_>, found: &mut EvidenceSearch<'_>) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or_default();
    let rest = rest.trim_start();
    let is_requirement =
        rest.is_empty() || rest.starts_with(['=', '<', '>', '~', '!', '[', ';', '(', '@']);
    if is_requirement && is_name(name) {
        found.add([&normalized_name(name)], place, name);
    }
}
