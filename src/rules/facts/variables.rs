//! The environment variables that an app's code, its shell scripts and libraries read: names and
//! places, never values. What DL306 reports and the plan lists.

use std::collections::{BTreeMap, BTreeSet};

use super::services::{Service, is_app_code};
use crate::app::called_scripts::called_scripts;
use crate::app::{App, Reached, SourceFile};
use crate::files::script::is_variable_name;
use crate::python::{EnvironmentAccess, EnvironmentUse, Slot};
use crate::rules::data::environment::{Library, Setter, libraries, service_rows, setter};
use crate::text::Span;
use crate::tree::TreePath;

/// An environment variable that the code, or a library for it, reads.
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

/// The environment variables that an app's code, the shell scripts that it calls and its libraries
/// read, by name. Reads by the app's tests, and by code that nothing starts, do not count, nor does
/// what the code sets itself.
pub fn variables(app: &App) -> Vec<VariableUse> {
    let mut found: BTreeMap<String, Reads> = BTreeMap::new();
    let all = || app.sources().iter().filter(|it| is_app_code(app, it));
    for source in app.live_first(all().filter(|it| it.mentions(WORDS))) {
        // What nothing starts asks for nothing.
        if app.reach().of_file(source.path()) != Reached::No {
            gather(app, source, &mut found);
        }
    }
    let live = || all().filter(|it| app.reach().of_file(it.path()) != Reached::No);
    for row in libraries() {
        gather_library(row, live(), &mut found);
    }
    gather_scripts(app, &mut found);
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

fn gather(app: &App, source: &SourceFile, found: &mut BTreeMap<String, Reads>) {
    let Some((_, facts)) = source.facts() else {
        return;
    };
    let is_program = app.reach().runs_as_program(source.path());
    let runs = |read: &&EnvironmentUse| {
        let mut blocks = facts.main_blocks.iter();
        is_program
            || !blocks.any(|block| block.start <= read.span.start && read.span.end <= block.end)
    };
    let reads = facts
        .environment
        .iter()
        .filter(|it| is_variable_name(&it.name));
    for read in reads.filter(runs) {
        let reads = found.entry(read.name.clone()).or_default();
        reads.add(source.path(), read);
    }
}

/// What a library reads by itself, unless a file that imports it gives it something else.
fn gather_library<'a, 't: 'a>(
    row: &Library,
    sources: impl Iterator<Item = &'a SourceFile<'t>>,
    found: &mut BTreeMap<String, Reads>,
) {
    let word = row.module.rsplit('.').next().unwrap_or(&row.module);
    for source in sources.filter(|it| it.mentions(&[word])) {
        let Some((_, facts)) = source.facts() else {
            continue;
        };
        let mut imports = facts.imports.iter().filter(|it| it.level == 0);
        let Some(import) = imports.find(|it| row.holds(&it.module)) else {
            continue;
        };
        let is_given = facts.calls.iter().any(|call| {
            let keywords = call.arguments.iter().any(
                |argument| matches!(&argument.slot, Slot::Keyword(name) if row.is_given_by(name)),
            );
            keywords || row.is_given_by(&call.callee)
        });
        for name in row.names.iter().filter(|_| !is_given) {
            let reads = found.entry(name.clone()).or_default();
            reads.needed = true;
            reads.places.push((source.path().clone(), import.statement));
        }
    }
}

/// What the shell scripts read that none of them sets.
fn gather_scripts(app: &App, found: &mut BTreeMap<String, Reads>) {
    let scripts = called_scripts(app);
    let mut setters: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (number, called) in scripts.iter().enumerate() {
        for (name, _) in called.script.sets(called.text.as_str()) {
            setters.entry(name).or_default().insert(number);
        }
    }
    for (number, called) in scripts.iter().enumerate() {
        for read in called.script.reads(called.text.as_str()) {
            let setters = setters.get(read.name);
            if setters.is_some_and(|all| all.iter().any(|setter| *setter != number)) {
                continue;
            }
            let reads = found.entry(read.name.to_owned()).or_default();
            reads.needed |= !read.has_default;
            reads.places.push((called.path.clone(), read.span));
        }
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
