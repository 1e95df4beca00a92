//! Services and variables that the code shows, and what has no counterpart.

use super::lines::found_at;
use super::{At, at};
use crate::app::App;
use crate::engine::Reported;
use crate::rules::{self, Code, Consequence, Place, Service};
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

pub(super) fn missing<'a, 'r: 'a>(
    seen: &dyn Tree,
    findings: impl Iterator<Item = &'a &'r Reported>,
) -> Vec<Missing> {
    let found = findings.filter(|reported| {
        let finding = &reported.finding;
        finding.consequences.contains(&Consequence::NoCounterpart)
    });
    let missing = |reported: &&Reported| Missing {
        code: reported.finding.rule.code,
        at: found_at(reported, seen),
        message: reported.finding.sentence().to_owned(),
    };
    found.map(missing).collect()
}
