use super::*;

/// An import as one line: what it asks for, and what is special about it.
fn lines_of(code: &str) -> Vec<String> {
    let facts = parsed(code);
    facts
        .imports
        .iter()
        .map(|import| {
            let dots = ".".repeat(import.level as usize);
            let mut line = vec![format!("{dots}{}", import.module)];
            line.extend(import.name.clone());
            line.extend(import.alias.as_ref().map(|alias| format!("as {alias}")));
            for (flag, word) in [
                (import.guarded, "guarded"),
                (import.type_checking, "typing"),
                (import.scope != 0, "inner"),
                (import.form == ImportForm::Dynamic, "dynamic"),
            ] {
                if flag {
                    line.push(format!("[{word}]"));
                }
            }
            line.join(" ")
        })
        .collect()
}

#[test]
fn every_form_is_an_import() {
    let code = "import os\nimport os.path, a.b as c\nfrom x.y import z, w as v\n\
                from . import m\nfrom ..p import (\n  q,  # why\n  r as s,\n)\nfrom t import *\n";
    assert_eq!(
        lines_of(code),
        [
            "os",
            "os.path",
            "a.b as c",
            "x.y z",
            "x.y w as v",
            ". m",
            "..p q",
            "..p r as s",
            "t *",
        ]
    );
}

#[test]
fn spans_cover_what_a_rewrite_replaces() {
    let code = "from  .. a  import (b as c,\n d)\nimport e . f as g\nfrom . import h\n";
    let facts = parsed(code);
    let spans: Vec<[&str; 2]> = facts
        .imports
        .iter()
        .map(|import| [import.module_span.slice(code), import.span.slice(code)])
        .collect();
    assert_eq!(
        spans,
        [
            ["a", "b as c"],
            ["a", "d"],
            ["e . f", "e . f as g"],
            ["", "h"]
        ]
    );
    let dots = facts.imports.last().unwrap().module_span;
    assert_eq!(
        code.get(..dots.start).unwrap().split_at(code.len() - 16).1,
        "from ."
    );
    assert_eq!(facts.imports[0].statement, facts.imports[1].statement);
}

#[test]
fn guards_are_seen() {
    let code = "
try:
    import a
except ImportError:
    import b
else:
    import c
try:
    import d
except (KeyError, builtins.ModuleNotFoundError):
    d = None
try:
    import e
except ValueError:
    pass
try:
    import f
except:
    pass
with contextlib.suppress(ImportError):
    import g
try:
    import h
finally:
    pass
";
    assert_eq!(
        lines_of(code),
        [
            "a [guarded]",
            "b [guarded]",
            "c",
            "d [guarded]",
            "e",
            "f [guarded]",
            "g [guarded]",
            "h",
        ]
    );
}

#[test]
fn type_checking_and_functions_are_seen() {
    let code = "
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import a
else:
    import b
if typing.TYPE_CHECKING:
    import c
def f():
    import d
class C:
    import e
async def g():
    if x: import h
";
    assert_eq!(
        lines_of(code),
        [
            "typing TYPE_CHECKING",
            "a [typing]",
            "b",
            "c [typing]",
            "d [inner]",
            "e [inner]",
            "h [inner]",
        ]
    );
}

#[test]
fn dynamic_imports_of_constants_are_imports() {
    let code = "
importlib.import_module('a.b')
import_module('.c', package='p')
__import__(\"d\")
importlib.import_module(name)
importlib.import_module('e' 'f')
load('g')
try:
    x = __import__('h')
except ImportError: pass
";
    assert_eq!(
        lines_of(code),
        [
            "a.b [dynamic]",
            ".c [dynamic]",
            "d [dynamic]",
            "h [guarded] [dynamic]"
        ]
    );
    let facts = parsed(code);
    assert_eq!(facts.imports[0].module_span.slice(code), "'a.b'");
    assert_eq!(
        facts.imports[0].statement.slice(code),
        "importlib.import_module('a.b')"
    );
}

#[test]
fn a_star_at_the_top_leaves_names_open() {
    assert!(parsed("from x import *\n").imports_everything());
    assert!(!parsed("from x import y\n").imports_everything());
}
