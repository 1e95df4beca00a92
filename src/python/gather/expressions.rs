//! The visit of expressions: every child gets a site that says its role.

use ruff_python_ast as ast;
use ruff_python_ast::{AnyParameterRef, Expr, Operator, Pattern};

use super::names::is_stored;
use super::{Gatherer, NameUse, PlacedExpr, span_of};
use crate::python::facts::{
    Argument, BindingKind, Call, Import, ImportForm, LiteralKind, Role, ScopeKind, Slot,
};

impl<'a> Gatherer<'a> {
    /// Visits an expression that stands at `site`.
    pub(super) fn expression(&mut self, expr: &'a Expr, site: usize) {
        self.deeper(|inner| inner.expression_here(expr, site));
    }

    fn expression_here(&mut self, expr: &'a Expr, site: usize) {
        match expr {
            Expr::Name(name) => {
                if !is_stored(name.ctx) {
                    self.note_use(expr, false);
                    self.candidate(expr, site, None);
                }
            }
            Expr::Attribute(attribute) => self.attribute(expr, attribute, site),
            Expr::Call(call) => self.call(expr, call, site),
            Expr::StringLiteral(string) => {
                self.string(string, LiteralKind::Text, site);
                if string.value.is_implicit_concatenated() {
                    self.candidate(expr, site, None);
                }
            }
            Expr::BytesLiteral(bytes) => self.bytes(bytes, site),
            Expr::FString(string) => {
                self.candidate(expr, site, None);
                self.f_string(string, site);
            }
            Expr::TString(string) => self.t_string(string, site),
            Expr::BinOp(operation) => self.operation(expr, operation, site),
            Expr::Subscript(subscript) => self.subscript(expr, subscript, site),
            Expr::Compare(comparison) => self.comparison(expr, comparison, site),
            Expr::Dict(dict) => self.dict(dict, site),
            Expr::List(list) => self.elements(&list.elts, Role::Element, site),
            Expr::Set(set) => self.elements(&set.elts, Role::Element, site),
            Expr::Tuple(tuple) => self.elements(&tuple.elts, Role::Element, site),
            Expr::BoolOp(choice) => self.elements(&choice.values, Role::Alternative, site),
            _ => self.rare_expression(expr, site),
        }
    }

    fn rare_expression(&mut self, expr: &'a Expr, site: usize) {
        match expr {
            Expr::If(choice) => {
                self.ask(&choice.test);
                self.plain(&choice.test);
                let site = self.site(Role::Alternative, site);
                self.expression(&choice.body, site);
                self.expression(&choice.orelse, site);
            }
            Expr::Named(named) => self.named(named, site),
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::ListComp(list) => self.comprehension(expr, &list.generators, &[&list.elt]),
            Expr::SetComp(set) => self.comprehension(expr, &set.generators, &[&set.elt]),
            Expr::Generator(all) => self.comprehension(expr, &all.generators, &[&all.elt]),
            Expr::DictComp(dict) => match &dict.key {
                Some(key) => self.comprehension(expr, &dict.generators, &[key, &dict.value]),
                None => self.comprehension(expr, &dict.generators, &[&dict.value]),
            },
            Expr::Await(wait) => self.expression(&wait.value, site),
            Expr::Starred(starred) => self.expression(&starred.value, site),
            Expr::UnaryOp(operation) => self.plain(&operation.operand),
            Expr::Yield(value) => {
                let site = self.site(Role::Returned, 0);
                value
                    .value
                    .iter()
                    .for_each(|value| self.expression(value, site));
            }
            Expr::YieldFrom(value) => self.plain(&value.value),
            Expr::Slice(slice) => {
                let bounds = [&slice.lower, &slice.upper, &slice.step];
                bounds
                    .into_iter()
                    .flatten()
                    .for_each(|bound| self.plain(bound));
            }
            Expr::IpyEscapeCommand(escape) => {
                self.escape(escape.range, escape.kind, &escape.value);
            }
            _ => {}
        }
    }

    /// Notes an expression that may turn out to be constant.
    fn candidate(&mut self, expr: &'a Expr, site: usize, attribute: Option<&'a str>) {
        self.candidates.push(PlacedExpr {
            expr,
            site,
            scope: self.scope,
            attribute,
        });
    }

    /// Notes a name or dotted name.
    fn note_use(&mut self, expr: &'a Expr, called: bool) {
        self.uses.push(NameUse {
            expr,
            scope: self.scope,
            called,
        });
    }

    fn attribute(&mut self, expr: &'a Expr, attribute: &'a ast::ExprAttribute, site: usize) {
        if is_dotted(expr) {
            self.note_use(expr, false);
            if !is_stored(attribute.ctx) {
                self.candidate(expr, site, None);
            }
            self.receivers(attribute, site);
        } else {
            self.receiver(attribute, site);
        }
    }

    /// What an attribute is taken of, when it is not a name.
    fn receiver(&mut self, attribute: &'a ast::ExprAttribute, site: usize) {
        let role = Role::Receiver {
            attribute: attribute.attr.to_string(),
        };
        let site = self.site(role, site);
        self.expression(&attribute.value, site);
    }

    /// The names inside a dotted name: `a` and `a.b` of `a.b.c` may be constants too.
    fn receivers(&mut self, mut attribute: &'a ast::ExprAttribute, site: usize) {
        loop {
            self.candidate(&attribute.value, site, Some(attribute.attr.as_str()));
            let Expr::Attribute(inner) = &*attribute.value else {
                return;
            };
            attribute = inner;
        }
    }

    fn call(&mut self, expr: &'a Expr, call: &'a ast::ExprCall, site: usize) {
        let number = self.facts.calls.len();
        self.facts.calls.push(Call {
            span: span_of(call),
            callee: String::new(),
            callee_span: span_of(&*call.func),
            import: None,
            arguments: Vec::new(),
            decorator: false,
            site,
            scope: self.scope,
        });
        self.calls.push(call);
        self.candidate(expr, site, None);
        self.dynamic_import(call);
        match &*call.func {
            Expr::Attribute(attribute) if is_dotted(&call.func) => {
                self.note_use(&call.func, true);
                self.receivers(attribute, site);
            }
            Expr::Attribute(attribute) => self.receiver(attribute, site),
            Expr::Name(_) => self.note_use(&call.func, true),
            other => self.plain(other),
        }
        let arguments = self.arguments(&call.arguments, number, site);
        if let Some(call) = self.facts.calls.get_mut(number) {
            call.arguments = arguments;
        }
    }

    fn arguments(
        &mut self,
        arguments: &'a ast::Arguments,
        call: usize,
        site: usize,
    ) -> Vec<Argument> {
        let mut noted = Vec::with_capacity(arguments.len());
        for (position, value) in arguments.args.iter().enumerate() {
            let slot = match value {
                Expr::Starred(_) => Slot::Unpacked,
                _ => Slot::Position(position),
            };
            noted.push(self.argument(slot, value, call, site));
        }
        for keyword in &arguments.keywords {
            let slot = match &keyword.arg {
                Some(name) => Slot::Keyword(name.to_string()),
                None => Slot::Unpacked,
            };
            noted.push(self.argument(slot, &keyword.value, call, site));
        }
        noted.sort_by_key(|argument| argument.span);
        noted
    }

    fn argument(&mut self, slot: Slot, value: &'a Expr, call: usize, site: usize) -> Argument {
        let span = span_of(value);
        let role = Role::Argument {
            call,
            slot: slot.clone(),
        };
        let inside = self.site(role, site);
        self.expression(value, inside);
        Argument { slot, span }
    }

    /// `importlib.import_module("x")` and `__import__("x")`.
    fn dynamic_import(&mut self, call: &'a ast::ExprCall) {
        let importing = match &*call.func {
            Expr::Name(name) => matches!(name.id.as_str(), "import_module" | "__import__"),
            Expr::Attribute(attribute) => attribute.attr.as_str() == "import_module",
            _ => false,
        };
        let Some(Expr::StringLiteral(module)) = call.arguments.args.first() else {
            return;
        };
        if !importing || module.value.is_implicit_concatenated() {
            return;
        }
        let name = module.value.to_str().trim_start_matches('.');
        let dots = module.value.len() - name.len();
        self.note_import(Import {
            module: name.to_owned(),
            level: u32::try_from(dots).unwrap_or(u32::MAX),
            form: ImportForm::Dynamic,
            statement: span_of(call),
            module_span: span_of(module),
            span: span_of(module),
            ..self.import_here()
        });
    }

    fn operation(&mut self, expr: &'a Expr, operation: &'a ast::ExprBinOp, site: usize) {
        let operator = match operation.op {
            Operator::Add => '+',
            Operator::Div => '/',
            Operator::Mod => '%',
            _ => {
                self.plain(&operation.left);
                return self.plain(&operation.right);
            }
        };
        self.candidate(expr, site, None);
        let inside = self.site(Role::Operand { operator }, site);
        self.expression(&operation.left, inside);
        self.expression(&operation.right, inside);
    }

    fn subscript(&mut self, expr: &'a Expr, subscript: &'a ast::ExprSubscript, site: usize) {
        self.note_lookup(expr, site);
        let of = self.site(Role::Subscripted, site);
        self.expression(&subscript.value, of);
        let index = self.site(Role::Subscript { of: None }, 0);
        self.indices.push((index, &subscript.value, self.scope));
        self.expression(&subscript.slice, index);
    }

    fn comparison(&mut self, expr: &'a Expr, comparison: &'a ast::ExprCompare, site: usize) {
        self.note_lookup(expr, site);
        let inside = self.site(Role::Compared, 0);
        self.expression(&comparison.left, inside);
        for side in &comparison.comparators {
            self.expression(side, inside);
        }
    }

    /// Notes the call whose truth is the condition.
    pub(super) fn ask(&mut self, test: &Expr) {
        let mut asked = test;
        while let Expr::UnaryOp(operation) = asked {
            asked = &operation.operand;
        }
        if asked.is_call_expr() {
            self.conditions_asked.calls.insert(span_of(asked));
        }
    }

    fn note_lookup(&mut self, expr: &'a Expr, site: usize) {
        self.lookups.push(PlacedExpr {
            expr,
            site,
            scope: self.scope,
            attribute: None,
        });
    }

    fn dict(&mut self, dict: &'a ast::ExprDict, site: usize) {
        let keys = self.site(Role::Key, 0);
        for item in dict {
            let mut name = None;
            if let Some(key) = &item.key {
                self.expression(key, keys);
                name = match key {
                    Expr::StringLiteral(key) => Some(key.value.to_str().to_owned()),
                    _ => None,
                };
            }
            let value = self.site(Role::Value { key: name }, site);
            self.expression(&item.value, value);
        }
    }

    fn elements(&mut self, elements: &'a [Expr], role: Role, site: usize) {
        let inside = self.site(role, site);
        for element in elements {
            self.expression(element, inside);
        }
    }

    fn named(&mut self, named: &'a ast::ExprNamed, site: usize) {
        let Expr::Name(target) = &*named.target else {
            return self.expression(&named.value, site);
        };
        let variable = self.bind_named(target.id.as_str(), target.range, &named.value);
        let inside = self.site(Role::Assigned { variable }, site);
        self.expression(&named.value, inside);
    }

    fn lambda(&mut self, lambda: &'a ast::ExprLambda) {
        self.scoped(ScopeKind::Lambda, "", span_of(lambda), |inner| {
            if let Some(parameters) = &lambda.parameters {
                inner.parameters(parameters);
            }
            let site = inner.site(Role::Returned, 0);
            inner.expression(&lambda.body, site);
        });
    }

    /// The parameters of the function whose scope is being visited. Defaults belong to the scope
    /// around it.
    pub(super) fn parameters(&mut self, parameters: &'a ast::Parameters) {
        let around = self
            .facts
            .scopes
            .get(self.scope)
            .map_or(0, |scope| scope.parent);
        for parameter in parameters {
            let default = match parameter {
                AnyParameterRef::NonVariadic(parameter) => parameter.default.as_deref(),
                AnyParameterRef::Variadic(_) => None,
            };
            let name = &parameter.as_parameter().name;
            let variable = self.bind(name.as_str(), name.range, BindingKind::Parameter, default);
            let inside = std::mem::replace(&mut self.scope, around);
            if let Some(annotation) = parameter.annotation() {
                self.annotation(annotation);
            }
            if let Some(default) = default {
                let site = self.site(Role::Default { variable }, 0);
                self.expression(default, site);
            }
            self.scope = inside;
        }
    }

    fn comprehension(
        &mut self,
        whole: &'a Expr,
        generators: &'a [ast::Comprehension],
        results: &[&'a Expr],
    ) {
        self.scoped(ScopeKind::Comprehension, "", span_of(whole), |inner| {
            for generator in generators {
                let variable =
                    inner.bind_target(&generator.target, BindingKind::Other, Some(&generator.iter));
                let site = inner.site(Role::Iterated { variable }, 0);
                inner.expression(&generator.iter, site);
                generator.ifs.iter().for_each(|test| inner.plain(test));
            }
            let site = inner.site(Role::Element, 0);
            for result in results {
                inner.expression(result, site);
            }
        });
    }

    pub(super) fn pattern(&mut self, pattern: &'a Pattern) {
        let capture = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = capture {
            self.bind(name.as_str(), name.range, BindingKind::Other, None);
        }
        match pattern {
            Pattern::MatchValue(value) => self.pattern_value(&value.value),
            Pattern::MatchSequence(sequence) => self.patterns(&sequence.patterns),
            Pattern::MatchOr(choice) => self.patterns(&choice.patterns),
            Pattern::MatchAs(named) => named.pattern.iter().for_each(|inside| {
                self.deeper(|inner| inner.pattern(inside));
            }),
            Pattern::MatchMapping(mapping) => {
                mapping.keys.iter().for_each(|key| self.pattern_value(key));
                self.patterns(&mapping.patterns);
            }
            Pattern::MatchClass(class) => {
                self.plain(&class.cls);
                self.patterns(&class.arguments.patterns);
                for keyword in &class.arguments.keywords {
                    self.deeper(|inner| inner.pattern(&keyword.pattern));
                }
            }
            Pattern::MatchSingleton(_) | Pattern::MatchStar(_) => {}
        }
    }

    fn patterns(&mut self, patterns: &'a [Pattern]) {
        for pattern in patterns {
            self.deeper(|inner| inner.pattern(pattern));
        }
    }

    fn pattern_value(&mut self, value: &'a Expr) {
        let site = self.site(Role::Pattern, 0);
        self.expression(value, site);
    }
}

/// Whether an expression is `a.b` or `a.b.c`: attributes of a plain name.
fn is_dotted(mut expr: &Expr) -> bool {
    while let Expr::Attribute(attribute) = expr {
        expr = &attribute.value;
    }
    matches!(expr, Expr::Name(_))
}
