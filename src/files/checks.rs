//! `CHECKS`: health checks of a single-server DE4: settings, then a path and what its page says.

use super::{Model, Problem};
use crate::text::{Span, Text, lines};

/// The health checks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checks {
    checks: Vec<HealthCheck>,
    settings: Vec<CheckSetting>,
}

/// One address that DE4 fetched before it let a new version of the app in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthCheck {
    /// The line, without blanks around it.
    pub span: Span,
    /// The path or URL.
    pub target: Span,
    /// What the page has to contain; empty when any page will do.
    pub expected: Span,
}

/// `WAIT=5`, `TIMEOUT=10`, `ATTEMPTS=3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckSetting {
    /// The name.
    pub name: Span,
    /// The value.
    pub value: Span,
}

impl Checks {
    /// The checks, in order.
    pub fn checks(&self) -> &[HealthCheck] {
        &self.checks
    }

    /// The settings, in order.
    pub fn settings(&self) -> &[CheckSetting] {
        &self.settings
    }
}

impl Model for Checks {
    fn parse(text: &Text) -> Result<Self, Problem> {
        let content = text.as_str();
        let mut read = Self::default();
        for line in lines(content) {
            let span = line.span.trimmed(content);
            if span.is_empty() || span.slice(content).starts_with('#') {
                continue;
            }
            match setting(content, span) {
                Some(setting) => read.settings.push(setting),
                None => read.checks.push(check(content, span)),
            }
        }
        Ok(read)
    }
}

fn setting(text: &str, span: Span) -> Option<CheckSetting> {
    let equals = span.slice(text).find('=')?;
    let name = Span::new(span.start, span.start + equals);
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    if name.is_empty() || !name.slice(text).chars().all(is_name) {
        return None;
    }
    Some(CheckSetting {
        name,
        value: Span::new(name.end + 1, span.end),
    })
}

fn check(text: &str, span: Span) -> HealthCheck {
    let written = span.slice(text);
    let length = written.find(char::is_whitespace).unwrap_or(written.len());
    HealthCheck {
        span,
        target: Span::new(span.start, span.start + length),
        expected: Span::new(span.start + length, span.end).trimmed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn settings_and_checks() {
        let text = "WAIT=5\r\n# no\r\n\r\n/app/_dash-layout  Sample App \r\n//example.com/x";
        let read = Checks::parse(&Text::new(text)).unwrap();
        let settings: Vec<&str> = read
            .settings()
            .iter()
            .map(|s| s.value.slice(text))
            .collect();
        assert_eq!(settings, ["5"]);
        let checks: Vec<(&str, &str)> = read
            .checks()
            .iter()
            .map(|check| (check.target.slice(text), check.expected.slice(text)))
            .collect();
        assert_eq!(
            checks,
            [("/app/_dash-layout", "Sample App"), ("//example.com/x", "")]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([A-Za-z/=# \t\r\n\u{e9}]|WAIT=2\n){0,40}") {
            let read = Checks::parse(&Text::new(text.as_str())).unwrap();
            for check in read.checks() {
                prop_assert!(!check.target.slice(&text).is_empty());
                prop_assert!(check.expected.end <= check.span.end);
                prop_assert_eq!(check.expected.slice(&text).trim(), check.expected.slice(&text));
            }
            for setting in read.settings() {
                prop_assert!(!setting.name.slice(&text).is_empty());
            }
        }
    }
}
