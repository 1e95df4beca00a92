//! One text on its way through the code.

use std::collections::{HashSet, VecDeque};

use super::joins::{
    COMPARING, compares, is_behind_operator, is_leading, is_path_object, is_reset, passes_on,
    text_of,
};
use super::{Fate, FileUse, Follower};
use crate::python::{Call, Constant, LiteralKind, Piece, Role, Slot};
use crate::rules::data::file_calls::{Base, Does, is_address_name, path_method, takes_address};
use crate::text::Span;

/// The most places that one text is followed to.
const FARTHEST: usize = 256;

/// A text on its way.
#[derive(Clone)]
pub(super) struct Walk {
    pub(super) site: usize,
    pub(super) path: String,
    pub(super) complete: bool,
    /// The expression.
    pub(super) span: Span,
    pub(super) scope: usize,
}

/// What a dictionary's value is found by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The value is the variable's own, or one of a list.
    None,
    /// The key of the dictionary.
    Named(String),
    /// A key that is not known.
    Unknown,
}

/// One text being followed.
pub(super) struct Walker<'w, 'f> {
    follower: &'w Follower<'f>,
    fate: Fate,
    /// How many places the text was found in.
    walks: usize,
    seen: HashSet<(usize, Key)>,
    waiting: VecDeque<(usize, Key, String, bool)>,
}

impl<'w, 'f> Walker<'w, 'f> {
    pub(super) fn new(follower: &'w Follower<'f>) -> Self {
        Self {
            follower,
            fate: Fate::default(),
            walks: 0,
            seen: HashSet::new(),
            waiting: VecDeque::new(),
        }
    }

    pub(super) fn begin(&mut self, number: usize) {
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

    pub(super) fn constant(&mut self, constant: &Constant, path: String, complete: bool) {
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

    pub(super) fn finish(mut self) -> Fate {
        while let Some((variable, key, path, complete)) = self.waiting.pop_front() {
            if self.walks > FARTHEST || self.follower.budget.get() == 0 {
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
    pub(super) fn walk(&mut self, mut walk: Walk) {
        let facts = self.follower.facts;
        self.walks += 1;
        let budget = self.follower.budget.get();
        if self.walks > FARTHEST || budget == 0 {
            return;
        }
        self.follower.budget.set(budget - 1);
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
    pub(super) fn argument(&mut self, call: &Call, slot: &Slot, walk: &Walk) -> bool {
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
