//! Changes of a descriptor, as the smallest change of its text: a value in place, or new lines
//! behind the ones that they belong to. After each the text is read again; a change that did not
//! come out as meant is not made.

use toml_edit::{Array, Document, InlineTable, Item, Table, TableLike, Value};

use super::read::{entries, item_span};
use super::{NotATable, ProjectToml, Setting, last};
use crate::text::{Span, lines, splice};

impl ProjectToml {
    /// Sets a build variable in `[[build.env]]`: in place, with the quotes and comments that are
    /// there, or as a new entry in the form that the file uses.
    ///
    /// # Errors
    /// When `build` or `build.env` is not what holds variables.
    pub fn set_build_variable(&mut self, name: &str, value: &str) -> Result<(), NotATable> {
        if self.build_variable(name) == Some(value) {
            return Ok(());
        }
        let replacement = match last(&self.facts.variables, name) {
            Some(entry) => (entry.span, self.quoted_as(entry.span, value)),
            None => self.new_variable(name, value)?,
        };
        self.change(replacement, NotATable("build.env"), |old, new| {
            new.build_variable(name) == Some(value)
                && others(&old.facts.variables, name) == others(&new.facts.variables, name)
                && others(&old.facts.scripts, "") == others(&new.facts.scripts, "")
        })
    }

    /// Sets a script in `[scripts]`, in place or as a new entry.
    ///
    /// # Errors
    /// When `scripts` is not a table.
    pub fn set_script(&mut self, name: &str, value: &str) -> Result<(), NotATable> {
        if self.script(name) == Some(value) {
            return Ok(());
        }
        let replacement = match last(&self.facts.scripts, name) {
            Some(entry) => (entry.span, self.quoted_as(entry.span, value)),
            None => self.new_script(name, value)?,
        };
        self.change(replacement, NotATable("scripts"), |old, new| {
            new.script(name) == Some(value)
                && others(&old.facts.scripts, name) == others(&new.facts.scripts, name)
                && others(&old.facts.variables, "") == others(&new.facts.variables, "")
        })
    }

    fn change(
        &mut self,
        replacement: (Span, String),
        error: NotATable,
        is_meant: impl FnOnce(&Self, &Self) -> bool,
    ) -> Result<(), NotATable> {
        let content = splice(&self.content, &[replacement]).map_err(|_| error)?;
        let changed = Self::parse_content(content, self.line_end).map_err(|_| error)?;
        if !is_meant(self, &changed) {
            return Err(error);
        }
        *self = changed;
        Ok(())
    }

    fn new_variable(&self, name: &str, value: &str) -> Result<(Span, String), NotATable> {
        let document = self.document()?;
        let (name, value) = (quoted(name, '\''), quoted(value, '\''));
        let inline = format!("{{ name = {name}, value = {value} }}");
        let build = document.as_table().get("build");
        let env = build
            .and_then(Item::as_table_like)
            .and_then(|build| build.get("env"));
        match (build, env) {
            (_, Some(Item::Value(Value::Array(array)))) => Ok(self.appended_to(array, &inline)),
            (_, Some(Item::ArrayOfTables(_))) => {
                let last = env
                    .and_then(entries)
                    .and_then(|tables| tables.last().copied());
                let last = last.ok_or(NotATable("build.env"))?;
                Ok(self.behind_entry(last, &name, &value))
            }
            (_, Some(_)) => Err(NotATable("build.env")),
            (Some(Item::Value(Value::InlineTable(table))), None) => {
                Ok(within(table, &format!("env = [{inline}]")))
            }
            (Some(Item::Table(table)), None) => {
                let lines = new_entry(&name, &value);
                Ok(match own_end(table) {
                    Some(end) => self.behind_line(end, &lines),
                    None => self.at_end(&lines),
                })
            }
            (Some(_), None) => Err(NotATable("build")),
            (None, None) => {
                let [header, name, value] = new_entry(&name, &value);
                Ok(self.at_start_or_end(&["[build]".to_owned(), header, name, value]))
            }
        }
    }

    fn new_script(&self, name: &str, value: &str) -> Result<(Span, String), NotATable> {
        let document = self.document()?;
        let line = format!("{name} = {}", quoted(value, '"'));
        match document.as_table().get("scripts") {
            None => Ok(self.at_end(&["[scripts]".to_owned(), line])),
            Some(Item::Value(Value::InlineTable(table))) => Ok(within(table, &line)),
            Some(Item::Table(table)) if table.is_dotted() => {
                let end = last_value_end(table).ok_or(NotATable("scripts"))?;
                Ok(self.behind_line(end, &[format!("scripts.{line}")]))
            }
            Some(Item::Table(table)) => {
                let end = own_end(table).ok_or(NotATable("scripts"))?;
                let indent = last_value_end(table).map_or("", |end| self.indent(end));
                Ok(self.behind_line(end, &[format!("{indent}{line}")]))
            }
            Some(_) => Err(NotATable("scripts")),
        }
    }

    fn document(&self) -> Result<Document<&str>, NotATable> {
        Document::parse(self.content.as_str()).map_err(|_| NotATable("build"))
    }

    /// Another entry in the style of the last one.
    fn behind_entry(&self, entry: &dyn TableLike, name: &str, value: &str) -> (Span, String) {
        let values = || entry.iter().map(|(_, item)| item_span(item));
        let end = values().map(|span| span.end).max();
        let (Some(end), Some(first)) = (end, values().map(|span| span.start).min()) else {
            return self.at_end(&new_entry(name, value));
        };
        let inner = self.indent(first);
        let outer = self.header_indent(first);
        self.behind_line(
            end,
            &[
                format!("{outer}[[build.env]]"),
                format!("{inner}name = {name}"),
                format!("{inner}value = {value}"),
            ],
        )
    }

    /// The blanks before the header that is nearest above `offset`.
    fn header_indent(&self, offset: usize) -> &str {
        let before = Span::new(0, offset).slice(&self.content);
        let header = lines(before)
            .map(|line| line.span.slice(before))
            .filter(|line| line.trim_start().starts_with("[["))
            .last()
            .unwrap_or_default();
        leading_blanks(header)
    }

    /// The blanks at the start of the line that holds `offset`.
    fn indent(&self, offset: usize) -> &str {
        let before = Span::new(0, offset).slice(&self.content);
        let start = before.rfind(['\n', '\r']).map_or(0, |found| found + 1);
        leading_blanks(Span::new(start, self.content.len()).slice(&self.content))
    }

    fn behind_line(&self, offset: usize, new: &[String]) -> (Span, String) {
        let end = self.line_end.as_str();
        let line = lines(&self.content).find(|line| line.end > offset);
        match line {
            Some(line) if line.end > line.span.end => {
                let text: String = new.iter().flat_map(|line| [line, end]).collect();
                (Span::at(line.end), text)
            }
            _ => {
                let text: String = new.iter().flat_map(|line| [end, line]).collect();
                (Span::at(self.content.len()), text)
            }
        }
    }

    /// New lines where the documented form has `[build]`: before `[scripts]`, if nothing stands
    /// above that; else at the end.
    fn at_start_or_end(&self, new: &[String]) -> (Span, String) {
        if !self.content.starts_with("[scripts]") {
            return self.at_end(new);
        }
        let end = self.line_end.as_str();
        let text: String = new.iter().flat_map(|line| [line, end]).collect();
        (Span::at(0), format!("{text}{end}"))
    }

    /// New lines at the end, set off by a blank line.
    fn at_end(&self, new: &[String]) -> (Span, String) {
        let end = self.line_end.as_str();
        let place = Span::at(self.content.len());
        if self.content.is_empty() {
            return (place, new.iter().flat_map(|line| [line, end]).collect());
        }
        if !self.content.ends_with(['\n', '\r']) {
            let text: String = new.iter().flat_map(|line| [end, line]).collect();
            return (place, format!("{end}{text}"));
        }
        let last = lines(&self.content).last();
        let blank = last.is_some_and(|line| line.span.slice(&self.content).trim().is_empty());
        let text: String = new.iter().flat_map(|line| [line, end]).collect();
        (place, if blank { text } else { format!("{end}{text}") })
    }

    fn appended_to(&self, array: &Array, element: &str) -> (Span, String) {
        let Some(last) = array.iter().last().and_then(Value::span) else {
            let start = array.span().map_or(0, |span| span.start + 1);
            return (Span::at(start), element.to_owned());
        };
        let before = Span::new(0, last.start).slice(&self.content);
        let blanks = before.len() - before.trim_end().len();
        let blanks = Span::new(before.len() - blanks, before.len()).slice(before);
        let blanks = if blanks.is_empty() { " " } else { blanks };
        (Span::at(last.end), format!(",{blanks}{element}"))
    }

    /// `value` in the quotes that the characters at `span` have.
    fn quoted_as(&self, span: Span, value: &str) -> String {
        let old = span.slice(&self.content);
        quoted(value, if old.starts_with('\'') { '\'' } else { '"' })
    }
}

/// Another entry of an inline table.
fn within(table: &InlineTable, entry: &str) -> (Span, String) {
    if let Some(last) = table.iter().filter_map(|(_, value)| value.span()).last() {
        return (Span::at(last.end), format!(", {entry}"));
    }
    let start = table.span().map_or(0, |span| span.start + 1);
    (Span::at(start), format!(" {entry} "))
}

/// An entry in the documented form.
fn new_entry(name: &str, value: &str) -> [String; 3] {
    [
        "  [[build.env]]".to_owned(),
        format!("    name = {name}"),
        format!("    value = {value}"),
    ]
}

/// The offset after the last own value of a table, or after its header; a table that only its
/// subtables make has neither.
fn own_end(table: &Table) -> Option<usize> {
    let header = table
        .span()
        .filter(|_| !table.is_implicit())
        .map(|span| span.end);
    last_value_end(table).max(header)
}

fn last_value_end(table: &Table) -> Option<usize> {
    let ends = table.iter().filter_map(|(_, item)| match item {
        Item::Value(value) => value.span().map(|span| span.end),
        Item::Table(inner) if inner.is_dotted() => last_value_end(inner),
        _ => None,
    });
    ends.max()
}

/// The settings of other names: a change must leave them alone.
fn others<'a>(settings: &'a [Setting], name: &str) -> Vec<(&'a str, Option<&'a str>)> {
    let others = settings.iter().filter(|setting| setting.name != name);
    others
        .map(|setting| (setting.name.as_str(), setting.value.as_deref()))
        .collect()
}

fn leading_blanks(line: &str) -> &str {
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    Span::new(0, blanks).slice(line)
}

/// A TOML string, in these quotes where the value allows it.
fn quoted(value: &str, quote: char) -> String {
    let plain = |c: char| !c.is_control() && !"'\"\\".contains(c);
    if value.chars().all(plain) {
        format!("{quote}{value}{quote}")
    } else {
        Value::from(value).to_string()
    }
}
