//! The reduced lists as changes of files: lines go, with the comments that a tool wrote for them,
//! and their versions go to a constraints file.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;

use super::lists::{Blocked, ListEntry, Lists, Obstacle};
use super::{Judgement, LineVerdict, Question, proof};
use crate::app::{RequirementList, Role};
use crate::files::Model;
use crate::files::environment_yml::{Change, CondaEnvironment, edit};
use crate::files::requirements::{Content, RequirementSource, unfolded};
use crate::packages::Target;
use crate::packages::edges::{annotation, are_for, removable};
use crate::text::{Span, Text, difference, lines, splice};
use crate::tree::{Edit, Tree, TreePath};

/// The name of the file that versions move to, and the names where that one is taken.
const NAMES: &[&str] = &[
    "constraints.txt",
    "pinned-constraints.txt",
    "requirements-constraints.txt",
];

/// What a new file begins with.
const HEAD: &str = "# Versions of what the requirements bring along.";

/// How lists are to be reduced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReductionOptions {
    /// The versions of what goes are forgotten.
    pub drop_pins: bool,
    /// What the target has no use for goes, too.
    pub obsolete: bool,
}

/// Reduced lists that are proven to mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduction {
    /// The changes.
    pub edits: Vec<Edit>,
    /// The lines that go, by their number among the judged.
    pub taken: Vec<usize>,
    /// The files that hold the versions then.
    pub constraints: BTreeSet<TreePath>,
    /// The versions that ran, and that no list said before: what goes is brought by these.
    pub ran: BTreeMap<String, Version>,
}

impl<'a> Question<'a> {
    /// Reduces the lists to what is kept; `None` when nothing goes.
    ///
    /// # Errors
    /// What stands in the way, or keeps the proof from holding.
    pub fn reduce(&self, judgement: &Judgement<'a>) -> Result<Option<Reduction>, Obstacle> {
        let judged = judgement.lines.iter().enumerate();
        let goes = judged.filter(|(_, line)| match line.verdict {
            LineVerdict::Kept(_) => false,
            LineVerdict::Dropped { .. } => self.wanted.obsolete || !judgement.is_let_go(line),
            LineVerdict::Obsolete { .. } => self.wanted.obsolete,
        });
        let taken: Vec<usize> = goes.map(|(index, _)| index).collect();
        if taken.is_empty() {
            return Ok(None);
        }
        if let Some(obstacle) = &self.lists.obstacle {
            return Err(obstacle.clone());
        }
        let mut maker = Maker {
            question: self,
            reduction: Reduction {
                edits: Vec::new(),
                taken: taken.clone(),
                constraints: BTreeSet::new(),
                ran: BTreeMap::new(),
            },
            pins: BTreeMap::new(),
        };
        let mut seen: BTreeSet<&TreePath> = BTreeSet::new();
        // Both lists of an `environment.yml` are one file, and one change of it.
        let files = self.lists.installing.iter();
        for list in files.filter(|list| seen.insert(&list.path)) {
            let lines = taken.iter().filter_map(|index| judgement.lines.get(*index));
            let mut lines: Vec<_> = lines.filter(|it| it.entry.list.path == list.path).collect();
            lines.sort_by_key(|line| line.entry.index);
            let ran = maker.ran(judgement, list);
            if !lines.is_empty() || !ran.is_empty() {
                let pinned = lines
                    .iter()
                    .filter(|line| matches!(line.verdict, LineVerdict::Dropped { .. }))
                    .filter(|line| !judgement.is_let_go(line));
                let pins = pinned.filter_map(|line| maker.pin(&line.entry));
                let pins = pins.chain(ran).collect();
                let entries: Vec<&ListEntry> = lines.iter().map(|line| &line.entry).collect();
                maker.take(list, &entries, pins)?;
            }
        }
        maker.write_pins();
        let reduction = maker.reduction;
        proof::prove(self, judgement, &reduction)?;
        Ok(Some(reduction))
    }
}

/// A reduction being made.
struct Maker<'m, 'a> {
    question: &'m Question<'a>,
    reduction: Reduction,
    /// What each constraints file gets.
    pins: BTreeMap<TreePath, Vec<String>>,
}

impl Maker<'_, '_> {
    /// The line of a constraints file that says the version of an entry; none where there is none
    /// to say, or a constraint says it already.
    fn pin(&self, entry: &ListEntry) -> Option<String> {
        let limit = entry.limit().filter(|_| !self.question.wanted.drop_pins)?;
        let constraints = self.question.lists.constraints.iter();
        let said = constraints
            .flat_map(|list| list.requirements())
            .any(|(list, _, it)| {
                it.key == entry.name && super::lists::limit(list, it).as_ref() == Some(&limit)
            });
        (!said)
            .then(|| constraint(entry, self.question.target))
            .flatten()
    }

    /// The versions that ran of those lines of a list that bring what goes, as lines of a
    /// constraints file.
    fn ran(&mut self, judgement: &Judgement, list: &RequirementList) -> Vec<String> {
        let chains = judgement
            .lines
            .iter()
            .filter_map(|line| match &line.verdict {
                LineVerdict::Dropped { chain } => Some(chain),
                _ => None,
            });
        let bringing: BTreeSet<&String> = chains.flatten().collect();
        let mut pins = Vec::new();
        for entry in judgement.lines.iter().map(|line| &line.entry) {
            let name = entry.name.as_ref();
            let name = name.filter(|name| bringing.contains(name) && !entry.is_conda());
            if let (Some(name), Some(version)) = (name, self.question.ran(entry))
                && entry.list.path == list.path
            {
                pins.push(format!("{name}=={version}"));
                self.reduction.ran.insert(name.clone(), version.clone());
            }
        }
        pins
    }

    /// Takes lines out of a list and names the file that gets their versions.
    fn take(
        &mut self,
        list: &RequirementList,
        entries: &[&ListEntry],
        pins: Vec<String>,
    ) -> Result<(), Obstacle> {
        let question = self.question;
        let (file, named) = file_for(question.tree, question.root, question.lists, list);
        let option = (!pins.is_empty() && !named).then(|| format!("-c {}", file.name()));
        if !pins.is_empty() {
            self.reduction.constraints.insert(file.clone());
            self.pins.entry(file).or_default().extend(pins);
        }
        let mut gone: Vec<(Span, String)> = entries
            .iter()
            .flat_map(|entry| removable(entry.list, entry.index))
            .map(|span| (span, String::new()))
            .collect();
        let is_of_conda = matches!(list.role, Role::CondaPip | Role::Conda);
        let own = entries.iter().filter(|it| !it.is_conda()).count();
        let items = list.lines.iter().filter(|it| it.content != Content::Blank);
        if list.role == Role::CondaPip && own == items.count() && option.is_none() {
            gone.extend(key_line(list).map(|span| (span, String::new())));
        }
        let changes = if is_of_conda {
            let option: Vec<Change> = option.into_iter().map(Change::PipItem).collect();
            vec![conda(list, &gone, &option)?]
        } else {
            let end = list.text.line_end().as_str();
            let option = option.map(|option| (head(list), format!("{option}{end}")));
            option.into_iter().chain(gone).collect()
        };
        let edits = changes.into_iter().map(|(span, text)| Edit::Replace {
            path: list.path.clone(),
            span,
            text,
        });
        self.reduction.edits.extend(edits);
        Ok(())
    }

    fn write_pins(&mut self) {
        for (path, mut pins) in std::mem::take(&mut self.pins) {
            pins.dedup();
            let mut all = self.question.lists.constraints.iter();
            let edit = match all.find(|list| list.path == path) {
                Some(list) => appended(list, &pins),
                None => Edit::create(path, format!("{HEAD}\n{}\n", pins.join("\n"))),
            };
            self.reduction.edits.push(edit);
        }
    }
}

/// The constraints file of a list, and whether the list names it already.
pub(crate) fn file_for(
    tree: &dyn Tree,
    root: &TreePath,
    lists: &Lists,
    list: &RequirementList,
) -> (TreePath, bool) {
    let named = named(list, "constraint");
    let ours = |path: &TreePath| {
        let mut constraints = lists.constraints.iter();
        path.is_in(root) && constraints.any(|it| it.path == *path)
    };
    if let Some(path) = named.into_iter().find(ours) {
        return (path, true);
    }
    let folder = list.path.parent();
    let is_free = |path: &TreePath| tree.kind(path).is_none() && tree.resolve(path).is_err();
    let numbered = (2..100).map(|number| folder.child(&format!("constraints-{number}.txt")));
    let usual = NAMES.iter().map(|name| folder.child(name));
    let file = usual.chain(numbered).find(is_free);
    (
        file.unwrap_or_else(|| folder.child("constraints-0.txt")),
        false,
    )
}

/// Lines at the end of a list.
pub(crate) fn appended(list: &RequirementList, pins: &[String]) -> Edit {
    let text = list.text.as_str();
    let end = list.text.line_end().as_str();
    let ended = text.is_empty()
        || lines(text)
            .last()
            .is_some_and(|line| line.end > line.span.end);
    let before = if ended { "" } else { end };
    Edit::Replace {
        path: list.path.clone(),
        span: Span::at(text.len()),
        text: format!("{before}{}{end}", pins.join(end)),
    }
}

/// What a constraint says of the entry: constraints have neither extras nor options. Who brought it
/// is still written beside it, where a tool wrote that.
fn constraint(entry: &ListEntry, target: Target) -> Option<String> {
    let text = entry.list.text.as_str();
    let of = |span: Span| unfolded(span.slice(text)).trim().to_owned();
    let key = entry.name.clone()?;
    let requirement = entry.requirement;
    let (name, versions) = match (&requirement.source, requirement.name) {
        (RequirementSource::Specifiers(span), Some(name)) if entry.line.verbatim => {
            (of(name), of(*span))
        }
        _ => (key, requirement.versions.as_ref()?.to_string()),
    };
    let marker = match requirement.marker {
        Some(span) if entry.line.verbatim => format!(" ; {}", of(span)),
        Some(_) => return None,
        None => String::new(),
    };
    let annotation = annotation(entry.list, entry.index).filter(|_| are_for(entry.list, target));
    let via = annotation.map(|annotation| format!("  # via {}", annotation.parents.join(", ")));
    let via = via.unwrap_or_default();
    Some(format!("{name}{versions}{marker}{via}"))
}

/// Where an option goes: before the first line that says something, and behind the comment at the
/// head of the file.
pub(crate) fn head(list: &RequirementList) -> Span {
    let first = list
        .lines
        .iter()
        .position(|line| line.content != Content::Blank);
    let at = first.unwrap_or(list.lines.len());
    let before = list.lines.get(..at).unwrap_or_default();
    // A comment right above a line belongs to the line, unless it begins the file.
    let attached = before
        .iter()
        .rev()
        .take_while(|line| line.comment.is_some());
    let attached = attached.count();
    let at = if attached == before.len() {
        at
    } else {
        at - attached
    };
    let line = list.lines.get(at);
    Span::at(line.map_or(list.text.as_str().len(), |line| line.full.start))
}

/// The one change of an `environment.yml`: replaced spans, and additions.
pub(in crate::packages) fn conda(
    list: &RequirementList,
    gone: &[(Span, String)],
    additions: &[Change],
) -> Result<(Span, String), Obstacle> {
    let blocked = || Obstacle {
        path: list.path.clone(),
        span: None,
        why: Blocked::NoPlace(additions.first().map_or("pip", Change::value).to_owned()),
    };
    let cut = splice(list.text.as_str(), gone).map_err(|_| blocked())?;
    let mut new: Text = list.text.with_content(cut);
    if !additions.is_empty() {
        new = edit(&new, additions).map_err(|_| blocked())?;
    }
    difference(list.text.as_str(), new.as_str()).ok_or_else(blocked)
}

/// The line `- pip:` of a list that loses all items: conda refuses an empty one.
fn key_line(list: &RequirementList) -> Option<Span> {
    let file = CondaEnvironment::parse(&list.text).ok()?;
    let key = file.pip_key()?;
    let mut all = lines(list.text.as_str());
    let line = all.find(|it| it.span.start <= key.start && key.end <= it.end)?;
    (line.span.slice(list.text.as_str()).trim() == "- pip:").then(|| line.full())
}

/// The files that a list names with an option, as paths.
fn named(list: &RequirementList, option: &str) -> Vec<TreePath> {
    let options = list.options().map(|(_, item)| item);
    let named = options.filter(|item| item.name == option);
    named
        .filter_map(|item| list.path.parent().join(&item.text).ok())
        .collect()
}

/// For each list, the lists that are installed wherever it is: itself and what it includes.
pub(super) fn included(all: &Lists) -> BTreeMap<TreePath, BTreeSet<TreePath>> {
    let mut found = BTreeMap::new();
    for list in &all.installing {
        let mut reached: BTreeSet<TreePath> = BTreeSet::from([list.path.clone()]);
        let mut waiting = vec![*list];
        while let Some(list) = waiting.pop() {
            for path in named(list, "requirement") {
                let included = all.installing.iter().find(|it| it.path == path);
                if reached.insert(path) {
                    waiting.extend(included.copied());
                }
            }
        }
        found.insert(list.path.clone(), reached);
    }
    found
}
