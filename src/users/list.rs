//! The list of people: CSV with a header, a line each.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use csv::{ReaderBuilder, StringRecord, Trim, Writer};
use thiserror::Error;

/// The columns, in the order in which they are written. A list may have them in any order and leave
/// out all but the first.
pub const COLUMNS: [&str; 10] = [
    "username",
    "email",
    "first_name",
    "last_name",
    "roles",
    "groups",
    "provider",
    "provider_id",
    "provider_name",
    "guess",
];

/// What separates roles, and groups, in a cell.
const SEPARATOR: char = ';';

/// Somebody who shall have an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The line of the list, from 1.
    pub line: u64,
    /// The name to sign in with. Keycloak keeps it in lower case.
    pub username: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// Names of roles of the client.
    pub roles: Vec<String>,
    /// Paths of groups, without the first slash.
    pub groups: Vec<String>,
    /// The account at an identity provider.
    pub link: Option<Link>,
    /// What in this line is a guess that nobody has checked yet.
    pub guess: Option<String>,
}

/// An account at an identity provider of the realm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// The provider's alias.
    pub provider: String,
    /// Who it is there, as the provider identifies people.
    pub id: String,
    /// The name there.
    pub name: String,
}

/// Why a file is no list of people. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListError {
    /// The header has a column that nobody knows.
    #[error(
        "line 1: there is no column `{0}`; the columns are {columns}, separated by commas", columns = COLUMNS.join(", ")
    )]
    Column(String),
    /// The header has a column twice.
    #[error("line 1: the column `{0}` is there twice")]
    DoubledColumn(String),
    /// No names.
    #[error("line 1: there is no column `username`; the first line must name the columns")]
    NoUsername,
    /// Not CSV.
    #[error("line {line}: {reason}")]
    Unreadable {
        /// Where.
        line: u64,
        /// What is wrong, without what stands there.
        reason: String,
    },
    /// A cell that cannot be meant.
    #[error("line {line}: {reason}")]
    Cell {
        /// Where.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// Two lines for one name.
    #[error(
        "lines {first} and {second} are the same user for Keycloak, which does not tell `{one}` from \
         `{other}`; keep one of them"
    )]
    Doubled {
        /// The first of them.
        first: u64,
        /// The second.
        second: u64,
        /// Its name in the first.
        one: String,
        /// Its name in the second.
        other: String,
    },
    /// Two lines for one address or account.
    #[error("lines {first} and {second} have the same {what}, which can be of one user only")]
    Shared {
        /// The first of them.
        first: u64,
        /// The second.
        second: u64,
        /// What they share.
        what: &'static str,
    },
}

/// Reads a list.
///
/// # Errors
/// When something in it cannot be meant: nothing is done by half of a list.
pub fn read(bytes: &[u8]) -> Result<Vec<Person>, ListError> {
    // Spreadsheets mark UTF-8 with these.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // The reader counts a line that ends in two characters when it has seen the second.
    let bytes = with_line_feeds(bytes);
    let mut reader = ReaderBuilder::new()
        .trim(Trim::All)
        .from_reader(bytes.as_slice());
    let header = reader.headers().map_err(|error| unreadable(&error))?;
    let columns = columns(header)?;
    let mut people = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        people.push(person(&record, &columns)?);
    }
    check_alone(&people)?;
    Ok(people)
}

/// The bytes with a line feed alone where a line ends.
fn with_line_feeds(bytes: &[u8]) -> Vec<u8> {
    let behind = bytes.iter().skip(1).map(Some).chain([None]);
    let pairs = bytes.iter().zip(behind);
    let kept = pairs.filter(|(byte, next)| (**byte, *next) != (b'\r', Some(&b'\n')));
    kept.map(|(byte, _)| *byte).collect()
}

/// Which columns there are, by their names.
fn columns(header: &StringRecord) -> Result<BTreeMap<&'static str, usize>, ListError> {
    let mut columns = BTreeMap::new();
    for (index, given) in header.iter().enumerate() {
        let Some(known) = COLUMNS.iter().find(|known| **known == given) else {
            return Err(ListError::Column(given.to_owned()));
        };
        if columns.insert(*known, index).is_some() {
            return Err(ListError::DoubledColumn(given.to_owned()));
        }
    }
    if columns.contains_key("username") {
        Ok(columns)
    } else {
        Err(ListError::NoUsername)
    }
}

fn person(
    record: &StringRecord,
    columns: &BTreeMap<&'static str, usize>,
) -> Result<Person, ListError> {
    let line = record.position().map_or(0, csv::Position::line);
    let cell = |column: &str| {
        let index = columns.get(column)?;
        let text = record.get(*index)?;
        (!text.is_empty()).then(|| text.to_owned())
    };
    let several = |column: &str| {
        let text = cell(column).unwrap_or_default();
        let parts = text.split(SEPARATOR).map(str::trim);
        let mut parts: Vec<String> = parts
            .filter(|part| !part.is_empty())
            .map(|part| part.trim_start_matches('/').to_owned())
            .collect();
        parts.sort();
        parts.dedup();
        parts
    };
    let person = Person {
        line,
        username: cell("username").unwrap_or_default(),
        email: cell("email"),
        first_name: cell("first_name"),
        last_name: cell("last_name"),
        roles: several("roles"),
        groups: several("groups"),
        link: link(
            line,
            cell("provider"),
            cell("provider_id"),
            cell("provider_name"),
        )?,
        guess: cell("guess"),
    };
    match wrong(&person) {
        Some(reason) => Err(ListError::Cell { line, reason }),
        None => Ok(person),
    }
}

fn link(
    line: u64,
    provider: Option<String>,
    id: Option<String>,
    name: Option<String>,
) -> Result<Option<Link>, ListError> {
    match (provider, id) {
        (Some(provider), Some(id)) => {
            let name = name.unwrap_or_else(|| id.clone());
            Ok(Some(Link { provider, id, name }))
        }
        (None, None) if name.is_none() => Ok(None),
        _ => Err(ListError::Cell {
            line,
            reason: "provider and provider_id go together; provider_name is nothing without them"
                .to_owned(),
        }),
    }
}

fn wrong(person: &Person) -> Option<String> {
    if person.username.is_empty() {
        return Some("there is no username".to_owned());
    }
    let odd = |text: &str| text.chars().any(|c| c.is_whitespace() || c.is_control());
    if odd(&person.username) {
        return Some("a username has no spaces".to_owned());
    }
    let email = person.email.as_deref()?;
    let is_address = email
        .split_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    (!is_address || odd(email)).then(|| "that is no e-mail address".to_owned())
}

/// What can be of one user only is in one line only.
fn check_alone(people: &[Person]) -> Result<(), ListError> {
    let mut names: BTreeMap<String, &Person> = BTreeMap::new();
    let mut emails: BTreeMap<String, u64> = BTreeMap::new();
    let mut links: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let shared = |first, second, what| ListError::Shared {
        first,
        second,
        what,
    };
    for person in people {
        match names.entry(person.username.to_lowercase()) {
            Entry::Vacant(free) => free.insert(person),
            Entry::Occupied(taken) => {
                return Err(ListError::Doubled {
                    first: taken.get().line,
                    second: person.line,
                    one: taken.get().username.clone(),
                    other: person.username.clone(),
                });
            }
        };
        if let Some(email) = &person.email
            && let Some(first) = emails.insert(email.to_lowercase(), person.line)
        {
            return Err(shared(first, person.line, "e-mail address"));
        }
        if let Some(link) = &person.link
            && let Some(first) = links.insert((&link.provider, &link.id), person.line)
        {
            return Err(shared(first, person.line, "account at a provider"));
        }
    }
    Ok(())
}

fn unreadable(error: &csv::Error) -> ListError {
    let line = error.position().map_or(1, csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8; save the file as CSV in UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!(
            "it has {len} cells and the first line has {expected_len}; a cell with a comma in it needs \
             quotes"
        ),
        _ => "it is not CSV".to_owned(),
    };
    ListError::Unreadable { line, reason }
}

/// The list as a file.
///
/// # Errors
/// When it cannot be made.
pub fn write(people: &[Person]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for person in people {
        let link = person.link.clone().unwrap_or_default();
        let separator = SEPARATOR.to_string();
        writer.write_record([
            person.username.as_str(),
            person.email.as_deref().unwrap_or_default(),
            person.first_name.as_deref().unwrap_or_default(),
            person.last_name.as_deref().unwrap_or_default(),
            &person.roles.join(&separator),
            &person.groups.join(&separator),
            &link.provider,
            &link.id,
            &link.name,
            person.guess.as_deref().unwrap_or_default(),
        ])?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_in_any_order_and_number() {
        let text =
            "\u{feff}roles,username , email\r\n viewer; admin ;viewer,Ana,Ana@example.com\r\n";
        let people = read(text.as_bytes()).unwrap();
        assert_eq!(people.len(), 1);
        assert_eq!((people[0].line, people[0].username.as_str()), (2, "Ana"));
        assert_eq!(people[0].roles, ["admin", "viewer"]);
        assert_eq!(people[0].email.as_deref(), Some("Ana@example.com"));
    }

    #[test]
    fn what_is_written_is_read() {
        let person = Person {
            line: 2,
            username: "ana".to_owned(),
            first_name: Some("Ana, the \"first\"".to_owned()),
            groups: vec!["analysts/north".to_owned()],
            link: Some(Link {
                provider: "corp".to_owned(),
                id: "a-1".to_owned(),
                name: "ana".to_owned(),
            }),
            ..Person::default()
        };
        let bytes = write(std::slice::from_ref(&person)).unwrap();
        assert_eq!(read(&bytes), Ok(vec![person]));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_line() {
        for (text, said) in [
            ("", "no column `username`"),
            ("username;email\nana;a@b.c\n", "no column `username;email`"),
            ("name,email\n", "no column `name`"),
            ("email\n", "no column `username`"),
            ("username,username\n", "`username` is there twice"),
            ("username,email\nana\n", "line 2: it has 1 cells"),
            ("username,email\n,a@b.c\n", "line 2: there is no username"),
            ("username\na b\n", "line 2: a username has no spaces"),
            ("username,email\na,b\n", "line 2: that is no e-mail"),
            ("username,email\na,b@c@d\n", "line 2: that is no e-mail"),
            (
                "username\nana\nbob\nAna\n",
                "lines 2 and 4 are the same user",
            ),
            (
                "username,email\na,x@y.z\nb,X@y.z\n",
                "the same e-mail address",
            ),
            ("username,provider\na,corp\n", "go together"),
            (
                "username,provider,provider_id\na,corp,1\nb,corp,1\n",
                "the same account at a provider",
            ),
        ] {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(said), "{text:?}: {error}");
        }
        let error = read(b"username\n\xff\n").unwrap_err().to_string();
        assert!(error.contains("line 2: it is not UTF-8"), "{error}");
    }
}
