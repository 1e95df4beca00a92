//! The last proof of a shorter list: a real resolver gives the same releases for it as for the
//! list that is there.

use super::args::{AskedArgs, OutputArgs};
use super::progress::Progress;
use super::refusal::Refusal;
use super::site::Site;
use super::solve::ask;
use crate::packages::Target;
use crate::packages::solve::{Asked, Choose, Request, Resolution, ResolveError, Resolver};
use crate::resolver::{Found, Limit};
use crate::tree::{Tree, TreePath};

/// So many seconds one app may take.
const TIMEOUT: u64 = 600;

/// What a resolver says of a shorter list.
pub(super) enum Confirmed {
    /// The same releases; the resolver's name.
    Yes(&'static str),
    /// Something else: why, without a full stop.
    No(String),
}

/// Asks for both.
///
/// # Errors
/// When nobody answers.
pub(super) fn confirm(
    site: &Site,
    how: &OutputArgs,
    target: Target,
    root: &TreePath,
    trees: (&dyn Tree, &dyn Tree),
) -> Result<Confirmed, Refusal> {
    let progress = Progress::new(how);
    let found = Found::new(None, target, Limit::seconds(TIMEOUT), false)?;
    let tool = found.tool().name();
    let asked = AskedArgs {
        python: Some(target),
        timeout: TIMEOUT,
    };
    let answer = |tree: &dyn Tree, which: &str| {
        progress.say(format!("asking {tool} about the {which} list for {target}"));
        let (_, asked) = ask(site, &asked, tree, root);
        found.resolve(&request(asked, target))
    };
    let before = match answer(trees.0, "whole") {
        Err(ResolveError::Unsatisfiable(refused)) => {
            return Ok(Confirmed::No(format!(
                "{tool} finds no releases for the list as it is ({}); `dashlift solve` says what \
                 has to change",
                refused.reason
            )));
        }
        answered => answered.map_err(failure)?,
    };
    match answer(trees.1, "shorter") {
        Err(ResolveError::Unsatisfiable(refused)) => {
            let why = format!("{tool} finds no releases for it ({})", refused.reason);
            Ok(Confirmed::No(why))
        }
        answered => {
            let after = answered.map_err(failure)?;
            Ok(
                difference(&before, &after).map_or(Confirmed::Yes(tool), |name| {
                    Confirmed::No(format!(
                        "{tool} would take another release of {name}, or none"
                    ))
                }),
            )
        }
    }
}

fn failure(error: ResolveError) -> Refusal {
    match error {
        ResolveError::Failed(failure) => failure.into(),
        ResolveError::Unsatisfiable(refused) => Refusal::NotProven(refused.reason.to_string()),
    }
}

fn request(asked: Asked, target: Target) -> Request {
    let lines = |constraints: bool| {
        let asks = asked.asks.iter();
        let asks = asks.filter(move |ask| ask.is_constraint == constraints);
        asks.map(crate::packages::solve::Ask::as_written).collect()
    };
    Request {
        target,
        requirements: lines(false),
        constraints: lines(true),
        wheels_only: std::collections::BTreeSet::new(),
        choose: Choose::Newest,
        with_dependencies: true,
        options: asked.options,
    }
}

/// The first distribution that is not the same in both.
fn difference(before: &Resolution, after: &Resolution) -> Option<String> {
    let missing = |one: &Resolution, other: &Resolution| {
        let mut packages = one.packages.iter();
        let other = packages.find(|it| other.version(&it.name) != Some(&it.version));
        other.map(|it| it.name.clone())
    };
    missing(before, after).or_else(|| missing(after, before))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::solve::Resolved;

    fn resolution(packages: &[(&str, &str)]) -> Resolution {
        let packages = packages.iter().map(|(name, version)| Resolved {
            name: (*name).to_owned(),
            version: version.parse().unwrap(),
            from_source: false,
        });
        Resolution {
            packages: packages.collect(),
        }
    }

    #[test]
    fn every_release_has_to_be_the_same() {
        let both = resolution(&[("dash", "2.9.3"), ("flask", "2.2.5")]);
        let other = resolution(&[("flask", "2.2.4"), ("dash", "2.9.3")]);
        let fewer = resolution(&[("dash", "2.9.3")]);
        assert_eq!(difference(&both, &both), None);
        assert_eq!(difference(&both, &other).as_deref(), Some("flask"));
        assert_eq!(difference(&both, &fewer).as_deref(), Some("flask"));
        assert_eq!(difference(&fewer, &both).as_deref(), Some("flask"));
    }
}
