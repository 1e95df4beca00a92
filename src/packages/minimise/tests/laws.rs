//! What must hold whatever the lists say.

use proptest::prelude::*;
use proptest::sample::subsequence;

use super::*;

const NAMES: &[&str] = &["a", "b", "c", "d", "e", "f", "g"];

/// What one distribution needs of another.
#[derive(Debug, Clone)]
struct Edge {
    from: usize,
    to: usize,
    form: u8,
}

/// Lists with what is known and used.
#[derive(Debug, Clone)]
struct Case {
    edges: Vec<Edge>,
    lines: Vec<(usize, u8)>,
    used: Vec<usize>,
    obsolete: Vec<usize>,
    known: Vec<usize>,
}

fn cases() -> impl Strategy<Value = Case> {
    let count = NAMES.len();
    let all: Vec<usize> = (0..count).collect();
    let edge = (0..count, 0..count, 0u8..6).prop_map(|(from, to, form)| Edge { from, to, form });
    let lines = subsequence(all.clone(), 1..=count).prop_shuffle();
    (
        prop::collection::vec(edge, 0..14),
        lines.prop_flat_map(|lines| {
            let count = lines.len();
            (Just(lines), prop::collection::vec(0u8..12, count))
        }),
        subsequence(all.clone(), 0..3),
        subsequence(all.clone(), 0..2),
        subsequence(all, 3..=count),
    )
        .prop_map(|(edges, (lines, forms), used, obsolete, known)| Case {
            edges,
            lines: lines.into_iter().zip(forms).collect(),
            used,
            obsolete,
            known,
        })
}

impl Case {
    fn text(&self) -> String {
        let lines = self.lines.iter().map(|(name, form)| {
            let name = NAMES[*name];
            match form {
                0 => format!("{name}[x]==1.0\n"),
                1 => format!("{name}\n"),
                2 => format!("{name}==1.0 ; python_version < '3.8'\n"),
                3 => format!("{name}==1.0 ; python_version >= '3.8'\n"),
                4 => format!("{name}==1.0  # via a\n"),
                _ => format!("{name}==1.0\n"),
            }
        });
        lines.collect()
    }

    fn world(&self) -> World {
        let mut world = list(&self.text());
        for known in &self.known {
            let edges = self.edges.iter().filter(|edge| edge.from == *known);
            let needs: Vec<String> = edges
                .map(|edge| {
                    let to = NAMES[edge.to];
                    match edge.form {
                        0 => format!("{to}; extra == 'x'"),
                        1 => format!("{to}[x]"),
                        2 => format!("{to}; python_version < '3.8'"),
                        3 => format!("{to}>=2"),
                        _ => to.to_owned(),
                    }
                })
                .collect();
            let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
            world = world.needs(NAMES[*known], &needs);
        }
        for used in &self.used {
            world = world.uses(NAMES[*used]);
        }
        for obsolete in &self.obsolete {
            world = world.obsolete(NAMES[*obsolete]);
        }
        world
    }

    fn reordered(&self) -> Self {
        let mut other = self.clone();
        other.lines.reverse();
        other
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is not at rest is not written: the proof finds it. All else of the proof holds for
    /// every list: the closure is preserved.
    #[test]
    fn a_second_run_changes_nothing(case in cases(), obsolete: bool, drop_pins: bool) {
        let mut world = case.world();
        world.wanted = ReductionOptions { drop_pins, obsolete };
        match world.reduced() {
            Ok(after) => prop_assert_eq!(after.reduced().unwrap().files, after.files),
            Err(Blocked::Unproven(why)) => prop_assert!(why.starts_with("a second run"), "{}", why),
            Err(blocked) => prop_assert!(false, "{}", blocked),
        }
    }

    #[test]
    fn the_order_of_lines_does_not_matter(case in cases()) {
        prop_assert_eq!(case.world().kept(), case.reordered().world().kept());
        prop_assert_eq!(case.world().stays(), case.reordered().world().stays());
    }

    #[test]
    fn an_unrelated_line_removes_nothing(case in cases()) {
        let world = case.world();
        let mut more = world.clone();
        let text = format!("unrelated==1.0\n{}zzz==1.0\n", case.text());
        more.files.insert("requirements.txt".to_owned(), text);
        let mut expected = world.kept();
        expected.extend(["unrelated==1.0".to_owned(), "zzz==1.0".to_owned()]);
        prop_assert_eq!(more.needs("zzz", &[]).kept(), expected);
    }

    #[test]
    fn more_use_removes_nothing(case in cases(), more in 0..NAMES.len(), obsolete: bool) {
        let mut world = case.world();
        world.wanted.obsolete = obsolete;
        let before = (world.kept(), world.stays());
        let world = world.uses(NAMES[more]);
        let after = (world.kept(), world.stays());
        prop_assert!(before.0.is_subset(&after.0), "{:?} {:?}", before, after);
        prop_assert!(obsolete || before.1.is_subset(&after.1), "{:?} {:?}", before, after);
    }

    /// What is kept and not used cannot be spared: without it something would be missing.
    #[test]
    fn what_is_kept_is_needed(case in cases()) {
        case.world().with(|question, _| {
            let judgement = judge(question);
            for line in &judgement.lines {
                if let LineVerdict::Dropped { chain } = &line.verdict {
                    assert!(!chain.is_empty(), "{}", line.entry.show_line());
                }
            }
        });
    }
}
