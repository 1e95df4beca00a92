//! Names after the visit: what callees and dotted names mean through the file's imports, and which
//! of them use the environment.

use ruff_python_ast as ast;
use ruff_python_ast::{CmpOp, Expr, ExprContext};
use ruff_text_size::Ranged;

use super::names::is_stored;
use super::{Gatherer, NameUse, PlacedExpr, span, span_of};
use crate::python::facts::{
    EnvironmentAccess, EnvironmentUse, Import, ImportForm, Reference, Role, Slot,
};
use crate::text::Span;

/// The most links of a chain that its name shows; a longer one has no name worth comparing.
const LONGEST_CHAIN: usize = 32;

/// A dotted name as imports resolve it.
pub(super) struct Dotted {
    pub(super) name: String,
    pub(super) root: Option<Span>,
    pub(super) import: Option<usize>,
    pub(super) variable: Option<usize>,
}

impl<'a> Gatherer<'a> {
    pub(super) fn resolve(&mut self) {
        for number in 0..self.calls.len() {
            self.resolve_call(number);
        }
        for used in std::mem::take(&mut self.uses) {
            if let Some(reference) = self.reference(&used) {
                self.facts.references.push(reference);
            }
        }
        for (site, expr, scope) in std::mem::take(&mut self.indices) {
            let of = is_nameable(expr).then(|| self.dotted(expr, scope).name);
            if let Some(site) = self.facts.sites.get_mut(site) {
                site.role = Role::Subscript { of };
            }
        }
    }

    fn resolve_call(&mut self, number: usize) {
        let Some((call, facts)) = self.calls.get(number).zip(self.facts.calls.get(number)) else {
            return;
        };
        let callee = self.dotted(&call.func, facts.scope);
        if let Some(facts) = self.facts.calls.get_mut(number) {
            facts.callee = callee.name;
            facts.import = callee.import;
        }
    }

    fn reference(&self, used: &NameUse<'a>) -> Option<Reference> {
        let dotted = self.dotted(used.expr, used.scope);
        let single = matches!(used.expr, Expr::Name(_));
        if single && dotted.import.is_none() {
            return None;
        }
        let stored = match used.expr {
            Expr::Attribute(attribute) => is_stored(attribute.ctx),
            _ => false,
        };
        Some(Reference {
            name: dotted.name,
            span: span_of(used.expr),
            root: dotted.root?,
            import: dotted.import,
            variable: dotted.variable,
            called: used.called,
            stored,
            scope: used.scope,
        })
    }

    /// The name of an expression: `a.b.c`, `a.b().c`, `a[].b`, with `a` as imports resolve it, and
    /// `().b` for an attribute of anything else.
    pub(super) fn dotted(&self, expr: &Expr, scope: usize) -> Dotted {
        let mut links = Vec::new();
        let mut inner = expr;
        while links.len() < LONGEST_CHAIN {
            match inner {
                Expr::Attribute(attribute) => {
                    links.push(attribute.attr.as_str());
                    links.push(".");
                    inner = &attribute.value;
                }
                Expr::Call(call) => {
                    links.push("()");
                    inner = &call.func;
                }
                Expr::Subscript(subscript) => {
                    links.push("[]");
                    inner = &subscript.value;
                }
                _ => break,
            }
        }
        let mut dotted = self.root(inner, scope);
        links
            .iter()
            .rev()
            .for_each(|link| dotted.name.push_str(link));
        dotted
    }

    fn root(&self, expr: &Expr, scope: usize) -> Dotted {
        let Expr::Name(name) = expr else {
            let name = match expr {
                Expr::StringLiteral(_) | Expr::FString(_) => "str",
                _ => "()",
            };
            return Dotted {
                name: name.to_owned(),
                root: None,
                import: None,
                variable: None,
            };
        };
        let variable = self.lookup(scope, name.id.as_str());
        let import = variable.and_then(|variable| self.import_of(variable));
        let bound = import.and_then(|import| self.facts.imports.get(import));
        Dotted {
            name: bound.map_or_else(|| name.id.to_string(), bound_name),
            root: Some(span(name.range())),
            import,
            variable,
        }
    }

    /// The first import that binds a variable.
    fn import_of(&self, variable: usize) -> Option<usize> {
        let bindings = &self.facts.variables.get(variable)?.bindings;
        let mut bindings = bindings
            .iter()
            .filter_map(|number| self.facts.bindings.get(*number));
        bindings.find_map(|binding| binding.import)
    }

    pub(super) fn find_environment(&mut self) {
        for number in 0..self.calls.len() {
            if let Some(found) = self.environment_call(number) {
                self.facts.environment.push(found);
            }
        }
        for place in std::mem::take(&mut self.lookups) {
            let found = match place.expr {
                Expr::Subscript(subscript) => self.environment_item(place, subscript),
                Expr::Compare(comparison) => self.environment_test(place, comparison),
                _ => None,
            };
            self.facts.environment.extend(found);
        }
        self.facts.environment.sort_by_key(|found| found.span);
    }

    fn environment_call(&mut self, number: usize) -> Option<EnvironmentUse> {
        let call = self.facts.calls.get(number)?;
        let has_default = call.has_keyword("default")
            || call
                .arguments
                .iter()
                .any(|argument| argument.slot == Slot::Position(1));
        let without = match call.callee.as_str() {
            "os.environ.get" | "os.getenv" => EnvironmentAccess::Optional,
            "os.environ.pop" | "decouple.config" => EnvironmentAccess::Required,
            "os.environ.setdefault" => EnvironmentAccess::Defaulted,
            "os.putenv" | "os.unsetenv" => EnvironmentAccess::Written,
            _ => return None,
        };
        let fixed = without == EnvironmentAccess::Written;
        let (span, site, scope) = (call.span, call.site, call.scope);
        let fallback =
            self.facts.sites.get(site).map(|site| &site.role) == Some(&Role::Alternative);
        let role = self.facts.sites.get(site).map(|site| &site.role);
        let asked = &self.conditions_asked;
        let is_condition = role == Some(&Role::Compared) || asked.calls.contains(&span);
        let refuses = asked
            .refusals
            .iter()
            .any(|it| it.start <= span.start && span.end <= it.end);
        let access = match without {
            _ if has_default && !fixed => EnvironmentAccess::Defaulted,
            EnvironmentAccess::Optional if is_condition && !refuses => EnvironmentAccess::Tested,
            EnvironmentAccess::Optional if fallback => EnvironmentAccess::Defaulted,
            other => other,
        };
        let reader = call.callee.clone();
        let arguments = &self.calls.get(number)?.arguments;
        let name = arguments
            .find_argument_value("key", 0)
            .or(arguments.find_argument_value("option", 0))?;
        let name = self.text_of(name, scope)?;
        Some(EnvironmentUse {
            name,
            span,
            access,
            reader,
            site,
            scope,
        })
    }

    fn environment_item(
        &mut self,
        place: PlacedExpr<'a>,
        subscript: &'a ast::ExprSubscript,
    ) -> Option<EnvironmentUse> {
        let access = match subscript.ctx {
            ExprContext::Store | ExprContext::Del => EnvironmentAccess::Written,
            _ => EnvironmentAccess::Required,
        };
        self.environment_use(place, &subscript.value, &subscript.slice, access)
    }

    fn environment_test(
        &mut self,
        place: PlacedExpr<'a>,
        comparison: &'a ast::ExprCompare,
    ) -> Option<EnvironmentUse> {
        let ([CmpOp::In | CmpOp::NotIn], [mapping]) = (&*comparison.ops, &*comparison.comparators)
        else {
            return None;
        };
        self.environment_use(place, mapping, &comparison.left, EnvironmentAccess::Tested)
    }

    fn environment_use(
        &mut self,
        place: PlacedExpr<'a>,
        mapping: &'a Expr,
        name: &'a Expr,
        access: EnvironmentAccess,
    ) -> Option<EnvironmentUse> {
        let reader = is_nameable(mapping).then(|| self.dotted(mapping, place.scope).name)?;
        if !matches!(reader.as_str(), "os.environ" | "os.environ.keys()") {
            return None;
        }
        Some(EnvironmentUse {
            name: self.text_of(name, place.scope)?,
            span: span_of(place.expr),
            access,
            reader: "os.environ".to_owned(),
            site: place.site,
            scope: place.scope,
        })
    }
}

fn is_nameable(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(_) | Expr::Attribute(_) | Expr::Call(_))
}

/// What the name that an import binds stands for.
fn bound_name(import: &Import) -> String {
    let dots = usize::try_from(import.level)
        .unwrap_or_default()
        .min(LONGEST_CHAIN);
    let dots = ".".repeat(dots);
    match (&import.name, &import.alias, import.form) {
        (Some(name), _, _) if import.module.is_empty() => format!("{dots}{name}"),
        (Some(name), _, _) => format!("{dots}{}.{name}", import.module),
        (None, Some(_), _) | (None, None, ImportForm::Dynamic) => import.module.clone(),
        (None, None, _) => {
            let first = import.module.split('.').next();
            first.unwrap_or(&import.module).to_owned()
        }
    }
}
