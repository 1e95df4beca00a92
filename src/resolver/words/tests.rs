//! What uv said, word for word.

use super::*;

const TARGET: Target = Target::new(10);

fn understood(text: &str) -> (String, Vec<String>) {
    let refused = refused_by_uv(text, TARGET);
    (
        refused.reason.to_string(),
        refused.names.into_iter().collect(),
    )
}

#[track_caller]
fn check(text: &str, reason: &str, named: &[&str]) {
    let (told, all) = understood(text);
    assert_eq!(told, reason);
    for name in named {
        assert!(all.iter().any(|it| it == name), "{name}: {all:?}");
    }
}

#[test]
fn every_expression_compiles() {
    let all = [
        &SPECIFIED,
        &BARE,
        &NO_WHEEL,
        &PYTHON,
        &PYTHON_OF,
        &NOT_FOUND,
        &DEPENDS,
        &REQUIRE,
        &NO_RELEASE,
        &NOT_BUILT,
        &FETCHED,
        &ANY_URL,
        &STATUS,
    ];
    assert!(all.iter().all(|it| it.is_some()));
}

#[test]
fn missing_files_are_understood() {
    check(
        "error: No solution found when resolving dependencies\n  cause: Because numpy==1.16.4 has no usable wheels and you require numpy==1.16.4, we can conclude that your requirements are unsatisfiable.\n\nhint: Wheels are required for `numpy` because building from source is disabled",
        "numpy 1.16.4 has no file that installs on Python 3.10 on Linux",
        &["numpy"],
    );
    check(
        "  cause: Because pandas<=0.25.3 has no usable wheels and only the following versions of pandas are available:\n             pandas<=0.25.3\n             pandas>=1.0\n         we can conclude that pandas<1.0 cannot be used.",
        "pandas <=0.25.3 has no file that installs on Python 3.10 on Linux",
        &["pandas"],
    );
    check(
        "  \u{d7} No solution found when resolving dependencies:\n  \u{2570}\u{2500}\u{25b6} Because numpy==1.16.4 has no wheels with a matching Python ABI tag (e.g., `cp310`) and you require numpy==1.16.4",
        "numpy 1.16.4 has no file that installs on Python 3.10 on Linux",
        &["numpy"],
    );
    check(
        "  cause: Because llvmlite==0.31.0 has no usable wheels and only the following versions of llvmlite are available:\n llvmlite<0.31.0.dev0\n llvmlite==0.31.0\n llvmlite>=0.32.0\n we can conclude that llvmlite>=0.31.0.dev0,<0.32.0 cannot be used.\n And because numba==0.48.0 depends on llvmlite>=0.31.0.dev0,<0.32.0 and you require numba==0.48.0, we can conclude",
        "llvmlite 0.31.0 has no file that installs on Python 3.10 on Linux",
        &["llvmlite", "numba"],
    );
}

#[test]
fn missing_releases_are_understood() {
    check(
        "  cause: Because there is no version of pandas==99.1 and you require pandas==99.1, we can conclude that your requirements are unsatisfiable.",
        "the package index has no pandas 99.1",
        &["pandas"],
    );
    check(
        "  cause: Because there are no versions of flask and you require flask, we can conclude that your requirements are unsatisfiable.",
        "the package index has no flask",
        &["flask"],
    );
    check(
        "  cause: Because nosuch-pkg was not found in the package registry and you require nosuch-pkg==1, we can conclude",
        "the package index has no package of the name nosuch-pkg",
        &["nosuch-pkg"],
    );
}

#[test]
fn other_pythons_are_understood() {
    check(
        "  cause: Because the requested Python version (>=3.10) does not satisfy Python>=3.11 and ipython==9.0.0 depends on Python>=3.11, we can conclude that ipython==9.0.0 cannot be used.\n And because you require ipython==9.0.0, we can conclude",
        "ipython 9.0.0 requires Python >=3.11",
        &["ipython"],
    );
    check(
        "  cause: Because the requested Python version (>=3.10) does not satisfy Python>=3.11 and all of:\n ipython>=9.0.0,<=9.10.1\n ipython>=9.13.0\n depend on Python>=3.11, we can conclude that all of:\n ipython>=9.0.0,<=9.10.1\n cannot be used.\n And because you require ipython>=9, we can conclude that your requirements are unsatisfiable.",
        "ipython >=9.13.0 requires Python >=3.11",
        &["ipython"],
    );
}

#[test]
fn conflicts_are_understood() {
    check(
        "  cause: Because requests==2.20.0 depends on urllib3>=1.21.1,<1.25 and you require requests==2.20.0, we can conclude that you require urllib3>=1.21.1,<1.25.\n And because you require urllib3==1.26.5, we can conclude that your requirements are unsatisfiable.",
        "requests 2.20.0 needs urllib3 >=1.21.1,<1.25, and urllib3 ==1.26.5 is asked for",
        &["requests", "urllib3"],
    );
    check(
        "  cause: Because only a<=1 is available and b==1 depends on a>1, we can conclude that b==1 cannot be used.",
        "b 1 needs a >1, which does not fit the others",
        &["a", "b"],
    );
    check(
        "error: Failed to build `scikit-learn==0.20.0`\n  cause: The build backend returned an error",
        "scikit-learn 0.20.0 comes as source that is not run to ask what it needs, or does not build",
        &["scikit-learn"],
    );
    check(
        "  cause: Something that nobody has seen before",
        "it does not fit the other requirements",
        &[],
    );
}

#[test]
fn failures_are_told_apart() {
    let told = |text: &str| failure(text, "uv").map(|it| it.to_string());
    let fetch = "error: Request failed after 3 retries in 6.0s\n  cause: Failed to fetch: http://me:pw@127.0.0.1:9002/simple/flask/\n";
    let status = |code: &str| {
        told(&format!(
            "{fetch}  cause: HTTP status server error ({code}) for url (http://127.0.0.1:9002/simple/flask/)"
        ))
        .unwrap()
    };
    assert_eq!(
        status("503 Service Unavailable"),
        "the package index 127.0.0.1:9002 answered with the error 503; try again later"
    );
    assert!(status("407 Proxy Authentication Required").contains("wants a login"));
    let away = told(&format!(
        "{fetch}  cause: client error (Connect)\n  cause: dns error"
    ))
    .unwrap();
    assert!(away.starts_with("the package index 127.0.0.1:9002 cannot be reached"));
    let hint = "error: No solution found when resolving dependencies\nhint: An index URL (http://127.0.0.1:9003/simple) could not be queried due to a lack of valid authentication credentials (401 Unauthorized)";
    assert!(told(hint).unwrap().contains("127.0.0.1:9003 wants a login"));
    assert!(
        told("error: unexpected argument '--format' found")
            .unwrap()
            .contains("too old")
    );
    assert!(told("error: No solution found when resolving dependencies").is_none());
}
