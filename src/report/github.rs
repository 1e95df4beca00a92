//! Annotations of GitHub Actions: lines that the runner takes out of the output and shows beside the
//! code. The format: GitHub's documentation, "Workflow commands for GitHub Actions".

use super::collected::{Collected, NamedFinding};
use super::helps::{helps, sentence};
use super::safe;
use super::words::counted;
use crate::rules::Category;

/// So many annotations of each level GitHub shows for one step.
const SHOWN: usize = 10;

/// The levels, the worst first.
const LEVELS: [&str; 3] = ["error", "warning", "notice"];

/// All findings as annotations: the worst first, because only the first ones of each level are shown.
pub fn annotations(all: &[Collected]) -> String {
    let mut commands: Vec<(&'static str, String)> = Vec::new();
    for one in all {
        commands.extend(failures(one).map(|text| ("error", text)));
        commands.extend(one.open().map(|known| annotation(one, known)));
    }
    let of_level = |level: &'static str| {
        let chosen = commands.iter().filter(move |(of, _)| *of == level);
        chosen.map(|(_, command)| command.as_str())
    };
    let all: String = LEVELS.into_iter().flat_map(of_level).collect();
    let count = |level| of_level(level).count();
    notice(count("error"), count("warning"), count("notice")) + &all
}

/// Says that there are more than are shown; it is the first notice itself.
fn notice(errors: usize, warnings: usize, notices: usize) -> String {
    let all = errors + warnings + notices;
    let too_many = errors > SHOWN || warnings > SHOWN || notices > SHOWN;
    let seen = |count: usize, room: usize| count.min(room);
    if !too_many {
        return String::new();
    }
    let shown = seen(errors, SHOWN) + seen(warnings, SHOWN) + seen(notices, SHOWN - 1);
    let text = format!(
        "GitHub shows {SHOWN} annotations of each level for one step: {shown} of {} are shown. \
         All of them stand in the log and in the job summary.",
        counted(all, "annotation")
    );
    format!("::notice title=dashlift::{}\n", data(&text))
}

fn failures(one: &Collected) -> impl Iterator<Item = String> {
    let error = one.error.iter();
    let error = error.map(|error| format!("::error title=dashlift::{}\n", data(error)));
    let failed = one.groups.iter().filter_map(|group| {
        let root = one.of.paths.path(group.root.as_ref()?);
        let reason = group.failure.as_ref()?;
        let text = format!("The app {root} was left as it was: {reason}");
        Some(format!("::error title=dashlift::{}\n", data(&text)))
    });
    error.chain(failed)
}

fn annotation(one: &Collected, known: &NamedFinding) -> (&'static str, String) {
    let finding = &known.reported.finding;
    let level = match finding.category {
        Category::Must => "error",
        Category::Should => "warning",
        Category::May => "notice",
    };
    let path = one.of.paths.path(&finding.place.path);
    let title = format!("{} {}", finding.rule.code, finding.rule.stem);
    let mut properties = vec![
        format!("title={}", property(&title)),
        format!("file={}", property(&path)),
    ];
    properties.extend(lines(known));
    // The log of the step shows the message alone.
    let mut text = format!(
        "{path}:{}: {} {}",
        known.reported.position(),
        finding.rule.code,
        sentence(&safe(&finding.message))
    );
    for help in helps(finding) {
        text.push('\n');
        text.push_str(&help.plain());
    }
    let command = format!("::{level} {}::{}\n", properties.join(","), data(&text));
    (level, command)
}

/// The lines; columns only where the place is within one line, because GitHub refuses others.
fn lines(known: &NamedFinding) -> Vec<String> {
    let place = &known.reported.finding.place;
    if place.span.is_none() && place.position.is_none() {
        return Vec::new();
    }
    let start = known.reported.position();
    let text = known.reported.text.as_ref();
    let end = text
        .zip(place.span)
        .map_or(start, |(text, span)| text.position(span.end));
    if end.line == start.line {
        return vec![
            format!("line={}", start.line),
            format!("endLine={}", end.line),
            format!("col={}", start.column),
            format!("endColumn={}", end.column.max(start.column)),
        ];
    }
    // A place that ends at the beginning of a line does not reach into it.
    let last = if end.column == 1 {
        end.line - 1
    } else {
        end.line
    };
    vec![
        format!("line={}", start.line),
        format!("endLine={}", last.max(start.line)),
    ]
}

/// A message: `%` and line ends have a meaning.
fn data(text: &str) -> String {
    let lines = text.lines().map(safe).collect::<Vec<String>>().join("\n");
    lines
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property: `:` and `,` end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_is_escaped() {
        assert_eq!(data("100%\na:b,c\r"), "100%25%0Aa:b,c ");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    #[test]
    fn more_than_are_shown_is_said() {
        assert_eq!(notice(10, 10, 10), "");
        let text = notice(12, 1, 10);
        assert!(
            text.starts_with("::notice title=dashlift::GitHub shows 10 "),
            "{text}"
        );
        assert!(text.contains(": 20 of 23 annotations are shown."), "{text}");
    }
}
