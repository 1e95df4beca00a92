//! The page of `dashlift report` in a real browser: Chromium without a window. Run with
//! `cargo test --test browser -- --ignored`.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod driver;
mod fleet;

use std::path::Path;

use driver::{Browser, ENTER, ESCAPE};
use fleet::{EVIL, Fleet};
use serde_json::json;

/// The names of the apps that are seen, from above.
fn names(browser: &Browser) -> Vec<String> {
    let names = browser.eval(
        "return [...document.querySelectorAll('tbody.app')].filter(app => !app.hidden)
            .map(app => app.querySelector('.words').innerText)",
    );
    serde_json::from_value(names).unwrap()
}

fn open(fleet: &Fleet, width: u32, dark: bool) -> Browser {
    let browser = Browser::start(width, dark);
    browser.show(&fleet.page, "");
    browser
}

#[track_caller]
fn assert_quiet(browser: &Browser) {
    assert_eq!(browser.complaints(), json!([]));
    let fetched =
        browser.eval("return performance.getEntriesByType('resource').map(it => it.name)");
    assert_eq!(fetched, json!([]));
}

#[test]
#[ignore = "needs chromium"]
fn the_table_sorts() {
    let fleet = Fleet::new();
    let browser = open(&fleet, 1200, false);
    // `ready` names no Python, so nobody is sure of it.
    assert_eq!(
        names(&browser),
        [EVIL, "blocked", "person", "ready", "prepared", "z-prepared"]
    );
    browser.click("[data-sort=name]");
    let mut sorted = names(&browser);
    assert_eq!(
        sorted,
        ["blocked", EVIL, "person", "prepared", "ready", "z-prepared"]
    );
    let direction = || browser.eval("return document.querySelector('th[aria-sort]').ariaSort");
    assert_eq!(direction(), "ascending");
    browser.type_into("[data-sort=name]", ENTER);
    sorted.reverse();
    assert_eq!(names(&browser), sorted);
    assert_eq!(direction(), "descending");
    browser.click("[data-sort=repairs]");
    assert_eq!(names(&browser)[0], "z-prepared");
    assert_eq!(direction(), "descending");
    assert_quiet(&browser);
}

#[test]
#[ignore = "needs chromium"]
fn the_table_is_filtered() {
    let fleet = Fleet::new();
    let browser = open(&fleet, 1200, true);
    assert_eq!(browser.text("#count"), "6 apps");
    browser.click("button.tile[data-readiness=prepared]");
    assert_eq!(names(&browser), ["prepared", "z-prepared"]);
    assert_eq!(browser.text("#count"), "2 of 6 apps");
    browser.type_into("#search", "Z-PREP");
    assert_eq!(names(&browser), ["z-prepared"]);
    browser.type_into("#search", "nobody");
    assert_eq!(names(&browser), [""; 0]);
    assert!(browser.text("#none").contains("No app is like that."));
    browser.click("#clear-too");
    assert_eq!(names(&browser).len(), 6);

    // A text of a finding is found, too.
    browser.type_into("#search", "file:///srv/x.whl");
    assert_eq!(names(&browser), ["blocked"]);
    browser.type_into("#search", ESCAPE);
    assert_eq!(names(&browser).len(), 6);

    browser.click(".show[data-rule=DL108]");
    assert_eq!(names(&browser), ["z-prepared"]);
    assert_eq!(
        browser.eval("return document.querySelector('#rule').value"),
        "DL108"
    );
    browser.click("#clear");
    assert_eq!(browser.text("#count"), "6 apps");
    assert_quiet(&browser);
}

#[test]
#[ignore = "needs chromium"]
fn an_app_opens_and_tells_what_to_do() {
    let fleet = Fleet::new();
    let browser = open(&fleet, 1200, false);
    let opener = "#app-blocked .open";
    browser.type_into(opener, ENTER);
    let state = browser
        .eval("return [document.querySelector('#app-blocked .open').ariaExpanded, location.hash]");
    assert_eq!(state, json!(["true", "#app-blocked"]));
    let text = browser.text("#app-blocked-more");
    assert!(
        text.contains("What blocks") && text.contains("What a person does"),
        "{text}"
    );
    browser.click(opener);
    assert_eq!(
        browser.eval("return document.querySelector('#app-blocked-more').hidden"),
        true
    );

    browser.click("#app-z-prepared .open");
    browser.click("#app-z-prepared details:has(.diff) > summary");
    let added = browser.text("#app-z-prepared .diff .added");
    assert!(added.starts_with("+[build]"), "{added}");

    // A rule explains itself, and the keyboard gets out again.
    browser.click("#app-z-prepared a[href='#rule-DL101']");
    assert_eq!(browser.text("#dialog-title"), "DL101 runtime-txt");
    assert!(browser.text("#dialog-text").contains("What it finds"));
    browser.type_into("#dialog-text", ESCAPE);
    assert_eq!(
        browser.eval("return document.querySelector('#dialog').open"),
        false
    );
    assert_quiet(&browser);
}

#[test]
#[ignore = "needs chromium"]
fn a_link_opens_its_app_on_a_narrow_screen() {
    let fleet = Fleet::new();
    let browser = Browser::start(400, true);
    browser.show(&fleet.page, "#app-person");
    assert!(
        browser
            .text("#app-person-more")
            .contains("What a person does")
    );
    let wide = browser.eval("return document.documentElement.scrollWidth");
    assert!(wide.as_u64().unwrap() <= 400, "{wide}");
    assert_quiet(&browser);
}

#[test]
#[ignore = "needs chromium"]
fn what_users_write_stays_text() {
    let fleet = Fleet::new();
    let browser = open(&fleet, 1200, false);
    browser.click("#open-all");
    let counts = browser.eval(
        "return [document.images.length, document.scripts.length,
            document.querySelectorAll('iframe, object, embed, link[href^=http]').length]",
    );
    assert_eq!(counts, json!([0, 1, 0]));
    let shown = browser.eval("return document.body.textContent");
    let shown = shown.as_str().unwrap();
    assert!(shown.contains(EVIL));
    assert!(shown.contains("</script><svg/onload=alert(2)>"));
    assert!(shown.contains("broken"), "the repository that failed");
    assert_quiet(&browser);
}

#[test]
#[ignore = "needs chromium"]
fn everything_is_read_without_a_script() {
    let fleet = Fleet::new();
    let browser = Browser::start(1200, false);
    browser.cdp(
        "Emulation.setScriptExecutionDisabled",
        &json!({"value": true}),
    );
    browser.show(&fleet.page, "");
    assert!(
        browser
            .text("#app-blocked-more")
            .contains("What a person does")
    );
    browser.cdp(
        "Emulation.setScriptExecutionDisabled",
        &json!({"value": false}),
    );
}

#[test]
#[ignore = "needs chromium"]
fn a_thousand_apps_are_no_burden() {
    let fleet = Fleet::with_copies(1000);
    let browser = open(&fleet, 1200, false);
    assert_eq!(browser.text("#count"), "1006 apps");
    let size = std::fs::metadata(&fleet.page).unwrap().len();
    assert!(size < 12_000_000, "{size} bytes");
    let took = browser.eval(
        "const begun = performance.now();
         document.querySelector('#search').value = 'copy-0777';
         document.querySelector('#search').dispatchEvent(new Event('input'));
         document.querySelector('[data-sort=name]').click();
         return performance.now() - begun;",
    );
    assert_eq!(names(&browser), ["copy-0777"]);
    // Not a measurement: only whoever compares every app with every other one is as slow.
    assert!(took.as_f64().unwrap() < 10_000.0, "{took} ms");
    assert_quiet(&browser);
}

/// Where the program is.
fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_dashlift"))
}

#[test]
#[ignore = "needs chromium"]
fn what_the_server_says_sorts_and_fits() {
    let fleet = Fleet::with_inventory();
    for width in [1280, 390] {
        let browser = open(&fleet, width, false);
        let fits = "return document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(browser.eval(fits), true, "{width}");
        // No name that has room for itself is broken within a word.
        let broken = browser.eval(
            "return [...document.querySelectorAll('tbody.app .words')]
                .filter(it => it.innerText.length < 11 && it.getClientRects().length > 1)
                .map(it => it.innerText)",
        );
        assert_eq!(broken, json!([]), "{width}");
        browser.click("[data-sort=wave]");
        let waves = browser
            .eval("return [...document.querySelectorAll('tbody.app')].map(it => +it.dataset.wave)");
        let waves: Vec<i64> = serde_json::from_value(waves).unwrap();
        let mut sorted = waves.clone();
        sorted.sort_unstable();
        let descending: Vec<i64> = sorted.iter().rev().copied().collect();
        assert!(waves == sorted || waves == descending, "{waves:?}");
        assert!(sorted.last() > Some(&1), "{waves:?}");
        browser.click("#app-ready .open");
        assert!(browser.text("#app-ready-more").contains("Owner ana"));
        assert_quiet(&browser);
    }
    let browser = open(&fleet, 1280, false);
    browser.click("[data-sort=owner]");
    let first = names(&browser)[0].clone();
    browser.click("[data-sort=owner]");
    assert_ne!(names(&browser)[0], first);
    browser.click("[data-sort=visited]");
    let direction = browser.eval("return document.querySelector('th[aria-sort]').dataset.sort || document.querySelector('th[aria-sort] button').dataset.sort");
    assert_eq!(direction, "visited");
}
