//! `apt-repositories` and `apt-sources-list`: they become `:repo:` lines of the `Aptfile`.

use super::{
    Destination, OTHER_SYSTEM, PPA, RULE, SIGNED_SOURCE, SOURCES, UNREADABLE_SOURCE, mend,
    mend_first,
};
use crate::app::{App, FileState, Parsed};
use crate::files::apt::sources::{AptSource, AptSources, SourceContent, SourceLine};
use crate::rules::finding::Draft;
use crate::rules::{Case, Consequence, Finding, Fix, Subject};
use crate::text::Span;

const FILES: &[&str] = &["apt-repositories", "apt-sources-list"];

pub(super) fn check(app: &App) -> Vec<Finding> {
    let findings = FILES.iter().map(|name| match app.load::<AptSources>(name) {
        FileState::Absent => Vec::new(),
        FileState::Broken(broken) => vec![mend(&broken)],
        FileState::Present(file) => sources(app, &file),
    });
    findings.flatten().collect()
}

/// The lines that a person has to decide about; where there are none, the move into `Aptfile`.
fn sources(app: &App, file: &Parsed<AptSources>) -> Vec<Finding> {
    let lines = file.model.lines();
    let guided: Vec<Finding> = lines.iter().filter_map(|line| guided(file, line)).collect();
    if guided.is_empty() {
        vec![moved(app, file)]
    } else {
        guided
    }
}

fn guided(file: &Parsed<AptSources>, line: &SourceLine) -> Option<Finding> {
    let text = file.text.as_str();
    let name = file.path.name();
    let (case, span, message, step) = match &line.content {
        SourceContent::Blank => return None,
        SourceContent::Ppa(span) => (
            PPA,
            *span,
            format!("{name} adds `{}`, and Dash Enterprise 5 takes no PPA", span.slice(text)),
            "Look for the package in Ubuntu 22.04 itself. If only the PPA has it, and has it for 22.04, write the address of its archive as a line `:repo:deb [trusted=yes] URL jammy main` into Aptfile. Then delete the line here.".to_owned(),
        ),
        SourceContent::Unreadable(problem) => (
            UNREADABLE_SOURCE,
            problem.span,
            format!("{name} has a line that is no package source for Dash Enterprise 5: {}", problem.message),
            "Write the source as `:repo:deb URL SUITE COMPONENT` into Aptfile, or delete the line if Ubuntu 22.04 has the packages by itself.".to_owned(),
        ),
        SourceContent::Source(source) => guided_source(name, text, source)?,
    };
    let subject = Subject::text(span.slice(text));
    let draft = RULE.report(case, subject, &file.path, message).span(span);
    let draft = match case {
        PPA => draft.means(Consequence::NoCounterpart),
        _ => draft,
    };
    Some(draft.guide(step))
}

fn guided_source(
    name: &str,
    text: &str,
    source: &AptSource,
) -> Option<(Case, Span, String, String)> {
    if let Some(system) = source.other_system(text) {
        let message = format!(
            "{name} takes packages built for {system}; Dash Enterprise 5 runs Ubuntu 22.04 (jammy)"
        );
        let step = format!(
            "Look for the packages in Ubuntu 22.04 itself, or for the same source built for `jammy`: then write it as a `:repo:deb …` line into Aptfile. Delete the line for {system}."
        );
        return Some((OTHER_SYSTEM, source.suite, message, step));
    }
    source.has_option(text, "signed-by").then(|| {
        let message = format!("{name} has a source that is signed by a key file, and Dash Enterprise 5 imports no keys");
        let step = "Write the source into Aptfile as `:repo:deb [trusted=yes] …`, if its packages may be installed without a check of their signature, and delete the line here.";
        (SIGNED_SOURCE, source.options.unwrap_or(source.span), message, step.to_owned())
    })
}

fn moved(app: &App, file: &Parsed<AptSources>) -> Finding {
    let text = file.text.as_str();
    let name = file.path.name();
    let sources: Vec<&AptSource> = file.model.lines().iter().filter_map(source_of).collect();
    let draft = RULE.report(
        SOURCES,
        Subject::Whole,
        &file.path,
        match sources.len() {
            0 => format!("{name} names no package source, and Dash Enterprise 5 does not read it"),
            _ => {
                format!("{name} names package sources that Dash Enterprise 5 looks for in Aptfile")
            }
        },
    );
    let draft = match sources.first() {
        Some(source) => draft.span(source.span),
        None => draft,
    };
    match Destination::find(app) {
        Ok(destination) => {
            let draft = with_caveats(draft, name, text, &sources);
            draft.fix(destination.take_sources(file))
        }
        Err(broken) => draft.guide(mend_first(broken)),
    }
}

fn source_of(line: &SourceLine) -> Option<&AptSource> {
    match &line.content {
        SourceContent::Source(source) => Some(source),
        _ => None,
    }
}

/// What is left for a person after the move.
fn with_caveats(draft: Draft, name: &str, text: &str, sources: &[&AptSource]) -> Draft {
    let mut draft = draft;
    if sources.iter().any(|source| !source.is_trusted(text)) {
        draft = draft.step(
            "Dash Enterprise 5 imports no keys: a source that is not Ubuntu's own probably needs `[trusted=yes]`, as in `:repo:deb [trusted=yes] URL SUITE COMPONENT`. It switches the check of signatures off, so decide for each.",
        );
    }
    if name == "apt-sources-list" {
        draft = draft.step(
            "On Dash Enterprise 4 apt-sources-list took the place of Ubuntu's own sources; on Dash Enterprise 5 the sources in Aptfile come beside them. Check that no package comes from the wrong one.",
        );
    }
    draft
}

impl Destination<'_> {
    fn take_sources(&self, file: &Parsed<AptSources>) -> Fix {
        let text = file.text.as_str();
        let mut seen = self.known(|model| model.repositories().collect());
        let mut lines = Vec::new();
        for line in file.model.lines() {
            let source = source_of(line).map(|source| source.span.slice(text));
            let is_new = source.is_none_or(|source| seen.insert(source));
            if let Some(comment) = line.comment.map(|span| span.slice(text))
                && is_new
                && !self.has_comment(comment)
            {
                lines.push(comment.to_owned());
            }
            lines.extend(
                source
                    .filter(|_| is_new)
                    .map(|source| format!(":repo:{source}")),
            );
        }
        let name = file.path.name();
        let fix = match lines.len() {
            0 => Fix::safe(format!(
                "remove {name}, which says nothing more than Aptfile"
            )),
            _ => Fix::safe(format!("move the sources of {name} into Aptfile")),
        };
        self.take(fix, &file.path, &lines)
    }
}
