//! What is known of an app before its lists are solved: what they ask for, what its code imports
//! and uses, and what tells the day when it last worked.

use std::collections::BTreeSet;

use pep440_rs::Version;

use super::source;
use super::{Asked, Road};
use crate::app::{App, Role};
use crate::packages::Ran;
use crate::packages::evidence::{UseKind, uses};
use crate::packages::resolve::era::{Because, Era, Traces};
use crate::packages::resolve::{Demand, SourceDemand};
use crate::packages::snapshot::{self, Day};

/// What stands in front of the day in a constraints file of ours.
pub(super) const AS_OF: &str = "# Versions as of ";

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Situation {
    /// What the lists ask for.
    pub demands: Vec<Demand>,
    /// What conda's lines ask for, by name.
    pub(super) of_conda: BTreeSet<String>,
    /// What the code asks for and no rule rewrites.
    source: Vec<SourceDemand>,
    /// What it asks for as long as Dash stays what it was.
    unwritten: Vec<SourceDemand>,
    /// What tells the day.
    traces: Traces,
    /// What ran.
    ran: Ran,
}

/// What is known of an app's past beside its files.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// The day when its list was last changed.
    pub commit: Option<Day>,
    /// What it ran with on the old server; nothing where another day was asked for.
    pub ran: Ran,
}

impl Situation {
    /// Looks at an app.
    pub fn read(app: &App, asked: &Asked, past: &Past) -> Self {
        let listed: BTreeSet<String> = asked.asks.iter().map(|ask| ask.name.clone()).collect();
        let uses = uses(app, &listed);
        let is_import = |kind| matches!(kind, UseKind::Import | UseKind::DynamicImport);
        let imported = |name: &String| {
            let mut own = uses.get(name).into_iter().flatten();
            own.any(|one| is_import(one.kind))
        };
        let demands: Vec<Demand> = asked
            .asks
            .iter()
            .map(|ask| Demand {
                name: ask.name.clone(),
                extras: ask.extras.clone(),
                versions: ask.versions.clone().filter(|all| !all.is_empty()),
                is_constraint: ask.is_constraint,
                is_imported: imported(&ask.name),
            })
            .collect();
        let (source, unwritten) = source::demands(app);
        Self {
            traces: traces(app, &demands, past),
            ran: past.ran.clone(),
            of_conda: asked
                .asks
                .iter()
                .filter(|ask| ask.is_conda)
                .map(|ask| ask.name.clone())
                .collect(),
            demands,
            source,
            unwritten,
        }
    }

    /// What the code asks for on a road: with the newest Dash, the rules rewrite old imports.
    pub fn source(&self, road: Road) -> &[SourceDemand] {
        if road.latest_dash {
            &self.source
        } else {
            &self.unwritten
        }
    }

    /// What ran.
    pub fn ran(&self) -> &Ran {
        &self.ran
    }

    /// The day of what is not pinned.
    pub fn era(&self, road: Road) -> Option<Era> {
        match road.as_of {
            Some(day) => Some(Era {
                day,
                because: Because::Asked,
            }),
            None => self.traces.era(),
        }
    }
}

/// What tells the day. A constraints file of ours says it itself.
fn traces(app: &App, demands: &[Demand], past: &Past) -> Traces {
    let mut traces = Traces {
        commit: past.commit,
        ran: past.ran.iter().filter_map(uploaded).collect(),
        ..Traces::default()
    };
    for list in &app.requirements().lists {
        let text = list.text.as_str();
        let said = text.lines().find_map(|line| line.strip_prefix(AS_OF));
        let day = said.and_then(|rest| rest.get(..10)?.parse().ok());
        if let Some(day) = day.filter(|_| list.role == Role::Constraints) {
            traces.noted = Some(day);
        }
    }
    for one in demands {
        let Some(pin) = one.pin() else { continue };
        let all = if one.is_constraint {
            &mut traces.locked
        } else {
            &mut traces.pins
        };
        all.extend(uploaded((&one.name, pin)));
    }
    traces
}

/// A release with its day of upload, as far as the snapshot knows it.
fn uploaded((name, version): (&str, &Version)) -> Option<(String, Day)> {
    let day = snapshot::find(name)?.release(version)?.uploaded?;
    Some((format!("{name} {version}"), day))
}
