//! The verdicts of `minimise`, as data for programs and as text for people. The schema is described
//! in `docs/output.md`.

mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use super::document::tree_path;
use super::json::Tool;
use super::safe;
use crate::packages::Target;
use crate::packages::edges::Origin;
use crate::packages::evidence::{DistributionUse, UseKind};
use crate::packages::minimise::{
    Judged, Judgement, KeepReason, LineVerdict, Lists, Obstacle, Reduction, ReductionOptions,
};
use crate::packages::snapshot;
use crate::text::Text;
use crate::tree::{Edit, Tree, TreePath};

pub use text::{concise_origin, text};

/// A whole run.
#[derive(Debug, Serialize)]
pub struct Document {
    /// The version of the schema.
    pub version: u32,
    /// What made it.
    pub tool: Tool,
    /// `minimise`.
    pub command: &'static str,
    /// The exit code of the program.
    pub exit_code: u8,
    /// Why nothing could be done, a sentence.
    pub error: Option<String>,
    /// Whether the files were written.
    pub written: bool,
    /// The apps, by folder.
    pub apps: Vec<App>,
}

/// One app.
#[derive(Debug, Serialize)]
pub struct App {
    #[serde(serialize_with = "tree_path::serialize")]
    root: TreePath,
    python: String,
    #[serde(serialize_with = "paths")]
    lists: Vec<TreePath>,
    frozen: bool,
    lines: Vec<Line>,
    sources: Vec<Source>,
    unknown: Vec<String>,
    missing: Vec<String>,
    obstacle: Option<Blocked>,
    confirmed_by: Option<String>,
    changed: Vec<Changed>,
    notes: Vec<String>,
    /// Whether the versions of what goes are forgotten.
    #[serde(skip)]
    drop_pins: bool,
}

/// One requirement.
#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    place: Place,
    requirement: String,
    name: Option<String>,
    verdict: &'static str,
    reason: &'static str,
    note: Option<String>,
    uses: Vec<Seen>,
    brought_by: Vec<String>,
    source: Option<String>,
    /// Whether conda installs it.
    #[serde(skip)]
    is_conda: bool,
    /// Whether its version goes with it.
    #[serde(skip)]
    is_let_go: bool,
}

#[derive(Debug, Serialize)]
struct Place {
    #[serde(serialize_with = "tree_path::serialize")]
    path: TreePath,
    line: Option<usize>,
}

/// One use.
#[derive(Debug, Serialize)]
struct Seen {
    kind: &'static str,
    #[serde(flatten)]
    place: Place,
    what: String,
    #[serde(skip)]
    words: &'static str,
}

/// Who says what distributions need.
#[derive(Debug, Serialize)]
struct Source {
    kind: &'static str,
    name: String,
    distributions: usize,
}

#[derive(Debug, Serialize)]
struct Blocked {
    #[serde(flatten)]
    place: Place,
    message: String,
}

#[derive(Debug, Serialize)]
struct Changed {
    #[serde(serialize_with = "tree_path::serialize")]
    path: TreePath,
    action: &'static str,
}

fn paths<S: serde::Serializer>(paths: &[TreePath], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(ToString::to_string))
}

/// What is known of an app.
pub struct Request<'a> {
    /// The tree.
    pub tree: &'a dyn Tree,
    /// The app's folder.
    pub root: &'a TreePath,
    /// Its lists.
    pub lists: &'a Lists<'a>,
    /// The Python that they are to install on.
    pub target: Target,
    /// The verdicts.
    pub judgement: &'a Judgement<'a>,
    /// How the lists are to be reduced.
    pub wanted: ReductionOptions,
    /// The reduced lists.
    pub reduction: &'a Result<Option<Reduction>, Obstacle>,
    /// What people should know of the sources.
    pub notes: Vec<String>,
}

impl App {
    /// The data of one app.
    pub fn new(request: &Request) -> Self {
        let judgement = request.judgement;
        let mut places = Places::new(request.tree);
        let lines = judgement.lines.iter();
        let lines = lines.map(|line| places.line(line, judgement)).collect();
        let reduction = request.reduction.as_ref();
        let obstacle = reduction.err().map(|obstacle| Blocked {
            place: places.place(&obstacle.path, obstacle.span.map(|span| span.start)),
            message: safe(&obstacle.why.to_string()),
        });
        let changed = reduction.ok().and_then(Option::as_ref).map(changed);
        let listed = request.lists.installing.iter();
        let mut unknown: Vec<String> = judgement.unknown.iter().cloned().collect();
        unknown.sort();
        Self {
            root: request.root.clone(),
            python: format!("3.{}", request.target.minor()),
            lists: unique(listed.map(|list| list.path.clone())),
            frozen: judgement.is_frozen(),
            lines,
            sources: sources(judgement),
            unknown,
            missing: judgement.missing.iter().cloned().collect(),
            obstacle,
            confirmed_by: None,
            changed: changed.unwrap_or_default(),
            notes: request.notes.iter().map(|note| safe(note)).collect(),
            drop_pins: request.wanted.drop_pins,
        }
    }

    /// How many lines can go.
    pub fn can_go(&self, obsolete: bool) -> usize {
        let goes = |line: &&Line| match line.verdict {
            "dropped" => obsolete || !line.is_let_go,
            "obsolete" => obsolete,
            _ => false,
        };
        self.lines.iter().filter(goes).count()
    }

    /// The lines that are no answer to what the app asks for.
    fn unneeded(&self) -> usize {
        let is_extra = |line: &&Line| {
            line.verdict == "dropped" || (line.verdict == "obsolete" && line.is_conda)
        };
        self.lines.iter().filter(is_extra).count()
    }

    /// A resolver gives the same releases for the shorter list.
    pub fn confirm(&mut self, tool: &str) {
        self.confirmed_by = Some(tool.to_owned());
    }

    /// The shorter list is not to be had, for this reason.
    pub fn block(&mut self, why: &str) {
        let list = self.lists.first().unwrap_or(&self.root).clone();
        self.changed.clear();
        self.obstacle = Some(Blocked {
            place: Place {
                path: list,
                line: None,
            },
            message: safe(why),
        });
    }

    /// What stands in the way of taking them out, with its place.
    pub fn obstacle(&self) -> Option<(&TreePath, Option<usize>, &str)> {
        let blocked = self.obstacle.as_ref()?;
        Some((&blocked.place.path, blocked.place.line, &blocked.message))
    }
}

/// Both lists of an `environment.yml` are one file.
fn unique(paths: impl Iterator<Item = TreePath>) -> Vec<TreePath> {
    let mut all: Vec<TreePath> = paths.collect();
    all.dedup();
    all
}

fn changed(reduction: &Reduction) -> Vec<Changed> {
    let mut found: BTreeMap<TreePath, &'static str> = BTreeMap::new();
    for edit in &reduction.edits {
        let action = match edit {
            Edit::Create { .. } => "created",
            _ => "changed",
        };
        found.extend(edit.paths().map(|path| (path.clone(), action)));
    }
    let changed = found.into_iter();
    changed
        .map(|(path, action)| Changed { path, action })
        .collect()
}

fn sources(judgement: &Judgement) -> Vec<Source> {
    let mut counts: BTreeMap<&Origin, usize> = BTreeMap::new();
    for origin in judgement.origins.values() {
        *counts.entry(origin).or_default() += 1;
    }
    let sources = counts.into_iter().map(|(origin, distributions)| Source {
        kind: kind_of(origin),
        name: name_of(origin),
        distributions,
    });
    sources.collect()
}

fn kind_of(origin: &Origin) -> &'static str {
    match origin {
        Origin::Comments(_) => "comments",
        Origin::Lock(_) => "lock",
        Origin::Environment(_) => "environment",
        Origin::Online(_) => "online",
        Origin::Snapshot => "snapshot",
    }
}

fn name_of(origin: &Origin) -> String {
    match origin {
        Origin::Comments(path) | Origin::Lock(path) => path.to_string(),
        Origin::Environment(name) | Origin::Online(name) => safe(name),
        Origin::Snapshot => snapshot::date().to_owned(),
    }
}

/// The texts of files that places are in.
struct Places<'t> {
    tree: &'t dyn Tree,
    texts: BTreeMap<TreePath, Option<Text>>,
}

impl<'t> Places<'t> {
    fn new(tree: &'t dyn Tree) -> Self {
        Self {
            tree,
            texts: BTreeMap::new(),
        }
    }

    fn place(&mut self, path: &TreePath, offset: Option<usize>) -> Place {
        let text = self.texts.entry(path.clone()).or_insert_with(|| {
            let bytes = self.tree.read(path).ok()?;
            Text::decode_declared(&bytes).ok()
        });
        let line = offset.zip(text.as_ref());
        Place {
            path: path.clone(),
            line: line.map(|(offset, text)| text.position(offset).line),
        }
    }

    fn line(&mut self, judged: &Judged, judgement: &Judgement) -> Line {
        let entry = &judged.entry;
        let start = entry.requirement.span.start;
        let (verdict, reason, note) = words(&judged.verdict);
        let uses = match &judged.verdict {
            LineVerdict::Kept(KeepReason::Used(uses)) => self.uses(uses),
            LineVerdict::Kept(KeepReason::Asked(what, span)) => vec![Seen {
                kind: "request",
                place: self.place(&entry.list.path, Some(span.start)),
                what: safe(what),
                words: "asked for",
            }],
            _ => Vec::new(),
        };
        let brought_by = match &judged.verdict {
            LineVerdict::Dropped { chain } => chain.clone(),
            _ => Vec::new(),
        };
        let origin = brought_by.last().and_then(|by| judgement.origins.get(by));
        Line {
            place: Place {
                path: entry.list.path.clone(),
                line: Some(entry.list.text.position(start).line),
            },
            requirement: safe(&entry.show_line()),
            name: entry.name.clone(),
            verdict,
            reason,
            note: note.map(|note| safe(&note)),
            uses,
            brought_by,
            source: origin.map(|origin| kind_of(origin).to_owned()),
            is_conda: entry.is_conda(),
            is_let_go: judgement.is_let_go(judged),
        }
    }

    fn uses(&mut self, uses: &[DistributionUse]) -> Vec<Seen> {
        let mut uses: Vec<&DistributionUse> = uses.iter().collect();
        uses.sort_by_key(|it| (it.kind, it.path.clone(), it.span));
        let mut seen: Vec<Seen> = Vec::new();
        for one in uses {
            let (kind, words) = how(one.kind);
            let place = self.place(&one.path, one.span.map(|span| span.start));
            seen.push(Seen {
                kind,
                place,
                what: safe(&one.what),
                words,
            });
        }
        seen
    }
}

/// A use in a word for programs and in words for people.
fn how(kind: UseKind) -> (&'static str, &'static str) {
    match kind {
        UseKind::Import => ("import", "imported"),
        UseKind::GuardedImport => ("guarded-import", "imported if it is there"),
        UseKind::DynamicImport => ("dynamic-import", "imported by name"),
        UseKind::Command => ("command", "run"),
        UseKind::Dialect => ("dialect", "database URL"),
        UseKind::Backend => ("backend", "loaded"),
        UseKind::Configuration => ("configuration", "configured"),
    }
}

/// Verdict and reason for programs, and what there is to say about them.
fn words(verdict: &LineVerdict) -> (&'static str, &'static str, Option<String>) {
    match verdict {
        LineVerdict::Kept(kept) => {
            let (reason, note) = match kept {
                KeepReason::Used(_) => ("used", None),
                KeepReason::Asked(..) => ("asked", None),
                KeepReason::Barred(bar) => ("barred", Some(bar.to_string())),
                KeepReason::Circle => {
                    let note = "it and others bring one another; one has to stay";
                    ("circle", Some(note.to_owned()))
                }
                KeepReason::Held(by) => ("held", Some(format!("it came with {by}, which is used"))),
                KeepReason::Conflict(conflict) => {
                    let note = format!("{} needs it {}", conflict.by, conflict.versions);
                    ("conflict", Some(note))
                }
                KeepReason::Unknown => ("unknown", Some("nobody knows what it needs".to_owned())),
                KeepReason::Alone => ("alone", Some("nothing listed brings it".to_owned())),
            };
            ("kept", reason, note)
        }
        LineVerdict::Dropped { .. } => ("dropped", "brought", None),
        LineVerdict::Obsolete { reason } => ("obsolete", "obsolete", Some(reason.clone())),
    }
}
