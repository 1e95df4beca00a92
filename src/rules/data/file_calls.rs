//! Calls that take a path and what they do with it, and the absolute paths that belong to the
//! system.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::table;
use crate::python::{Call, Needles, Slot};

/// What a call does with the file that its argument names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::rules) enum Does {
    /// Reads it.
    Read,
    /// Writes it.
    Write,
    /// Neither: looks whether it is there, lists it, makes it, moves it.
    Look,
    /// Reads and writes it: a database.
    Both,
    /// What its argument `mode` says.
    Mode,
}

/// Where a relative path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::rules) enum Base {
    /// At the working directory.
    #[default]
    Program,
    /// At the folder of the module that calls.
    Module,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCallRow {
    of: String,
    names: Vec<String>,
    #[serde(default)]
    at: Vec<usize>,
    #[serde(default)]
    keywords: Vec<String>,
    does: Does,
    #[serde(default)]
    base: Base,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodRow {
    names: Vec<String>,
    at: Vec<usize>,
    #[serde(default)]
    keywords: Vec<String>,
    does: Does,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Receiver {
    read: Vec<String>,
    write: Vec<String>,
    look: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Web {
    callees: Vec<String>,
    keywords: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shell {
    callees: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Elsewhere {
    keywords: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Telling {
    keywords: Vec<String>,
    methods: Vec<String>,
    variables: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CallSearch {
    common: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCallTable {
    call: Vec<FileCallRow>,
    method: Vec<MethodRow>,
    receiver: Receiver,
    web: Web,
    shell: Shell,
    elsewhere: Elsewhere,
    telling: Telling,
    search: CallSearch,
}

static TABLE: LazyLock<FileCallTable> = LazyLock::new(|| table!("file_calls"));

/// One argument that is a path.
#[derive(Debug, Clone, Copy)]
struct Takes {
    at: &'static [usize],
    keywords: &'static [String],
    does: Does,
    base: Base,
}

static CALLS: LazyLock<HashMap<String, Vec<Takes>>> = LazyLock::new(|| {
    let mut calls: HashMap<String, Vec<Takes>> = HashMap::new();
    for row in &TABLE.call {
        for name in &row.names {
            calls
                .entry(full_name(&row.of, name))
                .or_default()
                .push(Takes {
                    at: &row.at,
                    keywords: &row.keywords,
                    does: row.does,
                    base: row.base,
                });
        }
    }
    calls
});

static METHODS: LazyLock<HashMap<&str, Takes>> = LazyLock::new(|| {
    let rows = TABLE.method.iter();
    let of_row = |row: &'static MethodRow| {
        let takes = Takes {
            at: &row.at,
            keywords: &row.keywords,
            does: row.does,
            base: Base::Program,
        };
        row.names.iter().map(move |name| (name.as_str(), takes))
    };
    rows.flat_map(of_row).collect()
});

/// What a file holds if a text of it can name a file: the names of the calls.
pub(in crate::rules) static FILE_WORDS: LazyLock<Needles> = LazyLock::new(|| words(|_| true));

/// What a file of an app holds if the app writes a file: the names of the calls that do, or a mode.
pub(in crate::rules) static WRITE_WORDS: LazyLock<Needles> = LazyLock::new(|| {
    let names = words(|does| matches!(does, Does::Write | Does::Both));
    names.or(holds_write_mode)
});

/// Whether a text in quotes is a mode that writes: `"w"`, `'ab'`, `"r+"`.
fn holds_write_mode(bytes: &[u8]) -> bool {
    memchr::memchr2_iter(b'"', b'\'', bytes).any(|quote| {
        let behind = bytes.get(quote + 1..).unwrap_or_default();
        let end = behind
            .iter()
            .take(MODE + 1)
            .position(|byte| is_quote(*byte));
        let mode = end.and_then(|end| behind.get(..end));
        mode.is_some_and(is_write_mode)
    })
}

/// The most characters of a mode.
const MODE: usize = 5;

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'')
}

fn is_write_mode(mode: &[u8]) -> bool {
    let rest = match mode {
        [b'r' | b'b' | b't', rest @ ..] => rest,
        _ => mode,
    };
    match rest {
        [b'w' | b'a' | b'x', rest @ ..] => is_mode_end(rest),
        [b'+', rest @ ..] | [b'b' | b't', b'+', rest @ ..] => {
            mode.starts_with(b"r") && is_mode_end(rest)
        }
        _ => false,
    }
}

fn is_mode_end(rest: &[u8]) -> bool {
    rest.len() <= 2 && rest.iter().all(|byte| b"bt+".contains(byte))
}

/// The names of the calls and methods that do something with a file.
fn words(wanted: impl Fn(Does) -> bool) -> Needles {
    let mut names: Vec<String> = Vec::new();
    for row in TABLE.call.iter().filter(|row| wanted(row.does)) {
        if row.at.is_empty() {
            names.extend(row.keywords.iter().cloned());
        } else {
            let of_row = row.names.iter().map(|name| full_name(&row.of, name));
            names.extend(of_row.map(|name| word_of(&name)));
        }
    }
    let methods = TABLE.method.iter().filter(|row| wanted(row.does));
    names.extend(methods.flat_map(|row| row.names.iter().cloned()));
    let receiver = &TABLE.receiver;
    for (does, list) in [(Does::Read, &receiver.read), (Does::Write, &receiver.write)] {
        names.extend(list.iter().filter(|_| wanted(does)).cloned());
    }
    Needles::names(names.iter().map(String::as_str))
}

/// What code that calls a function holds: its last part, or what is in front of one that is common.
fn word_of(name: &str) -> String {
    let (module, last) = name.rsplit_once('.').unwrap_or(("", name));
    if !has(&TABLE.search.common, last) {
        return last.to_owned();
    }
    match module {
        "os" => name.to_owned(),
        "sys.path" => module.to_owned(),
        _ => last_part(module).trim_end_matches("()").to_owned(),
    }
}

fn full_name(of: &str, name: &str) -> String {
    if of.is_empty() {
        name.to_owned()
    } else {
        format!("{of}.{name}")
    }
}

/// What a call does with the file that the argument in this slot names; `None` if that argument
/// is no path, or nobody knows.
pub(in crate::rules) fn takes_path(call: &Call, slot: &Slot) -> Option<(Does, Base)> {
    let known = CALLS.get(call.callee.as_str()).map(Vec::as_slice);
    let method = call.callee.rsplit_once('.');
    let method = method.and_then(|(_, name)| METHODS.get(name));
    let mut all = known.unwrap_or_default().iter().chain(method);
    if TABLE
        .elsewhere
        .keywords
        .iter()
        .any(|name| call.has_keyword(name))
    {
        return None;
    }
    let takes = all.find(|takes| match slot {
        Slot::Position(at) => takes.at.contains(at),
        Slot::Keyword(name) => takes.keywords.contains(name),
        Slot::Unpacked => false,
    })?;
    Some((takes.does, takes.base))
}

/// Whether the argument in this slot is a file or folder if it spells a folder that is known: any
/// call that [`takes_path`], and those whose names say so.
pub(in crate::rules) fn tells_path(call: &Call, slot: &Slot) -> bool {
    let telling = &TABLE.telling;
    let method = last_part(&call.callee);
    let is_told = match slot {
        Slot::Keyword(name) if has(&telling.keywords, name) => !has(&TABLE.web.callees, method),
        Slot::Unpacked => false,
        _ => method.len() < call.callee.len() && has(&telling.methods, method),
    };
    is_told || takes_path(call, slot).is_some()
}

/// Whether the name of a variable or key says that it holds a file or folder: `DATA_DIR`.
pub(in crate::rules) fn tells_file(name: &str) -> bool {
    let last = name.rsplit(['_', '.']).next().unwrap_or(name);
    let mut known = TABLE.telling.variables.iter();
    known.any(|known| last.eq_ignore_ascii_case(known))
}

/// What a method of a path object does with the file: `path.read_text()`.
pub(in crate::rules) fn path_method(name: &str) -> Option<Does> {
    let receiver = &TABLE.receiver;
    if has(&receiver.read, name) {
        Some(Does::Read)
    } else if has(&receiver.write, name) {
        Some(Does::Write)
    } else {
        has(&receiver.look, name).then_some(Does::Look)
    }
}

/// Whether the argument in this slot is a route, an address, a pattern, or another thing than the
/// path of a call that takes one: a key in a file.
pub(in crate::rules) fn takes_address(call: &Call, slot: &Slot) -> bool {
    let (object, name) = call.callee.rsplit_once('.').unwrap_or(("", &call.callee));
    let opens = CALLS.contains_key(call.callee.as_str())
        || (!object.is_empty() && METHODS.contains_key(name));
    match slot {
        Slot::Position(_) => opens || has(&TABLE.web.callees, name),
        Slot::Keyword(keyword) => is_address_name(keyword),
        Slot::Unpacked => false,
    }
}

/// Whether a keyword or the key of a dictionary says that its value is an address.
pub(in crate::rules) fn is_address_name(name: &str) -> bool {
    has(&TABLE.web.keywords, name)
}

/// Whether a shell reads the call's text, or a program gets it.
pub(in crate::rules) fn runs_shell(callee: &str) -> bool {
    has(&TABLE.shell.callees, callee)
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known == name)
}

fn last_part(callee: &str) -> &str {
    callee.rsplit('.').next().unwrap_or(callee)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SystemTable {
    system: Vec<String>,
    data: Vec<String>,
    personal: Vec<String>,
    holders: Vec<String>,
}

static SYSTEM: LazyLock<SystemTable> = LazyLock::new(|| table!("system_paths"));

/// Whether an absolute path lies in a folder that every image has.
pub(in crate::rules) fn is_system_path(path: &str) -> bool {
    is_below_any(path, &SYSTEM.system) && !is_below_any(path, &SYSTEM.data)
}

/// Whether an absolute path lies in the home of a person or of a notebook server.
pub(in crate::rules) fn is_personal_path(path: &str) -> bool {
    is_below_any(path, &SYSTEM.personal)
}

/// Whether a folder only holds other folders, so that a mapped one is below it.
pub(in crate::rules) fn holds_folders(path: &str) -> bool {
    SYSTEM.holders.iter().any(|holder| holder == path)
}

/// Whether `path` is `folder` or lies in it: `/data` holds `/data/x`, not `/database`.
pub(in crate::rules) fn is_below(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_below_any(path: &str, folders: &[String]) -> bool {
    folders.iter().any(|folder| is_below(path, folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_a_dotted_name_with_a_path() {
        let strict: FileCallTable = crate::tables::strict("file_calls");
        let dotted = |name: &str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "_.()".contains(c);
            !name.is_empty() && name.chars().all(plain) && !name.starts_with('.')
        };
        let mut seen = BTreeSet::new();
        for row in &strict.call {
            assert!(!row.at.is_empty() || !row.keywords.is_empty(), "{row:?}");
            for name in &row.names {
                let name = full_name(&row.of, name);
                assert!(dotted(&name), "{name}");
                assert!(
                    seen.insert((name.clone(), row.at.clone())),
                    "{name} stands twice"
                );
            }
        }
        for row in &strict.method {
            for name in &row.names {
                assert!(dotted(name) && !name.contains('.'), "{name}");
                assert!(seen.insert((name.clone(), Vec::new())), "{name} twice");
            }
        }
        for names in [&strict.web.callees, &strict.web.keywords] {
            let unique: BTreeSet<_> = names.iter().collect();
            assert_eq!(unique.len(), names.len());
            assert!(names.iter().all(|name| dotted(name)));
        }
        assert!(strict.elsewhere.keywords.iter().all(|name| dotted(name)));
        let telling = &strict.telling;
        for names in [&telling.keywords, &telling.methods, &telling.variables] {
            assert!(!names.is_empty() && names.iter().all(|name| dotted(name)));
        }
        assert!(strict.shell.callees.iter().all(|name| dotted(name)));
        for name in strict.receiver.read.iter().chain(&strict.receiver.write) {
            assert!(path_method(name).is_some_and(|does| does != Does::Look));
        }
    }

    #[test]
    fn names_of_variables_tell_files() {
        assert!(tells_file("DATA_DIR") && tells_file("config.file"));
        assert!(!tells_file("APP_PATH") && !tells_file("directory_url"));
        assert!(runs_shell("os.system") && !runs_shell("open"));
    }

    #[test]
    fn files_are_searched_for_names_of_calls() {
        for code in [
            "pd.read_csv(x)",
            "open(x)",
            "import shutil",
            "np.load(x)",
            "os.replace(a, b)",
            "from configparser import ConfigParser",
            "Flask(__name__, static_folder=x)",
            "path.exists(x)",
            "sys.path.append(x)",
            "(DATA / 'x').read_text()",
        ] {
            assert!(FILE_WORDS.occur_in(code.as_bytes()), "{code}");
        }
        for code in [
            "import os, dash",
            "os.path.join(a, b)",
            "rows.append(x)",
            "rows.to_dict()",
            "frame.copy().replace(1, 2)",
            "html.Img(src='logo')",
            "dcc.Loading()",
        ] {
            assert!(!FILE_WORDS.occur_in(code.as_bytes()), "{code}");
            assert!(!WRITE_WORDS.occur_in(code.as_bytes()), "{code}");
        }
        for code in [
            "open(x, 'w')",
            "open(x, \"ab\")",
            "open(x, 'rb+')",
            "open(x, 'r+b')",
            "open(x, 'xt+')",
            "f.to_csv(x)",
            "p.write_text(x)",
        ] {
            assert!(WRITE_WORDS.occur_in(code.as_bytes()), "{code}");
        }
        assert!(!WRITE_WORDS.occur_in(b"open(x, 'rb')\npd.read_csv('width', 'b+', 'wwb', 't')"));
    }

    #[test]
    fn every_system_path_is_absolute() {
        let strict: SystemTable = crate::tables::strict("system_paths");
        let all = [
            &strict.system,
            &strict.data,
            &strict.personal,
            &strict.holders,
        ];
        for path in all.into_iter().flatten() {
            assert!(path.starts_with('/') && !path.ends_with('/'), "{path}");
        }
        assert!(strict.system.iter().all(|path| is_system_path(path)));
        assert!(strict.data.iter().all(|path| !is_system_path(path)));
    }

    #[test]
    fn a_folder_is_no_prefix() {
        assert!(is_below("/data", "/data") && is_below("/data/x", "/data"));
        assert!(!is_below("/database", "/data") && !is_below("/dat", "/data"));
        assert!(is_system_path("/tmp/x") && !is_system_path("/tmpdata/x"));
        assert!(!is_system_path("/var/data/x") && is_system_path("/var/log/x"));
    }
}
