//! "Did you mean": the known name that is nearest to a wrong one.

/// The nearest of `known` to `wrong`, if it is near enough to be a slip.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = plain(wrong);
    let measured = known
        .into_iter()
        .map(|name| (strsim::levenshtein(&wrong, &plain(name)), name));
    let (distance, name) = measured.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + name.chars().count() / 4).then_some(name)
}

/// The name in lower case, with `_` and `-` taken for the same.
fn plain(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
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
}
