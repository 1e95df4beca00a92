//! Sets of releases of one distribution, by their place among its releases (oldest first): what
//! the search computes with. Half-open runs, so that equal sets are equal in form.

use std::fmt;

use pubgrub::{Ranges, VersionSet};

/// A set of places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Places(Ranges<u32>);

impl Places {
    /// The set of these places, which are given in ascending order.
    pub(super) fn collect(places: impl IntoIterator<Item = u32>) -> Self {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for place in places {
            match runs.last_mut() {
                Some((_, end)) if *end == place => *end += 1,
                _ => runs.push((place, place + 1)),
            }
        }
        let runs = runs.into_iter();
        let run = |(start, end): (u32, u32)| Ranges::from_range_bounds(start..end);
        Self(runs.fold(Ranges::empty(), |all, one| all.union(&run(one))))
    }
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl VersionSet for Places {
    type V = u32;

    fn empty() -> Self {
        Self(Ranges::empty())
    }

    fn singleton(place: u32) -> Self {
        // Half-open like all others: an inclusive end would be another form of the same set.
        #[expect(clippy::range_plus_one, reason = "the crate tells the two forms apart")]
        Self(Ranges::from_range_bounds(place..place + 1))
    }

    fn complement(&self) -> Self {
        Self(self.0.complement())
    }

    fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0))
    }

    fn contains(&self, place: &u32) -> bool {
        self.0.contains(place)
    }

    fn full() -> Self {
        Self(Ranges::full())
    }

    fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0))
    }

    fn is_disjoint(&self, other: &Self) -> bool {
        self.0.is_disjoint(&other.0)
    }

    fn subset_of(&self, other: &Self) -> bool {
        self.0.subset_of(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sets_are_equal_when_their_places_are(
            one in prop::collection::btree_set(0_u32..12, 0..12),
            other in prop::collection::btree_set(0_u32..12, 0..12),
        ) {
            let (a, b) = (Places::collect(one.clone()), Places::collect(other.clone()));
            prop_assert_eq!(one.is_disjoint(&other), a.is_disjoint(&b));
            prop_assert_eq!(one.is_subset(&other), a.subset_of(&b));
            let both = one.intersection(&other).copied();
            prop_assert_eq!(Places::collect(both), a.intersection(&b));
            let any = one.union(&other).copied();
            prop_assert_eq!(Places::collect(any), a.union(&b));
            prop_assert_eq!(a.complement().complement(), a.clone());
            for place in 0..12 {
                prop_assert_eq!(a.contains(&place), one.contains(&place));
                let is_only = one.len() == 1 && one.contains(&place);
                prop_assert_eq!(is_only, a == Places::singleton(place));
            }
        }
    }
}
