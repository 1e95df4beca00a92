//! Tests of DL307.

use std::collections::BTreeSet;

use crate::harness::{Case, app};
use dashlift::python::{self, Facts, Parse};
use dashlift::rules::Safety;
use proptest::prelude::*;

fn files<'a>(list: &'a str, code: &'a str) -> Case {
    app([
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", list),
        ("app.py", code),
    ])
    .rule("DL307")
}

/// The names that the code binds, each with the scope and whether it is imported.
fn bound(code: &str) -> BTreeSet<(String, usize, bool)> {
    let facts: Facts = python::facts(code).unwrap();
    assert_eq!(facts.parse, Parse::Parsed, "{code}");
    let scope = |variable: usize| facts.variables[variable].scope;
    let rows = facts.bindings.iter();
    rows.map(|it| (it.name.clone(), scope(it.variable), it.import.is_some()))
        .collect()
}

/// The code after the safe fix; the same names must be bound.
#[track_caller]
fn fixed(code: &str) -> String {
    let after = files("dash==2.9.3\n", code).fix();
    let new = after.text("app.py");
    assert_eq!(bound(new), bound(code), "{code}");
    new.to_owned()
}

const FORMS: &[(&str, &str)] = &[
    (
        "import dash_core_components as dcc\n",
        "from dash import dcc\n",
    ),
    (
        "import dash_html_components as html\n",
        "from dash import html\n",
    ),
    (
        "import dash_html_components as h\n",
        "from dash import html as h\n",
    ),
    (
        "import dash_core_components\n",
        "from dash import dcc as dash_core_components\n",
    ),
    (
        "import dash_table\ndash_table.DataTable()\n",
        "from dash import dash_table\ndash_table.DataTable()\n",
    ),
    (
        "import dash_table as dt\n",
        "from dash import dash_table as dt\n",
    ),
    (
        "from dash_core_components import Graph as G, Dropdown\n",
        "from dash.dcc import Graph as G, Dropdown\n",
    ),
    (
        "from dash_html_components import (\n    Div,  # a\n    H1,\n)\n",
        "from dash.html import (\n    Div,  # a\n    H1,\n)\n",
    ),
    (
        "from dash_table import DataTable\n",
        "from dash.dash_table import DataTable\n",
    ),
    (
        "from dash_table.Format import Format, Scheme\n",
        "from dash.dash_table.Format import Format, Scheme\n",
    ),
    (
        "import dash_table.FormatTemplate as T\n",
        "import dash.dash_table.FormatTemplate as T\n",
    ),
    (
        "import dash_table.Format\ndash_table.Format.Format()\n",
        "from dash import dash_table\ndash_table.Format.Format()\n",
    ),
    (
        "from dash_html_components import *\n",
        "from dash.html import *\n",
    ),
    (
        "from dash_core_components.Graph import Graph\n",
        "from dash.dcc.Graph import Graph\n",
    ),
    (
        "import dash, dash_core_components as dcc, os\n",
        "import dash, os\nfrom dash import dcc\n",
    ),
    (
        "import dash_core_components as dcc, dash_html_components as html\n",
        "from dash import dcc, html\n",
    ),
    (
        "import dash; import dash_table; x = 1  # why\n",
        "import dash; from dash import dash_table; x = 1  # why\n",
    ),
    (
        "import os, dash_table; x = 1\n",
        "import os; from dash import dash_table; x = 1\n",
    ),
    (
        "if x: import os, dash_table\n",
        "if x: import os; from dash import dash_table\n",
    ),
    (
        "def f():\n\timport os, dash_table  # late\n\treturn os\n",
        "def f():\n\timport os\n\tfrom dash import dash_table  # late\n\treturn os\n",
    ),
    (
        "import dash_core_components \\\n    as dcc\n",
        "from dash import dcc\n",
    ),
    (
        "import dash_table as dcc, dash_core_components as dash_table",
        "from dash import dash_table as dcc, dcc as dash_table",
    ),
    (
        "import dash\r\nimport os, dash_table\r\nx = 1\r\n",
        "import dash\r\nimport os\r\nfrom dash import dash_table\r\nx = 1\r\n",
    ),
    (
        "import dash_table.Format as F, dash_table\n",
        "import dash.dash_table.Format as F\nfrom dash import dash_table\n",
    ),
    (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import dash_table\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from dash import dash_table\n",
    ),
];

#[test]
fn every_form_is_rewritten() {
    for (old, new) in FORMS {
        assert_eq!(fixed(old), *new, "{old}");
    }
}

#[test]
fn what_works_is_left() {
    for code in [
        "from dash.dependencies import Input, Output\n",
        "from dash import dcc, html, dash_table\n",
        "import dash_bootstrap_components as dbc\n",
        "from . import dash_table\nfrom .dash_table import x\n",
        "try:\n    from dash import dcc\nexcept ImportError:\n    import dash_core_components as dcc\n",
        "try:\n    import dash_html_components as html\nexcept ImportError:\n    from dash import html\n",
        "try:\n    from dash.dash_table import DataTable\nexcept ImportError:\n    from dash_table import DataTable\n",
        "import dash\nif hasattr(dash, 'dcc'):\n    dcc = dash.dcc\nelse:\n    import dash_core_components as dcc\n",
        "if NEW:\n    from dash import html\nelse:\n    import dash_html_components as html\n",
        "# import dash_table\n'import dash_table'\n",
    ] {
        assert_eq!(files("dash==2.9.3\n", code).check(), [""; 0], "{code}");
    }
    let own = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "dash>=2\n"),
        ("dash_table.py", "x = 1\n"),
        ("app.py", "import dash_table\n"),
    ];
    assert_eq!(app(own).rule("DL307").check(), [""; 0]);
}

#[test]
fn the_list_decides() {
    let code = "import dash_table\n";
    for (list, expected) in [
        ("dash==2.0.0\n", Some(Safety::Safe)),
        ("dash>=2\n", Some(Safety::Safe)),
        ("dash>=2\ndash-table==5.0.0\n", Some(Safety::Safe)),
        ("dash\n", Some(Safety::Unsafe)),
        ("dash\ndash-table\n", Some(Safety::Unsafe)),
        ("dash>=1.20\n", Some(Safety::Unsafe)),
        ("dash\ndash-table==4.12.0\n", None),
        ("dash>=1\ndash-core-components<2\n", None),
        ("dash==1.21.0\n", None),
        ("dash<2\n", None),
        ("dash @ https://example.com/dash.zip\n", None),
        ("dash-table\n", None),
    ] {
        let found = files(list, code).findings();
        let safety = found.first().map(|it| it.fix.as_ref().unwrap().safety);
        assert_eq!(safety, expected, "{list}");
    }
}

#[test]
fn dash_3_does_not_bring_the_packages() {
    let code = "import dash\nimport dash_core_components as dcc\n";
    assert_eq!(
        files("dash==3.0.4\n", code).check(),
        [
            "app.py:2:1: DL307 `import dash_core_components as dcc`: dash_core_components is not installed with Dash 3: it is the module dash.dcc now"
        ]
    );
    let listed = "dash==3.0.4\ndash-core-components==2.0.0\n";
    let said = "app.py:2:1: DL307 `import dash_core_components as dcc` imports a package of Dash 1, which is the module dash.dcc since Dash 2";
    assert_eq!(files(listed, code).check(), [said]);
    assert_eq!(files("dash==2.9.3\n", code).check(), [said]);
}

#[test]
fn what_a_person_must_see_is_not_safe() {
    let guarded = "try:\n    import dash_table\nexcept ImportError:\n    dash_table = None\n";
    let found = files("dash==2.9.3\n", guarded).findings();
    assert_eq!(found[0].fix.as_ref().unwrap().safety, Safety::Unsafe);
    for code in [
        "import importlib\nm = importlib.import_module('dash_table')\n",
        "import dash_table.other\n",
        "import dash_table\nprint 'python 2'\n",
    ] {
        let found = files("dash==2.9.3\n", code).findings();
        assert!(
            !found.is_empty() && found.iter().all(|it| it.fix.is_none()),
            "{code}"
        );
    }
}

#[test]
fn a_notebook_is_mended() {
    let notebook = "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"import os, dash_table\\n\", \"import dash_core_components as dcc\\n\", \"from dash_html_components import Div\"]}], \"nbformat\": 4}\n";
    let files = [
        ("Procfile", "web: gunicorn app:server\n"),
        ("requirements.txt", "dash>=2\n"),
        ("a.ipynb", notebook),
    ];
    let after = app(files).rule("DL307").fix();
    assert_eq!(
        after.text("a.ipynb"),
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"import os; from dash import dash_table\\n\", \"from dash import dcc\\n\", \"from dash.html import Div\"]}], \"nbformat\": 4}\n"
    );
}

fn name() -> impl Strategy<Value = String> {
    let names = [
        "dash_core_components",
        "dash_html_components as html",
        "dash_table",
        "dash_table as dt",
        "dash_table.Format",
        "dash_table.FormatTemplate as ft",
        "os.path",
        "dash",
        "numpy as np",
    ];
    proptest::sample::select(names.to_vec()).prop_map(str::to_owned)
}

fn statement() -> impl Strategy<Value = String> {
    let plain = prop::collection::vec(name(), 1..4)
        .prop_map(|names| format!("import {}", names.join(", ")));
    let from = proptest::sample::select(vec![
        "from dash_core_components import Graph as G, Tab",
        "from dash_table import (DataTable,\n        Format)",
        "from dash_html_components import Div",
        "x = 1",
    ]);
    prop_oneof![3 => plain, 1 => from.prop_map(str::to_owned)]
}

/// A block of statements: joined by `;`, indented, with comments and either line end.
fn module() -> impl Strategy<Value = String> {
    let line = (
        prop::collection::vec(statement(), 1..3),
        0..4_usize,
        any::<bool>(),
    );
    let line = line.prop_map(|(statements, form, comment)| {
        let joined = statements.join("; ");
        let comment = if comment { "  # why" } else { "" };
        match form {
            0 => format!("if x: {joined}{comment}"),
            1 => format!("def f():\n    {joined}{comment}"),
            _ => format!("{joined}{comment}"),
        }
    });
    (
        prop::collection::vec(line, 1..5),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(lines, crlf, last)| {
            let text = lines.join("\n") + if last { "\n" } else { "" };
            if crlf {
                text.replace('\n', "\r\n")
            } else {
                text
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_names_are_bound(code in module()) {
        let after = files("dash==2.9.3\n", &code).fix();
        let new = after.text("app.py");
        prop_assert_eq!(bound(new), bound(&code));
        prop_assert_eq!(new.matches("# why").count(), code.matches("# why").count());
        prop_assert_eq!(new.contains('\r'), code.contains('\r'));
        prop_assert!(!new.replace("as dash_core_components", "").contains("dash_core_components"));
        prop_assert!(after.open.is_empty());
    }
}
