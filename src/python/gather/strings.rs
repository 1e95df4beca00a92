//! The literals: what they mean and how they are spelled.

use ruff_python_ast as ast;
use ruff_python_ast::{FStringPart, InterpolatedStringElement};
use ruff_text_size::TextRange;

use super::{Gatherer, span, span_of};
use crate::python::facts::{Literal, LiteralKind, Role};
use crate::text::Span;

impl<'a> Gatherer<'a> {
    /// A string, or several side by side.
    pub(super) fn string(
        &mut self,
        string: &'a ast::ExprStringLiteral,
        kind: LiteralKind,
        site: usize,
    ) {
        for part in &string.value {
            self.string_part(part, kind, site);
        }
    }

    fn string_part(&mut self, part: &'a ast::StringLiteral, kind: LiteralKind, site: usize) {
        let prefix = self.prefix_at(part.range);
        self.literal(
            span_of(part),
            span(part.content_range()),
            &part.value,
            prefix,
            kind,
            site,
        );
    }

    pub(super) fn bytes(&mut self, bytes: &'a ast::ExprBytesLiteral, site: usize) {
        for part in &bytes.value {
            let value = String::from_utf8_lossy(&part.value);
            let prefix = self.prefix_at(part.range);
            let content = span(part.content_range());
            self.literal(
                span_of(part),
                content,
                &value,
                prefix,
                LiteralKind::Bytes,
                site,
            );
        }
    }

    pub(super) fn f_string(&mut self, string: &'a ast::ExprFString, site: usize) {
        let inside = self.site(Role::Interpolated, site);
        for part in &string.value {
            match part {
                FStringPart::Literal(part) => self.string_part(part, LiteralKind::Text, inside),
                FStringPart::FString(part) => {
                    let prefix = self.prefix_at(part.range);
                    self.interpolated(&part.elements, prefix, inside);
                }
            }
        }
    }

    pub(super) fn t_string(&mut self, string: &'a ast::ExprTString, site: usize) {
        let inside = self.site(Role::Interpolated, site);
        for part in &string.value {
            let prefix = self.prefix_at(part.range);
            self.interpolated(&part.elements, prefix, inside);
        }
    }

    fn interpolated(
        &mut self,
        elements: &'a ast::InterpolatedStringElements,
        prefix: &str,
        site: usize,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(part) => {
                    let whole = span_of(part);
                    self.literal(whole, whole, &part.value, prefix, LiteralKind::Part, site);
                }
                InterpolatedStringElement::Interpolation(part) => {
                    self.expression(&part.expression, site);
                    if let Some(format) = &part.format_spec {
                        self.deeper(|inner| inner.format_spec(&format.elements));
                    }
                }
            }
        }
    }

    /// A format (`:>{width}.2f`) holds no text of the value, but may hold expressions.
    fn format_spec(&mut self, elements: &'a ast::InterpolatedStringElements) {
        for part in elements.interpolations() {
            self.plain(&part.expression);
            if let Some(format) = &part.format_spec {
                self.deeper(|inner| inner.format_spec(&format.elements));
            }
        }
    }

    fn prefix_at(&self, range: TextRange) -> &'a str {
        let literal = span(range).slice(self.text);
        let end = literal.find(|c: char| !c.is_ascii_alphabetic());
        literal.get(..end.unwrap_or_default()).unwrap_or_default()
    }

    fn literal(
        &mut self,
        whole: Span,
        content: Span,
        value: &str,
        prefix: &str,
        kind: LiteralKind,
        site: usize,
    ) {
        self.facts.literals.push(Literal {
            span: whole,
            content,
            value: value.to_owned(),
            prefix: prefix.to_owned(),
            kind,
            verbatim: content.slice(self.text) == value,
            site,
            scope: self.scope,
        });
    }
}
