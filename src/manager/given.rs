//! Answers that somebody got by other means, in files.

use thiserror::Error;

use super::answer::{self, AnswerMeaning, Fault};
use super::record::{Begun, JournalRecord};
use super::state::State;
use super::wire;
use crate::inventory::Inventory;

/// Why a file of answers cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GivenError {
    /// An answer in it is none.
    #[error("{file}: {fault}")]
    Fault {
        /// The file.
        file: String,
        /// What is wrong.
        fault: Fault,
    },
    /// The server did not know a field of the question.
    #[error(
        "{file}: the server does not know `{field}`; leave it out of the question and ask again"
    )]
    Unknown {
        /// The file.
        file: String,
        /// Type and field.
        field: String,
    },
    /// No app in any of them.
    #[error(
        "there is no app in these answers; `dashlift inventory --print-query` prints the questions"
    )]
    Nothing,
}

/// The inventory of answers in files: each its name and contents, one or more documents of JSON.
/// Values of variables are kept only when `begun` says so.
///
/// # Errors
/// When a file holds something else.
pub fn from_answers(files: &[(String, Vec<u8>)], begun: Begun) -> Result<Inventory, GivenError> {
    let with_values = begun.with_values;
    let mut state = State::after(vec![JournalRecord::Begun(begun)]);
    let mut page = 0;
    for (file, bytes) in files {
        for meaning in answer::meanings(bytes) {
            let fault = |fault| GivenError::Fault {
                file: file.clone(),
                fault,
            };
            let told = match meaning.map_err(fault)? {
                AnswerMeaning::Told(told) => told,
                AnswerMeaning::Unknown(fields) => {
                    let names: Vec<String> = fields
                        .into_iter()
                        .map(|(a, b)| format!("{a}.{b}"))
                        .collect();
                    return Err(GivenError::Unknown {
                        file: file.clone(),
                        field: answer::short(&names.join("`, `")),
                    });
                }
            };
            if let Some(counts) = told.data.apps_count {
                let counts = counts.into_iter().flatten();
                let apps = counts.filter_map(|it| it.count).sum();
                state.take(JournalRecord::Counted { apps: Some(apps) });
            }
            let found = told.data.apps.and_then(|found| found.apps);
            let apps = found.unwrap_or_default().into_iter().flatten();
            take_apps(&mut state, page, apps.collect(), told.gaps, with_values);
            page += 1;
        }
    }
    if state.apps() == 0 {
        return Err(GivenError::Nothing);
    }
    let open = state.unasked().len();
    let note = (open > 0).then(|| {
        format!("Of {open} apps deployment, visits and packages were not among the answers.")
    });
    Ok(state.into_inventory(note.into_iter().collect()))
}

/// Apps with their slow part and apps without it come in any order.
fn take_apps(
    state: &mut State,
    page: i64,
    mut apps: Vec<wire::AppAnswer>,
    mut gaps: Vec<(String, String)>,
    with_values: bool,
) {
    for app in &mut apps {
        if !with_values {
            app.forget_values();
        }
        if let (Some(name), Some(analytics)) = (app.name.clone(), app.analytics.take()) {
            for (field, error) in wire::errors(&analytics) {
                gaps.push((field.to_owned(), answer::short(&error)));
            }
            state.take(JournalRecord::Analytics {
                app: name,
                analytics: Some(analytics),
                gaps: Vec::new(),
            });
        }
    }
    // An answer about the slow part says nothing else of the app.
    apps.retain(|app| {
        *app != wire::AppAnswer {
            name: app.name.clone(),
            ..wire::AppAnswer::default()
        }
    });
    state.take(JournalRecord::Page {
        page,
        apps,
        next: None,
        gaps,
    });
}
