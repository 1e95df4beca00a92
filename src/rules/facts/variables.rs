//! The environment variables that an app's code reads: names and places, never values. What DL306
//! reports and the plan lists.

use std::collections::BTreeMap;

use super::services::{Service, is_app_code};
use crate::app::{App, Reached, SourceFile};
use crate::python::{EnvironmentAccess, EnvironmentUse};
use crate::rules::data::environment::{Setter, service_rows, setter};
use crate::text::Span;
use crate::tree::TreePath;

/// An environment variable that the code reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableUse {
    /// Its name.
    pub name: String,
    /// The places that read it, by file and offset of the decoded text; at least one.
    pub places: Vec<(TreePath, Span)>,
    /// Whether the code can do without it: every place has a default or only asks whether it is set.
    pub has_default: bool,
    /// Whether the platform sets it, or the operating system does.
    pub platform: bool,
    /// The service that sets it when it is added to the app.
    pub linked_service: Option<Service>,
    /// Whether hosts set a variable of this name and nobody says if Dash Enterprise 5 does.
    pub unknown: bool,
}

impl VariableUse {
    /// Whether a person has to look after it: neither platform nor system set it.
    pub fn is_own(&self) -> bool {
        !self.platform && !self.unknown
    }
}

/// What a source must hold for its reads of the environment to be looked at.
const WORDS: &[&str] = &["environ", "getenv", "decouple"];

/// The environment variables that an app's code reads, by name. Reads by the app's tests, and by
/// code that nothing starts, do not count, nor does what the code sets itself.
pub fn variables(app: &App) -> Vec<VariableUse> {
    let mut found: BTreeMap<String, Reads> = BTreeMap::new();
    let sources = app.sources().iter();
    let sources = sources.filter(|it| is_app_code(app, it) && it.mentions(WORDS));
    for source in app.live_first(sources) {
        // What nothing starts asks for nothing.
        if app.reach().of_file(source.path()) != Reached::No {
            gather(source, &mut found);
        }
    }
    // What the code sets itself it gives the value that it needs.
    let read = found
        .into_iter()
        .filter(|(_, it)| !it.places.is_empty() && !it.written);
    read.map(|(name, reads)| variable(name, reads)).collect()
}

/// What is known of one variable.
#[derive(Default)]
struct Reads {
    places: Vec<(TreePath, Span)>,
    needed: bool,
    written: bool,
}

fn gather(source: &SourceFile, found: &mut BTreeMap<String, Reads>) {
    let Some((_, facts)) = source.facts() else {
        return;
    };
    for read in facts.environment.iter().filter(|it| is_name(&it.name)) {
        let reads = found.entry(read.name.clone()).or_default();
        reads.add(source.path(), read);
    }
}

impl Reads {
    fn add(&mut self, path: &TreePath, read: &EnvironmentUse) {
        match read.access {
            EnvironmentAccess::Written => self.written = true,
            // It sets the variable, too: Django's manage.py.
            EnvironmentAccess::Defaulted if read.reader == "os.environ.setdefault" => {
                self.written = true;
            }
            EnvironmentAccess::Required | EnvironmentAccess::Optional => {
                self.needed = true;
                self.places.push((path.clone(), read.span));
            }
            EnvironmentAccess::Defaulted | EnvironmentAccess::Tested => {
                self.places.push((path.clone(), read.span));
            }
        }
    }
}

/// Whether a text can be the name of a variable; others are parts of something else.
fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !text.is_empty() && text.chars().all(is_part) && !text.starts_with(|c: char| c.is_ascii_digit())
}

fn variable(name: String, reads: Reads) -> VariableUse {
    let setter = setter(&name);
    let service = service_rows().find(|(_, row)| row.variable == name);
    VariableUse {
        has_default: !reads.needed,
        platform: matches!(setter, Some(Setter::Platform | Setter::System)),
        linked_service: service.map(|(service, _)| service),
        unknown: setter == Some(Setter::Unknown),
        places: reads.places,
        name,
    }
}
