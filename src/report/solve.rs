//! What makes a list install, and what came of the import of an app: for people and for programs.

use std::fmt::Write;

use serde::{Serialize, Serializer};

use super::style::{BAD, CODE, FAINT, GOOD, HEADING, styled};
use super::words::{counted, wrapped};
use super::{Shown, safe};
use crate::packages::Target;
use crate::packages::solve::{Answer, Ask, Asked, Change, Rung, Solved, Why, Wish};
use crate::tree::TreePath;

/// Width (characters) at which sentences are broken.
const WIDTH: usize = 90;

/// More names than this are counted, not listed.
const MOST: usize = 12;

/// The solution of one app.
#[derive(Debug, Serialize)]
pub struct SolveDocument {
    #[serde(serialize_with = "path")]
    app: TreePath,
    python: String,
    resolver: &'static str,
    /// Whether the list resolves, with the changes.
    solved: bool,
    /// How far the ladder was climbed.
    rung: Option<&'static str>,
    changes: Vec<Changed>,
    conflicts: Vec<Conflicting>,
    set_aside: Vec<SetAside>,
    /// Releases that come as source and are built.
    from_source: Vec<String>,
    /// What else is worth knowing, sentences.
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Changed {
    #[serde(flatten)]
    line: Line,
    /// What stands there then; none for a line that goes.
    after: Option<String>,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Conflicting {
    requirements: Vec<Line>,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Line {
    #[serde(serialize_with = "path")]
    path: TreePath,
    #[serde(rename = "line")]
    number: usize,
    requirement: String,
}

#[derive(Debug, Serialize)]
struct SetAside {
    what: String,
    why: String,
}

fn path<S: Serializer>(path: &TreePath, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if path.is_root() { "." } else { path.as_str() })
}

impl SolveDocument {
    /// The solution of the app in a folder, asked of the resolver of this name.
    pub fn of(
        app: &TreePath,
        target: Target,
        resolver: &'static str,
        asked: &Asked,
        solved: &Solved,
    ) -> Self {
        let aside = asked.aside.iter().map(|aside| SetAside {
            what: safe(&aside.what),
            why: aside.why.to_string(),
        });
        let unreachable = solved.unreachable.iter().map(|host| {
            format!(
                "the package index {host}, which the list names, gave no answer and was left out"
            )
        });
        let mut document = Self {
            app: app.clone(),
            python: format!("3.{}", target.minor()),
            resolver,
            solved: false,
            rung: None,
            changes: Vec::new(),
            conflicts: Vec::new(),
            set_aside: aside.collect(),
            from_source: Vec::new(),
            notes: unreachable.collect(),
        };
        match &solved.answer {
            Answer::Solved(solution) => {
                document.solved = true;
                document.rung = Some(rung(solution.rung));
                let changes = solution.changes.iter();
                document.changes = changes.filter_map(|one| changed(asked, one)).collect();
                let packages = solution.resolution.packages.iter();
                let source = packages.filter(|one| one.from_source);
                document.from_source = source
                    .map(|one| format!("{} {}", one.name, one.version))
                    .collect();
            }
            Answer::Unsolved(conflicts) => {
                let one = |conflict: &crate::packages::solve::Conflict| Conflicting {
                    requirements: conflict
                        .asks
                        .iter()
                        .filter_map(|place| asked.asks.get(*place).map(line))
                        .collect(),
                    reason: safe(&conflict.reason.to_string()),
                };
                document.conflicts = conflicts.iter().map(one).collect();
            }
        }
        document
    }

    /// Adds something worth knowing, a sentence.
    pub fn note(&mut self, sentence: String) {
        self.notes.push(sentence);
    }

    /// Whether the list resolves as it is written.
    pub fn is_clean(&self) -> bool {
        self.solved && self.changes.is_empty()
    }

    /// Whether the list resolves, with the changes.
    pub fn is_solved(&self) -> bool {
        self.solved
    }

    /// The requirements that are in the way, one line each.
    pub fn in_the_way(&self, shown: &Shown) -> String {
        let lines = self.conflicts.iter().map(|conflict| {
            let names = conflict.requirements.iter().map(|line| {
                let path = shown.path(&line.path);
                format!("{path}:{} {}", line.number, line.requirement)
            });
            let names: Vec<String> = names.collect();
            format!("  {}: {}", names.join(" and "), conflict.reason)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The account for people; `is_written` says whether the changes are in the files.
    pub fn text(&self, shown: &Shown, is_written: bool) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "{}", styled(HEADING, self.heading(shown, is_written)));
        for change in &self.changes {
            text.push_str(&change.text(shown));
        }
        for conflict in &self.conflicts {
            text.push_str(&conflict.text(shown));
        }
        let aside = self.set_aside.iter();
        let aside = aside.map(|aside| format!("not asked for: {} ({})", aside.what, aside.why));
        let mut notes: Vec<String> = aside.collect();
        notes.extend(self.source_note());
        notes.extend(self.notes.iter().cloned());
        for note in notes {
            text.push_str(&indented(&note, "  "));
        }
        text
    }

    fn heading(&self, shown: &Shown, is_written: bool) -> String {
        let app = match shown.path(&self.app).as_str() {
            "." => "The list".to_owned(),
            path => format!("{path}: the list"),
        };
        let on = format!("on Python {} (asked {})", self.python, self.resolver);
        let count = counted(self.changes.len(), "change");
        match (self.solved, self.changes.is_empty()) {
            (true, true) => format!("{app} installs {on} as it stands."),
            (true, false) if is_written => format!("{app} installs {on}; {count} written:"),
            (true, false) => format!("{app} installs {on} with {count}:"),
            (false, _) => {
                format!("{app} does not install {on}, not even without versions. In the way:")
            }
        }
    }

    fn source_note(&self) -> Option<String> {
        let shown = self.from_source.iter().take(MOST).cloned();
        let mut names: Vec<String> = shown.collect();
        let more = self.from_source.len().saturating_sub(MOST);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        (!names.is_empty()).then(|| {
            format!(
                "built from source while it is installed, which was not tried: {}; `dashlift \
                 verify` tries it",
                names.join(", ")
            )
        })
    }

    /// The part of a commit's message, plain text without secrets; none without changes.
    pub fn message(&self) -> Option<String> {
        if self.changes.is_empty() {
            return None;
        }
        let mut text = format!(
            "\nRequirements that were changed to install on Python {}, as {}\nresolves them:\n",
            self.python, self.resolver
        );
        for change in &self.changes {
            let line = format!(
                "{}: {}: {}",
                change.line.path,
                change.title(),
                change.reason
            );
            for (index, part) in wrapped(&line, 68).iter().enumerate() {
                let _ = writeln!(text, "{} {part}", if index == 0 { " -" } else { "  " });
            }
        }
        Some(text)
    }
}

impl Changed {
    fn title(&self) -> String {
        match &self.after {
            Some(after) => format!("{} becomes {after}", self.line.requirement),
            None => format!("{} goes", self.line.requirement),
        }
    }

    fn text(&self, shown: &Shown) -> String {
        let place = format!("{}:{}", shown.path(&self.line.path), self.line.number);
        let before = &self.line.requirement;
        let after = self.after.as_deref().unwrap_or("(goes)");
        format!(
            "  {} {before} -> {}\n{}",
            styled(CODE, place),
            styled(GOOD, after),
            styled(FAINT, indented(&self.reason, "      "))
        )
    }
}

impl Conflicting {
    fn text(&self, shown: &Shown) -> String {
        let mut text = String::new();
        for line in &self.requirements {
            let place = format!("{}:{}", shown.path(&line.path), line.number);
            let what = styled(BAD, &line.requirement);
            let _ = writeln!(text, "  {} {what}", styled(CODE, place));
        }
        text.push_str(&styled(FAINT, indented(&self.reason, "      ")));
        text
    }
}

fn changed(asked: &Asked, change: &Change) -> Option<Changed> {
    let ask = asked.asks.get(change.ask)?;
    let after = format!("{}{}", ask.head, change.wish.specifiers());
    Some(Changed {
        line: line(ask),
        after: (change.wish != Wish::Dropped).then(|| safe(&after)),
        reason: match &change.why {
            Why::Refused(reason) => safe(&reason.to_string()),
            Why::LatestDash => "the newest Dash was asked for".to_owned(),
        },
    })
}

fn line(ask: &Ask) -> Line {
    Line {
        path: ask.path.clone(),
        number: ask.position.line,
        requirement: safe(&ask.as_written()),
    }
}

fn rung(rung: Rung) -> &'static str {
    match rung {
        Rung::AsItStands => "as-it-stands",
        Rung::Minimised => "minimised",
        Rung::Nearest => "nearest",
        Rung::Compatible => "compatible",
        Rung::Bare => "bare",
    }
}

pub(super) fn indented(text: &str, blank: &str) -> String {
    let mut result = String::new();
    for line in wrapped(text, WIDTH - blank.len()) {
        let _ = writeln!(result, "{blank}{line}");
    }
    result
}
