//! Why a server gave no answer, without anything secret.

use std::time::Duration;

use thiserror::Error;

/// Why there is no answer. Nothing here repeats what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NetworkError {
    /// The name stands for no machine.
    #[error("{0} is not known to this machine's name server; is the name right, is a VPN needed?")]
    UnknownHost(String),
    /// Nobody listens, or something on the way refuses.
    #[error("{host} cannot be reached: {reason}")]
    Unreachable {
        /// The server.
        host: String,
        /// What the operating system says.
        reason: String,
    },
    /// The certificate is not accepted.
    #[error(
        "the certificate of {host} is not accepted: {reason}; name the file of the authority that \
         issued it with --ca-cert, or see docs/server.md for servers that made their own"
    )]
    Certificate {
        /// The server.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No answer in time.
    #[error("{host} gave no answer within {} seconds", .limit.as_secs())]
    TimedOut {
        /// The server.
        host: String,
        /// How long an answer was waited for.
        limit: Duration,
    },
    /// The answer ended before its end, or is no HTTP.
    #[error("the answer of {host} was cut off or garbled: {reason}")]
    Garbled {
        /// The server.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The answer is larger than any that makes sense.
    #[error("the answer of {host} is larger than {limit} bytes and was not read on")]
    TooLarge {
        /// The server.
        host: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// The proxy of the environment cannot be used.
    #[error("the proxy that the environment names cannot be used: {0}")]
    Proxy(String),
    /// The server asks to come back later than anybody waits.
    #[error("{host} asks to come back in {} seconds (status {status}); try again then", .wait.as_secs())]
    Later {
        /// The server.
        host: String,
        /// The status of its last answer.
        status: u16,
        /// When to come back.
        wait: Duration,
    },
    /// Somebody pressed Ctrl-C.
    #[error("it was stopped")]
    Interrupted,
}

/// Why certificates that a user named cannot be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TrustError {
    /// Not PEM.
    #[error("is no certificate in PEM form (-----BEGIN CERTIFICATE-----)")]
    NotPem,
    /// More than the one of the server.
    #[error("holds {0} certificates; it must hold the server's own one alone")]
    Several(usize),
    /// It cannot stand for others.
    #[error("holds a certificate that cannot be used: {0}")]
    Unusable(String),
    /// The machine has no certificates.
    #[error("the certificates of this machine cannot be used: {0}")]
    Platform(String),
}
