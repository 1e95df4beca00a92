//! The one door to the network: what a server is asked over HTTP goes through here, and nothing
//! else opens a connection. TLS is checked by the system's certificates; redirects are never
//! followed; waiting, repeating and giving up is decided here; what an error says of an address is
//! free of credentials. What is asked and what an answer means is known in the rooms above.

mod address;
mod client;
mod error;
mod repeat;
mod resolver;
mod tls;

pub use address::{Address, AddressError};
pub use client::{Client, Credentials, HttpAnswer, HttpRequest, Limits, Method};
pub use error::{NetworkError, TrustError};
pub use repeat::{Pause, Repeat};
pub use secrecy::SecretString;
pub use tls::Trust;
