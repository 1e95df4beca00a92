//! The ladder itself: as it stands; without what others bring; pins without files moved to the
//! nearest version; compatible releases; bare names; and at the end, which requirements are in
//! the way.

mod conflicts;
mod minimal;
mod nearest;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::{Operator, Version};

use super::{
    Answer, Ask, Asked, Choose, Failure, How, Reason, Refused, Request, Resolution, ResolveError,
    Resolver, Rung, Solved, Target, Wish, is_dash_family,
};
use crate::files::requirements::Url;

/// A resolver's yes or no.
type Verdict = Result<Resolution, Refused>;

/// What becomes of each requirement.
type Wishes = Vec<Wish>;

/// See [`super::solve`].
pub(super) fn climb(
    resolver: &dyn Resolver,
    asked: &Asked,
    target: Target,
    how: &How,
) -> Result<Solved, Failure> {
    let ladder = Ladder {
        resolver,
        asks: &asked.asks,
        target,
        how,
        options: RefCell::new(asked.options.clone()),
        unreachable: RefCell::default(),
    };
    let answer = ladder.climb()?;
    Ok(Solved {
        answer,
        unreachable: ladder.unreachable.into_inner(),
    })
}

struct Ladder<'a> {
    resolver: &'a dyn Resolver,
    asks: &'a [Ask],
    target: Target,
    how: &'a How,
    /// The options that name indexes; those that do not answer are taken out.
    options: RefCell<Vec<String>>,
    unreachable: RefCell<Vec<String>>,
}

/// How far the climb is.
struct Climb {
    wishes: Wishes,
    /// Where each requirement is put back to, if it can be.
    home: Wishes,
    /// Why requirements cannot stay as written, whatever the others are.
    reasons: BTreeMap<usize, Reason>,
    /// Those that must come as wheels from now on.
    wheels_only: BTreeSet<String>,
}

impl Ladder<'_> {
    fn climb(&self) -> Result<Answer, Failure> {
        let home = self.start()?;
        let mut climb = Climb {
            wishes: home.clone(),
            home,
            reasons: BTreeMap::new(),
            wheels_only: BTreeSet::new(),
        };
        let refused = match self.verdict(&climb.wishes)? {
            Ok(resolution) => return self.finish(Rung::AsItStands, climb, resolution),
            Err(refused) => refused,
        };
        if let Some(answer) = self.without_dropped(&climb)? {
            return Ok(answer);
        }
        let mut refused = match self.move_to_nearest(&mut climb, refused)? {
            Ok(resolution) => return self.finish(Rung::Nearest, climb, resolution),
            Err(refused) => refused,
        };
        for rung in [Rung::Compatible, Rung::Bare] {
            match self.let_go(&mut climb, rung, refused)? {
                Ok(resolution) => return self.finish(rung, climb, resolution),
                Err(still) => refused = still,
            }
        }
        Ok(Answer::Unsolved(self.conflicts(&climb.wishes)?))
    }

    /// All as written; with the newest Dash, its family at the newest releases that fit together.
    fn start(&self) -> Result<Wishes, Failure> {
        let mut wishes = vec![Wish::Written; self.asks.len()];
        let places = (0..self.asks.len()).filter(|place| self.is_newest(*place));
        let family: BTreeSet<usize> = places.collect();
        if family.is_empty() {
            return Ok(wishes);
        }
        let bare = vec![Wish::Bare; self.asks.len()];
        let request = self.request(&bare, |place| family.contains(&place));
        let found = self.answer(&request)?.ok();
        for (place, ask) in self.asks.iter().enumerate() {
            let version = found.as_ref().and_then(|found| found.version(&ask.name));
            if let Some(version) = version.filter(|_| family.contains(&place)) {
                set(&mut wishes, place, Wish::Exactly(version.clone()));
            }
        }
        Ok(wishes)
    }

    /// Whether a requirement goes to its newest release, whatever was written.
    fn is_newest(&self, place: usize) -> bool {
        let ask = self.asks.get(place);
        self.how.latest_dash && ask.is_some_and(|ask| is_dash_family(&ask.name))
    }

    /// The rung of what others bring. A list for which they bring another major version than its pin
    /// was is better served by the nearest one.
    fn without_dropped(&self, climb: &Climb) -> Result<Option<Answer>, Failure> {
        if self.how.droppable.is_empty() {
            return Ok(None);
        }
        let mut wishes = climb.wishes.clone();
        for place in &self.how.droppable {
            set(&mut wishes, *place, Wish::Dropped);
        }
        let Ok(resolution) = self.verdict(&wishes)? else {
            return Ok(None);
        };
        let climb = Climb {
            wishes,
            home: climb.home.clone(),
            reasons: BTreeMap::new(),
            wheels_only: BTreeSet::new(),
        };
        let answer = self.finish(Rung::Minimised, climb, resolution)?;
        Ok(Some(answer).filter(|answer| self.is_close(answer)))
    }

    /// Whether what went is still brought in the major version that was asked for.
    fn is_close(&self, answer: &Answer) -> bool {
        let Answer::Solved(solution) = answer else {
            return false;
        };
        let major = |version: &Version| (version.epoch(), version.release().first().copied());
        let gone = solution.changes.iter();
        let mut gone = gone.filter(|change| change.wish == Wish::Dropped);
        gone.all(|change| {
            let ask = self.asks.get(change.ask);
            let before = ask.and_then(Ask::version);
            let after = ask.and_then(|ask| solution.resolution.version(&ask.name));
            before.is_none_or(|before| after.is_some_and(|after| major(after) == major(&before)))
        })
    }

    /// Lets go of what the resolver names, more and more, until it resolves or nothing is left.
    fn let_go(&self, climb: &mut Climb, rung: Rung, first: Refused) -> Result<Verdict, Failure> {
        let mut refused = first;
        loop {
            let loosened = |place: usize| self.loosened(climb, place, rung);
            let mut looser: BTreeMap<usize, Wish> = self
                .named(&refused)
                .filter(|place| !self.is_newest(*place))
                .filter_map(|place| Some((place, loosened(place)?)))
                .collect();
            if looser.is_empty() && rung == Rung::Bare {
                let all = (0..self.asks.len()).filter_map(|place| Some((place, loosened(place)?)));
                looser = all.collect();
            }
            if looser.is_empty() {
                return Ok(Err(refused));
            }
            for (place, wish) in looser {
                set(&mut climb.wishes, place, wish);
            }
            match self.verdict(&climb.wishes)? {
                Ok(resolution) => return Ok(Ok(resolution)),
                Err(still) => refused = still,
            }
        }
    }

    /// What a requirement becomes on a rung; `None` where it is that already, or cannot be.
    fn loosened(&self, climb: &Climb, place: usize, rung: Rung) -> Option<Wish> {
        let ask = self.asks.get(place)?;
        let now = climb.wishes.get(place)?;
        let has_version = !ask.specifiers.is_empty() || !matches!(now, Wish::Written);
        match (rung, now) {
            (Rung::Compatible, Wish::Exactly(version)) => {
                (version.release().len() > 1).then(|| Wish::Compatible(version.clone()))
            }
            (Rung::Compatible, Wish::Written) if is_pin(ask) => {
                let version = ask.version()?.without_local();
                (version.release().len() > 1).then_some(Wish::Compatible(version))
            }
            (Rung::Bare, now) if *now != Wish::Bare && has_version => Some(Wish::Bare),
            _ => None,
        }
    }

    /// The requirements that a refusal names.
    fn named<'s>(&'s self, refused: &'s Refused) -> impl Iterator<Item = usize> + 's {
        let asks = self.asks.iter().enumerate();
        asks.filter(|(_, ask)| refused.names.contains(&ask.name))
            .map(|(place, _)| place)
    }

    /// Whether the list resolves with these wishes.
    fn verdict(&self, wishes: &Wishes) -> Result<Verdict, Failure> {
        self.answer(&self.request(wishes, |_| true))
    }

    /// The question about the requirements of which `counts` says that they count.
    fn request(&self, wishes: &Wishes, counts: impl Fn(usize) -> bool) -> Request {
        let mut request = Request {
            target: self.target,
            requirements: Vec::new(),
            constraints: Vec::new(),
            options: Vec::new(),
            wheels_only: BTreeSet::new(),
            choose: Choose::Newest,
            with_dependencies: true,
        };
        for (place, (ask, wish)) in self.asks.iter().zip(wishes).enumerate() {
            let line = match wish {
                Wish::Dropped => continue,
                Wish::Written => ask.as_written(),
                Wish::Bare if ask.is_constraint => continue,
                wish => format!("{}{}", ask.head, wish.specifiers()),
            };
            if !counts(place) {
                continue;
            }
            if ask.is_constraint {
                request.constraints.push(line);
            } else {
                request.requirements.push(line);
            }
        }
        request
    }

    /// Asks; an index of the list that does not answer is left out and the rest is asked again.
    fn answer(&self, request: &Request) -> Result<Verdict, Failure> {
        loop {
            let request = Request {
                options: self.options.borrow().clone(),
                ..request.clone()
            };
            match self.resolver.resolve(&request) {
                Ok(resolution) => return Ok(Ok(resolution)),
                Err(ResolveError::Unsatisfiable(refused)) => return Ok(Err(refused)),
                Err(ResolveError::Failed(failure)) => {
                    let host = failure.host().unwrap_or_default();
                    if !self.leave_out(host) {
                        return Err(failure);
                    }
                }
            }
        }
    }

    /// Leaves out the additional indexes of a host; false when there are none.
    fn leave_out(&self, host: &str) -> bool {
        let mut options = self.options.borrow_mut();
        let before = options.len();
        options.retain(|option| !is_additional(option, host));
        let left_out = options.len() < before;
        if left_out {
            self.unreachable.borrow_mut().push(host.to_owned());
        }
        left_out
    }
}

/// Whether an option names an index of this host beside the main one.
fn is_additional(option: &str, host: &str) -> bool {
    let mut words = option.split_whitespace();
    let name = words.next().unwrap_or_default();
    let url = words.next().and_then(Url::parse);
    name != "--index-url"
        && url.is_some_and(|url| match url.port {
            Some(port) => host == format!("{}:{port}", url.host),
            None => host == url.host,
        })
}

/// Whether the requirement allows one version only.
fn is_pin(ask: &Ask) -> bool {
    let mut specifiers = ask.versions.iter().flat_map(|all| all.iter());
    let is_equal = specifiers
        .next()
        .is_some_and(|one| matches!(one.operator(), Operator::Equal | Operator::ExactEqual));
    is_equal && specifiers.next().is_none()
}

fn set(wishes: &mut Wishes, place: usize, wish: Wish) {
    if let Some(old) = wishes.get_mut(place) {
        *old = wish;
    }
}
