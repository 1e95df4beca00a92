//! The rung of the nearest versions: which requirements have no file for the target whatever the
//! others are, and where they go.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;

use super::super::{Choose, Failure, Reason, Refused, Request, Resolution, Wish};
use super::{Climb, Ladder, Verdict, set};

/// Versions of requirements, by their places.
type Versions = BTreeMap<usize, Version>;

impl Ladder<'_> {
    /// Moves every requirement that fails by itself, until it resolves or none does.
    pub(super) fn move_to_nearest(
        &self,
        climb: &mut Climb,
        first: Refused,
    ) -> Result<Verdict, Failure> {
        let mut refused = first;
        let mut looked_at: BTreeSet<usize> = BTreeSet::new();
        loop {
            let suspects = self.suspects(climb, &refused, &looked_at);
            looked_at.extend(&suspects);
            let failing = self.failing(suspects)?;
            if failing.is_empty() {
                return Ok(Err(refused));
            }
            self.move_all(climb, failing)?;
            match self.verdict(&climb.wishes)? {
                Ok(resolution) => return Ok(Ok(resolution)),
                Err(still) => refused = still,
            }
        }
    }

    /// At first all that is to be installed, then the constraints that a refusal names: a
    /// constraint may be about something that nobody needs.
    fn suspects(
        &self,
        climb: &Climb,
        refused: &Refused,
        looked_at: &BTreeSet<usize>,
    ) -> Vec<usize> {
        let asks = self.asks.iter().enumerate().zip(&climb.wishes);
        let suspects = asks.filter(|((place, ask), wish)| {
            let is_named = !ask.is_constraint || refused.names.contains(&ask.name);
            **wish == Wish::Written
                && is_named
                && !ask.specifiers.is_empty()
                && !looked_at.contains(place)
        });
        suspects.map(|((place, _), _)| place).collect()
    }

    /// Those of the suspects that fail by themselves, each with its reason.
    fn failing(&self, suspects: Vec<usize>) -> Result<BTreeMap<usize, Reason>, Failure> {
        let mut left = suspects;
        let mut failing = BTreeMap::new();
        while !left.is_empty() {
            let lines = left.iter().filter_map(|place| self.asks.get(*place));
            let lines = lines.map(super::Ask::as_written).collect();
            let Err(refused) = self.alone(lines, Choose::Newest, BTreeSet::new())? else {
                break;
            };
            let is_named = |place: &usize| {
                let ask = self.asks.get(*place);
                ask.is_some_and(|ask| refused.names.contains(&ask.name))
            };
            let (named, rest): (Vec<usize>, Vec<usize>) = left.into_iter().partition(is_named);
            if named.is_empty() {
                break;
            }
            // Two lines that disagree about one name are a conflict, not a lack of files.
            if !matches!(refused.reason, Reason::Conflict { .. } | Reason::Unclear) {
                let reason = refused.reason;
                failing.extend(named.into_iter().map(|place| (place, reason.clone())));
            }
            left = rest;
        }
        Ok(failing)
    }

    /// Moves each of the failing to the nearest newer version that installs, or else the nearest
    /// older one.
    fn move_all(&self, climb: &mut Climb, failing: BTreeMap<usize, Reason>) -> Result<(), Failure> {
        let asks = failing.keys();
        let versions = asks.filter_map(|place| {
            let version = self.asks.get(*place)?.version()?;
            Some((*place, version.without_local()))
        });
        let versions: BTreeMap<usize, Version> = versions.collect();
        for (place, reason) in &failing {
            let needs_wheel = matches!(reason, Reason::NoWheel { .. } | Reason::NotBuilt(_));
            if let Some(ask) = self.asks.get(*place).filter(|_| needs_wheel) {
                climb.wheels_only.insert(ask.name.clone());
            }
        }
        let (mut found, missing) = self.search(climb, versions, Wish::AtLeast, Choose::Oldest)?;
        let (older, _) = self.search(climb, missing, Wish::AtMost, Choose::Newest)?;
        found.extend(older);
        for (place, version) in found {
            set(&mut climb.wishes, place, Wish::Exactly(version.clone()));
            set(&mut climb.home, place, Wish::Exactly(version));
        }
        climb.reasons.extend(failing);
        Ok(())
    }

    /// The first version on one side of each; and those that have none there.
    fn search(
        &self,
        climb: &Climb,
        versions: BTreeMap<usize, Version>,
        side: fn(Version) -> Wish,
        choose: Choose,
    ) -> Result<(Versions, Versions), Failure> {
        let mut left = versions;
        let mut missing = BTreeMap::new();
        while !left.is_empty() {
            let line = |(place, version): (&usize, &Version)| {
                let ask = self.asks.get(*place)?;
                Some(format!(
                    "{}{}",
                    ask.head,
                    side(version.clone()).specifiers()
                ))
            };
            let lines = left.iter().filter_map(line).collect();
            match self.alone(lines, choose, climb.wheels_only.clone())? {
                Ok(resolution) => return Ok((self.versions(&left, &resolution), missing)),
                Err(refused) => {
                    let before = left.len();
                    let (named, rest) = left.into_iter().partition(|(place, _)| {
                        let ask = self.asks.get(*place);
                        ask.is_some_and(|ask| refused.names.contains(&ask.name))
                    });
                    left = rest;
                    missing.extend::<BTreeMap<usize, Version>>(named);
                    if left.len() == before {
                        missing.append(&mut left);
                    }
                }
            }
        }
        Ok((BTreeMap::new(), missing))
    }

    fn versions(
        &self,
        of: &BTreeMap<usize, Version>,
        resolution: &Resolution,
    ) -> BTreeMap<usize, Version> {
        let found = of.keys().filter_map(|place| {
            let ask = self.asks.get(*place)?;
            Some((*place, resolution.version(&ask.name)?.clone()))
        });
        found.collect()
    }

    /// Whether releases are there, whatever they need.
    fn alone(
        &self,
        requirements: Vec<String>,
        choose: Choose,
        wheels_only: BTreeSet<String>,
    ) -> Result<Verdict, Failure> {
        self.answer(&Request {
            target: self.target,
            requirements,
            constraints: Vec::new(),
            options: Vec::new(),
            wheels_only,
            choose,
            with_dependencies: false,
        })
    }
}
