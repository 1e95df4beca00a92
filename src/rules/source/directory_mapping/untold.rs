//! Absolute paths that nobody told about: shown only if the code uses them as files, and if they
//! are no folder that every machine has.

use super::target::{MovedMapping, holding};
use super::{PERSONAL, RULE, SUSPECT, persistent_filesystem, shorten};
use crate::app::{App, SourceFile};
use crate::python::{Constant, ConstantKind, Facts};
use crate::rules::data::file_calls::{FILE_WORDS, holds_folders, is_personal_path, is_system_path};
use crate::rules::facts::file_use::{Fate, Follower};
use crate::rules::{Category, Effort, Finding, Subject};
use crate::text::Span;
use crate::tree::TreePath;

/// A path that looks mapped.
struct Suspect<'s> {
    /// The file that spells it.
    path: &'s TreePath,
    /// The literal.
    span: Span,
    /// As far as it is known.
    value: String,
    /// Where it is used as a file.
    used: (&'s TreePath, Span),
}

/// A path that a module gives a name, which another module may use.
struct NamedPath<'s> {
    path: &'s TreePath,
    span: Span,
    value: &'s str,
    /// `config.DATA`.
    name: String,
}

/// Words of which a file that spells an absolute path holds one.
const ABSOLUTE_WORDS: &[&str] = &["\"/", "'/", "os.sep", "path.sep"];

/// Words of which a file that opens none holds one if it gives a path a name.
const NAMING_WORDS: &[&str] = &["= \"/", "= '/", ", \"/", ", '/"];

/// The most names of an app that are looked for in its other modules.
const MOST_NAMED: usize = 64;

/// The findings of all sources of an app.
pub(super) fn check(app: &App, targets: &[MovedMapping]) -> Vec<Finding> {
    let mut suspects = Vec::new();
    let mut named = Vec::new();
    for file in app.sources() {
        if file.mentions(ABSOLUTE_WORDS) {
            search_paths(file, targets, &mut suspects, &mut named);
        }
    }
    for name in named.iter().take(MOST_NAMED) {
        suspects.extend(used_elsewhere(app, name));
    }
    suspects.iter().map(finding).collect()
}

/// Whether a path outside the app looks like one of a directory mapping: absolute, plain, in no
/// folder of the system or of a person.
pub(in crate::rules) fn looks_mapped(path: &str) -> bool {
    is_plain(path) && !is_system_path(path)
}

fn search_paths<'a>(
    file: &'a SourceFile,
    targets: &[MovedMapping],
    suspects: &mut Vec<Suspect<'a>>,
    named: &mut Vec<NamedPath<'a>>,
) {
    let uses_files = file.holds(&FILE_WORDS);
    if !uses_files && !file.mentions(NAMING_WORDS) {
        return;
    }
    let Some((text, facts)) = file.facts() else {
        return;
    };
    let follower = Follower::new(facts, text.as_str());
    for (number, literal) in facts.texts() {
        let is_absolute = literal.value.starts_with('/') && literal.site != 0;
        if !is_absolute || holding(targets, &literal.value).is_some() {
            continue;
        }
        let fate = follower.fate(number);
        if uses_files && let Some((value, used)) = used_as_file(&fate, targets) {
            suspects.push(Suspect {
                path: file.path(),
                span: literal.span,
                value,
                used: (file.path(), used),
            });
        } else if looks_mapped(&literal.value) && !fate.is_address && fate.is_first {
            let variables = fate.names.iter();
            named.extend(variables.filter_map(|variable| {
                Some(NamedPath {
                    path: file.path(),
                    span: literal.span,
                    value: &literal.value,
                    name: name_of(facts, file.path(), *variable)?,
                })
            }));
        }
    }
    let joined = facts.constants.iter().filter(|it| is_from_root(it));
    suspects.extend(joined.filter(|_| uses_files).filter_map(|constant| {
        let (value, used) = used_as_file(&follower.fate_of_constant(constant), targets)?;
        Some(Suspect {
            path: file.path(),
            span: constant.span,
            value,
            used: (file.path(), used),
        })
    }));
}

/// Whether a text begins with a `/` that no literal spells: `os.path.join(os.sep, "data")`.
fn is_from_root(constant: &Constant) -> bool {
    let first = constant.pieces.first();
    constant.kind != ConstantKind::Name
        && first.is_some_and(|piece| {
            piece.text.as_deref() == Some("/")
                && piece.literal.is_none()
                && piece.variable.is_none()
        })
}

/// The path of a text that is opened, listed or made somewhere, and where.
fn used_as_file(fate: &Fate, targets: &[MovedMapping]) -> Option<(String, Span)> {
    if fate.is_reset {
        return None;
    }
    let mut files = fate.files.iter();
    let found =
        files.find(|file| looks_mapped(&file.path) && holding(targets, &file.path).is_none())?;
    Some((found.path.clone(), found.span))
}

/// A path as people write one, in a folder: not a pattern, an address or prose.
fn is_plain(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else {
        return false;
    };
    let begins = rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let odd = |c: char| c.is_control() || "<>{}|\"?\\^$;".contains(c);
    let first = rest.split('/').next().unwrap_or_default();
    let is_file_of_the_root = !rest.contains('/') && first.contains('.');
    begins && !rest.contains(odd) && !is_file_of_the_root && !rest.contains("://")
}

/// The name of a variable as another module writes it, behind what it calls the module's folder.
fn name_of(facts: &Facts, path: &TreePath, variable: usize) -> Option<String> {
    let variable = facts.variables.get(variable)?;
    let stem = path.name().rsplit_once('.').map(|(stem, _)| stem)?;
    let folder = path.parent();
    let module = if stem == "__init__" {
        folder.name()
    } else {
        stem
    };
    let is_simple = variable.bindings.len() == 1 && !variable.name.contains('.');
    (is_simple && !module.is_empty()).then(|| format!("{module}.{}", variable.name))
}

/// The use of a module's name in another module, in a call that takes a path.
fn used_elsewhere<'a>(app: &'a App, named: &NamedPath<'a>) -> Option<Suspect<'a>> {
    let (_, variable) = named.name.rsplit_once('.')?;
    let mut files = app.sources().iter();
    let used = files.find_map(|file| {
        let is_other = file.path() != named.path;
        if !is_other || !file.mentions(&[variable]) || !file.holds(&FILE_WORDS) {
            return None;
        }
        let (text, facts) = file.facts()?;
        let follower = Follower::new(facts, text.as_str());
        let span = use_of_name(facts, &follower, &named.name)?;
        Some((file.path(), span))
    })?;
    Some(Suspect {
        path: named.path,
        span: named.span,
        value: named.value.to_owned(),
        used,
    })
}

fn use_of_name(facts: &Facts, follower: &Follower, name: &str) -> Option<Span> {
    let is_it = |found: &str| {
        let rest = found.strip_suffix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let references = facts.references.iter().filter(|it| is_it(&it.name));
    let direct = references.map(|it| follower.fate_of_argument(it.span));
    let joined = facts.constants.iter().filter(|constant| {
        let first = constant.pieces.first();
        first.is_some_and(|piece| piece.name.as_deref().is_some_and(is_it))
    });
    let joined = joined.map(|constant| follower.fate_of_constant(constant));
    let mut fates = direct.chain(joined);
    fates.find_map(|fate| fate.files.first().map(|file| file.span))
}

fn finding(suspect: &Suspect) -> Finding {
    if is_personal_path(&suspect.value) {
        return personal(suspect);
    }
    let folder = folder(&suspect.value);
    let message = format!(
        "`{}` is used as a file outside the app; if {folder} is a directory mapping, Dash Enterprise 5 has none",
        shorten(&suspect.value)
    );
    let draft = RULE.report(SUSPECT, Subject::Path(suspect.value.clone()), suspect.path, message)
        .span(suspect.span)
        .category(Category::Should)
        .evidence(suspect.used.0, suspect.used.1, "used as a file here")
        .effort(Effort::Hours)
        .command(
            format!(
                "Ask who runs the Dash Enterprise 4 server whether {folder} is a directory mapping of the app. If so, tell the two folders and dashlift writes `../mount` in the code:"
            ),
            format!("dashlift diff --unsafe-fixes --mapping HOST:{folder}"),
        );
    persistent_filesystem(draft).done()
}

/// A path of the machine that somebody wrote the code on. A mapping may have the same name.
fn personal(suspect: &Suspect) -> Finding {
    let message = format!(
        "`{}` is used as a file and is a path of another machine, as people and notebook services have them",
        shorten(&suspect.value)
    );
    RULE.report(PERSONAL, Subject::Path(suspect.value.clone()), suspect.path, message)
        .span(suspect.span)
        .category(Category::May)
        .evidence(suspect.used.0, suspect.used.1, "used as a file here")
        .guide("Put the file into the repository, or into the app's persistent filesystem (`../mount` from the app folder), and write the path from the app folder.")
}

/// The folder that would be mapped: the first part of a path, or the one below a folder that only
/// holds others.
fn folder(path: &str) -> &str {
    let end_of = |from: usize| {
        let rest = path.get(from..).unwrap_or_default();
        rest.find('/').map_or(path.len(), |end| from + end)
    };
    let mut end = end_of(1);
    if holds_folders(path.get(..end).unwrap_or(path)) && end < path.len() {
        end = end_of(end + 1);
    }
    path.get(..end).unwrap_or(path)
}
