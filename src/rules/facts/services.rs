//! The services that an app needs, with the lines that show it: what DL305 reports and the plan
//! lists. What a person does about them is not said here.

use std::sync::LazyLock;

use crate::app::{App, Reached, SourceFile};
use crate::files::procfile::ProcfileProcess;
use crate::files::script::Script;
use crate::python::{
    EnvironmentAccess, Facts, Import, LiteralKind, Needles, Role, Slot, SourceKind,
};
use crate::rules::data::environment::{ServiceRow, service_rows};
use crate::text::Span;
use crate::tree::TreePath;

/// A service that Dash Enterprise runs for an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// A Redis of the app's own; its address is in `REDIS_URL`.
    Redis,
    /// A Postgres of the app's own; its address is in `DATABASE_URL`.
    Postgres,
}

impl Service {
    /// The name that people know it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Redis => "Redis",
            Self::Postgres => "Postgres",
        }
    }

    /// The `--type` of the command that makes it.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Postgres => "postgres",
        }
    }
}

/// One place that shows that an app needs a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUse {
    /// The service.
    pub service: Service,
    /// The file.
    pub path: TreePath,
    /// The characters, in the file's decoded text; `None` for the file as a whole.
    pub span: Option<Span>,
    /// What is seen there, half a sentence.
    pub note: String,
    /// Whether the place reads the address that the platform gives to the app. The others show a
    /// client, which may talk to a server of someone else.
    pub linked: bool,
}

impl ServiceUse {
    /// How well the place shows the service: its address, code, a list, a process.
    fn rank(&self) -> u8 {
        if self.linked {
            0
        } else if SourceKind::of_name(self.path.name()).is_some() {
            1
        } else if self.path.name() == "Procfile" {
            3
        } else {
            2
        }
    }
}

/// The places that show which services an app needs: by service, those that read the platform's
/// address first, then code, lists and processes; then by file and offset.
pub fn services(app: &App) -> Vec<ServiceUse> {
    let mut uses = Vec::new();
    for found in &*SEARCHES {
        let before = uses.len();
        for source in app.sources().iter().filter(|it| is_app_code(app, it)) {
            found.in_source(source, &mut uses);
        }
        // A list alone shows nothing: a frozen one holds what nobody uses any more.
        if uses.len() > before || found.is_used_through(app) {
            found.in_lists(app, &mut uses);
        }
    }
    in_procfile(app, &mut uses);
    uses.sort_by(|a, b| {
        let key = |it: &ServiceUse| {
            let is_source = SourceKind::of_name(it.path.name()).is_some();
            let reached = is_source.then(|| app.reach().of_file(&it.path));
            let reached = reached.unwrap_or(Reached::Unknown);
            (it.service, reached, it.rank(), it.path.clone(), it.span)
        };
        key(a).cmp(&key(b))
    });
    uses.dedup();
    uses
}

/// Whether a source is part of what runs: not of the app's tests.
pub(in crate::rules) fn is_app_code(app: &App, source: &SourceFile) -> bool {
    let path = source.path();
    let inside = path.below(app.root()).unwrap_or(path.as_str());
    let mut folders = inside.split('/').rev().skip(1);
    let is_test = folders.any(|folder| matches!(folder, "tests" | "test"));
    !is_test && path.name() != "conftest.py"
}

/// The search for one service.
struct ServiceSearch {
    service: Service,
    row: &'static ServiceRow,
    /// What a source holds that shows the service.
    words: Needles,
    /// What a source holds that imports a module that uses a client of its own accord.
    through: Needles,
}

static SEARCHES: LazyLock<Vec<ServiceSearch>> = LazyLock::new(|| {
    let rows = service_rows();
    rows.map(|(service, row)| ServiceSearch::new(service, row))
        .collect()
});

impl ServiceSearch {
    fn new(service: Service, row: &'static ServiceRow) -> Self {
        let imports = import_words(&row.modules);
        let schemes: Vec<String> = row.schemes.iter().map(|it| format!("{it}://")).collect();
        let words = imports.iter().chain(&schemes).map(String::as_str);
        let through = import_words(&row.through);
        Self {
            service,
            row,
            words: Needles::new(words.chain([row.variable.as_str(), "CACHE_TYPE"])),
            through: Needles::new(through.iter().map(String::as_str)),
        }
    }

    fn in_source(&'static self, source: &SourceFile, uses: &mut Vec<ServiceUse>) {
        if !source.holds(&self.words) {
            return;
        }
        let Some((_, facts)) = source.facts() else {
            return;
        };
        let found = self.environment(facts).chain(self.imports(facts));
        let found = found
            .chain(self.addresses(facts))
            .chain(self.cache_types(facts));
        uses.extend(found.map(|(span, note, linked)| ServiceUse {
            service: self.service,
            path: source.path().clone(),
            span: Some(span),
            note,
            linked,
        }));
    }

    /// Whether the code imports a module that uses a client of its own accord.
    fn is_used_through(&'static self, app: &App) -> bool {
        let mut sources = app.sources().iter().filter(|it| is_app_code(app, it));
        sources.any(|source| {
            let facts = source
                .holds(&self.through)
                .then(|| source.facts())
                .flatten();
            facts.is_some_and(|(_, facts)| imports_of(facts, &self.row.through).next().is_some())
        })
    }

    fn environment<'f>(&'f self, facts: &'f Facts) -> impl Iterator<Item = Seen> + 'f {
        let reads = facts
            .environment
            .iter()
            .filter(|it| it.name == self.row.variable && it.access != EnvironmentAccess::Written);
        reads.map(|it| (it.span, format!("reads {}", it.name), true))
    }

    fn imports<'f>(&'f self, facts: &'f Facts) -> impl Iterator<Item = Seen> + 'f {
        let imports = imports_of(facts, &self.row.modules);
        imports.map(|it| (it.statement, format!("imports {}", it.module), false))
    }

    /// Addresses of a server beside the app. One with the name of a host is someone else's.
    fn addresses<'f>(&'f self, facts: &'f Facts) -> impl Iterator<Item = Seen> + 'f {
        let texts = facts.texts().filter(|(_, literal)| {
            literal.kind == LiteralKind::Text && self.is_own_address(&literal.value)
        });
        texts.map(|(_, literal)| {
            let note = format!("an address of {}", self.service.name());
            (literal.span, note, false)
        })
    }

    fn is_own_address(&self, value: &str) -> bool {
        let Some((scheme, rest)) = value.split_once("://") else {
            return false;
        };
        let server = rest.split(['/', '?']).next().unwrap_or_default();
        let host = server.rsplit('@').next().unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default();
        let is_own = matches!(host, "" | "localhost" | "127.0.0.1" | "0.0.0.0")
            || host.starts_with("dokku-");
        is_own && self.row.schemes.iter().any(|it| it == scheme)
    }

    /// `CACHE_TYPE` of Flask-Caching, in a dictionary or as a keyword.
    fn cache_types<'f>(&'f self, facts: &'f Facts) -> impl Iterator<Item = Seen> + 'f {
        let is_redis = |value: &str| {
            let value = value.rsplit('.').next().unwrap_or_default();
            matches!(value, "redis" | "RedisCache")
        };
        let texts = facts.texts().filter(move |(_, literal)| {
            let key = match facts.role(literal.site) {
                Role::Value { key } => key.as_deref(),
                Role::Argument {
                    slot: Slot::Keyword(name),
                    ..
                } => Some(name.as_str()),
                _ => None,
            };
            self.service == Service::Redis && key == Some("CACHE_TYPE") && is_redis(&literal.value)
        });
        texts.map(|(_, literal)| (literal.span, "a cache that is kept in Redis".into(), false))
    }

    fn in_lists(&self, app: &App, uses: &mut Vec<ServiceUse>) {
        for (list, _, requirement) in app.requirements().requirements() {
            let Some(name) = list.name(requirement) else {
                continue;
            };
            let text = list.text.as_str();
            let mut extras = requirement.extras.iter();
            let extra = &self.row.extra;
            let asked = if extras.any(|it| it.slice(text).trim() == extra) {
                Some(format!("{name}[{extra}]"))
            } else {
                self.row.distributions.contains(&name).then_some(name)
            };
            if let Some(asked) = asked {
                uses.push(ServiceUse {
                    service: self.service,
                    path: list.path.clone(),
                    span: Some(requirement.span),
                    note: format!("asks for {asked}"),
                    linked: false,
                });
            }
        }
    }
}

/// What a source with an import of one of the modules holds. The names alone are words of other
/// uses: `to_dict("records")`.
fn import_words(modules: &[String]) -> Vec<String> {
    let forms = |name: &String| [format!("import {name}"), format!("from {name}")];
    modules.iter().flat_map(forms).collect()
}

/// The imports of top-level modules of these names, and of what is in them.
fn imports_of<'f>(facts: &'f Facts, names: &'f [String]) -> impl Iterator<Item = &'f Import> {
    facts.imports.iter().filter(move |it| {
        let root = it.module.split('.').next().unwrap_or_default();
        it.level == 0 && !it.type_checking && names.iter().any(|name| name == root)
    })
}

/// Where, what, and whether it reads the platform's address.
type Seen = (Span, String, bool);

/// Workers that need a service: `rq` always, `celery` when the app uses Redis anyway.
fn in_procfile(app: &App, uses: &mut Vec<ServiceUse>) {
    let Some(file) = app.procfile().present() else {
        return;
    };
    let uses_redis = uses.iter().any(|it| it.service == Service::Redis);
    for process in file.model.processes() {
        let Some(program) = worker(file.text.as_str(), process) else {
            continue;
        };
        if program == "rq" || uses_redis {
            uses.push(ServiceUse {
                service: Service::Redis,
                path: file.path.clone(),
                span: Some(process.span),
                note: format!(
                    "`{}` runs {program}",
                    process.name.slice(file.text.as_str())
                ),
                linked: false,
            });
        }
    }
}

fn worker(text: &str, process: &ProcfileProcess) -> Option<&'static str> {
    let script = Script::of_line(process.command.slice(text));
    let mut words = script
        .commands()
        .iter()
        .filter_map(|it| it.program().first());
    words.find_map(|word| match word.value.rsplit('/').next()? {
        "rq" | "rqworker" => Some("rq"),
        "celery" => Some("celery"),
        _ => None,
    })
}
