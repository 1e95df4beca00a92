//! URLs in requirement files: their parts. How they are shown without their secrets is said in
//! [`crate::secrets`].

/// The parts of a URL that has a host, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Url<'a> {
    /// Before `://`: `https`, `git+ssh`.
    pub scheme: &'a str,
    /// User name and password, before the `@`.
    pub credentials: Option<&'a str>,
    /// The host's name, without the port.
    pub host: &'a str,
    /// The port.
    pub port: Option<&'a str>,
    /// From the first `/` to before `?` or `#`.
    pub path: &'a str,
}

impl<'a> Url<'a> {
    /// Reads a URL of the form `scheme://[credentials@]host[:port][/path]`; `None` for another
    /// form and for `file:///...`, which has no host.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        if !is_scheme(scheme) {
            return None;
        }
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let authority = rest.get(..authority_end(rest)).unwrap_or_default();
        let path = rest.get(authority.len()..).unwrap_or_default();
        let (credentials, host) = match authority.rsplit_once('@') {
            Some((credentials, host)) => (Some(credentials), host),
            None => (None, authority),
        };
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (host, Some(port))
            }
            _ => (host, None),
        };
        (!host.is_empty()).then_some(Self {
            scheme,
            credentials,
            host,
            port,
            path,
        })
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Where user, host and port end. A password may hold a `/` that nobody escaped: what looks like
/// a port and is no number is one, when an `@` comes later.
fn authority_end(rest: &str) -> usize {
    let end = rest.find('/').unwrap_or(rest.len());
    let plain = rest.get(..end).unwrap_or_default();
    if plain.contains('@') || !has_odd_port(plain) {
        return end;
    }
    match rest.rfind('@') {
        Some(at) => rest
            .get(at..)
            .and_then(|tail| tail.find('/'))
            .map_or(rest.len(), |slash| at + slash),
        None => end,
    }
}

fn has_odd_port(authority: &str) -> bool {
    authority
        .split_once(':')
        .is_some_and(|(_, port)| !port.bytes().all(|byte| byte.is_ascii_digit()))
}
