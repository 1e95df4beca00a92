//! How a text and what is around it are put together: joins, operators, calls that hand it on.

use crate::python::{Constant, ConstantKind, Piece, Slot};
use crate::text::Span;

/// Methods that look a text up in another one.
pub(super) const COMPARING: &[&str] = &[
    "startswith",
    "endswith",
    "split",
    "rsplit",
    "partition",
    "strip",
    "lstrip",
    "rstrip",
    "count",
    "find",
    "rfind",
    "index",
    "replace",
    "is_relative_to",
    "removeprefix",
    "removesuffix",
    "assertEqual",
];

/// Whether a call looks its argument up in another text.
pub(super) fn compares(callee: &str) -> bool {
    let method = callee.rsplit_once('.');
    method.is_some_and(|(_, name)| COMPARING.contains(&name))
}

/// Whether a constant is a path object, not merely the text of one.
pub(super) fn is_path_object(constant: &Constant, text: &str) -> bool {
    let code = constant.span.slice(text);
    constant.kind == ConstantKind::Path && code.contains("Path(") && !code.contains("Pure")
}

/// Whether nothing stands in front of a piece.
pub(super) fn is_leading(constant: &Constant, at: usize) -> bool {
    let before = constant.pieces.iter().take(at);
    let empty = |piece: &Piece| piece.text.as_deref() == Some("");
    before.into_iter().all(empty)
}

/// Whether a join forgets what stands in front of the constant's first piece. Told from the code in
/// front of it, with a doubt in favour of a person.
pub(super) fn is_reset(constant: &Constant, text: &str) -> bool {
    let Some(first) = constant.pieces.first() else {
        return false;
    };
    if constant.kind == ConstantKind::Name || first.span.start <= constant.span.start {
        return false;
    }
    let lead = Span::new(constant.span.start, first.span.start).slice(text);
    lead.contains([',', '/']) || lead.trim_end().ends_with("joinpath(")
}

/// Whether `+`, `/` or `%` stands in front of an expression.
pub(super) fn is_behind_operator(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let before = before.trim_end_matches(['(', ' ', '\t', '\n', '\r', '\\']);
    before.ends_with(['+', '/', '%']) && !before.ends_with("+=")
}

/// The text of a constant whose piece number `at` is worth `path`.
pub(super) fn text_of(
    constant: &Constant,
    at: usize,
    path: &str,
    complete: bool,
) -> (String, bool) {
    let mut text = path.to_owned();
    let rest = constant.pieces.get(at..).unwrap_or_default();
    // A name that stands for several pieces holds all of them in its worth.
    let own = rest.first().map(|piece| (piece.span, piece.variable));
    let behind = rest
        .iter()
        .enumerate()
        .filter(|(number, piece)| *number > 0 && Some((piece.span, piece.variable)) != own);
    for (_, piece) in behind {
        match &piece.text {
            Some(more) if complete => text.push_str(more),
            _ => return (text, false),
        }
    }
    (text, complete)
}

/// Whether a call gives back its argument, or a text that begins with it, or holds it.
pub(super) fn passes_on(callee: &str, slot: &Slot) -> bool {
    let fallback = *slot == Slot::Position(1) || *slot == Slot::Keyword("default".to_owned());
    match callee {
        "os.environ.get"
        | "os.environ.setdefault"
        | "os.environ.pop"
        | "os.getenv"
        | "decouple.config" => fallback,
        "str" | "os.fspath" | "os.fsdecode" | "os.fsencode" | "os.path.abspath"
        | "os.path.normpath" | "os.path.realpath" | "os.path.expanduser" | "os.path.expandvars"
        | "os.path.join" | "os.path.dirname" | "posixpath.join" | "list" | "tuple" | "set"
        | "sorted" | "enumerate" => true,
        _ => callee.starts_with("pathlib."),
    }
}
