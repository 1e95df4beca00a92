//! What an answer of the server is: data, with or without gaps, or a fault that has its own sentence.

use serde::Deserialize;
use serde_json::{Value, json};
use thiserror::Error;

use super::PATH;
use super::wire::Data;
use crate::network::{Client, Credentials, HttpAnswer, HttpRequest, Method, NetworkError, Repeat};
use crate::secrets::redacted;

/// The longest part of a server's message that is repeated.
const LONGEST: usize = 200;

/// Why the server gave nothing that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// No answer.
    #[error("{0}")]
    Network(#[from] NetworkError),
    /// 401.
    #[error(
        "the server does not accept the user name and key (status 401); the key is on the page of \
         your user in the Dash Enterprise 4 App Manager, and goes into DASHLIFT_DE4_KEY"
    )]
    Unauthorised,
    /// 403.
    #[error(
        "the server knows the user but refuses (status 403); an administrator's key is needed, or \
         something on the way asks for another sign-in"
    )]
    Forbidden,
    /// A page where data was asked for.
    #[error(
        "the server answered with a page for a browser (status {0}), not with data: a sign-in page \
         or a proxy stands before it; is the address that of Dash Enterprise 4 itself?"
    )]
    Page(u16),
    /// 3xx.
    #[error(
        "the server sends elsewhere (status {status}{}), and a key is never sent on; name that \
         server with --de4-host if it is the right one", .to.as_ref().map(|to| format!(", {to}")).unwrap_or_default()
    )]
    Redirect {
        /// The status.
        status: u16,
        /// Scheme and host of where it leads.
        to: Option<String>,
    },
    /// Another status.
    #[error("the server answered with status {0}; try again later, or look into its log")]
    Status(u16),
    /// No JSON, or no answer of GraphQL.
    #[error("the answer of the server is no answer of GraphQL: {0}")]
    Unreadable(String),
    /// Errors and no data.
    #[error("the server refuses the question: {0}")]
    Refused(String),
    /// It does not know what cannot be left out.
    #[error("the server does not know `{0}`, without which no app can be read")]
    Unknown(String),
    /// The key is somebody's who sees their own apps only.
    #[error(
        "{} is no administrator, so the server would show only their own apps; take the key of an \
         administrator", .0.as_deref().unwrap_or("the user of the key")
    )]
    NotAdministrator(Option<String>),
}

impl Fault {
    /// Whether the same question may have an answer later.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Network(error) => !matches!(error, NetworkError::Interrupted),
            Self::Status(status) => *status == 408 || *status == 429 || *status >= 500,
            Self::Refused(_) | Self::Unreadable(_) => true,
            _ => false,
        }
    }
}

/// Somebody who answers questions in GraphQL.
pub trait Ask {
    /// The answer to a question.
    ///
    /// # Errors
    /// When there is none.
    fn ask(&self, query: &str, variables: Value) -> Result<HttpAnswer, NetworkError>;
}

/// A Dash Enterprise 4 server, asked with a key.
pub struct Server {
    client: Client,
    credentials: Credentials,
}

impl Server {
    /// The server of the client.
    pub fn new(client: Client, credentials: Credentials) -> Self {
        Self {
            client,
            credentials,
        }
    }

    /// How many requests were sent, and how many bytes came back.
    pub fn traffic(&self) -> (usize, u64) {
        (self.client.sent(), self.client.received())
    }
}

impl Ask for Server {
    fn ask(&self, query: &str, variables: Value) -> Result<HttpAnswer, NetworkError> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.client.send(&HttpRequest {
            method: Method::Post,
            path: PATH,
            credentials: Some(&self.credentials),
            body: Some(("application/json", body.as_bytes())),
            // Nothing is changed by a question.
            repeat: Repeat::Always,
        })
    }
}

/// An answer with data.
pub(super) struct ToldAnswer {
    pub(super) data: Data,
    /// The fields that were not told, each with the server's sentence.
    pub(super) gaps: Vec<(String, String)>,
}

/// What came of a question.
pub(super) enum AnswerMeaning {
    Told(Box<ToldAnswer>),
    /// The server does not know these: type and field.
    Unknown(Vec<(String, String)>),
}

#[derive(Deserialize)]
struct Body {
    data: Option<Data>,
    errors: Option<Vec<Problem>>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    message: String,
    #[serde(default)]
    path: Option<Vec<Value>>,
}

/// What the answer of a server means.
///
/// # Errors
/// When there is nothing in it.
pub(super) fn read(answer: &HttpAnswer) -> Result<AnswerMeaning, Fault> {
    match answer.status {
        401 => return Err(Fault::Unauthorised),
        403 => return Err(Fault::Forbidden),
        status @ 300..=399 => {
            return Err(Fault::Redirect {
                status,
                to: answer.location.as_deref().and_then(origin),
            });
        }
        _ => {}
    }
    let first = answer.body.iter().find(|byte| !byte.is_ascii_whitespace());
    let is_page = answer.media_type == "text/html" || first == Some(&b'<');
    match (answer.status, is_page) {
        (200 | 400, true) => Err(Fault::Page(answer.status)),
        // Faults in a question come as 400, with the sentences of GraphQL.
        (200 | 400, false) => meaning(&answer.body, answer.status),
        (status, _) => Err(Fault::Status(status)),
    }
}

/// What a document of an answer means.
pub(super) fn meaning(body: &[u8], status: u16) -> Result<AnswerMeaning, Fault> {
    let body: Body = serde_json::from_slice(body).map_err(|error| unreadable(&error, status))?;
    of_body(body, status)
}

/// The documents of a file, one after the other.
pub(super) fn meanings(bytes: &[u8]) -> impl Iterator<Item = Result<AnswerMeaning, Fault>> {
    let documents = serde_json::Deserializer::from_slice(bytes).into_iter::<Body>();
    documents.map(|body| of_body(body.map_err(|error| unreadable(&error, 200))?, 200))
}

fn unreadable(error: &serde_json::Error, status: u16) -> Fault {
    if status != 200 {
        return Fault::Status(status);
    }
    let kind = match error.classify() {
        serde_json::error::Category::Syntax => "it is not JSON",
        serde_json::error::Category::Eof => "it ends too early",
        _ => "its fields have other types than documented",
    };
    let (line, column) = (error.line(), error.column());
    Fault::Unreadable(format!("{kind} (line {line}, column {column})"))
}

fn of_body(body: Body, status: u16) -> Result<AnswerMeaning, Fault> {
    let problems = body.errors.unwrap_or_default();
    let unknown: Vec<_> = problems
        .iter()
        .filter_map(|it| unknown(&it.message))
        .collect();
    let has_data = body.data.as_ref().is_some_and(is_something);
    match body.data {
        Some(data) if problems.is_empty() || has_data => {
            let gaps = problems.iter().map(gap).collect();
            Ok(AnswerMeaning::Told(Box::new(ToldAnswer { data, gaps })))
        }
        _ if !unknown.is_empty() => Ok(AnswerMeaning::Unknown(unknown)),
        _ => Err(match (problems.first(), body.error) {
            (Some(problem), _) => Fault::Refused(short(&problem.message)),
            (None, Some(Value::String(error))) => Fault::Refused(short(&error)),
            _ if status != 200 => Fault::Status(status),
            _ => Fault::Unreadable("it has neither data nor errors".to_owned()),
        }),
    }
}

fn is_something(data: &Data) -> bool {
    data.apps.is_some() || data.apps_count.is_some() || data.current.is_some()
}

/// The field that an error is about: the last name in its path.
fn gap(problem: &Problem) -> (String, String) {
    let path = problem.path.iter().flatten();
    let names: Vec<&str> = path.filter_map(Value::as_str).collect();
    let field = names.last().copied().unwrap_or("something");
    (short(field), short(&problem.message))
}

/// The type and field of `Cannot query field "x" on type "Y"`, or of an argument that is not known;
/// versions differ in the quotes.
fn unknown(message: &str) -> Option<(String, String)> {
    let words: Vec<&str> = message.split(['"', '\'', '`']).collect();
    match words.as_slice() {
        [start, field, " on type ", parent, ..] if start.starts_with("Cannot query field") => {
            Some(((*parent).to_owned(), (*field).to_owned()))
        }
        [start, argument, " on field ", rest @ ..] if start.starts_with("Unknown argument") => {
            match rest {
                [field, " of type ", parent, ..] => {
                    let (_, field) = field.rsplit_once('.').unwrap_or(("", field));
                    Some(((*parent).to_owned(), format!("{field}({argument})")))
                }
                [field, ..] => {
                    let (parent, field) = field.rsplit_once('.')?;
                    Some((parent.to_owned(), format!("{field}({argument})")))
                }
                [] => None,
            }
        }
        _ => None,
    }
}

/// Scheme and host of a URL: a path may hold a token.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?;
    Some(short(&format!("{scheme}://{host}")))
}

/// A message of the server, on one line, without secrets, not too long.
pub(super) fn short(message: &str) -> String {
    let line = redacted(message);
    let line: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(status: u16, media_type: &str, body: &str) -> Fault {
        let answer = HttpAnswer {
            status,
            media_type: media_type.to_owned(),
            location: Some("https://me:pw@sso.example.com/x?t=secret".to_owned()),
            body: body.as_bytes().to_vec(),
        };
        match read(&answer) {
            Err(fault) => fault,
            Ok(_) => panic!("no fault"),
        }
    }

    #[test]
    fn each_fault_has_its_own_sentence() {
        assert_eq!(fault(401, "text/plain", ""), Fault::Unauthorised);
        assert_eq!(fault(403, "text/html", "<p>"), Fault::Forbidden);
        assert_eq!(fault(200, "text/html", "hello"), Fault::Page(200));
        assert_eq!(fault(200, "", "\n <!doctype html>"), Fault::Page(200));
        assert_eq!(fault(502, "text/html", "<p>"), Fault::Status(502));
        let said = fault(302, "", "").to_string();
        assert!(
            said.contains("(status 302, https://sso.example.com)"),
            "{said}"
        );
        assert!(!said.contains("secret") && !said.contains("pw"), "{said}");
        let said = fault(200, "application/json", "{\"data\":").to_string();
        assert!(said.contains("ends too early"), "{said}");
        let said = fault(200, "application/json", "{\"error\": \"out of memory\"}").to_string();
        assert_eq!(said, "the server refuses the question: out of memory");
        let said = fault(200, "application/json", "{}").to_string();
        assert!(said.contains("neither data nor errors"), "{said}");
        let errors = "{\"errors\":[{\"message\":\"bad https://u:canary@h.example.com\"}],\"data\":{\"apps\":null}}";
        let said = fault(400, "application/json", errors).to_string();
        assert!(
            said.contains("bad https://") && !said.contains("canary"),
            "{said}"
        );
    }

    #[test]
    fn fields_that_are_not_known_are_told_in_several_words() {
        for (message, found) in [
            (
                "Cannot query field \"mounts\" on type \"App\".",
                Some(("App", "mounts")),
            ),
            (
                "Cannot query field 'sha1' on type 'GitRevision'. Did you mean 'sha'?",
                Some(("GitRevision", "sha1")),
            ),
            (
                "Unknown argument \"allApps\" on field \"apps\" of type \"Query\".",
                Some(("Query", "apps(allApps)")),
            ),
            (
                "Unknown argument 'allApps' on field 'Query.apps'.",
                Some(("Query", "apps(allApps)")),
            ),
            ("Something else", None),
        ] {
            let found = found.map(|(a, b)| (a.to_owned(), b.to_owned()));
            assert_eq!(unknown(message), found, "{message}");
        }
    }

    #[test]
    fn gaps_beside_data_are_kept() {
        let body = r#"{"data":{"apps":{"apps":[{"name":"a"}]}},
            "errors":[{"message":"boom","path":["apps","apps",0,"mounts"]}]}"#;
        let Ok(AnswerMeaning::Told(told)) = meaning(body.as_bytes(), 200) else {
            panic!("not told");
        };
        assert_eq!(told.gaps, [("mounts".to_owned(), "boom".to_owned())]);
    }
}
