//! How each value of a configuration file is read, and what is said of a wrong one.

use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;
use toml_edit::{Item, Value};

use crate::commands::baseline::{BaselineOption, BaselinePlace};
use crate::commands::named_file::NamedFile;
use crate::rules::settings::{
    FileIgnores, MappingError, PackageIndex, PatternError, ReleaseError, SelectorError,
};

/// Why a value is not accepted.
#[derive(Debug, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the sentence of each says what it is")]
pub enum ValueReason {
    /// Another type.
    #[error("must be {expected}, not {found}")]
    Type {
        expected: &'static str,
        found: &'static str,
    },
    /// Not one of the words.
    #[error("must be {0}")]
    Choice(&'static str),
    #[error(transparent)]
    Release(#[from] ReleaseError),
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error(transparent)]
    Selector(#[from] SelectorError),
    #[error(transparent)]
    Pattern(#[from] PatternError),
    #[error(transparent)]
    Host(#[from] HostError),
    #[error("must be the name of an app on its server: lower-case letters, digits and `-`")]
    AppName,
}

/// A text that is no host name. It is not repeated: it may be a URL with a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be a host name, as in dash.example.com, without path or user name")]
pub struct HostError;

/// The place of a wrong value, where it has one of its own, and what is wrong.
pub(super) type Wrong = (Option<Range<usize>>, ValueReason);

/// The host's name in what a user gives for one: a scheme before it and a slash behind it are
/// taken away.
///
/// # Errors
/// When something else is in it.
pub fn host(text: &str) -> Result<String, HostError> {
    let text = text.trim();
    let text = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or(text);
    let host = text.trim_end_matches('/');
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let named = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
        && !name.starts_with(['-', '.']);
    if named && port.parse::<u16>().is_ok() {
        Ok(host.to_ascii_lowercase())
    } else {
        Err(HostError)
    }
}

/// A name that a server has: it is printed in commands.
pub(super) fn app_name(item: &Item) -> Result<String, Wrong> {
    let text = text(item)?;
    let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() || text.starts_with('-') || !text.chars().all(is_known) {
        return Err((None, ValueReason::AppName));
    }
    Ok(text.to_owned())
}

/// What becomes of a package index.
pub(super) fn package_index(item: &Item) -> Result<PackageIndex, Wrong> {
    match text(item)? {
        "rewrite" => Ok(PackageIndex::Rewrite),
        "remove" => Ok(PackageIndex::Remove),
        _ => Err((None, ValueReason::Choice("\"rewrite\" or \"remove\""))),
    }
}

/// A text that stands for something else.
pub(super) fn parse_text<T: FromStr>(item: &Item) -> Result<T, Wrong>
where
    ValueReason: From<T::Err>,
{
    text(item)?
        .parse()
        .map_err(|reason: T::Err| (None, reason.into()))
}

/// A list of texts that stand for something else.
pub(super) fn parse_list<T: FromStr>(item: &Item) -> Result<Vec<T>, Wrong>
where
    ValueReason: From<T::Err>,
{
    let elements = list(item)?.into_iter();
    let parsed =
        elements.map(|(span, text)| text.parse().map_err(|reason: T::Err| (span, reason.into())));
    parsed.collect()
}

/// A table of patterns, each with a list of codes.
pub(super) fn patterns(item: &Item) -> Result<Vec<FileIgnores>, Wrong> {
    let table = item
        .as_table_like()
        .ok_or_else(|| wrong_type(item, "a table, as in { \"notebooks/\" = [\"DL301\"] }"))?;
    let entries = table.iter().map(|(pattern, codes)| {
        let place = table.key(pattern).and_then(toml_edit::Key::span);
        let codes = parse_list(codes).map_err(|(span, reason)| (span.or(place.clone()), reason))?;
        FileIgnores::new(pattern, codes).map_err(|reason| (place, reason.into()))
    });
    entries.collect()
}

/// `true` or `false`.
pub(super) fn truth(item: &Item) -> Result<bool, Wrong> {
    item.as_bool()
        .ok_or_else(|| wrong_type(item, "true or false"))
}

/// A text as it stands.
pub(super) fn text_of(item: &Item) -> Result<String, Wrong> {
    text(item).map(str::to_owned)
}

/// A list of texts as they stand.
pub(super) fn text_list(item: &Item) -> Result<Vec<String>, Wrong> {
    let names = list(item)?.into_iter().map(|(_, name)| name.to_owned());
    Ok(names.collect())
}

/// A host.
pub(super) fn server_host(item: &Item) -> Result<String, Wrong> {
    host(text(item)?).map_err(|reason| (None, reason.into()))
}

/// A path, as long as nobody knows from where.
pub(super) fn named_file(item: &Item) -> Result<NamedFile, Wrong> {
    text(item).map(|path| NamedFile::Anywhere(PathBuf::from(path)))
}

/// A baseline on disk.
pub(super) fn baseline(item: &Item) -> Result<BaselineOption, Wrong> {
    let file = named_file(item)?;
    Ok(BaselineOption::At(BaselinePlace::Disk(file)))
}

fn text(item: &Item) -> Result<&str, Wrong> {
    item.as_str()
        .ok_or_else(|| wrong_type(item, "a text in quotes"))
}

/// A text and its place.
type Placed<'i> = (Option<Range<usize>>, &'i str);

/// The texts of a list, each with its place.
fn list(item: &Item) -> Result<Vec<Placed<'_>>, Wrong> {
    const EXPECTED: &str = "a list of texts, as in [\"…\"]";
    let array = item.as_array().ok_or_else(|| wrong_type(item, EXPECTED))?;
    let elements = array.iter().map(|value| match value {
        Value::String(text) => Ok((value.span(), text.value().as_str())),
        other => {
            let found = article(other.type_name());
            Err((
                value.span(),
                ValueReason::Type {
                    expected: EXPECTED,
                    found,
                },
            ))
        }
    });
    elements.collect()
}

fn wrong_type(item: &Item, expected: &'static str) -> Wrong {
    let found = article(item.type_name());
    (item.span(), ValueReason::Type { expected, found })
}

/// The type of a TOML value, in words.
fn article(name: &str) -> &'static str {
    match name {
        "string" => "a text",
        "integer" | "float" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "datetime" => "a date",
        _ => "a table",
    }
}
