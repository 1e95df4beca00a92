//! What makes a list install and start: for people and for programs.

mod causes;
mod conda;
mod notes;
mod table;

use std::fmt::Write;

use serde::{Serialize, Serializer};

use super::style::{BAD, CODE, FAINT, GOOD, HEADING, styled};
use super::words::{counted, wrapped};
use super::{PathPrefix, safe};
use crate::packages::resolve::{Form, ResolvedReleases};
use crate::packages::solve::{AsideReason, Ask, Asked, PythonRow, Reason, Situation, Solution};
use crate::tree::TreePath;
use causes::Causes;
use conda::LetGo;
use notes::{listed, notes};

/// Width (characters) at which sentences are broken.
const WIDTH: usize = 90;

/// The solution of one app.
#[derive(Debug, Serialize)]
pub struct SolveDocument {
    #[serde(serialize_with = "path")]
    app: TreePath,
    python: String,
    /// Why this Python, half a sentence.
    python_because: String,
    /// What the same lists cost on each Python of the release; empty where nobody asked.
    pythons: Vec<PythonLine>,
    /// The day of what no line pins.
    era: Option<EraLine>,
    /// Whether all that was judged can be had, with the changes.
    solved: bool,
    /// Which resolver says so too; none where none was asked or it gave no answer.
    confirmed: Option<&'static str>,
    changes: Vec<Changed>,
    /// Lines that have to be added.
    added: Vec<AddedLine>,
    /// What the constraints file has to say.
    constraints: Vec<LimitLine>,
    conflicts: Vec<Conflicting>,
    set_aside: Vec<SetAside>,
    /// Releases that come as source and are built.
    from_source: Vec<String>,
    /// What else is worth knowing, sentences.
    notes: Vec<String>,
    /// How strictly the packages of an `environment.yml` can be had, as a solver of conda says.
    #[serde(skip_serializing_if = "Option::is_none")]
    rung: Option<String>,
    /// Lines of an `environment.yml` whose versions are let go, as they were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    let_go: Vec<LetGo>,
    /// Whether conda installs the list.
    #[serde(skip)]
    is_conda: bool,
    /// Whether a resolver says no.
    #[serde(skip)]
    is_refused: bool,
}

#[derive(Debug, Serialize)]
struct PythonLine {
    python: String,
    lines: usize,
    leave_era: usize,
    builds: usize,
    in_the_way: usize,
    supported_until: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct EraLine {
    day: String,
    because: String,
}

#[derive(Debug, Serialize)]
struct Changed {
    #[serde(flatten)]
    line: Line,
    /// What stands there then.
    after: String,
    reason: String,
}

#[derive(Debug, Serialize)]
struct AddedLine {
    requirement: String,
    reason: String,
}

#[derive(Debug, Serialize)]
struct LimitLine {
    name: String,
    version: String,
    /// The day of its upload.
    uploaded: Option<String>,
    /// What a line of conda's says instead of the version.
    #[serde(skip_serializing_if = "Option::is_none")]
    bound: Option<String>,
    /// What an installer takes without the line.
    instead_of: Option<String>,
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

/// Something that was not judged.
#[derive(Debug, Serialize)]
struct SetAside {
    what: String,
    why: String,
}

fn path<S: Serializer>(path: &TreePath, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if path.is_root() { "." } else { path.as_str() })
}

/// The releases that come as source and are built: conda's are built already.
fn built(asked: &Asked, answer: &ResolvedReleases) -> Vec<String> {
    let by_conda = asked.asks.iter().filter(|ask| ask.is_conda);
    let by_conda: Vec<&str> = by_conda.map(|ask| ask.name.as_str()).collect();
    let sources = answer.releases.iter();
    let sources = sources.filter(|one| one.form == Form::Source);
    sources
        .filter(|one| !by_conda.contains(&one.name.as_str()))
        .map(|one| format!("{} {}", one.name, one.version))
        .collect()
}

/// What was set aside of what is asked.
fn asides(asked: &Asked) -> Vec<SetAside> {
    let aside = asked.aside.iter().map(|aside| SetAside {
        what: safe(&aside.what),
        why: aside.why.to_string(),
    });
    aside.collect()
}

impl SolveDocument {
    /// The solution of the app in a folder. `because` says why this Python, half a sentence.
    pub fn new(
        app: &TreePath,
        asked: &Asked,
        situation: &Situation,
        solution: &Solution,
        road: crate::packages::solve::Road,
        because: String,
    ) -> Self {
        let answer = &solution.answer;
        let causes = Causes {
            asked,
            source: situation.source(road),
        };
        let changes = answer.moves.iter().filter_map(|one| {
            let ask = asked.asks.get(one.requirement)?;
            Some(Changed {
                line: line(ask),
                after: safe(&format!("{}=={}", ask.head, one.to)),
                reason: safe(&causes.sentence(&one.cause)),
            })
        });
        let added = answer.added.iter().map(|one| AddedLine {
            requirement: safe(&format!("{}=={}", one.name, one.version)),
            reason: safe(&format!(
                "{} does not start without it: {}",
                one.by, one.error
            )),
        });
        let limits = solution.limits.iter().map(|one| LimitLine {
            name: one.name.clone(),
            version: one.version.to_string(),
            uploaded: one.uploaded.map(|day| day.to_string()),
            bound: one.bound.as_ref().map(|it| safe(&it.to_string())),
            instead_of: one.instead.as_ref().map(ToString::to_string),
        });
        Self {
            app: app.clone(),
            python: format!("3.{}", solution.target.minor()),
            python_because: because,
            pythons: Vec::new(),
            era: solution.era.as_ref().map(|era| EraLine {
                day: era.day.to_string(),
                because: era.because.to_string(),
            }),
            solved: answer.is_solved(),
            confirmed: None,
            changes: changes.collect(),
            added: added.collect(),
            constraints: limits.collect(),
            conflicts: causes.conflicts(answer),
            set_aside: asides(asked),
            from_source: built(asked, answer),
            notes: notes(asked, solution),
            rung: None,
            let_go: Vec::new(),
            is_conda: asked.asks.iter().any(|ask| ask.is_conda),
            is_refused: false,
        }
    }

    /// Adds what the lists cost on each Python.
    pub fn add_pythons(&mut self, rows: &[PythonRow]) {
        let rows = rows.iter().map(|row| PythonLine {
            python: format!("3.{}", row.target.minor()),
            lines: row.lines,
            leave_era: row.later,
            builds: row.builds,
            in_the_way: row.in_the_way,
            supported_until: row.supported_until,
        });
        self.pythons = rows.collect();
    }

    /// A resolver says the same.
    pub fn confirm(&mut self, tool: &'static str) {
        self.confirmed = Some(tool);
    }

    /// A resolver says no.
    pub fn refuse(&mut self, tool: &str, reason: &Reason) {
        self.solved = false;
        self.is_refused = true;
        self.notes.push(format!(
            "{tool} does not confirm it: {}",
            safe(&reason.to_string())
        ));
    }

    /// A resolver tells the releases of what is not known here: they install beside the others.
    pub fn know_by(&mut self, tool: &str, releases: &[String]) {
        let unknown = AsideReason::Unknown.to_string();
        self.set_aside.retain(|one| one.why != unknown);
        let releases: Vec<String> = releases.iter().map(|one| safe(one)).collect();
        self.notes.push(format!(
            "known to {tool} alone, which says that their releases of today install beside the \
             others; whether they start is not known: {}",
            listed(&releases)
        ));
    }

    /// The package index does not have a distribution: it was not judged.
    pub fn set_aside(&mut self, name: &str) {
        self.set_aside.push(SetAside {
            what: safe(name),
            why: "the package index does not have it".to_owned(),
        });
    }

    /// Adds something worth knowing, a sentence.
    pub fn note(&mut self, sentence: String) {
        self.notes.push(sentence);
    }

    /// Whether the list installs and starts as it is written, as far as is known, and everything in
    /// it was judged.
    pub fn is_clean(&self) -> bool {
        self.is_done() && self.changes_nothing()
    }

    /// Whether nothing is to be written.
    pub fn changes_nothing(&self) -> bool {
        self.changes.is_empty()
            && self.added.is_empty()
            && self.constraints.is_empty()
            && self.let_go.is_empty()
    }

    /// Whether a resolver says no: then nothing is written.
    pub fn is_refused(&self) -> bool {
        self.is_refused
    }

    /// Whether nothing is left to be done once the changes are written.
    pub fn is_done(&self) -> bool {
        self.solved && self.set_aside.is_empty()
    }

    /// The account for people; `is_written` says whether the changes are in the files.
    pub fn text(&self, shown: &PathPrefix, is_written: bool) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "{}", styled(HEADING, self.heading(shown, is_written)));
        for change in &self.changes {
            text.push_str(&change.text(shown));
        }
        for added in &self.added {
            let _ = writeln!(
                text,
                "  {}",
                styled(GOOD, format!("+ {}", added.requirement))
            );
            text.push_str(&styled(FAINT, indented(&added.reason, "      ")));
        }
        for conflict in &self.conflicts {
            text.push_str(&conflict.text(shown));
        }
        text.push_str(&self.table());
        for note in self.all_notes() {
            text.push_str(&indented(&note, "  "));
        }
        text
    }

    fn all_notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(era) = &self.era {
            notes.push(format!(
                "what no line pins is of {}: {}",
                era.day, era.because
            ));
        }
        if !self.constraints.is_empty() {
            let names: Vec<String> = self
                .constraints
                .iter()
                .map(|one| format!("{} {}", one.name, one.version))
                .collect();
            let count = counted(names.len(), "version");
            notes.push(format!("constraints: {count} ({})", listed(&names)));
        }
        let aside = self.set_aside.iter();
        notes.extend(aside.map(|aside| format!("not judged: {} ({})", aside.what, aside.why)));
        if !self.from_source.is_empty() {
            notes.push(format!(
                "built from source while it is installed, which was not tried: {}; `dashlift verify` \
                 tries it",
                listed(&self.from_source)
            ));
        }
        notes.extend(self.notes.iter().cloned());
        notes
    }

    fn heading(&self, shown: &PathPrefix, is_written: bool) -> String {
        let app = match shown.path(&self.app).as_str() {
            "." => "The list".to_owned(),
            path => format!("{path}: the list"),
        };
        let who = self.who();
        let on = format!("on Python {} ({}; {who})", self.python, self.python_because);
        let can = self.can();
        let lines = counted(self.changes.len() + self.added.len(), "change");
        let constraints = self.further();
        if !self.solved {
            return format!("{app} does not install {on}. In the way:");
        }
        match (self.changes_nothing(), is_written) {
            (true, _) => format!("{app} {can} {on} as it stands."),
            (false, true) => format!("{app} {can} {on}; {lines}{constraints} written:"),
            (false, false) => format!("{app} {can} {on} with {lines}{constraints}:"),
        }
    }

    /// The part of a commit's message, plain text without secrets; none without changes.
    pub fn message(&self) -> Option<String> {
        if self.changes_nothing() {
            return None;
        }
        let mut text = format!(
            "\nRequirements that were changed to install and start on Python {}:\n",
            self.python
        );
        let changed = self.changes.iter().map(|change| {
            let (path, title) = (&change.line.path, change.title());
            format!("{path}: {title}: {}", change.reason)
        });
        let added = self.added.iter();
        let added = added.map(|one| format!("{} added: {}", one.requirement, one.reason));
        let limits = self.constraints.len();
        let limits = (limits > 0).then(|| {
            let day = self.era.as_ref().map(|era| format!(" of {}", era.day));
            format!(
                "{} for the rest{}",
                counted(limits, "constraint"),
                day.unwrap_or_default()
            )
        });
        for line in changed.chain(added).chain(limits) {
            for (index, part) in wrapped(&line, 68).iter().enumerate() {
                let _ = writeln!(text, "{} {part}", if index == 0 { " -" } else { "  " });
            }
        }
        Some(text)
    }
}

impl Changed {
    fn title(&self) -> String {
        format!("{} becomes {}", self.line.requirement, self.after)
    }

    fn text(&self, shown: &PathPrefix) -> String {
        let place = format!("{}:{}", shown.path(&self.line.path), self.line.number);
        format!(
            "  {} {} -> {}\n{}",
            styled(CODE, place),
            self.line.requirement,
            styled(GOOD, &self.after),
            styled(FAINT, indented(&self.reason, "      "))
        )
    }
}

impl Conflicting {
    fn text(&self, shown: &PathPrefix) -> String {
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

fn line(ask: &Ask) -> Line {
    Line {
        path: ask.path.clone(),
        number: ask.position.line,
        requirement: safe(&ask.as_written()),
    }
}

pub(super) fn indented(text: &str, blank: &str) -> String {
    let mut result = String::new();
    for line in wrapped(text, WIDTH - blank.len()) {
        let _ = writeln!(result, "{blank}{line}");
    }
    result
}
