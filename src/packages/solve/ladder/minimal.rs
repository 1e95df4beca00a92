//! What is done once a list resolves: every requirement that can be put back is, the others get
//! the nearest version that fits, and the result is asked for once more.

use std::collections::BTreeMap;

use super::super::smallest::smallest;
use super::super::{
    Answer, Change, Choose, Failure, Reason, Request, Resolution, Rung, Solution, Why, Wish,
};
use super::{Climb, Ladder, Verdict, Wishes, is_pin, set};

impl Ladder<'_> {
    /// The solution that these wishes lead to, with as few changes as possible.
    pub(super) fn finish(
        &self,
        rung: Rung,
        mut climb: Climb,
        resolution: Resolution,
    ) -> Result<Answer, Failure> {
        let resolution = self.put_back(&mut climb, resolution)?;
        let resolution = self.tighten(&mut climb.wishes, resolution)?;
        let asks = self.asks.iter().enumerate().zip(&climb.wishes);
        let moved = asks.filter(|((_, ask), wish)| match wish {
            Wish::Written => false,
            Wish::Dropped => true,
            wish => wish.specifiers() != ask.specifiers,
        });
        let changes = moved.map(|((place, _), wish)| Change {
            ask: place,
            wish: wish.clone(),
            why: match climb.reasons.get(&place) {
                Some(reason) => Why::Refused(reason.clone()),
                None if self.is_newest(place) => Why::LatestDash,
                None => Why::Refused(Reason::Unclear),
            },
        });
        Ok(Answer::Solved(Solution {
            rung,
            changes: changes.collect(),
            resolution,
        }))
    }

    /// Puts back all that can be put back. Why something cannot is what the resolver says when it
    /// alone is.
    fn put_back(&self, climb: &mut Climb, resolution: Resolution) -> Result<Resolution, Failure> {
        let places = climb.wishes.iter().zip(&climb.home).enumerate();
        let away = places.filter(|(_, (wish, home))| wish != home);
        let away: Vec<usize> = away.map(|(place, _)| place).collect();
        let mut last = resolution;
        let mut reasons: BTreeMap<usize, Reason> = BTreeMap::new();
        let kept = smallest(away, |left, taken| {
            let wishes = with_home(climb, left);
            match (self.verdict(&wishes)?, taken) {
                (Ok(resolution), _) => {
                    last = resolution;
                    Ok(true)
                }
                (Err(refused), [one]) => {
                    reasons.insert(*one, refused.reason);
                    Ok(false)
                }
                (Err(_), _) => Ok(false),
            }
        })?;
        climb.wishes = with_home(climb, &kept);
        for place in kept {
            if let Some(reason) = reasons.remove(&place) {
                climb.reasons.entry(place).or_insert(reason);
            }
        }
        Ok(last)
    }

    /// Gives every requirement without a version that had one the nearest version that fits, or
    /// the one that was found; it stays without where that does not resolve.
    fn tighten(&self, wishes: &mut Wishes, resolution: Resolution) -> Result<Resolution, Failure> {
        let asks = self.asks.iter().zip(wishes.iter()).enumerate();
        let bare =
            asks.filter(|(_, (ask, wish))| **wish == Wish::Bare && !ask.specifiers.is_empty());
        let bare: Vec<usize> = bare.map(|(place, _)| place).collect();
        if bare.is_empty() {
            return Ok(resolution);
        }
        let mut candidates: Vec<Resolution> = Vec::new();
        candidates.extend(self.nearest_that_fit(wishes, &bare, &resolution)?.ok());
        candidates.push(resolution.clone());
        for candidate in candidates {
            let mut tight = wishes.clone();
            for place in &bare {
                let version = self.asks.get(*place).and_then(|ask| {
                    let newest = self.is_newest(*place);
                    let from = if newest { &resolution } else { &candidate };
                    from.version(&ask.name)
                });
                if let Some(version) = version {
                    set(&mut tight, *place, Wish::Exactly(version.clone()));
                }
            }
            if let Ok(proven) = self.verdict(&tight)? {
                *wishes = tight;
                return Ok(proven);
            }
        }
        Ok(resolution)
    }

    /// A resolution with the oldest versions of the bare requirements that are no older than what
    /// was written; everything else as it was found.
    fn nearest_that_fit(
        &self,
        wishes: &Wishes,
        bare: &[usize],
        resolution: &Resolution,
    ) -> Result<Verdict, Failure> {
        let mut search = wishes.clone();
        for (place, ask) in self.asks.iter().enumerate() {
            let is_bare = bare.contains(&place);
            let newest = self.is_newest(place);
            let wish = match (is_bare && !newest, resolution.version(&ask.name)) {
                (true, _) => ask.version().map(|it| Wish::AtLeast(it.without_local())),
                (false, Some(found)) if !is_pin(ask) || newest => {
                    Some(Wish::Exactly(found.clone()))
                }
                _ => None,
            };
            let Some(wish) = wish else { continue };
            if !matches!(search.get(place), Some(Wish::Dropped | Wish::Exactly(_))) {
                set(&mut search, place, wish);
            }
        }
        self.answer(&Request {
            choose: Choose::Oldest,
            ..self.request(&search, |_| true)
        })
    }
}

/// All at home but those that are `away`.
fn with_home(climb: &Climb, away: &[usize]) -> Wishes {
    let mut wishes = climb.home.clone();
    for place in away {
        if let Some(wish) = climb.wishes.get(*place) {
            set(&mut wishes, *place, wish.clone());
        }
    }
    wishes
}
