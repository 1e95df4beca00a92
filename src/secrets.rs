//! Where a text tells secrets, and the text without them: what the rules say and the reports print
//! goes through here. Found are the credentials of URLs, and values of variables, options and keys
//! whose name says that they open something (`API_TOKEN=...`, `--password ...`, `"SECRET_KEY": ...`),
//! and the defaults of environment variables that code reads (`getenv("NAME", "...")`).
//! Nothing here knows a file format; what has no name and no URL around it cannot be found.

mod assignment;
mod name;
mod url;

use std::borrow::Cow;

use crate::text::{self, Span};

/// So many bytes before a line are looked at too: `name = "API_TOKEN"` stands above its `value`.
const CONTEXT: usize = 400;

/// So often a text is looked at whose secrets, once hidden, tell others. Two looks are enough for
/// what people write; a text made to need more is hidden as a whole, so that time stays linear.
const MOST_LOOKS: usize = 8;

/// The secrets in `text`: in order, none touching another, none empty. With them hidden, the text
/// tells no more: a quote that is part of a secret may have ended the value before it, so the text
/// is looked at until it rests.
pub fn spans(text: &str) -> Vec<Span> {
    look_until_rest(text, look)
}

fn look_until_rest(text: &str, look: impl Fn(&str) -> Vec<Span>) -> Vec<Span> {
    let mut found = set_apart(look(text));
    if found.is_empty() {
        return found;
    }
    for _ in 1..MOST_LOOKS {
        let mut all = look(&hidden(text, &found));
        all.extend(&found);
        let all = set_apart(all);
        if all == found {
            return found;
        }
        found = all;
    }
    let lines = text::lines(text).map(|line| line.span);
    lines.filter(|line| !line.is_empty()).collect()
}

/// What one look finds. The spans may overlap.
fn look(text: &str) -> Vec<Span> {
    let mut found = url::secrets(text);
    found.extend(assignment::secrets(text));
    found.retain(|span| !span.is_empty());
    found
}

/// `text` with a star for each byte of a secret, so that places stay the same.
fn hidden(text: &str, secrets: &[Span]) -> String {
    replaced(text, secrets, |shown, secret| {
        shown.extend(secret.bytes().map(|_| '*'));
    })
}

/// The spans in order, those that touch as one.
fn set_apart(mut found: Vec<Span>) -> Vec<Span> {
    found.sort_unstable();
    let mut apart: Vec<Span> = Vec::new();
    for span in found {
        match apart.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => apart.push(span),
        }
    }
    apart
}

/// `text` with a star for each character of a secret: columns stay true.
pub fn masked(text: &str) -> Cow<'_, str> {
    covered(text, &spans(text))
}

/// As [`masked`], for a part of `text`; what stands before it can tell that it is a secret.
pub fn masked_part(text: &str, part: Span) -> Cow<'_, str> {
    let mut start = part.start.saturating_sub(CONTEXT);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let window = Span::new(start, part.end).slice(text);
    let inside = |span: Span| {
        let (from, to) = (span.start + start, span.end + start);
        let from = from.max(part.start);
        (to > from).then(|| Span::new(from - part.start, to - part.start))
    };
    let secrets: Vec<Span> = spans(window).into_iter().filter_map(inside).collect();
    covered(part.slice(text), &secrets)
}

/// `text` with `***` in the place of each secret: for sentences, where columns do not matter.
pub fn redacted(text: &str) -> String {
    replaced(text, &spans(text), |shown, _| shown.push_str("***"))
}

fn covered<'t>(text: &'t str, secrets: &[Span]) -> Cow<'t, str> {
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(replaced(text, secrets, |shown, secret| {
        shown.extend(secret.chars().map(|_| '*'));
    }))
}

fn replaced(text: &str, secrets: &[Span], put: impl Fn(&mut String, &str)) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for secret in secrets {
        shown.push_str(Span::new(done, secret.start).slice(text));
        put(&mut shown, secret.slice(text));
        done = secret.end;
    }
    shown.push_str(Span::new(done, text.len()).slice(text));
    shown
}

#[cfg(test)]
mod tests;
