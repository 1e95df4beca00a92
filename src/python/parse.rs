//! From code to facts: the parser, the visit of its tree, and what is done where it gives up.

use std::collections::HashSet;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{Mod, ModModule};
use ruff_python_parser::{Mode, ParseError, ParseOptions, parse_cells_unchecked, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::facts::{Comment, Facts, Literal, LiteralKind, Parse, SyntaxError};
use super::gather::{Depth, gather, span};
use super::nesting;
use super::quotes::Opening;
use super::scan::scan;
use crate::text::Span;

/// Why code says nothing: it is nested too deeply, from this offset on.
pub(super) struct TooDeep(pub(super) usize);

/// What a parse gave.
struct Tree {
    module: ModModule,
    errors: Vec<ParseError>,
    comments: Vec<Comment>,
}

/// The facts of a module.
pub(super) fn module(code: &str) -> Result<Facts, TooDeep> {
    check_depth(code)?;
    let parsed = parse_unchecked(code, ParseOptions::from(Mode::Module));
    let comments = comments(code, parsed.tokens());
    let errors = parsed.errors().to_vec();
    let Mod::Module(module) = parsed.into_syntax() else {
        return Ok(Facts::default());
    };
    facts(
        code,
        Tree {
            module,
            errors,
            comments,
        },
    )
}

/// The facts of the cells of a notebook, which are parts of `code` with one line end between them.
pub(super) fn cells(code: &str, cells: &[Span]) -> Result<Facts, TooDeep> {
    check_depth(code)?;
    let ranges = cells.iter().filter_map(|cell| range(*cell));
    let parsed = parse_cells_unchecked(code, ranges, &ParseOptions::from(Mode::Ipython));
    let comments = comments(code, parsed.tokens());
    let errors = parsed.errors().to_vec();
    let module = parsed.into_syntax();
    facts(
        code,
        Tree {
            module,
            errors,
            comments,
        },
    )
}

fn range(span: Span) -> Option<TextRange> {
    let start = TextSize::try_from(span.start).ok()?;
    Some(TextRange::new(start, TextSize::try_from(span.end).ok()?))
}

fn check_depth(code: &str) -> Result<(), TooDeep> {
    nesting::too_deep(code).map_or(Ok(()), |at| Err(TooDeep(at)))
}

fn facts(code: &str, tree: Tree) -> Result<Facts, TooDeep> {
    let (mut facts, depth) = gather(code, &tree.module.body);
    if depth == Depth::Exceeded {
        // The texts that the depth scan misreads are made on purpose, and so few that leaking
        // their tree is better than freeing it by a recursion that the stack does not hold.
        std::mem::forget(tree.module);
        return Err(TooDeep(0));
    }
    facts.comments = tree.comments;
    let first = tree
        .errors
        .iter()
        .min_by_key(|error| error.location.start());
    if let Some(first) = first {
        facts.parse = Parse::Recovered;
        facts.error = Some(syntax_error(code, first));
        add_lost(code, &mut facts);
        fit(code, &mut facts);
    }
    Ok(facts)
}

/// Moves spans to characters: where the parser guesses what a text was meant to be, its places may
/// lie inside one, or behind the end.
fn fit(code: &str, facts: &mut Facts) {
    facts.each_span(|span| *span = fitting(code, *span));
    for literal in &mut facts.literals {
        literal.verbatim &= literal.content.slice(code) == literal.value;
    }
}

fn fitting(code: &str, span: Span) -> Span {
    let (mut start, mut end) = (span.start.min(code.len()), span.end.min(code.len()));
    while !code.is_char_boundary(start) {
        start -= 1;
    }
    while !code.is_char_boundary(end) {
        end += 1;
    }
    Span::new(start, end)
}

fn syntax_error(code: &str, error: &ParseError) -> SyntaxError {
    let message = error.error.to_string();
    SyntaxError {
        span: fitting(code, span(error.location)),
        message: message.trim_end_matches('.').to_owned(),
    }
}

/// Adds what a scan of the text finds and the syntax tree does not have. If the tree lost a whole
/// import, its recovery went wrong for a part of the file, and the literals of that part are lost
/// too.
fn add_lost(code: &str, facts: &mut Facts) {
    let found = scan(code);
    let statements: HashSet<usize> = facts.imports.iter().map(|i| i.statement.start).collect();
    let closed = facts
        .literals
        .iter()
        .filter(|literal| !runs_out(code, literal));
    let mut covered: Vec<Span> = closed.map(|literal| literal.span).collect();
    covered.extend(facts.escapes.iter().map(|escape| escape.span));
    covered.sort();
    let known = |start: usize| statements.contains(&start) || covers(&covered, start);
    let imports = found.imports.into_iter();
    let imports: Vec<_> = imports
        .filter(|import| !known(import.statement.start))
        .collect();
    if imports.is_empty() {
        return;
    }
    facts.parse = Parse::Tokens;
    facts.imports.extend(imports);
    facts.imports.sort_by_key(|import| import.span);
    // Pieces of constants name literals by number, so new ones go behind the others.
    let lost = found.literals.into_iter();
    facts
        .literals
        .extend(lost.filter(|literal| !covers(&covered, literal.content.start)));
}

/// Whether a literal was never closed and swallowed the rest of the text.
fn runs_out(code: &str, literal: &Literal) -> bool {
    let bytes = code.as_bytes();
    let closes = |opening: Opening| {
        let end = opening.content_end(bytes, literal.content.start);
        end.is_some_and(|end| end + opening.quotes() == literal.span.end)
    };
    literal.span.end >= code.trim_end().len()
        && (literal.kind == LiteralKind::Part
            || !Opening::at(bytes, literal.span.start).is_some_and(closes))
}

/// Whether an offset lies in one of the ordered spans, which do not overlap.
fn covers(spans: &[Span], offset: usize) -> bool {
    let before = spans.partition_point(|span| span.start <= offset);
    let before = before.checked_sub(1).and_then(|at| spans.get(at));
    before.is_some_and(|span| offset < span.end)
}

fn comments(code: &str, tokens: &Tokens) -> Vec<Comment> {
    let comments = tokens
        .iter()
        .filter(|token| token.kind() == TokenKind::Comment);
    let comment = |token: &ruff_python_ast::token::Token| {
        let span = span(token.range());
        let before = code.get(..span.start).unwrap_or_default();
        let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        Comment {
            span,
            alone: Span::new(line, span.start).slice(code).trim().is_empty(),
        }
    };
    comments.map(comment).collect()
}
