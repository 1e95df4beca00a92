use super::*;
use crate::app::App;
use crate::packages::edges::Metadata;
use crate::packages::evidence::UseKind;
use crate::tree::{MemoryTree, Overlay};

mod laws;
mod reductions;

/// An app in memory, with what is known of its distributions.
#[derive(Clone)]
struct World {
    files: BTreeMap<String, String>,
    metadata: Metadata,
    uses: BTreeMap<String, Vec<DistributionUse>>,
    obsolete: BTreeMap<String, String>,
    ran: BTreeMap<String, Version>,
    wanted: ReductionOptions,
}

/// An app with this list.
fn list(requirements: &str) -> World {
    app(&[("requirements.txt", requirements)])
}

fn app(files: &[(&str, &str)]) -> World {
    let files = files.iter();
    World {
        files: files
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect(),
        metadata: Metadata::new(Origin::Snapshot),
        uses: BTreeMap::new(),
        obsolete: BTreeMap::new(),
        ran: BTreeMap::new(),
        wanted: ReductionOptions::default(),
    }
}

impl World {
    /// `name` 1.0 needs these.
    fn needs(mut self, name: &str, needs: &[&str]) -> Self {
        self.metadata.add(name, "1.0", needs.iter().copied());
        self
    }

    fn uses(mut self, name: &str) -> Self {
        let found = DistributionUse {
            kind: UseKind::Import,
            path: TreePath::root().child("app.py"),
            span: None,
            what: name.to_owned(),
        };
        self.uses.insert(name.to_owned(), vec![found]);
        self
    }

    fn ran(mut self, name: &str, version: &str) -> Self {
        self.ran.insert(name.to_owned(), version.parse().unwrap());
        self
    }

    fn obsolete(mut self, name: &str) -> Self {
        self.obsolete.insert(name.to_owned(), "old".to_owned());
        self
    }

    fn with<T>(&self, work: impl FnOnce(&Question, &MemoryTree) -> T) -> T {
        let tree = MemoryTree::new(self.files.clone());
        let app = App::new(&tree, TreePath::root());
        let lists = Lists::from_app(&app).unwrap();
        let target = Target::new(10);
        let all: Vec<_> = lists.all().collect();
        let sources = Sources::of_app(&app, &all, target).and(&self.metadata);
        let question = Question {
            tree: &tree,
            root: app.root(),
            lists: &lists,
            target,
            sources: &sources,
            uses: &self.uses,
            obsolete: &self.obsolete,
            ran: &self.ran,
            wanted: self.wanted,
        };
        work(&question, &tree)
    }

    /// Each line and what becomes of it.
    fn verdicts(&self) -> Vec<String> {
        self.with(|question, _| {
            let judgement = judge(question);
            let lines = judgement.lines.iter();
            lines
                .map(|line| format!("{}: {}", line.entry.show_line(), shown(&line.verdict)))
                .collect()
        })
    }

    /// The lines that are kept.
    fn kept(&self) -> BTreeSet<String> {
        self.lines(|verdict| matches!(verdict, LineVerdict::Kept(_)))
    }

    /// The lines that no safe reduction takes out.
    fn stays(&self) -> BTreeSet<String> {
        self.lines(|verdict| !matches!(verdict, LineVerdict::Dropped { .. }))
    }

    fn lines(&self, those: impl Fn(&LineVerdict) -> bool) -> BTreeSet<String> {
        self.with(|question, _| {
            let judgement = judge(question);
            let lines = judgement.lines.into_iter();
            let kept = lines.filter(|line| those(&line.verdict));
            kept.map(|line| line.entry.show_line()).collect()
        })
    }

    /// The files after the reduction; those that are there when nothing goes.
    fn reduced(&self) -> Result<Self, Blocked> {
        self.with(|question, tree| {
            let judgement = judge(question);
            let reduction = question.reduce(&judgement);
            let reduction = reduction.map_err(|obstacle| obstacle.why)?;
            let mut after = self.clone();
            if let Some(reduction) = reduction {
                let mut tree = Overlay::new(tree);
                crate::tree::apply_edits(&reduction.edits, &mut tree).unwrap();
                let paths = tree.entries().iter().map(|entry| &entry.path);
                let read = |path: &TreePath| String::from_utf8(tree.read(path).unwrap()).unwrap();
                after.files = paths
                    .map(|path| (path.as_str().to_owned(), read(path)))
                    .collect();
            }
            Ok(after)
        })
    }

    #[track_caller]
    fn file(&self, path: &str) -> &str {
        &self.files[path]
    }
}

fn shown(verdict: &LineVerdict) -> String {
    match verdict {
        LineVerdict::Kept(KeepReason::Used(_)) => "used".to_owned(),
        LineVerdict::Kept(KeepReason::Asked(what, _)) => format!("asked for by {what}"),
        LineVerdict::Kept(KeepReason::Barred(bar)) => bar.to_string(),
        LineVerdict::Kept(KeepReason::Circle) => "circle".to_owned(),
        LineVerdict::Kept(KeepReason::Held(by)) => format!("came with {by}"),
        LineVerdict::Kept(KeepReason::Conflict(conflict)) => {
            format!("{} needs {}", conflict.by, conflict.versions)
        }
        LineVerdict::Kept(KeepReason::Unknown) => "unknown".to_owned(),
        LineVerdict::Kept(KeepReason::Alone) => "alone".to_owned(),
        LineVerdict::Dropped { chain } => format!("by {}", chain.join(" > ")),
        LineVerdict::Obsolete { reason } => reason.clone(),
    }
}

const DASH: &str = "click==1.0\ndash==1.0\nflask==1.0\nsix==1.0\nwerkzeug==1.0\n";

fn dash(requirements: &str) -> World {
    list(requirements)
        .needs("dash", &["flask>=0.9"])
        .needs("flask", &["Click", "werkzeug<2"])
        .needs("click", &[])
        .needs("werkzeug", &[])
}

#[test]
fn every_line_has_its_verdict() {
    let world = dash(DASH).uses("werkzeug");
    assert_eq!(
        world.verdicts(),
        [
            "click==1.0: by dash > flask",
            "dash==1.0: alone",
            "flask==1.0: by dash",
            "six==1.0: unknown",
            "werkzeug==1.0: used",
        ]
    );
}

#[test]
fn only_the_listed_version_is_known() {
    let world = dash("dash==1.0\nflask==1.1\nclick==1.0\nwerkzeug==1.0\n");
    assert_eq!(
        world.verdicts(),
        [
            "click==1.0: alone",
            "dash==1.0: alone",
            "flask==1.1: by dash",
            "werkzeug==1.0: alone",
        ]
    );
    let world = dash("dash>=1.0\nflask==1.0\n");
    assert_eq!(
        world.verdicts(),
        ["dash>=1.0: unknown", "flask==1.0: alone"]
    );
    // A constraint tells the version, too.
    let world = app(&[
        ("requirements.txt", "-c limits.txt\ndash\nflask==1.0\n"),
        ("limits.txt", "dash==1.0\n"),
    ]);
    let world = world.needs("dash", &["flask"]);
    assert_eq!(
        world.verdicts(),
        ["dash: unknown", "flask==1.0: by dash"].map(|it| it.replace("unknown", "alone"))
    );
}

#[test]
fn another_version_is_not_brought() {
    let world = list("dash==1.0\nflask==1.0\n").needs("dash", &["flask>=2"]);
    assert_eq!(
        world.verdicts(),
        ["dash==1.0: alone", "flask==1.0: dash needs >=2"]
    );
}

#[test]
fn extras_bring_what_they_are_asked_for() {
    let needs = |requirements: &str| {
        list(requirements)
            .needs("celery", &["kombu", "redis>=1; extra == 'redis'"])
            .needs("kombu", &[])
            .needs("redis", &[])
            .needs("queue", &["celery[redis]"])
    };
    let world = needs("celery==1.0\nkombu==1.0\nredis==1.0\n");
    assert_eq!(
        world.verdicts()[1..],
        ["kombu==1.0: by celery", "redis==1.0: alone"]
    );
    let world = needs("celery[redis]==1.0\nkombu==1.0\nredis==1.0\n");
    assert_eq!(
        world.verdicts()[1..],
        ["kombu==1.0: by celery", "redis==1.0: by celery"]
    );
    // Brought with its extra, and without.
    let world = needs("queue==1.0\ncelery[redis]==1.0\nredis==1.0\n");
    assert_eq!(world.kept().len(), 1);
    let world = world.needs("queue", &[]);
    let mut world = world;
    world.metadata = Metadata::new(Origin::Snapshot);
    let world = world
        .needs("queue", &["celery"])
        .needs("celery", &["redis; extra == 'redis'"]);
    assert_eq!(
        world.verdicts(),
        [
            "celery[redis]==1.0: alone",
            "queue==1.0: alone",
            "redis==1.0: by celery"
        ]
    );
}

#[test]
fn markers_are_those_of_the_target() {
    let world = list("a==1.0\nb==1.0\nc==1.0\nd==1.0\n").needs(
        "a",
        &[
            "b; python_version < '3.8'",
            "c; sys_platform == 'linux'",
            "d; platform_system == 'Windows'",
        ],
    );
    assert_eq!(
        world.verdicts(),
        [
            "a==1.0: alone",
            "b==1.0: a needs it only on other systems or Pythons",
            "c==1.0: by a",
            "d==1.0: a needs it only on other systems or Pythons",
        ]
    );
    assert_eq!(
        world.reduced().unwrap().file("requirements.txt"),
        "-c constraints.txt\na==1.0\nb==1.0\nd==1.0\n"
    );
}

#[test]
fn some_lines_stay_whatever_brings_them() {
    let world = list(
        "all==1.0\n-e ./lib[x]\nb @ https://me:pw@example.com/b.zip\n./c-1.0-py3-none-any.whl\n\
         d==1.0 --config-settings=x=y\ne==${E}\nf==1.0 ; sys_platform == 'win32'\ng==1.0\ng==1.0 ; python_version > '3'\n\
         h==1.0 ; python_version > '3.6'\n",
    )
    .needs("all", &["b", "c", "d", "e", "f", "g", "h"]);
    assert_eq!(
        world.verdicts(),
        [
            "all==1.0: alone",
            "b @ https://***@example.com/b.zip: it comes from a URL of its own",
            "./c-1.0-py3-none-any.whl: it comes from a file of its own",
            "d==1.0 --config-settings=x=y: it has options of its own",
            "e==${E}: its version is not known here",
            "f==1.0 ; sys_platform == 'win32': it says nothing for the target: its marker does not hold there",
            "g==1.0: it is listed more than once",
            "g==1.0 ; python_version > '3': it is listed more than once",
            "h==1.0 ; python_version > '3.6': by all",
            "-e ./lib[x]: it is installed in place (`-e`)",
        ]
    );
}

#[test]
fn of_a_circle_one_stays_and_it_is_always_the_same() {
    let world = list("c==1.0\nb==1.0\na==1.0\n")
        .needs("a", &["b"])
        .needs("b", &["c"])
        .needs("c", &["a"]);
    assert_eq!(
        world.verdicts(),
        ["a==1.0: circle", "b==1.0: by a", "c==1.0: by a > b"]
    );
    let used = world.uses("c");
    assert_eq!(used.kept().len(), 2);
}

#[test]
fn comments_win_and_what_people_asked_for_stays() {
    let world = list(
        "dash==1.0\n    # via -r requirements.in\nflask==1.0\n    # via\n    #   -r requirements.in\n    #   dash\n\
         click==1.0\n    # via flask\nsix==1.0 # via dash\n",
    )
    .needs("dash", &[]);
    assert_eq!(
        world.verdicts(),
        [
            "click==1.0: by flask",
            "dash==1.0: asked for by -r requirements.in",
            "flask==1.0: asked for by -r requirements.in",
            "six==1.0: by dash",
        ]
    );
}

#[test]
fn what_the_target_has_no_use_for_goes_only_when_asked() {
    let mut world = list("dataclasses==1.0\nfutures==1.0\ndash==1.0\nx==1.0\n")
        .needs("dash", &["futures"])
        .needs("dataclasses", &["x"])
        .obsolete("dataclasses")
        .obsolete("futures");
    assert_eq!(
        world.verdicts(),
        [
            "dash==1.0: alone",
            "dataclasses==1.0: old",
            "futures==1.0: by dash",
            "x==1.0: by dataclasses",
        ]
    );
    assert_eq!(
        world.reduced().unwrap().file("requirements.txt"),
        "-c constraints.txt\ndataclasses==1.0\ndash==1.0\n"
    );
    world.wanted.obsolete = true;
    assert_eq!(
        world.verdicts()[3],
        "x==1.0: only dataclasses brings it, which is of no use any more"
    );
    let after = world.reduced().unwrap();
    assert_eq!(
        after.file("requirements.txt"),
        "-c constraints.txt\ndash==1.0\n"
    );
    assert!(!after.file("constraints.txt").contains("x=="));
    let world = world.uses("dataclasses");
    assert_eq!(
        world.verdicts()[1..],
        [
            "dataclasses==1.0: used",
            "futures==1.0: by dash",
            "x==1.0: by dataclasses"
        ]
    );
}

#[test]
fn a_frozen_list_names_everything() {
    let is_frozen = |world: &World| world.with(|question, _| judge(question).is_frozen());
    assert!(is_frozen(&dash(DASH)));
    // By hand: what flask needs is not there.
    assert!(!is_frozen(&dash("dash==1.0\nflask==1.0\n")));
    assert!(!is_frozen(&dash(
        &DASH.replace("dash==1.0", "dash==1.0\nloose")
    )));
    assert!(!is_frozen(&dash(&DASH.replace("click==1.0", "click"))));
    assert!(!is_frozen(&dash("dash==1.0\n")));
    let frozen = app(&[
        ("requirements.txt", "-c c.txt\ndash==1.0\nflask==1.0\n"),
        ("c.txt", "click==1.0\nwerkzeug==1.0\n"),
    ]);
    let frozen = frozen
        .needs("dash", &["flask"])
        .needs("flask", &["click", "werkzeug", "setuptools"]);
    assert!(is_frozen(&frozen));
}
