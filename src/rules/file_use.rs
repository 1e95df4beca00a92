//! Where a text of the code ends up: in a call that opens a file, in an address, in a comparison.
//! No rule of its own; DL301 and DL309 ask it.

use std::collections::{HashMap, HashSet, VecDeque};

use super::data::file_calls::{
    Base, Does, is_address_name, path_method, takes_address, takes_path,
};
use crate::python::{
    BindingKind, Call, Constant, ConstantKind, Facts, LiteralKind, Parse, Piece, Role, ScopeKind,
    Slot,
};
use crate::text::Span;

/// The most places that one text is followed to.
const FARTHEST: usize = 256;

/// One file that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileUse {
    /// The whole path as far as it is known.
    pub(super) path: String,
    /// Whether `path` is all of it.
    pub(super) complete: bool,
    /// What is done with the file.
    pub(super) does: Does,
    /// Where a relative path begins.
    pub(super) base: Base,
    /// The call, or the path expression whose method is called.
    pub(super) span: Span,
    /// The scope that it stands in.
    pub(super) scope: usize,
}

/// What becomes of a text.
#[derive(Debug, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "a text has many uses, and each of these may be one of them"
)]
pub(super) struct Fate {
    /// The files that it names.
    pub(super) files: Vec<FileUse>,
    /// It is a route, an address or a pattern.
    pub(super) is_address: bool,
    /// It is compared, searched or replaced, or is a key.
    pub(super) is_compared: bool,
    /// It stands behind other text: `base + "/x"`.
    pub(super) is_inner: bool,
    /// It stands at the beginning of something, or alone.
    pub(super) is_first: bool,
    /// It stands behind other parts of a join, which forgets them because it is absolute.
    pub(super) is_reset: bool,
    /// The variables of the module that it becomes the value of.
    pub(super) names: Vec<usize>,
}

/// The facts of a file, prepared to follow texts.
pub(super) struct Follower<'f> {
    facts: &'f Facts,
    text: &'f str,
    /// The parameters that a function of this file hands to a call that opens a file: function,
    /// position, name, and the use.
    parameters: HashMap<&'f str, Vec<Parameter<'f>>>,
}

struct Parameter<'f> {
    position: usize,
    name: &'f str,
    does: Does,
    base: Base,
}

/// A text on its way.
#[derive(Clone)]
struct Walk {
    site: usize,
    path: String,
    complete: bool,
    /// The expression.
    span: Span,
    scope: usize,
}

/// What a dictionary's value is found by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// The value is the variable's own, or one of a list.
    None,
    /// The key of the dictionary.
    Named(String),
    /// A key that is not known.
    Unknown,
}

impl<'f> Follower<'f> {
    /// Prepares the facts of a file whose text is `text`.
    pub(super) fn new(facts: &'f Facts, text: &'f str) -> Self {
        let mut follower = Self {
            facts,
            text,
            parameters: HashMap::new(),
        };
        follower.find_parameters();
        follower
    }

    /// Follows a literal. One that a scan found has no place in the code: nothing is known of it.
    pub(super) fn fate(&self, literal: usize) -> Fate {
        let mut walker = Walker::new(self);
        walker.begin(literal);
        walker.finish()
    }

    /// Whether the value of a constant is used as a file by what is around it.
    pub(super) fn fate_of_constant(&self, constant: &Constant) -> Fate {
        let mut walker = Walker::new(self);
        walker.constant(constant, constant.value.clone(), constant.complete);
        walker.finish()
    }

    /// What becomes of an argument that is exactly this expression.
    pub(super) fn fate_of_argument(&self, argument: Span) -> Fate {
        let mut walker = Walker::new(self);
        let found = self.facts.calls.iter().find_map(|call| {
            let mut arguments = call.arguments.iter();
            let found = arguments.find(|found| found.span == argument)?;
            Some((call, &found.slot))
        });
        if let Some((call, slot)) = found {
            let walk = Walk {
                site: call.site,
                path: String::new(),
                complete: false,
                span: call.span,
                scope: call.scope,
            };
            let is_first = matches!(slot, Slot::Position(0));
            if walker.argument(call, slot, &walk) && is_first {
                walker.walk(walk);
            }
        }
        walker.finish()
    }

    /// What a call, of a package or of a function of this file, does with the file of an argument.
    fn opens(&self, call: &Call, slot: &Slot) -> Option<(Does, Base)> {
        if let Some((does, base)) = takes_path(call, slot) {
            return Some((self.known(does, call), base));
        }
        let mut parameters = self.parameters.get(call.callee.as_str())?.iter();
        let found = parameters.find(|parameter| match slot {
            Slot::Position(at) => *at == parameter.position,
            Slot::Keyword(name) => name == parameter.name,
            Slot::Unpacked => false,
        })?;
        Some((found.does, found.base))
    }

    fn known(&self, does: Does, call: &Call) -> Does {
        match does {
            Does::Mode => self.mode(call),
            other => other,
        }
    }

    /// What `open` does, by its mode.
    fn mode(&self, call: &Call) -> Does {
        let Some(mode) = call.argument("mode", 1) else {
            return Does::Read;
        };
        let mode = mode.of(self.text);
        if mode.contains('+') {
            Does::Both
        } else if mode.contains(['w', 'a', 'x']) {
            Does::Write
        } else {
            Does::Read
        }
    }

    /// Finds the functions of this file that hand a parameter to a call that opens a file.
    fn find_parameters(&mut self) {
        let mut found: Vec<(&'f str, Parameter<'f>)> = Vec::new();
        let positions = self.positions();
        for call in &self.facts.calls {
            let scope = self.facts.scopes.get(call.scope);
            let Some(scope) = scope.filter(|scope| scope.kind == ScopeKind::Function) else {
                continue;
            };
            for argument in &call.arguments {
                let Some((does, base)) = takes_path(call, &argument.slot) else {
                    continue;
                };
                let name = argument.span.of(self.text);
                if let Some(position) = positions.get(&(call.scope, name)) {
                    found.push((
                        &scope.name,
                        Parameter {
                            position: *position,
                            name,
                            does: self.known(does, call),
                            base,
                        },
                    ));
                }
            }
        }
        for (function, parameter) in found {
            self.parameters.entry(function).or_default().push(parameter);
        }
    }

    /// The positions of the parameters, by the function's scope and their name.
    fn positions(&self) -> HashMap<(usize, &'f str), usize> {
        let mut positions = HashMap::new();
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for binding in &self.facts.bindings {
            let variable = self.facts.variables.get(binding.variable);
            let scope = variable.map(|variable| variable.scope);
            if let (BindingKind::Parameter, Some(scope)) = (binding.kind, scope) {
                let position = counts.entry(scope).or_default();
                positions.insert((scope, binding.name.as_str()), *position);
                *position += 1;
            }
        }
        positions
    }

    /// Whether the text behind an expression looks the key up: `["data"]`, `.get("data")`.
    fn looks_up(&self, behind: usize, key: &Key) -> bool {
        let key = match key {
            Key::None => return true,
            Key::Unknown => return false,
            Key::Named(key) => key,
        };
        let rest = self.text.get(behind..).unwrap_or_default();
        let index = rest
            .strip_prefix('[')
            .or_else(|| rest.strip_prefix(".get("))
            .or_else(|| rest.strip_prefix(".pop("));
        // In a notebook the quotes are written as `\"`.
        let index = index.map(|index| index.trim_start_matches(['\\', ' ']));
        let index = index.and_then(|index| index.strip_prefix(['"', '\'']));
        index.is_some_and(|index| {
            let end = index.strip_prefix(key.as_str());
            end.is_some_and(|end| end.starts_with(['"', '\'', '\\']))
        })
    }
}

/// One text being followed.
struct Walker<'w, 'f> {
    follower: &'w Follower<'f>,
    fate: Fate,
    /// How many places the text was found in.
    walks: usize,
    seen: HashSet<(usize, Key)>,
    waiting: VecDeque<(usize, Key, String, bool)>,
}

impl<'w, 'f> Walker<'w, 'f> {
    fn new(follower: &'w Follower<'f>) -> Self {
        Self {
            follower,
            fate: Fate::default(),
            walks: 0,
            seen: HashSet::new(),
            waiting: VecDeque::new(),
        }
    }

    fn begin(&mut self, number: usize) {
        let facts = self.follower.facts;
        let Some(literal) = facts.literals.get(number) else {
            return;
        };
        let mut is_part = literal.kind == LiteralKind::Part;
        for constant in facts.constants_of(number) {
            let spells = |piece: &Piece| piece.literal == Some(number);
            is_part |= (constant.pieces.iter()).any(|p| spells(p) && p.variable.is_none());
            match constant.pieces.iter().position(spells) {
                Some(at) if is_leading(constant, at) => {
                    self.constant(constant, constant.value.clone(), constant.complete);
                }
                _ => self.fate.is_inner = true,
            }
        }
        if is_part {
            return;
        }
        if is_behind_operator(self.follower.text, literal.span.start) {
            self.fate.is_inner |= self.is_added(literal.site);
            self.fate.is_reset |= !self.fate.is_inner;
        } else {
            self.fate.is_first = true;
        }
        if !self.fate.is_inner {
            self.walk(Walk {
                site: literal.site,
                path: literal.value.clone(),
                complete: true,
                span: literal.span,
                scope: literal.scope,
            });
        }
    }

    /// Whether the expression at a site is one side of `+` or `%`.
    fn is_added(&self, site: usize) -> bool {
        let site = self.follower.facts.sites.get(site);
        site.is_some_and(|site| matches!(site.role, Role::Operand { operator } if operator != '/'))
    }

    fn constant(&mut self, constant: &Constant, path: String, complete: bool) {
        self.fate.is_first = true;
        self.fate.is_reset |= is_reset(constant, self.follower.text);
        let walk = Walk {
            site: constant.site,
            path,
            complete,
            span: constant.span,
            scope: constant.scope,
        };
        if is_path_object(constant, self.follower.text) {
            self.note(&walk, Does::Look, Base::Program);
        }
        self.walk(walk);
    }

    fn finish(mut self) -> Fate {
        while let Some((variable, key, path, complete)) = self.waiting.pop_front() {
            if self.walks > FARTHEST {
                break;
            }
            self.variable(variable, &key, &path, complete);
        }
        self.fate
    }

    fn variable(&mut self, variable: usize, key: &Key, path: &str, complete: bool) {
        let facts = self.follower.facts;
        for constant in facts.uses_of(variable).take(FARTHEST) {
            let stands = |piece: &Piece| piece.variable == Some(variable);
            let Some(at) = constant.pieces.iter().position(stands) else {
                continue;
            };
            if !is_leading(constant, at) {
                self.fate.is_inner = true;
            } else if let Some(piece) = constant.pieces.get(at)
                && self.follower.looks_up(piece.span.end, key)
            {
                let (path, complete) = text_of(constant, at, path, complete);
                self.constant(constant, path, complete);
            }
        }
    }

    /// Follows a text outwards through the expression that it stands in.
    fn walk(&mut self, mut walk: Walk) {
        let facts = self.follower.facts;
        self.walks += 1;
        if self.walks > FARTHEST {
            return;
        }
        let mut key = Key::None;
        for site in facts.sites_around(walk.site) {
            match &site.role {
                Role::Argument { call, slot } => {
                    let Some(call) = facts.calls.get(*call) else {
                        return;
                    };
                    if !self.argument(call, slot, &walk) {
                        return;
                    }
                }
                Role::Receiver { attribute } => {
                    if !self.receiver(attribute, &walk) {
                        return;
                    }
                    walk.complete = false;
                }
                Role::Value { key: name } => {
                    self.fate.is_address |= name.as_deref().is_some_and(is_address_name);
                    key = name.clone().map_or(Key::Unknown, Key::Named);
                }
                Role::Assigned { variable }
                | Role::Default { variable }
                | Role::Iterated {
                    variable: Some(variable),
                } => self.enter(*variable, &key, &walk),
                Role::Compared | Role::Key | Role::Pattern => {
                    self.fate.is_compared = true;
                    return;
                }
                Role::Operand { .. } => walk.complete = false,
                Role::Element | Role::Alternative | Role::Subscripted => {}
                _ => return,
            }
        }
    }

    fn enter(&mut self, variable: usize, key: &Key, walk: &Walk) {
        let of_module = self.follower.facts.variables.get(variable);
        if of_module.is_some_and(|it| it.scope == 0) && *key == Key::None {
            self.fate.names.push(variable);
        }
        if self.seen.insert((variable, key.clone())) {
            (self.waiting).push_back((variable, key.clone(), walk.path.clone(), walk.complete));
        }
    }

    fn note(&mut self, walk: &Walk, does: Does, base: Base) {
        self.fate.files.push(FileUse {
            path: walk.path.clone(),
            complete: walk.complete,
            does,
            base,
            span: walk.span,
            scope: walk.scope,
        });
    }

    /// Notes what a call does with its argument; gives whether the text goes on through it.
    fn argument(&mut self, call: &Call, slot: &Slot, walk: &Walk) -> bool {
        if let Some((does, base)) = self.follower.opens(call, slot) {
            let walk = Walk {
                span: call.span,
                scope: call.scope,
                ..walk.clone()
            };
            self.note(&walk, does, base);
            return passes_on(&call.callee, slot);
        }
        if passes_on(&call.callee, slot) {
            return true;
        }
        self.fate.is_compared |= compares(&call.callee);
        self.fate.is_address |= takes_address(call, slot);
        false
    }

    /// Notes what a method does with its object; gives whether the text goes on through it.
    fn receiver(&mut self, attribute: &str, walk: &Walk) -> bool {
        if let Some(does @ (Does::Read | Does::Write)) = path_method(attribute) {
            self.note(walk, does, Base::Program);
        }
        match attribute {
            "format" | "as_posix" | "resolve" | "absolute" | "joinpath" | "expanduser"
            | "parent" | "lower" | "encode" | "copy" | "get" | "pop" => true,
            other => {
                self.fate.is_compared |= COMPARING.contains(&other);
                false
            }
        }
    }
}

/// Methods that look a text up in another one.
const COMPARING: &[&str] = &[
    "startswith",
    "endswith",
    "split",
    "rsplit",
    "partition",
    "strip",
    "lstrip",
    "rstrip",
    "count",
    "find",
    "rfind",
    "index",
    "replace",
    "is_relative_to",
    "removeprefix",
    "removesuffix",
    "assertEqual",
];

/// Whether a call looks its argument up in another text.
fn compares(callee: &str) -> bool {
    let method = callee.rsplit_once('.');
    method.is_some_and(|(_, name)| COMPARING.contains(&name))
}

/// Whether a constant is a path object, not merely the text of one.
fn is_path_object(constant: &Constant, text: &str) -> bool {
    let code = constant.span.of(text);
    constant.kind == ConstantKind::Path && code.contains("Path(") && !code.contains("Pure")
}

/// Whether nothing stands in front of a piece.
fn is_leading(constant: &Constant, at: usize) -> bool {
    let before = constant.pieces.iter().take(at);
    let empty = |piece: &Piece| piece.text.as_deref() == Some("");
    before.into_iter().all(empty)
}

/// Whether a join forgets what stands in front of the constant's first piece. Told from the code in
/// front of it, with a doubt in favour of a person.
fn is_reset(constant: &Constant, text: &str) -> bool {
    let Some(first) = constant.pieces.first() else {
        return false;
    };
    if constant.kind == ConstantKind::Name || first.span.start <= constant.span.start {
        return false;
    }
    let lead = Span::new(constant.span.start, first.span.start).of(text);
    lead.contains([',', '/']) || lead.trim_end().ends_with("joinpath(")
}

/// Whether `+`, `/` or `%` stands in front of an expression.
fn is_behind_operator(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let before = before.trim_end_matches(['(', ' ', '\t', '\n', '\r', '\\']);
    before.ends_with(['+', '/', '%']) && !before.ends_with("+=")
}

/// The text of a constant whose piece number `at` is worth `path`.
fn text_of(constant: &Constant, at: usize, path: &str, complete: bool) -> (String, bool) {
    let mut text = path.to_owned();
    let rest = constant.pieces.get(at + 1..).unwrap_or_default();
    for piece in rest {
        match &piece.text {
            Some(more) if complete => text.push_str(more),
            _ => return (text, false),
        }
    }
    (text, complete)
}

/// Whether a call gives back its argument, or a text that begins with it, or holds it.
fn passes_on(callee: &str, slot: &Slot) -> bool {
    let fallback = *slot == Slot::Position(1) || *slot == Slot::Keyword("default".to_owned());
    match callee {
        "os.environ.get"
        | "os.environ.setdefault"
        | "os.environ.pop"
        | "os.getenv"
        | "decouple.config" => fallback,
        "str" | "os.fspath" | "os.fsdecode" | "os.fsencode" | "os.path.abspath"
        | "os.path.normpath" | "os.path.realpath" | "os.path.expanduser" | "os.path.expandvars"
        | "os.path.join" | "os.path.dirname" | "posixpath.join" | "list" | "tuple" | "set"
        | "sorted" | "enumerate" => true,
        _ => callee.starts_with("pathlib."),
    }
}

/// Whether the code of a file may be rewritten: all of it was understood.
pub(super) fn is_understood(facts: &Facts) -> bool {
    facts.parse == Parse::Parsed
}

/// Words of which a file must hold one before a text of it can name a file.
pub(super) const FILE_WORDS: &[&str] = &[
    "open", "read", "load", "Path", "listdir", "glob", "scandir", "walk", "path.", "makedirs",
    "mkdir", "to_", "save", "write", "connect", "send_", "Handler", "folder", "shutil", "File",
    "Cache", "dump", "Font", "Dataset", "Writer", "image", "Session", "rename", "remove", "mount",
];
