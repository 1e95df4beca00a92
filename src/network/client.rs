//! One request after the other to one server: with its key, in its time, again where it may be.

use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use ureq::http::{self, HeaderValue, Response};

use ureq::unversioned::transport::{
    ConnectProxyConnector, Connector, SocksConnector, TcpConnector,
};
use ureq::{Agent, Body, Error};

use super::address::Address;
use super::error::{NetworkError, TrustError};
use super::repeat::{self, Pause, Repeat};
use super::resolver::{NameResolver, UnknownName};
use super::tls::{TlsConnector, Trust};
use crate::interrupt;
use crate::secrets::redacted;

/// How a server knows who asks. Nothing here can be printed.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// HTTP Basic.
    Basic {
        /// The user's name.
        user: String,
        /// The password or key.
        key: SecretString,
    },
    /// A token of OAuth 2.
    Bearer(SecretString),
}

/// What is done with a thing of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Looks at it.
    Get,
    /// Hands something over.
    Post,
    /// Puts something in its place.
    Put,
}

/// A question.
#[derive(Clone)]
pub struct HttpRequest<'a> {
    /// What to do.
    pub method: Method,
    /// Where, below the address of the server; begins with `/`.
    pub path: &'a str,
    /// Who asks.
    pub credentials: Option<&'a Credentials>,
    /// What is handed over, with its media type. It may hold secrets and is never printed.
    pub body: Option<(&'static str, &'a [u8])>,
    /// Whether it may be asked a second time.
    pub repeat: Repeat,
}

impl fmt::Debug for HttpRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.method, self.path)
    }
}

/// What a server said.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status; 3xx too, because redirects are never followed.
    pub status: u16,
    /// The media type, without parameters.
    pub media_type: String,
    /// Where a redirect leads, or where something new is.
    pub location: Option<String>,
    /// The body. It may hold secrets.
    pub body: Vec<u8>,
}

impl fmt::Debug for HttpAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}, {} bytes",
            self.status,
            self.media_type,
            self.body.len()
        )
    }
}

/// What a server is given before it is given up.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For one attempt, from the first to the last byte.
    pub time: Duration,
    /// The largest answer in bytes.
    pub bytes: u64,
    /// Attempts for one question.
    pub attempts: u32,
    /// The longest pause that a server may ask for.
    pub pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_mins(1),
            bytes: 64 << 20,
            attempts: 4,
            pause: Duration::from_mins(2),
        }
    }
}

/// One server, ready to be asked.
pub struct Client {
    address: Address,
    agent: Agent,
    limits: Limits,
    pause: Pause,
    sent: AtomicUsize,
    received: AtomicU64,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client of {}", self.address)
    }
}

impl Client {
    /// A client of the server at `address`. Proxies are those of the environment
    /// (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`); for this machine itself there is none.
    ///
    /// # Errors
    /// When the certificates cannot be used.
    pub fn new(address: Address, trust: &Trust, limits: Limits) -> Result<Self, TrustError> {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(limits.time))
            .user_agent(concat!("dashlift/", env!("CARGO_PKG_VERSION")))
            .accept("application/json");
        if address.is_loopback() {
            config = config.proxy(None);
        }
        // Reading all certificates of the system takes its time.
        let tls = address.is_secure().then(|| trust.config()).transpose()?;
        let connector =
            ().chain(SocksConnector::default())
                .chain(ConnectProxyConnector::default())
                .chain(TcpConnector::default())
                .chain(TlsConnector(tls));
        Ok(Self {
            agent: Agent::with_parts(config.build(), connector, NameResolver::default()),
            address,
            limits,
            pause: Box::new(repeat::sleep),
            sent: AtomicUsize::new(0),
            received: AtomicU64::new(0),
        })
    }

    /// The same client, which waits in another way.
    #[must_use]
    pub fn waiting(mut self, pause: Pause) -> Self {
        self.pause = pause;
        self
    }

    /// Who is asked.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// How many requests were sent, repetitions too.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    /// How many bytes the bodies of all answers had.
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Asks, again where that may help, and gives the last answer whatever its status.
    ///
    /// # Errors
    /// When there is no answer, or the server asks to come back much later.
    pub fn send(&self, request: &HttpRequest) -> Result<HttpAnswer, NetworkError> {
        let mut attempt = 1;
        loop {
            if interrupt::requested() {
                return Err(NetworkError::Interrupted);
            }
            self.sent.fetch_add(1, Ordering::Relaxed);
            let tried = self.attempt(request);
            let wait = match &tried {
                Ok((answer, told)) if repeat::is_passing(answer.status, request.repeat) => *told,
                Err(error) if request.repeat == Repeat::Always && is_passing(error) => None,
                _ => return tried.map(|(answer, _)| answer),
            };
            if let (Some(wait), Ok((answer, _))) = (wait, &tried)
                && wait > self.limits.pause
            {
                return Err(NetworkError::Later {
                    host: self.address.host().to_owned(),
                    status: answer.status,
                    wait,
                });
            }
            if attempt >= self.limits.attempts {
                return tried.map(|(answer, _)| answer);
            }
            (self.pause)(wait.unwrap_or_else(|| repeat::pause(attempt)));
            attempt += 1;
        }
    }

    /// One attempt: the answer, and the pause that the server asks for.
    fn attempt(
        &self,
        request: &HttpRequest,
    ) -> Result<(HttpAnswer, Option<Duration>), NetworkError> {
        let sent = self.call(request).map_err(|error| self.error(error))?;
        let header = |name: &str| {
            let value = sent.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        let status = sent.status().as_u16();
        let told = repeat::parse_retry_after(header("retry-after").as_deref());
        let media_type = header("content-type").unwrap_or_default();
        let location = header("location");
        let body = sent.into_body().into_with_config().limit(self.limits.bytes);
        let body = body.read_to_vec().map_err(|error| self.error(error))?;
        let amount = u64::try_from(body.len()).unwrap_or(u64::MAX);
        self.received.fetch_add(amount, Ordering::Relaxed);
        let media_type = media_type.split(';').next().unwrap_or_default();
        let answer = HttpAnswer {
            status,
            media_type: media_type.trim().to_ascii_lowercase(),
            location,
            body,
        };
        Ok((answer, told))
    }

    fn call(&self, request: &HttpRequest) -> Result<Response<Body>, Error> {
        let method = match request.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
        };
        let mut builder = http::Request::builder()
            .method(method)
            .uri(self.address.join(request.path));
        if let Some(credentials) = request.credentials {
            builder = builder.header(http::header::AUTHORIZATION, authorization(credentials)?);
        }
        let Some((media_type, body)) = request.body else {
            return self.agent.run(builder.body(())?);
        };
        builder = builder.header(http::header::CONTENT_TYPE, media_type);
        self.agent.run(builder.body(body)?)
    }

    fn error(&self, error: Error) -> NetworkError {
        let host = self.address.host().to_owned();
        match error {
            Error::HostNotFound => NetworkError::UnknownHost(host),
            Error::Timeout(_) => NetworkError::TimedOut {
                host,
                limit: self.limits.time,
            },
            Error::BodyExceedsLimit(limit) => NetworkError::TooLarge { host, limit },
            Error::InvalidProxyUrl => NetworkError::Proxy("it is no address".to_owned()),
            Error::ConnectProxyFailed(reason) => NetworkError::Proxy(redacted(&reason)),
            Error::ConnectionFailed => NetworkError::Unreachable {
                host,
                reason: "the connection failed".to_owned(),
            },
            Error::Rustls(reason) => of_tls(host, &reason),
            Error::Io(reason) => of_system(host, &reason),
            other => NetworkError::Garbled {
                host,
                reason: redacted(&other.to_string()),
            },
        }
    }
}

/// The header, marked so that nobody prints it.
fn authorization(credentials: &Credentials) -> Result<HeaderValue, Error> {
    let text = match credentials {
        Credentials::Basic { user, key } => {
            let pair = SecretString::from(format!("{user}:{}", key.expose_secret()));
            format!("Basic {}", STANDARD.encode(pair.expose_secret()))
        }
        Credentials::Bearer(token) => format!("Bearer {}", token.expose_secret()),
    };
    let text = SecretString::from(text);
    let value = HeaderValue::from_str(text.expose_secret());
    let mut value = value.map_err(http::Error::from)?;
    value.set_sensitive(true);
    Ok(value)
}

fn of_tls(host: String, reason: &rustls::Error) -> NetworkError {
    match reason {
        rustls::Error::InvalidCertificate(reason) => NetworkError::Certificate {
            host,
            reason: reason.to_string(),
        },
        other => NetworkError::Garbled {
            host,
            reason: other.to_string(),
        },
    }
}

fn of_system(host: String, reason: &std::io::Error) -> NetworkError {
    use std::io::ErrorKind;
    let inner = reason.get_ref();
    if let Some(UnknownName(name)) = inner.and_then(|inner| inner.downcast_ref()) {
        return NetworkError::UnknownHost(name.clone());
    }
    if let Some(inner) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return of_tls(host, inner);
    }
    match reason.kind() {
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::PermissionDenied
        | ErrorKind::AddrNotAvailable => NetworkError::Unreachable {
            host,
            reason: reason.to_string(),
        },
        _ => NetworkError::Garbled {
            host,
            reason: redacted(&reason.to_string()),
        },
    }
}

/// Whether the same question may have an answer a moment later.
fn is_passing(error: &NetworkError) -> bool {
    matches!(
        error,
        NetworkError::UnknownHost(_)
            | NetworkError::Unreachable { .. }
            | NetworkError::TimedOut { .. }
            | NetworkError::Garbled { .. }
    )
}
