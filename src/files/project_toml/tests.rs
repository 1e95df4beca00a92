use super::*;
use proptest::prelude::*;

fn parse(text: &str) -> ProjectToml {
    ProjectToml::parse(&Text::new(text)).unwrap()
}

fn with_python(text: &str) -> String {
    let mut document = parse(text);
    document
        .set_build_variable("BP_CPYTHON_VERSION", "3.9.*")
        .unwrap();
    document.print()
}

fn with_script(text: &str) -> String {
    let mut document = parse(text);
    document.set_script("predeploy", "predeploy.sh").unwrap();
    document.print()
}

#[test]
fn an_empty_descriptor_gets_the_documented_form() {
    let mut document = ProjectToml::default();
    document
        .set_build_variable("BP_CPYTHON_VERSION", "3.9.*")
        .unwrap();
    document.set_script("predeploy", "predeploy.sh").unwrap();
    assert_eq!(
        document.print(),
        "[build]\n  [[build.env]]\n    name = 'BP_CPYTHON_VERSION'\n    value = '3.9.*'\n\n\
         [scripts]\npredeploy = \"predeploy.sh\"\n"
    );
    assert_eq!(document.build_variable("BP_CPYTHON_VERSION"), Some("3.9.*"));
    assert_eq!(document.script("predeploy"), Some("predeploy.sh"));
}

#[test]
fn a_value_is_replaced_in_its_quotes_and_comments_stay() {
    let text = "# top\r\n[build]\r\n[[build.env]] # one\r\nname = \"BP_CPYTHON_VERSION\"\r\nvalue = \"3.8.*\" # old";
    assert_eq!(with_python(text), text.replace("3.8.*", "3.9.*"));
}

#[test]
fn a_new_entry_follows_the_last_one_in_its_style() {
    assert_eq!(
        with_python("[[build.env]]\nname = 'A'\nvalue = '1' # a\n\n[scripts]\na = 'b'\n"),
        "[[build.env]]\nname = 'A'\nvalue = '1' # a\n[[build.env]]\nname = 'BP_CPYTHON_VERSION'\nvalue = '3.9.*'\n\n[scripts]\na = 'b'\n"
    );
    assert_eq!(
        with_python("[build]\r\n\t[[build.env]]\r\n\t\tname = 'A'\r\n\t\tvalue = '1'"),
        "[build]\r\n\t[[build.env]]\r\n\t\tname = 'A'\r\n\t\tvalue = '1'\r\n\t[[build.env]]\r\n\t\tname = 'BP_CPYTHON_VERSION'\r\n\t\tvalue = '3.9.*'"
    );
}

#[test]
fn build_stands_before_scripts() {
    assert_eq!(
        with_python("[scripts]\r\na = 'b'"),
        "[build]\r\n  [[build.env]]\r\n    name = 'BP_CPYTHON_VERSION'\r\n    value = '3.9.*'\r\n\r\n[scripts]\r\na = 'b'"
    );
}

#[test]
fn inline_forms_stay_inline() {
    assert_eq!(
        with_python("build.env = []\n"),
        "build.env = [{ name = 'BP_CPYTHON_VERSION', value = '3.9.*' }]\n"
    );
    assert_eq!(
        with_python("[build]\nenv = [\n  {name='A', value='1'},\n]\n"),
        "[build]\nenv = [\n  {name='A', value='1'},\n  { name = 'BP_CPYTHON_VERSION', value = '3.9.*' },\n]\n"
    );
    assert_eq!(
        with_python("build = { include = ['a'] }"),
        "build = { include = ['a'], env = [{ name = 'BP_CPYTHON_VERSION', value = '3.9.*' }] }"
    );
    assert_eq!(
        with_script("scripts = {}"),
        "scripts = { predeploy = \"predeploy.sh\" }"
    );
}

#[test]
fn a_table_without_the_entry_gets_it() {
    assert_eq!(
        with_python("[build]\ninclude = ['a']\n[scripts]\n"),
        "[build]\ninclude = ['a']\n  [[build.env]]\n    name = 'BP_CPYTHON_VERSION'\n    value = '3.9.*'\n[scripts]\n"
    );
    assert_eq!(
        with_python("[[build.buildpacks]]\nid = 'a'\n"),
        "[[build.buildpacks]]\nid = 'a'\n\n  [[build.env]]\n    name = 'BP_CPYTHON_VERSION'\n    value = '3.9.*'\n"
    );
    assert_eq!(
        with_script("[scripts]\n  postdeploy = 'p.sh' # p\n\n[x]\n"),
        "[scripts]\n  postdeploy = 'p.sh' # p\n  predeploy = \"predeploy.sh\"\n\n[x]\n"
    );
    assert_eq!(
        with_script("scripts.a = 'b'\nc = 1"),
        "scripts.a = 'b'\nscripts.predeploy = \"predeploy.sh\"\nc = 1"
    );
}

#[test]
fn what_is_no_table_is_an_error() {
    for text in [
        "build = 3",
        "build = []",
        "[build]\nenv = 3",
        "[build]\nenv = [1]",
    ] {
        let mut document = parse(text);
        assert!(document.set_build_variable("A", "1").is_err(), "{text}");
        assert_eq!(document.print(), text);
        assert!(!document.problems().is_empty(), "{text}");
    }
    let mut document = parse("scripts = []");
    assert_eq!(document.set_script("a", "b"), Err(NotATable("scripts")));
}

#[test]
fn errors_say_where() {
    let problem = ProjectToml::parse(&Text::new("[build]\n[build]\n")).unwrap_err();
    assert_eq!(problem.message, "it is not valid TOML: duplicate key");
    assert_eq!(problem.span, Span::new(9, 14));
}

#[test]
fn v2_becomes_v1_by_its_headers() {
    let text = "[_]\nschema-version = \"0.2\"\n\n# Python\n[[io.buildpacks.build.env]]\nname = 'A'\nvalue = '1'\n";
    let document = parse(text);
    assert_eq!(document.v2().unwrap().variables.len(), 1);
    assert_eq!(
        document.schema_version().unwrap().value.as_deref(),
        Some("0.2")
    );
    assert_eq!(
        document.to_v1().unwrap().print(),
        "# Python\n[[build.env]]\nname = 'A'\nvalue = '1'\n"
    );
    let text = "[io.buildpacks]\nexclude = ['a']\n[_]\nname = 'x'\nschema-version = '0.2'\n";
    assert_eq!(
        parse(text).to_v1().unwrap().print(),
        "[build]\nexclude = ['a']\n[_]\nname = 'x'\n"
    );
}

#[test]
fn v2_that_contradicts_v1_is_left() {
    let text =
        "[[build.env]]\nname='A'\nvalue='1'\n[[io.buildpacks.build.env]]\nname='A'\nvalue='2'\n";
    assert!(parse(text).to_v1().is_none());
    assert!(
        parse("io.buildpacks.build.env = [{name='A',value='1'}]")
            .to_v1()
            .is_none()
    );
}

#[test]
fn include_with_exclude_is_seen() {
    let document = parse("[build]\ninclude = ['a']\nexclude = ['b']\n");
    assert!(document.include_and_exclude().is_some());
    assert!(
        parse("[build]\ninclude = ['a']\n")
            .include_and_exclude()
            .is_none()
    );
}

fn toml() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("[build]"),
        Just("  [[build.env]]"),
        Just("    name = 'A'"),
        Just("value = \"1\" # c"),
        Just("[scripts]"),
        Just("predeploy = 'p.sh'"),
        Just("build.env = []"),
        Just("env = [{name='A', value='1'}]"),
        Just("scripts = {}"),
        Just("scripts.a = '''x\ny'''"),
        Just("build = 3"),
        Just("[_]"),
        Just("schema-version = '0.2'"),
        Just("[[io.buildpacks.build.env]]"),
        Just("[io.buildpacks]"),
        Just(""),
        Just("# é"),
    ];
    let end = prop_oneof![Just("\n"), Just("\r\n")];
    prop::collection::vec((line, end), 0..8).prop_map(|lines| {
        let all: String = lines.iter().flat_map(|(line, end)| [*line, *end]).collect();
        all
    })
}

proptest! {
    #[test]
    fn any_text_prints_as_itself(text in any::<String>()) {
        if let Ok(document) = ProjectToml::parse(&Text::new(text.as_str())) {
            prop_assert_eq!(document.print(), text);
        }
    }

    #[test]
    fn a_change_is_what_was_meant_or_none(text in toml(), cut in any::<bool>()) {
        let text = if cut { text.trim_end() } else { &text };
        if let Ok(mut document) = ProjectToml::parse(&Text::new(text)) {
            let scripts = document.scripts().to_vec();
            if document.set_build_variable("B", "2").is_ok() {
                prop_assert_eq!(document.build_variable("B"), Some("2"));
            } else {
                prop_assert_eq!(document.print(), text);
            }
            let after: Vec<_> = document.scripts().iter().map(|s| (&s.name, &s.value)).collect();
            let before: Vec<_> = scripts.iter().map(|s| (&s.name, &s.value)).collect();
            prop_assert_eq!(after, before);
            let print = document.print();
            prop_assert_eq!(print.ends_with('\n'), text.ends_with('\n') || text.is_empty());
            let variables = document.build_variables().len();
            if document.set_script("postdeploy", "a \"b\" \\").is_ok() {
                prop_assert_eq!(document.script("postdeploy"), Some("a \"b\" \\"));
                prop_assert_eq!(document.build_variables().len(), variables);
            }
            let _ = document.to_v1();
            let _ = document.without_schema_version();
        }
    }

    #[test]
    fn spans_show_values(text in toml()) {
        if let Ok(document) = ProjectToml::parse(&Text::new(text.as_str())) {
            for setting in document.build_variables().iter().chain(document.scripts()) {
                let shown = setting.span.slice(&text);
                prop_assert!(shown.contains(setting.value.as_deref().unwrap_or_default().split('\n').next().unwrap_or_default()));
            }
        }
    }
}
