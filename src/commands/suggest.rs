//! "Did you mean": the known name that is nearest to a wrong one.

/// The nearest of `known` to `wrong`, if it is near enough to be a slip.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let measured = known
        .into_iter()
        .map(|name| (distance(&wrong, &name.to_lowercase()), name));
    let (distance, name) = measured.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + name.chars().count() / 4).then_some(name)
}

/// Levenshtein's distance, with `_` and `-` taken for the same.
fn distance(a: &str, b: &str) -> usize {
    let same = |a: char, b: char| a == b || (a == '_' && b == '-') || (a == '-' && b == '_');
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (index, from) in a.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        let mut next = vec![left];
        for (above, to) in row.iter().skip(1).zip(b.chars()) {
            let cost = usize::from(!same(from, to));
            left = (diagonal + cost).min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let keys = ["select", "unsafe-fixes", "de5-host"];
        assert_eq!(nearest("slect", keys), Some("select"));
        assert_eq!(nearest("unsafe_fixes", keys), Some("unsafe-fixes"));
        assert_eq!(nearest("DE5_Hots", keys), Some("de5-host"));
        assert_eq!(nearest("colour", keys), None);
    }

    #[test]
    fn distance_counts_changes() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(distance("ab", ""), 2);
    }
}
