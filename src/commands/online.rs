//! A real resolver, asked over the network: what the listed distributions need; and the last proof
//! of a shorter list, for which it has to give the same releases as for the list that is there.

use std::collections::BTreeSet;

use super::refusal::PathRefusal;
use super::site::Site;
use super::solve::{TIMEOUT, ask_for, say_left_out};
use crate::packages::Target;
use crate::packages::edges::Metadata;
use crate::packages::solve::{RefusedRequest, Resolution, ResolveError, Resolver, request};
use crate::resolver::{AvailableResolver, Told};
use crate::tree::{Tree, TreePath};

/// What a resolver says of a shorter list.
pub(super) enum Confirmed {
    /// The same releases; the resolver's name.
    Yes(&'static str),
    /// Something else: why, without a full stop.
    No(String),
}

/// A resolver that was asked about the lists of an app as they are.
pub(super) struct Online<'s> {
    site: &'s Site,
    target: Target,
    root: TreePath,
    say: &'s dyn Fn(String),
    found: AvailableResolver,
    told: Told,
    /// Variables that the list names and nobody allowed.
    left_out: BTreeSet<String>,
}

impl<'s> Online<'s> {
    /// Asks about the lists as they are.
    ///
    /// # Errors
    /// When nobody answers.
    pub(super) fn ask(
        site: &'s Site,
        say: &'s dyn Fn(String),
        target: Target,
        root: &TreePath,
        tree: &dyn Tree,
        variables: &[String],
    ) -> Result<Self, PathRefusal> {
        let terms = site.terms(TIMEOUT, variables);
        let found = AvailableResolver::new(None, target, &terms, false)?;
        let tool = found.tool().name();
        say(format!("asking {tool} about the whole list for {target}"));
        let request = make_request(site, target, tree, root);
        let told = found.ask_needs(&request)?;
        Ok(Self {
            site,
            target,
            root: root.clone(),
            say,
            found,
            told,
            left_out: terms.allowed.left_out(&request.options),
        })
    }

    /// What the listed distributions need, as far as the resolver tells.
    pub(super) fn needs(&self) -> &Metadata {
        &self.told.needs
    }

    /// What people should know of the answer.
    pub(super) fn notes(&self) -> Vec<String> {
        let refused = self.told.answer.as_ref().err();
        let refused = refused.map(|refused| self.no_releases(refused));
        let left_out = self.left_out.iter().map(|name| say_left_out(name));
        let limits = self.found.limits().into_iter();
        limits.chain(left_out).chain(refused).collect()
    }

    fn no_releases(&self, refused: &RefusedRequest) -> String {
        format!(
            "{} finds no releases for the list as it is ({}); `dashlift solve` says what has to \
             change",
            self.found.tool().name(),
            refused.reason
        )
    }

    /// Asks about the shorter lists.
    ///
    /// # Errors
    /// When nobody answers.
    pub(super) fn confirm(&self, shorter: &dyn Tree) -> Result<Confirmed, PathRefusal> {
        let tool = self.found.tool().name();
        // A note says why.
        let Ok(before) = &self.told.answer else {
            return Ok(Confirmed::No(format!(
                "{tool} has to confirm a shorter list and finds no releases for the one that is \
                 there"
            )));
        };
        let target = self.target;
        (self.say)(format!("asking {tool} about the shorter list for {target}"));
        let request = make_request(self.site, target, shorter, &self.root);
        match self.found.resolve(&request) {
            Ok(after) => Ok(
                difference(before, &after).map_or(Confirmed::Yes(tool), |name| {
                    Confirmed::No(format!(
                        "{tool} would take another release of {name}, or none"
                    ))
                }),
            ),
            Err(ResolveError::Unsatisfiable(refused)) => {
                let why = format!("{tool} finds no releases for it ({})", refused.reason);
                Ok(Confirmed::No(why))
            }
            Err(ResolveError::Failed(failure)) => Err(failure.into()),
        }
    }
}

/// What is asked about the lists of a tree.
fn make_request(
    site: &Site,
    target: Target,
    tree: &dyn Tree,
    root: &TreePath,
) -> crate::packages::solve::SolveRequest {
    let (_, asked) = ask_for(site, target, tree, root);
    request(&asked, target)
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
