//! Scopes and names: who binds a name, and which binding a use means.

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, ExprContext};
use ruff_text_size::TextRange;

use super::{Gatherer, span};
use crate::python::facts::{Binding, BindingKind, ScopeKind, Variable};

impl<'a> Gatherer<'a> {
    /// The variable of this name in the scope, made if it is new there.
    fn variable(&mut self, scope: usize, name: &'a str) -> usize {
        if let Some(known) = self.names.get(&(scope, name)) {
            return *known;
        }
        let number = self.facts.variables.len();
        self.names.insert((scope, name), number);
        self.facts.variables.push(Variable {
            name: self.full_name(scope, name),
            scope,
            bindings: Vec::new(),
        });
        number
    }

    fn full_name(&self, scope: usize, name: &str) -> String {
        match self.facts.scopes.get(scope) {
            Some(class) if class.kind == ScopeKind::Class => format!("{}.{name}", class.name),
            _ => name.to_owned(),
        }
    }

    /// Binds a name in the scope being visited; gives the variable.
    pub(super) fn bind(
        &mut self,
        name: &'a str,
        at: TextRange,
        kind: BindingKind,
        value: Option<&'a Expr>,
    ) -> usize {
        let scope = self.binding_scope(name);
        self.bind_in(scope, name, at, kind, value)
    }

    fn bind_in(
        &mut self,
        scope: usize,
        name: &'a str,
        at: TextRange,
        kind: BindingKind,
        value: Option<&'a Expr>,
    ) -> usize {
        let variable = self.variable(scope, name);
        let number = self.facts.bindings.len();
        self.facts.bindings.push(Binding {
            name: self.full_name(scope, name),
            span: span(at),
            kind,
            conditional: self.conditions > 0,
            variable,
            value: value
                .filter(|_| kind != BindingKind::Other)
                .map(super::span_of),
            call: None,
            import: None,
        });
        self.values.push(value.map(|value| (value, self.scope)));
        if let Some(variable) = self.facts.variables.get_mut(variable) {
            variable.bindings.push(number);
        }
        variable
    }

    /// Where a name that is bound here lives: an assignment expression in a comprehension binds
    /// in the function around it, `global` and `nonlocal` name another scope.
    fn binding_scope(&self, name: &'a str) -> usize {
        self.redirected
            .get(&(self.scope, name))
            .copied()
            .unwrap_or(self.scope)
    }

    /// Binds `name` by `:=`, which skips the comprehensions around it.
    pub(super) fn bind_named(&mut self, name: &'a str, at: TextRange, value: &'a Expr) -> usize {
        let mut scope = self.scope;
        while let Some(around) = self.facts.scopes.get(scope) {
            if around.kind != ScopeKind::Comprehension {
                break;
            }
            scope = around.parent;
        }
        let scope = self
            .redirected
            .get(&(scope, name))
            .copied()
            .unwrap_or(scope);
        self.bind_in(scope, name, at, BindingKind::Assignment, Some(value))
    }

    /// Binds the targets of an assignment, a loop and their like; gives the variable of a single
    /// name or attribute.
    pub(super) fn bind_target(
        &mut self,
        target: &'a Expr,
        kind: BindingKind,
        value: Option<&'a Expr>,
    ) -> Option<usize> {
        match target {
            Expr::Name(name) => Some(self.bind(name.id.as_str(), name.range, kind, value)),
            Expr::Attribute(attribute) => self.bind_attribute(attribute, kind, value),
            Expr::Starred(starred) => {
                self.bind_target(&starred.value, unpacking(kind), None);
                None
            }
            Expr::Tuple(tuple) => self.bind_targets(&tuple.elts, unpacking(kind)),
            Expr::List(list) => self.bind_targets(&list.elts, unpacking(kind)),
            _ => None,
        }
    }

    fn bind_targets(&mut self, targets: &'a [Expr], kind: BindingKind) -> Option<usize> {
        for target in targets {
            self.deeper(|inner| {
                inner.bind_target(target, kind, None);
            });
        }
        None
    }

    /// `self.x = …` and `Settings.x = …` bind an attribute of the class.
    fn bind_attribute(
        &mut self,
        attribute: &'a ast::ExprAttribute,
        kind: BindingKind,
        value: Option<&'a Expr>,
    ) -> Option<usize> {
        let Expr::Name(object) = &*attribute.value else {
            return None;
        };
        let class = self.class_named(self.scope, object.id.as_str())?;
        let name = &attribute.attr;
        Some(self.bind_in(class, name.as_str(), name.range, kind, value))
    }

    /// The class scope that a name stands for: `self` and `cls` in a method, or a class by name.
    fn class_named(&self, scope: usize, name: &str) -> Option<usize> {
        if matches!(name, "self" | "cls") {
            return self.class_around(scope);
        }
        let variable = self.lookup(scope, name)?;
        let bindings = &self.facts.variables.get(variable)?.bindings;
        bindings
            .iter()
            .find_map(|binding| self.classes.get(binding).copied())
    }

    fn class_around(&self, mut scope: usize) -> Option<usize> {
        while scope != 0 {
            let found = self.facts.scopes.get(scope)?;
            if found.kind == ScopeKind::Class {
                return Some(scope);
            }
            scope = found.parent;
        }
        None
    }

    /// The variable that a name means in a scope: Python looks outward and skips classes, except
    /// the one whose body the code stands in.
    pub(super) fn lookup(&self, scope: usize, name: &str) -> Option<usize> {
        let start = scope;
        let mut scope = self
            .redirected
            .get(&(scope, name))
            .copied()
            .unwrap_or(scope);
        loop {
            let here = self.facts.scopes.get(scope)?;
            let visible = here.kind != ScopeKind::Class || scope == start;
            if let Some(variable) = self.names.get(&(scope, name)).filter(|_| visible) {
                return Some(*variable);
            }
            if scope == 0 {
                return None;
            }
            scope = here.parent;
        }
    }

    /// The variable that an expression names: `x`, `self.x`, `Settings.x`.
    pub(super) fn variable_of(&self, expr: &Expr, scope: usize) -> Option<usize> {
        match expr {
            Expr::Name(name) => self.lookup(scope, name.id.as_str()),
            Expr::Attribute(attribute) => {
                let Expr::Name(object) = &*attribute.value else {
                    return None;
                };
                let class = self.class_named(scope, object.id.as_str())?;
                self.names.get(&(class, attribute.attr.as_str())).copied()
            }
            _ => None,
        }
    }

    /// Notes that a scope's name lives in another scope.
    pub(super) fn redirect(&mut self, names: &'a [ast::Identifier], global: bool) {
        let parent = self
            .facts
            .scopes
            .get(self.scope)
            .map_or(0, |scope| scope.parent);
        for name in names {
            let owner = self.lookup(parent, name.as_str()).filter(|_| !global);
            let owner = owner.and_then(|variable| self.facts.variables.get(variable));
            let scope = owner.map_or(0, |variable| variable.scope);
            self.redirected.insert((self.scope, name.as_str()), scope);
        }
    }
}

/// Whether an expression is written to rather than read.
pub(super) fn is_stored(context: ExprContext) -> bool {
    matches!(context, ExprContext::Store | ExprContext::Del)
}

fn unpacking(kind: BindingKind) -> BindingKind {
    if kind == BindingKind::Assignment {
        BindingKind::Unpacking
    } else {
        kind
    }
}
