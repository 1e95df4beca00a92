//! `Aptfile`: Debian packages of DE5, read the way its buildpack's script reads them. What its
//! author meant with a comment that is not one is kept beside what DE5 reads.

use super::apt::PackageLine;
use super::{Model, Problem};
use crate::text::{self, Span, Text};

/// What stands before a package source.
const REPOSITORY: &str = ":repo:";

/// The Debian packages that DE5 unpacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aptfile {
    lines: Vec<AptLine>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AptLine {
    /// The line without its line end.
    pub span: Span,
    /// The line end, empty on a last line without one.
    pub end: Span,
    /// What it says.
    pub content: AptContent,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AptContent {
    /// Nothing.
    Blank,
    /// A comment: `#` is the very first character.
    Comment,
    /// A package source: `:repo:` is at the very beginning. The span is what stands behind it.
    Repository(Span),
    /// A package source behind blanks, which DE5 reads as package names.
    IndentedRepository(Span),
    /// Package names. The comment, if there is one, is one only in its author's eyes: DE5 reads
    /// its words as package names.
    Names(PackageLine),
}

impl Aptfile {
    /// The lines, in order; together with their line ends they cover every byte.
    pub fn lines(&self) -> &[AptLine] {
        &self.lines
    }

    /// The packages that the author meant, in order, duplicates included.
    pub fn names(&self) -> impl Iterator<Item = Span> + '_ {
        let names = self.lines.iter().filter_map(|line| match &line.content {
            AptContent::Names(names) => Some(names.names.as_slice()),
            _ => None,
        });
        names.flatten().copied()
    }

    /// The package sources that the author meant, without their `:repo:`.
    pub fn repositories(&self) -> impl Iterator<Item = Span> + '_ {
        self.lines.iter().filter_map(|line| match line.content {
            AptContent::Repository(span) | AptContent::IndentedRepository(span) => Some(span),
            _ => None,
        })
    }
}

impl Model for Aptfile {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let content = text.as_str();
        let lines = text::lines(content).map(|line| AptLine {
            span: line.span,
            end: line.end_span(),
            content: read(content, line),
        });
        Ok(Self {
            lines: lines.collect(),
        })
    }
}

fn read(text: &str, line: text::Line) -> AptContent {
    let shown = line.span.slice(text);
    let trimmed = shown.trim_ascii_start();
    let indent = shown.len() - trimmed.len();
    let behind = Span::new(
        line.span.start + indent + REPOSITORY.len(),
        line.span.start + indent + trimmed.trim_ascii_end().len(),
    );
    match (trimmed.starts_with(REPOSITORY), indent) {
        _ if trimmed.is_empty() => AptContent::Blank,
        _ if shown.starts_with('#') => AptContent::Comment,
        (true, 0) => AptContent::Repository(behind),
        (true, _) => AptContent::IndentedRepository(behind),
        (false, _) => AptContent::Names(PackageLine::parse(text, line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(content: &str) -> Aptfile {
        Aptfile::parse(&Text::new(content)).unwrap()
    }

    #[test]
    fn a_comment_begins_in_column_one() {
        let content = "# one\n # two\ncurl # three\n:repo:deb https://x jammy main\n  :repo:deb https://y jammy main \n\n";
        let model = parse(content);
        let kinds: Vec<&str> = model
            .lines()
            .iter()
            .map(|line| match &line.content {
                AptContent::Blank => "blank",
                AptContent::Comment => "comment",
                AptContent::Repository(_) => "repository",
                AptContent::IndentedRepository(_) => "indented",
                AptContent::Names(names) if names.comment.is_some() => "names and comment",
                AptContent::Names(_) => "names",
            })
            .collect();
        assert_eq!(
            kinds,
            [
                "comment",
                "names and comment",
                "names and comment",
                "repository",
                "indented",
                "blank"
            ]
        );
        let repositories: Vec<&str> = model
            .repositories()
            .map(|span| span.slice(content))
            .collect();
        assert_eq!(
            repositories,
            ["deb https://x jammy main", "deb https://y jammy main"]
        );
        let names: Vec<&str> = model.names().map(|span| span.slice(content)).collect();
        assert_eq!(names, ["curl"]);
    }

    proptest! {
        #[test]
        fn lines_cover_every_byte(content in "(:repo:|#|deb |[a-z \t\r\n\u{e9}]){0,30}") {
            let model = parse(&content);
            let covered: String = model
                .lines()
                .iter()
                .flat_map(|line| [line.span.slice(&content), line.end.slice(&content)])
                .collect();
            prop_assert_eq!(&covered, &content);
            for span in model.names().chain(model.repositories()) {
                prop_assert!(content.get(span.range()).is_some());
            }
        }

        #[test]
        fn an_appended_name_is_read(content in "[a-z# :\n]{0,40}", new in "[a-z]{2,8}") {
            let edited = format!("{content}\n{new}\n");
            let model = parse(&edited);
            prop_assert_eq!(model.names().last().map(|span| span.slice(&edited)), Some(new.as_str()));
        }

        #[test]
        fn any_bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(text) = Aptfile::decode(&bytes) {
                Aptfile::parse(&text).unwrap();
                prop_assert_eq!(text.encode(), bytes);
            }
        }
    }
}
