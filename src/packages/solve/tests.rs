//! The ladder with a resolver that knows a small world by heart.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use proptest::prelude::*;

use super::*;
use crate::app::App;
use crate::files::requirements::normalized_name;
use crate::tree::{MemoryTree, TreePath};

mod minimised;

const TARGET: Target = Target::new(10);

/// One release of the world.
struct Release {
    version: Version,
    /// Whether it installs on the target.
    installs: bool,
    needs: Vec<(String, VersionSpecifiers)>,
}

/// A resolver that tries everything.
#[derive(Default)]
struct World {
    releases: BTreeMap<String, Vec<Release>>,
    /// A host that fails when an option names it.
    broken: Option<&'static str>,
    asked: Cell<usize>,
}

type Wants = Vec<(String, VersionSpecifiers)>;

fn split(line: &str) -> (String, VersionSpecifiers) {
    let end = line.find(['=', '<', '>', '~', '!']).unwrap_or(line.len());
    let (head, specifiers) = line.split_at(end);
    let name = head.split('[').next().unwrap();
    (
        normalized_name(name.trim()),
        VersionSpecifiers::from_str(specifiers).unwrap(),
    )
}

impl World {
    /// `a 1.0 !` is a release that does not install, `a 1.0: b<2, c` one that needs others.
    fn of(lines: &[&str]) -> Self {
        let mut world = Self::default();
        for line in lines {
            let (release, needs) = line.split_once(':').unwrap_or((line, ""));
            let mut words = release.split_whitespace();
            let name = words.next().unwrap().to_owned();
            let needs = needs.split_whitespace().map(split).collect();
            world.releases.entry(name).or_default().push(Release {
                version: words.next().unwrap().parse().unwrap(),
                installs: words.next() != Some("!"),
                needs,
            });
        }
        world
    }

    /// The first set of releases, by the order of choice, that satisfies all.
    fn search(
        &self,
        request: &Request,
        wants: &Wants,
        taken: &BTreeMap<String, Version>,
    ) -> Option<BTreeMap<String, Version>> {
        let unfit = wants
            .iter()
            .any(|(name, versions)| taken.get(name).is_some_and(|it| !versions.contains(it)));
        if unfit {
            return None;
        }
        let limits = request.constraints.iter().map(|line| split(line));
        let limits: Vec<_> = limits.collect();
        let Some((name, _)) = wants.iter().find(|(name, _)| !taken.contains_key(name)) else {
            return Some(taken.clone());
        };
        let mut releases: Vec<&Release> = self.releases.get(name)?.iter().collect();
        releases.sort_by(|a, b| a.version.cmp(&b.version));
        if request.choose == Choose::Newest {
            releases.reverse();
        }
        let all = wants.iter().chain(&limits);
        let of_name: Vec<&VersionSpecifiers> =
            all.filter(|(it, _)| it == name).map(|(_, it)| it).collect();
        let mut fitting = releases.into_iter().filter(|release| {
            release.installs && of_name.iter().all(|it| it.contains(&release.version))
        });
        fitting.find_map(|release| {
            let mut taken = taken.clone();
            taken.insert(name.clone(), release.version.clone());
            let mut wants = wants.clone();
            if request.with_dependencies {
                wants.extend(release.needs.iter().cloned());
            }
            self.search(request, &wants, &taken)
        })
    }

    /// As good an explanation as real resolvers give: what is missing by itself, or all names.
    fn refusal(&self, wants: &Wants) -> Refused {
        for (name, versions) in wants {
            let Some(releases) = self.releases.get(name) else {
                return Refused::of(Reason::NotFound(name.clone()), [name.clone()]);
            };
            let fitting: Vec<&Release> = releases
                .iter()
                .filter(|it| versions.contains(&it.version))
                .collect();
            let what = format!("{name} {versions}");
            if fitting.is_empty() {
                return Refused::of(Reason::NoRelease(what), [name.clone()]);
            }
            if fitting.iter().all(|it| !it.installs) {
                let reason = Reason::NoWheel {
                    what,
                    target: TARGET,
                };
                return Refused::of(reason, [name.clone()]);
            }
        }
        let reason = Reason::Conflict {
            who: "something".to_owned(),
            needs: "something else".to_owned(),
            against: None,
        };
        Refused::of(reason, wants.iter().map(|(name, _)| name.clone()))
    }
}

impl Resolver for World {
    fn resolve(&self, request: &Request) -> Result<Resolution, ResolveError> {
        self.asked.set(self.asked.get() + 1);
        assert!(self.asked.get() < 2000, "the ladder has no end");
        let is_broken = |option: &String| self.broken.is_some_and(|host| option.contains(host));
        if request.options.iter().any(is_broken) {
            let host = self.broken.unwrap().to_owned();
            return Err(ResolveError::Failed(Failure::Unreachable { host }));
        }
        let wants: Wants = request.requirements.iter().map(|it| split(it)).collect();
        match self.search(request, &wants, &BTreeMap::new()) {
            Some(found) => Ok(Resolution {
                packages: found
                    .into_iter()
                    .map(|(name, version)| Resolved {
                        name,
                        version,
                        from_source: false,
                    })
                    .collect(),
            }),
            None => Err(ResolveError::Unsatisfiable(self.refusal(&wants))),
        }
    }
}

fn asked_of(files: &[(&str, &str)]) -> Asked {
    let mut all = vec![("Procfile", "web: gunicorn app:server\n")];
    all.extend(files);
    let tree = MemoryTree::new(all);
    let app = App::new(&tree, TreePath::root());
    let private = BTreeSet::from(["dash-design-kit".to_owned()]);
    Asked::of(app.requirements(), TARGET, &private)
}

fn asked(list: &str) -> Asked {
    asked_of(&[("requirements.txt", list)])
}

fn solved(world: &World, asked: &Asked, how: &How) -> (Rung, Vec<String>) {
    let answer = solve(world, asked, TARGET, how).unwrap().answer;
    let Answer::Solved(solution) = answer else {
        panic!("{answer:?}");
    };
    let changes = solution.changes.iter().map(|change| {
        let ask = &asked.asks[change.ask];
        format!(
            "{} -> {}{}",
            ask.as_written(),
            ask.head,
            change.wish.specifiers()
        )
    });
    (solution.rung, changes.collect())
}

fn plain(world: &World, list: &str) -> (Rung, Vec<String>) {
    solved(world, &asked(list), &How::default())
}

#[test]
fn what_resolves_is_left() {
    let world = World::of(&["a 1.0", "b 1.0: a"]);
    assert_eq!(plain(&world, "a==1.0\nb\n"), (Rung::AsItStands, vec![]));
    assert_eq!(world.asked.get(), 1);
    assert_eq!(plain(&world, ""), (Rung::AsItStands, vec![]));
}

#[test]
fn a_pin_without_files_goes_to_the_nearest_version() {
    let world = World::of(&["a 1.0 !", "a 1.1 !", "a 1.2", "a 2.0", "b 1.0", "b 2.0"]);
    let (rung, changes) = plain(&world, "a==1.0\nb==1.0\n");
    assert_eq!(rung, Rung::Nearest);
    assert_eq!(changes, ["a==1.0 -> a==1.2"]);
    // None is newer: the nearest older one.
    let (_, changes) = plain(&world, "a==9.0\n");
    assert_eq!(changes, ["a==9.0 -> a==2.0"]);
    let (_, changes) = plain(&world, "a<1.2\nb\n");
    assert_eq!(changes, ["a<1.2 -> a==1.2"]);
}

#[test]
fn a_conflict_costs_one_pin() {
    let world = World::of(&[
        "requests 2.20: urllib3<1.25",
        "requests 2.25: urllib3<1.27",
        "urllib3 1.24.3",
        "urllib3 1.26.5",
        "c 1.0",
        "c 2.0",
    ]);
    let (rung, changes) = plain(&world, "requests==2.20\nurllib3==1.26.5\nc==1.0\n");
    assert_eq!(rung, Rung::Compatible);
    assert_eq!(changes, ["requests==2.20 -> requests~=2.20"]);
    let (rung, changes) = plain(&world, "requests<2.25\nurllib3==1.26.5\nc==1.0\n");
    assert_eq!(rung, Rung::Bare);
    assert_eq!(changes, ["urllib3==1.26.5 -> urllib3==1.24.3"]);
}

#[test]
fn a_compatible_release_is_tried_before_any_other() {
    let world = World::of(&["a 1.0.0: b>=2", "a 1.0.1: b<2", "a 3.0", "b 1.0", "b 2.0"]);
    let (rung, changes) = plain(&world, "a==1.0.0\nb==1.0\n");
    assert_eq!(rung, Rung::Compatible);
    assert_eq!(changes, ["a==1.0.0 -> a~=1.0.0"]);
}

#[test]
fn a_moved_pin_may_move_others() {
    let world = World::of(&[
        "pandas 0.25 !",
        "pandas 1.3: numpy>=1.21",
        "numpy 1.19.5",
        "numpy 1.21.2",
        "numpy 2.0.0",
    ]);
    let (_, changes) = plain(&world, "pandas==0.25\nnumpy==1.19.5\n");
    assert_eq!(
        changes,
        [
            "pandas==0.25 -> pandas==1.3",
            "numpy==1.19.5 -> numpy==1.21.2"
        ]
    );
}

#[test]
fn what_is_in_the_way_is_named() {
    let world = World::of(&["a 1.0: c<1", "b 1.0: c>1", "c 0.5", "c 2.0", "d 1.0"]);
    let list = asked("d==1.0\na==1.0\nnowhere==3\nb\n");
    let solved = solve(&world, &list, TARGET, &How::default()).unwrap();
    let Answer::Unsolved(conflicts) = solved.answer else {
        panic!("{solved:?}");
    };
    let names = conflicts.iter().map(|conflict| {
        let names = conflict.asks.iter().map(|place| &*list.asks[*place].name);
        names.collect::<Vec<_>>()
    });
    assert_eq!(names.collect::<Vec<_>>(), [vec!["nowhere"], vec!["a", "b"]]);
    assert_eq!(
        conflicts[0].reason.to_string(),
        "the package index has no package of the name nowhere"
    );
}

#[test]
fn an_index_without_anything_is_no_index() {
    let world = World::default();
    for list in ["a==1\nb==2\nc==3\n", "a\nb\nc\nd\n"] {
        let failure = solve(&world, &asked(list), TARGET, &How::default());
        assert_eq!(failure.unwrap_err(), Failure::Empty("a".to_owned()));
    }
}

#[test]
fn the_newest_dash_comes_first() {
    let world = World::of(&[
        "dash 1.20: flask<2",
        "dash 4.0: flask>=2 plotly>=5",
        "plotly 4.0",
        "plotly 6.0",
        "flask 1.0.0",
        "flask 2.0.0",
        "flask 3.0.0",
    ]);
    let how = How {
        latest_dash: true,
        ..How::default()
    };
    let list = asked("dash==1.20\nplotly==4.0\nflask==1.0.0\n");
    let (_, changes) = solved(&world, &list, &how);
    assert_eq!(
        changes,
        [
            "dash==1.20 -> dash==4.0",
            "plotly==4.0 -> plotly==6.0",
            "flask==1.0.0 -> flask==2.0.0"
        ]
    );
    let list = asked("dash==4.0\nplotly==6.0\n");
    assert_eq!(solved(&world, &list, &how), (Rung::AsItStands, vec![]));
}

#[test]
fn an_index_of_the_list_that_is_away_is_left_out() {
    let world = World {
        broken: Some("away.example.com"),
        ..World::of(&["a 1.0"])
    };
    let list = asked("--extra-index-url https://away.example.com/simple\na==1.0\n");
    let solved = solve(&world, &list, TARGET, &How::default()).unwrap();
    assert_eq!(solved.unreachable, ["away.example.com"]);
    assert!(matches!(solved.answer, Answer::Solved(_)));
    let list = asked("--index-url https://away.example.com/simple\na==1.0\n");
    let failure = solve(&world, &list, TARGET, &How::default()).unwrap_err();
    assert_eq!(failure.host(), Some("away.example.com"));
}

#[test]
fn constraints_move_when_they_are_in_the_way() {
    let world = World::of(&["a 1.0: b", "b 1.0 !", "b 1.1", "c 1.0 !"]);
    let list = asked_of(&[
        ("requirements.txt", "-c constraints.txt\na==1.0\n"),
        ("constraints.txt", "b==1.0\nc==1.0\n"),
    ]);
    let answer = solve(&world, &list, TARGET, &How::default())
        .unwrap()
        .answer;
    let Answer::Solved(solution) = answer else {
        panic!("{answer:?}");
    };
    // Nobody needs c: its pin is in nobody's way.
    assert_eq!(solution.changes.len(), 1);
    assert_eq!(list.asks[solution.changes[0].ask].name, "b");
    assert_eq!(solution.changes[0].wish.specifiers(), "==1.1");
}

#[test]
fn what_is_not_asked_is_said() {
    let list = asked(
        "--extra-index-url https://me:pw@dash.example.com/Docs/packages\n\
         dash-design-kit==1.6\n./own\ngit+https://git.example.com/x.git#egg=x\n\
         old==1 ; python_version < '3'\nnew[one, two] >= 1 ; python_version > '3'  # why\n",
    );
    let asks: Vec<String> = list.asks.iter().map(Ask::as_written).collect();
    assert_eq!(asks, ["new[one, two]>= 1"]);
    assert!(list.options.is_empty());
    let aside: Vec<&str> = list.aside.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(
        aside,
        [
            "dash-design-kit",
            "requirements.txt:3",
            "x",
            "dash.example.com"
        ]
    );
}

#[test]
fn an_edit_touches_specifiers_only() {
    let text =
        "a[x] == 1.0 ; python_version > '3'  # why\nb\nc ~=1.0\nd==1 \\\n  --hash=sha256:00\n";
    let list = asked(text);
    let change = |ask: usize| Change {
        ask,
        wish: Wish::Exactly("2.0".parse().unwrap()),
        why: Why::LatestDash,
    };
    let changed = |places: &[usize]| {
        let changes: Vec<Change> = places.iter().map(|place| change(*place)).collect();
        let edits = edits(&list.asks, &changes).map_err(|ask| ask.name.clone())?;
        let own = edits.into_iter().map(|it| (it.span, it.text));
        Ok::<String, String>(crate::text::splice(text, &own.collect::<Vec<_>>()).unwrap())
    };
    let after = changed(&[0, 1, 2]).unwrap();
    assert_eq!(
        after.lines().take(3).collect::<Vec<_>>(),
        [
            "a[x] ==2.0 ; python_version > '3'  # why",
            "b==2.0",
            "c ==2.0"
        ]
    );
    assert_eq!(changed(&[3]).unwrap_err(), "d");
}

/// Whether a release does not install, and what it needs.
type Drawn = (bool, Option<(usize, usize)>);

/// Worlds of five distributions with three releases each, any of which may not install.
fn worlds() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let release = (any::<bool>(), prop::option::of((0_usize..5, 1_usize..4)));
    let releases = prop::collection::vec(release, 15);
    let pins = prop::collection::vec(prop::option::of(1_usize..4), 5);
    (releases, pins).prop_map(|(releases, pins)| {
        let line = |(index, (gone, needs)): (usize, &Drawn)| {
            let (name, version) = (index / 3, index % 3 + 1);
            let gone = if *gone && version < 3 { " !" } else { "" };
            let needs = needs.filter(|(other, _)| *other != name);
            let needs = needs.map(|(other, least)| format!(": p{other}<={least}.0"));
            format!("p{name} {version}.0{gone}{}", needs.unwrap_or_default())
        };
        let pin = |(index, version): (usize, &Option<usize>)| match version {
            Some(version) => format!("p{index}=={version}.0\n"),
            None => format!("p{index}\n"),
        };
        (
            releases.iter().enumerate().map(line).collect(),
            pins.iter().enumerate().map(pin).collect(),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_solution_resolves_and_needs_each_of_its_changes((world, list) in worlds()) {
        let world = World::of(&world.iter().map(String::as_str).collect::<Vec<_>>());
        let asked = asked(&list.concat());
        let resolves = |changes: &[Change]| {
            let line = |(place, ask): (usize, &Ask)| {
                match changes.iter().find(|change| change.ask == place) {
                    Some(change) => format!("{}{}", ask.head, change.wish.specifiers()),
                    None => ask.as_written(),
                }
            };
            let request = Request {
                requirements: asked.asks.iter().enumerate().map(line).collect(),
                ..request(&asked, TARGET)
            };
            world.resolve(&request).is_ok()
        };
        match solve(&world, &asked, TARGET, &How::default()).unwrap().answer {
            Answer::Solved(solution) => {
                prop_assert!(resolves(&solution.changes));
                for index in 0..solution.changes.len() {
                    let mut fewer = solution.changes.clone();
                    fewer.remove(index);
                    prop_assert!(!resolves(&fewer), "{:?}", solution.changes);
                }
            }
            Answer::Unsolved(conflicts) => {
                let bare = |ask: &Ask| ask.head.clone();
                let fails = |places: &[usize]| {
                    let request = Request {
                        requirements: places.iter().map(|it| bare(&asked.asks[*it])).collect(),
                        ..request(&asked, TARGET)
                    };
                    world.resolve(&request).is_err()
                };
                prop_assert!(!conflicts.is_empty());
                for conflict in &conflicts {
                    prop_assert!(fails(&conflict.asks));
                    for index in 0..conflict.asks.len() {
                        let mut fewer = conflict.asks.clone();
                        fewer.remove(index);
                        prop_assert!(!fails(&fewer));
                    }
                }
            }
        }
    }
}
