//! In which order the apps of a server move: waves of about the same size, what is easy first; apps
//! that share a folder or a service together; what nobody looks at is asked about first.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::document::{Inventory, InventoryApp};

/// How hard the move of an app is: the smaller the easier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight {
    /// What has to happen before it runs: 0 for nothing.
    pub readiness: usize,
    /// How long the longest step takes: 0 for no time.
    pub effort: usize,
}

impl Weight {
    /// That of an app whose repository nobody has looked at.
    const UNKNOWN: Self = Self {
        readiness: usize::MAX,
        effort: usize::MAX,
    };
}

/// The order. Also the file that `handover` reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waves {
    /// The version of the file.
    pub version: u32,
    /// The waves, each with its apps by name.
    pub waves: Vec<Vec<Placed>>,
    /// Apps that may not have to move, by name.
    pub retire: Vec<Retired>,
}

/// An app in a wave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Its name.
    pub app: String,
    /// Who made it.
    pub owner: Option<String>,
    /// The apps that move with it, because they share a folder or a service.
    pub with: Vec<String>,
}

/// An app that may not have to move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    /// Its name.
    pub app: String,
    /// Who made it.
    pub owner: Option<String>,
    /// Why, half a sentence.
    pub reason: String,
}

impl Waves {
    /// The version of the file.
    pub const VERSION: u32 = 1;

    /// The names of the apps of a wave, counted from 1.
    pub fn names(&self, wave: usize) -> Option<Vec<String>> {
        let placed = self.waves.get(wave.checked_sub(1)?)?;
        Some(placed.iter().map(|placed| placed.app.clone()).collect())
    }

    /// The wave of an app, counted from 1.
    pub fn wave_of(&self, app: &str) -> Option<usize> {
        let mut waves = self.waves.iter();
        let at = waves.position(|wave| wave.iter().any(|placed| placed.app == app));
        at.map(|at| at + 1)
    }
}

/// Divides the apps of the inventory into at most `count` waves. `weights` are those of the apps whose
/// repositories were looked at, by name.
pub fn waves(inventory: &Inventory, weights: &BTreeMap<String, Weight>, count: usize) -> Waves {
    let apps: BTreeMap<&str, &InventoryApp> = inventory
        .apps
        .iter()
        .map(|app| (app.name.as_str(), app))
        .collect();
    let read_on = inventory.read_on.parse().ok();
    let reasons: BTreeMap<&str, String> = apps
        .iter()
        .filter_map(|(name, app)| Some((*name, retired(app, read_on)?)))
        .collect();
    let mut groups = Vec::new();
    let mut retire = Vec::new();
    for group in grouped(inventory) {
        // Whatever somebody uses takes along what it shares with others.
        if group.iter().all(|name| reasons.contains_key(name)) {
            retire.extend(group);
        } else {
            groups.push(group);
        }
    }
    sort(&mut groups, &apps, weights);
    let owner = |name: &str| apps.get(name).and_then(|app| app.owner.clone());
    let waves = filled(groups, count, owner);
    retire.sort_unstable();
    let retired = |name: &str| Retired {
        app: name.to_owned(),
        owner: owner(name),
        reason: reasons.get(name).cloned().unwrap_or_default(),
    };
    Waves {
        version: Waves::VERSION,
        waves,
        retire: retire.into_iter().map(retired).collect(),
    }
}

/// What is easy first; of what is equally easy, the apps of one owner together.
fn sort(
    groups: &mut [BTreeSet<&str>],
    apps: &BTreeMap<&str, &InventoryApp>,
    weights: &BTreeMap<String, Weight>,
) {
    groups.sort_by_cached_key(|group| {
        let weight = |name: &&str| weights.get(*name).copied().unwrap_or(Weight::UNKNOWN);
        let hardest = group.iter().map(weight).max();
        let first = group.first().copied();
        let owner = first.and_then(|name| apps.get(name)?.owner.clone());
        (hardest, owner, first.map(str::to_owned))
    });
}

/// The groups in at most `count` waves of about the same size.
fn filled(
    groups: Vec<BTreeSet<&str>>,
    count: usize,
    owner: impl Fn(&str) -> Option<String>,
) -> Vec<Vec<Placed>> {
    let total: usize = groups.iter().map(BTreeSet::len).sum();
    let size = total.div_ceil(count.max(1)).max(1);
    let mut waves: Vec<Vec<Placed>> = Vec::new();
    let mut placed = 0;
    for group in groups {
        // A wave is full when its share of all apps is placed.
        if waves.len() * size <= placed {
            waves.push(Vec::new());
        }
        placed += group.len();
        let of_group = |name: &&str| {
            let others = group.iter().filter(|other| *other != name);
            Placed {
                app: (*name).to_owned(),
                owner: owner(name),
                with: others.map(|&other| other.to_owned()).collect(),
            }
        };
        if let Some(last) = waves.last_mut() {
            last.extend(group.iter().map(of_group));
        }
    }
    for wave in &mut waves {
        wave.sort_by(|a, b| a.app.cmp(&b.app));
    }
    waves
}

/// Why an app may not have to move; `None` when it is used, or when nobody knows.
fn retired(app: &InventoryApp, read_on: Option<Day>) -> Option<String> {
    if app.running == Some(false) {
        return Some("it does not run".to_owned());
    }
    match &app.visited {
        Some(visited) => {
            let day: Day = visited.parse().ok()?;
            let is_old = day < read_on?.year_before();
            is_old.then(|| format!("it was last visited on {day}"))
        }
        // Where even the day of its making was not told, visits were not either.
        None => app
            .created
            .as_ref()
            .map(|_| "it was never visited".to_owned()),
    }
}

/// The apps that share something, together.
fn grouped(inventory: &Inventory) -> Vec<BTreeSet<&str>> {
    let mut of: BTreeMap<&str, usize> = BTreeMap::new();
    let mut groups: Vec<BTreeSet<&str>> = Vec::new();
    let mut holders: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for app in &inventory.apps {
        let folders = app
            .mappings
            .iter()
            .flatten()
            .map(|it| (true, it.host.as_str()));
        let services = app
            .services
            .iter()
            .flatten()
            .map(|it| (false, it.name.as_str()));
        let things: Vec<(bool, &str)> = folders.chain(services).collect();
        let mut own = groups.len();
        groups.push([app.name.as_str()].into());
        for thing in &things {
            let Some(&other) = holders.get(thing) else {
                continue;
            };
            if other != own {
                let moved = groups.get_mut(own).map(std::mem::take).unwrap_or_default();
                for name in &moved {
                    of.insert(name, other);
                }
                holders
                    .values_mut()
                    .filter(|at| **at == own)
                    .for_each(|at| *at = other);
                if let Some(group) = groups.get_mut(other) {
                    group.extend(moved);
                }
                own = other;
            }
        }
        for thing in things {
            holders.insert(thing, own);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{InventoryMapping, InventoryService, VERSION};

    fn app(name: &str) -> InventoryApp {
        InventoryApp {
            name: name.to_owned(),
            created: Some("2019-01-01T00:00:00".to_owned()),
            visited: Some("2026-11-01T00:00:00".to_owned()),
            ..InventoryApp::default()
        }
    }

    fn inventory(apps: Vec<InventoryApp>) -> Inventory {
        Inventory {
            version: VERSION,
            tool: String::new(),
            host: None,
            read_on: "2026-11-30".to_owned(),
            complete: true,
            counted: None,
            with_values: false,
            notes: Vec::new(),
            apps,
        }
    }

    fn sharing(mut app: InventoryApp, folder: &str, service: &str) -> InventoryApp {
        app.mappings = Some(vec![InventoryMapping {
            host: folder.to_owned(),
            app: "/data".to_owned(),
        }]);
        app.services = Some(vec![InventoryService {
            name: service.to_owned(),
            kind: None,
        }]);
        app
    }

    fn names(waves: &Waves) -> Vec<Vec<&str>> {
        fn of(wave: &[Placed]) -> Vec<&str> {
            wave.iter().map(|it| it.app.as_str()).collect()
        }
        waves.waves.iter().map(|wave| of(wave)).collect()
    }

    fn weights(list: &[(&str, usize)]) -> BTreeMap<String, Weight> {
        let weight = |&(name, readiness): &(&str, usize)| {
            (
                name.to_owned(),
                Weight {
                    readiness,
                    effort: 0,
                },
            )
        };
        list.iter().map(weight).collect()
    }

    #[test]
    fn what_is_easy_moves_first() {
        let inventory = inventory(["a", "b", "c", "d"].map(app).to_vec());
        let weights = weights(&[("a", 3), ("b", 0), ("c", 1)]);
        let two = waves(&inventory, &weights, 2);
        assert_eq!(names(&two), [vec!["b", "c"], vec!["a", "d"]]);
        assert_eq!((two.wave_of("d"), two.wave_of("x")), (Some(2), None));
        assert_eq!(two.names(1).unwrap(), ["b", "c"]);
        assert_eq!((two.names(0), two.names(3)), (None, None));
        assert_eq!(waves(&inventory, &weights, 9).waves.len(), 4);
        assert_eq!(waves(&inventory, &weights, 1).waves.len(), 1);
    }

    #[test]
    fn what_is_shared_moves_together() {
        let apps = vec![
            sharing(app("a"), "/srv/1", "r1"),
            sharing(app("b"), "/srv/2", "r2"),
            app("c"),
            sharing(app("d"), "/srv/1", "r3"),
            sharing(app("e"), "/srv/2", "r3"),
        ];
        let made = waves(
            &inventory(apps),
            &weights(&[("a", 0), ("c", 1), ("e", 9)]),
            5,
        );
        assert_eq!(names(&made), [vec!["c"], vec!["a", "b", "d", "e"]]);
        assert_eq!(made.waves[1][0].with, ["b", "d", "e"]);
    }

    #[test]
    fn what_nobody_looks_at_is_asked_about() {
        let mut never = app("never");
        never.visited = None;
        let mut untold = never.clone();
        untold.name = "untold".to_owned();
        untold.created = None;
        let mut old = app("old");
        old.visited = Some("2025-11-29T00:00:00".to_owned());
        let mut stopped = app("stopped");
        stopped.running = Some(false);
        let used = sharing(app("used"), "/srv/1", "r1");
        let mut beside = sharing(app("beside"), "/srv/1", "r2");
        beside.visited = None;
        let apps = vec![never, untold, old, stopped, used, beside, app("a")];
        let made = waves(&inventory(apps), &BTreeMap::new(), 1);
        let retire: Vec<(&str, &str)> = made
            .retire
            .iter()
            .map(|it| (it.app.as_str(), it.reason.as_str()))
            .collect();
        assert_eq!(
            retire,
            [
                ("never", "it was never visited"),
                ("old", "it was last visited on 2025-11-29"),
                ("stopped", "it does not run"),
            ]
        );
        assert_eq!(names(&made), [vec!["a", "beside", "untold", "used"]]);
    }
}
