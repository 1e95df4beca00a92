//! What several rules say or do in the same words.

use super::{Draft, Edit, Finding, Rule};
use crate::app::{App, Broken, FileState};
use crate::files::project_toml::ProjectToml;
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

/// The edit that brings `change` into the app's `project.toml`, made if it is not there.
///
/// # Errors
/// What is wrong with the `project.toml` that is there.
pub(super) fn edit_project_toml<'a>(
    app: &'a App,
    change: impl FnOnce(&mut ProjectToml),
) -> Result<Option<Edit>, &'a Broken> {
    match app.project_toml() {
        FileState::Broken(broken) => Err(broken),
        FileState::Absent => {
            let mut document = ProjectToml::default();
            change(&mut document);
            Ok(Some(Edit::Create {
                path: app.path("project.toml"),
                contents: document.print(),
            }))
        }
        FileState::Present(file) => {
            let mut document = file.model.clone();
            change(&mut document);
            Ok(rewrite(&file.path, &file.text, &document.print()))
        }
    }
}
