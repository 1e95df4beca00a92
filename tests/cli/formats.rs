//! The formats of a result: which command has which, and what each looks like.

use serde_json::Value;

use crate::support::{APP, DONE, Ran, Scratch, ran};

#[test]
fn a_format_that_a_command_does_not_have_is_refused() {
    let scratch = Scratch::repository(APP);
    let cases: &[(&[&str], &str)] = &[
        (
            &["plan", "--format", "sarif"],
            "error: `plan` has no format sarif; it has text, concise, json and markdown\n",
        ),
        (
            &["man", "--format", "json"],
            "error: `man` has no format json; it has text\n",
        ),
        (
            &["explain", "DL101", "--format", "html"],
            "error: `explain` has no format html; it has text and json\n",
        ),
    ];
    for (arguments, sentence) in cases {
        let ran = scratch.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (2, *sentence));
        assert_eq!(ran.out, "");
    }
}

#[test]
fn every_command_has_text_first() {
    let scratch = Scratch::repository(APP);
    for command in ["check", "diff", "plan", "rules"] {
        let plain = scratch.run(&[command]);
        let text = scratch.run(&[command, "--format", "text"]);
        assert_eq!(plain.out, text.out);
    }
}

#[test]
fn the_plan_is_markdown_already() {
    let scratch = Scratch::repository(APP);
    let text = scratch.run(&["plan"]);
    let markdown = scratch.run(&["plan", "--format", "markdown"]);
    assert_eq!((markdown.code, &markdown.out), (0, &text.out));
}

/// An app with findings of all weights: with a safe fix, without one, with evidence, and one kept back.
fn scratch() -> Scratch {
    let scratch = Scratch::repository(APP);
    scratch.write(
        "app.py",
        "server = None\nÄ😀 = open('/srv/data')\nopen('/srv/more')  # dashlift: ignore[DL301]\n",
    );
    scratch.write("Aptfile", "libpq-dev\nlibpq-dev\n");
    scratch.write("a b%/runtime.txt", "python-3.9.6\n");
    scratch.write("a b%/Procfile", "web: gunicorn app:server\n");
    scratch.write(
        "a b%/app.py",
        "from dash import Dash\napp = Dash()\nserver = app.server\napp.run_server(debug=True)\n",
    );
    scratch.write("a b%/requirements.txt", "dash>=3\ngunicorn\npywin32==306\n");
    scratch.commit();
    scratch
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap()
}

#[track_caller]
fn assert_valid(log: &Value) {
    let schema = include_str!("../schemas/sarif-2.1.0.json");
    let schema = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn sarif_obeys_its_schema_and_has_everything() {
    let scratch = scratch();
    let ran = scratch.run(&["check", "--format", "sarif"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("findings in 2 apps"), "{}", ran.err);
    let log = json(&ran);
    assert_valid(&log);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), dashlift::rules::all().len());
    let results = run["results"].as_array().unwrap();
    let of = |code: &str| {
        results
            .iter()
            .rfind(|result| result["ruleId"] == code)
            .unwrap()
    };
    let python = of("DL101");
    assert_eq!(python["level"], "error");
    let index = usize::try_from(python["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(rules[index]["name"], "RuntimeTxt");
    let help = rules[index]["help"]["markdown"].as_str().unwrap();
    assert!(help.starts_with("# DL101 runtime-txt"));
    let place = &python["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b%25/runtime.txt");
    assert_eq!(place["artifactLocation"]["uriBaseId"], "SRCROOT");
    let data = &of("DL301")["locations"][0]["physicalLocation"];
    assert_eq!(data["region"]["startLine"], 2);
    assert_eq!(data["region"]["startColumn"], 12, "{data}");
    let kept = |result: &&Value| !result["suppressions"].is_null();
    assert_eq!(results.iter().filter(kept).count(), 0);
    assert_fixes_are_those_of_json(&scratch, results);
    let fingerprints: std::collections::BTreeSet<&str> = results
        .iter()
        .map(|result| {
            result["partialFingerprints"]["dashlift/v2"]
                .as_str()
                .unwrap()
        })
        .collect();
    assert_eq!(fingerprints.len(), results.len());
    assert!(!ran.out.contains(scratch.path().to_str().unwrap()));
}

/// Every fix that JSON has is named, and proposed where it is safe and only replaces and makes files.
#[track_caller]
fn assert_fixes_are_those_of_json(scratch: &Scratch, results: &[Value]) {
    let told = json(&scratch.run(&["check", "--format", "json"]));
    let repository = &told["repositories"][0];
    let apps = repository["apps"].as_array().unwrap().iter();
    let mut wanted: Vec<(String, bool)> = apps
        .chain([repository])
        .flat_map(|app| app["findings"].as_array().unwrap())
        .filter(|finding| !finding["fix"].is_null())
        .map(|finding| {
            let fix = &finding["fix"];
            let mut edits = fix["edits"].as_array().unwrap().iter();
            let can_be_said =
                edits.all(|edit| edit["kind"] == "replace" || edit["kind"] == "create");
            let title = fix["title"].as_str().unwrap().to_owned();
            (title, fix["safety"] == "safe" && can_be_said)
        })
        .collect();
    let named = results
        .iter()
        .filter(|it| !it["properties"]["fix"].is_null());
    let mut found: Vec<(String, bool)> = named
        .map(|result| {
            let title = result["properties"]["fix"]["title"].as_str().unwrap();
            (title.to_owned(), !result["fixes"].is_null())
        })
        .collect();
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted);
    let proposed = found.iter().filter(|(_, proposed)| *proposed).count();
    assert!(proposed > 0 && proposed < found.len(), "{found:?}");
}

#[test]
fn sarif_says_what_is_suppressed_when_asked() {
    let scratch = scratch();
    let ran = scratch.run(&["check", "--format", "sarif", "-v"]);
    let log = json(&ran);
    assert_valid(&log);
    let results = log["runs"][0]["results"].as_array().unwrap().iter();
    let kept: Vec<&Value> = results
        .filter(|result| !result["suppressions"].is_null())
        .collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["suppressions"][0]["kind"], "inSource");
    let ran = scratch.run(&[
        "check",
        "--format",
        "sarif",
        "-v",
        "--per-file-ignores",
        "/Aptfile:DL103",
    ]);
    assert_valid(&json(&ran));
}

/// Makes the replacements that a SARIF log proposes, as an editor would.
fn apply(text: &str, replacements: &[Value]) -> String {
    let offset = |line: &Value, column: &Value| {
        let line = usize::try_from(line.as_u64().unwrap()).unwrap();
        let column = usize::try_from(column.as_u64().unwrap()).unwrap();
        let start: usize = text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        let rest = text[start..].chars().scan(0, |units, character| {
            let before = *units;
            *units += character.len_utf16();
            (before < column - 1).then_some(character.len_utf8())
        });
        start + rest.sum::<usize>()
    };
    let mut text_now = text.to_owned();
    for replacement in replacements.iter().rev() {
        let region = &replacement["deletedRegion"];
        let from = offset(&region["startLine"], &region["startColumn"]);
        let to = offset(&region["endLine"], &region["endColumn"]);
        let new = replacement["insertedContent"]["text"]
            .as_str()
            .unwrap_or("");
        text_now.replace_range(from..to, new);
    }
    text_now
}

#[test]
fn fixes_of_sarif_do_what_fix_does() {
    let app = "from dash import Dash\n\napp = Dash(__name__)\nserver = app.server\n\n\
        Ä = '😀'; app.run_server(debug=True)\n";
    let scratch = Scratch::repository(DONE);
    scratch.write("requirements.txt", "dash>=3\ngunicorn\n");
    scratch.write("app.py", app);
    scratch.commit();
    let log = json(&scratch.run(&["check", "--select", "DL308", "--format", "sarif"]));
    assert_valid(&log);
    let fix = &log["runs"][0]["results"][0]["fixes"][0];
    let change = &fix["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "app.py");
    let proposed = apply(app, change["replacements"].as_array().unwrap());
    scratch.run(&["fix", "--select", "DL308"]);
    assert_ne!(proposed, app);
    assert_eq!(proposed, scratch.read("app.py"));
}

#[test]
fn several_repositories_are_several_runs() {
    let (one, two) = (Scratch::repository(APP), Scratch::repository(APP));
    let (a, b) = (one.path(), two.path());
    let paths = [a.to_str().unwrap(), b.to_str().unwrap(), "nowhere"];
    let ran = one.run(&["check", paths[0], paths[1], paths[2], "--format", "sarif"]);
    assert_eq!(ran.code, 2);
    let log = json(&ran);
    assert_valid(&log);
    let runs = log["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 3);
    assert_eq!(runs[0]["invocations"][0]["executionSuccessful"], true);
    let failed = &runs[2]["invocations"][0];
    assert_eq!(failed["executionSuccessful"], false);
    let text = &failed["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(text, "nowhere: there is no such folder.");
    assert_ne!(runs[0]["automationDetails"], runs[1]["automationDetails"]);
    scratch_of_two_folders();
}

/// Two folders of one repository are one run.
fn scratch_of_two_folders() {
    let scratch = Scratch::repository(&[]);
    for (path, text) in APP {
        scratch.write(&format!("one/{path}"), text);
        scratch.write(&format!("two/{path}"), text);
    }
    let log = json(&scratch.run(&["check", "one", "two", "--format", "sarif"]));
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 2);
}

#[test]
fn github_gets_annotations_the_worst_first() {
    let scratch = scratch();
    let ran = scratch.run(&["check", "--format", "github"]);
    assert_eq!(ran.code, 1);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(
        lines.iter().all(|line| line.starts_with("::")),
        "{}",
        ran.out
    );
    let python = lines
        .iter()
        .find(|line| line.contains("file=runtime.txt"))
        .unwrap();
    assert!(
        python.starts_with(
            "::error title=DL101 runtime-txt,file=runtime.txt,line=1,endLine=1,col=1,endColumn=13::\
             runtime.txt:1:1: DL101 "
        ),
        "{python}"
    );
    assert!(python.contains("%0ASafe fix: "), "{python}");
    let levels = |line: &&str| {
        let levels = ["::error ", "::warning ", "::notice "];
        levels.iter().position(|level| line.starts_with(level))
    };
    let order: Vec<Option<usize>> = lines.iter().map(levels).collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn github_is_told_when_there_are_more_than_it_shows() {
    let scratch = Scratch::repository(DONE);
    let lines = "open('/srv/data')\n".repeat(12);
    scratch.write("app.py", &format!("server = None\n{lines}"));
    let ran = scratch.run(&["check", "--format", "github"]);
    let first = ran.out.lines().next().unwrap();
    assert!(
        first.starts_with("::notice title=dashlift::GitHub shows 10"),
        "{first}"
    );
    assert!(first.contains("10 of 12 annotations are shown"), "{first}");
}

#[test]
fn github_gets_a_summary_where_it_wants_one() {
    let scratch = scratch();
    let summary = scratch.path().join("summary.md");
    std::fs::write(&summary, "before\n").unwrap();
    let mut program = scratch.program(&["check", "--format", "github"]);
    program.env("GITHUB_STEP_SUMMARY", &summary);
    ran(program);
    let text = scratch.read("summary.md");
    assert!(text.starts_with("before\n# dashlift check: "), "{text}");
    let mut program = scratch.program(&["check", "--format", "github"]);
    program.env(
        "GITHUB_STEP_SUMMARY",
        scratch.path().join("no/such/folder.md"),
    );
    let ran = ran(program);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("warning: the job summary "), "{}", ran.err);
}

#[test]
fn github_finds_files_from_its_workspace() {
    let scratch = Scratch::folder(&[]);
    for (path, text) in APP {
        scratch.write(&format!("checkout/{path}"), text);
    }
    scratch.git(&["init", "-q", "checkout"]);
    let mut program = scratch.program(&["check", "--format", "github"]);
    program
        .current_dir(scratch.path().join("checkout"))
        .env("GITHUB_WORKSPACE", scratch.path());
    let ran = ran(program);
    assert!(
        ran.out.contains("file=checkout/runtime.txt,"),
        "{}",
        ran.out
    );
}

#[test]
fn gitlab_gets_the_shape_that_it_documents() {
    let scratch = scratch();
    let report = json(&scratch.run(&["check", "--format", "gitlab"]));
    let issues = report.as_array().unwrap();
    let mut fingerprints = std::collections::BTreeSet::new();
    for issue in issues {
        let text = |name: &str| issue[name].as_str().unwrap();
        assert!(!text("description").is_empty() && !text("check_name").is_empty());
        let severities = ["info", "minor", "major", "critical", "blocker"];
        assert!(severities.contains(&text("severity")));
        assert!(fingerprints.insert(text("fingerprint").to_owned()));
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.starts_with("./") && !path.starts_with('/'));
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
    }
    assert!(issues.len() >= 4);
    let none = Scratch::repository(DONE).run(&["check", "--format", "gitlab"]);
    assert_eq!((none.code, none.out.as_str()), (0, "[]\n"));
}

#[test]
fn junit_has_a_suite_for_each_app_and_a_test_for_each_rule() {
    let scratch = scratch();
    let ran = scratch.run(&["check", "--format", "junit"]);
    assert!(ran.out.starts_with("<?xml "), "{}", ran.out);
    assert_eq!(ran.out.matches("<testsuite ").count(), 3);
    assert!(ran.out.contains("<testsuite name=\"a b%\""), "{}", ran.out);
    assert!(
        ran.out.contains("<failure message=\"1 finding: "),
        "{}",
        ran.out
    );
    let tests = ran.out.matches("<testcase ").count();
    assert!(tests > dashlift::rules::all().len(), "{tests}");
    let ignoring = [
        "check",
        "--format",
        "junit",
        "--per-file-ignores",
        "*:DL101",
    ];
    let kept = scratch.run(&ignoring);
    assert!(
        kept.out.contains("<skipped message=\"1 suppressed\"/>"),
        "{}",
        kept.out
    );
    let refused = scratch.run(&["check", "nowhere", "--format", "junit"]);
    assert!(
        refused
            .out
            .contains("<error message=\"nowhere: there is no such folder\""),
        "{}",
        refused.out
    );
}

#[test]
fn markdown_can_be_pasted_into_a_pull_request() {
    let scratch = scratch();
    let ran = scratch.run(&["check", "--format", "markdown"]);
    assert!(ran.out.starts_with("# dashlift check: "), "{}", ran.out);
    assert!(ran.out.contains("\n### App `a b%`\n"), "{}", ran.out);
    assert!(
        ran.out.contains("| must | `runtime.txt:1` | DL101: "),
        "{}",
        ran.out
    );
    let ran = scratch.run(&["diff", "--format", "markdown"]);
    assert!(ran.out.contains("```diff\ndiff --git"), "{}", ran.out);
    assert!(ran.out.contains("**What the patch does**"), "{}", ran.out);
    let ran = scratch.run(&["fix", "--format", "markdown"]);
    assert!(ran.out.contains("- new: `project.toml`"), "{}", ran.out);
}

#[test]
fn no_document_tells_secrets() {
    let scratch = Scratch::repository(DONE);
    scratch.write(
        "requirements.txt",
        "--extra-index-url https://me:s3cr3t@dash.example.com/packages/\ndash==2.9.0\ngunicorn\n",
    );
    scratch.write(
        "app.py",
        "API_TOKEN = 's3cr3t'; open('/srv/data?token=s3cr3t')\n",
    );
    for format in ["sarif", "github", "gitlab", "junit", "markdown"] {
        let arguments = [
            "diff",
            "--unsafe-fixes",
            "--de5-host",
            "de5.example.com",
            "--format",
            format,
        ];
        let ran = scratch.run(&arguments);
        assert!(ran.out.len() > 2, "{format}");
        assert!(!ran.out.contains("s3cr3t"), "{format}: {}", ran.out);
    }
}
