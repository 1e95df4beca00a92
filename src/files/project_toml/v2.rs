//! From the v0.2 form of the descriptor to v0.1, by renaming headers.

use super::{ProjectToml, Setting};
use crate::text::{Line, Span, lines, splice};

impl ProjectToml {
    /// The same settings in the v0.1 form: `[[io.buildpacks.build.env]]` (and `[[io.buildpacks.env]]`) as `[[build.env]]`, the
    /// `[io.buildpacks]` lists as `[build]`, without `schema-version`. `None` when that is not a
    /// matter of headers: a variable that both forms set to different values, inline tables.
    #[must_use]
    pub fn to_v1(&self) -> Option<Self> {
        let text = self.content.as_str();
        let mut replacements: Vec<(Span, String)> = lines(text)
            .filter_map(|line| renamed_header(text, line))
            .collect();
        replacements.extend(self.schema_removals());
        let content = splice(text, &replacements).ok()?;
        let moved = Self::parse_content(content, self.line_end).ok()?;
        self.is_moved_to(&moved).then_some(moved)
    }

    /// The same text without `schema-version`, and without `[_]` if nothing else is in it.
    #[must_use]
    pub fn without_schema_version(&self) -> Option<Self> {
        let content = splice(&self.content, &self.schema_removals()).ok()?;
        let changed = Self::parse_content(content, self.line_end).ok()?;
        changed.facts.schema_version.is_none().then_some(changed)
    }

    fn is_moved_to(&self, moved: &Self) -> bool {
        let own = &self.facts;
        let v2 = own.v2.as_ref().map_or(&[][..], |v2| &v2.variables);
        let expected = own.variables.iter().chain(v2).map(pair);
        let mut expected: Vec<_> = expected.collect();
        let mut got: Vec<_> = moved.facts.variables.iter().map(pair).collect();
        expected.sort();
        got.sort();
        let agree = |name: &str| {
            let mut values = got.iter().filter(|(other, _)| *other == name);
            let first = values.next();
            values.all(|value| Some(value) == first)
        };
        expected == got
            && got.iter().all(|(name, _)| agree(name))
            && moved.facts.scripts.len() == own.scripts.len()
            && moved.facts.v2.is_none()
            && moved.facts.schema_version.is_none()
            && moved.facts.problems.is_empty()
    }

    /// The lines of `schema-version`: its own, with the header `[_]` if it is alone below it.
    fn schema_removals(&self) -> Vec<(Span, String)> {
        let Some(schema) = &self.facts.schema_version else {
            return Vec::new();
        };
        let text = self.content.as_str();
        let all: Vec<Line> = lines(text).collect();
        let Some(at) = all.iter().position(|line| line.end >= schema.span.end) else {
            return Vec::new();
        };
        let content = |index: usize| all.get(index).map(|line| line.span.slice(text).trim());
        let is_end = |index: usize| {
            content(index).is_none_or(|line| line.is_empty() || line.starts_with('['))
        };
        let alone = at > 0 && content(at - 1) == Some("[_]") && is_end(at + 1);
        let first = if alone { at - 1 } else { at };
        let blank_behind = alone && content(at + 1) == Some("");
        let last = if blank_behind { at + 1 } else { at };
        match (all.get(first), all.get(last)) {
            (Some(first), Some(last)) => {
                vec![(Span::new(first.span.start, last.end), String::new())]
            }
            _ => Vec::new(),
        }
    }
}

fn pair(setting: &Setting) -> (&str, Option<&str>) {
    (&setting.name, setting.value.as_deref())
}

/// The v0.1 name of a v0.2 header.
fn renamed_header(text: &str, line: Line) -> Option<(Span, String)> {
    let written = line.span.slice(text);
    let inner = written.trim_start();
    let start = line.span.start + written.len() - inner.len();
    let close = inner.find(']')?;
    let name = inner.get(..close)?.trim_start_matches('[');
    let brackets = close - name.len();
    let parts: Vec<&str> = name
        .split('.')
        .map(|part| part.trim().trim_matches(['"', '\'']))
        .collect();
    let new = match (parts.as_slice(), brackets) {
        (["io", "buildpacks", "build", "env"] | ["io", "buildpacks", "env"], 2) => "build.env",
        (["io", "buildpacks" | "buildpacks.build"] | ["io", "buildpacks", "build"], 1) => "build",
        _ => return None,
    };
    let place = Span::new(start + brackets, start + close);
    Some((place, new.to_owned()))
}
