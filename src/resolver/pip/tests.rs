//! What pip said, word for word.

use super::*;
use crate::packages::edges::Needs;

const TARGET: Target = Target::new(10);

fn said(err: &str) -> ResolveError {
    let ran = Ran {
        is_good: false,
        out: String::new(),
        err: err.to_owned(),
    };
    no(&ran, TARGET)
}

#[track_caller]
fn refused(err: &str) -> RefusedRequest {
    match said(err) {
        ResolveError::Unsatisfiable(refused) => refused,
        ResolveError::Failed(failure) => panic!("{failure}"),
    }
}

#[test]
fn every_expression_compiles() {
    let all = [&VERSIONS, &CANNOT, &NEEDS, &REQUESTED];
    assert!(all.iter().all(|it| it.is_some()));
}

#[test]
fn missing_releases_are_understood() {
    let one = refused(
        "ERROR: Could not find a version that satisfies the requirement numpy==1.16.4 (from versions: 1.21.2, 1.21.3)\nERROR: No matching distribution found for numpy==1.16.4",
    );
    assert_eq!(
        one.reason.to_string(),
        "numpy 1.16.4 has no file that installs on Python 3.10 on Linux"
    );
    assert_eq!(one.versions.len(), 2);
    let one = refused(
        "ERROR: Could not find a version that satisfies the requirement flask (from versions: none)",
    );
    assert_eq!(one.reason, Reason::NotFound("flask".to_owned()));
    let one = refused(
        "ERROR: Ignored the following versions that require a different python version: 9.0.0 Requires-Python >=3.11; 9.0.1 Requires-Python >=3.11\nERROR: Could not find a version that satisfies the requirement ipython==9.0.0 (from versions: 2.0.0)",
    );
    assert_eq!(
        one.reason.to_string(),
        "ipython 9.0.0 requires Python >=3.11"
    );
}

#[test]
fn conflicts_are_understood() {
    let one = refused(
        "INFO: pip is looking at multiple versions\nERROR: Cannot install -r requirements.txt (line 1), requests==2.20.0 and urllib3==1.26.5 because these package versions have conflicting dependencies.\n\nThe conflict is caused by:\n    The user requested urllib3==1.26.5\n    requests 2.20.0 depends on urllib3<1.25 and >=1.21.1\n\nERROR: ResolutionImpossible",
    );
    assert_eq!(
        one.reason.to_string(),
        "requests 2.20.0 needs urllib3<1.25, and urllib3==1.26.5 is asked for"
    );
    assert!(one.names.contains("urllib3") && one.names.contains("requests"));
}

#[test]
fn no_network_is_no_missing_release() {
    let failed = said(
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError': /simple/flask/\nERROR: Could not fetch URL https://index.example.com/simple/flask/: connection error\nERROR: Could not find a version that satisfies the requirement flask==1.0 (from versions: none)",
    );
    let host = "index.example.com".to_owned();
    assert_eq!(
        failed,
        ResolveError::Failed(SolveFailure::Unreachable { host })
    );
}

#[test]
fn a_report_is_read() {
    let report = r#"{"install": [
        {"download_info": {"url": "https://files.example.com/Flask-2.0.0-py3-none-any.whl"},
         "metadata": {"name": "Flask", "version": "2.0.0",
            "requires_dist": ["Jinja2 (>=3.0)", "asgiref>=3.2 ; extra == 'async'"]}},
        {"download_info": {"url": "https://files.example.com/x_y-1.tar.gz"},
         "metadata": {"name": "x_y", "version": "1"}}]}"#;
    let report = read(report).unwrap();
    let needs = needs(&report);
    let flask = needs.needs("flask", &"2.0.0".parse().unwrap()).unwrap();
    let names: Vec<&str> = flask.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["jinja2", "asgiref"]);
    assert!(flask[1].marker.is_some());
    assert_eq!(needs.origin("flask").to_string(), "pip");
    let resolution = resolution(report);
    let packages = resolution.packages.iter();
    let told: Vec<(&str, bool)> = packages
        .map(|it| (it.name.as_str(), it.from_source))
        .collect();
    assert_eq!(told, [("flask", false), ("x-y", true)]);
    assert!(read("<html>").is_none());
}
