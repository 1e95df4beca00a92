//! Lists of apps, solved on what the snapshot knows.

use std::collections::BTreeSet;

use super::*;
use crate::app::App;
use crate::packages::resolve::KnownPackages;
use crate::tree::{MemoryTree, Overlay, Tree, TreePath};

const TARGET: Target = Target::new(10);

const PROCFILE: (&str, &str) = ("Procfile", "web: gunicorn app:server\n");

fn tree(files: &[(&str, &str)]) -> MemoryTree {
    MemoryTree::new([PROCFILE].iter().chain(files).copied())
}

fn asked_of(tree: &dyn Tree) -> Asked {
    let app = App::new(tree, TreePath::root());
    let private = BTreeSet::from(["dash-design-kit".to_owned()]);
    Asked::from_graph(app.requirements(), TARGET, &private)
}

/// The files after the changes of a solution, and the solution.
fn solved(tree: &dyn Tree, road: Road) -> (Overlay<'_>, Solution) {
    let app = App::new(tree, TreePath::root());
    let asked = asked_of(tree);
    let situation = Situation::read(&app, &asked, &Past::default());
    let solution = solve(&KnownPackages, &situation, TARGET, road, None);
    let changes = writes(&app, &asked, &solution, road).unwrap();
    let mut after = Overlay::new(tree);
    crate::tree::apply_edits(&changes, &mut after).unwrap();
    (after, solution)
}

fn read(tree: &dyn Tree, path: &str) -> String {
    let bytes = tree.read(&TreePath::new(path).unwrap()).unwrap();
    String::from_utf8(bytes.clone()).unwrap()
}

fn as_of(day: &str) -> Road {
    Road {
        as_of: Some(day.parse().unwrap()),
        ..Road::default()
    }
}

#[test]
fn what_is_not_asked_is_said() {
    let tree = tree(&[(
        "requirements.txt",
        "--extra-index-url https://me:pw@dash.example.com/Docs/packages\n\
         dash-design-kit==1.6\n./own\ngit+https://git.example.com/x.git#egg=x\ntorch==1.9+cpu\n\
         old==1 ; python_version < '3'\nnew[One, two] >= 1 ; python_version > '3'  # why\n",
    )]);
    let list = asked_of(&tree);
    let asks: Vec<String> = list.asks.iter().map(Ask::as_written).collect();
    assert_eq!(asks, ["new[One, two]>= 1"]);
    assert_eq!(list.asks[0].extras, ["one", "two"]);
    assert!(list.options.is_empty());
    let aside: Vec<&str> = list.aside.iter().map(|it| it.what.as_str()).collect();
    let expected = [
        "dash-design-kit",
        "requirements.txt:3",
        "x",
        "torch",
        "dash.example.com",
    ];
    assert_eq!(aside, expected);
}

#[test]
fn a_moved_pin_touches_its_specifiers_only_and_the_rest_goes_to_constraints() {
    let list =
        "# frozen in 2019\ndash==1.0.0\npandas ==0.24.2 ; python_version > '3'  # frames\nflask\n";
    let files = [
        ("requirements.txt", list),
        ("app.py", "import dash\nimport pandas\n"),
    ];
    let tree = tree(&files);
    let (after, solution) = solved(&tree, as_of("2019-07-01"));
    assert_eq!(solution.changed_lines(), 1, "{:?}", solution.answer.moves);
    let moved = solution.version("pandas").unwrap();
    let expected = format!(
        "# frozen in 2019\n-c constraints.txt\ndash==1.0.0\npandas =={moved} ; python_version > '3'  # frames\nflask\n"
    );
    assert_eq!(read(&after, "requirements.txt"), expected);
    let constraints = read(&after, "constraints.txt");
    assert!(
        constraints.starts_with("# Versions as of 2019-07-01: "),
        "{constraints}"
    );
    assert!(constraints.contains("\nflask=="), "{constraints}");
    assert!(!constraints.contains("pandas"), "{constraints}");
}

#[test]
fn a_solved_list_is_left_alone() {
    let list = "dash==1.0.0\npandas==0.24.2\nflask\n";
    let tree = tree(&[("requirements.txt", list), ("app.py", "import dash\n")]);
    let (after, first) = solved(&tree, as_of("2019-07-01"));
    // The constraints tell the day.
    let (again, second) = solved(&after, Road::default());
    assert!(
        second.is_clean(),
        "{:?} {:?}",
        second.answer.moves,
        second.limits
    );
    assert_eq!(second.era.map(|era| era.day), first.era.map(|era| era.day));
    assert_eq!(
        read(&again, "constraints.txt"),
        read(&after, "constraints.txt")
    );
}

#[test]
fn what_an_installer_takes_then_is_the_solution() {
    let list = "dash==1.0.0\npandas\nflask-caching\n";
    let tree = tree(&[("requirements.txt", list)]);
    let (after, solution) = solved(&tree, as_of("2019-07-01"));
    let app = App::new(&after, TreePath::root());
    let situation = Situation::read(&app, &asked_of(&after), &Past::default());
    let brought =
        crate::packages::resolve::install(&KnownPackages, TARGET, &situation.demands).unwrap();
    for (name, version) in &brought {
        assert_eq!(solution.version(name), Some(version), "{name}");
    }
}

#[test]
fn hashes_of_all_lines_go_when_one_pin_moves() {
    let list = "--require-hashes\nsix==1.12.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n    # via pandas\n\
                pandas==0.24.2 ; python_version > '3' --hash=sha256:02  # frames\nflask==1.1.1\n";
    let tree = tree(&[("requirements.txt", list)]);
    let (after, solution) = solved(&tree, as_of("2019-07-31"));
    let moved = solution.version("pandas").unwrap();
    assert_eq!(
        read(&after, "requirements.txt"),
        format!(
            "-c constraints.txt\nsix==1.12.0\n    # via pandas\n\
             pandas=={moved} ; python_version > '3'  # frames\nflask==1.1.1\n"
        )
    );
}

#[test]
fn hashes_stay_where_nothing_moves() {
    let list = "six==1.12.0 --hash=sha256:00\n";
    let tree = tree(&[("requirements.txt", list)]);
    let (after, solution) = solved(&tree, Road::default());
    assert!(solution.is_clean(), "{solution:?}");
    assert_eq!(read(&after, "requirements.txt"), list);
}

#[test]
fn conda_takes_the_pins_of_its_pip_list() {
    let text = "name: x\ndependencies:\n  - python=3.10\n  - pip:\n    - dash==1.0.0\n    - pandas==0.24.2\n";
    let tree = tree(&[("environment.yml", text)]);
    let (after, solution) = solved(&tree, as_of("2019-07-01"));
    let written = read(&after, "environment.yml");
    let moved = solution.version("pandas").unwrap();
    assert!(
        written.contains(&format!("    - pandas=={moved}\n")),
        "{written}"
    );
    assert!(written.contains("-c constraints.txt\n"), "{written}");
}

#[test]
fn the_python_where_least_changes_is_found() {
    let list = "dash==1.0.0\npandas==0.24.2\nnumpy==1.16.4\n";
    let tree = tree(&[("requirements.txt", list)]);
    let app = App::new(&tree, TreePath::root());
    let asked = asked_of(&tree);
    let situation = Situation::read(&app, &asked, &Past::default());
    let targets: Vec<Target> = (7..=12).map(Target::new).collect();
    let rows = compare(
        &KnownPackages,
        &situation,
        &targets,
        as_of("2019-07-01"),
        None,
    );
    assert_eq!(least(&rows), Some(Target::new(7)));
    assert_eq!(rows[0].0.lines, 0);
    assert_eq!(rows[0].0.supported_until, Some("2023-06"));
    assert!(rows[3].0.lines > 0);
}
