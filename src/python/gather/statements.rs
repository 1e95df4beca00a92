//! The visit of statements: scopes, bindings, imports and what guards them.

use ruff_python_ast as ast;
use ruff_python_ast::{ExceptHandler, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Gatherer, span, span_of};
use crate::python::facts::{BindingKind, Escape, Import, ImportForm, LiteralKind, Role, ScopeKind};
use crate::text::Span;

impl<'a> Gatherer<'a> {
    /// The statements of a module, class or function, whose first may be its documentation.
    pub(super) fn body_with_docstring(&mut self, body: &'a [Stmt]) {
        let mut rest = body;
        if let [Stmt::Expr(first), others @ ..] = body
            && let Expr::StringLiteral(string) = &*first.value
        {
            self.string(string, LiteralKind::Docstring, 0);
            rest = others;
        }
        self.body(rest);
    }

    fn body(&mut self, body: &'a [Stmt]) {
        for statement in body {
            self.deeper(|inner| inner.statement(statement));
        }
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Assign(assign) => self.assign(assign),
            Stmt::AnnAssign(assign) => self.annotated_assign(assign),
            Stmt::AugAssign(assign) => self.augmented_assign(assign),
            Stmt::Try(attempt) => self.attempt(attempt),
            Stmt::If(branch) => self.branch(branch),
            Stmt::With(with) => self.with(with),
            Stmt::For(repeat) => self.repeat(repeat),
            Stmt::While(repeat) => {
                self.plain(&repeat.test);
                self.conditional(|inner| inner.body(&repeat.body));
                self.conditional(|inner| inner.body(&repeat.orelse));
            }
            Stmt::Match(choice) => self.choice(choice),
            _ => self.simple_statement(statement),
        }
    }

    fn simple_statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Expr(expression) => {
                let site = self.site(Role::Statement, 0);
                self.expression(&expression.value, site);
            }
            Stmt::Return(value) => {
                if let Some(value) = &value.value {
                    let site = self.site(Role::Returned, 0);
                    self.expression(value, site);
                }
            }
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    self.bind_target(target, BindingKind::Deletion, None);
                    self.plain(target);
                }
            }
            Stmt::Raise(raise) => {
                let parts = [raise.exc.as_deref(), raise.cause.as_deref()];
                parts
                    .into_iter()
                    .flatten()
                    .for_each(|part| self.plain(part));
            }
            Stmt::Assert(assert) => {
                self.plain(&assert.test);
                assert.msg.iter().for_each(|message| self.plain(message));
            }
            Stmt::TypeAlias(alias) => {
                self.bind_target(&alias.name, BindingKind::Other, None);
                self.annotation(&alias.value);
            }
            Stmt::Global(names) => self.redirect(&names.names, true),
            Stmt::Nonlocal(names) => self.redirect(&names.names, false),
            Stmt::IpyEscapeCommand(escape) => {
                self.escape(escape.range, escape.kind, &escape.value);
            }
            _ => {}
        }
    }

    /// An expression whose place says nothing.
    pub(super) fn plain(&mut self, expr: &'a Expr) {
        self.expression(expr, 0);
    }

    pub(super) fn annotation(&mut self, expr: &'a Expr) {
        let site = self.site(Role::Annotation, 0);
        self.expression(expr, site);
    }

    pub(super) fn escape(&mut self, range: TextRange, kind: ast::IpyEscapeKind, command: &str) {
        self.facts.escapes.push(Escape {
            span: span(range),
            kind: kind.as_str().to_owned(),
            command: command.to_owned(),
        });
    }

    fn conditional(&mut self, visit: impl FnOnce(&mut Self)) {
        self.conditions += 1;
        visit(self);
        self.conditions -= 1;
    }

    fn guarded(&mut self, guarded: bool, visit: impl FnOnce(&mut Self)) {
        self.guards += usize::from(guarded);
        visit(self);
        self.guards -= usize::from(guarded);
    }

    fn function(&mut self, function: &'a ast::StmtFunctionDef) {
        let name = &function.name;
        self.bind(name.as_str(), name.range, BindingKind::Function, None);
        self.decorators(&function.decorator_list);
        if let Some(returns) = &function.returns {
            self.annotation(returns);
        }
        self.type_parameters(function.type_params.as_deref());
        let whole = span_of(function);
        self.scoped(ScopeKind::Function, name.as_str(), whole, |inner| {
            inner.parameters(&function.parameters);
            let conditions = std::mem::take(&mut inner.conditions);
            inner.body_with_docstring(&function.body);
            inner.conditions = conditions;
        });
    }

    fn class(&mut self, class: &'a ast::StmtClassDef) {
        let name = &class.name;
        let binding = self.facts.bindings.len();
        self.bind(name.as_str(), name.range, BindingKind::Class, None);
        self.decorators(&class.decorator_list);
        self.type_parameters(class.type_params.as_deref());
        if let Some(arguments) = &class.arguments {
            arguments.args.iter().for_each(|base| self.plain(base));
            for keyword in &arguments.keywords {
                self.plain(&keyword.value);
            }
        }
        // Known before its body, so that the body's `self.x` finds it.
        self.classes.insert(binding, self.facts.scopes.len());
        self.scoped(ScopeKind::Class, name.as_str(), span_of(class), |inner| {
            inner.body_with_docstring(&class.body);
        });
    }

    fn decorators(&mut self, decorators: &'a [ast::Decorator]) {
        for decorator in decorators {
            let call = self.facts.calls.len();
            self.plain(&decorator.expression);
            if matches!(decorator.expression, Expr::Call(_))
                && let Some(call) = self.facts.calls.get_mut(call)
            {
                call.decorator = true;
            }
        }
    }

    fn type_parameters(&mut self, parameters: Option<&'a ast::TypeParams>) {
        let parameters = parameters.map(|parameters| &parameters.type_params);
        for parameter in parameters.into_iter().flatten() {
            let bound = match parameter {
                ast::TypeParam::TypeVar(parameter) => parameter.bound.as_deref(),
                _ => None,
            };
            for expr in [bound, parameter.default()].into_iter().flatten() {
                self.annotation(expr);
            }
        }
    }

    fn assign(&mut self, assign: &'a ast::StmtAssign) {
        let mut variable = None;
        for target in &assign.targets {
            let bound = self.bind_target(target, BindingKind::Assignment, Some(&assign.value));
            variable = variable.or(bound);
            self.plain(target);
        }
        self.assigned(variable, &assign.value);
    }

    fn annotated_assign(&mut self, assign: &'a ast::StmtAnnAssign) {
        self.annotation(&assign.annotation);
        self.plain(&assign.target);
        if let Some(value) = &assign.value {
            let variable = self.bind_target(&assign.target, BindingKind::Assignment, Some(value));
            self.assigned(variable, value);
        }
    }

    fn augmented_assign(&mut self, assign: &'a ast::StmtAugAssign) {
        let variable = self.bind_target(&assign.target, BindingKind::Augmented, None);
        self.plain(&assign.target);
        self.assigned(variable, &assign.value);
    }

    /// The value of a variable. The call that makes it is noted with the binding.
    pub(super) fn assigned(&mut self, variable: Option<usize>, value: &'a Expr) {
        let site = variable.map_or(0, |variable| self.site(Role::Assigned { variable }, 0));
        if matches!(value, Expr::Call(_)) {
            let (call, whole) = (self.facts.calls.len(), span_of(value));
            for binding in self
                .facts
                .bindings
                .iter_mut()
                .rev()
                .take_while(|binding| binding.value == Some(whole))
            {
                binding.call = Some(call);
            }
        }
        self.expression(value, site);
    }

    fn attempt(&mut self, attempt: &'a ast::StmtTry) {
        let guarded = attempt.handlers.iter().any(catches_imports);
        self.guarded(guarded, |inner| inner.body(&attempt.body));
        for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            if let Some(exception) = &handler.type_ {
                self.plain(exception);
            }
            if let Some(name) = &handler.name {
                self.bind(name.as_str(), name.range, BindingKind::Other, None);
            }
            self.conditional(|inner| {
                inner.guarded(guarded, |inner| inner.body(&handler.body));
            });
        }
        self.body(&attempt.orelse);
        self.body(&attempt.finalbody);
    }

    fn branch(&mut self, branch: &'a ast::StmtIf) {
        self.ask(&branch.test);
        if branch.body.iter().any(is_refusal) {
            self.conditions_asked.refusals.push(span_of(&*branch.test));
        }
        if let (true, Some(first), Some(last)) = (
            is_main(&branch.test),
            branch.body.first(),
            branch.body.last(),
        ) {
            let block = Span::new(span_of(first).start, span_of(last).end);
            self.facts.main_blocks.push(block);
        }
        self.plain(&branch.test);
        let checking = usize::from(is_type_checking(&branch.test));
        self.type_checks += checking;
        self.conditional(|inner| inner.body(&branch.body));
        self.type_checks -= checking;
        for clause in &branch.elif_else_clauses {
            clause.test.iter().for_each(|test| {
                self.ask(test);
                self.plain(test);
            });
            self.conditional(|inner| inner.body(&clause.body));
        }
    }

    fn with(&mut self, with: &'a ast::StmtWith) {
        for item in &with.items {
            self.plain(&item.context_expr);
            if let Some(target) = &item.optional_vars {
                self.bind_target(target, BindingKind::Other, None);
                self.plain(target);
            }
        }
        let suppressed = with
            .items
            .iter()
            .any(|item| suppresses_imports(&item.context_expr));
        self.guarded(suppressed, |inner| inner.body(&with.body));
    }

    fn repeat(&mut self, repeat: &'a ast::StmtFor) {
        let variable = self.bind_target(&repeat.target, BindingKind::Other, Some(&repeat.iter));
        let site = self.site(Role::Iterated { variable }, 0);
        self.expression(&repeat.iter, site);
        self.plain(&repeat.target);
        self.conditional(|inner| inner.body(&repeat.body));
        self.conditional(|inner| inner.body(&repeat.orelse));
    }

    fn choice(&mut self, choice: &'a ast::StmtMatch) {
        self.plain(&choice.subject);
        for case in &choice.cases {
            self.deeper(|inner| inner.pattern(&case.pattern));
            case.guard.iter().for_each(|guard| self.plain(guard));
            self.conditional(|inner| inner.body(&case.body));
        }
    }

    fn import(&mut self, import: &'a ast::StmtImport) {
        for alias in &import.names {
            let module = alias.name.as_str();
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            let (root, range) = first_part(bound);
            self.note_import(Import {
                module: module.to_owned(),
                name: None,
                alias: alias.asname.as_ref().map(ToString::to_string),
                level: 0,
                form: ImportForm::Import,
                statement: span_of(import),
                module_span: span_of(&alias.name),
                span: span_of(alias),
                ..self.import_here()
            });
            self.bind_import(root, range);
        }
    }

    fn import_from(&mut self, import: &'a ast::StmtImportFrom) {
        let module = import.module.as_ref();
        // Without a module, the empty span behind the dots.
        let nothing = TextRange::empty(self.after_dots(import));
        let module_span = span(module.map_or(nothing, Ranged::range));
        for alias in &import.names {
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            self.note_import(Import {
                module: module.map(ToString::to_string).unwrap_or_default(),
                name: Some(alias.name.to_string()),
                alias: alias.asname.as_ref().map(ToString::to_string),
                level: import.level,
                form: ImportForm::From,
                statement: span_of(import),
                module_span,
                span: span_of(alias),
                ..self.import_here()
            });
            if alias.name.as_str() != "*" {
                self.bind_import(bound.as_str(), bound.range);
            }
        }
    }

    fn after_dots(&self, import: &ast::StmtImportFrom) -> TextSize {
        let statement = span_of(import).slice(self.text);
        let behind = statement.rfind('.').filter(|_| import.module.is_none());
        let behind = behind.and_then(|at| TextSize::try_from(at + 1).ok());
        import.start() + behind.unwrap_or_default()
    }

    /// An import that says only where it stands.
    pub(super) fn import_here(&self) -> Import {
        Import {
            module: String::new(),
            name: None,
            alias: None,
            level: 0,
            form: ImportForm::Import,
            statement: crate::text::Span::at(0),
            module_span: crate::text::Span::at(0),
            span: crate::text::Span::at(0),
            guarded: self.guards > 0,
            type_checking: self.type_checks > 0,
            scope: self.scope,
        }
    }

    pub(super) fn note_import(&mut self, import: Import) {
        self.facts.imports.push(import);
    }

    fn bind_import(&mut self, name: &'a str, at: TextRange) {
        self.bind(name, at, BindingKind::Import, None);
        let import = self.facts.imports.len().checked_sub(1);
        if let Some(binding) = self.facts.bindings.last_mut() {
            binding.import = import;
        }
    }
}

/// What `import a.b` binds: `a`.
fn first_part(name: &ast::Identifier) -> (&str, TextRange) {
    let text = name.as_str();
    let first = text.split('.').next().unwrap_or(text);
    let length = TextSize::try_from(first.len()).unwrap_or_default();
    (
        first,
        TextRange::at(name.start(), length.min(name.range.len())),
    )
}

/// Whether a condition is `__name__ == "__main__"`.
fn is_main(test: &Expr) -> bool {
    let Expr::Compare(comparison) = test else {
        return false;
    };
    let mut sides = std::iter::once(&*comparison.left).chain(&comparison.comparators);
    let is_name = |side: &Expr| last_name(side) == Some("__name__");
    let is_wanted =
        |side: &Expr| matches!(side, Expr::StringLiteral(it) if it.value.to_str() == "__main__");
    matches!(&*comparison.ops, [ast::CmpOp::Eq])
        && sides.clone().any(is_name)
        && sides.any(is_wanted)
}

/// Whether a statement raises an error or ends the program.
fn is_refusal(statement: &Stmt) -> bool {
    match statement {
        Stmt::Raise(_) => true,
        Stmt::Expr(expression) => {
            let call = expression.value.as_call_expr();
            let name = call.and_then(|call| last_name(&call.func));
            matches!(name, Some("exit" | "_exit" | "quit" | "abort" | "fail"))
        }
        _ => false,
    }
}

fn is_type_checking(test: &Expr) -> bool {
    last_name(test) == Some("TYPE_CHECKING")
}

/// Whether a handler takes a failed import: `ImportError`, something wider, or everything.
fn catches_imports(ExceptHandler::ExceptHandler(handler): &ExceptHandler) -> bool {
    handler.type_.as_deref().is_none_or(names_import_error)
}

fn names_import_error(exception: &Expr) -> bool {
    match exception {
        Expr::Tuple(tuple) => tuple.elts.iter().any(is_import_error),
        other => is_import_error(other),
    }
}

fn is_import_error(exception: &Expr) -> bool {
    matches!(
        last_name(exception),
        Some("ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException")
    )
}

fn suppresses_imports(context: &Expr) -> bool {
    let Expr::Call(call) = context else {
        return false;
    };
    last_name(&call.func) == Some("suppress") && call.arguments.args.iter().any(names_import_error)
}

fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
