//! `Pipfile`: pipenv's list, of which only the `[[source]]` tables matter here.

use super::{Model, Problem};
use crate::text::{Span, Text};

/// A Pipfile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pipfile {
    sources: Vec<PipfileSource>,
}

/// The URL of a `[[source]]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipfileSource {
    /// The URL, escapes resolved. It may hold credentials.
    pub url: String,
    /// The value with its quotes.
    pub span: Span,
}

impl Pipfile {
    /// The package indexes, in order.
    pub fn sources(&self) -> &[PipfileSource] {
        &self.sources
    }
}

impl Model for Pipfile {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let document = toml_edit::Document::parse(text.as_str()).map_err(|error| {
            let span = error.span().unwrap_or_default();
            Problem::new(Span::new(span.start, span.end), error.message())
        })?;
        let tables = document
            .get("source")
            .and_then(toml_edit::Item::as_array_of_tables);
        let sources = tables.into_iter().flatten().filter_map(|table| {
            let item = table.get("url")?;
            let span = item.span()?;
            Some(PipfileSource {
                url: item.as_str()?.to_owned(),
                span: Span::new(span.start, span.end),
            })
        });
        Ok(Self {
            sources: sources.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sources_have_spans() {
        let text = "[[source]]\r\nname = 'a'\r\nurl = \"https://dash.example.com/packages\"\r\n\r\n[packages]\r\n";
        let model = Pipfile::parse(&Text::new(text)).unwrap();
        assert_eq!(model.sources().len(), 1);
        assert_eq!(model.sources()[0].url, "https://dash.example.com/packages");
        assert_eq!(
            model.sources()[0].span.slice(text),
            "\"https://dash.example.com/packages\""
        );
        assert!(Pipfile::parse(&Text::new("[[source")).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(\\[\\[source\\]\\]\n|url = \"[a-z]*\"\n|\\PC|\n)*") {
            match Pipfile::parse(&Text::new(text.clone())) {
                Ok(model) => prop_assert!(model.sources().iter().all(|source| text.get(source.span.range()).is_some())),
                Err(problem) => prop_assert!(problem.span.end <= text.len()),
            }
        }
    }
}
