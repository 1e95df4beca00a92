//! The credentials of URLs.

use super::name;
use crate::text::Span;

/// User names that are the same for everybody and tell nothing.
const PUBLIC_USERS: &[&str] = &["git", "dokku", "hg", "svn"];

/// The shortest token in a path, as in `/t/TOKEN/channel` of conda's servers.
const SHORTEST_TOKEN: usize = 12;

/// How the end of a scheme is written: plainly, in the strings of JSON, encoded.
const STARTS: &[&str] = &["://", ":\\/\\/", "%3A%2F%2F", "%3a%2f%2f"];

/// Hosts of packages (and those below them) that have a token as the first part of a path.
const TOKEN_HOSTS: &[&str] = &["cloudsmith.io", "fury.io", "packagecloud.io"];

/// The secrets of all URLs in `text`.
pub(super) fn secrets(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    for start in STARTS {
        found.extend(behind(text, start));
    }
    found.extend(without_scheme(text));
    found
}

/// The secrets of the URLs whose schemes end so.
fn behind(text: &str, mark: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(mark)) {
        let start = from + at + mark.len();
        let rest = text.get(start..).unwrap_or_default();
        // Two URLs may be glued together.
        let next = rest.find(mark).unwrap_or(rest.len());
        let length = Span::new(0, next).slice(rest).find(ends_url);
        let length = length.unwrap_or(next);
        let url = Span::new(start, start + length);
        let scheme = scheme(text.get(..start - mark.len()).unwrap_or_default());
        let inside = url.slice(text);
        let user = user_info(scheme, inside).or_else(|| encoded_user(inside));
        let behind = user.map_or(0, |span| span.end);
        found.extend(user.map(|span| span.shift(start)));
        let others = parameters(inside, behind);
        let tokens = path_token(inside, behind)
            .into_iter()
            .chain(first_part(inside, behind));
        found.extend(
            others
                .into_iter()
                .chain(tokens)
                .map(|span| span.shift(start)),
        );
        from = url.end;
    }
    found
}

/// `//user:password@host`, a URL that takes its scheme from elsewhere.
fn without_scheme(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("//") {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let is_start = before.is_none_or(|c| c.is_whitespace() || "\"'=(,".contains(c));
        let rest = text.get(at + 2..).unwrap_or_default();
        let end = rest.find(|c| ends_url(c) || c == '/').unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        if is_start
            && let Some((user, _)) = authority.rsplit_once('@')
            && user.contains(':')
            && !is_variables(user)
        {
            found.push(Span::new(at + 2, at + 2 + user.len()));
        }
    }
    found
}

/// `user%3Apassword%40host`
fn encoded_user(url: &str) -> Option<Span> {
    let end = url.find("%40").filter(|end| {
        let user = url.get(..*end).unwrap_or_default();
        !user.contains('/') && (user.contains("%3A") || user.contains("%3a"))
    })?;
    Some(Span::new(0, end))
}

/// The token that is the first part of the path on some hosts of packages.
fn first_part(url: &str, from: usize) -> Option<Span> {
    let host_end = from + url.get(from..)?.find('/')?;
    let host = url.get(from..host_end)?.trim_start_matches('@');
    let host = host.split(':').next().unwrap_or_default();
    let is_known = TOKEN_HOSTS.iter().any(|known| {
        let below = host.strip_suffix(known);
        below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
    });
    let rest = url.get(host_end + 1..)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let token = rest.get(..end)?;
    let is_token = token.len() >= SHORTEST_TOKEN && !token.starts_with('$');
    (is_known && is_token).then(|| Span::new(host_end + 1, host_end + 1 + end))
}

fn scheme(before: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let name = before.trim_end_matches(is_part);
    before.get(name.len()..).unwrap_or_default()
}

fn ends_url(character: char) -> bool {
    character.is_whitespace() || "\"'`<>".contains(character)
}

/// The part before `@` of a URL without its scheme, when it is a secret.
fn user_info(scheme: &str, url: &str) -> Option<Span> {
    let authority_end = url.find(['/', '?', '#']).unwrap_or(url.len());
    let authority = url.get(..authority_end)?;
    let end = match authority.rfind('@') {
        Some(end) => end,
        // `user:pa/ss@host`: a password with a slash that nobody encoded, not a port.
        None if has_odd_port(authority) => url.rfind('@').unwrap_or(authority_end),
        None => return None,
    };
    let user = url.get(..end)?;
    let is_public =
        PUBLIC_USERS.contains(&user) || (scheme.ends_with("ssh") && !user.contains(':'));
    (!is_public && !is_variables(user)).then_some(Span::new(0, end))
}

/// Whether what stands where a port is expected can be none: neither digits nor a placeholder.
fn has_odd_port(authority: &str) -> bool {
    authority.split_once(':').is_some_and(|(_, port)| {
        let is_placeholder = port == "PORT" || port.starts_with(['$', '{', '<', '[', '%']);
        !is_placeholder && !port.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether the text is made of environment variables only: `${USER}:${TOKEN}`.
fn is_variables(text: &str) -> bool {
    text.split(':')
        .all(|part| part.starts_with("${") && part.ends_with('}') && !part.contains("}$"))
}

/// A place where a value is put in later: `{key}` of an f-string, `$KEY`, `<key>`.
fn is_placeholder(value: &str) -> bool {
    value.starts_with(['{', '$', '<'])
}

/// The values of the query parameters that open something.
fn parameters(url: &str, from: usize) -> Vec<Span> {
    let query = url.get(from..).and_then(|rest| rest.find('?'));
    let Some(query) = query else {
        return Vec::new();
    };
    let mut start = from + query + 1;
    let mut found = Vec::new();
    for pair in url.get(start..).unwrap_or_default().split(['&', '#']) {
        if let Some((name, value)) = pair.split_once('=')
            && name::is_secret_parameter(name)
            && !is_placeholder(value)
        {
            let value_start = start + name.len() + 1;
            found.push(Span::new(value_start, value_start + value.len()));
        }
        start += pair.len() + 1;
    }
    found
}

/// The token of `/t/TOKEN/`, by which conda's servers know who asks.
fn path_token(url: &str, from: usize) -> Option<Span> {
    let start = from + url.get(from..)?.find("/t/")? + 3;
    let rest = url.get(start..)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let token = rest.get(..end)?;
    let is_token = token.starts_with("tk-") || token.len() >= SHORTEST_TOKEN;
    (is_token && !token.starts_with('$')).then_some(Span::new(start, start + end))
}
