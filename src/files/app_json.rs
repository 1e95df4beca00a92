//! `app.json`: the deploy scripts and health checks of DE4. The keys that only Heroku reads are
//! not looked into.

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Model, Problem};
use crate::text::{Span, Text};

/// What DE4 reads of an `app.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppJson {
    scripts: Vec<DeployScript>,
    health_checks: Option<Span>,
}

/// When a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Before the new version of the app takes over.
    Predeploy,
    /// After it did.
    Postdeploy,
}

impl Event {
    /// Both, in the order in which they happen.
    pub const ALL: [Self; 2] = [Self::Predeploy, Self::Postdeploy];

    /// The key in `app.json` and in `project.toml`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Predeploy => "predeploy",
            Self::Postdeploy => "postdeploy",
        }
    }
}

/// A command that runs at a deploy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployScript {
    /// When it runs.
    pub event: Event,
    /// The command; `None` when the value is not a string.
    pub command: Option<String>,
    /// The value with its quotes.
    pub span: Span,
    /// The keys that lead to it.
    path: &'static [&'static str],
}

const PLACES: [(Event, &[&str]); 4] = [
    (Event::Predeploy, &["scripts", "dokku", "predeploy"]),
    (Event::Predeploy, &["scripts", "predeploy"]),
    (Event::Postdeploy, &["scripts", "dokku", "postdeploy"]),
    (Event::Postdeploy, &["scripts", "postdeploy"]),
];

/// Keys that decide what DE4 did: one that is there twice leaves that open.
const TELLING: &[&str] = &[
    "scripts",
    "dokku",
    "predeploy",
    "postdeploy",
    "healthchecks",
];

impl AppJson {
    /// The commands of `scripts.dokku` and `scripts`, in that order, predeploy first.
    pub fn scripts(&self) -> &[DeployScript] {
        &self.scripts
    }

    /// The value of `healthchecks`, unless it is empty.
    pub fn health_checks(&self) -> Option<Span> {
        self.health_checks
    }

    /// `content` (the text that this was read from) without these scripts and the objects that
    /// held nothing else; `None` when nothing is left in the file then. The edit touches the bytes
    /// of the removed keys only, their commas included.
    pub fn without(content: &str, scripts: &[&DeployScript]) -> Option<String> {
        let mut left = content.to_owned();
        for script in scripts {
            match removal(&left, script.path) {
                Some(Removal::Part(span)) => {
                    let end = Span::new(span.end, left.len()).slice(&left);
                    left = format!("{}{end}", Span::new(0, span.start).slice(&left));
                }
                Some(Removal::All) => return None,
                None => {}
            }
        }
        let rest = parse_strictly(&left).ok().flatten();
        (!rest.is_some_and(|rest| is_hollow(&rest))).then_some(left)
    }
}

impl Model for AppJson {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let content = text.as_str();
        let value = parse_strictly(content)?;
        let Some(Value::Object(root)) = &value else {
            let span = Span::new(0, content.len()).trimmed(content);
            return Err(Problem::new(span, "it is not a JSON object"));
        };
        refuse_duplicates(root)?;
        let scripts = PLACES.iter().filter_map(|(event, path)| {
            let value = &find(root, path)?.value;
            Some(DeployScript {
                event: *event,
                command: value.as_string_lit().map(|text| text.value.to_string()),
                span: span_of(value),
                path,
            })
        });
        let health_checks = root.get("healthchecks").map(|checks| &checks.value);
        Ok(Self {
            scripts: scripts.collect(),
            health_checks: health_checks.filter(|value| !is_hollow(value)).map(span_of),
        })
    }
}

/// What goes when a key goes.
enum Removal {
    /// A part of the text.
    Part(Span),
    /// Everything: the key was the only one.
    All,
}

fn removal(content: &str, path: &[&str]) -> Option<Removal> {
    let value = parse_strictly(content).ok()??;
    let root = value.as_object()?;
    // From the innermost object outwards: the first that holds something else keeps it.
    for depth in (0..path.len()).rev() {
        let (key, above) = path.get(..=depth)?.split_last()?;
        let object = match above {
            [] => root,
            above => find(root, above)?.value.as_object()?,
        };
        if object.properties.len() > 1 {
            return cut(object, key).map(Removal::Part);
        }
    }
    Some(Removal::All)
}

/// The bytes of a property among others, with the comma that it no longer needs.
fn cut(object: &Object, key: &str) -> Option<Span> {
    let is_it = |property: &ObjectProp| property.name.as_str() == key;
    let at = object.properties.iter().position(is_it)?;
    let own = object.properties.get(at)?.range();
    if let Some(next) = object.properties.get(at + 1) {
        return Some(Span::new(own.start, next.range().start));
    }
    let before = object.properties.get(at.checked_sub(1)?)?;
    Some(Span::new(before.range().end, own.end))
}

fn find<'a, 'c>(object: &'a Object<'c>, path: &[&str]) -> Option<&'a ObjectProp<'c>> {
    let (first, rest) = path.split_first()?;
    let property = object.get(first)?;
    if rest.is_empty() {
        Some(property)
    } else {
        find(property.value.as_object()?, rest)
    }
}

fn refuse_duplicates(object: &Object) -> Result<(), Problem> {
    for (at, property) in object.properties.iter().enumerate() {
        let name = property.name.as_str();
        if !TELLING.contains(&name) {
            continue;
        }
        let earlier = object.properties.get(..at).unwrap_or_default();
        if earlier.iter().any(|other| other.name.as_str() == name) {
            let span = span_of(&property.name);
            return Err(Problem::new(
                span,
                format!("the key `{name}` a second time"),
            ));
        }
        if let Some(inner) = property
            .value
            .as_object()
            .filter(|_| name != "healthchecks")
        {
            refuse_duplicates(inner)?;
        }
    }
    Ok(())
}

/// Whether a value says nothing: empty objects and lists all the way down.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.properties.iter().all(|it| is_hollow(&it.value)),
        Value::Array(array) => array.elements.iter().all(is_hollow),
        _ => false,
    }
}

fn span_of(node: &impl Ranged) -> Span {
    Span::new(node.start(), node.end())
}

/// Reads JSON and nothing more lenient. The parser names what JSON does not have; `serde_json`,
/// the stricter of the two, has the last word.
fn parse_strictly(content: &str) -> Result<Option<Value<'_>>, Problem> {
    let options = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(content, &CollectOptions::default(), &options)
        .map_err(|error| explain(content, &error))?;
    match serde_json::from_str::<serde::de::IgnoredAny>(content) {
        Ok(_) => Ok(parsed.value),
        Err(error) => {
            let start = offset_of(content, error.line(), error.column());
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            Err(Problem::new(
                Span::at(start),
                format!("it is not JSON: {message}"),
            ))
        }
    }
}

/// The offset of a place as `serde_json` counts: lines by `\n`, columns in bytes.
fn offset_of(content: &str, line: usize, column: usize) -> usize {
    let before = content.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    content.floor_char_boundary(start + column.saturating_sub(1))
}

fn explain(content: &str, error: &ParseError) -> Problem {
    let range = error.range();
    let message = match error.kind() {
        ParseErrorKind::CommentsNotAllowed => "a comment, which JSON does not have".to_owned(),
        ParseErrorKind::TrailingCommasNotAllowed => {
            "a comma behind the last entry, which JSON does not have".to_owned()
        }
        ParseErrorKind::SingleQuotedStringsNotAllowed => {
            "a string in single quotes, which JSON does not have".to_owned()
        }
        ParseErrorKind::ExpectedComma => "a comma is missing".to_owned(),
        ParseErrorKind::NestingDepthExceeded => "it is nested too deeply to be read".to_owned(),
        kind => format!("it is not JSON: {}", lowered(&kind.to_string())),
    };
    let start = range.start.min(content.len());
    Problem::new(Span::new(start, range.end.min(content.len())), message)
}

fn lowered(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> AppJson {
        AppJson::parse(&Text::new(text)).unwrap()
    }

    fn problem(text: &str) -> (usize, String) {
        let problem = AppJson::parse(&Text::new(text)).unwrap_err();
        (problem.span.start, problem.message)
    }

    fn without_all(text: &str) -> Option<String> {
        let file = read(text);
        let scripts: Vec<&DeployScript> = file.scripts().iter().collect();
        AppJson::without(text, &scripts)
    }

    #[test]
    fn scripts_are_found_in_both_places() {
        let text = r#"{"scripts": {"dokku": {"predeploy": "bash \"x\".sh"}, "postdeploy": 3}}"#;
        let file = read(text);
        let commands: Vec<_> = file
            .scripts()
            .iter()
            .map(|script| {
                (
                    script.event,
                    script.command.as_deref(),
                    script.span.slice(text),
                )
            })
            .collect();
        assert_eq!(
            commands,
            [
                (
                    Event::Predeploy,
                    Some("bash \"x\".sh"),
                    r#""bash \"x\".sh""#
                ),
                (Event::Postdeploy, None, "3")
            ]
        );
        assert!(read(r#"{"healthchecks": {}}"#).health_checks().is_none());
        assert!(
            read(r#"{"healthchecks": {"web": 1}}"#)
                .health_checks()
                .is_some()
        );
    }

    #[test]
    fn what_json_does_not_have_is_explained() {
        assert_eq!(
            problem("{\n  // why\n}"),
            (4, "a comment, which JSON does not have".to_owned())
        );
        assert_eq!(
            problem("{\"a\": 1,}"),
            (
                7,
                "a comma behind the last entry, which JSON does not have".to_owned()
            )
        );
        assert_eq!(problem("{\"a\": 1 \"b\": 2}").1, "a comma is missing");
        assert!(problem("{'a': 1}").1.contains("single quotes"));
        assert!(problem("{\"a\": \"x\ny\"}").1.starts_with("it is not JSON"));
        assert_eq!(problem("[]").1, "it is not a JSON object");
        assert_eq!(problem("").1, "it is not JSON: EOF while parsing a value");
        assert!(
            problem(&"[".repeat(100_000))
                .1
                .contains("nested too deeply")
        );
        assert_eq!(
            problem("{\"scripts\": {}, \"scripts\": {}}"),
            (16, "the key `scripts` a second time".to_owned())
        );
    }

    #[test]
    fn removal_takes_its_own_bytes() {
        let text = "{\r\n  \"name\": \"x\",\r\n  \"scripts\": {\r\n    \"dokku\": {\r\n      \"predeploy\": \"a\"\r\n    }\r\n  }\r\n}";
        assert_eq!(without_all(text).unwrap(), "{\r\n  \"name\": \"x\"\r\n}");
        let text =
            "{\n  \"scripts\": {\"predeploy\": \"a\", \"lint\": \"b\"},\n  \"name\": \"x\"\n}\n";
        assert_eq!(
            without_all(text).unwrap(),
            "{\n  \"scripts\": {\"lint\": \"b\"},\n  \"name\": \"x\"\n}\n"
        );
    }

    #[test]
    fn a_file_that_says_nothing_more_is_gone() {
        assert_eq!(
            without_all(r#"{"scripts": {"predeploy": "a", "dokku": {"postdeploy": "b"}}}"#),
            None
        );
        assert_eq!(
            without_all(r#"{"env": {}, "scripts": {"predeploy": "a"}, "addons": []}"#),
            None
        );
        assert!(without_all(r#"{"scripts": {"predeploy": "a"}, "env": {"A": 1}}"#).is_some());
    }

    fn json() -> impl Strategy<Value = String> {
        let blank = prop_oneof![Just(""), Just(" "), Just("\n  "), Just("\r\n")];
        let entry = prop_oneof![
            Just(r#""name": "x""#),
            Just(r#""env": {}"#),
            Just(r#""scripts": {"dokku": {"predeploy": "a"}, "postdeploy": "b"}"#),
            Just(r#""scripts": {"predeploy":"c" , "x": [1]}"#),
            Just(r#""healthchecks": {"web": []}"#),
        ];
        prop::collection::vec((entry, blank), 0..4).prop_map(|entries| {
            let entries: Vec<String> = entries.iter().map(|(e, b)| format!("{b}{e}{b}")).collect();
            format!("{{{}}}", entries.join(","))
        })
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = AppJson::parse(&Text::new(text));
        }

        #[test]
        fn almost_json_is_read_or_refused(text in "[{}\\[\\]\",: a1/*'\\\\\n\u{e9}-]{0,30}") {
            if let Err(problem) = AppJson::parse(&Text::new(text.as_str())) {
                prop_assert!(text.get(problem.span.range()).is_some(), "{:?}", problem);
            }
        }

        #[test]
        fn removal_keeps_everything_else(text in json()) {
            let Ok(file) = AppJson::parse(&Text::new(text.as_str())) else { return Ok(()) };
            for script in file.scripts() {
                let Some(left) = AppJson::without(&text, &[script]) else { continue };
                let after = read(&left);
                prop_assert_eq!(after.scripts().len() + 1, file.scripts().len());
                prop_assert_eq!(after.health_checks().is_some(), file.health_checks().is_some());
                let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
                let left: serde_json::Value = serde_json::from_str(&left).unwrap();
                let keys = value.as_object_mut().unwrap();
                for (key, value) in keys.iter().filter(|(key, _)| *key != "scripts") {
                    prop_assert_eq!(left.get(key), Some(value));
                }
            }
        }
    }
}
