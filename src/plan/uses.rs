//! Services and variables that the code shows, and what has no counterpart.

use super::lines::found_at;
use super::{At, at};
use crate::app::App;
use crate::engine::Reported;
use crate::rules::{self, Code, Place, Service};
use crate::tree::Tree;

/// A service that the app needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceNeed {
    /// The service.
    pub service: Service,
    /// Whether the code reads the address that the platform gives; if not, it may talk to a server
    /// of somebody else.
    pub is_certain: bool,
    /// The places that show it, and what is seen there.
    pub shown_by: Vec<(At, String)>,
}

/// An environment variable to recreate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableNeed {
    /// Its name.
    pub name: String,
    /// The places that read it.
    pub places: Vec<At>,
    /// Whether the app does without it.
    pub has_default: bool,
    /// Whether nobody says if Dash Enterprise 5 sets it.
    pub is_unknown: bool,
}

impl VariableNeed {
    /// Whether the name can be written into a command as it is.
    pub fn is_plain(&self) -> bool {
        let mut characters = self.name.chars();
        characters
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
    }
}

/// Something that Dash Enterprise 5 has nothing like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The rule that found it.
    pub code: Code,
    /// Where.
    pub at: At,
    /// The fact, a sentence without a full stop.
    pub message: String,
}

pub(super) fn services(app: &App) -> Vec<ServiceNeed> {
    let mut needs: Vec<ServiceNeed> = Vec::new();
    for found in rules::services(app) {
        let mut place = Place::file(found.path);
        place.span = found.span;
        let shown = (at(app.tree(), &place), found.note);
        let known = needs.iter_mut().find(|need| need.service == found.service);
        if let Some(need) = known {
            need.is_certain |= found.linked;
            if !need.shown_by.contains(&shown) {
                need.shown_by.push(shown);
            }
        } else {
            needs.push(ServiceNeed {
                service: found.service,
                is_certain: found.linked,
                shown_by: vec![shown],
            });
        }
    }
    needs.sort_by_key(|need| need.service);
    needs
}

/// The variables that neither the platform nor a service sets.
pub(super) fn variables(app: &App) -> Vec<VariableNeed> {
    let found = rules::variables(app).into_iter();
    let own =
        found.filter(|found| (found.is_own() || found.unknown) && found.linked_service.is_none());
    let need = |found: rules::VariableUse| {
        let places = found.places.into_iter();
        let places = places.map(|(path, span)| at(app.tree(), &Place::span(path, span)));
        let mut places: Vec<At> = places.collect();
        places.dedup();
        VariableNeed {
            name: found.name,
            places,
            has_default: found.has_default,
            is_unknown: found.unknown,
        }
    };
    own.map(need).collect()
}

/// Files of Dash Enterprise 4 that nothing of Dash Enterprise 5 answers to, below the app's folder.
const APT: &[&str] = &[
    "apt-keys",
    "apt-preferences",
    "apt-conf",
    "apt-debconf",
    "apt-env",
];
const HOOKS: &[&str] = &[
    "bin/pre_compile",
    "bin/post_compile",
    "nltk.txt",
    "manage.py",
];

pub(super) fn missing<'a, 'r: 'a>(
    before: &App,
    seen: &dyn Tree,
    findings: impl Iterator<Item = &'a &'r Reported>,
) -> Vec<Missing> {
    let found = findings.filter(|reported| is_missing(before, reported));
    let missing = |reported: &&Reported| Missing {
        code: reported.finding.rule.code,
        at: found_at(reported, seen),
        message: reported.finding.message.clone(),
    };
    found.map(missing).collect()
}

fn is_missing(app: &App, reported: &Reported) -> bool {
    let finding = &reported.finding;
    let place = &finding.place;
    // A place without a span of its text is that of a file that cannot be read.
    if finding.fix.is_some() || place.position.is_some() {
        return false;
    }
    let name = place.path.below(app.root()).unwrap_or_default();
    match finding.rule.code.0 {
        102 => {
            APT.contains(&name)
                || name.starts_with("dpkg-packages")
                || shows(reported, |text| text.starts_with("ppa:"))
        }
        106 => {
            let file = app.app_json().present();
            let checks = file.and_then(|file| file.model.health_checks());
            checks.is_some() && place.span == checks
        }
        107 => true,
        110 => HOOKS.contains(&name),
        _ => false,
    }
}

/// Whether the text that the finding points at is such a text.
fn shows(reported: &Reported, is_it: impl Fn(&str) -> bool) -> bool {
    let text = reported.text.as_ref();
    let span = reported.finding.place.span;
    text.zip(span)
        .is_some_and(|(text, span)| is_it(span.of(text.as_str())))
}
