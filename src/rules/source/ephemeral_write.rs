//! DL309: files that an app writes in one place and reads in another, outside the persistent
//! filesystem. Absolute paths that look mapped are DL301's.

use super::directory_mapping::{looks_mapped, persistent_filesystem, shorten};
use crate::app::{App, Reached, SourceFile};
use crate::python::{Literal, SourceKind};
use crate::rules::data::file_calls::{Does, FILE_WORDS, WRITE_WORDS, is_system_path};
use crate::rules::facts::file_use::{FileUse, Follower};
use crate::rules::{
    Case, Category, Check, Code, Finding, Inputs, Rule, Settings, SourceInputs, Subject,
};
use crate::text::Span;
use crate::tree::TreePath;

/// DL309.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(309),
    stem: "ephemeral-write",
    category: Category::May,
    summary: "files that the app writes and reads again, outside the persistent filesystem",
    cases: &[WRITTEN],
    inputs: Inputs::NONE.sources(SourceInputs::Any),
    page: include_str!("../../../rules/DL309-ephemeral-write.md"),
    check: Check::App(check),
};

const WRITTEN: Case = Case::new("written");

/// Absolute folders where an app may write on both platforms.
const WRITABLE: &[&str] = &["/app", "/tmp", "/var", "/opt"];

/// The most writes of one file that are looked at.
const MOST_WRITES: usize = 64;

/// One file in use.
struct Use<'s> {
    path: String,
    does: Does,
    file: &'s TreePath,
    scope: usize,
    literal: Span,
    span: Span,
}

fn check(app: &App, _: &Settings) -> Vec<Finding> {
    let sources = app.sources();
    if !sources.iter().any(|file| file.holds(&WRITE_WORDS)) {
        return Vec::new();
    }
    let mut uses = Vec::new();
    for file in sources.iter().filter(|file| is_part_of_app(app, file)) {
        gather(app, file, &mut uses);
    }
    uses.sort_by(|a, b| (&a.path, a.file, a.span).cmp(&(&b.path, b.file, b.span)));
    let groups = uses.chunk_by(|a, b| a.path == b.path);
    groups.filter_map(|group| finding(app, group)).collect()
}

/// Whether a file runs with the app: notebooks, tests, and what nothing starts do not.
fn is_part_of_app(app: &App, file: &SourceFile) -> bool {
    let path = file.path().as_str();
    let below = path.strip_prefix(app.root().as_str()).unwrap_or(path);
    let is_test = below.split('/').any(|part| part.starts_with("test"));
    file.kind() == SourceKind::Module
        && !is_test
        && file.holds(&FILE_WORDS)
        && app.reach().of_file(file.path()) != Reached::No
}

fn gather<'a>(app: &App, file: &'a SourceFile, uses: &mut Vec<Use<'a>>) {
    let Some((text, facts)) = file.facts() else {
        return;
    };
    let follower = Follower::new(facts, text.as_str());
    let literals = facts.texts().filter(|(number, literal)| {
        let is_joined = facts.constants_of(*number).next().is_some();
        may_name_file(literal) && (is_joined || literal.value.contains(['/', '.']))
    });
    for (number, literal) in literals {
        let files = follower.fate(number).files.into_iter();
        let files = files.filter_map(|used| {
            let path = in_app_or_writable(&used)?;
            let does = match used.does {
                // A database that is in the repository may only be read.
                Does::Both if app.has(&path) => Does::Read,
                other => other,
            };
            Some(Use {
                path,
                does,
                file: file.path(),
                scope: used.scope,
                literal: literal.span,
                span: used.span,
            })
        });
        uses.extend(files);
    }
}

/// Whether a literal may be the beginning of a path: the quick look before it is followed.
fn may_name_file(literal: &Literal) -> bool {
    let value = literal.value.as_str();
    let odd = |c: char| c.is_control() || "<>{}|\"?^$;*%".contains(c);
    literal.site != 0 && !value.is_empty() && !value.contains(odd) && !value.contains("://")
}

/// The path of a use as seen from the app folder, if all of it is known and no other rule speaks of
/// it.
fn in_app_or_writable(used: &FileUse) -> Option<String> {
    let mut path = used.path.as_str();
    while let Some(rest) = path.strip_prefix("./") {
        path = rest;
    }
    let is_absolute = path.starts_with('/');
    let is_writable = WRITABLE.iter().any(|folder| path.starts_with(folder));
    let is_elsewhere = path.starts_with(['~', '\\']) || path.starts_with("..");
    if !used.complete || is_elsewhere || path.ends_with('/') {
        return None;
    }
    if is_absolute && (!is_writable || !is_system_path(path) || looks_mapped(path)) {
        return None;
    }
    let path = path.strip_prefix("/app/").unwrap_or(path);
    Some(path.to_owned())
}

/// The finding about the uses of one file, if one place writes what another one reads.
fn finding(app: &App, uses: &[Use]) -> Option<Finding> {
    let writes = uses
        .iter()
        .filter(|used| matches!(used.does, Does::Write | Does::Both))
        .take(MOST_WRITES);
    let pairs = writes.flat_map(|write| uses.iter().map(move |read| (write, read)));
    let (write, read) = pairs.into_iter().find(|(write, read)| {
        let reads = matches!(read.does, Does::Read | Does::Both);
        let apart = (write.file, write.scope) != (read.file, read.scope);
        // A script that writes what the repository holds was run before the deploy.
        let is_prepared = write.file != read.file && app.has(&write.path);
        reads && apart && !is_prepared
    })?;
    let message = format!(
        "`{}` is written by the app and read again, outside the persistent filesystem",
        shorten(&write.path)
    );
    let mut draft = RULE
        .report(
            WRITTEN,
            Subject::Path(write.path.clone()),
            write.file,
            message,
        )
        .span(write.literal)
        .evidence(read.file, read.span, "read here");
    if write.span != write.literal {
        draft = draft.evidence(write.file, write.span, "written here");
    }
    Some(persistent_filesystem(draft).guide(
        "Keep the file below `../mount` if other processes of the app, or the app after its next deploy, need what it holds: the persistent filesystem is what they share.",
    ))
}
