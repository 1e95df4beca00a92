//! Shell scripts, as far as rules look into them: commands with their words, comments. Nothing is
//! expanded and nothing is run; what the shell would refuse is read as far as it goes.

mod variables;

use super::{Model, Problem};
use crate::text::{Span, Text, lines};

pub use variables::{VariableRead, is_variable_name};

/// A shell script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    commands: Vec<ScriptCommand>,
    comments: Vec<Span>,
    /// The subshell around each; number 0 is the script itself.
    around: Vec<usize>,
    /// Whether a quote is open at the end.
    unclosed: Option<Span>,
}

/// One simple command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptCommand {
    /// The words, assignments in front of the program included; redirections are not among them.
    pub words: Vec<Word>,
    /// The files that `<` and `>` name.
    pub redirects: Vec<Redirect>,
    /// What stands between the command before and this one.
    pub joint: Joint,
    /// The `( … )` that it stands in; 0 for none. [`Script::around`] tells what that stands in.
    pub subshell: usize,
}

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word as written, quotes included.
    pub span: Span,
    /// The word without quotes.
    pub value: String,
    /// Whether the shell would put something else in its place: `$X`, `` `x` ``, `*`.
    pub is_expanded: bool,
}

/// A file that a command reads or writes through `<` or `>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The file.
    pub target: Word,
    /// Whether the file is written.
    pub writes: bool,
}

/// What stands between two commands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Joint {
    /// A line end, or the start of the file.
    #[default]
    Line,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|`, `|&`
    Pipe,
    /// `&`
    Background,
    /// `;`, a bracket.
    Other,
}

impl Script {
    /// The commands, in order.
    pub fn commands(&self) -> &[ScriptCommand] {
        &self.commands
    }

    /// The comments, from their `#`, the `#!` line included.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// The subshell that a subshell stands in; 0 is its own.
    pub fn around(&self, subshell: usize) -> usize {
        self.around.get(subshell).copied().unwrap_or_default()
    }

    /// The quote that nothing closes: no shell runs such a command.
    pub fn unclosed(&self) -> Option<Span> {
        self.unclosed
    }

    /// Reads one command line, as `app.json` and `Procfile` hold it.
    pub fn of_line(line: &str) -> Self {
        let mut reader = Reader::new(line);
        reader.read();
        reader.script
    }
}

/// Whether the program runs the script that its first argument names.
pub fn is_shell(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or(program);
    matches!(name, "bash" | "sh" | "dash" | "source" | ".")
}

/// Whether a file of this name and text is a script of the shell: its first line names no other
/// program, its ending no other language.
pub fn is_shell_file(name: &str, text: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let first = lines(text).next();
    let first = first.map_or("", |line| line.span.slice(text));
    let is_other = first.starts_with("#!") && !first.contains("sh");
    !is_other
        && [".py", ".js", ".rb", ".r"]
            .iter()
            .all(|end| !name.ends_with(end))
}

impl ScriptCommand {
    /// From the first word to the last, or to the last redirection.
    pub fn span(&self) -> Span {
        let words = self.words.iter().map(|word| word.span);
        let redirects = self.redirects.iter().map(|redirect| redirect.target.span);
        let mut spans = words.chain(redirects);
        let first = spans.next().unwrap_or(Span::at(0));
        spans.fold(first, |all, span| {
            Span::new(all.start.min(span.start), all.end.max(span.end))
        })
    }

    /// The program and its arguments, without assignments in front, `sudo`, `exec`, `time` and
    /// the shell's own `if`, `then`...
    pub fn program(&self) -> &[Word] {
        let start = self.prefixes();
        self.words.get(start..).unwrap_or_default()
    }

    /// Whether `sudo` runs the program.
    pub fn is_sudo(&self) -> bool {
        let before = self.words.iter().take(self.prefixes());
        before.into_iter().any(|word| word.value == "sudo")
    }

    /// How many words stand before the program; options among them belong to `sudo` or `env`.
    fn prefixes(&self) -> usize {
        let is_before = |word: &Word| {
            is_assignment(&word.value)
                || PREFIXES.contains(&word.value.as_str())
                || word.value.starts_with('-')
        };
        self.words.iter().take_while(|word| is_before(word)).count()
    }
}

/// Words that stand before a program.
const PREFIXES: &[&str] = &[
    "sudo", "exec", "time", "nohup", "env", "command", "if", "then", "else", "elif", "while",
    "until", "do", "!", "{",
];

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

impl Model for Script {
    fn parse(text: &Text) -> Result<Self, Problem> {
        Ok(Self::of_line(text.as_str()))
    }
}

/// What the next word is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expecting {
    Word,
    Input,
    Output,
    HereDocument,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    word: Option<Word>,
    expecting: Expecting,
    command: ScriptCommand,
    /// The ends of here-documents that begin at the next line.
    waiting: Vec<String>,
    script: Script,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            word: None,
            expecting: Expecting::Word,
            command: ScriptCommand::default(),
            waiting: Vec::new(),
            script: Script::default(),
        }
    }

    fn read(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                '\n' | '\r' => self.end_line(),
                ' ' | '\t' => {
                    self.end_word();
                    self.at += 1;
                }
                '#' if self.word.is_none() => self.skip_comment(),
                '\\' => self.read_escape(),
                '\'' | '"' => self.read_quoted(c),
                '$' | '`' => self.read_expansion(c),
                '<' | '>' => self.read_redirect(c),
                ';' | '&' | '|' | '(' | ')' => self.read_joint(c),
                _ => self.push(c, "*?".contains(c)),
            }
        }
        self.end_command(Joint::Line);
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes a character into the word.
    fn push(&mut self, c: char, is_expanded: bool) {
        let at = self.at;
        self.at += c.len_utf8();
        let end = self.at;
        let word = self.open_word(at);
        word.value.push(c);
        word.is_expanded |= is_expanded;
        word.span.end = end;
    }

    fn open_word(&mut self, at: usize) -> &mut Word {
        self.word.get_or_insert_with(|| Word {
            span: Span::at(at),
            value: String::new(),
            is_expanded: false,
        })
    }

    /// Takes `length` bytes into the word's span, without any value.
    fn cover(&mut self, length: usize) {
        let at = self.at;
        self.at += length;
        let end = self.at;
        self.open_word(at).span.end = end;
    }

    fn read_escape(&mut self) {
        let rest = self.rest();
        if let Some(end) = ["\\\r\n", "\\\n", "\\\r"]
            .iter()
            .find(|end| rest.starts_with(**end))
        {
            // The line goes on; blanks before the backslash ended the word already.
            self.at += end.len();
            return;
        }
        self.cover(1);
        if let Some(c) = self.peek() {
            self.push(c, false);
        }
    }

    fn read_quoted(&mut self, quote: char) {
        let start = self.at;
        self.cover(1);
        while let Some(c) = self.peek() {
            match c {
                _ if c == quote => {
                    self.cover(1);
                    return;
                }
                '\\' if quote == '"' => {
                    self.cover(1);
                    if let Some(c) = self.peek() {
                        self.push(c, false);
                    }
                }
                _ => self.push(c, quote == '"' && "$`".contains(c)),
            }
        }
        self.script.unclosed = Some(Span::new(start, self.at));
    }

    fn read_expansion(&mut self, c: char) {
        let close = if c == '`' {
            self.rest()
                .get(1..)
                .and_then(|rest| rest.find('`'))
                .map(|at| at + 2)
        } else {
            bracketed(self.rest())
        };
        let length = close.unwrap_or(1);
        for _ in self.rest().chars().take(chars_in(self.rest(), length)) {
            if let Some(c) = self.peek() {
                self.push(c, true);
            }
        }
    }

    fn read_redirect(&mut self, c: char) {
        // `2>` names a file descriptor, not an argument.
        let is_number = |word: &Word| word.value.bytes().all(|b| b.is_ascii_digit() || b == b'&');
        if self.word.as_ref().is_some_and(is_number) {
            self.word = None;
        }
        self.end_word();
        let rest = self.rest();
        let operators = ["<<<", "<<-", "<<", "<>", "<&", "<", ">>", ">&", ">|", ">"];
        let operator = operators
            .iter()
            .find(|operator| rest.starts_with(**operator));
        self.expecting = match operator {
            Some(&("<<" | "<<-")) => Expecting::HereDocument,
            _ if c == '<' => Expecting::Input,
            _ => Expecting::Output,
        };
        self.at += operator.map_or(1, |operator| operator.len());
    }

    fn read_joint(&mut self, c: char) {
        let rest = self.rest();
        if rest.starts_with("&>") {
            self.end_word();
            self.at += 1;
            return;
        }
        let joint = match c {
            '&' if rest.starts_with("&&") => Joint::And,
            '&' => Joint::Background,
            '|' if rest.starts_with("||") => Joint::Or,
            '|' => Joint::Pipe,
            _ => Joint::Other,
        };
        let doubled = c != '(' && c != ')' && rest.get(1..).is_some_and(|rest| rest.starts_with(c));
        self.end_command(joint);
        self.at += if doubled { 2 } else { 1 };
        match c {
            '(' => self.open_subshell(),
            ')' => self.command.subshell = self.script.around(self.command.subshell),
            _ => {}
        }
    }

    fn open_subshell(&mut self) {
        if self.script.around.is_empty() {
            self.script.around.push(0);
        }
        let outer = self.command.subshell;
        let depth = std::iter::successors(Some(outer), |at| Some(self.script.around(*at)));
        if depth.take_while(|at| *at != 0).take(DEEPEST).count() < DEEPEST {
            self.script.around.push(outer);
            self.command.subshell = self.script.around.len() - 1;
        }
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else {
            return;
        };
        match std::mem::replace(&mut self.expecting, Expecting::Word) {
            Expecting::Word => self.command.words.push(word),
            Expecting::HereDocument => self.waiting.push(word.value),
            expecting => self.command.redirects.push(Redirect {
                target: word,
                writes: expecting == Expecting::Output,
            }),
        }
    }

    /// Keeps the command, if there is one; `joint` is what stands behind it.
    fn end_command(&mut self, joint: Joint) {
        self.end_word();
        self.expecting = Expecting::Word;
        let next = ScriptCommand {
            joint,
            subshell: self.command.subshell,
            ..ScriptCommand::default()
        };
        let command = std::mem::replace(&mut self.command, next);
        if command.words.is_empty() && command.redirects.is_empty() {
            // `a &&` at a line's end goes on behind it, `a || (` within the bracket.
            if matches!(joint, Joint::Line | Joint::Other) && command.joint != Joint::Line {
                self.command.joint = command.joint;
            }
        } else {
            self.script.commands.push(command);
        }
    }

    fn end_line(&mut self) {
        self.end_command(Joint::Line);
        self.at += if self.rest().starts_with("\r\n") {
            2
        } else {
            1
        };
        for end in std::mem::take(&mut self.waiting) {
            self.skip_document(&end);
        }
    }

    /// Skips a here-document, up to the line that ends it, or all of the text.
    fn skip_document(&mut self, end: &str) {
        for line in crate::text::lines(self.rest()) {
            if line.span.slice(self.rest()).trim_start_matches('\t') == end {
                self.at += line.end;
                return;
            }
        }
        self.at = self.text.len();
    }

    fn skip_comment(&mut self) {
        let rest = self.rest();
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let span = Span::new(self.at, self.at + length);
        self.script.comments.push(span);
        self.at = span.end;
    }
}

/// How deep subshells are told apart; deeper ones count as the last.
const DEEPEST: usize = 16;

/// The longest expansion that is read as one, in bytes: an unclosed bracket must not cost a look at
/// the rest of the file each time.
const LONGEST: usize = 1000;

/// The length of `$(...)` or `${...}` at the start of `text`, nested ones included.
fn bracketed(text: &str) -> Option<usize> {
    let (open, close) = match text.as_bytes().get(1)? {
        b'(' => (b'(', b')'),
        b'{' => (b'{', b'}'),
        _ => return None,
    };
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().take(LONGEST).skip(1) {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}

fn chars_in(text: &str, length: usize) -> usize {
    text.get(..length).map_or(1, |part| part.chars().count())
}

#[cfg(test)]
mod tests;
