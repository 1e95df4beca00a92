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

/// Whether `text` may hold such a name at all: a quick look before the thorough one.
pub(super) fn may_be_in(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    MARKS
        .iter()
        .any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
}
