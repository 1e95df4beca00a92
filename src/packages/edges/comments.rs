//! What `pip-compile` and `uv pip compile` write beside each line of a list: who asked for it
//! (`# via dash`), in one line or in several.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::{Operator, Version};

use super::{Metadata, Needs, Origin};
use crate::app::{App, RequirementList};
use crate::files::requirements::{Content, Line, Requirement, is_name, normalized_name};
use crate::packages::{Dependency, Target};
use crate::text::Span;
use crate::tree::{MemoryTree, TreePath};

/// Who asked for a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Annotation {
    /// Distributions that need it, normalised.
    pub parents: Vec<String>,
    /// What people wrote that asks for it: `-r requirements.in`, with its place.
    pub asked: Vec<(String, Span)>,
    /// How many lines below belong to it.
    pub below: usize,
}

/// The annotation of line `index` of a list.
pub fn annotation(list: &RequirementList, index: usize) -> Option<Annotation> {
    let text = list.text.as_str();
    let line = list.lines.get(index)?;
    if !matches!(line.content, Content::Requirement(_)) {
        return None;
    }
    let mut annotation = Annotation::default();
    let below = list.lines.get(index + 1..).unwrap_or_default();
    let mut parts = Vec::new();
    if let Some(span) = line.comment
        && let Some(first) = via(text, span)
    {
        parts.push(first);
    } else {
        parts.push(via(text, comment_only(below.first()?)?)?);
        annotation.below = 1;
    }
    let several = |part: &Span| part.slice(text).is_empty();
    if parts.first().is_some_and(several) {
        let more = below.iter().skip(annotation.below);
        let more = more.map_while(|line| named_below(text, comment_only(line)?));
        parts.extend(more);
        annotation.below += parts.len() - 1;
    }
    for part in parts {
        annotation.read(text, part);
    }
    Some(annotation)
}

/// What to cut to take line `index` out of a list: the line, and what a tool wrote below it.
pub fn removable(list: &RequirementList, index: usize) -> Vec<Span> {
    let below = annotation(list, index).map_or(0, |it| it.below);
    let lines = list.lines.iter().skip(index).take(below + 1);
    lines.filter_map(|line| list.removable(line)).collect()
}

/// The comment of a line that holds nothing else.
fn comment_only(line: &Line) -> Option<Span> {
    (line.content == Content::Blank).then_some(line.comment)?
}

/// What stands behind `# via`.
fn via(text: &str, comment: Span) -> Option<Span> {
    let content = comment.slice(text);
    let rest = content.strip_prefix('#')?.trim_start();
    let rest = rest.strip_prefix("via")?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace))
        .then(|| Span::new(comment.end - rest.len(), comment.end).trimmed(text))
}

/// What stands behind `#   `: a tool puts three blanks there, a person one.
fn named_below(text: &str, comment: Span) -> Option<Span> {
    let rest = comment.slice(text).strip_prefix("#  ")?;
    Some(Span::new(comment.end - rest.len(), comment.end).trimmed(text))
}

impl Annotation {
    fn read(&mut self, text: &str, part: Span) {
        let mut at = part.start;
        for piece in part.slice(text).split(',') {
            let span = Span::new(at, at + piece.len()).trimmed(text);
            at += piece.len() + 1;
            self.add(span.slice(text), span);
        }
    }

    fn add(&mut self, what: &str, span: Span) {
        let name = what.split('[').next().unwrap_or_default();
        if what.starts_with("-c ") || what.is_empty() {
            // A constraint limits and asks for nothing.
        } else if what.starts_with('-') || what.contains(['(', '/', ' ']) || is_file(what) {
            self.asked.push((what.to_owned(), span));
        } else if is_name(name) {
            self.parents.push(normalized_name(name));
        }
    }
}

/// Older tools name the file without `-r`.
fn is_file(what: &str) -> bool {
    let lower = what.to_ascii_lowercase();
    [".in", ".txt", ".toml", ".py", ".cfg"]
        .iter()
        .any(|end| lower.ends_with(end))
}

/// The comments of lists, turned around: what each distribution brought.
pub(super) struct Comments {
    brought: BTreeMap<String, BTreeSet<String>>,
    /// Of whom the comments tell everything, and where.
    told: BTreeMap<String, TreePath>,
}

impl Comments {
    /// The comments of lists; `None` without any. Those of a list that was made for another Python
    /// do not count: its distributions may need others then.
    pub(super) fn read(lists: &[&RequirementList], target: Target) -> Option<Self> {
        let mut comments = Self {
            brought: BTreeMap::new(),
            told: BTreeMap::new(),
        };
        for list in lists.iter().filter(|list| are_for(list, target)) {
            comments.add(list, is_compiled(list));
        }
        (!comments.brought.is_empty()).then_some(comments)
    }

    /// Adds a list; of a compiled one the comments tell everything.
    fn add(&mut self, list: &RequirementList, compiled: bool) {
        for (index, line) in list.lines.iter().enumerate() {
            let Content::Requirement(requirement) = &line.content else {
                continue;
            };
            let Some(name) = &requirement.key else {
                continue;
            };
            let annotation = annotation(list, index);
            // Older tools write nothing beside what people asked for.
            if compiled || annotation.is_some() {
                self.told.insert(name.clone(), list.path.clone());
            }
            for parent in annotation.into_iter().flat_map(|it| it.parents) {
                let brought = self.brought.entry(parent).or_default();
                brought.insert(name.clone());
            }
        }
    }
}

/// Whether the comments of a list count for a target.
pub fn are_for(list: &RequirementList, target: Target) -> bool {
    made_for(list).is_none_or(|python| python == target)
}

/// The comments at the head of a list, in lower case.
fn head(list: &RequirementList) -> impl Iterator<Item = String> {
    let comments = list.lines.iter().map_while(comment_only);
    comments.map(|span| span.slice(list.text.as_str()).to_ascii_lowercase())
}

fn is_compiled(list: &RequirementList) -> bool {
    head(list).any(|line| line.contains("autogenerated by"))
}

/// The Python that the head of a list says it was made for: `by pip-compile with Python 3.8`,
/// `uv pip compile --python-version 3.8`.
fn made_for(list: &RequirementList) -> Option<Target> {
    let marks = ["with python ", "--python-version ", "--python-version="];
    head(list).find_map(|line| {
        let found = marks.iter().find_map(|mark| line.split_once(mark));
        found?.1.split_whitespace().next()?.parse().ok()
    })
}

impl Needs for Comments {
    fn needs(&self, name: &str, _version: &Version) -> Option<Vec<Dependency>> {
        self.told.get(name)?;
        let brought = self.brought.get(name).into_iter().flatten();
        let needs = brought.map(|name| Dependency {
            name: name.clone(),
            extras: Vec::new(),
            versions: None,
            marker: None,
        });
        Some(needs.collect())
    }

    fn origin(&self, name: &str) -> Origin {
        let path = self.told.get(name).cloned();
        Origin::Comments(path.unwrap_or_else(TreePath::root))
    }
}

impl Metadata {
    /// What a resolver told by the list that it made: every release with who asked for it.
    pub fn compiled(tool: &str, text: &str) -> Self {
        let tree = MemoryTree::new([("requirements.txt", text)]);
        let app = App::new(&tree, TreePath::root());
        let mut metadata = Self::online(tool);
        let Some(list) = app.requirements().lists.first() else {
            return metadata;
        };
        let mut comments = Comments {
            brought: BTreeMap::new(),
            told: BTreeMap::new(),
        };
        comments.add(list, true);
        for (_, _, requirement) in list.requirements() {
            if let Some((name, version)) = requirement.key.as_ref().zip(pin(requirement)) {
                let needs = comments.needs(name, &version).unwrap_or_default();
                metadata.insert(name, version, needs);
            }
        }
        metadata
    }
}

/// The exact version of a requirement.
fn pin(requirement: &Requirement) -> Option<Version> {
    let mut versions = requirement.versions.as_ref()?.iter();
    let one = versions.next().filter(|_| versions.next().is_none());
    let exact = one.filter(|one| matches!(one.operator(), Operator::Equal | Operator::ExactEqual));
    exact.map(|one| one.version().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_list<T>(text: &str, work: impl FnOnce(&RequirementList) -> T) -> T {
        let tree = MemoryTree::new([("requirements.txt", text)]);
        let app = App::new(&tree, TreePath::root());
        work(&app.requirements().lists[0])
    }

    #[test]
    fn both_forms_are_read() {
        let text = "click==8.1    # via flask, dash[testing]\n\
            flask==2.0\n    # via dash\n\
            six==1.0\n    # via\n    #   -r requirements.in\n    #   -c limits.txt\n    #   flask\n# a note\n\
            dash==2.9 # via -r requirements.in\n\
            x==1  # via requirements.in\n\
            y==1  # viable\n\
            z==1 # via my-app (pyproject.toml)\n";
        with_list(text, |list| {
            let of = |index| annotation(list, index);
            assert_eq!(of(0).unwrap().parents, ["flask", "dash"]);
            let flask = of(1).unwrap();
            assert_eq!((flask.parents, flask.below), (vec!["dash".to_owned()], 1));
            let six = of(3).unwrap();
            assert_eq!((six.parents, six.below), (vec!["flask".to_owned()], 4));
            assert_eq!(six.asked[0].0, "-r requirements.in");
            assert_eq!(six.asked[0].1.slice(text), "-r requirements.in");
            assert_eq!(of(9).unwrap().asked[0].0, "-r requirements.in");
            assert_eq!(of(10).unwrap().asked[0].0, "requirements.in");
            assert_eq!(of(11), None);
            assert_eq!(of(12).unwrap().asked[0].0, "my-app (pyproject.toml)");
        });
    }

    #[test]
    fn comments_say_what_each_brought() {
        let text = "flask==2.0 # via dash\nclick==8 # via flask\nother==1\n";
        with_list(text, |list| {
            let comments = Comments::read(&[list], Target::new(10)).unwrap();
            let needs = |name: &str| {
                let needs = comments.needs(name, &"1".parse().unwrap())?;
                Some(needs.into_iter().map(|it| it.name).collect::<Vec<_>>())
            };
            assert_eq!(needs("flask").unwrap(), ["click"]);
            assert_eq!(needs("click").unwrap(), [""; 0]);
            assert_eq!(needs("dash"), None);
            assert_eq!(needs("other"), None);
        });
        let text = format!("# autogenerated by pip-compile\n#\ndash==2.9\n{text}");
        with_list(&text, |list| {
            let comments = Comments::read(&[list], Target::new(10)).unwrap();
            let dash = comments.needs("dash", &"1".parse().unwrap()).unwrap();
            assert_eq!(dash[0].name, "flask");
            let origin = Origin::Comments(list.path.clone());
            assert_eq!(comments.origin("dash"), origin);
        });
        with_list("dash==2.9\nflask==2.0\n", |list| {
            assert!(Comments::read(&[list], Target::new(10)).is_none());
        });
    }

    /// What `uv pip compile` 0.13 answers for `celery[redis]==5.2.7`, in part.
    const ANSWER: &str = "\
async-timeout==5.0.1
    # via redis
celery==5.2.7
click==8.5.1
    # via
    #   celery
    #   click-repl
click-repl==0.4.1
    # via celery
redis==4.5.5
    # via
    #   -c constraints.txt
    #   celery
";

    #[test]
    fn the_answer_of_a_resolver_tells_everything() {
        let metadata = Metadata::compiled("uv", ANSWER);
        let needs = |name: &str, version: &str| {
            let needs = metadata.needs(name, &version.parse().unwrap())?;
            Some(needs.into_iter().map(|it| it.name).collect::<Vec<_>>())
        };
        let celery = ["click", "click-repl", "redis"];
        assert_eq!(needs("celery", "5.2.7").unwrap(), celery);
        assert_eq!(needs("redis", "4.5.5").unwrap(), ["async-timeout"]);
        assert_eq!(needs("async-timeout", "5.0.1").unwrap(), [""; 0]);
        assert_eq!(needs("celery", "5.2.6"), None);
        assert_eq!(needs("flask", "1.0"), None);
        assert_eq!(metadata.origin("redis").to_string(), "uv");
        assert!(Metadata::compiled("uv", "").is_empty());
    }

    #[test]
    fn a_list_for_another_python_does_not_answer() {
        for (head, minor) in [
            (
                "# This file is autogenerated by pip-compile with Python 3.8\n",
                8,
            ),
            (
                "#\n# This file is autogenerated by pip-compile with python 3.9\n",
                9,
            ),
            (
                "#    uv pip compile requirements.in --python-version 3.11 -o x\n",
                11,
            ),
        ] {
            let text = format!("{head}#\nflask==2.0 # via dash\n");
            with_list(&text, |list| {
                assert!(Comments::read(&[list], Target::new(minor)).is_some());
                assert!(Comments::read(&[list], Target::new(7)).is_none());
            });
        }
    }
}
