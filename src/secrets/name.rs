//! Names that say that their value opens something.

/// Words that are such a name, or a part of one between `_`, `-` or `.`.
const WORDS: &[&str] = &["authorization", "jwt", "pwd", "signature"];

/// Words that are a part of such a name: `API_KEY`. Alone they are one in capitals, or in a URL;
/// `key = ...` in code and configuration is something else.
const PARTS: &[&str] = &["auth", "key", "keys", "pass", "sig"];

/// Ends of such words: `dbpassword`, `clientsecret`, `accountkey`.
const ENDS: &[&str] = &[
    "accesskey",
    "accountkey",
    "apikey",
    "credential",
    "credentials",
    "licensekey",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "secretkey",
    "secrets",
    "sharedkey",
    "token",
    "tokens",
];

/// What is in every such name.
const MARKS: &[&str] = &[
    "auth",
    "credential",
    "jwt",
    "key",
    "pass",
    "pwd",
    "secret",
    "sig",
    "token",
];

/// Whether a variable, option or key of this name holds a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let alone = !name.contains(['_', '-', '.']);
    let small = name.bytes().any(|byte| byte.is_ascii_lowercase());
    is_secret_parameter(name) && !(alone && small && PARTS.contains(&&*name.to_ascii_lowercase()))
}

/// Whether a query parameter of this name holds a secret.
pub(super) fn is_secret_parameter(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut words = name.split(['_', '-', '.']);
    words.any(|word| {
        WORDS.contains(&word) || PARTS.contains(&word) || ENDS.iter().any(|end| word.ends_with(end))
    })
}

/// Whether `text` may hold such a name with a value: a quick look before the thorough one, which
/// needs patterns that take time to build.
pub(super) fn may_be_in(text: &str) -> bool {
    let bytes = text.to_ascii_lowercase();
    let marked = |mark: &&str| memchr::memmem::find(bytes.as_bytes(), mark.as_bytes()).is_some();
    if !MARKS.iter().any(marked) {
        return false;
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find(is_part)) {
        let start = from + start;
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(length);
        if is_secret(name.trim_start_matches('-')) && takes_value(name, behind) {
            return true;
        }
        from = start + length;
    }
    false
}

/// Whether what stands behind a name can be its value, or the name is the value of `name`.
fn takes_value(name: &str, behind: &str) -> bool {
    let sign = behind.trim_start_matches([' ', '\t', '"', '\'', '\\']);
    name.starts_with('-')
        || sign.starts_with(':')
        || (sign.starts_with('=') && !sign.starts_with("=="))
        || sign.starts_with([',', '\r', '\n'])
}
