//! How deep the syntax tree of a text will be, told before it is made: brackets, blocks, f-strings
//! and chains of operators. The parser guards its own stack, but the tree that it gives is
//! visited and freed by recursion.

use super::quotes::Opening;

/// The most levels of one tree. `CPython` stops at 200 brackets and 100 blocks; a chain of as many
/// `+` is a tree as deep. The visit takes up to two kilobytes of
/// stack per level without optimisation; a thread of rayon has two megabytes.
pub(super) const LIMIT: usize = 600;
/// How many levels a lambda counts for: the visit of a scope takes the stack of several.
const LAMBDA_DEPTH: usize = 4;

/// Where the text passes [`LIMIT`], if it does.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    if may_nest(text.as_bytes()) <= LIMIT {
        return None;
    }
    Scan::new(text.as_bytes()).run()
}

/// An upper bound of the depth that costs next to nothing: how many bytes could add a level.
fn may_nest(bytes: &[u8]) -> usize {
    let mut word = false;
    let mut found = 0;
    for byte in bytes {
        let begins = !word && matches!(byte, b'a' | b'e' | b'i' | b'l' | b'n' | b'y');
        found +=
            usize::from(begins || is_operator(*byte) || matches!(byte, b'(' | b'[' | b'{' | b':'));
        word = is_word(*byte);
    }
    found
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

const fn is_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'.' | b'<' | b'>'
    )
}

/// What the scan is inside of.
enum NestingKind {
    /// A statement, or a bracket.
    Code,
    /// The text of an f-string.
    Text(Opening),
    /// `{…}` in an f-string.
    Field,
    /// The format behind the colon of a field.
    Format,
}

struct Frame {
    kind: NestingKind,
    /// Operators since the last comma: each may be a level.
    chain: usize,
    /// Lambdas and conditions, which a comma does not end.
    lasting: usize,
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    frames: Vec<Frame>,
    /// The columns of the open blocks.
    blocks: Vec<usize>,
    /// The sum of all that adds a level.
    depth: usize,
    /// Whether the token before was a value, so that a bracket behind it is a call or an index.
    value: bool,
}

impl<'t> Scan<'t> {
    fn new(bytes: &'t [u8]) -> Self {
        let mut scan = Self {
            bytes,
            at: 0,
            frames: Vec::new(),
            blocks: Vec::new(),
            depth: 0,
            value: false,
        };
        scan.push(NestingKind::Code);
        scan.line_begins();
        scan
    }

    fn run(mut self) -> Option<usize> {
        while self.at < self.bytes.len() {
            match self.frames.last().map(|frame| &frame.kind) {
                Some(NestingKind::Text(opening)) => {
                    let opening = *opening;
                    self.text(opening);
                }
                Some(NestingKind::Format) => self.format(),
                _ => self.code(),
            }
            if self.depth > LIMIT {
                return Some(self.at.min(self.bytes.len()));
            }
        }
        None
    }

    fn push(&mut self, kind: NestingKind) {
        self.depth += 1;
        self.frames.push(Frame {
            kind,
            chain: 0,
            lasting: 0,
        });
    }

    /// Leaves a frame; the outermost stays.
    fn pop(&mut self) {
        if self.frames.len() > 1
            && let Some(frame) = self.frames.pop()
        {
            self.depth -= 1 + frame.chain + frame.lasting;
        }
    }

    fn link(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.chain += 1;
            self.depth += 1;
        }
    }

    fn link_lasting(&mut self, levels: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.lasting += levels;
            self.depth += levels;
        }
    }

    fn cut(&mut self, also_lasting: bool) {
        if let Some(frame) = self.frames.last_mut() {
            self.depth -= std::mem::take(&mut frame.chain);
            if also_lasting {
                self.depth -= std::mem::take(&mut frame.lasting);
            }
        }
    }

    fn code(&mut self) {
        let Some(byte) = self.bytes.get(self.at).copied() else {
            return;
        };
        match byte {
            b'#' => self.at = self.line_end(),
            b'\\' => {
                self.at += if self.bytes.get(self.at + 1) == Some(&b'\r') {
                    3
                } else {
                    2
                }
            }
            b'\n' | b'\r' => self.line(),
            b'"' | b'\'' => self.string(),
            _ if is_word(byte) => self.word(),
            _ => {
                self.punctuation(byte);
                self.at += 1;
            }
        }
    }

    fn punctuation(&mut self, byte: u8) {
        let in_field = matches!(
            self.frames.last().map(|frame| &frame.kind),
            Some(NestingKind::Field)
        );
        match byte {
            b'(' | b'[' | b'{' => {
                if self.value {
                    self.link();
                }
                self.push(NestingKind::Code);
            }
            b')' | b']' | b'}' => self.pop(),
            b',' => self.cut(false),
            b';' if self.frames.len() == 1 => self.cut(true),
            b':' if in_field => self.push(NestingKind::Format),
            b':' if self.bytes.get(self.at + 1) == Some(&b'=') => self.link(),
            _ if is_operator(byte) => self.link(),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.value = matches!(byte, b')' | b']' | b'}');
        }
    }

    fn word(&mut self) {
        if Opening::at(self.bytes, self.at).is_some() {
            return self.string();
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| is_word(**byte)).count();
        match rest.get(..length).unwrap_or_default() {
            b"not" | b"await" | b"yield" => self.link(),
            b"if" | b"else" | b"async" => self.link_lasting(1),
            b"lambda" => self.link_lasting(LAMBDA_DEPTH),
            _ => {}
        }
        self.value = true;
        self.at += length;
    }

    fn string(&mut self) {
        let Some(opening) = Opening::at(self.bytes, self.at) else {
            self.at += 1;
            return;
        };
        let content = self.at + opening.len();
        self.value = true;
        if opening.interpolated {
            self.push(NestingKind::Text(opening));
            self.at = content;
        } else {
            self.at = match opening.content_end(self.bytes, content) {
                Some(end) => end + opening.quotes(),
                None if opening.triple => self.bytes.len(),
                None => self.line_end(),
            };
        }
    }

    /// One step in the text of an f-string.
    fn text(&mut self, opening: Opening) {
        match self.bytes.get(self.at) {
            Some(b'\\') => self.at += 2,
            Some(b'{') if self.bytes.get(self.at + 1) == Some(&b'{') => self.at += 2,
            Some(b'{') => {
                self.push(NestingKind::Field);
                self.value = false;
                self.at += 1;
            }
            Some(b'\n' | b'\r') if !opening.triple => self.pop(),
            _ if opening.closes_at(self.bytes, self.at) => {
                self.pop();
                self.at += opening.quotes();
            }
            _ => self.at += 1,
        }
    }

    /// One step in the format of a field.
    fn format(&mut self) {
        match self.bytes.get(self.at) {
            Some(b'{') => self.push(NestingKind::Field),
            Some(b'}') => {
                self.pop();
                self.pop();
            }
            Some(b'"' | b'\'' | b'\n' | b'\r') => {
                // Not closed: what follows is the end of the f-string.
                self.pop();
                self.pop();
                return;
            }
            _ => {}
        }
        self.at += 1;
    }

    /// A line end: it ends the statement, unless a bracket is open. A line that only a statement
    /// can begin with shows that the bracket was never closed; the parser goes on there too.
    fn line(&mut self) {
        self.at += 1;
        if self.bytes.get(self.at - 1) == Some(&b'\r') && self.bytes.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
        while self.frames.len() > 1 && self.begins_statement() {
            self.pop();
        }
        if self.frames.len() == 1 {
            self.cut(true);
            self.line_begins();
        }
        self.value = false;
    }

    fn begins_statement(&self) -> bool {
        let line = self.bytes.get(self.at..).unwrap_or_default();
        let column = line
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let line = line.get(column..).unwrap_or_default();
        let length = line.iter().take_while(|byte| is_word(**byte)).count();
        let word = line.get(..length).unwrap_or_default();
        let words: [&[u8]; 10] = [
            b"def", b"class", b"import", b"return", b"raise", b"try", b"with", b"while", b"del",
            b"pass",
        ];
        words.contains(&word)
    }

    /// Opens and closes blocks as the line's indentation says.
    fn line_begins(&mut self) {
        let line = self.bytes.get(self.at..).unwrap_or_default();
        let column = line
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c'))
            .count();
        if matches!(line.get(column), None | Some(b'\n' | b'\r' | b'#')) {
            return;
        }
        while self.blocks.last().is_some_and(|open| *open >= column) {
            self.blocks.pop();
            self.depth -= 1;
        }
        if column > 0 {
            self.blocks.push(column);
            self.depth += 1;
        }
    }

    fn line_end(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        memchr::memchr2(b'\n', b'\r', rest).map_or(self.bytes.len(), |end| self.at + end)
    }
}
