//! The format `junit`, held to what the schema of Jenkins (`junit-10.xsd` of its xunit plugin, the one
//! that other systems took over) has: the elements that are written, what is in each, its attributes.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::support::{APP, DONE, Scratch};

struct Element {
    name: &'static str,
    inside: &'static [&'static str],
    required: &'static [&'static str],
    optional: &'static [&'static str],
}

const SCHEMA: &[Element] = &[
    Element {
        name: "testsuites",
        inside: &[""],
        required: &[],
        optional: &["name", "time", "tests", "failures", "errors"],
    },
    Element {
        name: "testsuite",
        inside: &["testsuites", "testsuite"],
        required: &["name", "tests", "failures", "errors"],
        optional: &[
            "group",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
        ],
    },
    Element {
        name: "testcase",
        inside: &["testsuite"],
        required: &["name"],
        optional: &["time", "classname", "group"],
    },
    Element {
        name: "failure",
        inside: &["testcase"],
        required: &[],
        optional: &["type", "message"],
    },
    Element {
        name: "error",
        inside: &["testcase"],
        required: &[],
        optional: &["type", "message"],
    },
    Element {
        name: "skipped",
        inside: &["testcase"],
        required: &[],
        optional: &["type", "message"],
    },
];

/// Texts stand in these only.
const WITH_TEXT: &[&str] = &["failure", "error", "skipped"];

/// Reads the document and says what the schema does not have; gives how many elements there are of
/// each, and the numbers that each suite says of itself.
fn read(document: &str) -> Result<BTreeMap<String, usize>, String> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_comments = true;
    let mut open: Vec<String> = vec![String::new()];
    let mut seen = BTreeMap::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => {
                let name = begin(&element, open.last().unwrap(), &mut seen)?;
                open.push(name);
            }
            Event::Empty(element) => drop(begin(&element, open.last().unwrap(), &mut seen)?),
            Event::End(_) => drop(open.pop()),
            Event::Text(text) => {
                let blank = text.iter().all(u8::is_ascii_whitespace);
                let inside = open.last().unwrap();
                if !blank && !WITH_TEXT.contains(&inside.as_str()) {
                    return Err(format!("text in <{inside}>"));
                }
            }
            Event::Eof if open.len() == 1 => return Ok(seen),
            Event::Eof => return Err("it is cut off".to_owned()),
            Event::Decl(_) | Event::GeneralRef(_) => {}
            other => return Err(format!("{other:?}")),
        }
    }
}

fn begin(
    element: &BytesStart,
    inside: &str,
    seen: &mut BTreeMap<String, usize>,
) -> Result<String, String> {
    let name = String::from_utf8(element.name().as_ref().to_vec()).unwrap();
    let known = SCHEMA.iter().find(|known| known.name == name);
    let known = known.ok_or_else(|| format!("there is no <{name}>"))?;
    if !known.inside.contains(&inside) {
        return Err(format!("<{name}> inside <{inside}>"));
    }
    let mut names = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        names.push(String::from_utf8(attribute.key.as_ref().to_vec()).unwrap());
    }
    let has = |name: &&str| names.iter().any(|it| it == name);
    if let Some(missing) = known.required.iter().find(|name| !has(name)) {
        return Err(format!("<{name}> has no {missing}"));
    }
    let is_known = |it: &&String| {
        known.required.contains(&it.as_str()) || known.optional.contains(&it.as_str())
    };
    if let Some(unknown) = names.iter().find(|it| !is_known(it)) {
        return Err(format!("<{name}> with {unknown}"));
    }
    *seen.entry(name.clone()).or_default() += 1;
    Ok(name)
}

#[test]
fn every_report_is_such_as_the_schema_has_it() {
    let scratch = Scratch::repository(APP);
    scratch.write(
        "app.py",
        "open('/srv/<a & b>/\u{1}\u{ffff}\u{1f4a1}\"x\".csv')\n",
    );
    scratch.write("a \"b\" & <c>/Procfile", "web: gunicorn app:server\n");
    scratch.write("a \"b\" & <c>/app.py", "app.run_server(debug=True)\n");
    scratch.write("a \"b\" & <c>/runtime.txt", "python-3.9.6\n");
    scratch.commit();
    for arguments in [
        &["check", "--format", "junit"][..],
        &["check", "--format", "junit", ".", "nowhere"],
        &["diff", "--format", "junit", "--strict"],
        &[
            "check",
            "--format",
            "junit",
            "--per-file-ignores",
            "*:DL101",
        ],
    ] {
        let ran = scratch.run(arguments);
        let seen = read(&ran.out).unwrap_or_else(|wrong| panic!("{wrong}\n{}", ran.out));
        assert!(seen["testsuite"] >= 3, "{seen:?}");
        assert!(seen["testcase"] > dashlift::rules::all().len(), "{seen:?}");
        let numbers = |name: &str| seen.get(name).copied().unwrap_or(0);
        let head = format!(
            "<testsuites name=\"dashlift\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
            seen["testcase"],
            numbers("failure"),
            numbers("error")
        );
        assert!(ran.out.contains(&head), "{head}\n{}", ran.out);
    }
    let done = Scratch::repository(DONE).run(&["check", "--format", "junit"]);
    let seen = read(&done.out).unwrap();
    assert_eq!(seen.get("failure"), None, "{}", done.out);
}

#[test]
fn what_the_schema_does_not_have_is_found() {
    for (document, said) in [
        ("<testsuites skipped='1'/>", "with skipped"),
        (
            "<testsuites><testsuite name='a' tests='1' errors='0'/></testsuites>",
            "no failures",
        ),
        (
            "<testsuites><testcase name='a'/></testsuites>",
            "inside <testsuites>",
        ),
        ("<testsuites>word</testsuites>", "text in"),
        ("<testsuites>", "cut off"),
        ("<report/>", "no <report>"),
    ] {
        let wrong = read(document).unwrap_err();
        assert!(wrong.contains(said), "{document}: {wrong}");
    }
}
