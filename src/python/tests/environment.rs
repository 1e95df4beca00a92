use super::*;
use EnvironmentAccess::{Defaulted, Optional, Required, Tested, Written};

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
