//! The colours of the house. Whoever prints removes them where nobody sees them.

use anstyle::{AnsiColor, Style};

/// A heading.
pub(super) const HEADING: Style = Style::new().bold();
/// A command, a file, a word of a program.
pub(super) const CODE: Style = AnsiColor::Cyan.on_default();
/// What went well.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// What must be looked at.
pub(super) const BAD: Style = AnsiColor::BrightRed.on_default().bold();
/// A line that goes.
pub(super) const BAD_LINE: Style = AnsiColor::Red.on_default();
/// What should be looked at.
pub(super) const UNSURE: Style = AnsiColor::Yellow.on_default();
/// What can be passed over.
pub(super) const FAINT: Style = Style::new().dimmed();

/// `text` in a style.
pub(super) fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// What a few words are meant as, where another room prints them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It went well.
    Good,
    /// It should be looked at.
    Unsure,
    /// It must be looked at.
    Bad,
    /// It can be passed over.
    Faint,
    /// A command.
    Code,
}

/// `text` in the colour of its tone.
pub fn toned(tone: Tone, text: &str) -> String {
    let style = match tone {
        Tone::Good => GOOD,
        Tone::Unsure => UNSURE,
        Tone::Bad => BAD,
        Tone::Faint => FAINT,
        Tone::Code => CODE,
    };
    styled(style, text)
}
