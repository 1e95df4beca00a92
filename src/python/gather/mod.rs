//! The one visit of a syntax tree that gathers the facts. It records what it sees and where;
//! names are resolved afterwards (`resolve`), because code may use a name before the line that
//! binds it, and constants are folded last (`fold`).

mod expressions;
mod fold;
mod names;
mod resolve;
mod statements;
mod strings;
mod texts;

use std::collections::{HashMap, HashSet};

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::facts::{ExpressionSite, Facts, Role, Scope, ScopeKind};
use crate::text::Span;

pub(super) use texts::passes_text;

/// The deepest that the visit goes down the tree. Texts that `nesting` lets pass stay above it;
/// this is the second guard of the stack, not a limit that anybody meets.
const DEEPEST: usize = 800;
/// How many levels a scope counts for: its visit takes the stack of several.
const SCOPE_DEPTH: usize = 3;

/// Gathers the facts of the statements of a module whose text is `text`.
pub(super) fn gather(text: &str, body: &[Stmt]) -> (Facts, Depth) {
    let mut gatherer = Gatherer::new(text);
    gatherer.body_with_docstring(body);
    let exceeded = gatherer.exceeded;
    (gatherer.finish(), exceeded)
}

/// Whether the visit saw all of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// It did.
    Bounded,
    /// The tree goes deeper than it went.
    Exceeded,
}

/// The span of a node.
fn span_of(node: &impl Ranged) -> Span {
    span(node.range())
}

/// The same range in this program's terms.
pub(super) fn span(range: TextRange) -> Span {
    Span::new(range.start().to_usize(), range.end().to_usize())
}

/// The facts so far, and the nodes that are looked at again when all names are known.
struct Gatherer<'a> {
    text: &'a str,
    facts: Facts,
    /// The scope of the code being visited.
    scope: usize,
    /// How many conditions, loops and handlers are around it.
    conditions: usize,
    /// How many guards against a failing import are around it.
    guards: usize,
    /// How many `if TYPE_CHECKING` are around it.
    type_checks: usize,
    /// How many nodes are around it.
    depth: usize,
    exceeded: Depth,
    /// Variables by scope and name; a class's attributes are names of the class's scope.
    names: HashMap<(usize, &'a str), usize>,
    /// Names that `global` or `nonlocal` gives to another scope.
    redirected: HashMap<(usize, &'a str), usize>,
    /// The scope of a class, by the binding that makes it.
    classes: HashMap<usize, usize>,
    /// The value of each binding that has one, with the scope to read it in.
    values: Vec<Option<(&'a Expr, usize)>>,
    /// The nodes of `facts.calls`, in the same order.
    calls: Vec<&'a ast::ExprCall>,
    /// Names and dotted names that may become references.
    uses: Vec<NameUse<'a>>,
    /// Expressions that may become constants.
    candidates: Vec<PlacedExpr<'a>>,
    /// Subscripts and comparisons that may be uses of the environment.
    lookups: Vec<PlacedExpr<'a>>,
    /// The calls that are conditions, and the conditions that end the program or raise an error.
    conditions_asked: ConditionsAsked,
    /// Sites of indices, whose role names what is subscripted.
    indices: Vec<(usize, &'a Expr, usize)>,
}

/// An expression and where it stands.
#[derive(Clone, Copy)]
struct PlacedExpr<'a> {
    expr: &'a Expr,
    site: usize,
    scope: usize,
    /// The attribute that is taken of it; its site is made only if it turns out to matter.
    attribute: Option<&'a str>,
}

/// What conditions ask.
#[derive(Default)]
struct ConditionsAsked {
    /// The calls whose truth alone decides: `if os.getenv("X")`, `a if os.getenv("X") else b`.
    calls: HashSet<Span>,
    /// The conditions of branches that raise an error or end the program.
    refusals: Vec<Span>,
}

/// A name or dotted name in use.
struct NameUse<'a> {
    expr: &'a Expr,
    scope: usize,
    called: bool,
}

impl<'a> Gatherer<'a> {
    fn new(text: &'a str) -> Self {
        let module = Scope {
            kind: ScopeKind::Module,
            name: String::new(),
            parent: 0,
            span: Span::new(0, text.len()),
        };
        let nowhere = ExpressionSite {
            role: Role::Other,
            parent: 0,
        };
        Self {
            text,
            facts: Facts {
                scopes: vec![module],
                sites: vec![nowhere],
                ..Facts::default()
            },
            scope: 0,
            conditions: 0,
            guards: 0,
            type_checks: 0,
            depth: 0,
            exceeded: Depth::Bounded,
            names: HashMap::new(),
            redirected: HashMap::new(),
            classes: HashMap::new(),
            values: Vec::new(),
            calls: Vec::new(),
            uses: Vec::new(),
            candidates: Vec::new(),
            lookups: Vec::new(),
            conditions_asked: ConditionsAsked::default(),
            indices: Vec::new(),
        }
    }

    fn finish(mut self) -> Facts {
        self.facts.literals.sort_by_key(|literal| literal.span);
        self.resolve();
        self.fold_constants();
        self.find_environment();
        self.facts.index();
        self.facts
    }

    /// Visits something one level further down, if that is not too deep.
    fn deeper(&mut self, visit: impl FnOnce(&mut Self)) {
        if self.depth < DEEPEST {
            self.depth += 1;
            visit(self);
            self.depth -= 1;
        } else {
            self.exceeded = Depth::Exceeded;
        }
    }

    /// Visits something as a scope of its own.
    fn scoped(
        &mut self,
        kind: ScopeKind,
        name: &str,
        span: Span,
        visit: impl FnOnce(&mut Self),
    ) -> usize {
        let scope = self.facts.scopes.len();
        self.facts.scopes.push(Scope {
            kind,
            name: name.to_owned(),
            parent: self.scope,
            span,
        });
        let outer = std::mem::replace(&mut self.scope, scope);
        self.depth += SCOPE_DEPTH;
        visit(self);
        self.depth -= SCOPE_DEPTH;
        self.scope = outer;
        scope
    }

    /// A site with this role below `parent`.
    fn site(&mut self, role: Role, parent: usize) -> usize {
        self.facts.sites.push(ExpressionSite { role, parent });
        self.facts.sites.len() - 1
    }
}
