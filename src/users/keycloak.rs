//! Keycloak's administration interface: signing in, keeping the token young, and telling an answer
//! from everything else that a server may send.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::wire::{Complaint, TokenAnswer};
use crate::network::{Client, Credentials, HttpAnswer, HttpRequest, Method, NetworkError, Repeat};
use crate::secrets::redacted;

const TOKEN: &str = "/realms/master/protocol/openid-connect/token";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
/// What is left as it is in a path and in a form.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The longest part of a server's own words that is repeated.
const LONGEST: usize = 300;

/// Who administers. Neither is ever printed.
#[derive(Debug)]
pub struct Administrator {
    /// The name in the realm `master`.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// Why nothing more can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeycloakError {
    /// No answer.
    #[error("{0}")]
    Network(#[from] NetworkError),
    /// Not the administrator.
    #[error(
        "{host} does not accept the administrator's name and password ({said}); it must be a user of \
         the realm master that signs in without a second factor"
    )]
    SignIn {
        /// The server.
        host: String,
        /// The server's reason.
        said: String,
    },
    /// Signed in, but taken for nobody.
    #[error("{0} gave a token and does not accept it; is a proxy in between that takes it away?")]
    Token(String),
    /// Signed in without the right.
    #[error("the administrator may not {0}; take one with the role `admin` in the realm master")]
    Forbidden(&'static str),
    /// Something else lives there.
    #[error(
        "there is no Keycloak at {address}: {what}; the address is usually \
         https://auth-<host>/auth, see --keycloak-url"
    )]
    NotKeycloak {
        /// What was asked.
        address: String,
        /// What came instead.
        what: String,
    },
    /// It is Keycloak, and this is not there.
    #[error("{0}")]
    Missing(String),
    /// An answer that is none.
    #[error("the answer of {host} to `{what}` cannot be read: {reason}")]
    Unreadable {
        /// The server.
        host: String,
        /// What was wanted.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A no.
    #[error("the server refused to {what}: {said}")]
    Refused {
        /// What was wanted.
        what: &'static str,
        /// The server's reason.
        said: String,
    },
    /// A yes that was none.
    #[error("the server said that it did everything, and it does not show; look at it by hand")]
    Untrue,
    /// A password that could not be made or kept.
    #[error("a first password could not be kept: {0}")]
    Password(String),
}

impl KeycloakError {
    /// Whether it is about one person, and the next one may go well.
    pub fn is_of_one(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Untrue)
    }

    /// Whether somebody wanted to stop.
    pub fn is_interrupt(&self) -> bool {
        *self == Self::Network(NetworkError::Interrupted)
    }
}

struct Token {
    credentials: Credentials,
    made: Instant,
    life: Duration,
}

/// A Keycloak and who administers it.
pub struct Keycloak {
    client: Client,
    administrator: Administrator,
    token: Mutex<Option<Token>>,
}

/// A text as part of a path, or of what is behind the `?`.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

impl Keycloak {
    /// A Keycloak that is not asked yet.
    pub fn new(client: Client, administrator: Administrator) -> Self {
        Self {
            client,
            administrator,
            token: Mutex::new(None),
        }
    }

    /// How many requests were sent.
    pub fn sent(&self) -> usize {
        self.client.sent()
    }

    pub(super) fn host(&self) -> String {
        self.client.address().host().to_owned()
    }

    /// What is at a path; nothing when it is not there.
    pub(super) fn find<T: DeserializeOwned>(
        &self,
        what: &'static str,
        path: &str,
    ) -> Result<Option<T>, KeycloakError> {
        let answer = self.ask(what, Method::Get, path, None, Repeat::Always)?;
        match answer.status {
            200 => self.read(what, &answer).map(Some),
            404 => {
                // A page that says "not found" comes from somebody else.
                let is_told = serde_json::from_slice::<Complaint>(&answer.body).is_ok();
                if is_told {
                    Ok(None)
                } else {
                    Err(self.stranger(path, &answer))
                }
            }
            _ => Err(refused(what, &answer)),
        }
    }

    /// What is at a path, which must be there.
    pub(super) fn get<T: DeserializeOwned>(
        &self,
        what: &'static str,
        path: &str,
    ) -> Result<T, KeycloakError> {
        let found = self.find(what, path)?;
        found.ok_or_else(|| KeycloakError::Refused {
            what,
            said: "it is not there (any more)".to_owned(),
        })
    }

    /// Asks, with a token that is accepted, and gives the answer whatever its status, but for those
    /// that mean that nothing can be asked.
    pub(super) fn ask(
        &self,
        what: &'static str,
        method: Method,
        path: &str,
        body: Option<&serde_json::Value>,
        repeat: Repeat,
    ) -> Result<HttpAnswer, KeycloakError> {
        let body = body.map(ToString::to_string);
        let mut is_second = false;
        loop {
            let credentials = self.credentials(is_second)?;
            let answer = self.client.send(&HttpRequest {
                method,
                path,
                credentials: Some(&credentials),
                body: body.as_ref().map(|text| (JSON, text.as_bytes())),
                repeat,
            })?;
            match answer.status {
                401 if is_second => return Err(KeycloakError::Token(self.host())),
                401 => is_second = true,
                403 => return Err(KeycloakError::Forbidden(what)),
                300..=399 => return Err(self.stranger(path, &answer)),
                _ => return Ok(answer),
            }
        }
    }

    /// A token with at least half of its life before it; a new one when the old one is refused.
    fn credentials(&self, is_refused: bool) -> Result<Credentials, KeycloakError> {
        let mut kept = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = &*kept
            && !is_refused
            && token.made.elapsed() < token.life / 2
        {
            return Ok(token.credentials.clone());
        }
        let token = self.sign_in()?;
        let credentials = token.credentials.clone();
        *kept = Some(token);
        Ok(credentials)
    }

    fn sign_in(&self) -> Result<Token, KeycloakError> {
        let made = Instant::now();
        let form = SecretString::from(format!(
            "grant_type=password&client_id=admin-cli&username={}&password={}",
            encoded(&self.administrator.user),
            encoded(self.administrator.password.expose_secret())
        ));
        let answer = self.client.send(&HttpRequest {
            method: Method::Post,
            path: TOKEN,
            credentials: None,
            body: Some((FORM, form.expose_secret().as_bytes())),
            repeat: Repeat::Always,
        })?;
        let refused = || KeycloakError::SignIn {
            host: self.host(),
            said: describe_answer(&answer),
        };
        match answer.status {
            200 => {}
            400 | 401 if is_json(&answer) => return Err(refused()),
            _ => return Err(self.stranger(TOKEN, &answer)),
        }
        if !is_json(&answer) {
            return Err(self.stranger(TOKEN, &answer));
        }
        let told: TokenAnswer = self.read("sign in", &answer)?;
        Ok(Token {
            credentials: Credentials::Bearer(SecretString::from(told.access_token)),
            made,
            life: Duration::from_secs(told.expires_in),
        })
    }

    /// The meaning of an answer. What stands there is not repeated.
    pub(super) fn read<T: DeserializeOwned>(
        &self,
        what: &'static str,
        answer: &HttpAnswer,
    ) -> Result<T, KeycloakError> {
        serde_json::from_slice(&answer.body).map_err(|error| KeycloakError::Unreadable {
            host: self.host(),
            what,
            reason: match error.classify() {
                serde_json::error::Category::Data => "it has other fields".to_owned(),
                serde_json::error::Category::Eof => "it ends too early".to_owned(),
                _ => "it is not JSON".to_owned(),
            },
        })
    }

    fn stranger(&self, path: &str, answer: &HttpAnswer) -> KeycloakError {
        let what = match (answer.status, &answer.location) {
            (300..=399, _) => format!(
                "it sends elsewhere (status {}), and a password is not sent after it",
                answer.status
            ),
            (status, _) if answer.media_type == "text/html" => {
                format!("a web page came instead of data (status {status})")
            }
            (status, _) => format!("it answers with status {status}"),
        };
        let path = path.split('?').next().unwrap_or_default();
        KeycloakError::NotKeycloak {
            address: self.client.address().join(path),
            what,
        }
    }
}

fn is_json(answer: &HttpAnswer) -> bool {
    answer.media_type == JSON
}

/// The server's no.
pub(super) fn refused(what: &'static str, answer: &HttpAnswer) -> KeycloakError {
    KeycloakError::Refused {
        what,
        said: describe_answer(answer),
    }
}

/// The server's own words, or its status.
fn describe_answer(answer: &HttpAnswer) -> String {
    let complaint: Complaint = serde_json::from_slice(&answer.body).unwrap_or_default();
    let words = complaint
        .error_description
        .or(complaint.error_message)
        .or(complaint.error);
    match words {
        Some(words) => redacted(&words).chars().take(LONGEST).collect(),
        None => format!("status {}", answer.status),
    }
}
