//! The address of a server, as a user gives it.

use std::fmt;
use std::net::IpAddr;

use thiserror::Error;

/// A server: `https://dash.example.com`, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    secure: bool,
    host: String,
    port: Option<u16>,
    /// A folder that all paths are in: `/auth`, or nothing.
    folder: String,
}

/// A text that is no address of a server. It is not repeated: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddressError {
    /// Neither a host nor a URL of one.
    #[error("must be a host name or its address, as in https://dash.example.com")]
    NotAnAddress,
    /// Something before `@`.
    #[error("must be without user name and password; they are asked for elsewhere")]
    Credentials,
    /// `http://` to another machine.
    #[error(
        "must begin with https://: over http:// anybody on the way could read the key; only \
         addresses of this machine may do without"
    )]
    Insecure,
}

impl Address {
    /// Reads a host name, a host with its port, or a URL of scheme `https`; `http` for this
    /// machine only (`localhost` and the loopback addresses). A path is a folder that all paths
    /// of [`Address::join`] are in.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        let (secure, rest) = match (
            lower.strip_prefix("https://"),
            lower.strip_prefix("http://"),
        ) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ if lower.contains("://") => return Err(AddressError::NotAnAddress),
            _ => (true, lower.as_str()),
        };
        if rest.contains('@') {
            return Err(AddressError::Credentials);
        }
        let authority = rest.split('/').next().unwrap_or_default();
        // The case of a path counts.
        let folder = &text[text.len() - rest.len() + authority.len()..];
        let (host, port) = split_port(authority).ok_or(AddressError::NotAnAddress)?;
        if !is_host(host) || !is_folder(folder) {
            return Err(AddressError::NotAnAddress);
        }
        let address = Self {
            secure,
            host: host.to_owned(),
            port,
            folder: folder.trim_end_matches('/').to_owned(),
        };
        if !secure && !address.is_loopback() {
            return Err(AddressError::Insecure);
        }
        Ok(address)
    }

    /// Whether it is asked over TLS.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether it is this machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    /// The URL of `path`, which begins with `/`.
    pub fn join(&self, path: &str) -> String {
        format!("{self}{path}")
    }

    /// The name alone, without scheme, port and folder.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.folder)
    }
}

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let end = authority.rfind(']').map_or(0, |at| at + 1);
    match authority[end..].rfind(':') {
        None => Some((authority, None)),
        Some(at) => {
            let port = authority[end + at + 1..].parse().ok()?;
            Some((&authority[..end + at], Some(port)))
        }
    }
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']').unwrap_or_default();
        return inner.parse().is_ok_and(|ip: IpAddr| ip.is_ipv6());
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    !host.is_empty() && !host.starts_with(['-', '.']) && host.chars().all(is_part)
}

fn is_folder(folder: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
    folder.chars().all(is_part) && !folder.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_may_come_with_its_scheme() {
        for (given, shown) in [
            ("Dash.Example.com", "https://dash.example.com"),
            (" https://dash.example.com/ ", "https://dash.example.com"),
            ("dash.example.com:8443", "https://dash.example.com:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost:9/Auth/", "http://localhost:9/Auth"),
            ("http://[::1]:80", "http://[::1]:80"),
        ] {
            assert_eq!(Address::parse(given).unwrap().to_string(), shown);
        }
        let address = Address::parse("https://a.example.com/auth").unwrap();
        assert_eq!(address.join("/x"), "https://a.example.com/auth/x");
        assert_eq!(address.host(), "a.example.com");
    }

    #[test]
    fn others_are_refused_without_being_repeated() {
        for (given, error) in [
            ("", AddressError::NotAnAddress),
            ("ftp://dash.example.com", AddressError::NotAnAddress),
            ("dash example", AddressError::NotAnAddress),
            ("dash.example.com?x=1", AddressError::NotAnAddress),
            ("dash.example.com:99999", AddressError::NotAnAddress),
            ("https://a.example.com/../b", AddressError::NotAnAddress),
            ("[::1", AddressError::NotAnAddress),
            ("https://me:pw@dash.example.com", AddressError::Credentials),
            ("http://dash.example.com", AddressError::Insecure),
            ("http://127.0.0.1.example.com", AddressError::Insecure),
        ] {
            let refused = Address::parse(given).unwrap_err();
            assert_eq!(refused, error, "{given}");
            assert!(!refused.to_string().contains("pw"));
        }
    }
}
