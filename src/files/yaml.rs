//! YAML as the conda files use it: one document as a tree of values with spans. The meaning is
//! `serde_yaml`'s, the places are `yaml-edit`'s; where the two do not agree on a node (aliases,
//! tags), it keeps the meaning and is marked as not literal. Nothing here knows conda.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_yaml::{Mapping, Value};
use yaml_edit::YamlNode;

use super::Problem;
use crate::text::{Span, Text};

/// Values that one document may have, aliases followed: no build file has a hundredth of it, and
/// a few lines of nested aliases could have billions.
const MOST_VALUES: usize = 100_000;

/// Open brackets that one document may have at a time; the readers below allow about as many.
const MOST_NESTED: usize = 120;

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// The characters of the value: a scalar's without its quotes where it is literal.
    pub(super) span: Span,
    /// Whether the span's characters are the value itself: no alias, no tag, and for a scalar no
    /// escape and no fold.
    pub(super) literal: bool,
    /// The value.
    pub(super) content: YamlContent,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum YamlContent {
    /// Nothing: `key:` and the end of the line.
    Null,
    /// A string.
    Text(String),
    /// A number or a truth value.
    Other,
    /// A list.
    List(Vec<Node>),
    /// Keys and values.
    Map(Vec<(Node, Node)>),
}

/// A string and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The scalar's characters, without quotes.
    pub span: Span,
    /// Whether the characters are the value itself: no escapes, not folded over lines, no alias.
    /// Only then a span inside the value is a span of the file.
    pub verbatim: bool,
    /// The value.
    pub value: String,
}

impl Node {
    /// The string with its place, if it is one.
    pub(super) fn item(&self) -> Option<Item> {
        Some(Item {
            span: self.span,
            verbatim: self.literal,
            value: self.text()?.to_owned(),
        })
    }

    /// The string, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.content {
            YamlContent::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub(super) fn list(&self) -> Option<&[Node]> {
        match &self.content {
            YamlContent::List(items) => Some(items),
            _ => None,
        }
    }

    /// The keys and values, if it is a mapping.
    pub(super) fn map(&self) -> Option<&[(Node, Node)]> {
        match &self.content {
            YamlContent::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The key and value of this name.
    pub(super) fn entry(&self, name: &str) -> Option<&(Node, Node)> {
        let entries = self.map()?;
        entries.iter().find(|(key, _)| key.text() == Some(name))
    }
}

/// Reads a file of one document.
///
/// # Errors
/// The first place that is no YAML, or has a tag that a safe loader refuses.
pub(super) fn read(text: &Text) -> Result<Node, Problem> {
    let value = meaning(text.as_str())?;
    let (document, _) = yaml_edit::Document::from_str_relaxed(text.as_str());
    let root = document
        .as_mapping()
        .map(YamlNode::Mapping)
        .or_else(|| document.as_sequence().map(YamlNode::Sequence));
    if let Some(problem) = root.as_ref().and_then(refused_tag) {
        return Err(problem);
    }
    let all = Span::new(0, text.as_str().trim_end().len());
    Ok(node(text.as_str(), root.as_ref(), &value, all))
}

/// What a text of one document means.
///
/// # Errors
/// The first place that is no YAML.
pub(super) fn meaning(text: &str) -> Result<Value, Problem> {
    if let Some(place) = too_deep(text) {
        return Err(Problem::new(place, "brackets nested too deeply"));
    }
    let left = Cell::new(MOST_VALUES);
    let reader = serde_yaml::Deserializer::from_str(text);
    Limited(&left).deserialize(reader).map_err(|error| {
        let at = error.location().map(|location| location.index());
        let start = at.map_or(0, |index| byte_of_character(text, index));
        let said = error.to_string();
        let words = said.split(" at line ").next().unwrap_or_default();
        Problem::new(
            Span::at(start),
            format!("no YAML that can be read: {words}"),
        )
    })
}

/// The place of the first bracket that is nested too deeply. Brackets in strings and comments
/// count too: a cautious answer is enough to keep the readers from running out of stack.
fn too_deep(text: &str) -> Option<Span> {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MOST_NESTED {
            return Some(Span::at(at));
        }
    }
    None
}

fn byte_of_character(text: &str, index: usize) -> usize {
    text.char_indices()
        .nth(index)
        .map_or(text.len(), |(at, _)| at)
}

/// The first tag that conda's safe loader refuses; it knows YAML's own types only.
fn refused_tag(node: &YamlNode) -> Option<Problem> {
    const KNOWN: &[&str] = &[
        "!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map",
    ];
    if let Some(tagged) = node.as_tagged() {
        let tag = tagged.tag().unwrap_or_default();
        if !KNOWN.contains(&tag.as_str()) {
            let start = span(node).start;
            let message = format!("the tag {tag}, which conda's safe YAML loader refuses");
            return Some(Problem::new(Span::new(start, start + tag.len()), message));
        }
    }
    if let Some(list) = node.as_sequence() {
        return list.values().find_map(|item| refused_tag(&item));
    }
    node.as_mapping()?.entries().find_map(|entry| {
        let parts = [entry.key_node(), entry.value_node()];
        parts.iter().flatten().find_map(refused_tag)
    })
}

fn span(node: &YamlNode) -> Span {
    let range = node.byte_range();
    Span::new(range.start as usize, range.end as usize)
}

/// The value with the places that the syntax tree has for it; `around` is the place of whatever
/// holds it.
fn node(text: &str, syntax: Option<&YamlNode>, value: &Value, around: Span) -> Node {
    let place = syntax.map_or(around, |syntax| trimmed(text, span(syntax)));
    match value {
        Value::Sequence(values) => list(text, syntax, values, place),
        Value::Mapping(values) => map(text, syntax, values, place),
        Value::String(string) => scalar(text, syntax, string, place),
        Value::Null => leaf(place, syntax, YamlContent::Null),
        Value::Bool(_) | Value::Number(_) | Value::Tagged(_) => {
            leaf(place, syntax, YamlContent::Other)
        }
    }
}

fn trimmed(text: &str, span: Span) -> Span {
    Span::new(span.start, span.start + span.slice(text).trim_end().len())
}

fn leaf(span: Span, syntax: Option<&YamlNode>, content: YamlContent) -> Node {
    let literal = syntax.is_some_and(YamlNode::is_scalar);
    Node {
        span,
        literal,
        content,
    }
}

fn list(text: &str, syntax: Option<&YamlNode>, values: &[Value], span: Span) -> Node {
    let parts: Vec<YamlNode> = syntax
        .and_then(YamlNode::as_sequence)
        .map(|sequence| sequence.values().collect())
        .unwrap_or_default();
    let literal = syntax.is_some_and(YamlNode::is_sequence) && parts.len() == values.len();
    let part = |index: usize| parts.get(index).filter(|_| literal);
    let items = values.iter().enumerate();
    let items = items.map(|(index, value)| node(text, part(index), value, span));
    Node {
        span,
        literal,
        content: YamlContent::List(items.collect()),
    }
}

fn map(text: &str, syntax: Option<&YamlNode>, values: &Mapping, span: Span) -> Node {
    let parts: Vec<_> = syntax
        .and_then(YamlNode::as_mapping)
        .map(|mapping| mapping.entries().collect())
        .unwrap_or_default();
    let literal = syntax.is_some_and(YamlNode::is_mapping) && parts.len() == values.len();
    let entries = values.iter().enumerate().map(|(index, (key, value))| {
        let part = parts.get(index).filter(|_| literal);
        let key_part = part.and_then(yaml_edit::MappingEntry::key_node);
        let value_part = part.and_then(yaml_edit::MappingEntry::value_node);
        (
            node(text, key_part.as_ref(), key, span),
            node(text, value_part.as_ref(), value, span),
        )
    });
    Node {
        span,
        literal,
        content: YamlContent::Map(entries.collect()),
    }
}

fn scalar(text: &str, syntax: Option<&YamlNode>, value: &str, span: Span) -> Node {
    let inside = unquoted(text, span);
    let literal = syntax.is_some_and(YamlNode::is_scalar) && inside.slice(text) == value;
    Node {
        span: if literal { inside } else { span },
        literal,
        content: YamlContent::Text(value.to_owned()),
    }
}

fn unquoted(text: &str, span: Span) -> Span {
    let raw = span.slice(text);
    let quoted = |quote: char| raw.len() > 1 && raw.starts_with(quote) && raw.ends_with(quote);
    if quoted('"') || quoted('\'') {
        Span::new(span.start + 1, span.end - 1)
    } else {
        span
    }
}

/// Reads a value, as long as there are not too many of them.
#[derive(Clone, Copy)]
struct Limited<'c>(&'c Cell<usize>);

impl<'de> DeserializeSeed<'de> for Limited<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        let left = self.0.get().checked_sub(1);
        let Some(left) = left else {
            return Err(D::Error::custom("more values than a build file can have"));
        };
        self.0.set(left);
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Limited<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        self.deserialize(reader)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Sequence(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut values = Mapping::new();
        while let Some(key) = entries.next_key_seed(self)? {
            if values.contains_key(&key) {
                return Err(A::Error::custom("the same key twice"));
            }
            let value = entries.next_value_seed(self)?;
            values.insert(key, value);
        }
        Ok(Value::Mapping(values))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (_, value) = data.variant::<Tag>()?;
        value.newtype_variant_seed(self)
    }
}

/// The name of a tag, which says nothing more than that there is one.
struct Tag;

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(reader).map(|_| Self)
    }
}

#[cfg(test)]
mod tests;
