use proptest::prelude::*;

use super::*;
use crate::text::difference;

fn parse(text: &str) -> CondaEnvironment {
    CondaEnvironment::parse(&Text::new(text)).unwrap()
}

fn edited(text: &str, changes: &[Change]) -> Result<String, EditError> {
    edit(&Text::new(text), changes).map(|text| text.as_str().to_owned())
}

fn values(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.value.as_str()).collect()
}

fn dependency(spec: &str) -> Change {
    Change::Dependency(spec.to_owned())
}

fn pip(line: &str) -> Change {
    Change::PipItem(line.to_owned())
}

#[test]
fn an_environment_is_read() {
    let text = "name: app\nchannels: [conda-forge]\ndependencies:\n- python=3.7 # old\n- \
                conda-forge::numpy>=1\n- pip:\n  - dash==1.0\n  - 'a \"b'\n";
    let environment = parse(text);
    assert_eq!(values(environment.channels()), ["conda-forge"]);
    assert_eq!(
        values(environment.dependencies()),
        ["python=3.7", "conda-forge::numpy>=1"]
    );
    assert_eq!(values(environment.pip_items()), ["dash==1.0", "a \"b"]);
    assert!(environment.pip_items().iter().all(|item| item.verbatim));
    assert_eq!(
        environment.dependency("numpy").unwrap().span.slice(text),
        "conda-forge::numpy>=1"
    );
    assert_eq!(environment.setting("name").unwrap().value, "app");
    assert_eq!(environment.pip_key().unwrap().slice(text), "pip");
    assert_eq!(parse("# nothing\n"), CondaEnvironment::default());
}

#[test]
fn what_conda_refuses_is_a_problem_with_a_place() {
    for (text, at, words) in [
        ("- a\n", 0, "key: value"),
        ("dependencies: a\n", 0, "not a list"),
        ("dependencies:\n  - a\n  -\n", 23, "neither a package"),
        ("dependencies:\n  - npm: [a]\n", 18, "installer"),
        ("dependencies:\n  - pip: [1]\n", 24, "not text"),
        ("channels: x\n", 10, "not a list"),
        ("name: !!python/unicode 'x'\n", 6, "!!python/unicode"),
    ] {
        let problem = CondaEnvironment::parse(&Text::new(text)).unwrap_err();
        assert_eq!(problem.span.start, at, "{text:?}");
        assert!(problem.message.contains(words), "{}", problem.message);
    }
}

#[test]
fn additions_keep_what_is_there() {
    let text = "# top\nname: x\ndependencies:\n  # packages\n  - numpy # fast\n\n  # of pip\n  - pip:\n      - dash # web\n# end\n";
    let new = edited(
        text,
        &[
            Change::FirstDependency("python=3.7".into()),
            dependency("pip"),
            pip("plotly >= 4"),
            Change::Channel("https://conda.example.com/main".into()),
        ],
    );
    assert_eq!(
        new.unwrap(),
        "# top\nname: x\nchannels:\n  - https://conda.example.com/main\ndependencies:\n  # packages\n  - python=3.7\n  - numpy # fast\n  - pip\n\n  # of pip\n  - pip:\n      - dash # web\n      - plotly >= 4\n# end\n"
    );
}

#[test]
fn additions_follow_the_style_of_the_file() {
    let all = [
        Change::FirstDependency("python=3.7".into()),
        dependency("pip"),
        pip("dash"),
    ];
    assert_eq!(
        edited("dependencies:\r\n- numpy", &all).unwrap(),
        "dependencies:\r\n- python=3.7\r\n- numpy\r\n- pip\r\n- pip:\r\n    - dash"
    );
    assert_eq!(
        edited("{name: x, dependencies: [numpy]}", &all).unwrap(),
        "{name: x, dependencies: [python=3.7, numpy, pip, {pip: [dash]}]}"
    );
    assert_eq!(
        edited("name: x\n", &all).unwrap(),
        "name: x\ndependencies:\n  - python=3.7\n  - pip\n  - pip:\n      - dash\n"
    );
    assert_eq!(
        edited("dependencies: # none yet\n  # here\nname: x\n", &all).unwrap(),
        "dependencies: # none yet\n  - python=3.7\n  - pip\n  - pip:\n      - dash\n  # here\nname: x\n"
    );
    assert_eq!(
        edited("dependencies:\n- pip:\n", &all).unwrap(),
        "dependencies:\n- python=3.7\n- pip\n- pip:\n  - dash\n"
    );
    assert_eq!(
        edited("dependencies:\n  - pip: [a]\n", &[pip("b[c]>1,<2")]).unwrap(),
        "dependencies:\n  - pip: [a, 'b[c]>1,<2']\n"
    );
}

#[test]
fn an_addition_that_would_touch_more_is_refused() {
    let base = "base: &b [numpy]\ndependencies: *b\n";
    assert_eq!(edited(base, &[dependency("pip")]), Err(EditError::NoPlace));
    let shared = "dependencies: &b\n  - numpy\nother: *b\n";
    assert_eq!(
        edited(shared, &[dependency("pip")]),
        Err(EditError::OtherMeaning)
    );
    assert_eq!(edited("", &[dependency("pip")]), Err(EditError::NoPlace));
    assert_eq!(
        edited("dependencies: [a # c\n  ]\n", &[dependency("pip")]),
        Err(EditError::OtherMeaning)
    );
    assert_eq!(
        edited("dependencies: []\n", &[pip("a\nb")]),
        Err(EditError::NotOneLine)
    );
}

#[test]
fn strings_are_quoted_only_where_they_must_be() {
    for (value, block, flow) in [
        ("numpy>=1,<2", "numpy>=1,<2", "'numpy>=1,<2'"),
        (
            "--extra-index-url https://x/y#z",
            "--extra-index-url https://x/y#z",
            "--extra-index-url https://x/y#z",
        ),
        ("-r base.txt", "-r base.txt", "-r base.txt"),
        ("*", "'*'", "'*'"),
        ("a #b", "'a #b'", "'a #b'"),
        ("a: b", "'a: b'", "'a: b'"),
        ("yes", "'yes'", "'yes'"),
        ("1.0", "'1.0'", "'1.0'"),
        ("it's", "it's", "it's"),
        ("'x'", "'''x'''", "'''x'''"),
        ("", "''", "''"),
    ] {
        assert_eq!(scalar(value, false).unwrap(), block);
        assert_eq!(scalar(value, true).unwrap(), flow);
    }
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("dependencies:".to_owned()),
        Just("channels:".to_owned()),
        Just("- pip:".to_owned()),
        Just("dependencies: [a, b] # c".to_owned()),
        Just("# note".to_owned()),
        Just(String::new()),
        "[a-c]{1,3}(=[0-9.]{1,3})?".prop_map(|spec| format!("- {spec}")),
        "[a-c]{1,3}".prop_map(|key| format!("{key}: 'x'")),
        "\\PC{0,8}",
    ]
}

fn document() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec((0_usize..4, line()), 0..8);
    (lines, prop_oneof![Just("\n"), Just("\r\n")], any::<bool>()).prop_map(|(lines, end, last)| {
        let lines = lines
            .iter()
            .map(|(indent, line)| format!("{}{line}", "  ".repeat(*indent)));
        let text = lines.collect::<Vec<_>>().join(end);
        if last { text + end } else { text }
    })
}

fn change() -> impl Strategy<Value = Change> {
    let value = prop_oneof!["[a-z]{1,4}(==1.0)?", "\\PC{0,8}"];
    (value, 0..4).prop_map(|(value, kind)| match kind {
        0 => Change::Channel(value),
        1 => Change::FirstDependency(value),
        2 => Change::Dependency(value),
        _ => Change::PipItem(value),
    })
}

proptest! {
    #[test]
    fn spans_say_their_values(text in document()) {
        if let Ok(environment) = CondaEnvironment::parse(&Text::new(&*text)) {
            let lists = [environment.channels(), environment.dependencies(), environment.pip_items()];
            for item in lists.concat() {
                prop_assert!(text.get(item.span.range()).is_some());
                if item.verbatim {
                    prop_assert_eq!(item.span.slice(&text), item.value);
                }
            }
        }
    }

    #[test]
    fn an_addition_only_adds(text in document(), change in change()) {
        if let Ok(new) = edited(&text, std::slice::from_ref(&change)) {
            let (span, _) = difference(&text, &new).unwrap();
            prop_assert!(span.is_empty());
            let (before, after) = (parse(&text), parse(&new));
            let list = |environment: &CondaEnvironment| match &change {
                Change::Channel(_) => environment.channels().to_vec(),
                Change::PipItem(_) => environment.pip_items().to_vec(),
                _ => environment.dependencies().to_vec(),
            };
            prop_assert_eq!(list(&after).len(), list(&before).len() + 1);
        }
    }

    #[test]
    fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(text) = CondaEnvironment::decode(&bytes) {
            let _ = CondaEnvironment::parse(&text);
            prop_assert_eq!(text.encode(), bytes);
        }
    }
}
