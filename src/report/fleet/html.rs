//! The report as one page that needs nothing else: style and script are in it, nothing is fetched.
//! Texts of users' files are escaped by the template engine; the page's own policy allows no script
//! but the one whose hash it names.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Value;
use minijinja::{Environment, Error, HtmlEscape, context, escape_formatter};
use serde::Serialize;

use super::super::shown::visible;
use super::{App, Fleet, FleetRepository, Readiness, VerifyDocument, diff, page};
use crate::rules;

const PAGE: &str = include_str!("page.html.j2");
const APP: &str = include_str!("app.html.j2");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The most lines of an app's diff on the page. A page of a thousand apps has to open.
const MOST_LINES: usize = 400;

/// Writes the page.
///
/// # Errors
/// When it cannot be written.
pub fn write(fleet: &Fleet, to: impl Write) -> Result<(), Error> {
    let environment = environment()?;
    let context = context! {
        fleet => Value::from_serialize(fleet.head()),
        apps => apps(fleet),
        parts => Value::from_serialize(parts(fleet)),
        bar_label => bar_label(fleet),
        columns => Value::from_serialize(columns(fleet)),
        has_server => fleet.has_server(),
        started => super::text::started(fleet),
        efforts => super::text::efforts(&fleet.summary.by_effort),
        pages => pages(fleet),
        failed => Value::from_serialize(fleet.failed().collect::<Vec<_>>()),
        unpushed => unpushed(fleet),
        since => fleet.since.as_ref().map(|since| context! {
            file => since.file(),
            sentence => since.sentence(),
            lines => since.lines(),
        }),
        empty => Value::from_serialize(fleet.without_app().collect::<Vec<_>>()),
        style => Value::from_safe_string(STYLE.to_owned()),
        script => Value::from_safe_string(SCRIPT.to_owned()),
        style_hash => Value::from_safe_string(hash(STYLE)),
        script_hash => Value::from_safe_string(hash(SCRIPT)),
    };
    let template = environment.get_template("page.html.j2")?;
    template.render_captured_to(context, to).map(drop)
}

fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_debug(false);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    // No text that turns the direction of writing or hides itself gets onto the page.
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => {
            let text = Value::from_safe_string(in_one_line(&visible(text)));
            escape_formatter(out, state, &text)
        }
        _ => escape_formatter(out, state, value),
    });
    environment.add_filter("prose", prose);
    environment.add_filter("s", |count: usize| if count == 1 { "" } else { "s" });
    environment.add_filter("ies", |count: usize| if count == 1 { "y" } else { "ies" });
    environment.add_template("page.html.j2", PAGE)?;
    environment.add_template("app.html.j2", APP)?;
    Ok(environment)
}

/// A text of a user as HTML, on one line of the page: a line of its own in a CI system's log could
/// be a command to it.
fn in_one_line(text: &str) -> String {
    HtmlEscape(text).to_string().replace('\n', "&#10;")
}

/// A sentence whose words between back ticks are code.
fn prose(text: &str) -> Value {
    let text = visible(text);
    let is_paired = text.matches('`').count().is_multiple_of(2);
    let part = |(index, part): (usize, &str)| {
        let escaped = in_one_line(part);
        if index % 2 == 1 {
            format!("<code>{escaped}</code>")
        } else {
            escaped
        }
    };
    Value::from_safe_string(if is_paired {
        text.split('`').enumerate().map(part).collect()
    } else {
        in_one_line(&text)
    })
}

/// The name that the page's policy has for a text of its own.
fn hash(text: &str) -> String {
    format!(
        "sha256-{}",
        STANDARD.encode(hmac_sha256::Hash::hash(text.as_bytes()))
    )
}

/// A column of the table of apps.
#[derive(Serialize)]
struct Column {
    key: &'static str,
    name: &'static str,
    class: &'static str,
    title: &'static str,
}

/// The columns; those of the old server when one was asked.
/// Names of repositories whose branch was not pushed, and why.
fn unpushed(fleet: &Fleet) -> Vec<(&str, &str)> {
    let unpushed = fleet.unpushed();
    unpushed
        .map(|(repository, error)| (repository.name.as_str(), error))
        .collect()
}

fn columns(fleet: &Fleet) -> Vec<&'static Column> {
    let server: &[Column] = if fleet.has_server() { &SERVER } else { &[] };
    COLUMNS.iter().chain(server).collect()
}

static SERVER: [Column; 3] = [
    column("owner", "Owner", "wide", "Who made it on Dash Enterprise 4"),
    column("wave", "Wave", "n", "When it moves"),
    column(
        "visited",
        "Visited",
        "wide",
        "When somebody last looked at it on Dash Enterprise 4",
    ),
];

static COLUMNS: [Column; 7] = [
    column(
        "name",
        "App",
        "",
        "The repository, and the app's folder in it",
    ),
    column(
        "rank",
        "Readiness",
        "",
        "What the app needs before it runs on Dash Enterprise 5",
    ),
    column(
        "blocks",
        "Blocks",
        "n wide",
        "Findings that break the app and that no repair mends",
    ),
    column("steps", "Steps", "n", "Steps for a person"),
    column(
        "effort",
        "Effort",
        "effort",
        "How long the longest step takes",
    ),
    column(
        "repairs",
        "Repairs",
        "n wide",
        "Repairs that are made or ready",
    ),
    column("findings", "Findings", "n wide", "Findings that are there"),
];

const fn column(
    key: &'static str,
    name: &'static str,
    class: &'static str,
    title: &'static str,
) -> Column {
    Column {
        key,
        name,
        class,
        title,
    }
}

/// A part of the bar, and its tile.
#[derive(Serialize)]
struct BarPart {
    key: &'static str,
    words: &'static str,
    meaning: &'static str,
    count: usize,
    /// Where it begins, in thousandths of the bar.
    x: usize,
    width: usize,
}

fn parts(fleet: &Fleet) -> Vec<BarPart> {
    let summary = &fleet.summary;
    let thousandths = |apps: usize| apps * 1000 / summary.apps.max(1);
    let mut before = 0;
    let part = |readiness: Readiness| {
        let count = summary.readiness.get(readiness);
        let x = thousandths(before);
        before += count;
        BarPart {
            key: readiness.key(),
            words: readiness.words(),
            meaning: readiness.meaning(),
            count,
            x,
            width: thousandths(before) - x,
        }
    };
    Readiness::ALL.into_iter().map(part).collect()
}

fn bar_label(fleet: &Fleet) -> String {
    let part = |part: BarPart| format!("{} {}", part.count, part.words);
    let parts: Vec<String> = parts(fleet).into_iter().map(part).collect();
    parts.join(", ")
}

/// An app as the page shows it.
#[derive(Serialize)]
struct ShownApp<'a> {
    #[serde(flatten)]
    app: &'a App,
    /// The app's repository.
    of: Option<&'a FleetRepository>,
    place: String,
    words: &'static str,
    meaning: &'static str,
    /// What came of its start, a sentence.
    trial: Option<String>,
    rank: usize,
    effort_rank: usize,
    codes: String,
    runs: Vec<diff::PatchLines>,
    more: usize,
}

fn apps(fleet: &Fleet) -> Value {
    let named = fleet.repositories.iter();
    let named: BTreeMap<&str, &FleetRepository> = named.map(|it| (it.name.as_str(), it)).collect();
    let shown = fleet.apps.iter().map(|app| {
        let of = named.get(app.repository.as_str()).copied();
        Value::from_serialize(shown(app, of))
    });
    shown.collect()
}

fn shown<'a>(app: &'a App, of: Option<&'a FleetRepository>) -> ShownApp<'a> {
    let (runs, more) = diff::lines(app.diff.as_deref().unwrap_or_default(), MOST_LINES);
    let findings = app.blocks.iter().chain(&app.findings);
    let findings = findings.chain(of.iter().flat_map(|of| &of.findings));
    let codes = findings.map(|finding| finding.code.as_str());
    let codes = codes.chain(app.plan.repairs.iter().map(|repair| repair.code.as_str()));
    let codes: BTreeSet<&str> = codes.collect();
    ShownApp {
        app,
        of,
        place: app.place(),
        words: app.readiness.words(),
        meaning: app.readiness.meaning(),
        trial: app.verified.as_ref().map(VerifyDocument::sentence),
        rank: app.readiness as usize,
        effort_rank: app.effort as usize,
        codes: codes.into_iter().collect::<Vec<_>>().join(" "),
        runs,
        more,
    }
}

/// A rule's page.
#[derive(Serialize)]
struct FleetPage<'a> {
    code: &'a str,
    stem: &'a str,
}

fn pages(fleet: &Fleet) -> Value {
    let page = |rule: &super::RuleCount| {
        let known = rules::find(&rule.code)?;
        let html = Value::from_safe_string(page::html(known));
        let (code, stem) = (&rule.code, &rule.stem);
        Some(context! { html, ..Value::from_serialize(FleetPage { code, stem }) })
    };
    let mut counted: Vec<&super::RuleCount> = fleet.rules.iter().collect();
    counted.sort_by(|a, b| a.code.cmp(&b.code));
    counted.into_iter().filter_map(page).collect()
}
