//! Where package indexes are named: options of requirement lists, `pip.conf`, `Pipfile`.

use crate::app::{App, FileState, Parsed, RequirementList};
use crate::files::pip_conf::{PipConf, PipSetting};
use crate::files::pipfile::Pipfile;
use crate::files::requirements::{Content, Line, OptionItem, Url};
use crate::rules::data::packages::is_de4_index;
use crate::rules::requirement_lists::removing;
use crate::rules::{Edit, Fix};
use crate::text::Span;
use crate::tree::TreePath;

/// Options whose value is the URL of an index.
const INDEXES: &[&str] = &["index-url", "extra-index-url", "find-links"];

/// One value of an option, wherever it stands.
pub(super) struct IndexValue {
    /// The file.
    pub(super) path: TreePath,
    /// The option as people write it there.
    pub(super) name: String,
    /// What a finding points at.
    pub(super) span: Span,
    /// The value's characters: what to replace.
    pub(super) value: Span,
    /// The value as pip reads it. It may hold credentials.
    pub(super) word: String,
    /// Whether the spans are those of the characters meant.
    pub(super) is_exact: bool,
    /// What encloses the value, of what kind.
    within: Within,
}

/// What a value stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// A line of a requirement list.
    Line(Span),
    /// An entry of `pip.conf` with so many words.
    Entry(Span, usize),
    /// A `[[source]]` of a Pipfile.
    Source,
}

impl IndexValue {
    /// The value as a URL.
    pub(super) fn url(&self) -> Option<Url<'_>> {
        Url::parse(&self.word)
    }

    /// Whether the value is the package index of a DE4 server.
    pub(super) fn is_de4(&self) -> bool {
        self.url().is_some_and(|url| {
            let scheme = url.scheme.to_ascii_lowercase();
            matches!(scheme.as_str(), "http" | "https") && is_de4_index(url.path)
        })
    }

    /// A new value, as the file writes values.
    pub(super) fn quoted(&self, value: &str) -> String {
        match self.within {
            Within::Source => format!("\"{value}\""),
            Within::Line(_) | Within::Entry(..) => value.to_owned(),
        }
    }
}

/// The indexes that the requirement lists name.
pub(super) fn in_lists(app: &App) -> Vec<IndexValue> {
    in_lists_named(app, INDEXES)
}

/// The indexes that `pip.conf` names.
pub(super) fn in_pip_conf(file: &Parsed<PipConf>) -> Vec<IndexValue> {
    in_conf_named(file, INDEXES)
}

/// The indexes that a Pipfile names.
pub(super) fn in_pipfile(file: &Parsed<Pipfile>) -> Vec<IndexValue> {
    let sources = file.model.sources().iter();
    let place = |source: &crate::files::pipfile::PipfileSource| IndexValue {
        path: file.path.clone(),
        name: "url".to_owned(),
        span: source.span,
        value: source.span,
        word: source.url.clone(),
        is_exact: true,
        within: Within::Source,
    };
    sources.map(place).collect()
}

/// Where the host is trusted without a certificate.
pub(super) fn trusted(app: &App, conf: &FileState<PipConf>, host: &str) -> Vec<IndexValue> {
    let mut places = in_lists_named(app, &["trusted-host"]);
    let entries = conf.present().into_iter();
    places.extend(entries.flat_map(|file| in_conf_named(file, &["trusted-host"])));
    places.retain(|place| {
        let name = place.word.split(':').next().unwrap_or_default();
        place.is_exact && name.eq_ignore_ascii_case(host)
    });
    places
}

/// The edits that take the places away; `None` where only a person can.
pub(super) fn removal(app: &App, conf: &FileState<PipConf>, places: &[&IndexValue]) -> Option<Fix> {
    let mut done: Vec<(&TreePath, Within)> = Vec::new();
    let mut fix = Fix::safe("");
    for place in places {
        let key = (&place.path, place.within);
        if done.contains(&key) {
            continue;
        }
        done.push(key);
        let beside = places
            .iter()
            .filter(|other| (&other.path, other.within) == key);
        let spans: Vec<&IndexValue> = beside.copied().collect();
        fix = match place.within {
            Within::Line(line) => without_options(fix, app, &place.path, line, &spans)?,
            Within::Entry(full, words) => {
                let text = &conf.present()?.text;
                fix.edits(without_words(text.as_str(), full, words, &spans))
            }
            Within::Source => return None,
        };
    }
    Some(fix)
}

/// A line without some of its options; the line goes when none is left.
fn without_options(
    fix: Fix,
    app: &App,
    path: &TreePath,
    span: Span,
    gone: &[&IndexValue],
) -> Option<Fix> {
    let lists = &app.requirements().lists;
    let list = lists.iter().find(|list| list.path == *path)?;
    let line = list.lines.iter().find(|line| line.span == span)?;
    let text = list.text.as_str();
    let alone = match &line.content {
        Content::Options(options) => options.len() == gone.len(),
        _ => false,
    };
    if alone {
        return removing(fix, list, line);
    }
    if line.full.slice(text).trim_end().contains(['\n', '\r']) {
        return None;
    }
    let cut = |place: &&IndexValue| {
        let before = Span::new(line.span.start, place.span.start).slice(text);
        let blanks = before.len() - before.trim_end().len();
        let after = Span::new(place.span.end, line.span.end).slice(text);
        let following = after.len() - after.trim_start().len();
        let span = if before.trim().is_empty() {
            Span::new(place.span.start, place.span.end + following)
        } else {
            Span::new(place.span.start - blanks, place.span.end)
        };
        Edit::replace(path, span, "")
    };
    Some(fix.edits(gone.iter().map(cut)))
}

/// An entry of `pip.conf` without some of its words; the entry goes when none is left.
fn without_words(text: &str, full: Span, words: usize, gone: &[&IndexValue]) -> Vec<Edit> {
    let Some(first) = gone.first() else {
        return Vec::new();
    };
    if gone.len() >= words {
        return vec![Edit::replace(&first.path, full, "")];
    }
    let cut = |place: &&IndexValue| {
        let before = Span::new(full.start, place.value.start).slice(text);
        let blanks = before.len() - before.trim_end().len();
        Edit::replace(
            &place.path,
            Span::new(place.value.start - blanks, place.value.end),
            "",
        )
    };
    gone.iter().map(cut).collect()
}

fn in_lists_named(app: &App, names: &[&str]) -> Vec<IndexValue> {
    let lists = app.requirements().lists.iter();
    let items = lists.flat_map(|list| {
        let lines = list.lines.iter();
        lines.flat_map(move |line| options(line).map(move |option| (list, line, option)))
    });
    items
        .filter(|(_, _, option)| names.contains(&option.name))
        .filter_map(|(list, line, option)| in_line(list, line, option))
        .collect()
}

/// The options of a line; those behind a requirement are without effect and named all the same.
fn options(line: &Line) -> impl Iterator<Item = &OptionItem> {
    let options = match &line.content {
        Content::Options(options) => options.as_slice(),
        Content::Requirement(requirement) => requirement.options.as_slice(),
        Content::Blank | Content::Unreadable(_) => &[],
    };
    options.iter()
}

fn in_line(list: &RequirementList, line: &Line, option: &OptionItem) -> Option<IndexValue> {
    let value = option.value?;
    Some(IndexValue {
        path: list.path.clone(),
        name: format!("--{}", option.name),
        span: option.span,
        value,
        word: option.text.clone(),
        is_exact: line.verbatim && value.slice(list.text.as_str()) == option.text,
        within: Within::Line(line.span),
    })
}

fn in_conf_named(file: &Parsed<PipConf>, names: &[&str]) -> Vec<IndexValue> {
    let entries = file.model.entries().iter();
    let found = entries.filter(|entry| names.contains(&entry.key.as_str()));
    let place = |entry: &PipSetting, word: Span| IndexValue {
        path: file.path.clone(),
        name: entry.key.clone(),
        span: word,
        value: word,
        word: word.slice(file.text.as_str()).to_owned(),
        is_exact: true,
        within: Within::Entry(entry.full, entry.words.len()),
    };
    found
        .flat_map(|entry| entry.words.iter().map(move |word| place(entry, *word)))
        .collect()
}
