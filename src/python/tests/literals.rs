use super::LiteralKind::{Bytes, Docstring, Part};
use super::*;

#[test]
fn kinds_prefixes_and_spelling() {
    let code = r#""""doc"""
a = 'x\n'
b = r"C:\d"
c = Rb'/é'
d = f"/p/{x!r:>{w}}/q{{" "tail"
def f():
    "inner doc"
    'not doc'
class C:
    'class doc'
"#
    .replace("é", "e");
    let facts = parsed(&code);
    let rows: Vec<_> = facts
        .literals
        .iter()
        .map(|l| {
            (
                l.kind,
                l.prefix.as_str(),
                l.content.slice(&code),
                l.value.as_str(),
                l.verbatim,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (Docstring, "", "doc", "doc", true),
            (LiteralKind::Text, "", r"x\n", "x\n", false),
            (LiteralKind::Text, "r", r"C:\d", r"C:\d", true),
            (Bytes, "Rb", "/e", "/e", true),
            (Part, "f", "/p/", "/p/", true),
            (Part, "f", "/q{{", "/q{", false),
            (LiteralKind::Text, "", "tail", "tail", true),
            (Docstring, "", "inner doc", "inner doc", true),
            (LiteralKind::Text, "", "not doc", "not doc", true),
            (Docstring, "", "class doc", "class doc", true),
        ]
    );
    assert_eq!(facts.literals[3].span.slice(&code), "Rb'/e'");
    assert_eq!(facts.texts().count(), 7);
}

/// The role of the literal whose value is `value`, and of what is around it.
fn roles(code: &str, value: &str) -> Vec<String> {
    let facts = parsed(code);
    let literal = facts
        .literals
        .iter()
        .find(|literal| literal.value == value)
        .unwrap();
    facts
        .sites_around(literal.site)
        .map(|site| match &site.role {
            Role::Argument { call, slot } => {
                let slot = match slot {
                    Slot::Position(at) => at.to_string(),
                    Slot::Keyword(name) => name.clone(),
                    Slot::Unpacked => "*".to_owned(),
                };
                format!("{}({slot})", facts.calls[*call].callee)
            }
            Role::Assigned { variable } => format!("{}=", facts.variables[*variable].name),
            Role::Default { variable } => format!("{}?=", facts.variables[*variable].name),
            Role::Receiver { attribute } => format!(".{attribute}"),
            Role::Value { key } => format!("{{{}:}}", key.as_deref().unwrap_or("?")),
            Role::Subscript { of } => format!("{}[]", of.as_deref().unwrap_or("?")),
            Role::Operand { operator } => operator.to_string(),
            other => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn every_literal_says_where_it_stands() {
    for (code, expected) in [
        (
            "import pandas as pd\npd.read_csv('@', sep=';')",
            vec!["pandas.read_csv(0)", "Statement"],
        ),
        (
            "from pandas import read_csv as r\nr(a, path='@')",
            vec!["pandas.read_csv(path)", "Statement"],
        ),
        (
            "open(os.path.join('@', x))",
            vec!["os.path.join(0)", "open(0)", "Statement"],
        ),
        ("def f(a, path='@'): pass", vec!["path?="]),
        ("lambda path='@': 1", vec!["path?="]),
        ("DATA = '@'", vec!["DATA="]),
        ("DATA: str = '@'", vec!["DATA="]),
        ("class C:\n  D = '@'", vec!["C.D="]),
        (
            "class C:\n  def __init__(self):\n    self.d = '@'",
            vec!["C.d="],
        ),
        ("x = {'k': ['@']}", vec!["Element", "{k:}", "x="]),
        ("x = {'@': 1}", vec!["Key"]),
        ("if path == '@': pass", vec!["Compared"]),
        ("@app.route('@')\ndef f(): pass", vec!["app.route(0)"]),
        ("df['@']", vec!["df[]"]),
        ("'@'.format(x)", vec![".format", "Statement"]),
        ("x = y or '@'", vec!["Alternative", "x="]),
        ("x = '@' if y else z", vec!["Alternative", "x="]),
        ("x = a + '@'", vec!["+", "x="]),
        ("x = f'{a}@'", vec!["Interpolated", "x="]),
        (
            "for p in ['@']: pass",
            vec!["Element", "Iterated { variable: Some(0) }"],
        ),
        ("x: Literal['@'] = 1", vec!["Literal[]"]),
        ("def f(): return '@'", vec!["Returned"]),
        ("f(*['@'], **g)", vec!["Element", "f(*)", "Statement"]),
        ("open((p := '@'))", vec!["p=", "open(0)", "Statement"]),
        ("match x:\n  case '@': pass", vec!["Pattern"]),
        ("await f('@')", vec!["f(0)", "Statement"]),
        ("a().b['c'].d('@')", vec!["a().b[].d(0)", "Statement"]),
        ("[f('@') for x in y]", vec!["f(0)", "Element"]),
    ] {
        assert_eq!(roles(code, "@"), expected, "{code}");
    }
}

#[test]
fn decorators_are_marked() {
    let facts = parsed("@app.callback(Output('a', 'b'))\ndef f(): pass\n");
    let rows: Vec<_> = facts
        .calls
        .iter()
        .map(|call| (call.callee.as_str(), call.decorator))
        .collect();
    assert_eq!(rows, [("app.callback", true), ("Output", false)]);
}

#[test]
fn comments_know_whether_they_stand_alone() {
    let code = "# one\nx = '#no'  # two\n\t# three\r\n";
    let facts = parsed(code);
    let rows: Vec<_> = facts
        .comments
        .iter()
        .map(|c| (c.span.slice(code), c.alone))
        .collect();
    assert_eq!(rows, [("# one", true), ("# two", false), ("# three", true)]);
}

/// The callees that a literal's value reaches.
fn reached(code: &str, value: &str) -> Vec<String> {
    let facts = parsed(code);
    let number = facts
        .literals
        .iter()
        .position(|literal| literal.value == value)
        .unwrap();
    let sites = facts.reach(number);
    let mut callees: Vec<String> = sites
        .iter()
        .flat_map(|site| facts.flow(*site))
        .filter_map(|site| match &site.role {
            Role::Argument { call, .. } => Some(facts.calls[*call].callee.clone()),
            Role::Receiver { attribute } => Some(format!(".{attribute}")),
            _ => None,
        })
        .collect();
    callees.sort();
    callees.dedup();
    callees
}

#[test]
fn values_are_followed_to_the_calls_that_use_them() {
    for (code, expected) in [
        ("open('@')", vec!["open"]),
        ("D = '@'\nopen(D)", vec!["open"]),
        (
            "def g(): open(os.path.join(D, 'x'))\nimport os\nD = '@'\n",
            vec!["open"],
        ),
        ("D = '@'\nE = D + '/x'\npd.read_csv(E)", vec!["pd.read_csv"]),
        ("def f(p='@'):\n  return open(p)", vec!["open"]),
        (
            "class C:\n  D = '@'\n  def m(self): open(self.D)\n",
            vec!["open"],
        ),
        ("class C:\n  D = '@'\nopen(C.D)\n", vec!["open"]),
        ("if x: D = '@'\nelse: D = y\nopen(D)", vec!["open"]),
        ("for p in ['a', '@']:\n  open(p)", vec!["open"]),
        ("C = {'d': '@'}\nopen(C['d'])", vec!["open"]),
        (
            "import os\nD = os.environ.get('X', '@')\nopen(D + 'y')",
            vec!["open", "os.environ.get"],
        ),
        (
            "from pathlib import Path\nP = Path('@')\n(P / 'x').read_text()\nP.open()",
            vec![".open", ".read_text", "pathlib.Path"],
        ),
        ("open(f'{D}/x')\nD = '@'", vec!["open"]),
        ("D = '@'\ndef f(D): open(D)", vec![]),
        ("D = Dash('@')\nopen(D)", vec!["Dash"]),
        ("app.route('@')\nopen(x)", vec!["app.route"]),
        ("x['@'] = 1\nopen(x)", vec![]),
        ("D = '@'\nx = D\ny = x\nopen(y)", vec!["open"]),
    ] {
        assert_eq!(reached(code, "@"), expected, "{code}");
    }
}
