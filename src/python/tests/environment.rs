use super::*;
use EnvironmentAccess::{Defaulted, Optional, Required, Tested, Written};

#[test]
fn a_condition_asks_and_a_refusal_needs() {
    let code = "
import os, sys
if os.environ.get('A'): pass
if not os.getenv('B'): x = 1
y = os.environ.get('C') == 'on'
z = 1 if os.environ.get('D') else 2
if not os.environ.get('E'): raise SystemExit
if os.environ.get('F') is None:
    print('set it')
    sys.exit(1)
if x: pass
elif os.getenv('G'): pass
call(os.environ.get('H'))
if os.environ['I']: pass
";
    let facts = parsed(code);
    let rows: Vec<_> = (facts.environment.iter())
        .map(|e| (e.name.as_str(), e.access))
        .collect();
    assert_eq!(
        rows,
        [
            ("A", Tested),
            ("B", Tested),
            ("C", Tested),
            ("D", Tested),
            ("E", Optional),
            ("F", Optional),
            ("G", Tested),
            ("H", Optional),
            ("I", Required),
        ]
    );
}

#[test]
fn what_only_a_program_runs_is_told() {
    let code = "a = 1\nif __name__ == '__main__':\n    b = 2\n    c = 3\nelse:\n    d = 4\nif __name__ != '__main__':\n    e = 5\n";
    let blocks: Vec<&str> = (parsed(code).main_blocks.iter())
        .map(|block| block.slice(code))
        .collect();
    assert_eq!(blocks, ["b = 2\n    c = 3"]);
}

#[test]
fn every_way_to_the_environment() {
    let code = "
import os
import os as o
from os import environ, getenv as g
from decouple import config
os.environ['A']
environ['B']
o.environ.get('C')
os.environ.get('D', 'secret')
g('E')
os.getenv('F', default='x')
config('G')
config('H', default=1, cast=int)
'I' in os.environ
os.environ['J'] = 'x'
os.environ.get('K') or 'y'
os.environ.setdefault('L', 'z')
del os.environ['M']
NAME = 'N'
os.environ[NAME]
os.environ[unknown]
settings['O']
config.get('P')
os.environ.pop('Q', None)
os.environ.get(key='R')
";
    let facts = parsed(code);
    let rows: Vec<_> = facts
        .environment
        .iter()
        .map(|e| (e.name.as_str(), e.access))
        .collect();
    assert_eq!(
        rows,
        [
            ("A", Required),
            ("B", Required),
            ("C", Optional),
            ("D", Defaulted),
            ("E", Optional),
            ("F", Defaulted),
            ("G", Required),
            ("H", Defaulted),
            ("I", Tested),
            ("J", Written),
            ("K", Defaulted),
            ("L", Defaulted),
            ("M", Written),
            ("N", Required),
            ("Q", Defaulted),
            ("R", Optional),
        ]
    );
    assert_eq!(facts.environment[2].span.slice(code), "o.environ.get('C')");
    assert_eq!(facts.environment[2].reader, "os.environ.get");
}
