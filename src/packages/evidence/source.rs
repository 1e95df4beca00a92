//! Uses in Python sources: imports, calls that load something by name, addresses, settings.

use super::addresses::{self, MARK};
use super::commands;
use super::own::Own;
use super::table::{self, CallRow, rows};
use super::{EvidencePlace, EvidenceSearch, UseKind};
use crate::app::SourceFile;
use crate::files::script::Script;
use crate::python::{Call, EnvironmentAccess, Facts, Import, ImportForm, Parse, SourceKind};
use crate::text::{Span, Text};
use crate::tree::TreePath;

/// Notes what a source uses.
pub(super) fn search_source(source: &SourceFile, own: &Own, found: &mut EvidenceSearch<'_>) {
    let Some((text, facts)) = source.facts() else {
        unread(source, own, found);
        return;
    };
    let here = SourceSearch {
        path: source.path(),
        text,
        facts,
        own,
    };
    here.imports(found);
    here.calls(found);
    here.texts(found);
    here.environment(found);
    here.settings(source, found);
    here.escapes(found);
    if facts.parse == Parse::Tokens {
        here.words(found);
    }
    if source.path().name() == "setup.py" {
        here.declared(found);
    }
}

/// Look into one source.
struct SourceSearch<'s> {
    path: &'s TreePath,
    text: &'s Text,
    facts: &'s Facts,
    own: &'s Own,
}

impl SourceSearch<'_> {
    fn place(&self, kind: UseKind, span: Span) -> EvidencePlace<'_> {
        EvidencePlace {
            kind,
            path: self.path,
            span: Some(span),
        }
    }

    fn imports(&self, found: &mut EvidenceSearch<'_>) {
        for import in &self.facts.imports {
            if import.level > 0 {
                continue;
            }
            let name = full_name(import);
            let top = name.split('.').next().unwrap_or_default();
            if self.own.hides(top, self.path) {
                continue;
            }
            let place = self.place(kind(import), import.statement);
            let what = if import.form == ImportForm::From {
                name.as_str()
            } else {
                &import.module
            };
            found.add_module(&name, place, what);
            let backend = self.place(UseKind::Backend, import.statement);
            found.add(table::loaded_by_import(&name), backend, what);
            for row in table::named(&name) {
                found.add(&row.loads, backend, what);
            }
        }
    }

    fn calls(&self, found: &mut EvidenceSearch<'_>) {
        for call in &self.facts.calls {
            for row in table::calls(&call.callee) {
                self.call(call, row, found);
            }
            if is_shell_call(&call.callee) {
                self.command(call, found);
            }
            // `dask.dataframe.read_csv` behind `import dask`: the rest of the name was not imported.
            let place = self.place(UseKind::Backend, call.callee_span);
            if call.import.is_some() {
                found.add(table::loaded_by_import(&call.callee), place, &call.callee);
            }
        }
    }

    fn call(&self, call: &Call, row: &CallRow, found: &mut EvidenceSearch<'_>) {
        if row.keyword.as_ref().is_some_and(|it| !call.has_keyword(it)) {
            return;
        }
        let what = call.callee_span.slice(self.text.as_str());
        let place = self.place(UseKind::Backend, call.callee_span);
        if row.module {
            for value in self.texts_in(call.span) {
                found.add_module(value, place, what);
            }
        }
        if row.drivers && !self.spells_address(call) {
            found.add(table::drivers(), place, what);
        }
        let engine = row.engine.as_ref().and_then(|it| self.keyword(call, it));
        if let Some(engine) = engine {
            match row.engines.get(engine) {
                Some(names) => found.add(names, place, what),
                None => found.add_module(engine, place, what),
            }
            return;
        }
        let endings = self.texts_in(call.span).filter_map(|value| {
            let dot = value.rfind('.')?;
            row.suffixes.get(&value.get(dot..)?.to_ascii_lowercase())
        });
        let chosen: Vec<&Vec<String>> = endings.collect();
        if chosen.is_empty() {
            found.add(&row.loads, place, what);
        }
        found.add(chosen.into_iter().flatten(), place, what);
    }

    /// The text that a keyword argument is, if it is known.
    fn keyword(&self, call: &Call, name: &str) -> Option<&str> {
        let span = call.argument(name, usize::MAX)?;
        let mut literals = self.facts.literals.iter();
        let literal = literals
            .find(|it| it.span == span)
            .map(|it| it.value.as_str());
        literal.or_else(|| {
            let mut constants = self.facts.constants.iter();
            let constant = constants.find(|it| it.span == span && it.complete)?;
            Some(constant.value.as_str())
        })
    }

    /// The texts of literals and constants inside a span.
    fn texts_in(&self, span: Span) -> impl Iterator<Item = &str> {
        let inside = move |it: Span| span.start <= it.start && it.end <= span.end;
        let literals = self.facts.literals.iter().filter(move |it| inside(it.span));
        let constants = self
            .facts
            .constants
            .iter()
            .filter(move |it| inside(it.span));
        literals
            .map(|it| it.value.as_str())
            .chain(constants.map(|it| it.value.as_str()))
    }

    fn spells_address(&self, call: &Call) -> bool {
        let mut texts = self.texts_in(call.span);
        texts.any(|text| text.contains(MARK) || addresses::is_dialect_with_driver(text))
    }

    /// What a command in a call like `subprocess.run` uses: each text may be a command, or a word.
    fn command(&self, call: &Call, found: &mut EvidenceSearch<'_>) {
        let place = self.place(UseKind::Command, call.span);
        for value in self.texts_in(call.span) {
            for command in Script::of_line(value).commands() {
                commands::words(command.program(), place, |_| place.span, found);
            }
        }
    }

    fn texts(&self, found: &mut EvidenceSearch<'_>) {
        for (_, literal) in self.facts.texts() {
            let place = self.place(UseKind::Backend, literal.span);
            if addresses::is_dialect_with_driver(&literal.value) {
                addresses::of_scheme(&literal.value, place, found);
            }
            addresses::search_addresses(&literal.value, place, |_| place.span, found);
        }
        for constant in &self.facts.constants {
            let place = self.place(UseKind::Backend, constant.span);
            addresses::search_addresses(&constant.value, place, |_| place.span, found);
        }
    }

    fn environment(&self, found: &mut EvidenceSearch<'_>) {
        let reads = self.facts.environment.iter();
        for read in reads.filter(|it| it.access != EnvironmentAccess::Written) {
            if let Some(names) = rows().environment.get(&read.name) {
                found.add(names, self.place(UseKind::Backend, read.span), &read.name);
            }
        }
    }

    /// A setting and one of its values, both in the file.
    fn settings(&self, source: &SourceFile, found: &mut EvidenceSearch<'_>) {
        for (setting, values) in &rows().settings {
            if !source.mentions(&[setting]) {
                continue;
            }
            for (_, literal) in self.facts.texts() {
                let value = literal.value.rsplit('.').next().unwrap_or_default();
                if let Some(names) = values.get(value) {
                    let what = format!("{setting} {value}");
                    found.add(names, self.place(UseKind::Backend, literal.span), &what);
                }
            }
            self.setting_module(setting, found);
        }
    }

    /// gunicorn's `worker_class` may name a class: `uvicorn.workers.UvicornWorker`.
    fn setting_module(&self, setting: &str, found: &mut EvidenceSearch<'_>) {
        if setting != "worker_class" {
            return;
        }
        for (_, literal) in self.facts.texts() {
            let is_path = literal.value.contains('.') && literal.value.split('.').all(is_name);
            if is_path {
                let place = self.place(UseKind::Configuration, literal.span);
                found.add_module(&literal.value, place, &literal.value);
                let backend = self.place(UseKind::Backend, literal.span);
                found.add(
                    table::loaded_by_import(&literal.value),
                    backend,
                    &literal.value,
                );
            }
        }
    }

    /// `%load_ext sql`, `!gunicorn app:server` of notebooks.
    fn escapes(&self, found: &mut EvidenceSearch<'_>) {
        for escape in &self.facts.escapes {
            let place = self.place(UseKind::Command, escape.span);
            let text = escape.span.slice(self.text.as_str());
            let text = text.trim_start_matches(['%', '!']);
            for command in Script::of_line(text).commands() {
                if let [first, module, ..] = command.words.as_slice()
                    && first.value == "load_ext"
                {
                    found.add_module(&module.value, place, "%load_ext");
                }
                commands::words(command.program(), place, |_| place.span, found);
            }
        }
    }

    /// The words of a text that no parser can follow.
    fn words(&self, found: &mut EvidenceSearch<'_>) {
        let text = self.text.as_str();
        for (word, row) in table::methods() {
            if let Some(at) = text.find(word) {
                let place = self.place(UseKind::Backend, Span::new(at, at + word.len()));
                found.add(&row.loads, place, word);
            }
        }
    }

    /// What the app's own `setup.py` asks for.
    fn declared(&self, found: &mut EvidenceSearch<'_>) {
        for (_, literal) in self.facts.texts() {
            let place = self.place(UseKind::Configuration, literal.span);
            super::configuration::requirement(&literal.value, place, found);
        }
    }
}

fn is_name(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_shell_call(callee: &str) -> bool {
    matches!(callee, "os.system" | "os.popen" | "os.execvp" | "os.execlp")
        || callee.starts_with("subprocess.")
}

/// The dotted name that an import asks for.
pub(super) fn full_name(import: &Import) -> String {
    match &import.name {
        Some(name) if name != "*" => format!("{}.{name}", import.module),
        _ => import.module.clone(),
    }
}

fn kind(import: &Import) -> UseKind {
    if import.form == ImportForm::Dynamic {
        UseKind::DynamicImport
    } else if import.guarded || import.type_checking {
        UseKind::GuardedImport
    } else {
        UseKind::Import
    }
}

/// A file that cannot be read as Python: the words behind `import` and `from` in its bytes count,
/// whatever stands around them.
fn unread(source: &SourceFile, own: &Own, found: &mut EvidenceSearch<'_>) {
    let Some(bytes) = source.bytes() else {
        return;
    };
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&bytes);
    let place = EvidencePlace {
        kind: UseKind::GuardedImport,
        path: source.path(),
        span: None,
    };
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut words = text.split(|c| !is_part(c)).filter(|it| !it.is_empty());
    let notebook = source.kind() == SourceKind::Notebook;
    while let Some(word) = words.next() {
        let word = if notebook {
            word.trim_start_matches('n')
        } else {
            word
        };
        if !matches!(word, "import" | "from") {
            continue;
        }
        if let Some(module) = words.next() {
            let top = module.split('.').next().unwrap_or_default();
            if !own.hides(top, source.path()) {
                found.add_module(module, place, module);
                found.add(table::loaded_by_import(module), place, module);
            }
        }
    }
}
