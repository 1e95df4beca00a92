//! URLs without what must not be printed.

/// The URL with `***` in the place of credentials: what stands before `@` (for `ssh` only with a
/// password: the user is no secret there), and the values of a query. What is no URL, or has
/// neither, comes back as it is.
pub(super) fn redacted_url(url: &str) -> String {
    let (address, query) = match url.split_once('?') {
        Some((address, query)) if query.contains('=') => (address, Some(query)),
        _ => (url, None),
    };
    let mut redacted = without_user(address);
    if let Some(query) = query {
        redacted.push('?');
        redacted.push_str(&without_values(query));
    }
    redacted
}

fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    // A password may hold a `/` in the hands of people: the last `@` of the authority decides, or
    // of the whole address where a `:` stands before it.
    let at = rest.get(..end).and_then(|authority| authority.rfind('@'));
    let at = at.or_else(|| {
        rest.rfind('@').filter(|at| {
            let before = rest.get(..end.min(*at)).unwrap_or_default();
            before.contains(':') && !before.rsplit(':').next().is_some_and(is_port)
        })
    });
    let Some((user, host)) = at.and_then(|at| Some((rest.get(..at)?, rest.get(at + 1..)?))) else {
        return address.to_owned();
    };
    if scheme.ends_with("ssh") && !user.contains(':') {
        return address.to_owned();
    }
    format!("{scheme}://***@{host}")
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn without_values(query: &str) -> String {
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) => format!("{name}=***"),
        None => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::redacted_url;
    use proptest::prelude::*;

    #[test]
    fn credentials_are_not_printed() {
        for (url, redacted) in [
            (
                "https://me:pw@dash.example.com/GIT/app",
                "https://***@dash.example.com/GIT/app",
            ),
            (
                "https://t0k3n@dash.example.com/x",
                "https://***@dash.example.com/x",
            ),
            (
                "https://${USER}:${KEY}@dash.example.com/x",
                "https://***@dash.example.com/x",
            ),
            (
                "https://me:p@ss@dash.example.com:8443/x",
                "https://***@dash.example.com:8443/x",
            ),
            (
                "https://me:p/w@dash.example.com/x",
                "https://***@dash.example.com/x",
            ),
            (
                "git+ssh://git@dash.example.com/x",
                "git+ssh://git@dash.example.com/x",
            ),
            (
                "ssh://dokku:pw@dash.example.com/x",
                "ssh://***@dash.example.com/x",
            ),
            (
                "https://dash.example.com/x?token=abc&y",
                "https://dash.example.com/x?token=***&y",
            ),
            (
                "https://dash.example.com:80/a@1.0",
                "https://dash.example.com:80/a@1.0",
            ),
            ("dokku@dash.example.com:app", "dokku@dash.example.com:app"),
            ("plain", "plain"),
        ] {
            assert_eq!(redacted_url(url), redacted);
        }
    }

    proptest! {
        #[test]
        fn a_password_is_never_in_it(password in "[A-Z]{4,9}", host in "[a-z]{1,9}", tail in ".*") {
            prop_assume!(!tail.contains(&password));
            let url = format!("https://user:{password}@{host}.example.com/{tail}");
            prop_assert!(!redacted_url(&url).contains(&password));
        }

        #[test]
        fn any_text_is_taken(text in ".*") {
            let _ = redacted_url(&text);
        }
    }
}
