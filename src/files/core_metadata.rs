//! The metadata of an installed distribution: the headers of `METADATA` and `PKG-INFO`, and the
//! `requires.txt` of older ones. What a value of `Requires-Dist` means is not known here.

use super::{Model, Problem};
use crate::text::{Span, Text, lines};

/// The headers of a distribution's metadata, in order, as they stand in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoreMetadata {
    headers: Vec<Header>,
    problems: Vec<Problem>,
}

/// One header: `Name: dash`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The word before the colon.
    pub key: Span,
    /// What stands behind it, with the lines that continue it, without outer blanks.
    pub value: Span,
    /// The key in lower case.
    name: String,
    /// The value on one line.
    text: String,
}

impl CoreMetadata {
    /// All headers, in order.
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// Lines above the description that are no headers.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The distribution's name, as written.
    pub fn name(&self) -> Option<&str> {
        self.values("name").next()
    }

    /// Its version.
    pub fn version(&self) -> Option<&str> {
        self.values("version").next()
    }

    /// The Pythons that it is for.
    pub fn requires_python(&self) -> Option<&str> {
        self.values("requires-python").next()
    }

    /// What it needs, one requirement each.
    pub fn requires_dist(&self) -> impl Iterator<Item = &str> {
        self.values("requires-dist")
    }

    /// The extras that it has.
    pub fn provides_extra(&self) -> impl Iterator<Item = &str> {
        self.values("provides-extra")
    }

    /// Values that are there and say something.
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let of_name = self
            .headers
            .iter()
            .filter(move |header| header.name == name);
        let values = of_name.map(|header| header.text.as_str());
        values.filter(|value| !value.is_empty() && *value != "UNKNOWN")
    }
}

impl Model for CoreMetadata {
    /// Reads the headers up to the first empty line, behind which the description stands.
    fn parse(text: &Text) -> Result<Self, Problem> {
        let all = text.as_str();
        let mut read = Self::default();
        for line in lines(all) {
            let content = line.span.slice(all);
            if content.trim().is_empty() {
                break;
            }
            if content.starts_with([' ', '\t']) {
                read.fold(all, line.span);
            } else {
                read.push(all, line.span);
            }
        }
        Ok(read)
    }
}

impl CoreMetadata {
    fn push(&mut self, all: &str, line: Span) {
        let content = line.slice(all);
        let colon = content.find(':');
        let key = colon.and_then(|colon| content.get(..colon));
        let is_key = |key: &&str| {
            !key.is_empty()
                && key
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b':')
        };
        let Some(key) = key.filter(is_key) else {
            let message = "a line that is no `Key: value`";
            self.problems.push(Problem::new(line, message));
            return;
        };
        let value = Span::new(line.start + key.len() + 1, line.end).trimmed(all);
        self.headers.push(Header {
            key: Span::new(line.start, line.start + key.len()),
            value,
            name: key.to_ascii_lowercase(),
            text: value.slice(all).to_owned(),
        });
    }

    fn fold(&mut self, all: &str, line: Span) {
        let part = line.trimmed(all);
        let Some(header) = self.headers.last_mut() else {
            let message = "a continued line without a header before it";
            self.problems.push(Problem::new(line, message));
            return;
        };
        header.value = Span::new(header.value.start.min(part.start), part.end);
        if !header.text.is_empty() {
            header.text.push(' ');
        }
        header.text.push_str(part.slice(all));
    }
}

/// The requirements of a `requires.txt` (beside `PKG-INFO`), each as `Requires-Dist` would say it:
/// sections become markers.
pub fn requires_txt(text: &str) -> Vec<String> {
    let mut conditions: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for line in lines(text) {
        let content = line.span.slice(text).trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let section = content.strip_prefix('[');
        if let Some(section) = section.and_then(|rest| rest.strip_suffix(']')) {
            conditions = of_section(section);
        } else {
            found.push(conditional(content, &conditions));
        }
    }
    found
}

/// `extra`, `:marker`, `extra:marker`.
fn of_section(section: &str) -> Vec<String> {
    let (extra, marker) = section.split_once(':').unwrap_or((section, ""));
    let mut conditions = Vec::new();
    if !marker.trim().is_empty() {
        conditions.push(format!("({})", marker.trim()));
    }
    if !extra.trim().is_empty() {
        conditions.push(format!("extra == \"{}\"", extra.trim()));
    }
    conditions
}

/// A requirement with more conditions in its marker.
pub fn conditional(requirement: &str, conditions: &[String]) -> String {
    if conditions.is_empty() {
        return requirement.to_owned();
    }
    let (requirement, own) = requirement.split_once(';').unwrap_or((requirement, ""));
    let own = (!own.trim().is_empty()).then(|| format!("({})", own.trim()));
    let all: Vec<String> = own.into_iter().chain(conditions.iter().cloned()).collect();
    format!("{}; {}", requirement.trim(), all.join(" and "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> CoreMetadata {
        CoreMetadata::parse(&Text::new(text)).unwrap()
    }

    #[test]
    fn headers_are_read_up_to_the_description() {
        let text = "Metadata-Version: 2.1\r\nName: Dash\r\nVersion: 2.9.3\r\nLicense: MIT\r\n  and more\r\nRequires-Python: >=3.6\r\nRequires-Dist: Flask (>=1.0.4)\r\nrequires-dist: redis (>=3.5.3) ; extra == 'celery'\r\nProvides-Extra: celery\r\n\r\nRequires-Dist: not-this\r\n";
        let metadata = read(text);
        assert_eq!(metadata.name(), Some("Dash"));
        assert_eq!(metadata.version(), Some("2.9.3"));
        assert_eq!(metadata.requires_python(), Some(">=3.6"));
        let needs: Vec<&str> = metadata.requires_dist().collect();
        assert_eq!(
            needs,
            ["Flask (>=1.0.4)", "redis (>=3.5.3) ; extra == 'celery'"]
        );
        assert_eq!(metadata.provides_extra().collect::<Vec<_>>(), ["celery"]);
        let license = &metadata.headers()[3];
        assert_eq!(license.value.slice(text), "MIT\r\n  and more");
        assert!(metadata.problems().is_empty());
    }

    #[test]
    fn what_is_no_header_is_a_problem_and_the_rest_is_read() {
        let metadata = read("  folded\nName dash\n: x\nVersion: UNKNOWN\nName: dash\n");
        assert_eq!(metadata.problems().len(), 3);
        assert_eq!((metadata.name(), metadata.version()), (Some("dash"), None));
    }

    #[test]
    fn sections_become_markers() {
        let text = "click>=7\n\n[:python_version < \"3.8\"]\nimportlib-metadata\n\n[dotenv:os_name == 'nt']\npython-dotenv; python_version > '3'\n[async]\nasgiref>=3.2\n";
        assert_eq!(
            requires_txt(text),
            [
                "click>=7",
                "importlib-metadata; (python_version < \"3.8\")",
                "python-dotenv; (python_version > '3') and (os_name == 'nt') and extra == \"dotenv\"",
                "asgiref>=3.2; extra == \"async\"",
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_text_is_read_and_spans_say_what_they_cover(text in "([A-Za-z-]{0,6}[: \t]{0,2}[ -~é]{0,8}\r?\n){0,8}") {
            let metadata = read(&text);
            let mut end = 0;
            for header in metadata.headers() {
                prop_assert!(end <= header.key.start && header.key.end <= header.value.start);
                prop_assert!(text.get(header.value.range()).is_some());
                prop_assert_eq!(header.key.slice(&text).to_ascii_lowercase(), header.name.clone());
                end = header.value.end;
            }
            let _ = requires_txt(&text);
        }
    }
}
