//! The last rung: which requirements are in the way, by their names.

use super::super::smallest::smallest;
use super::super::{Conflict, Failure, Reason};
use super::{Ladder, Wishes};

/// More conflicts than a person wants to read at once.
const MOST: usize = 10;

impl Ladder<'_> {
    /// Sets of requirements that do not resolve, each as small as can be; without them the others
    /// resolve, unless there are more than [`MOST`].
    pub(super) fn conflicts(&self, wishes: &Wishes) -> Result<Vec<Conflict>, Failure> {
        let installed = |place: &usize| {
            let ask = self.asks.get(*place);
            ask.is_some_and(|ask| !ask.is_constraint)
        };
        let all: Vec<usize> = (0..self.asks.len()).filter(installed).collect();
        let mut left = all.clone();
        let mut conflicts: Vec<Conflict> = Vec::new();
        while conflicts.len() < MOST {
            let Some(conflict) = self.conflict(wishes, &left)? else {
                break;
            };
            left.retain(|place| !conflict.asks.contains(place));
            conflicts.push(conflict);
        }
        match self.nothing_there(&conflicts, all.len()) {
            Some(failure) => Err(failure),
            None => Ok(conflicts),
        }
    }

    /// The smallest set of `places` that does not resolve; `None` when all of them do.
    fn conflict(&self, wishes: &Wishes, places: &[usize]) -> Result<Option<Conflict>, Failure> {
        let Err(refused) = self.part(wishes, places)? else {
            return Ok(None);
        };
        let named: Vec<usize> = self
            .named(&refused)
            .filter(|place| places.contains(place))
            .collect();
        let mut reason = refused.reason;
        let alone = match named.as_slice() {
            [] => None,
            named => self.part(wishes, named)?.err(),
        };
        let pool = match alone {
            Some(refused) => {
                reason = refused.reason;
                named
            }
            None => places.to_vec(),
        };
        let asks = smallest(pool, |left, _| match self.part(wishes, left)? {
            Ok(_) => Ok(false),
            Err(refused) => {
                reason = refused.reason;
                Ok(true)
            }
        })?;
        Ok(Some(Conflict { asks, reason }))
    }

    fn part(&self, wishes: &Wishes, places: &[usize]) -> Result<super::Verdict, Failure> {
        let counts = |place: usize| {
            let is_constraint = self.asks.get(place).is_some_and(|ask| ask.is_constraint);
            is_constraint || places.contains(&place)
        };
        let request = self.request(wishes, counts);
        if request.requirements.is_empty() {
            return Ok(Ok(super::Resolution::default()));
        }
        self.answer(&request)
    }

    /// An index that has none of the names is no index.
    fn nothing_there(&self, conflicts: &[Conflict], all: usize) -> Option<Failure> {
        let is_missing = |conflict: &Conflict| {
            matches!(conflict.reason, Reason::NoRelease(_) | Reason::NotFound(_))
        };
        let lists_nothing = |conflict: &Conflict| matches!(conflict.reason, Reason::NoRelease(_));
        let covered = conflicts.len() >= all.min(MOST) && conflicts.iter().all(is_missing);
        let is_sure = conflicts.len() > 2 || conflicts.iter().any(lists_nothing);
        let first = conflicts.first()?.asks.first()?;
        let name = &self.asks.get(*first)?.name;
        (covered && is_sure).then(|| Failure::Empty(name.clone()))
    }
}
