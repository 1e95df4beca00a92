//! The frozen lists of the benchmark, minimised: nothing that their apps need is lost, and what
//! goes is proven to come with what stays.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

#[path = "../../benches/minimise/cases.rs"]
#[allow(dead_code, reason = "the benchmark asks for more")]
mod cases;

#[test]
fn nothing_that_an_app_needs_is_lost() {
    let cases = cases::all();
    assert!(cases.len() >= 90, "{}", cases.len());
    for case in cases {
        let outcome = case.minimise(None);
        let what = format!("{} on 3.{}", case.name, case.python);
        assert_eq!(outcome.lost, Vec::<String>::new(), "{what}");
        assert_eq!(outcome.unproven, None, "{what}");
        assert!(case.ideal.is_subset(&case.listed()), "{what}");
    }
}
