//! The causes of a solution in words.

use super::{Conflicting, Line, line};
use crate::packages::resolve::{Against, MoveCause, ResolvedReleases, SourceDemand};
use crate::packages::solve::Asked;
use crate::report::safe;

/// What a cause names by number.
pub(super) struct Causes<'c> {
    pub(super) asked: &'c Asked,
    pub(super) source: &'c [SourceDemand],
}

impl Causes<'_> {
    /// One sentence, without the full stop.
    pub(super) fn sentence(&self, cause: &MoveCause) -> String {
        match cause {
            MoveCause::NoRelease { what } => format!("no index ever had {what}"),
            MoveCause::Unfit { what, why, target } => format!("{what} {why} on {target}"),
            MoveCause::Needed {
                who,
                needs,
                error,
                against,
            } => {
                let error = error.as_ref().map(|it| format!(", or ends with `{it}`"));
                let against = against.as_ref().map(|it| format!("; {}", self.side(it)));
                format!(
                    "{who} needs {needs}{}{}",
                    error.unwrap_or_default(),
                    against.unwrap_or_default()
                )
            }
            MoveCause::Asked(against) => self.side(against),
            MoveCause::LatestDash => "the newest Dash was asked for".to_owned(),
            MoveCause::Together(names) if names.is_empty() => {
                "it does not fit the other requirements".to_owned()
            }
            MoveCause::Together(names) => {
                format!("it does not fit together with {}", names.join(", "))
            }
        }
    }

    fn side(&self, against: &Against) -> String {
        match against {
            Against::Line(at) => match self.asked.asks.get(*at) {
                Some(ask) => format!(
                    "{}:{} asks for {}",
                    ask.path,
                    ask.position.line,
                    ask.as_written()
                ),
                None => "another line asks for something else".to_owned(),
            },
            Against::Source(at) => match self.source.get(*at) {
                Some(one) => format!(
                    "{}:{} uses {}, which {} has with {} only",
                    one.path, one.line, one.what, one.name, one.versions
                ),
                None => "the code uses what it no longer has".to_owned(),
            },
            Against::Release { who, needs } => format!("{who} needs {needs}"),
        }
    }

    /// What nothing satisfies.
    pub(super) fn conflicts(&self, answer: &ResolvedReleases) -> Vec<Conflicting> {
        let lines = answer.impossible.iter().map(|(at, cause)| Conflicting {
            requirements: self.asked.asks.get(*at).map(line).into_iter().collect(),
            reason: safe(&self.sentence(cause)),
        });
        let code = answer.unmet.iter().filter_map(|(at, cause)| {
            let one = self.source.get(*at)?;
            Some(Conflicting {
                requirements: vec![Line {
                    path: one.path.clone(),
                    number: one.line,
                    requirement: safe(&one.what),
                }],
                reason: safe(&format!(
                    "{} has it with {} only, and that cannot be had: {}",
                    one.name,
                    one.versions,
                    self.sentence(cause)
                )),
            })
        });
        lines.chain(code).collect()
    }
}
