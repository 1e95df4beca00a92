//! DL103: an `Aptfile` that DE5 would misread. Names that Ubuntu 22.04 does not have are said of
//! `apt-packages` too, so that they are known before the file is moved (DL102).

use crate::app::{App, FileState, Parsed};
use crate::files::apt::sources::{AptSource, SourceContent, read};
use crate::files::apt::{PackageLine, bare_name, name_problem};
use crate::files::aptfile::{AptContent, AptLine, Aptfile};
use crate::rules::data::apt::gone;
use crate::rules::support::unreadable;
use crate::rules::{
    Case, Category, Check, Code, Edit, Finding, Fix, Inputs, Rule, Settings, Subject,
};
use crate::text::{Span, Text};
use crate::tree::TreePath;

/// DL103.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(103),
    stem: "aptfile",
    category: Category::Must,
    summary: "an `Aptfile` that Dash Enterprise 5 would misread",
    cases: &[
        UNREADABLE,
        ENCODING,
        LINE_ENDS,
        INDENTED_REPOSITORY,
        COMMENT,
        STRANGE_WORD,
        GONE,
        REPOSITORY,
    ],
    inputs: Inputs::files(&[
        "Aptfile",
        "apt-packages",
        "apt-repositories",
        "apt-sources-list",
    ]),
    page: include_str!("../../../rules/DL103-aptfile.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const ENCODING: Case = Case::new("encoding");
const LINE_ENDS: Case = Case::new("line-ends");
const INDENTED_REPOSITORY: Case = Case::new("indented-repository");
const COMMENT: Case = Case::new("comment");
const STRANGE_WORD: Case = Case::new("strange-word");
const GONE: Case = Case::new("gone");
const REPOSITORY: Case = Case::new("repository");

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let mut findings = match app.aptfile() {
        FileState::Absent => Vec::new(),
        FileState::Broken(broken) => vec![
            unreadable(&RULE, UNREADABLE, broken)
                .guide("Mend Aptfile; nothing is moved into it until it can be read."),
        ],
        FileState::Present(file) => aptfile(file),
    };
    if let FileState::Present(file) = app.apt_packages() {
        let names = file.model.names();
        findings.extend(names.filter_map(|name| missing(&file.path, &file.text, name)));
    }
    findings
}

fn aptfile(file: &Parsed<Aptfile>) -> Vec<Finding> {
    let lines = file.model.lines().iter();
    let mut findings: Vec<Finding> = encoding(file).into_iter().chain(line_ends(file)).collect();
    findings.extend(lines.flat_map(|line| match &line.content {
        AptContent::Blank | AptContent::Comment => Vec::new(),
        AptContent::Repository(source) => repository(file, *source).into_iter().collect(),
        AptContent::IndentedRepository(source) => {
            let mut found = vec![indented_repository(file, line)];
            found.extend(repository(file, *source));
            found
        }
        AptContent::Names(names) => {
            let mut found: Vec<Finding> = comment(file, names).into_iter().collect();
            found.extend(names.names.iter().filter_map(|name| word(file, *name)));
            found
        }
    }));
    findings
}

fn encoding(file: &Parsed<Aptfile>) -> Option<Finding> {
    let encoding = file.text.encoding();
    if encoding.is_plain_utf8() {
        return None;
    }
    let message = format!(
        "Aptfile is written in {}, which Dash Enterprise 5 reads as part of a package name",
        encoding.name()
    );
    let fix = Fix::safe("write Aptfile in UTF-8").edit(Edit::Reencode {
        path: file.path.clone(),
    });
    Some(
        RULE.report(ENCODING, Subject::Whole, &file.path, message)
            .fix(fix),
    )
}

fn line_ends(file: &Parsed<Aptfile>) -> Option<Finding> {
    let text = file.text.as_str();
    let ends = file.model.lines().iter().map(|line| line.end);
    let wrong: Vec<Span> = ends.filter(|end| end.slice(text).contains('\r')).collect();
    let first = wrong.first()?;
    let title = "give Aptfile line feeds as line ends";
    let fix = wrong.iter().fold(Fix::safe(title), |fix, end| {
        fix.edit(Edit::replace(&file.path, *end, "\n"))
    });
    let message = "Aptfile has Windows or Mac line ends, which Dash Enterprise 5 reads as part of a package name";
    Some(
        RULE.report(LINE_ENDS, Subject::Whole, &file.path, message)
            .span(*first)
            .fix(fix),
    )
}

fn indented_repository(file: &Parsed<Aptfile>, line: &AptLine) -> Finding {
    let text = line.span.slice(file.text.as_str());
    let indent = text.len() - text.trim_ascii_start().len();
    let blanks = Span::new(line.span.start, line.span.start + indent);
    let fix = Fix::safe("move `:repo:` to column one").edit(Edit::replace(&file.path, blanks, ""));
    let message =
        "`:repo:` is not in column one, so Dash Enterprise 5 reads the line as package names";
    RULE.report(
        INDENTED_REPOSITORY,
        Subject::text(text),
        &file.path,
        message,
    )
    .span(Span::new(blanks.end, line.span.end))
    .fix(fix)
}

/// A comment that is none to DE5, because something stands before its `#`.
fn comment(file: &Parsed<Aptfile>, line: &PackageLine) -> Option<Finding> {
    let comment = line.comment?;
    let text = file.text.as_str();
    let (kind, title, edit) =
        if let (Some(first), Some(last)) = (line.names.first(), line.names.last()) {
            let names = Span::new(first.start, last.end).slice(text);
            let span = Span::new(line.span.start, comment.end);
            let lines = format!("{}\n{names}", comment.slice(text));
            (
                "stands behind names",
                "move the comment to a line of its own",
                Edit::replace(&file.path, span, lines),
            )
        } else {
            let blanks = Span::new(line.span.start, comment.start);
            (
                "does not begin in column one",
                "move the comment to column one",
                Edit::replace(&file.path, blanks, ""),
            )
        };
    let message =
        format!("a comment {kind}, so Dash Enterprise 5 reads its words as package names");
    Some(
        RULE.report(
            COMMENT,
            Subject::text(comment.slice(file.text.as_str())),
            &file.path,
            message,
        )
        .span(comment)
        .fix(Fix::safe(title).edit(edit)),
    )
}

fn word(file: &Parsed<Aptfile>, name: Span) -> Option<Finding> {
    let word = name.slice(file.text.as_str());
    let Some(problem) = name_problem(word) else {
        return missing(&file.path, &file.text, name);
    };
    let finding = RULE.report(STRANGE_WORD, Subject::text(word), &file.path, format!("`{word}` in Aptfile {problem}"))
        .span(name)
        .guide("Write the package's name as Ubuntu 22.04 has it, or the URL of a .deb file, or take the word out: an unknown package fails the build.");
    Some(finding)
}

/// A package that Ubuntu 22.04 does not have. The sentence is the same wherever the name stands:
/// it moves with the file.
fn missing(path: &TreePath, text: &Text, name: Span) -> Option<Finding> {
    let word = name.slice(text.as_str());
    let row = gone(bare_name(word))?;
    let what = match (row.snap, row.script) {
        (true, _) => "is a stub of a snap in Ubuntu 22.04",
        (_, true) => "works only when its script runs",
        _ => "is not in Ubuntu 22.04",
    };
    let message = format!("`{word}` {what}: {}", row.reason);
    let draft = RULE
        .report(GONE, Subject::text(word), path, message)
        .span(name);
    if row.snap {
        return Some(draft.guide("Take the package out: nothing runs after it is unpacked. A .deb of the browser itself, by its URL in Aptfile, brings one, in the folder of the Aptfile's packages and not in /usr/bin; code that starts a browser (selenium) has to be told where."));
    }
    if row.script {
        return Some(draft.category(Category::Should).guide("Look for what its script does (`dpkg -e` shows it) and do that without root in the app's own folder, as `ODBCSYSINI` names a folder for odbcinst.ini; or take another driver, as FreeTDS."));
    }
    Some(match &row.replacement {
        Some(new) => draft.guide(format!(
            "Write `{new}` instead, or take the package out if nothing needs it any more; then try the app, because it is another version."
        )),
        None => draft.guide("Take the package out and find out what needed it; an unknown package fails the build."),
    })
}

fn repository(file: &Parsed<Aptfile>, source: Span) -> Option<Finding> {
    let text = file.text.as_str();
    let (message, span) = match read(text, source).0 {
        SourceContent::Blank => (
            "`:repo:` without a package source behind it".to_owned(),
            source,
        ),
        SourceContent::Ppa(span) => (
            format!(
                "`{}` is a PPA, which Dash Enterprise 5 does not take",
                span.slice(text)
            ),
            span,
        ),
        SourceContent::Unreadable(problem) => (
            format!("`:repo:` with {} behind it", problem.message),
            problem.span,
        ),
        SourceContent::Source(source) => other_system(text, &source)?,
    };
    let finding = RULE.report(REPOSITORY, Subject::text(span.slice(text)), &file.path, message)
        .span(span)
        .guide("Write the source as `:repo:deb URL jammy COMPONENT`, built for Ubuntu 22.04, or take the line out if Ubuntu has the packages by itself.");
    Some(finding)
}

fn other_system(text: &str, source: &AptSource) -> Option<(String, Span)> {
    let system = source.other_system(text)?;
    let message =
        format!("a package source built for {system}; Dash Enterprise 5 runs Ubuntu 22.04 (jammy)");
    Some((message, source.suite))
}
