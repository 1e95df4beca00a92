//! DL313: code that Python cannot run: it does not parse, or cannot even be read. And files of the app
//! that are only pointers of Git LFS.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::app::{App, Reached, SourceFile};
use crate::python::{Parse, Source, SourceKind};
use crate::rules::{
    Case, Category, Check, Code, Draft, Finding, Inputs, Rule, Settings, SourceInputs, Stage,
    Subject,
};
use crate::text::{Position, Span, Text, lines};
use crate::tree::TreePath;

/// DL313.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(313),
    stem: "unreadable-source",
    category: Category::Must,
    summary: "code that Python cannot run, files that Git LFS keeps elsewhere",
    cases: &[UNREADABLE, UNREACHED, POINTERS],
    inputs: Inputs::files(&["Procfile", "project.toml", "app.json", ".gitattributes"])
        .sources(SourceInputs::Any)
        .scripts(),
    page: include_str!("../../../rules/DL313-unreadable-source.md"),
    check: Check::App(check),
};

const UNREADABLE: Case = Case::new("unreadable");
const UNREACHED: Case = Case::new("unreached");
const POINTERS: Case = Case::new("lfs-pointers");

/// How a pointer of Git LFS begins, by its specification.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// A pointer is not larger (bytes), by the same specification.
const LARGEST_POINTER: usize = 1024;

/// The most files that one finding shows.
const MOST_SHOWN: usize = 12;

/// Why a source does not run.
struct SourceFault {
    message: String,
    span: Option<Span>,
    position: Option<Position>,
    step: String,
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut dead = Vec::new();
    for file in app.sources() {
        let reached = app.reach().of_file(file.path());
        if file.kind() == SourceKind::Notebook && reached != Reached::Yes {
            continue;
        }
        let Some(fault) = fault(file) else {
            continue;
        };
        match reached {
            Reached::Yes => findings.push(report(file, &fault, Category::Must)),
            Reached::Unknown => findings.push(report(file, &fault, Category::Should)),
            Reached::No => dead.push((file, fault)),
        }
    }
    findings.extend(unreached(&dead));
    findings.extend(pointers(app));
    findings
}

fn report(file: &SourceFile, fault: &SourceFault, category: Category) -> Finding {
    let message = format!("{} {}", file.path().name(), fault.message);
    let draft = RULE
        .report(UNREADABLE, subject(file), file.path(), message)
        .stops(category == Category::Must, Stage::Start);
    let draft = place(draft, fault);
    draft.category(category).guide(fault.step.clone())
}

fn subject(file: &SourceFile) -> Subject {
    Subject::Path(file.path().as_str().to_owned())
}

fn place(draft: Draft, fault: &SourceFault) -> Draft {
    match (fault.span, fault.position) {
        (Some(span), _) => draft.span(span),
        (None, Some(position)) => draft.position(position),
        (None, None) => draft,
    }
}

/// Files that nothing starts: one finding, so that they are counted.
fn unreached(dead: &[(&SourceFile, SourceFault)]) -> Option<Finding> {
    let ((first, fault), others) = dead.split_first()?;
    let message = match others.len() {
        0 => format!(
            "{} {}; nothing starts it",
            first.path().name(),
            fault.message
        ),
        more => format!(
            "{} and {more} more files that nothing starts cannot be read as Python 3: {} {}",
            first.path().name(),
            first.path().name(),
            fault.message
        ),
    };
    let draft = place(
        RULE.report(UNREACHED, Subject::Whole, first.path(), message),
        fault,
    );
    let draft = others
        .iter()
        .take(MOST_SHOWN)
        .fold(draft, |draft, (file, fault)| {
            let span = fault.span.unwrap_or(Span::at(0));
            draft.evidence(file.path(), span, fault.message.clone())
        });
    Some(
        draft
            .category(Category::May)
            .guide("Remove what nobody uses any more, or mend it: no rule looked into it."),
    )
}

/// What keeps Python from running a file.
fn fault(file: &SourceFile) -> Option<SourceFault> {
    if file.bytes().is_some_and(is_pointer) {
        return Some(SourceFault {
            message: "is a pointer of Git LFS, not code".to_owned(),
            span: Some(Span::at(0)),
            position: None,
            step: "Fetch the file (`git lfs pull`) and keep code out of Git LFS (`git lfs untrack`): it is small.".to_owned(),
        });
    }
    let source = match file.source() {
        Ok(source) => source,
        Err(error) => {
            let why = error.map(ToString::to_string).or_else(|| file.failure());
            return Some(SourceFault {
                message: format!("cannot be read: {}", why.unwrap_or_default()),
                span: None,
                position: None,
                step: "Save the file as UTF-8 text that Python reads.".to_owned(),
            });
        }
    };
    if source.facts.parse == Parse::Parsed {
        return old_except(source);
    }
    let error = source.facts.error.as_ref();
    let span = error.map(|it| it.span);
    let shown = error.map_or("", |it| it.message.as_str());
    let line = span.map_or("", |span| line_at(&source.text, span));
    let (message, step) = if is_python_2(line) {
        (
            format!(
                "is Python 2 (`{}`), which no Python of Dash Enterprise 5 runs",
                cut(line)
            ),
            "Convert the file to Python 3 (`2to3 -w` makes a beginning), and run it there.",
        )
    } else if ["<<<<<<<", "=======", ">>>>>>>"]
        .iter()
        .any(|it| line.starts_with(it))
    {
        (
            "has a merge conflict that was not resolved".to_owned(),
            "Resolve the conflict and commit the file.",
        )
    } else {
        (
            format!("does not parse: {shown}"),
            "Mend the line; `python -m py_compile FILE` shows whether Python takes the file.",
        )
    };
    Some(SourceFault {
        message,
        span,
        position: None,
        step: step.to_owned(),
    })
}

/// `except ValueError, e:`, which Python 2 read and Python 3.14 reads otherwise: no Python of DE5.
fn old_except(source: &Source) -> Option<SourceFault> {
    let text = source.text.as_str();
    memchr::memmem::find(text.as_bytes(), b"except ")?;
    let old = lines(text).find(|line| {
        let code = line.span.slice(text).trim();
        let is_old = code.starts_with("except ") && code.contains(',') && !code.contains('(');
        let mut literals = source.facts.literals.iter();
        is_old && code.ends_with(':') && !literals.any(|it| it.span.collides(line.span))
    })?;
    Some(SourceFault {
        message: format!(
            "is Python 2 (`{}`), which no Python of Dash Enterprise 5 runs",
            cut(old.span.slice(text).trim())
        ),
        span: Some(old.span.trimmed(text)),
        position: None,
        step: "Write `except ERROR as NAME:`, and run the file on Python 3.".to_owned(),
    })
}

fn line_at(text: &Text, span: Span) -> &str {
    let mut all = lines(text.as_str());
    let found = all.find(|line| line.span.start <= span.start && span.start <= line.span.end);
    found
        .map_or("", |line| line.span.slice(text.as_str()))
        .trim()
}

/// Whether a line that Python 3 refuses is Python 2.
fn is_python_2(line: &str) -> bool {
    let statement = |word: &str| {
        let rest = line.strip_prefix(word);
        rest.is_some_and(|rest| {
            rest.starts_with([' ', '"', '\'']) && !rest.trim_start().starts_with(['(', '='])
        })
    };
    let raises = line.starts_with("raise ") && line.contains(", ") && !line.contains('(');
    let except = line.starts_with("except ") && line.contains(',') && !line.contains('(');
    let words = [" <> ", "ur\"", "ur'", "`"]
        .iter()
        .any(|it| line.contains(it));
    statement("print") || statement("exec") || raises || except || words
}

fn cut(line: &str) -> String {
    crate::rules::requirement_lists::short(line)
}

fn is_pointer(bytes: &[u8]) -> bool {
    bytes.len() <= LARGEST_POINTER && bytes.starts_with(POINTER)
}

/// Files of the app that Git LFS keeps elsewhere. Only those that `.gitattributes` gives to it are
/// opened.
fn pointers(app: &App) -> Option<Finding> {
    let patterns = patterns(app)?;
    let tree = app.tree();
    let inside = tree.under(app.root()).iter().filter(|entry| {
        let path = entry.path.as_str();
        patterns.matched(path, false).is_ignore()
            && SourceKind::of_name(entry.path.name()) != Some(SourceKind::Module)
    });
    let pointers =
        inside.filter(|entry| tree.read(&entry.path).is_ok_and(|bytes| is_pointer(&bytes)));
    let mut pointers: Vec<(bool, &TreePath)> = pointers
        .map(|entry| (!is_named(app, &entry.path), &entry.path))
        .collect();
    pointers.sort_unstable();
    let ((unnamed, first), others) = pointers.split_first()?;
    let files = if others.is_empty() {
        String::new()
    } else {
        format!(" and {} more files", others.len())
    };
    let are = if others.is_empty() {
        "is a pointer"
    } else {
        "are pointers"
    };
    let message = format!(
        "{first}{files} {are} of Git LFS: the file itself is not in this repository, and nothing says that a deploy to Dash Enterprise 5 fetches it"
    );
    let draft = RULE
        .report(POINTERS, Subject::Whole, first, message)
        .category(if *unnamed {
            Category::May
        } else {
            Category::Should
        });
    let draft = others
        .iter()
        .take(MOST_SHOWN)
        .fold(draft, |draft, (_, path)| {
            draft.evidence(path, Span::at(0), "a pointer, too")
        });
    Some(
        draft
            .alternative("Keep large data in the persistent filesystem (`../mount`) or a database.")
            .guide("Deploy from a folder in which `git lfs pull` has put the files, and look on the server whether they came; a pointer is a text of three lines."),
    )
}

/// Whether code that runs spells the name of the file.
fn is_named(app: &App, path: &TreePath) -> bool {
    let files = app.sources_with(&[path.name()]);
    files
        .iter()
        .any(|file| app.reach().of_file(file.path()) != Reached::No)
}

/// What `.gitattributes` of the app and of the repository give to Git LFS.
fn patterns(app: &App) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new("");
    let mut any = false;
    for folder in [TreePath::root(), app.root().clone()] {
        let Ok(bytes) = app.tree().read(&folder.child(".gitattributes")) else {
            continue;
        };
        let Ok(text) = Text::decode(&bytes) else {
            continue;
        };
        for line in lines(text.as_str()) {
            let mut words = line.span.slice(text.as_str()).split_whitespace();
            if let Some(pattern) = words.next()
                && words.any(|word| word == "filter=lfs")
            {
                any |= builder.add_line(None, pattern).is_ok();
            }
        }
    }
    builder.build().ok().filter(|_| any)
}
