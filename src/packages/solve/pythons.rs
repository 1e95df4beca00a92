//! The Pythons of a release beside each other: what the same lists cost on each.

use std::sync::LazyLock;
use std::time::Instant;

use serde::Deserialize;

use super::{Road, Situation, Solution, solve};
use crate::packages::Target;
use crate::packages::resolve::{Form, Universe};
use crate::tables::table;

static SUPPORT: LazyLock<Support> = LazyLock::new(|| table!("python_support"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Support {
    python: Vec<PythonRangeRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PythonRangeRow {
    minor: u8,
    until: String,
}

/// One Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PythonRow {
    /// The Python.
    pub target: Target,
    /// Lines of the lists that change.
    pub lines: usize,
    /// Distributions that are newer than the era, but for those that never are of it.
    pub later: usize,
    /// Distributions that are built from source.
    pub builds: usize,
    /// What is in the way, requirements.
    pub in_the_way: usize,
    /// The month until which its authors mend its security, as in `2026-10`.
    pub supported_until: Option<&'static str>,
}

/// What the lists of an app cost on each of these Pythons, with the solutions.
pub fn compare(
    universe: &dyn Universe,
    situation: &Situation,
    targets: &[Target],
    road: Road,
    until: Option<Instant>,
) -> Vec<(PythonRow, Solution)> {
    let each = targets.iter().map(|target| {
        let solution = solve(universe, situation, *target, road, until);
        (row(&solution), solution)
    });
    each.collect()
}

/// The Python that costs least: the fewest lines, then the fewest that leave the era, then the
/// newest; of those on which nothing is in the way, if there is one.
pub fn least(rows: &[(PythonRow, Solution)]) -> Option<Target> {
    let cost = |row: &PythonRow| {
        let newest_first = std::cmp::Reverse(row.target);
        (row.in_the_way, row.lines, row.later, newest_first)
    };
    let best = rows.iter().min_by_key(|(row, _)| cost(row));
    best.map(|(row, _)| row.target)
}

fn row(solution: &Solution) -> PythonRow {
    let releases = &solution.answer.releases;
    let day = solution.era.as_ref().map(|era| era.day);
    let is_tool = |name: &str| ["pip", "setuptools", "wheel"].contains(&name);
    let later = releases.iter().filter(|one| {
        let is_later = day.zip(one.uploaded).is_some_and(|(day, it)| it > day);
        is_later && !is_tool(&one.name)
    });
    let builds = releases.iter().filter(|one| one.form == Form::Source);
    PythonRow {
        target: solution.target,
        lines: solution.changed_lines(),
        later: later.count(),
        builds: builds.count(),
        in_the_way: solution.answer.impossible.len() + solution.answer.unmet.len(),
        supported_until: supported_until(solution.target),
    }
}

fn supported_until(target: Target) -> Option<&'static str> {
    let mut rows = SUPPORT.python.iter();
    let row = rows.find(|row| row.minor == target.minor())?;
    Some(&row.until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_python_of_the_table_has_a_month() {
        let table: Support = crate::tables::strict("python_support");
        assert!(table.python.is_sorted_by(|a, b| a.minor + 1 == b.minor));
        for row in &table.python {
            assert_eq!(row.until.len(), 7, "{row:?}");
            assert!(
                format!("{}-01", row.until)
                    .parse::<crate::packages::snapshot::Day>()
                    .is_ok()
            );
        }
    }
}
