//! Fixes as SARIF proposes them. The format knows replacements only: a fix that removes, renames or
//! re-encodes a file, or makes a script that can be started, is not proposed, because a part of a fix
//! is none. Nor is one whose text holds a secret.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::place::{artifact, region};
use crate::engine::Reported;
use crate::report::collected::Collected;
use crate::report::helps::{capitalised, sentence};
use crate::report::safe;
use crate::rules::{Edit, Fix};
use crate::secrets::masked;
use crate::text::Span;
use crate::tree::TreePath;

/// The fix of a finding, where it is allowed and can be said.
pub(super) fn object(one: &Collected, reported: &Reported) -> Option<Value> {
    let fix = reported.finding.fix.as_ref()?;
    if fix.safety > one.of.allowed {
        return None;
    }
    let changes = changes(one, fix)?.into_iter().map(|(path, mut parts)| {
        parts.sort_by_key(|(span, _)| *span);
        let replacements: Vec<Value> = parts.into_iter().map(|(_, part)| part).collect();
        json!({
            "artifactLocation": artifact(path, false),
            "replacements": replacements,
        })
    });
    Some(json!({
        "description": { "text": capitalised(&sentence(&safe(&fix.title))) },
        "artifactChanges": changes.collect::<Vec<Value>>(),
    }))
}

/// The replacements in each file.
type Changes<'f> = BTreeMap<&'f TreePath, Vec<(Span, Value)>>;

fn changes<'f>(one: &Collected, fix: &'f Fix) -> Option<Changes<'f>> {
    let mut changes = Changes::new();
    for edit in &fix.edits {
        let (path, span, region, text) = match edit {
            Edit::Replace { path, span, text } => {
                let region = region(one.texts.get(path)?, *span);
                (path, *span, region, text)
            }
            Edit::Create {
                path,
                contents,
                executable: false,
            } => {
                let start = json!({
                    "startLine": 1,
                    "startColumn": 1,
                    "endLine": 1,
                    "endColumn": 1,
                });
                (path, Span::at(0), start, contents)
            }
            _ => return None,
        };
        if matches!(masked(text), Cow::Owned(_)) {
            return None;
        }
        let mut part = json!({ "deletedRegion": region });
        if let (false, Some(part)) = (text.is_empty(), part.as_object_mut()) {
            part.insert("insertedContent".to_owned(), json!({ "text": text }));
        }
        changes.entry(path).or_default().push((span, part));
    }
    Some(changes)
}
