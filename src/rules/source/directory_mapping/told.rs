//! Paths below a mapping that the user told: found however they are joined, and rewritten where
//! one literal spells the mapped folder.

use super::target::{MovedMapping, holding};
use super::{MAPPED, NAMED, RULE, persistent_filesystem, shorten};
use crate::app::{App, SourceFile};
use crate::python::{Constant, ConstantKind, Facts, Literal, Piece, Role, Source, SourceKind};
use crate::rules::data::file_calls::{Base, is_below, runs_shell};
use crate::rules::facts::file_use::{Fate, Follower, is_understood};
use crate::rules::support::shown_command;
use crate::rules::{Case, Consequence, Draft, Edit, Finding, Fix, Subject};
use crate::text::Span;
use crate::tree::TreePath;

/// Modules of components that no file of the server can be told.
const COMPONENTS: &[&str] = &[
    "dash.html.",
    "dash.dcc.",
    "dash.dash_table.",
    "dash_html_components.",
    "dash_core_components.",
    "dash_table.",
    "dash_bootstrap_components.",
];

/// The findings of all sources of an app.
pub(super) fn check(app: &App, targets: &[MovedMapping]) -> Vec<Finding> {
    let moves = LazyMoves::new(app);
    let files = app.sources().iter().filter(|file| {
        let words = targets
            .iter()
            .flat_map(MovedMapping::words)
            .collect::<Vec<_>>();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        !words.is_empty() && file.mentions(&words)
    });
    files
        .filter_map(|file| {
            let source = file.source().ok()?;
            Some(View::new(app, file, source, targets, &moves).findings())
        })
        .flatten()
        .collect()
}

/// Whether a program of the app leaves the app folder, so that `../mount` may be something else;
/// found out when first asked for.
struct LazyMoves<'a, 't> {
    app: &'a App<'t>,
    found: std::cell::OnceCell<Option<String>>,
}

impl<'a, 't> LazyMoves<'a, 't> {
    fn new(app: &'a App<'t>) -> Self {
        Self {
            app,
            found: std::cell::OnceCell::new(),
        }
    }

    /// What leaves the folder, half a sentence.
    fn get(&self) -> Option<&str> {
        let found = self
            .found
            .get_or_init(|| self.of_procfile().or_else(|| self.of_code()));
        found.as_deref()
    }

    fn of_procfile(&self) -> Option<String> {
        let file = self.app.procfile().present()?;
        let text = file.text.as_str();
        let mut processes = file.model.processes().iter();
        let moving = processes.find(|process| {
            let mut words = process.command.slice(text).split_whitespace();
            words.any(|word| {
                word == "cd" || word.starts_with("--chdir") || word.starts_with("--workdir")
            })
        })?;
        Some(format!("the Procfile's `{}`", moving.name.slice(text)))
    }

    fn of_code(&self) -> Option<String> {
        let mut files = self.app.sources().iter();
        let moving = files.find(|file| {
            file.mentions(&["chdir"])
                && file.facts().is_some_and(|(_, facts)| {
                    let mut calls = facts.calls.iter();
                    calls.any(|call| matches!(&*call.callee, "os.chdir" | "contextlib.chdir"))
                })
        })?;
        Some(format!("`chdir` in {}", moving.path()))
    }
}

/// What to do about a literal.
enum PathVerdict {
    /// It is no path of the mapping.
    Leave,
    /// Rewrite it.
    Rewrite,
    /// A person must; why, a sentence.
    Guide(String),
}

/// The beginning of a text that names a mapped folder.
#[derive(Clone, Copy)]
struct PathHead<'t> {
    target: &'t MovedMapping,
    /// How much of the text it is, in bytes.
    length: usize,
}

impl PathHead<'_> {
    /// Its place in the file, if the file spells it as it is.
    fn span(self, literal: &Literal) -> Span {
        let end = literal.content.start + self.length;
        Span::new(literal.content.start, end)
    }
}

/// One file being looked at.
struct View<'v, 't> {
    app: &'v App<'t>,
    path: &'v TreePath,
    source: &'v Source,
    follower: Follower<'v>,
    targets: &'v [MovedMapping],
    moves: &'v LazyMoves<'v, 't>,
}

impl<'v, 't> View<'v, 't> {
    fn new(
        app: &'v App<'t>,
        file: &'v SourceFile<'t>,
        source: &'v Source,
        targets: &'v [MovedMapping],
        moves: &'v LazyMoves<'v, 't>,
    ) -> Self {
        Self {
            app,
            path: file.path(),
            source,
            follower: Follower::new(&source.facts, source.text.as_str()),
            targets,
            moves,
        }
    }

    fn facts(&self) -> &'v Facts {
        &self.source.facts
    }

    fn text(&self) -> &'v str {
        self.source.text.as_str()
    }

    fn findings(&self) -> Vec<Finding> {
        let literals = self.facts().texts();
        let literals = literals.filter_map(|(number, literal)| self.literal(number, literal));
        let split = self.facts().constants.iter();
        let split = split.filter_map(|constant| self.split(constant));
        let escapes = self.facts().escapes.iter().filter_map(|escape| {
            let target = self.named_in(&escape.command)?;
            Some(self.command(escape.span, &escape.command, target))
        });
        literals.chain(split).chain(escapes).collect()
    }

    /// The finding of a literal that begins with a mapped folder, or names one in another way.
    fn literal(&self, number: usize, literal: &Literal) -> Option<Finding> {
        let statement = self.facts().sites.get(literal.site);
        if statement.is_some_and(|site| site.role == Role::Statement) {
            return None;
        }
        if let Some(head) = self.head(&literal.value) {
            let fate = self.follower.fate(number);
            if fate.files.is_empty() && self.is_on_page(literal) {
                return None;
            }
            return match self.verdict(number, literal, head, &fate) {
                PathVerdict::Leave => None,
                PathVerdict::Rewrite => Some(self.rewrite(literal, head)),
                PathVerdict::Guide(why) => Some(
                    self.draft(literal.span, &literal.value, head.target)
                        .guide(why),
                ),
            };
        }
        if let Some(target) = self.in_address(&literal.value) {
            let why = format!(
                "Write the address of the file in {} by hand: a relative path has other slashes there, and some programs start it in a folder of their own.",
                target.at_home()
            );
            return Some(self.naming(literal.span, &literal.value, target).guide(why));
        }
        let (call, _) = self.facts().argument_of(literal.site)?;
        let target = self.named_in(&literal.value)?;
        runs_shell(&call.callee).then(|| self.command(literal.span, &literal.value, target))
    }

    /// Whether a literal is given to a component of Dash: what a page shows or leads to, no file
    /// of the server.
    fn is_on_page(&self, literal: &Literal) -> bool {
        let argument = self.facts().argument_of(literal.site);
        argument.is_some_and(|(call, _)| {
            let mut modules = COMPONENTS.iter();
            modules.any(|module| call.callee.starts_with(module))
        })
    }

    /// The mapped folder that a text begins with: as it is, or, of one in the app's own folder of
    /// DE4, from there: `data/x` for a mapping to `/app/data`.
    fn head(&self, value: &str) -> Option<PathHead<'v>> {
        if let Some(target) = holding(self.targets, value) {
            return Some(PathHead {
                target,
                length: target.app.len(),
            });
        }
        let (start, relative) = match value.strip_prefix("./") {
            Some(rest) => (2, rest),
            None => (0, value),
        };
        self.targets.iter().find_map(|target| {
            let folder = target.app.strip_prefix("/app/")?;
            is_below(relative, folder).then_some(PathHead {
                target,
                length: start + folder.len(),
            })
        })
    }

    /// Whether what is joined to a literal makes another folder of it: `"/data" + "base"`.
    fn goes_elsewhere(&self, number: usize, literal: &Literal, head: PathHead) -> bool {
        let folder = Span::new(0, head.length).slice(&literal.value);
        let mut direct = self.facts().constants_of(number).filter(|constant| {
            let first = constant.pieces.first();
            first.is_some_and(|piece| piece.literal == Some(number))
        });
        literal.value == folder && direct.any(|constant| !is_below(&constant.value, folder))
    }

    fn verdict(
        &self,
        number: usize,
        literal: &Literal,
        head: PathHead,
        fate: &Fate,
    ) -> PathVerdict {
        let is_relative = !literal.value.starts_with('/');
        if self.goes_elsewhere(number, literal, head) || (is_relative && fate.files.is_empty()) {
            return PathVerdict::Leave;
        }
        if let Some(verdict) = self.verdict_of_use(literal, head.target, fate) {
            return verdict;
        }
        let span = head.span(literal);
        let value = Span::new(0, head.length).slice(&literal.value);
        if span.slice(self.text()) != value || !self.source.is_editable(span) {
            return PathVerdict::Guide(format!(
                "Write `{}` in the place of `{value}` by hand: it is spelled with escapes here.",
                head.target.path
            ));
        }
        self.obstacle(fate, head.target)
            .map_or(PathVerdict::Rewrite, PathVerdict::Guide)
    }

    /// What the use of a literal decides; `None` if it may be rewritten.
    fn verdict_of_use(
        &self,
        literal: &Literal,
        target: &MovedMapping,
        fate: &Fate,
    ) -> Option<PathVerdict> {
        let is_file = !fate.files.is_empty();
        if fate.is_inner && !fate.is_first {
            return Some(PathVerdict::Leave);
        }
        if fate.is_address && !is_file {
            return Some(PathVerdict::Leave);
        }
        if fate.is_address {
            return Some(PathVerdict::Guide(format!(
                "Give the file a name of its own, with `{}`: this text is an address of the app as well.",
                target.path
            )));
        }
        if fate.is_inner {
            return Some(PathVerdict::Guide(format!(
                "Write `{}` where this begins a path: elsewhere it stands behind other text.",
                target.path
            )));
        }
        if fate.is_compared && !is_file {
            return Some(if self.speaks_of_addresses(literal.span) {
                PathVerdict::Leave
            } else {
                PathVerdict::Guide(format!(
                    "Compare with `{}` if this is the folder: the text is not opened here, so nothing tells whether it is a path.",
                    target.path
                ))
            });
        }
        if !is_file && self.speaks_of_addresses(literal.span) {
            return Some(PathVerdict::Guide(format!(
                "Write `{}` if this is the folder: the line speaks of addresses, and nothing here opens a file.",
                target.path
            )));
        }
        fate.is_reset.then(|| {
            PathVerdict::Guide(format!(
                "Take the parts in front of it away and write `{}`: an absolute path makes a join forget them, a relative one does not.",
                target.path
            ))
        })
    }

    /// Why the program must not rewrite here, a sentence.
    fn obstacle(&self, fate: &Fate, target: &MovedMapping) -> Option<String> {
        if !is_understood(self.facts()) {
            return Some(format!(
                "Mend what is not Python 3 in {} first, or write `{}` by hand.",
                self.path, target.path
            ));
        }
        let is_at_root = self.path.parent() == *self.app.root();
        if self.source.kind == SourceKind::Notebook && !is_at_root {
            return Some(format!(
                "Write the way from the notebook's folder to {} by hand.",
                target.at_home()
            ));
        }
        if fate.files.iter().any(|file| file.base == Base::Module) && !is_at_root {
            return Some(format!(
                "Write the whole path of {} by hand: here a relative one begins at the module's folder.",
                target.at_home()
            ));
        }
        let moving = self.moves.get()?;
        Some(format!(
            "Write the way to {} by hand: {moving} leaves the app folder, so `{}` may be another folder.",
            target.at_home(),
            target.path
        ))
    }

    /// Whether the line is about routes.
    fn speaks_of_addresses(&self, span: Span) -> bool {
        let text = self.text();
        let start = text.get(..span.start).and_then(|before| before.rfind('\n'));
        let end = text.get(span.end..).and_then(|after| after.find('\n'));
        let end = end.map_or(text.len(), |end| span.end + end);
        let line = Span::new(start.unwrap_or(0), end).slice(text);
        let words = [
            "pathname", "href", "url", "route", "request", "page", "endpoint", "link", "handler",
        ];
        let line = line.to_ascii_lowercase();
        words.iter().any(|word| line.contains(word)) || line.trim_start().starts_with("case ")
    }

    /// A path whose mapped folder is spelled by several pieces: `os.path.join("/", "data")`.
    fn split(&self, constant: &Constant) -> Option<Finding> {
        let target = holding(self.targets, &constant.value)?;
        let covering = covering(constant, &target.app);
        let [first, _, ..] = covering.as_slice() else {
            return None;
        };
        // A variable that holds all of it is found where it gets its value.
        let is_named = first.variable.is_some()
            && covering
                .iter()
                .all(|piece| piece.variable == first.variable);
        if constant.kind == ConstantKind::Name || is_named {
            return None;
        }
        let fate = self.follower.fate_of_constant(constant);
        if fate.is_address || (fate.is_compared && self.speaks_of_addresses(constant.span)) {
            return None;
        }
        let guide = format!(
            "Write `{}` in its place: several pieces spell the folder, which other code may share.",
            target.path
        );
        Some(
            self.draft(constant.span, &constant.value, target)
                .guide(guide),
        )
    }

    /// The target that `sqlite:////data/x.db` or `file:///data/x` names.
    fn in_address(&self, value: &str) -> Option<&'v MovedMapping> {
        let (scheme, rest) = value.split_once("://")?;
        let is_file = scheme.starts_with("sqlite") || matches!(scheme, "file" | "duckdb");
        let path = format!("/{}", rest.trim_start_matches('/'));
        holding(self.targets, &path).filter(|_| is_file && rest.starts_with('/'))
    }

    /// The target that a command names as one of its words, or at the beginning of one.
    fn named_in(&self, command: &str) -> Option<&'v MovedMapping> {
        let words = command.split(|c: char| c.is_whitespace() || "=<>;|&\"'()`".contains(c));
        words
            .into_iter()
            .find_map(|word| holding(self.targets, word))
    }

    fn command(&self, span: Span, command: &str, target: &MovedMapping) -> Finding {
        let guide = format!("Write `{}` for {} in the command.", target.path, target.app);
        self.naming(span, &shown_command(command), target)
            .guide(guide)
    }

    fn rewrite(&self, literal: &Literal, head: PathHead) -> Finding {
        let target = head.target;
        let rest = literal.value.get(head.length..).unwrap_or_default();
        let fix = Fix::unsafe_(format!(
            "write `{}` for `{}`",
            shorten(&format!("{}{rest}", target.path)),
            shorten(&literal.value)
        ));
        let edit = Edit::Replace {
            path: self.path.clone(),
            span: head.span(literal),
            text: self.source.spell(&target.path),
        };
        self.draft(literal.span, &literal.value, target)
            .step(
                "Start the program in the app folder: `../mount` begins at the working directory.",
            )
            .fix(fix.edit(edit))
    }

    /// A finding about a path in the folder.
    fn draft(&self, span: Span, value: &str, target: &MovedMapping) -> Draft {
        let fact = format!("`{}` is in the mapped directory", shorten(value));
        let subject = Subject::Path(value.to_owned());
        self.finding(span, MAPPED, subject, &fact, target)
    }

    /// A finding about a text that names the folder somewhere.
    fn naming(&self, span: Span, text: &str, target: &MovedMapping) -> Draft {
        let fact = format!("`{}` names the mapped directory", shorten(text));
        let subject = Subject::text(text);
        self.finding(span, NAMED, subject, &fact, target)
    }

    fn finding(
        &self,
        span: Span,
        case: Case,
        subject: Subject,
        fact: &str,
        target: &MovedMapping,
    ) -> Draft {
        let message = format!(
            "{fact} {}, and Dash Enterprise 5 has no directory mappings",
            target.app
        );
        let draft = RULE.report(case, subject, self.path, message).span(span);
        let draft = draft.means(Consequence::Data(target.app.clone()));
        persistent_filesystem(draft).step(format!(
            "Copy what {} holds on the Dash Enterprise 4 server into {}.",
            target.host,
            target.at_home()
        ))
    }
}

/// The pieces of a constant that together spell a folder.
fn covering<'c>(constant: &'c Constant, folder: &str) -> Vec<&'c Piece> {
    let mut length = 0;
    let spelling = constant.pieces.iter().filter(|piece| {
        let text = piece.text.as_deref().unwrap_or_default();
        let counts = length < folder.len() && !text.is_empty();
        length += text.len();
        counts
    });
    spelling.collect()
}
