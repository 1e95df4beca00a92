use super::*;

fn callees(code: &str) -> Vec<String> {
    parsed(code)
        .calls
        .iter()
        .map(|call| call.callee.clone())
        .collect()
}

#[test]
fn callees_are_resolved_through_imports() {
    let code = "
import pandas as pd, os.path
from dash import dcc as core, Dash
from .db import engine
def late(): return np.load(x)
import numpy as np
pd.io.read(1)
os.path.join(1)
core.LogoutButton()
Dash(__name__)
engine.connect()
unknown.f()
'x'.join(y)
x[0].g()
Dash().run()
(lambda: 1)()
def shadow(pd): pd.f()
class C:
    def m(self): self.n()
";
    assert_eq!(
        callees(code),
        [
            "numpy.load",
            "pandas.io.read",
            "os.path.join",
            "dash.dcc.LogoutButton",
            "dash.Dash",
            ".db.engine.connect",
            "unknown.f",
            "str.join",
            "x[].g",
            "dash.Dash().run",
            "dash.Dash",
            "()",
            "pd.f",
            "self.n",
        ]
    );
}

#[test]
fn an_import_with_two_sources_is_resolved_by_the_first() {
    let code = "try:\n  import dash_table\nexcept ImportError:\n  from dash import dash_table\ndash_table.DataTable()\n";
    assert_eq!(callees(code), ["dash_table.DataTable"]);
}

#[test]
fn references_name_attributes_and_imported_names() {
    let code = "import dash_table\nfrom dash import dcc\nt = dash_table\ndash_table.DataTable(a=app.server)\ndcc.LogoutButton\napp.layout = x\nplain\n";
    let facts = parsed(code);
    let rows: Vec<_> = facts
        .references
        .iter()
        .map(|r| {
            (
                r.name.as_str(),
                r.root.slice(code),
                r.import,
                r.called,
                r.stored,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("dash_table", "dash_table", Some(0), false, false),
            ("dash_table.DataTable", "dash_table", Some(0), true, false),
            ("app.server", "app", None, false, false),
            ("dash.dcc.LogoutButton", "dcc", Some(1), false, false),
            ("app.layout", "app", None, false, true),
        ]
    );
}

fn top(code: &str) -> Vec<(String, BindingKind, bool)> {
    let facts = parsed(code);
    facts
        .top_level()
        .map(|b| (b.name.clone(), b.kind, b.conditional))
        .collect()
}

#[test]
fn top_level_names_are_what_a_server_can_be_told() {
    let code = "
import os.path, a as b
from c import d
app = Dash(__name__)
server = app.server
x, (y, *z) = 1, (2, 3)
if os: debug = 1
else: debug = 0
try:
    import e
except ImportError:
    e = None
for i in y: pass
with open(x) as fh: pass
def create():
    inner = 1
    global made
    made = 2
class K:
    attr = 1
async def later(): pass
n: int = 3
declared: int
(w := 4)
[q for q in x if (r := q)]
app.config = 1
match x:
    case {'k': found}: pass
type T = int
";
    let names: Vec<_> = top(code).into_iter().map(|row| row.0).collect();
    assert_eq!(
        names,
        [
            "os", "b", "d", "app", "server", "x", "y", "z", "debug", "debug", "e", "e", "i", "fh",
            "create", "made", "K", "later", "n", "w", "r", "found", "T",
        ]
    );
    let rows = top(code);
    assert_eq!(rows[8], ("debug".to_owned(), BindingKind::Assignment, true));
    assert_eq!(rows[11], ("e".to_owned(), BindingKind::Assignment, true));
    assert_eq!(rows[7].1, BindingKind::Unpacking);
}

#[test]
fn a_variable_knows_the_call_that_makes_it() {
    let code = "from dash import Dash\napp = application = Dash(__name__)\nserver = app.server\n";
    let facts = parsed(code);
    let made = |name: &str| {
        let variable = facts.variables.iter().position(|v| v.name == name).unwrap();
        facts.made_by(variable).map(|call| call.callee.as_str())
    };
    assert_eq!(
        [made("app"), made("application"), made("server")],
        [Some("dash.Dash"), Some("dash.Dash"), None]
    );
    let reference = facts
        .references
        .iter()
        .find(|r| r.name == "app.server")
        .unwrap();
    assert_eq!(facts.variables[reference.variable.unwrap()].name, "app");
}

#[test]
fn arguments_are_found_by_name_or_position() {
    let code = "f(1, *a, x=2, **k)";
    let call = &parsed(code).calls[0];
    assert_eq!(call.argument("x", 5).unwrap().slice(code), "2");
    assert_eq!(call.argument("y", 0).unwrap().slice(code), "1");
    assert_eq!((call.argument("z", 3), call.has_keyword("x")), (None, true));
    assert_eq!(call.arguments.len(), 4);
}

#[test]
fn modern_syntax_is_visited() {
    let code = "
@decorate(lambda f: open('/1'))
async def f[T: (int, str) = int](a, /, b=open('/2'), *args, c: open('/3') = 1, **kw) -> open('/4'):
    async with open('/5') as x, y:
        async for z in open('/6'):
            yield open('/7')
    return await open('/8')
class C[T](Base, metaclass=open('/9')):
    x: int = open('/10')
match open('/11'):
    case Point(x=0, y=[1, *rest]) if open('/12'):
        print(f'{open('/13')!r:{open('/14')}}' f\"{f'{open(\"/15\")}'}\")
while (chunk := open('/16')):
    del chunk[open('/17')]
else:
    raise E from open('/18')
{**open('/19'), 'k': {i: j for i in open('/20')}}
assert open('/21'), open('/22')
x[open('/23'):open('/24'), ...] @= open('/25')
type A[T] = open('/26')
try: open('/27')
except* E: open('/28')
finally: open('/29')
not -open('/30') ** open('/31') or open('/32') is None
";
    let facts = parsed(code);
    let mut seen: Vec<usize> = facts
        .calls
        .iter()
        .filter(|call| call.callee == "open")
        .map(|call| {
            call.arguments[0]
                .span
                .slice(code)
                .trim_matches(['\'', '"', '/'])
                .parse()
                .unwrap()
        })
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, (1..=32).collect::<Vec<_>>());
}
