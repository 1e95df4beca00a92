//! Questions that several rules ask of [`Facts`]: where a value ends up, what a module binds.

use std::collections::{BTreeSet, HashSet, VecDeque};

use super::facts::{Binding, Call, Constant, ExpressionSite, Facts, Literal, Role, Slot};
use super::gather::passes_text;

/// The most sites that [`Facts::reach`] follows a value to.
pub const FARTHEST: usize = 256;

impl Facts {
    /// The site and the sites around it, from the inside out; number 0 ends the way.
    pub fn sites_around(&self, site: usize) -> impl Iterator<Item = &ExpressionSite> + '_ {
        let mut next = site;
        std::iter::from_fn(move || {
            let found = self.sites.get(next).filter(|_| next != 0)?;
            // A parent is always made before its children; anything else would be a loop.
            next = if found.parent < next { found.parent } else { 0 };
            Some(found)
        })
    }

    /// The sites that the value at `site` flows through, from the inside out, up to the first that
    /// uses it up: an argument of a call that may pass it on (`os.path.join`) flows on, one of
    /// `open` is the last.
    pub fn flow(&self, site: usize) -> impl Iterator<Item = &ExpressionSite> + '_ {
        let mut used_up = false;
        self.sites_around(site).take_while(move |site| {
            let before = used_up;
            used_up |= match &site.role {
                Role::Argument { call, .. } => {
                    let call = self.calls.get(*call);
                    !call.is_some_and(|call| passes_text(&call.callee))
                }
                Role::Compared | Role::Key | Role::Subscript { .. } => true,
                _ => false,
            };
            !before
        })
    }

    /// The role that matters: the first around `site` that is not an element, an alternative or
    /// another way of only passing the value on.
    pub fn role(&self, site: usize) -> &Role {
        self.sites_around(site)
            .map(|site| &site.role)
            .find(|role| !matches!(role, Role::Element | Role::Alternative | Role::Subscripted))
            .unwrap_or(&Role::Other)
    }

    /// The call and slot that the value at `site` is an argument of, directly or as an element or
    /// alternative of one.
    pub fn argument_of(&self, site: usize) -> Option<(&Call, &Slot)> {
        match self.role(site) {
            Role::Argument { call, slot } => Some((self.calls.get(*call)?, slot)),
            _ => None,
        }
    }

    /// Every site that the value of a literal reaches: its own, those of the constants that it is a
    /// piece of, and, through variables and defaults of parameters, those where the names are used;
    /// the nearest [`FARTHEST`] of them. [`Facts::flow`] tells what happens at each.
    pub fn reach(&self, literal: usize) -> Vec<usize> {
        let own = self.literals.get(literal).map(|literal| literal.site);
        let mut open: VecDeque<usize> = own.into_iter().collect();
        open.extend(
            self.constants_with(&self.literal_uses, literal)
                .map(|c| c.site),
        );
        let mut sites = BTreeSet::new();
        let mut variables = HashSet::new();
        while let Some(site) = open.pop_front().filter(|_| sites.len() < FARTHEST) {
            if !sites.insert(site) {
                continue;
            }
            for variable in self.flow(site).filter_map(|site| site.role.variable()) {
                if variables.insert(variable) {
                    open.extend(self.uses_of(variable).take(FARTHEST).map(|c| c.site));
                }
            }
        }
        sites.into_iter().collect()
    }

    /// The constants that a variable is a piece of.
    pub fn uses_of(&self, variable: usize) -> impl Iterator<Item = &Constant> + '_ {
        self.constants_with(&self.variable_uses, variable)
    }

    /// The constants that a literal is a piece of, here or through a variable.
    pub fn constants_of(&self, literal: usize) -> impl Iterator<Item = &Constant> + '_ {
        self.constants_with(&self.literal_uses, literal)
    }

    fn constants_with<'s>(
        &'s self,
        uses: &'s [(usize, usize)],
        number: usize,
    ) -> impl Iterator<Item = &'s Constant> + 's {
        let first = uses.partition_point(|(used, _)| *used < number);
        let uses = uses.get(first..).unwrap_or_default().iter();
        let uses = uses.take_while(move |(used, _)| *used == number);
        uses.filter_map(|(_, constant)| self.constants.get(*constant))
    }

    /// Notes which literals and variables the constants are made of.
    pub(super) fn index(&mut self) {
        for (number, constant) in self.constants.iter().enumerate() {
            for piece in &constant.pieces {
                self.literal_uses
                    .extend(piece.literal.map(|literal| (literal, number)));
                self.variable_uses
                    .extend(piece.variable.map(|variable| (variable, number)));
            }
        }
        for uses in [&mut self.literal_uses, &mut self.variable_uses] {
            uses.sort_unstable();
            uses.dedup();
        }
    }

    /// The bindings of the module itself, in source order: what `module:name` can name. Those in
    /// `if`, `try`, `with` and loops count; those of its functions and classes do not.
    pub fn top_level(&self) -> impl Iterator<Item = &Binding> + '_ {
        self.bindings.iter().filter(|binding| {
            let variable = self.variables.get(binding.variable);
            variable.is_some_and(|variable| variable.scope == 0) && !binding.name.contains('.')
        })
    }

    /// Whether the module has a `from x import *`, so that it may bind names that
    /// [`Facts::top_level`] does not know.
    pub fn imports_everything(&self) -> bool {
        let star = |name: &Option<String>| name.as_deref() == Some("*");
        let mut imports = self.imports.iter();
        imports.any(|import| import.scope == 0 && star(&import.name))
    }

    /// The call that gives a variable its value, if all its bindings are one assignment of a call.
    pub fn made_by(&self, variable: usize) -> Option<&Call> {
        let [binding] = self.variables.get(variable)?.bindings.as_slice() else {
            return None;
        };
        self.calls.get(self.bindings.get(*binding)?.call?)
    }

    /// The literals that a reader of the code would call text: not docstrings.
    pub fn texts(&self) -> impl Iterator<Item = (usize, &Literal)> + '_ {
        let text = |literal: &Literal| literal.kind != super::facts::LiteralKind::Docstring;
        self.literals
            .iter()
            .enumerate()
            .filter(move |(_, literal)| text(literal))
    }
}

impl Call {
    /// The span of an argument's value, asked for by its name and its position, as Python binds it.
    pub fn argument(&self, name: &str, position: usize) -> Option<crate::text::Span> {
        let found = self.arguments.iter().find(|argument| match &argument.slot {
            Slot::Position(at) => *at == position,
            Slot::Keyword(keyword) => keyword == name,
            Slot::Unpacked => false,
        });
        found.map(|argument| argument.span)
    }

    /// Whether the call has an argument of this name.
    pub fn has_keyword(&self, name: &str) -> bool {
        let named = |slot: &Slot| matches!(slot, Slot::Keyword(keyword) if keyword == name);
        self.arguments.iter().any(|argument| named(&argument.slot))
    }
}

impl Role {
    /// The variable that a value at this site becomes a value of.
    pub fn variable(&self) -> Option<usize> {
        match self {
            Self::Assigned { variable } | Self::Default { variable } => Some(*variable),
            Self::Iterated { variable } => *variable,
            _ => None,
        }
    }
}
