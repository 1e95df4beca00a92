//! What pip refuses, by kind, so that a person can be told what it was meant to be.

use thiserror::Error;

use crate::secrets::redacted;
use crate::text::Span;

/// A line that pip refuses: where, why, and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The characters that pip stumbles over.
    pub span: Span,
    /// Why.
    pub kind: RefusalKind,
    /// The lines that were probably meant; none where it takes a person to know.
    pub instead: Vec<String>,
}

/// Why pip refuses a line. Texts from the file are shortened and without credentials.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RefusalKind {
    /// A NUL character: most often UTF-16 without a byte order mark.
    #[error("a NUL character, as in UTF-16 text without a byte order mark")]
    Nul,
    /// `<<<<<<<`, `=======`, `>>>>>>>`.
    #[error("a conflict marker of git")]
    ConflictMarker,
    /// A web page instead of the file.
    #[error("HTML, as of a web page saved in place of the file")]
    Html,
    /// An option that pip does not know in a requirements file.
    #[error("the option `{0}`, which pip does not know here")]
    UnknownOption(String),
    /// An option without the value that it needs.
    #[error("`--{0}` without its value")]
    MissingValue(&'static str),
    /// A flag with a value.
    #[error("a value behind `--{0}`, which takes none")]
    UnexpectedValue(&'static str),
    /// A quote that nothing closes, or a last backslash.
    #[error("a quote that is not closed")]
    OpenQuote,
    /// A `\` at the end of a line with blanks behind it: it joins nothing.
    #[error("a `\\` with blanks behind it, which does not join the next line")]
    Backslash,
    /// Words behind options: pip passes over them without a word.
    #[error("`{0}`, which pip passes over in silence")]
    Ignored(String),
    /// More than one `-e` in a line: pip takes the first only.
    #[error("a second `-e` in one line, which pip passes over in silence")]
    SecondEditable,
    /// `- dash`: an item of a YAML list.
    #[error("an item of a YAML list, which pip passes over in silence")]
    ListItem,
    /// `dash 1.0.0`, `Package Version`, `------`: the output of `pip list`.
    #[error("a table as `pip list` prints it")]
    PipList,
    /// `numpy=1.19.2=py37_0`.
    #[error("`{0}`, a line as conda exports it")]
    CondaExport(String),
    /// `dash=1.0`.
    #[error("a single `=`, which is no operator of pip")]
    SingleEquals,
    /// `gunicorn==20.0.4dash==1.2.0`.
    #[error("two requirements glued together: `{0}` and `{1}`")]
    Glued(String, String),
    /// `numpy==1.1--extra-index-url https://...`.
    #[error("the option `--{0}` glued to a requirement")]
    GluedOption(&'static str),
    /// `dash flask`, `dash==1.0, flask`.
    #[error("several requirements in one line")]
    Several,
    /// `https://example.com/dash.zip ;python_version < "3"`.
    #[error("a blank inside a URL")]
    BlankInUrl,
    /// `dash==1.0#comment`.
    #[error("a `#` without a blank before it, which begins no comment")]
    Hash,
    /// A specifier that is none in PEP 440.
    #[error("the specifier `{0}`, which is not valid")]
    Specifier(String),
    /// As [`RefusalKind::Specifier`], but pip before 24.1 takes it, as text to compare with
    /// (`>==3.0.1`, `>=1.*`, `!=x`).
    #[error("the specifier `{0}`, which pip before 24.1 compares as text and newer ones refuse")]
    LegacySpecifier(String),
    /// A name with characters that names do not have.
    #[error("`{0}`, which is no name of a distribution")]
    Name(String),
    /// A version without its name: `==1.0`.
    #[error("a version without a name")]
    NoName,
    /// `dash>=1.0[testing]`.
    #[error("extras behind the version; they belong behind the name")]
    ExtrasLast,
    /// `dash[testing`.
    #[error("extras that are not a list in `[` and `]`")]
    Extras,
    /// A marker that is none in PEP 508.
    #[error("`{0}` behind `;`, which is no marker")]
    Marker(String),
    /// A marker with a `~=` that compares no versions.
    #[error(
        "the marker `{0}`, at which pip stops: `~=` needs a version of two numbers or more on its right"
    )]
    Incomparable(String),
    /// `name @ something`.
    #[error("`{0}` behind `@`, which is no URL")]
    Url(String),
    /// `https://example.com/dash.whl`.
    #[error("`{0}`, which is no name of a wheel: NAME-VERSION-PYTHON-ABI-PLATFORM.whl")]
    WheelName(String),
    /// `git@host:user/repository.git`.
    #[error("an address of git without a scheme")]
    GitAddress,
    /// A VCS URL behind `-e` without `#egg=`.
    #[error("an editable VCS URL without `#egg=NAME`")]
    NoEgg,
    /// `-e` with something else than a path or a VCS URL.
    #[error("`-e` in front of something that is neither a folder nor a VCS URL")]
    Editable,
    /// `--hash` with something that is none.
    #[error("a `--hash` that is not ALGORITHM:DIGEST with sha256, sha384 or sha512")]
    HashValue,
    /// A character that looks like nothing or like another.
    #[error("the character U+{:04X}, which no requirement holds", u32::from(*.0))]
    Character(char),
    /// `pip install dash`.
    #[error("a command, not a requirement")]
    Command,
    /// `"dash==1.0",`.
    #[error("quotes around a requirement")]
    Quoted,
    /// Anything else.
    #[error("`{0}`, which is no requirement")]
    Prose(String),
}

/// A text of the file as a message shows it: at most 50 characters, without credentials.
pub(super) fn shorten(text: &str) -> String {
    let clean = redacted(text);
    let words: Vec<String> = clean.split_whitespace().map(without_user).collect();
    let clean = words.join(" ");
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    if clean.chars().count() <= 50 {
        return clean.chars().map(visible).collect();
    }
    let mut short: String = clean.chars().take(49).map(visible).collect();
    short.push('\u{2026}');
    short
}

/// A word such as `user:password@host`, which lost its scheme, without what is before the `@`.
fn without_user(word: &str) -> String {
    match word.rsplit_once('@') {
        Some((user, host)) if user.contains(':') && !word.contains("://") => format!("***@{host}"),
        _ => word.to_owned(),
    }
}
