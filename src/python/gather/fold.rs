//! Constants: expressions whose text, or its beginning, is known without running the code. A
//! variable counts as known if the file binds it exactly once, by an assignment of a constant.

use std::collections::{HashMap, HashSet};

use ruff_python_ast as ast;
use ruff_python_ast::{ConversionFlag, Expr, FStringPart, InterpolatedStringElement, Operator};

use super::texts::{is_separator, keeps_text, passes_text};
use super::{Gatherer, PlacedExpr, span_of};
use crate::python::facts::{BindingKind, Constant, ConstantKind, Piece, Role};
use crate::text::Span;

/// The most pieces of one constant; what is more is unknown, so that names that double each
/// other cannot blow up.
const MOST_PIECES: usize = 64;
/// The longest known text of one constant, for the same reason.
const LONGEST: usize = 8 * 1024;
/// How many expressions a constant is followed into.
const DEEPEST: usize = 100;

/// A constant in the making.
#[derive(Clone)]
pub(super) struct Folded {
    kind: ConstantKind,
    pieces: Vec<Piece>,
}

/// What is known about variables so far.
#[derive(Default)]
struct FoldCache {
    /// The constants that variables stand for; `None` while one is worked out, and if it is none.
    folded: HashMap<usize, Option<Folded>>,
    /// Whether a text may reach the variable.
    textual: HashMap<usize, bool>,
    /// The expressions that were looked at as a part of another: they are no constants of their own,
    /// for a whole is one if any part is.
    parts: HashSet<Span>,
    /// Whether the expression being folded is the value of a variable, which stands elsewhere.
    aside: bool,
}

impl<'a> Gatherer<'a> {
    /// Makes constants of the candidates.
    pub(super) fn fold_constants(&mut self) {
        let mut known = FoldCache::default();
        for place in std::mem::take(&mut self.candidates) {
            if known.parts.contains(&span_of(place.expr)) {
                continue;
            }
            let folded = self.fold(place.expr, place.scope, &mut known, 0);
            if let Some(folded) = folded.filter(Folded::says_something) {
                self.note_constant(place, folded);
            }
        }
    }

    fn note_constant(&mut self, place: PlacedExpr<'a>, folded: Folded) {
        let site = place.attribute.map_or(place.site, |attribute| {
            let attribute = attribute.to_owned();
            self.site(Role::Receiver { attribute }, place.site)
        });
        let (value, complete) = folded.text();
        self.facts.constants.push(Constant {
            span: span_of(place.expr),
            value,
            complete,
            kind: folded.kind,
            pieces: folded.pieces,
            site,
            scope: place.scope,
        });
    }

    /// The whole text of an expression, if it is known.
    pub(super) fn text_of(&self, expr: &Expr, scope: usize) -> Option<String> {
        let folded = self.fold(expr, scope, &mut FoldCache::default(), 0)?;
        let (value, complete) = folded.text();
        complete.then_some(value)
    }

    fn fold(
        &self,
        expr: &Expr,
        scope: usize,
        known: &mut FoldCache,
        depth: usize,
    ) -> Option<Folded> {
        if depth > DEEPEST {
            return None;
        }
        if depth > 0 && !known.aside {
            known.parts.insert(span_of(expr));
        }
        let folded = match expr {
            Expr::StringLiteral(string) => Some(self.fold_string(string)),
            Expr::FString(string) => Some(self.fold_f_string(string, scope, known, depth)),
            Expr::BinOp(operation) => self.fold_operation(operation, scope, known, depth),
            Expr::Call(call) => self.fold_call(call, scope, known, depth),
            Expr::Name(_) | Expr::Attribute(_) => self.fold_name(expr, scope, known, depth),
            _ => None,
        };
        folded.map(Folded::bounded)
    }

    /// The pieces of an operand: known ones, or one that is not.
    fn pieces(&self, expr: &Expr, scope: usize, known: &mut FoldCache, depth: usize) -> Vec<Piece> {
        let folded = self.fold(expr, scope, known, depth + 1);
        folded.map_or_else(|| vec![self.unknown(expr, scope)], |folded| folded.pieces)
    }

    fn unknown(&self, expr: &Expr, scope: usize) -> Piece {
        let nameable = matches!(expr, Expr::Name(_) | Expr::Attribute(_) | Expr::Call(_));
        Piece {
            name: nameable.then(|| self.dotted(expr, scope).name),
            ..Piece::unknown(span_of(expr))
        }
    }

    fn fold_string(&self, string: &ast::ExprStringLiteral) -> Folded {
        let parts = string.value.iter();
        Folded {
            kind: ConstantKind::Concatenation,
            pieces: parts
                .map(|part| self.literal_piece(span_of(part), &part.value))
                .collect(),
        }
    }

    fn literal_piece(&self, span: Span, text: &str) -> Piece {
        let literals = &self.facts.literals;
        Piece {
            text: Some(text.to_owned()),
            literal: literals
                .binary_search_by_key(&span, |literal| literal.span)
                .ok(),
            ..Piece::unknown(span)
        }
    }

    fn fold_f_string(
        &self,
        string: &ast::ExprFString,
        scope: usize,
        known: &mut FoldCache,
        depth: usize,
    ) -> Folded {
        let mut pieces = Vec::new();
        for part in &string.value {
            match part {
                FStringPart::Literal(part) => {
                    pieces.push(self.literal_piece(span_of(part), &part.value));
                }
                FStringPart::FString(part) => {
                    for element in &part.elements {
                        pieces.extend(self.element(element, scope, known, depth));
                    }
                }
            }
        }
        Folded {
            kind: ConstantKind::Interpolation,
            pieces,
        }
    }

    fn element(
        &self,
        element: &InterpolatedStringElement,
        scope: usize,
        known: &mut FoldCache,
        depth: usize,
    ) -> Vec<Piece> {
        match element {
            InterpolatedStringElement::Literal(part) => {
                vec![self.literal_piece(span_of(part), &part.value)]
            }
            InterpolatedStringElement::Interpolation(part) => {
                let plain = matches!(part.conversion, ConversionFlag::None | ConversionFlag::Str)
                    && part.format_spec.is_none()
                    && part.debug_text.is_none();
                if plain {
                    self.pieces(&part.expression, scope, known, depth)
                } else {
                    vec![Piece::unknown(span_of(part))]
                }
            }
        }
    }

    fn fold_operation(
        &self,
        operation: &ast::ExprBinOp,
        scope: usize,
        known: &mut FoldCache,
        depth: usize,
    ) -> Option<Folded> {
        match operation.op {
            Operator::Add => {
                let mut pieces = self.pieces(&operation.left, scope, known, depth);
                pieces.extend(self.pieces(&operation.right, scope, known, depth));
                Folded::from_pieces(ConstantKind::Concatenation, pieces)
            }
            Operator::Div => {
                let left = self.pieces(&operation.left, scope, known, depth);
                let right = self.pieces(&operation.right, scope, known, depth);
                Folded::from_pieces(ConstantKind::Path, joined([left, right]))
            }
            Operator::Mod => {
                let format = self.fold(&operation.left, scope, known, depth + 1)?;
                let values = Piece::unknown(span_of(&*operation.right));
                Some(format.up_to(&['%'], values))
            }
            _ => None,
        }
    }

    fn fold_call(
        &self,
        call: &ast::ExprCall,
        scope: usize,
        known: &mut FoldCache,
        depth: usize,
    ) -> Option<Folded> {
        let arguments = &call.arguments;
        if let Expr::Attribute(method) = &*call.func
            && let Some(folded) = self.fold_method(method, arguments, scope, known, depth)
        {
            return Some(folded);
        }
        let callee = self.dotted(&call.func, scope).name;
        let kind = match callee.as_str() {
            "os.path.join" | "posixpath.join" => ConstantKind::Join,
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath" | "pathlib.PurePosixPath" => {
                ConstantKind::Path
            }
            name if keeps_text(name) => {
                let [value] = &*arguments.args else {
                    return None;
                };
                return self.fold(value, scope, known, depth + 1);
            }
            _ => return None,
        };
        let parts = arguments.args.iter().map(|part| match part {
            Expr::Starred(_) => vec![Piece::unknown(span_of(part))],
            part => self.pieces(part, scope, known, depth),
        });
        Folded::from_pieces(kind, joined(parts))
    }

    /// Methods of texts and paths: `"…".format(…)`, `path.joinpath(…)`, `path.resolve()`.
    fn fold_method(
        &self,
        method: &ast::ExprAttribute,
        arguments: &ast::Arguments,
        scope: usize,
        known: &mut FoldCache,
        depth: usize,
    ) -> Option<Folded> {
        let name = method.attr.as_str();
        if !matches!(
            name,
            "format" | "joinpath" | "as_posix" | "resolve" | "absolute"
        ) {
            return None;
        }
        let receiver = self.fold(&method.value, scope, known, depth + 1)?;
        match name {
            "format" => Some(receiver.up_to(&['{', '}'], Piece::unknown(span_of(arguments)))),
            "joinpath" => {
                let parts = arguments.args.iter();
                let parts = parts.map(|part| self.pieces(part, scope, known, depth));
                let parts = std::iter::once(receiver.pieces).chain(parts);
                Folded::from_pieces(ConstantKind::Path, joined(parts))
            }
            _ => Some(receiver),
        }
    }

    fn fold_name(
        &self,
        expr: &Expr,
        scope: usize,
        known: &mut FoldCache,
        depth: usize,
    ) -> Option<Folded> {
        let at = span_of(expr);
        if is_separator(&self.dotted(expr, scope).name) {
            return Some(Folded {
                kind: ConstantKind::Name,
                pieces: vec![Piece {
                    text: Some("/".to_owned()),
                    ..Piece::unknown(at)
                }],
            });
        }
        let variable = self.variable_of(expr, scope)?;
        if let Some(mut folded) = self.fold_variable(variable, known, depth) {
            for piece in &mut folded.pieces {
                piece.span = at;
                piece.variable = Some(variable);
            }
            folded.kind = ConstantKind::Name;
            return Some(folded);
        }
        self.is_textual(variable, known, depth).then(|| Folded {
            kind: ConstantKind::Name,
            pieces: vec![Piece {
                variable: Some(variable),
                ..self.unknown(expr, scope)
            }],
        })
    }

    fn fold_variable(
        &self,
        variable: usize,
        known: &mut FoldCache,
        depth: usize,
    ) -> Option<Folded> {
        if let Some(folded) = known.folded.get(&variable) {
            return folded.clone();
        }
        known.folded.insert(variable, None);
        let [binding] = self.facts.variables.get(variable)?.bindings.as_slice() else {
            return None;
        };
        let assigned = self.facts.bindings.get(*binding)?.kind == BindingKind::Assignment;
        let (value, scope) = self.values.get(*binding).copied().flatten()?;
        let aside = std::mem::replace(&mut known.aside, true);
        let folded = assigned
            .then(|| self.fold(value, scope, known, depth + 1))
            .flatten();
        known.aside = aside;
        let folded = folded.filter(Folded::says_something);
        known.folded.insert(variable, folded.clone());
        folded
    }

    /// Whether one of a variable's values holds a text that it may pass on.
    fn is_textual(&self, variable: usize, known: &mut FoldCache, depth: usize) -> bool {
        if let Some(textual) = known.textual.get(&variable) {
            return *textual;
        }
        known.textual.insert(variable, false);
        let bindings = self
            .facts
            .variables
            .get(variable)
            .map(|variable| &variable.bindings);
        let textual = bindings.into_iter().flatten().any(|binding| {
            let value = self.values.get(*binding).copied().flatten();
            value.is_some_and(|(value, scope)| self.holds_text(value, scope, known, depth + 1))
        });
        known.textual.insert(variable, textual);
        textual
    }

    fn holds_text(&self, expr: &Expr, scope: usize, known: &mut FoldCache, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let mut holds = |part: &Expr| self.holds_text(part, scope, known, depth + 1);
        match expr {
            Expr::StringLiteral(_) | Expr::FString(_) => true,
            Expr::BinOp(operation) => holds(&operation.left) || holds(&operation.right),
            Expr::BoolOp(choice) => choice.values.iter().any(holds),
            Expr::If(choice) => holds(&choice.body) || holds(&choice.orelse),
            Expr::List(list) => list.elts.iter().any(holds),
            Expr::Tuple(tuple) => tuple.elts.iter().any(holds),
            Expr::Set(set) => set.elts.iter().any(holds),
            Expr::Dict(dict) => dict.iter_values().any(holds),
            Expr::Subscript(subscript) => holds(&subscript.value),
            Expr::Call(call) => {
                let callee = self.dotted(&call.func, scope).name;
                let method = call.func.as_attribute_expr();
                method.is_some_and(|method| holds(&method.value))
                    || passes_text(&callee) && call.arguments.args.iter().any(holds)
            }
            Expr::Name(_) | Expr::Attribute(_) => {
                let variable = self.variable_of(expr, scope);
                variable.is_some_and(|variable| self.is_textual(variable, known, depth))
            }
            _ => false,
        }
    }
}

impl Folded {
    /// A constant of these pieces, if one of them is known or a variable.
    fn from_pieces(kind: ConstantKind, pieces: Vec<Piece>) -> Option<Self> {
        let folded = Self { kind, pieces };
        folded.says_something().then_some(folded)
    }

    fn says_something(&self) -> bool {
        let said = |piece: &Piece| piece.literal.is_some() || piece.variable.is_some();
        self.pieces.iter().any(said)
    }

    /// The text before the first unknown piece, and whether that is all.
    fn text(&self) -> (String, bool) {
        let known = self.pieces.iter().map_while(|piece| piece.text.as_deref());
        let complete = self.pieces.iter().all(|piece| piece.text.is_some());
        (known.collect(), complete)
    }

    /// The part before the first of `stops`, which `rest` fills.
    fn up_to(mut self, stops: &[char], rest: Piece) -> Self {
        self.kind = ConstantKind::Format;
        for number in 0..self.pieces.len() {
            let Some(text) = self
                .pieces
                .get_mut(number)
                .and_then(|piece| piece.text.as_mut())
            else {
                continue;
            };
            if let Some(stop) = text.find(stops) {
                text.truncate(stop);
                self.pieces.truncate(number + 1);
                self.pieces.push(rest);
                return self;
            }
        }
        self
    }

    fn bounded(mut self) -> Self {
        let mut length = 0;
        let fits = self.pieces.iter().take_while(|piece| {
            length += piece.text.as_ref().map_or(0, String::len);
            length <= LONGEST
        });
        let fits = fits.count().min(MOST_PIECES);
        if let Some(first) = self.pieces.get(fits).map(|piece| piece.span) {
            self.pieces.truncate(fits);
            self.pieces.push(Piece::unknown(first));
        }
        self
    }
}

impl Piece {
    fn unknown(span: Span) -> Self {
        Self {
            span,
            text: None,
            literal: None,
            variable: None,
            name: None,
        }
    }
}

/// Joins as `os.path.join` does: a `/` between parts, and an absolute part forgets those before.
fn joined(parts: impl IntoIterator<Item = Vec<Piece>>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in parts {
        let first = part.first();
        if first
            .and_then(|piece| piece.text.as_ref())
            .is_some_and(|text| text.starts_with('/'))
        {
            pieces.clear();
        }
        let ended = pieces.last().is_some_and(|piece| match &piece.text {
            Some(text) => !text.is_empty() && !text.ends_with('/'),
            None => true,
        });
        if let Some(first) = first.filter(|_| ended) {
            pieces.push(Piece {
                text: Some("/".to_owned()),
                ..Piece::unknown(Span::at(first.span.start))
            });
        }
        pieces.extend(part);
    }
    pieces
}
