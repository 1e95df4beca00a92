//! `project.toml`: the project descriptor that DE5 builds from. Written in its v0.1 form, the one
//! that moved apps carry; what the v0.2 form holds is only recognised, DE5 does not read it.

mod read;
mod v2;
mod write;

use thiserror::Error;
use toml_edit::Document;

use super::{Model, Problem};
use crate::text::{LineEnd, Span, Text};

/// A project descriptor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectToml {
    content: String,
    line_end: LineEnd,
    facts: DescriptorFacts,
}

/// What was read. All spans are spans of the text that was parsed; after a change they are spans
/// of [`ProjectToml::print`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct DescriptorFacts {
    variables: Vec<Setting>,
    scripts: Vec<Setting>,
    schema_version: Option<Setting>,
    include: Option<Span>,
    exclude: Option<Span>,
    ignored: Vec<Setting>,
    v2: Option<V2>,
    problems: Vec<Problem>,
}

/// A name with its value: a build variable, a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The name.
    pub name: String,
    /// The value; `None` when it is not a string.
    pub value: Option<String>,
    /// The value with its quotes.
    pub span: Span,
}

/// The tables of the descriptor's v0.2 form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct V2 {
    /// The first header or key of it.
    pub span: Span,
    /// The build variables of `[[io.buildpacks.env]]`, then those of `[[io.buildpacks.build.env]]`,
    /// which win.
    pub variables: Vec<Setting>,
}

/// Why a setting cannot be written: its place holds something else than a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("`{0}` in project.toml is not a table")]
pub struct NotATable(pub &'static str);

impl ProjectToml {
    /// The value of a build variable in `[[build.env]]`; of several entries the last, which is the
    /// one that counts.
    pub fn build_variable(&self, name: &str) -> Option<&str> {
        last(self.build_variables(), name)?.value.as_deref()
    }

    /// The build variables that are read, in order: those of `[[build.env]]`, and in a file with the
    /// `schema-version` 0.2 those of `[[io.buildpacks.build.env]]` and `[[io.buildpacks.env]]`.
    pub fn build_variables(&self) -> &[Setting] {
        match &self.facts.v2 {
            Some(v2) if self.is_v2() => &v2.variables,
            _ if self.is_v2() => &[],
            _ => &self.facts.variables,
        }
    }

    /// All entries of `[[build.env]]`, read or not.
    pub fn v1_variables(&self) -> &[Setting] {
        &self.facts.variables
    }

    /// Whether the file has the `schema-version` of the v0.2 form.
    pub fn is_v2(&self) -> bool {
        let schema = self.schema_version();
        schema.is_some_and(|it| it.value.as_deref() == Some("0.2"))
    }

    /// Settings of `[build]` that DE5 ignores: `builder`, `buildpacks`.
    pub fn ignored(&self) -> &[Setting] {
        &self.facts.ignored
    }

    /// The value of a script in `[scripts]`.
    pub fn script(&self, name: &str) -> Option<&str> {
        last(&self.facts.scripts, name)?.value.as_deref()
    }

    /// All entries of `[scripts]`, in order.
    pub fn scripts(&self) -> &[Setting] {
        &self.facts.scripts
    }

    /// `schema-version` in `[_]`. The form that DE5 reads needs none.
    pub fn schema_version(&self) -> Option<&Setting> {
        self.facts.schema_version.as_ref()
    }

    /// `include` and `exclude` of `[build]`, where both are there.
    pub fn include_and_exclude(&self) -> Option<(Span, Span)> {
        Some((self.facts.include?, self.facts.exclude?))
    }

    /// The tables of the v0.2 form, if there are any.
    pub fn v2(&self) -> Option<&V2> {
        self.facts.v2.as_ref()
    }

    /// Places that are TOML and no descriptor: `build = 3`, a variable without a name.
    pub fn problems(&self) -> &[Problem] {
        &self.facts.problems
    }

    /// The document as text, with the line ends that it had.
    pub fn print(&self) -> String {
        self.content.clone()
    }

    fn parse_content(content: String, line_end: LineEnd) -> Result<Self, Problem> {
        let document = Document::parse(content.as_str()).map_err(|error| problem(&error))?;
        let facts = read::facts(document.as_table());
        Ok(Self {
            content,
            line_end,
            facts,
        })
    }
}

impl Default for ProjectToml {
    fn default() -> Self {
        Self {
            content: String::new(),
            line_end: LineEnd::Lf,
            facts: DescriptorFacts::default(),
        }
    }
}

impl Model for ProjectToml {
    fn parse(text: &Text) -> Result<Self, Problem> {
        Self::parse_content(text.as_str().to_owned(), text.line_end())
    }
}

fn last<'a>(settings: &'a [Setting], name: &str) -> Option<&'a Setting> {
    settings.iter().rfind(|setting| setting.name == name)
}

fn problem(error: &toml_edit::TomlError) -> Problem {
    let span = error
        .span()
        .map_or(Span::at(0), |range| Span::new(range.start, range.end));
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    Problem::new(span, format!("it is not valid TOML: {message}"))
}

#[cfg(test)]
mod tests;
