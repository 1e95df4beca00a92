//! DL102: Debian packages listed the way of DE4. The lists of package sources and the files that
//! have no counterpart on DE5 are in submodules; what is wrong in an `Aptfile` itself is DL103.

mod companions;
mod sources;

use std::collections::BTreeSet;

use crate::app::{App, Broken, FileState, Parsed};
use crate::files::apt::{AptPackages, PackageLine, name_problem};
use crate::files::aptfile::{AptContent, Aptfile};
use crate::rules::support::unreadable;
use crate::rules::{
    Case, Category, Check, Code, Edit, Finding, Fix, Inputs, Rule, Settings, Subject,
};
use crate::text::Span;
use crate::tree::TreePath;

/// DL102.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(102),
    stem: "apt-packages",
    category: Category::Must,
    summary: "Debian packages listed the way of Dash Enterprise 4",
    cases: &[
        UNREADABLE,
        PACKAGES,
        STRANGE_WORD,
        COMPANION,
        EMPTY_COMPANION,
        COMPANION_VARIABLES,
        ARCHIVES,
        PPA,
        UNREADABLE_SOURCE,
        OTHER_SYSTEM,
        SIGNED_SOURCE,
        SOURCES,
    ],
    inputs: Inputs::files(&[
        "apt-packages",
        "apt-repositories",
        "apt-sources-list",
        "apt-keys",
        "apt-preferences",
        "apt-conf",
        "apt-debconf",
        "apt-env",
        "Aptfile",
    ]),
    page: include_str!("../../../rules/DL102-apt-packages.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const PACKAGES: Case = Case::new("packages");
const STRANGE_WORD: Case = Case::new("strange-word");
const COMPANION: Case = Case::new("companion");
const EMPTY_COMPANION: Case = Case::new("empty-companion");
const COMPANION_VARIABLES: Case = Case::new("companion-variables");
const ARCHIVES: Case = Case::new("archives");
const PPA: Case = Case::new("ppa");
const UNREADABLE_SOURCE: Case = Case::new("unreadable-source");
const OTHER_SYSTEM: Case = Case::new("other-system");
const SIGNED_SOURCE: Case = Case::new("signed-source");
const SOURCES: Case = Case::new("sources");

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let mut findings = match app.apt_packages() {
        FileState::Absent => Vec::new(),
        FileState::Broken(broken) => vec![mend(broken)],
        FileState::Present(file) => packages(app, file),
    };
    findings.extend(sources::check(app));
    findings.extend(companions::check(app));
    findings
}

fn mend(broken: &Broken) -> Finding {
    let step = format!(
        "Mend {} or write its lines into Aptfile by hand; it was left alone.",
        broken.path.name()
    );
    unreadable(&RULE, UNREADABLE, broken).guide(step)
}

fn packages(app: &App, file: &Parsed<AptPackages>) -> Vec<Finding> {
    let text = file.text.as_str();
    let strange: Vec<Finding> = file
        .model
        .names()
        .filter_map(|name| strange_word(file, name))
        .collect();
    if !strange.is_empty() {
        return strange;
    }
    let count = distinct(text, file.model.names()).len();
    let draft = RULE.report(
        PACKAGES,
        Subject::Whole,
        &file.path,
        match count {
            0 => "apt-packages names no package, and Dash Enterprise 5 does not read it".to_owned(),
            1 => "apt-packages names a package that Dash Enterprise 5 looks for in Aptfile"
                .to_owned(),
            _ => format!(
                "apt-packages names {count} packages that Dash Enterprise 5 looks for in Aptfile"
            ),
        },
    );
    let draft = match file.model.names().next() {
        Some(name) => draft.span(name),
        None => draft,
    };
    let finding = match Destination::find(app) {
        Ok(destination) => draft.fix(destination.take_packages(file)),
        Err(broken) => draft.guide(mend_first(broken)),
    };
    vec![finding]
}

fn strange_word(file: &Parsed<AptPackages>, name: Span) -> Option<Finding> {
    let word = name.slice(file.text.as_str());
    let problem = name_problem(word)?;
    let finding = RULE.report(STRANGE_WORD, Subject::text(word), &file.path, format!("`{word}` in apt-packages {problem}"))
        .span(name)
        .guide(
            "Take the word out of apt-packages, or say it in a way that Aptfile knows (package names, `name=version`, globs, URLs of .deb files); then the rest of the file can be moved.",
        );
    Some(finding)
}

fn mend_first(broken: &Broken) -> String {
    let name = broken.path.name();
    format!(
        "Mend {name} first ({}); then run dashlift again.",
        broken.problem.message
    )
}

fn distinct(text: &str, spans: impl Iterator<Item = Span>) -> BTreeSet<&str> {
    spans.map(|span| span.slice(text)).collect()
}

/// The `Aptfile` that takes what DE4's files said.
struct Destination<'a> {
    path: TreePath,
    existing: Option<&'a Parsed<Aptfile>>,
}

impl<'a> Destination<'a> {
    fn find(app: &'a App) -> Result<Self, &'a Broken> {
        let existing = match app.aptfile() {
            FileState::Absent => None,
            FileState::Present(file) => Some(file),
            FileState::Broken(broken) => return Err(broken),
        };
        Ok(Self {
            path: app.path("Aptfile"),
            existing,
        })
    }

    /// What the `Aptfile` says already: names, or sources without their `:repo:`.
    fn known(&self, what: fn(&'a Aptfile) -> Vec<Span>) -> BTreeSet<&'a str> {
        let spans = |file: &'a Parsed<Aptfile>| {
            let text = file.text.as_str();
            what(&file.model)
                .into_iter()
                .map(move |span| span.slice(text))
        };
        self.existing.into_iter().flat_map(spans).collect()
    }

    /// Whether the `Aptfile` has this comment as a line of its own.
    fn has_comment(&self, comment: &str) -> bool {
        self.existing.is_some_and(|file| {
            let text = file.text.as_str();
            let mut lines = file.model.lines().iter();
            lines.any(|line| {
                line.content == AptContent::Comment && line.span.slice(text).trim_end() == comment
            })
        })
    }

    fn take_packages(&self, file: &Parsed<AptPackages>) -> Fix {
        let text = file.text.as_str();
        let mut seen = self.known(|model| model.names().collect());
        let before = seen.len();
        let mut lines = Vec::new();
        for line in file.model.lines() {
            self.add_line(text, line, &mut seen, &mut lines);
        }
        let new = seen.len() - before;
        // An Aptfile without any package stops the build.
        if new == 0 {
            lines.clear();
        }
        let (title, is_same) = (title(new), self.is_same(file, &lines));
        if is_same {
            return Fix::safe("rename apt-packages to Aptfile").edit(Edit::Rename {
                from: file.path.clone(),
                to: self.path.clone(),
            });
        }
        self.take(Fix::safe(title), &file.path, &lines)
    }

    /// Whether apt-packages can become the `Aptfile` byte for byte.
    fn is_same(&self, file: &Parsed<AptPackages>, lines: &[String]) -> bool {
        let text = file.text.as_str();
        self.existing.is_none()
            && !lines.is_empty()
            && file.text.encoding().is_plain_utf8()
            && text.strip_suffix('\n').unwrap_or(text) == lines.join("\n")
    }

    /// One line of apt-packages as lines of an `Aptfile`: the comment in column one, then the names
    /// that were not there before.
    fn add_line<'t: 'a>(
        &self,
        text: &'t str,
        line: &PackageLine,
        seen: &mut BTreeSet<&'a str>,
        lines: &mut Vec<String>,
    ) {
        if let Some(comment) = line.comment.map(|span| span.slice(text))
            && !self.has_comment(comment)
        {
            lines.push(comment.to_owned());
        }
        let names = line.names.iter().map(|name| name.slice(text));
        let new: Vec<&str> = names.filter(|name| seen.insert(name)).collect();
        let is_blank = line.names.is_empty() && line.comment.is_none();
        if !new.is_empty() || (is_blank && self.existing.is_none()) {
            lines.push(new.join(" "));
        }
    }

    /// Completes the fix: `lines` come to the end of the `Aptfile`, and `source` goes.
    fn take(&self, fix: Fix, source: &TreePath, lines: &[String]) -> Fix {
        let fix = fix.edit(Edit::remove(source));
        match self.existing {
            _ if lines.is_empty() => fix.reading(self.path.clone()),
            None => fix.edit(Edit::create(self.path.clone(), lines.join("\n") + "\n")),
            Some(file) => fix.edit(append(file, lines)),
        }
    }
}

fn title(new: usize) -> String {
    match new {
        0 => "remove apt-packages, which names no package that Aptfile lacks".to_owned(),
        1 => "move 1 package from apt-packages into Aptfile".to_owned(),
        _ => format!("move {new} packages from apt-packages into Aptfile"),
    }
}

/// Adds lines to a file with the line end that it has.
fn append(file: &Parsed<Aptfile>, lines: &[String]) -> Edit {
    let text = file.text.as_str();
    let end = file.text.line_end().as_str();
    let mut added = String::new();
    if !text.is_empty() && !text.ends_with(['\n', '\r']) {
        added.push_str(end);
    }
    for line in lines {
        added.push_str(line);
        added.push_str(end);
    }
    Edit::replace(&file.path, Span::at(text.len()), added)
}
