//! Where a text of the code ends up: in a call that opens a file, in an address, in a comparison.
//! No rule of its own; DL301 and DL309 ask it.

mod joins;
mod walk;

use std::cell::Cell;
use std::collections::HashMap;

use self::walk::{Key, Walk, Walker};
use crate::python::{BindingKind, Call, Constant, Facts, Parse, ScopeKind, Slot};
use crate::rules::data::file_calls::{Base, Does, takes_path};
use crate::text::Span;

/// One file that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) struct FileUse {
    /// The whole path as far as it is known.
    pub(in crate::rules) path: String,
    /// Whether `path` is all of it.
    pub(in crate::rules) complete: bool,
    /// What is done with the file.
    pub(in crate::rules) does: Does,
    /// Where a relative path begins.
    pub(in crate::rules) base: Base,
    /// The call, or the path expression whose method is called.
    pub(in crate::rules) span: Span,
    /// The scope that it stands in.
    pub(in crate::rules) scope: usize,
}

/// What becomes of a text.
#[derive(Debug, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "a text has many uses, and each of these may be one of them"
)]
pub(in crate::rules) struct Fate {
    /// The files that it names.
    pub(in crate::rules) files: Vec<FileUse>,
    /// It is a route, an address or a pattern.
    pub(in crate::rules) is_address: bool,
    /// It is compared, searched or replaced, or is a key.
    pub(in crate::rules) is_compared: bool,
    /// It stands behind other text: `base + "/x"`.
    pub(in crate::rules) is_inner: bool,
    /// It stands at the beginning of something, or alone.
    pub(in crate::rules) is_first: bool,
    /// It stands behind other parts of a join, which forgets them because it is absolute.
    pub(in crate::rules) is_reset: bool,
    /// The variables of the module that it becomes the value of.
    pub(in crate::rules) names: Vec<usize>,
}

/// The facts of a file, prepared to follow texts.
pub(in crate::rules) struct Follower<'f> {
    facts: &'f Facts,
    text: &'f str,
    /// The parameters that a function of this file hands to a call that opens a file: function,
    /// position, name, and the use.
    parameters: HashMap<&'f str, Vec<Parameter<'f>>>,
    /// How many more places texts of this file are followed to.
    budget: Cell<usize>,
}

/// The most places that all texts of one file are followed to; code that people write stays far
/// below it.
const BUDGET: usize = 50_000;

struct Parameter<'f> {
    position: usize,
    name: &'f str,
    does: Does,
    base: Base,
}

impl<'f> Follower<'f> {
    /// Prepares the facts of a file whose text is `text`.
    pub(in crate::rules) fn new(facts: &'f Facts, text: &'f str) -> Self {
        let mut follower = Self {
            facts,
            text,
            parameters: HashMap::new(),
            budget: Cell::new(BUDGET),
        };
        follower.find_parameters();
        follower
    }

    /// Follows a literal. One that a scan found has no place in the code: nothing is known of it.
    pub(in crate::rules) fn fate(&self, literal: usize) -> Fate {
        let mut walker = Walker::new(self);
        walker.begin(literal);
        walker.finish()
    }

    /// Whether the value of a constant is used as a file by what is around it.
    pub(in crate::rules) fn fate_of_constant(&self, constant: &Constant) -> Fate {
        let mut walker = Walker::new(self);
        walker.constant(constant, constant.value.clone(), constant.complete);
        walker.finish()
    }

    /// What becomes of an argument that is exactly this expression.
    pub(in crate::rules) fn fate_of_argument(&self, argument: Span) -> Fate {
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
        let mode = mode.slice(self.text);
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
                let name = argument.span.slice(self.text);
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

/// Whether the code of a file may be rewritten: all of it was understood.
pub(in crate::rules) fn is_understood(facts: &Facts) -> bool {
    facts.parse == Parse::Parsed
}
