//! The lists of `lists/`: what people asked for, the apps that use it, and what a resolver made of
//! it for three Pythons. Shared by the benchmark and a test.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use dashlift::app::App;
use dashlift::files::requirements::normalized_name;
use dashlift::packages::edges::{Metadata, Snapshot, Sources};
use dashlift::packages::minimise::{
    Judgement, KeepReason, LineVerdict, ListFacts, Lists, Question, ReductionOptions, judge,
};
use dashlift::packages::{Ran, Target};
use dashlift::tree::{MemoryTree, TreePath};

/// The Pythons that the lists were resolved for.
pub(crate) const PYTHONS: [u8; 3] = [8, 9, 10];

/// One frozen list, with the app that uses it.
pub(crate) struct Case {
    /// Its folder's name.
    pub(crate) name: String,
    /// The minor of the Python that it was resolved for.
    pub(crate) python: u8,
    /// The names that a person asked for.
    pub(crate) ideal: BTreeSet<String>,
    /// The lines of the list.
    pub(crate) frozen: Vec<String>,
    files: Vec<(String, String)>,
}

/// What became of a list.
#[derive(Default)]
pub(crate) struct Outcome {
    /// The names of the lines that stay.
    pub(crate) kept: BTreeSet<String>,
    /// Lines that stay beside the ideal ones, each with the reason.
    pub(crate) above: Vec<String>,
    /// Lines of the ideal list that are gone.
    pub(crate) lost: Vec<String>,
    /// Why the reduced list is not proven to install the same; `None` where it is.
    pub(crate) unproven: Option<String>,
}

impl Outcome {
    /// Whether the ideal list came back.
    pub(crate) fn is_exact(&self) -> bool {
        self.above.is_empty() && self.lost.is_empty()
    }
}

/// All cases, by name and Python.
pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/minimise/lists");
    let mut cases: Vec<Case> = folders(&folder).iter().flat_map(|it| read(it)).collect();
    cases.sort_by(|a, b| (&a.name, a.python).cmp(&(&b.name, b.python)));
    cases
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn read(folder: &Path) -> Vec<Case> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let files = files(folder, folder);
    let of = |wanted: &str| files.iter().find(|(name, _)| name == wanted);
    let ideal = of("ideal.txt").or_else(|| of("top.txt"));
    let ideal: BTreeSet<String> = ideal.iter().flat_map(|(_, text)| names(text)).collect();
    let cases = PYTHONS.iter().filter_map(|python| {
        let (_, frozen) = of(&format!("frozen-3.{python}.txt"))?;
        let own = files.iter().filter(|(name, _)| !is_ours(name)).cloned();
        let list = ("requirements.txt".to_owned(), frozen.clone());
        Some(Case {
            name: name.clone().into_owned(),
            python: *python,
            ideal: ideal.clone(),
            frozen: frozen.lines().map(str::to_owned).collect(),
            files: own.chain([list]).collect(),
        })
    });
    cases.collect()
}

/// Whether a file is the benchmark's, not the app's.
fn is_ours(name: &str) -> bool {
    name.starts_with("frozen-") || matches!(name, "top.txt" | "ideal.txt" | "limits.txt")
}

fn files(top: &Path, folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in folders(folder) {
        if path.is_dir() {
            found.extend(files(top, &path));
        } else if let (Ok(text), Ok(inside)) = (fs::read_to_string(&path), path.strip_prefix(top)) {
            found.push((inside.to_string_lossy().replace('\\', "/"), text));
        }
    }
    found
}

/// The names in a plain list.
pub(crate) fn names(list: &str) -> impl Iterator<Item = String> {
    list.lines().filter_map(|line| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let name = line.split(|c| !is_part(c)).next()?;
        (!name.is_empty()).then(|| normalized_name(name))
    })
}

impl Case {
    /// The names in the frozen list.
    pub(crate) fn listed(&self) -> BTreeSet<String> {
        names(&self.frozen.join("\n")).collect()
    }

    /// Minimises the list, with the edges of an environment or those of the snapshot.
    pub(crate) fn minimise(&self, environment: Option<&Metadata>) -> Outcome {
        self.judged(environment, |question, judgement| {
            let reduced = question.reduce(judgement);
            self.outcome(judgement, reduced.err().map(|it| it.why.to_string()))
        })
    }

    /// The verdicts of a reduction to the leaves of the graph, as `pip-autoremove --leaves` finds
    /// them: what no other line needs stays.
    pub(crate) fn leaves(&self, environment: Option<&Metadata>) -> Outcome {
        let target = Target::new(self.python);
        self.judged(environment, |question, judgement| {
            let mut brought = BTreeSet::new();
            for line in &judgement.lines {
                let entry = (&line.entry.name, &line.entry.pin);
                let (Some(name), Some(pin)) = entry else {
                    continue;
                };
                let known = question.sources.needs(name, pin);
                let needs = known.into_iter().flat_map(|(needs, _)| needs);
                let needs = needs.filter(|it| it.applies(target, &[]) && it.name != *name);
                brought.extend(needs.map(|it| it.name));
            }
            let kept: BTreeSet<String> = self.listed().difference(&brought).cloned().collect();
            Outcome {
                above: kept.difference(&self.ideal).cloned().collect(),
                lost: self.ideal.difference(&kept).cloned().collect(),
                kept,
                ..Outcome::default()
            }
        })
    }

    fn judged<T>(
        &self,
        environment: Option<&Metadata>,
        then: impl FnOnce(&Question<'_>, &Judgement<'_>) -> T,
    ) -> T
    where
        T: Default,
    {
        let files = self.files.iter();
        let tree = MemoryTree::new(files.map(|(path, text)| (path.as_str(), text.as_str())));
        let root = TreePath::root();
        let app = App::new(&tree, root.clone());
        let Some(lists) = Lists::from_app(&app) else {
            return T::default();
        };
        let target = Target::new(self.python);
        let all: Vec<_> = lists.all().collect();
        let sources = Sources::of_app(&app, &all, target);
        let sources = match environment {
            Some(environment) => sources.and(environment),
            None => sources.and(Snapshot),
        };
        let facts = ListFacts::gather(&app, &lists, target, &Ran::default());
        let question = Question {
            tree: &tree,
            root: &root,
            lists: &lists,
            target,
            sources: &sources,
            uses: &facts.uses,
            obsolete: &facts.obsolete,
            ran: &facts.ran,
            wanted: ReductionOptions {
                drop_pins: false,
                obsolete: true,
            },
        };
        let judgement = judge(&question);
        then(&question, &judgement)
    }

    fn outcome(&self, judgement: &Judgement, unproven: Option<String>) -> Outcome {
        let mut kept = BTreeSet::new();
        let mut above = Vec::new();
        for line in &judgement.lines {
            let Some(name) = &line.entry.name else {
                continue;
            };
            if let LineVerdict::Kept(why) = &line.verdict {
                kept.insert(name.clone());
                if !self.ideal.contains(name) {
                    above.push(format!("{name} ({})", reason(why)));
                }
            }
        }
        Outcome {
            lost: self.ideal.difference(&kept).cloned().collect(),
            kept,
            above,
            unproven,
        }
    }
}

fn reason(why: &KeepReason) -> String {
    match why {
        KeepReason::Used(uses) => {
            let first = uses.first();
            first.map_or_else(String::new, |it| format!("used: {}", it.what))
        }
        KeepReason::Unknown | KeepReason::Alone => "brought by nothing".to_owned(),
        KeepReason::Conflict(_) => "another version is brought".to_owned(),
        KeepReason::Circle => "in a circle".to_owned(),
        KeepReason::Held(by) => format!("held by {by}"),
        KeepReason::Asked(..) => "asked for".to_owned(),
        KeepReason::Barred(bar) => bar.to_string(),
    }
}
