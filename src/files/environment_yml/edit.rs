//! Additions to an `environment.yml` that keep every byte that was there. Each one is read again
//! and must mean what was there and the addition, or it is not made.

use serde_yaml::{Mapping, Value};
use thiserror::Error;

use super::super::yaml::{self, Node, YamlContent};
use super::CondaEnvironment;
use crate::files::{Model, Problem};
use crate::text::{Line, Span, Text, lines, splice};

/// Something to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A channel behind the others.
    Channel(String),
    /// A conda spec in front of the others.
    FirstDependency(String),
    /// A conda spec behind the others, in front of the `pip:` list.
    Dependency(String),
    /// A line of the `pip:` list, which is made if there is none.
    PipItem(String),
}

impl Change {
    /// What is added.
    pub fn value(&self) -> &str {
        match self {
            Self::Channel(value)
            | Self::FirstDependency(value)
            | Self::Dependency(value)
            | Self::PipItem(value) => value,
        }
    }
}

/// Why something cannot be added without touching what is there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// The file has no meaning.
    #[error("{}", .0.message)]
    Unreadable(Problem),
    /// The list is written in a way (an alias, a flow inside a block) that leaves no place.
    #[error("there is no place to write it without touching what is there")]
    NoPlace,
    /// The text with the addition would mean something else.
    #[error("the file would mean something else")]
    OtherMeaning,
    /// The value cannot be written on one line.
    #[error("it cannot be written on one line")]
    NotOneLine,
}

/// The text of an environment with the changes made, in order.
///
/// # Errors
/// When one of them cannot be made; the text is unchanged then.
pub fn edit(text: &Text, changes: &[Change]) -> Result<Text, EditError> {
    let mut text = text.clone();
    for change in changes {
        let environment = CondaEnvironment::parse(&text).map_err(EditError::Unreadable)?;
        let root = environment.root.ok_or(EditError::NoPlace)?;
        let replacement = place(&text, &root, change)?;
        let new = splice(text.as_str(), &[replacement]).map_err(|_| EditError::NoPlace)?;
        let before = yaml::meaning(text.as_str()).map_err(EditError::Unreadable)?;
        let wanted = changed(before, change).ok_or(EditError::NoPlace)?;
        match yaml::meaning(&new) {
            Ok(meaning) if meaning == wanted => text = text.with_content(new),
            _ => return Err(EditError::OtherMeaning),
        }
    }
    Ok(text)
}

/// A string as YAML writes it on one line, quoted only where it must be; `flow` for a place
/// between brackets.
///
/// # Errors
/// When it holds a line end or another control character.
pub fn scalar(value: &str, flow: bool) -> Result<String, EditError> {
    if value.chars().any(char::is_control) {
        return Err(EditError::NotOneLine);
    }
    let quoted = format!("'{}'", value.replace('\'', "''"));
    for written in [value, &quoted] {
        let document = if flow {
            format!("[{written}, x]")
        } else {
            format!("- {written}")
        };
        let Ok(Value::Sequence(read)) = yaml::meaning(&document) else {
            continue;
        };
        let alone = read.len() == if flow { 2 } else { 1 };
        if alone && !looks_typed(written) && read.first().and_then(Value::as_str) == Some(value) {
            return Ok(written.to_owned());
        }
    }
    Err(EditError::NotOneLine)
}

/// Whether an older reader would take the word for a truth value or a number (YAML 1.1).
fn looks_typed(written: &str) -> bool {
    const WORDS: &[&str] = &[
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~",
    ];
    WORDS.contains(&written.to_ascii_lowercase().as_str())
        || written
            .chars()
            .all(|c| c.is_ascii_digit() || ".:_+-".contains(c))
}

/// What the environment means after the change.
fn changed(mut root: Value, change: &Change) -> Option<Value> {
    let string = |value: &String| Value::String(value.clone());
    let top = root.as_mapping_mut()?;
    match change {
        Change::Channel(channel) => list_of(top, "channels")?.push(string(channel)),
        Change::FirstDependency(spec) => list_of(top, "dependencies")?.insert(0, string(spec)),
        Change::Dependency(spec) => {
            let list = list_of(top, "dependencies")?;
            let index = list.iter().position(Value::is_mapping);
            list.insert(index.unwrap_or(list.len()), string(spec));
        }
        Change::PipItem(line) => {
            let list = list_of(top, "dependencies")?;
            if let Some(pip) = list.iter_mut().find_map(Value::as_mapping_mut) {
                list_of(pip, "pip")?.push(string(line));
            } else {
                let mut pip = Mapping::new();
                pip.insert("pip".into(), Value::Sequence(vec![string(line)]));
                list.push(Value::Mapping(pip));
            }
        }
    }
    Some(root)
}

fn list_of<'m>(mapping: &'m mut Mapping, key: &str) -> Option<&'m mut Vec<Value>> {
    let value = mapping.entry(key.into()).or_insert(Value::Null);
    if value.is_null() {
        *value = Value::Sequence(Vec::new());
    }
    value.as_sequence_mut()
}

/// What to write where.
fn place(text: &Text, root: &Node, change: &Change) -> Result<(Span, String), EditError> {
    let found = match change {
        Change::Channel(channel) => in_key(text, root, "channels", usize::MAX, &New::Text(channel)),
        Change::FirstDependency(spec) => in_key(text, root, "dependencies", 0, &New::Text(spec)),
        Change::Dependency(spec) => {
            let index = pip_index(root).unwrap_or(usize::MAX);
            in_key(text, root, "dependencies", index, &New::Text(spec))
        }
        Change::PipItem(line) => pip_place(text, root, line),
    };
    found?.ok_or(EditError::NoPlace)
}

type Place = Result<Option<(Span, String)>, EditError>;

/// What to write: a string, or a `pip:` list that holds it.
enum New<'v> {
    Text(&'v str),
    PipList(&'v str),
}

impl New<'_> {
    fn in_flow(&self) -> Result<String, EditError> {
        match self {
            Self::Text(value) => scalar(value, true),
            Self::PipList(value) => Ok(format!("{{pip: [{}]}}", scalar(value, true)?)),
        }
    }

    fn in_block(&self, indent: &str, end: &str) -> Result<String, EditError> {
        match self {
            Self::Text(value) => Ok(format!("{indent}- {}", scalar(value, false)?)),
            Self::PipList(value) => {
                let item = scalar(value, false)?;
                Ok(format!("{indent}- pip:{end}{indent}    - {item}"))
            }
        }
    }
}

fn dependencies(root: &Node) -> &[Node] {
    let list = root.entry("dependencies");
    list.and_then(|(_, list)| list.list()).unwrap_or_default()
}

fn pip_index(root: &Node) -> Option<usize> {
    dependencies(root)
        .iter()
        .position(|node| node.map().is_some())
}

fn pip_place(text: &Text, root: &Node, line: &str) -> Place {
    let new = New::Text(line);
    match dependencies(root).iter().find_map(|node| node.entry("pip")) {
        Some((key, list)) => in_list(text, key, list, usize::MAX, &new),
        None => in_key(text, root, "dependencies", usize::MAX, &New::PipList(line)),
    }
}

/// The place before item `index` of the list at a key of the top; the key is made if need be.
fn in_key(text: &Text, root: &Node, key: &str, index: usize, new: &New) -> Place {
    if let Some((key, list)) = root.entry(key) {
        return in_list(text, key, list, index, new);
    }
    let end = text.line_end().as_str();
    let whole = format!("{key}:{end}{}", new.in_block("  ", end)?);
    let next = root.entry("dependencies").filter(|_| key == "channels");
    Ok(match next {
        Some((next, _)) if indent_before(text, next.span.start) == Some("") => {
            Some((Span::at(next.span.start), format!("{whole}{end}")))
        }
        Some(_) => None,
        None => Some(line_after(text, root.span.end, &whole)),
    })
}

/// The place before item `index` of a list; `usize::MAX` is the place behind all.
fn in_list(text: &Text, key: &Node, list: &Node, index: usize, new: &New) -> Place {
    if !(key.literal && list.literal) {
        return Ok(None);
    }
    let end = text.line_end().as_str();
    match &list.content {
        YamlContent::Null if list.span.is_empty() => {
            let column = column_of(text, key.span.start);
            let indent = " ".repeat(if column == 0 { 2 } else { column });
            let item = new.in_block(&indent, end)?;
            Ok(Some(line_after(text, key.span.end, &item)))
        }
        YamlContent::List(items) if list.span.slice(text.as_str()).starts_with('[') => {
            Ok(Some(in_flow(text, list.span, items, index, new)?))
        }
        YamlContent::List(items) => in_block(text, list.span, items, index, new),
        _ => Ok(None),
    }
}

fn in_flow(
    text: &Text,
    list: Span,
    items: &[Node],
    index: usize,
    new: &New,
) -> Result<(Span, String), EditError> {
    let item = new.in_flow()?;
    if items.is_empty() {
        return Ok((Span::at(list.start + 1), item));
    }
    if index == 0 {
        return Ok((Span::at(list.start + 1), format!("{item}, ")));
    }
    if let Some(next) = items.get(index) {
        return Ok((Span::at(next.span.start), format!("{item}, ")));
    }
    let inside = Span::new(list.start + 1, list.end.saturating_sub(1));
    let at = inside.start + inside.slice(text.as_str()).trim_end().len();
    Ok((Span::at(at), format!(", {item}")))
}

fn in_block(text: &Text, list: Span, items: &[Node], index: usize, new: &New) -> Place {
    let Some(indent) = indent_before(text, list.start) else {
        return Ok(None);
    };
    let end = text.line_end().as_str();
    let item = new.in_block(indent, end)?;
    let before = index.min(items.len()).checked_sub(1);
    let before = before.and_then(|before| items.get(before));
    let at_start = || {
        let start = list.start - indent.len();
        (Span::at(start), format!("{item}{end}"))
    };
    Ok(Some(before.map_or_else(at_start, |before| {
        line_after(text, before.span.end, &item)
    })))
}

/// The blanks between the start of the line and `offset`, if there is nothing else.
fn indent_before(text: &Text, offset: usize) -> Option<&str> {
    let line = line_at(text, offset)?;
    let before = Span::new(line.span.start, offset).slice(text.as_str());
    before.chars().all(|c| c == ' ').then_some(before)
}

fn column_of(text: &Text, offset: usize) -> usize {
    line_at(text, offset).map_or(0, |line| offset - line.span.start)
}

fn line_at(text: &Text, offset: usize) -> Option<Line> {
    lines(text.as_str()).find(|line| offset < line.end || line.end == text.as_str().len())
}

/// A line of its own behind the one that holds the character before `offset`; a file without a
/// final line end stays without one.
fn line_after(text: &Text, offset: usize, new: &str) -> (Span, String) {
    let end = text.line_end().as_str();
    match line_at(text, offset.saturating_sub(1)) {
        Some(line) if line.end > line.span.end => (Span::at(line.end), format!("{new}{end}")),
        Some(line) => (Span::at(line.end), format!("{end}{new}")),
        None => (Span::at(text.as_str().len()), format!("{new}{end}")),
    }
}
