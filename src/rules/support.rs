//! What several rules say or do in the same words.

use thiserror::Error;

use super::{Draft, Edit, Finding, Rule};
use crate::app::{App, Broken, FileState};
use crate::files::project_toml::{NotATable, ProjectToml};
use crate::text::{Text, difference};
use crate::tree::TreePath;

/// A finding about a file that cannot be used, at the place that is wrong.
pub(super) fn unreadable(rule: &'static Rule, broken: &Broken) -> Draft {
    let message = format!(
        "{} cannot be used: {}",
        broken.path.name(),
        broken.problem.message
    );
    let draft = Finding::of(rule, &broken.path, message).position(broken.position);
    if broken.problem.span.is_empty() {
        draft
    } else {
        draft.span(broken.problem.span)
    }
}

/// The edit that makes `new` of a file's text, touching only what differs.
pub(super) fn rewrite(path: &TreePath, text: &Text, new: &str) -> Option<Edit> {
    difference(text.as_str(), new).map(|(span, text)| Edit::Replace {
        path: path.clone(),
        span,
        text,
    })
}

/// Why nothing can be written into the app's `project.toml`.
#[derive(Debug, Clone, Error)]
pub(super) enum Unusable {
    /// It is there and not TOML.
    #[error("{} (line {})", .0.problem.message, .0.position.line)]
    Broken(Broken),
    /// It is TOML, and what should be a table is something else.
    #[error("{0}")]
    NotATable(#[from] NotATable),
    /// DE5 ignores the whole file.
    #[error("its schema-version {0} is not one that Dash Enterprise 5 reads")]
    Ignored(String),
}

impl Unusable {
    /// What a person does: the guide of a finding whose fix would have to write there.
    pub(super) fn guide(&self) -> String {
        format!("Mend project.toml first ({self}), then run dashlift again.")
    }
}

/// The edit that brings `change` into the app's `project.toml`, made if it is not there; no edit
/// if it says so already.
///
/// # Errors
/// Why the `project.toml` that is there cannot take it.
pub(super) fn edit_project_toml(
    app: &App,
    change: impl FnOnce(&mut ProjectToml) -> Result<(), NotATable>,
) -> Result<Option<Edit>, Unusable> {
    match app.project_toml() {
        FileState::Broken(broken) => Err(Unusable::Broken(broken.clone())),
        FileState::Absent => {
            let mut document = ProjectToml::default();
            change(&mut document)?;
            Ok(Some(Edit::Create {
                path: app.path("project.toml"),
                contents: document.print(),
            }))
        }
        FileState::Present(file) => {
            if let Some(version) = unknown_schema(&file.model) {
                return Err(Unusable::Ignored(version));
            }
            let mut document = file.model.clone();
            change(&mut document)?;
            Ok(rewrite(&file.path, &file.text, &document.print()))
        }
    }
}

/// The `schema-version` that makes DE5 ignore the file, as written. 0.1 is the form it reads; with
/// 0.2 only the tables are in other places, which DL112 moves.
pub(super) fn unknown_schema(file: &ProjectToml) -> Option<String> {
    let version = file.schema_version()?;
    match version.value.as_deref() {
        Some("0.1" | "0.2") => None,
        Some(other) => Some(format!("{other:?}")),
        None => Some("(no string)".to_owned()),
    }
}
