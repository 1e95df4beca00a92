//! The last gate before a text of a user's file is printed: credentials of URLs become stars. Every
//! format passes through here, so that no rule can forget it. The number of characters stays, so
//! that columns stay true.

use std::borrow::Cow;

use crate::text::Span;

/// User names that are the same for everybody and tell nothing.
const PUBLIC_USERS: &[&str] = &["git", "dokku", "hg", "svn"];

/// Query parameters whose value opens something.
const SECRET_PARAMETERS: &[&str] = &[
    "token",
    "key",
    "secret",
    "password",
    "passwd",
    "pass",
    "signature",
    "sig",
    "auth",
    "credential",
];

/// `text` with a star for each character of a URL's credentials.
pub fn masked(text: &str) -> Cow<'_, str> {
    let secrets = secrets(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for secret in secrets {
        result.push_str(Span::new(done, secret.start).of(text));
        result.extend(secret.of(text).chars().map(|_| '*'));
        done = secret.end;
    }
    result.push_str(Span::new(done, text.len()).of(text));
    Cow::Owned(result)
}

/// `text` on one line, without credentials and without characters that a terminal obeys.
pub fn safe(text: &str) -> String {
    masked(text)
        .chars()
        .map(|character| match character {
            '\t' | '\n' | '\r' => ' ',
            hidden if is_hidden(hidden) => char::REPLACEMENT_CHARACTER,
            shown => shown,
        })
        .collect()
}

/// Characters that move the cursor, colour the screen or turn the direction of writing.
fn is_hidden(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The secrets of all URLs in `text`, in order, none inside another.
fn secrets(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("://")) {
        let start = from + at + 3;
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find(ends_url).unwrap_or(rest.len());
        let url = Span::new(start, start + length);
        found.extend(user_info(url.of(text)).map(|span| span.shift(start)));
        found.extend(
            parameters(url.of(text))
                .into_iter()
                .map(|span| span.shift(start)),
        );
        from = url.end;
    }
    found
}

fn ends_url(character: char) -> bool {
    character.is_whitespace() || "\"'`<>".contains(character)
}

/// The part before `@` of a URL without its scheme, when it is a secret.
fn user_info(url: &str) -> Option<Span> {
    let authority_end = url.find(['/', '?', '#']).unwrap_or(url.len());
    let authority = url.get(..authority_end)?;
    let end = authority.rfind('@').or_else(|| {
        // `user:pa/ss@host`: a password with a slash that nobody encoded, not a port.
        let (_, after) = authority.split_once(':')?;
        let is_port = after.bytes().all(|byte| byte.is_ascii_digit());
        if is_port { None } else { url.find('@') }
    })?;
    let user = url.get(..end)?;
    let public = user.is_empty() || PUBLIC_USERS.contains(&user) || is_variables(user);
    (!public).then_some(Span::new(0, end))
}

/// Whether the text is made of environment variables only: `${USER}:${TOKEN}`.
fn is_variables(text: &str) -> bool {
    text.split(':')
        .all(|part| part.starts_with("${") && part.ends_with('}') && !part.contains("}$"))
}

/// The values of the query parameters that open something.
fn parameters(url: &str) -> Vec<Span> {
    let Some(query) = url.find('?') else {
        return Vec::new();
    };
    let mut start = query + 1;
    let mut found = Vec::new();
    for pair in url.get(start..).unwrap_or_default().split(['&', '#']) {
        if let Some((name, value)) = pair.split_once('=')
            && is_secret_name(name)
            && !value.is_empty()
        {
            let value_start = start + name.len() + 1;
            found.push(Span::new(value_start, value_start + value.len()));
        }
        start += pair.len() + 1;
    }
    found
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_PARAMETERS
        .iter()
        .any(|secret| name == *secret || name.ends_with(&format!("_{secret}")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn credentials_become_stars() {
        let cases = [
            (
                "https://me:pw@dash.example.com/x",
                "https://*****@dash.example.com/x",
            ),
            (
                "https://tok@dash.example.com",
                "https://***@dash.example.com",
            ),
            (
                "https://me:p/w@dash.example.com/x",
                "https://******@dash.example.com/x",
            ),
            (
                "x https://a.example.com:8080/x@1 y",
                "x https://a.example.com:8080/x@1 y",
            ),
            (
                "ssh://git@example.com/x.git@v1",
                "ssh://git@example.com/x.git@v1",
            ),
            (
                "https://${U}:${P}@example.com",
                "https://${U}:${P}@example.com",
            ),
            (
                "https://example.com/?a=1&api_key=abc#x",
                "https://example.com/?a=1&api_key=***#x",
            ),
            (
                "\"https://me:pw@example.com\"",
                "\"https://*****@example.com\"",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        assert_eq!(
            safe("a\tb\u{1b}[31m\u{202e}c\n"),
            "a b\u{fffd}[31m\u{fffd}c "
        );
    }

    proptest! {
        #[test]
        fn the_number_of_characters_stays(text in "(https?://)?[a-zé:@/?&=$#{} token\\n\"-]{0,60}") {
            prop_assert_eq!(masked(&text).chars().count(), text.chars().count());
        }

        #[test]
        fn a_password_is_never_left(password in "[A-Z0-9/?#!:.-]{6,20}") {
            let text = format!("https://me:{password}@dash.example.com/packages");
            let known = password.find(['/', '?', '#']).is_some_and(|at| {
                password[..at].bytes().all(|byte| byte.is_ascii_digit())
            });
            prop_assume!(!known);
            prop_assert!(!masked(&text).contains(&password));
        }
    }
}
