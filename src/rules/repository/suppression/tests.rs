//! Suppression in Python, with rules that speak of every string and of every long call.

use crate::app::{App, SourceFile};
use crate::engine::{Outcome, check, fix};
use crate::python::Facts;
use crate::rules::settings::RuleSet;
use crate::rules::{
    Case, Category, Check, Code, Finding, Inputs, Repository, Rule, Safety, Settings, SourceInputs,
    Subject,
};
use crate::text::{Span, Text};
use crate::tree::{MemoryTree, Tree, TreePath};

/// The only case of the rules here.
const SAID: Case = Case::new("said");

const fn rule(number: u16, check: fn(&App, &Settings) -> Vec<Finding>) -> Rule {
    Rule {
        code: Code(number),
        stem: "test",
        category: Category::Must,
        summary: "",
        cases: &[SAID],
        inputs: Inputs::NONE.sources(SourceInputs::Any),
        page: "",
        check: Check::App(check),
    }
}

static STRINGS: Rule = rule(301, |app, _| {
    say(app, &STRINGS, |_, facts| {
        let literals = facts.literals.iter();
        literals.map(|literal| literal.span).collect()
    })
});

static CALLS: Rule = rule(308, |app, _| {
    say(app, &CALLS, |_, facts| {
        facts.calls.iter().map(|call| call.span).collect()
    })
});

fn say(app: &App, rule: &'static Rule, spans: fn(&Text, &Facts) -> Vec<Span>) -> Vec<Finding> {
    let of = |source: &SourceFile| -> Vec<Finding> {
        let Some((text, facts)) = source.facts() else {
            return Vec::new();
        };
        let spans = spans(text, facts).into_iter();
        let said = spans.map(|span| {
            let message = format!("found {}", span.slice(text.as_str()).len());
            let draft = rule
                .report(SAID, Subject::Whole, source.path(), message)
                .span(span);
            draft.guide("Look.")
        });
        said.collect()
    };
    app.sources().iter().flat_map(of).collect()
}

fn settings() -> Settings {
    Settings {
        rules: RuleSet(vec![&super::RULE, &STRINGS, &CALLS]),
        ..Settings::default()
    }
}

fn tree(name: &str, source: &str) -> MemoryTree {
    MemoryTree::new([("Procfile", "web: python app.py\n"), (name, source)])
}

fn repository(tree: &MemoryTree) -> Repository<'_> {
    Repository {
        tree,
        scope: TreePath::root(),
        remotes: None,
    }
}

/// The findings that are told, as `line:column CODE`, and how many are not.
fn told(outcome: &Outcome) -> (Vec<String>, usize) {
    let line = |it: &crate::engine::Reported| format!("{} {}", it.position(), it.finding.rule.code);
    (outcome.open().map(line).collect(), outcome.suppressed())
}

fn looked(name: &str, source: &str) -> (Vec<String>, usize) {
    told(&check(&repository(&tree(name, source)), &settings()))
}

/// The source after all fixes.
fn mended(name: &str, source: &str) -> String {
    let tree = tree(name, source);
    let outcome = fix(&repository(&tree), &settings(), Safety::Safe);
    assert!(!outcome.failed());
    let bytes = outcome.result.read(&TreePath::new(name).unwrap()).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn a_comment_counts_and_a_string_does_not() {
    assert_eq!(
        looked("app.py", "a = '/data'  # dashlift: ignore[DL301]\n"),
        (none(), 1)
    );
    let (open, suppressed) = looked(
        "app.py",
        "a = '# dashlift: ignore'\nb = '''\n# dashlift: ignore[DL301]\n'''\n",
    );
    assert_eq!((open.len(), suppressed), (2, 0));
    assert!(open.iter().all(|line| line.ends_with("DL301")), "{open:?}");
}

#[test]
fn a_statement_has_two_lines_that_count() {
    let first = "f(  # dashlift: ignore[DL308]\n    1,\n)\n";
    let last = "f(\n    1,\n)  # dashlift: ignore[DL308]\n";
    let inner = "f(\n    1,  # dashlift: ignore[DL308]\n)\n";
    assert_eq!(looked("app.py", first), (none(), 1));
    assert_eq!(looked("app.py", last), (none(), 1));
    assert_eq!(
        looked("app.py", inner).0,
        ["1:1 DL308", "2:9 DL001"].map(str::to_owned)
    );
    assert_eq!(
        looked("app.py", "a = \\\n  '/data'  # dashlift: ignore[DL301]\n"),
        (none(), 1)
    );
}

#[test]
fn an_unused_comment_is_taken_out_of_a_module() {
    assert_eq!(
        mended(
            "app.py",
            "a = 1  # dashlift: ignore[DL301]\r\nif a:\r\n    # dashlift: ignore\r\n    b = 'x'  # noqa # dashlift: ignore[DL301, DL308]\r\n"
        ),
        "a = 1\r\nif a:\r\n    b = 'x'  # noqa # dashlift: ignore[DL301]\r\n"
    );
}

#[test]
fn code_that_is_not_all_python_keeps_its_comments() {
    let source = "print 'x'\na = 1  # dashlift: ignore[DL301]\n";
    assert_eq!(mended("app.py", source), source);
    let (open, _) = looked("app.py", "print 'x'  # dashlift: ignore[DL301]\nb = (\n");
    assert!(open.iter().all(|line| !line.ends_with("DL001")), "{open:?}");
}

fn notebook(source: &str) -> String {
    format!("{{\"cells\": [{{\"cell_type\": \"code\", \"source\": {source}}}]}}")
}

#[test]
fn cells_have_lines_of_their_own() {
    let list = notebook(
        r#"["a = '/data'  # dashlift: ignore[DL301]\n", "b = '/more'\n", "c = 1  # dashlift: ignore[DL301]"]"#,
    );
    let (open, suppressed) = looked("a.ipynb", &list);
    assert_eq!((open.len(), suppressed), (2, 1), "{open:?}");
    assert_eq!(
        mended("a.ipynb", &list),
        list.replace("c = 1  # dashlift: ignore[DL301]", "c = 1")
    );
    let one = notebook(r#""a = '/data'\nb = '/more'  # dashlift: ignore[DL301]\n""#);
    let (open, suppressed) = looked("a.ipynb", &one);
    assert_eq!((open.len(), suppressed), (1, 1), "{open:?}");
    let text = notebook("[\"a = '/data'\\n\"]")
        .replace("\"code\"", "\"markdown\"")
        .replace("/data", "# dashlift: ignore");
    assert_eq!(looked("a.ipynb", &text), (none(), 0));
}

#[test]
fn sources_that_no_rule_reads_are_not_read() {
    let tree = tree("app.py", "a = 1  # dashlift: ignore[DL301]\n");
    let settings = Settings {
        rules: RuleSet(vec![&super::RULE]),
        ..Settings::default()
    };
    assert_eq!(told(&check(&repository(&tree), &settings)), (none(), 0));
}
