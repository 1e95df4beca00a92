//! The scan of a text that no parser can follow: its import lines and string literals, line by
//! line, whatever stands between them.

use super::facts::{Import, ImportForm, Literal, LiteralKind};
use super::quotes::Opening;
use crate::text::{Line, Span, lines};

/// What the scan finds.
#[derive(Default)]
pub(super) struct ScanResult {
    pub(super) imports: Vec<Import>,
    pub(super) literals: Vec<Literal>,
}

/// Scans a text. Facts have no sites and no scopes; nothing is known to be guarded.
pub(super) fn scan(text: &str) -> ScanResult {
    let mut found = ScanResult::default();
    let bytes = text.as_bytes();
    let mut open_until = 0;
    for line in lines(text) {
        if line.span.start < open_until {
            continue;
        }
        open_until = strings(bytes, text, line, &mut found.literals);
        imports(text, line, &mut found.imports);
    }
    found
}

/// The literals that begin on a line; gives where the last one ends.
fn strings(bytes: &[u8], text: &str, line: Line, literals: &mut Vec<Literal>) -> usize {
    let mut at = line.span.start;
    while at < line.span.end {
        let byte = bytes.get(at).copied().unwrap_or_default();
        if byte == b'#' {
            break;
        }
        let opening = Opening::at(bytes, at).filter(|_| !follows_word(bytes, at));
        let Some(opening) = opening else {
            at += 1;
            continue;
        };
        let content = at + opening.len();
        let Some(end) = opening.content_end(bytes, content) else {
            at = content;
            continue;
        };
        literals.push(literal(text, at, opening, Span::new(content, end)));
        at = end + opening.quotes();
    }
    at
}

fn follows_word(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

fn literal(text: &str, start: usize, opening: Opening, content: Span) -> Literal {
    let prefix = Span::new(start, start + opening.prefix).slice(text);
    let value = content.slice(text);
    let raw = prefix.contains(['r', 'R']) || !value.contains('\\');
    Literal {
        span: Span::new(start, content.end + opening.quotes()),
        content,
        value: value.to_owned(),
        prefix: prefix.to_owned(),
        kind: kind(opening, prefix),
        verbatim: raw && !(opening.interpolated && value.contains(['{', '}'])),
        site: 0,
        scope: 0,
    }
}

fn kind(opening: Opening, prefix: &str) -> LiteralKind {
    if opening.interpolated {
        LiteralKind::Part
    } else if prefix.contains(['b', 'B']) {
        LiteralKind::Bytes
    } else {
        LiteralKind::Text
    }
}

/// The imports of a line: `import a.b as c, d`, `from .a import b as c, (d)`. A bracket that is
/// not closed on the line goes on below.
fn imports(text: &str, line: Line, imports: &mut Vec<Import>) {
    let content = line.span.slice(text);
    let start = line.span.start + content.len() - content.trim_start().len();
    let mut words = Words {
        text,
        at: start,
        end: line.span.end,
    };
    match words.name() {
        Some(word) if word.slice(text) == "import" => {
            plain_imports(text, &mut words, start, imports);
        }
        Some(word) if word.slice(text) == "from" => from_imports(text, words, start, imports),
        _ => {}
    }
}

fn plain_imports(text: &str, words: &mut Words<'_>, start: usize, imports: &mut Vec<Import>) {
    let first = imports.len();
    while let Some(module) = words.name() {
        let alias = words.alias();
        let end = alias.unwrap_or(module).end;
        imports.push(Import {
            module: module.slice(text).to_owned(),
            alias: alias.map(|alias| alias.slice(text).to_owned()),
            module_span: module,
            span: Span::new(module.start, end),
            ..nothing(ImportForm::Import, start)
        });
        if !words.take(b',') {
            break;
        }
    }
    end_statement(imports, first, start);
}

fn from_imports(text: &str, mut words: Words<'_>, start: usize, imports: &mut Vec<Import>) {
    let level = words.dots();
    let after_dots = words.at;
    let module = words.name().filter(|name| name.slice(text) != "import");
    if module.is_some() && words.name().is_none_or(|word| word.slice(text) != "import") {
        return;
    }
    let module = module.unwrap_or(Span::at(after_dots));
    if words.take(b'(') {
        words.end = text.len();
    }
    let first = imports.len();
    while let Some(name) = words.name().or_else(|| words.star()) {
        let alias = words.alias();
        imports.push(Import {
            module: module.slice(text).to_owned(),
            name: Some(name.slice(text).to_owned()),
            alias: alias.map(|alias| alias.slice(text).to_owned()),
            level,
            module_span: module,
            span: Span::new(name.start, alias.unwrap_or(name).end),
            ..nothing(ImportForm::From, start)
        });
        if !words.take(b',') {
            break;
        }
    }
    end_statement(imports, first, start);
}

/// Gives the imports of one statement its span.
fn end_statement(imports: &mut [Import], first: usize, start: usize) {
    let end = imports.last().map_or(start, |import| import.span.end);
    for import in imports.iter_mut().skip(first) {
        import.statement = Span::new(start, end);
    }
}

fn nothing(form: ImportForm, start: usize) -> Import {
    Import {
        module: String::new(),
        name: None,
        alias: None,
        level: 0,
        form,
        statement: Span::at(start),
        module_span: Span::at(start),
        span: Span::at(start),
        guarded: false,
        type_checking: false,
        scope: 0,
    }
}

/// Reads names and marks, skipping blanks, and in brackets line ends and comments too.
struct Words<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl Words<'_> {
    fn rest(&self) -> &str {
        Span::new(self.at, self.end).slice(self.text)
    }

    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            let comment = rest.trim_start();
            let comment = match comment.strip_prefix('#') {
                Some(comment) => 1 + comment.find(['\n', '\r']).unwrap_or(comment.len()),
                None => 0,
            };
            if blank + comment == 0 {
                return;
            }
            self.at += blank + comment;
        }
    }

    /// A name, dotted or not.
    fn name(&mut self) -> Option<Span> {
        self.skip();
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_alphanumeric() || "_.".contains(c)));
        let length = length.unwrap_or(rest.len());
        let begins = rest
            .chars()
            .next()
            .is_some_and(|c| c.is_alphabetic() || c == '_');
        let name = Span::new(self.at, self.at + length);
        begins.then(|| {
            self.at = name.end;
            name
        })
    }

    fn star(&mut self) -> Option<Span> {
        let star = Span::new(self.at, self.at + 1);
        self.take(b'*').then_some(star)
    }

    fn alias(&mut self) -> Option<Span> {
        let before = self.at;
        if self
            .name()
            .is_some_and(|word| word.slice(self.text) == "as")
            && let Some(alias) = self.name()
        {
            return Some(alias);
        }
        self.at = before;
        None
    }

    fn dots(&mut self) -> u32 {
        let mut dots = 0;
        while self.take(b'.') {
            dots += 1;
        }
        dots
    }

    fn take(&mut self, mark: u8) -> bool {
        self.skip();
        let found = self.rest().as_bytes().first() == Some(&mark);
        self.at += usize::from(found);
        found
    }
}
