//! What holds for every universe and every list, against a search that tries all.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// Names of small universes: Dash is one of them.
const NAMES: [&str; 5] = ["a", "b", "c", "d", "dash"];

/// The needs of one release, as `(name, operator, version)`.
type Needs = Vec<(usize, u8, u8)>;

#[derive(Debug, Clone)]
struct World {
    /// By name, the versions 1 to n: needs, and whether there is a file.
    releases: Vec<Vec<(Needs, bool)>>,
    /// Pins: name, version, whether imported.
    pins: Vec<(usize, u8, bool)>,
}

fn worlds() -> impl Strategy<Value = World> {
    let need = (0..NAMES.len(), 0_u8..3, 1_u8..4);
    let needs = prop::collection::vec(need, 0..3);
    let release = (needs, prop::bool::weighted(0.85));
    let releases = prop::collection::vec(release, 1..4);
    let releases = prop::collection::vec(releases, NAMES.len());
    let pins = prop::collection::btree_map(0..NAMES.len(), (1_u8..4, any::<bool>()), 1..5);
    (releases, pins).prop_map(|(releases, pins)| World {
        releases,
        pins: pins
            .into_iter()
            .map(|(name, (at, is))| (name, at, is))
            .collect(),
    })
}

fn specifier(kind: u8, version: u8) -> String {
    let operator = ["==", ">=", "<="][usize::from(kind)];
    format!("{operator}{version}")
}

impl World {
    fn made(&self) -> Made {
        let mut lines = Vec::new();
        for (name, releases) in NAMES.iter().zip(&self.releases) {
            for (at, (needs, is_there)) in releases.iter().enumerate() {
                let needs = needs.iter().filter(|(other, _, _)| NAMES[*other] != *name);
                let needs = needs.map(|(other, kind, version)| {
                    format!("; {}{}", NAMES[*other], specifier(*kind, *version))
                });
                let mark = if *is_there { "" } else { " | nofile" };
                lines.push(format!(
                    "{name} {}{}{mark}",
                    at + 1,
                    needs.collect::<String>()
                ));
            }
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        Made::of(&lines)
    }

    fn requirements(&self) -> Vec<Demand> {
        let pins = self.pins.iter().map(|(name, version, is_imported)| {
            let mark = if *is_imported { "*" } else { "" };
            require(&format!("{mark}{}=={version}", NAMES[*name]))
        });
        pins.collect()
    }

    /// The names in the order in which their pins are kept.
    fn order(&self) -> Vec<(usize, u8)> {
        let mut pins = self.pins.clone();
        pins.sort_by_key(|(name, _, is_imported)| (NAMES[*name] != "dash", !*is_imported, *name));
        pins.into_iter()
            .map(|(name, version, _)| (name, version))
            .collect()
    }

    fn has(&self, name: usize, version: u8) -> bool {
        let release = self.releases[name].get(usize::from(version) - 1);
        release.is_some_and(|(_, is_there)| *is_there)
    }

    /// Whether some set of releases holds these roots at these versions.
    fn holds(&self, roots: &BTreeSet<usize>, fixed: &BTreeMap<usize, u8>) -> bool {
        let mut choice = BTreeMap::new();
        self.extend(roots, fixed, &mut choice)
    }

    /// Tries all releases of what is missing.
    fn extend(
        &self,
        roots: &BTreeSet<usize>,
        fixed: &BTreeMap<usize, u8>,
        choice: &mut BTreeMap<usize, u8>,
    ) -> bool {
        let needed = choice
            .iter()
            .flat_map(|(name, version)| self.needs(*name, *version));
        let needed: Vec<(usize, u8, u8)> = needed.collect();
        let broken = needed.iter().any(|(name, kind, version)| {
            choice
                .get(name)
                .is_some_and(|it| !allows(*kind, *version, *it))
        });
        if broken {
            return false;
        }
        let names = roots
            .iter()
            .copied()
            .chain(needed.iter().map(|(name, _, _)| *name));
        let missing = names.filter(|name| !choice.contains_key(name)).min();
        let Some(name) = missing else {
            return true;
        };
        let versions = 1..=u8::try_from(self.releases[name].len()).unwrap();
        for version in versions {
            let is_fixed = fixed.get(&name).is_none_or(|it| *it == version);
            if is_fixed && self.has(name, version) {
                choice.insert(name, version);
                if self.extend(roots, fixed, choice) {
                    return true;
                }
                choice.remove(&name);
            }
        }
        false
    }

    fn needs(&self, name: usize, version: u8) -> Vec<(usize, u8, u8)> {
        let needs = &self.releases[name][usize::from(version) - 1].0;
        needs
            .iter()
            .filter(|(other, _, _)| *other != name)
            .copied()
            .collect()
    }
}

fn allows(kind: u8, version: u8, it: u8) -> bool {
    match kind {
        0 => it == version,
        1 => it >= version,
        _ => it <= version,
    }
}

/// The answer as numbers; versions are 1 to 3.
fn numbers(answer: &ResolvedReleases) -> BTreeMap<usize, u8> {
    let all = answer.releases.iter().map(|one| {
        let name = NAMES.iter().position(|name| *name == one.name).unwrap();
        (name, one.version.to_string().parse().unwrap())
    });
    all.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_pin_is_kept_whenever_a_set_with_it_exists(world in worlds()) {
        let requirements = world.requirements();
        let found = answer(&world.made(), &question(&requirements, &[]));
        let roots: BTreeSet<usize> = world.pins.iter().map(|(name, _, _)| *name).collect();
        let is_possible = world.holds(&roots, &BTreeMap::new());
        // A version that is newer than all others is set aside; that is another law.
        prop_assume!(found.private.is_empty());
        prop_assert_eq!(found.impossible.is_empty(), is_possible);
        prop_assume!(is_possible);
        let mut kept = BTreeMap::new();
        for (name, version) in world.order() {
            kept.insert(name, version);
            if !world.holds(&roots, &kept) {
                kept.remove(&name);
            }
        }
        let chosen = numbers(&found);
        for (name, version, _) in &world.pins {
            prop_assert_eq!(chosen.get(name) == Some(version), kept.contains_key(name), "{} of {:?}", NAMES[*name], found);
        }
        // Every dependency is satisfied, by releases with files.
        for (name, version) in &chosen {
            prop_assert!(world.has(*name, *version));
            for (other, kind, bound) in world.needs(*name, *version) {
                let other = chosen.get(&other);
                prop_assert!(other.is_some_and(|it| allows(kind, bound, *it)));
            }
        }
    }

    #[test]
    fn running_again_and_the_order_of_lines_change_nothing(world in worlds()) {
        let made = world.made();
        let requirements = world.requirements();
        let found = answer(&made, &question(&requirements, &[]));
        let mut turned = requirements.clone();
        turned.reverse();
        let other = answer(&made, &question(&turned, &[]));
        prop_assert_eq!(&found.releases, &other.releases);
        prop_assume!(found.is_solved() && found.private.is_empty());
        let mut written = requirements.clone();
        for one in &found.moves {
            let line = format!("{}=={}", requirements[one.requirement].name, one.to);
            let is_imported = requirements[one.requirement].is_imported;
            written[one.requirement] = Demand { is_imported, ..require(&line) };
        }
        let again = answer(&made, &question(&written, &[]));
        prop_assert!(again.is_clean(), "{again:?}");
        for one in &written {
            prop_assert_eq!(again.version(&one.name), found.version(&one.name));
        }
    }

    #[test]
    fn an_unrelated_line_changes_nothing_else(world in worlds()) {
        let requirements = world.requirements();
        let found = answer(&world.made(), &question(&requirements, &[]));
        let mut made = world.made();
        for line in ["aa 1; ab", "aa 2; ab<2", "ab 1", "ab 2"] {
            made.add(line);
        }
        let mut more = requirements.clone();
        more.push(require("aa==1"));
        let other = answer(&made, &question(&more, &[]));
        let names = ["aa", "ab"];
        let others = other.releases.iter().filter(|one| !names.contains(&one.name.as_str()));
        let others: Vec<Chosen> = others.cloned().collect();
        prop_assert_eq!(&found.releases, &others);
        prop_assert_eq!(&found.moves, &other.moves);
    }
}
