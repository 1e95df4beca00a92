//! Whether apps start: for people and for programs.

use std::borrow::Cow;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::style::{BAD, CODE, FAINT, GOOD, styled};
use super::words::{counted, wrapped};
use super::{PathPrefix, safe};
use crate::packages::Target;
use crate::packages::solve::Asked;
use crate::tree::TreePath;
use crate::verify::{Raised, Tried, Verdict};

/// Width (characters) at which sentences are broken.
const WIDTH: usize = 90;

/// What came of the start of one app.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VerifyDocument {
    app: String,
    python: String,
    /// The command of the web process.
    command: String,
    /// How many distributions were installed for it.
    installed: usize,
    /// How far it came: `answers`, `does-not-install`, …
    verdict: Cow<'static, str>,
    /// Whether it answers.
    verified: bool,
    /// Whether it gave a Dash layout.
    has_layout: bool,
    /// What it answered.
    answers: Vec<Answered>,
    /// Who is to blame: `version`, `variable`, …
    cause: Option<Cow<'static, str>>,
    /// Why not, sentences.
    error: Option<String>,
    /// What that means.
    explanation: Option<String>,
    /// The file of the app that raised, and its line.
    place: Option<VerifyPlace>,
    /// Lines of the list that were not installed.
    set_aside: Vec<LeftOut>,
    /// What else is worth knowing, sentences.
    #[serde(default)]
    notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answered {
    path: String,
    status: u16,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct LeftOut {
    what: String,
    why: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct VerifyPlace {
    path: String,
    line: usize,
}

impl VerifyDocument {
    /// An app of which nothing was tried, and why.
    pub fn untried(app: &TreePath, target: Target, why: &str) -> Self {
        Self {
            app: if app.is_root() { "." } else { app.as_str() }.to_owned(),
            python: format!("3.{}", target.minor()),
            command: String::new(),
            installed: 0,
            verdict: "has-no-web-process".into(),
            verified: false,
            has_layout: false,
            answers: Vec::new(),
            cause: None,
            error: Some(safe(why)),
            explanation: None,
            place: None,
            set_aside: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What came of an app.
    pub fn new(
        app: &TreePath,
        target: Target,
        command: &str,
        asked: &Asked,
        tried: &Tried,
    ) -> Self {
        let aside = asked.aside.iter().map(|aside| LeftOut {
            what: safe(&aside.what),
            why: aside.why.to_string(),
        });
        let mut document = Self {
            command: safe(command),
            installed: tried.installed,
            verdict: tried.verdict.name().into(),
            verified: tried.verdict.is_good(),
            error: None,
            set_aside: aside.collect(),
            notes: tried.notes.iter().map(|note| safe(note)).collect(),
            ..Self::untried(app, target, "")
        };
        document.tell(app, &tried.verdict);
        document
    }

    fn tell(&mut self, app: &TreePath, verdict: &Verdict) {
        self.cause = verdict.cause().map(|cause| cause.name().into());
        self.explanation = verdict.cause().map(|cause| safe(&cause.to_string()));
        match verdict {
            Verdict::NotInstalled { reason }
            | Verdict::NotPrepared { reason }
            | Verdict::NotStarted { reason } => self.error = Some(safe(reason)),
            Verdict::NotImported { raised, .. } => self.tell_raised(app, raised),
            Verdict::NotAnswering {
                path,
                status,
                raised,
                ..
            } => {
                if let Some(raised) = raised {
                    self.tell_raised(app, raised);
                }
                let answer = match status {
                    Some(status) => format!("{path} answers with status {status}"),
                    None => format!("{path} gets no answer"),
                };
                let because = self.error.take().map(|error| format!(": {error}"));
                self.error = Some(format!("{answer}{}", because.unwrap_or_default()));
            }
            Verdict::Answers {
                answers,
                has_layout,
            } => {
                self.has_layout = *has_layout;
                let answered = answers.iter().map(|(path, status)| Answered {
                    path: safe(path),
                    status: *status,
                });
                self.answers = answered.collect();
            }
        }
    }

    fn tell_raised(&mut self, app: &TreePath, raised: &Raised) {
        self.error = Some(safe(&raised.sentence()));
        self.place = raised.place.as_ref().map(|place| VerifyPlace {
            path: app.child(&place.file).as_str().to_owned(),
            line: place.line,
        });
    }

    /// Whether the app answers.
    pub fn is_verified(&self) -> bool {
        self.verified
    }

    /// The app's folder; `.` is the repository itself.
    pub(super) fn app(&self) -> &str {
        &self.app
    }

    /// What the app did, in a few words.
    pub(super) fn words(&self) -> &'static str {
        explain_verdict(&self.verdict)
    }

    /// What the app did and why, sentences without back ticks of ours.
    pub(super) fn sentence(&self) -> String {
        let mut text = format!("It {} on Python {}", self.words(), self.python);
        let place = self.place.as_ref();
        let place = place.map(|place| format!("{}:{} ", place.path, place.line));
        if let Some(error) = &self.error {
            let _ = write!(text, ": {}{error}", place.unwrap_or_default());
        }
        for more in self.explanation.iter().chain(&self.notes) {
            let _ = write!(text, "; {more}");
        }
        text + "."
    }

    /// The account for people.
    pub fn text(&self, shown: &PathPrefix) -> String {
        let app = match self.app.as_str() {
            "." => String::new(),
            path => format!("{path}: "),
        };
        let on = format!("on Python {}", self.python);
        let mut text = if self.verified {
            let what = if self.has_layout {
                "it started and gave its layout"
            } else {
                "it started and answered"
            };
            let count = counted(self.installed, "package");
            styled(GOOD, format!("{app}{what} {on} with {count}.")) + "\n"
        } else {
            styled(BAD, format!("{app}it {} {on}:", self.words())) + "\n"
        };
        if let Some(error) = &self.error {
            let place = self.place.as_ref().map(|place| {
                let path = TreePath::new(&place.path)
                    .map_or_else(|_| place.path.clone(), |path| shown.path(&path));
                format!("{} ", styled(CODE, format!("{path}:{}", place.line)))
            });
            let _ = writeln!(text, "  {}{error}", place.unwrap_or_default());
        }
        for answer in &self.answers {
            let _ = writeln!(text, "  {} {}", styled(CODE, &answer.path), answer.status);
        }
        for sentence in self.explanation.iter().chain(&self.notes) {
            for line in wrapped(sentence, WIDTH) {
                let _ = writeln!(text, "  {}", styled(FAINT, line));
            }
        }
        for aside in &self.set_aside {
            let _ = writeln!(text, "  not installed: {} ({})", aside.what, aside.why);
        }
        text
    }
}

/// What an app does that has a verdict, by the word for it in documents.
fn explain_verdict(verdict: &str) -> &'static str {
    match verdict {
        "answers" => "started and answered",
        "does-not-install" => "does not install",
        "predeploy-fails" => "does not build: its predeploy script fails",
        "does-not-import" => "does not start: its code raises",
        "does-not-start" => "does not start",
        "does-not-answer" => "starts and does not answer",
        _ => "was not started",
    }
}
