//! Questions that several rules ask of [`Facts`]: where a value ends up, what a module binds.

use std::collections::BTreeSet;

use super::facts::{Binding, Call, Constant, Facts, Literal, Role, Site, Slot};

impl Facts {
    /// The site and the sites around it, from the inside out; number 0 ends the way.
    pub fn sites_around(&self, site: usize) -> impl Iterator<Item = &Site> + '_ {
        let mut next = site;
        std::iter::from_fn(move || {
            let found = self.sites.get(next).filter(|_| next != 0)?;
            // A parent is always made before its children; anything else would be a loop.
            next = if found.parent < next { found.parent } else { 0 };
            Some(found)
        })
    }

    /// The role that matters: the first around `site` that is not an element, an alternative or
    /// another way of only passing the value on.
    pub fn role(&self, site: usize) -> &Role {
        self.sites_around(site)
            .map(|site| &site.role)
            .find(|role| !matches!(role, Role::Element | Role::Alternative))
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
    /// piece of, and, through variables and defaults of parameters, those where the names are used.
    pub fn reach(&self, literal: usize) -> Vec<usize> {
        let mut sites = BTreeSet::new();
        let mut variables = BTreeSet::new();
        let mut open: Vec<usize> = self
            .literals
            .get(literal)
            .map(|l| l.site)
            .into_iter()
            .collect();
        let made_of = |c: &&Constant| c.pieces.iter().any(|piece| piece.literal == Some(literal));
        open.extend(self.constants.iter().filter(made_of).map(|c| c.site));
        while let Some(site) = open.pop() {
            if !sites.insert(site) {
                continue;
            }
            for variable in self
                .sites_around(site)
                .filter_map(|site| site.role.variable())
            {
                if variables.insert(variable) {
                    open.extend(self.uses_of(variable).map(|constant| constant.site));
                }
            }
        }
        sites.into_iter().collect()
    }

    /// The constants that a variable is a piece of.
    pub fn uses_of(&self, variable: usize) -> impl Iterator<Item = &Constant> + '_ {
        self.constants.iter().filter(move |constant| {
            let mut pieces = constant.pieces.iter();
            pieces.any(|piece| piece.variable == Some(variable))
        })
    }

    /// The bindings of the module itself, in source order: what `module:name` can name. Those in
    /// `if`, `try`, `with` and loops count; those of its functions and classes do not.
    pub fn top_level(&self) -> impl Iterator<Item = &Binding> + '_ {
        self.bindings.iter().filter(|binding| {
            let variable = self.variables.get(binding.variable);
            variable.is_some_and(|variable| variable.scope == 0) && !binding.name.contains('.')
        })
    }

    /// The names that [`Facts::top_level`] binds, whether one of them is `from x import *`, so that
    /// any other name may be bound too.
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
            _ => None,
        }
    }
}
