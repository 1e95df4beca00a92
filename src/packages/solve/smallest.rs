//! The smallest part of a set that still has a property which every larger part has too.

/// A part of `items` that holds, from which nothing more can be taken; `items` itself holds.
/// `holds` is asked for what is left and what was just taken out; it must stay true when
/// something is added. Whole pieces are tried first, so that few questions are asked when little
/// is needed.
///
/// # Errors
/// Those of `holds`.
pub(super) fn smallest<T: Clone, E>(
    items: Vec<T>,
    mut holds: impl FnMut(&[T], &[T]) -> Result<bool, E>,
) -> Result<Vec<T>, E> {
    let mut kept = items;
    let mut size = kept.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        while at < kept.len() {
            let end = (at + size).min(kept.len());
            let mut left = kept.clone();
            let taken: Vec<T> = left.drain(at..end).collect();
            if holds(&left, &taken)? {
                kept = left;
            } else {
                at = end;
            }
        }
        if size == 1 {
            return Ok(kept);
        }
        size = size.div_ceil(2).min(kept.len().max(1));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    fn of(needed: &[BTreeSet<u8>], items: Vec<u8>) -> Vec<u8> {
        let holds = |left: &[u8]| {
            let left: BTreeSet<u8> = left.iter().copied().collect();
            needed.iter().any(|one| one.is_subset(&left))
        };
        let found = smallest(items, |left, _| Ok::<bool, Infallible>(holds(left)));
        found.unwrap()
    }

    #[test]
    fn what_is_needed_is_kept() {
        let needed = [BTreeSet::from([3, 7])];
        assert_eq!(of(&needed, (0..20).collect()), [3, 7]);
        assert!(of(&[BTreeSet::new()], (0..20).collect()).is_empty());
        assert!(of(&[BTreeSet::new()], Vec::new()).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_more_can_be_taken(
            needed in prop::collection::vec(prop::collection::btree_set(0_u8..24, 0..5), 1..4),
        ) {
            let kept = of(&needed, (0..24).collect());
            let holds = |kept: &BTreeSet<u8>| needed.iter().any(|one| one.is_subset(kept));
            let all: BTreeSet<u8> = kept.iter().copied().collect();
            prop_assert!(holds(&all));
            for item in &kept {
                let mut less = all.clone();
                less.remove(item);
                prop_assert!(!holds(&less));
            }
        }
    }
}
