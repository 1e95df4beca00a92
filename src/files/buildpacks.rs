//! `.buildpacks`: one Heroku-style buildpack per line, as a URL with an optional `#ref`.

use super::{Model, Problem};
use crate::text::{self, Span, Text};

/// The buildpacks that DE4 was told to use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Buildpacks {
    entries: Vec<Buildpack>,
}

/// One buildpack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buildpack {
    /// The URL (or alias) with its `#ref`.
    pub span: Span,
    /// The URL (or alias such as `heroku/python`) without its `#ref`.
    pub url: Span,
    /// The branch, tag or commit behind `#`.
    pub reference: Option<Span>,
}

/// A language that DE5 documents no buildpack for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignLanguage {
    /// R.
    R,
    /// Julia.
    Julia,
}

impl Buildpacks {
    /// The buildpacks, in order. Blank lines and comments are none.
    pub fn entries(&self) -> &[Buildpack] {
        &self.entries
    }
}

impl Buildpack {
    /// `owner/name` of the buildpack in lower case: the first two parts of the URL's path, without
    /// `.git`. An alias is its own name.
    pub fn repository(&self, text: &str) -> String {
        let url = self.url.slice(text).to_ascii_lowercase();
        let path = match url.split_once("://") {
            Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
            // git@host:owner/name
            None => url.rsplit_once(':').map_or(&*url, |(_, path)| path),
        };
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let owner = parts.next().unwrap_or_default();
        match parts.next() {
            Some(name) => format!("{owner}/{}", name.strip_suffix(".git").unwrap_or(name)),
            None => owner.to_owned(),
        }
    }

    /// The language that the buildpack builds, by its name (`heroku-buildpack-r`), where that is
    /// not Python.
    pub fn foreign_language(&self, text: &str) -> Option<ForeignLanguage> {
        let repository = self.repository(text);
        let name = repository.rsplit('/').next().unwrap_or_default();
        if name.contains("julia") {
            Some(ForeignLanguage::Julia)
        } else if name == "r" || name.ends_with("-r") {
            Some(ForeignLanguage::R)
        } else {
            None
        }
    }
}

impl Model for Buildpacks {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let content = text.as_str();
        let entries = text::lines(content).filter_map(|line| entry(content, line.span));
        Ok(Self {
            entries: entries.collect(),
        })
    }
}

fn entry(text: &str, line: Span) -> Option<Buildpack> {
    let span = line.trimmed(text);
    let trimmed = span.slice(text);
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return None;
    }
    let hash = trimmed.find('#').map(|at| span.start + at);
    Some(Buildpack {
        span,
        url: Span::new(span.start, hash.unwrap_or(span.end)),
        reference: hash.map(|at| Span::new(at + 1, span.end)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_language_shows_in_the_name() {
        let language = |line: &str| {
            let text = Text::new(line);
            let model = Buildpacks::parse(&text).unwrap();
            model.entries()[0].foreign_language(text.as_str())
        };
        let r = "https://github.com/example/heroku-buildpack-r#heroku-20";
        assert_eq!(language(r), Some(ForeignLanguage::R));
        assert_eq!(language("vtjnash/r"), Some(ForeignLanguage::R));
        let julia = "https://github.com/acme/heroku-buildpack-julia.git";
        assert_eq!(language(julia), Some(ForeignLanguage::Julia));
        assert_eq!(language("heroku/ruby"), None);
    }

    #[test]
    fn repositories_are_recognised_in_every_spelling() {
        for (line, repository, reference) in [
            (
                "https://github.com/plotly/heroku-buildpack-python.git#4.0.1",
                "plotly/heroku-buildpack-python",
                Some("4.0.1"),
            ),
            (
                "  https://github.com/Plotly/conda-buildpack/ \r\n",
                "plotly/conda-buildpack",
                None,
            ),
            (
                "https://github.com/plotly/heroku-buildpack-python/commit/893eff38",
                "plotly/heroku-buildpack-python",
                None,
            ),
            (
                "git@github.com:acme/heroku-buildpack-r.git#x",
                "acme/heroku-buildpack-r",
                Some("x"),
            ),
            ("heroku/python", "heroku/python", None),
            ("https://example.com", "", None),
        ] {
            let text = Text::new(line);
            let model = Buildpacks::parse(&text).unwrap();
            let [entry] = model.entries() else {
                panic!("{line}")
            };
            assert_eq!(entry.repository(text.as_str()), repository, "{line}");
            let found = entry.reference.map(|span| span.slice(text.as_str()));
            assert_eq!(found, reference, "{line}");
        }
        let blank = Text::new("# none\n\n");
        assert!(Buildpacks::parse(&blank).unwrap().entries().is_empty());
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_text_in_order(bytes in proptest::collection::vec(any::<u8>(), 0..80), content in "[a-z:/#@.\r\n \u{a0}]{0,60}") {
            for text in [Text::decode(&bytes).ok(), Some(Text::new(content))].into_iter().flatten() {
                let model = Buildpacks::parse(&text).unwrap();
                let mut last = 0;
                for entry in model.entries() {
                    let _ = entry.repository(text.as_str());
                    prop_assert!(last <= entry.span.start && entry.url.end <= entry.span.end);
                    prop_assert!(text.as_str().get(entry.span.range()).is_some());
                    prop_assert!(entry.span.slice(text.as_str()).starts_with(entry.url.slice(text.as_str())));
                    last = entry.span.end;
                }
            }
        }
    }
}
