//! The requirement lists that an app's build reads: `requirements.txt`, what `-r` and `-c` name
//! from there, and the `pip:` lists of `environment.yml`; conda's lines stand beside them.

mod conda_list;

use std::collections::{BTreeMap, VecDeque};

use thiserror::Error;

use super::{App, Broken, FileState};
use crate::files::requirements::{Content, Line, OptionItem, Refusal, Requirement, Requirements};
use crate::text::{Span, Text};
use crate::tree::{PathError, ReadError, TreePath};

/// What a list is to the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `requirements.txt`, and what it or a `pip:` list includes with `-r`.
    Requirements,
    /// A file named with `-c`: it limits versions and installs nothing.
    Constraints,
    /// The `pip:` list of `environment.yml`.
    CondaPip,
    /// conda's own lines of `environment.yml`.
    Conda,
}

/// One list of requirements, with spans of the file that holds it.
#[derive(Debug, Clone)]
pub struct RequirementList {
    /// The file.
    pub path: TreePath,
    /// Its text.
    pub text: Text,
    /// What the list is to the build.
    pub role: Role,
    /// The logical lines. For a `pip:` list one per item, `full` being the scalar itself.
    pub lines: Vec<Line>,
}

/// Why an included file is not among the lists.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IncludeError {
    /// The path leads out of the repository: it is not read.
    #[error("{0}; it was not read")]
    Outside(#[from] PathError),
    /// The file was not read.
    #[error("{0}")]
    Unread(#[from] ReadError),
    /// A URL: the network is not used.
    #[error("is a URL; it was not read")]
    Url,
    /// Environment variables in the path: their values are known to the platform only.
    #[error("names an environment variable; it was not read")]
    Variable,
    /// The file includes itself, by itself or through others.
    #[error("includes itself in the end")]
    Cycle,
}

/// A `-r` or `-c` that could not be followed.
#[derive(Debug, Clone)]
pub struct Include {
    /// The file that holds the option.
    pub path: TreePath,
    /// The option.
    pub span: Span,
    /// The value, as written.
    pub target: String,
    /// Why it was not followed.
    pub error: IncludeError,
}

/// All lists of an app.
#[derive(Debug, Clone, Default)]
pub struct RequirementGraph {
    /// The lists, `requirements.txt` first; each file once, however often it is included.
    pub lists: Vec<RequirementList>,
    /// Files that are there and are not text.
    pub broken: Vec<Broken>,
    /// Includes that were not followed.
    pub unfollowed: Vec<Include>,
    /// conda's own lines, where the build reads them: as requirements of the distributions that
    /// the packages hold. They have conda's syntax, so that no edit of pip's may touch them.
    pub conda: Option<RequirementList>,
}

impl RequirementGraph {
    /// Follows the includes of the app's `requirements.txt`, and reads its `environment.yml`.
    pub fn from_app(app: &App) -> Self {
        let mut graph = Self::default();
        match app.requirements_txt() {
            FileState::Present(file) => {
                graph.follow(app, file.path.clone(), &file.text, &file.model);
            }
            FileState::Broken(broken) => graph.broken.push(broken.clone()),
            FileState::Absent => {}
        }
        graph.add_conda_list(app);
        graph
    }

    /// All requirements of lists that install something, with the list that holds each.
    pub fn requirements(&self) -> impl Iterator<Item = (&RequirementList, &Line, &Requirement)> {
        let installing = self
            .lists
            .iter()
            .filter(|list| list.role != Role::Constraints);
        installing.flat_map(RequirementList::requirements)
    }

    /// The same, conda's lines behind them.
    pub fn all_requirements(
        &self,
    ) -> impl Iterator<Item = (&RequirementList, &Line, &Requirement)> {
        let conda = self.conda.iter().flat_map(RequirementList::requirements);
        self.requirements().chain(conda)
    }

    /// All lists, constraints too, and conda's lines behind them.
    pub fn all_lists(&self) -> impl Iterator<Item = &RequirementList> {
        self.lists.iter().chain(&self.conda)
    }

    /// Whether the app asks for this distribution by name; `name` is normalised.
    pub fn names(&self, name: &str) -> bool {
        self.all_requirements()
            .any(|(list, _, requirement)| list.name(requirement).as_deref() == Some(name))
    }

    /// Whether every list was read to the end: only then the absence of a name means something.
    pub fn is_complete(&self) -> bool {
        let readable = |line: &Line| !matches!(line.content, Content::Unreadable(_));
        self.broken.is_empty()
            && self.unfollowed.is_empty()
            && self
                .lists
                .iter()
                .all(|list| list.lines.iter().all(readable))
    }

    fn follow(&mut self, app: &App, path: TreePath, text: &Text, model: &Requirements) {
        self.push(
            path,
            text.clone(),
            Role::Requirements,
            model.lines().to_vec(),
        );
        self.follow_last(app);
    }

    /// Opens what the last list includes, and what that includes.
    fn follow_last(&mut self, app: &App) {
        let mut waiting: VecDeque<usize> = self.lists.len().checked_sub(1).into_iter().collect();
        let mut parents: BTreeMap<usize, usize> = BTreeMap::new();
        while let Some(index) = waiting.pop_front() {
            for (target, role, include) in self.includes_of(index) {
                match self.open(app, &target, &include, role) {
                    Ok(true) => {
                        let last = self.lists.len() - 1;
                        parents.insert(last, index);
                        waiting.push_back(last);
                    }
                    Ok(false) if self.goes_round(index, &include, &parents) => {
                        let error = IncludeError::Cycle;
                        self.unfollowed.push(Include { error, ..include });
                    }
                    Ok(false) => {}
                    Err(error) => self.unfollowed.push(Include { error, ..include }),
                }
            }
        }
    }

    /// Whether an option of a list names that list, or one of those that lead to it.
    fn goes_round(
        &self,
        index: usize,
        include: &Include,
        parents: &BTreeMap<usize, usize>,
    ) -> bool {
        let Ok(path) = include.path.parent().join(&include.target) else {
            return false;
        };
        let mut above = std::iter::successors(Some(index), |it| parents.get(it).copied());
        above.any(|it| self.lists.get(it).is_some_and(|list| list.path == path))
    }

    fn push(&mut self, path: TreePath, text: Text, role: Role, lines: Vec<Line>) {
        self.lists.push(RequirementList {
            path,
            text,
            role,
            lines,
        });
    }

    /// The files that a list names with `-r` or `-c`, as written.
    fn includes_of(&self, index: usize) -> Vec<(String, Role, Include)> {
        let Some(list) = self.lists.get(index) else {
            return Vec::new();
        };
        let named = list.options().filter_map(|(_, option)| {
            let role = match option.name {
                // An included file is a plain list, wherever it is named.
                "requirement" if list.role == Role::CondaPip => Role::Requirements,
                "requirement" => list.role,
                "constraint" => Role::Constraints,
                _ => return None,
            };
            let target = option.text.clone();
            let include = Include {
                path: list.path.clone(),
                span: option.span,
                target: target.clone(),
                error: IncludeError::Url,
            };
            Some((target, role, include))
        });
        named.collect()
    }

    /// Reads an included file; false if it is among the lists already.
    fn open(
        &mut self,
        app: &App,
        target: &str,
        include: &Include,
        role: Role,
    ) -> Result<bool, IncludeError> {
        if target.contains("://") {
            return Err(IncludeError::Url);
        }
        if target.contains("${") {
            return Err(IncludeError::Variable);
        }
        let path = include.path.parent().join(target)?;
        let known = self.lists.iter().any(|list| list.path == path)
            || self.broken.iter().any(|broken| broken.path == path);
        if known {
            return Ok(false);
        }
        app.tree().resolve(&path)?;
        match FileState::<Requirements>::load(app.tree(), path) {
            FileState::Present(file) => {
                self.push(file.path, file.text, role, file.model.lines().to_vec());
                Ok(true)
            }
            FileState::Broken(broken) => {
                self.broken.push(broken);
                Ok(false)
            }
            FileState::Absent => Err(ReadError::NotFound.into()),
        }
    }

    fn add_conda_list(&mut self, app: &App) {
        let Some(file) = app.environment().present() else {
            return;
        };
        // Where `requirements.txt` is, pip builds the app.
        if !app.has("requirements.txt") && !app.has("Pipfile") {
            self.conda = conda_list::read(file);
        }
        let items = file.model.pip_items();
        if items.is_empty() {
            return;
        }
        let lines = items
            .iter()
            .map(|item| Requirements::item(&item.value, item.span, item.verbatim));
        self.push(
            file.path.clone(),
            file.text.clone(),
            Role::CondaPip,
            lines.collect(),
        );
        self.follow_last(app);
    }
}

impl RequirementList {
    /// The requirements of the list, with the line of each.
    pub fn requirements(&self) -> impl Iterator<Item = (&Self, &Line, &Requirement)> {
        self.lines
            .iter()
            .filter_map(move |line| match &line.content {
                Content::Requirement(requirement) => Some((self, line, requirement)),
                _ => None,
            })
    }

    /// The options that stand for the whole list, with the line of each.
    pub fn options(&self) -> impl Iterator<Item = (&Line, &OptionItem)> {
        self.lines.iter().flat_map(|line| {
            let options = match &line.content {
                Content::Options(options) => options.as_slice(),
                _ => &[],
            };
            options.iter().map(move |option| (line, option))
        })
    }

    /// The lines that pip refuses.
    pub fn unreadable(&self) -> impl Iterator<Item = (&Line, &Refusal)> {
        self.lines.iter().filter_map(|line| match &line.content {
            Content::Unreadable(refusal) => Some((line, refusal)),
            _ => None,
        })
    }

    /// The normalised name of a requirement of this list.
    pub fn name(&self, requirement: &Requirement) -> Option<String> {
        requirement.key.clone()
    }

    /// What to replace to take the line out of the list; `None` for an item of a `pip:` list that
    /// shares its line with others.
    pub fn removable(&self, line: &Line) -> Option<Span> {
        match self.role {
            Role::CondaPip | Role::Conda => item_line(&self.text, line.span),
            Role::Requirements | Role::Constraints => Some(line.full),
        }
    }
}

/// The whole line of a YAML list's item, if nothing else stands on it.
fn item_line(text: &Text, item: Span) -> Option<Span> {
    let line = text.line(text.line_number(item.start))?;
    let text = text.as_str();
    if item.end > line.span.end {
        return None;
    }
    let quote = |c| matches!(c, '"' | '\'');
    let before = Span::new(line.span.start, item.start).slice(text);
    let after = Span::new(item.end, line.span.end).slice(text);
    let dash = before.trim_end_matches(quote).trim_end();
    let rest = after.trim_start_matches(quote);
    let ends =
        rest.trim().is_empty() || (rest.trim_start().starts_with('#') && rest.starts_with(' '));
    (dash.trim() == "-" && ends).then(|| line.full())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_alone_on_its_line_is_found() {
        let text = "pip:\n  - dash\n  - \"six\"  # why\n  - - a\nx: [b, c]\n";
        let at = |word: &str| {
            let start = text.find(word).unwrap();
            item_line(&Text::new(text), Span::new(start, start + word.len()))
                .map(|span| span.slice(text))
        };
        assert_eq!(at("dash"), Some("  - dash\n"));
        assert_eq!(at("six"), Some("  - \"six\"  # why\n"));
        assert_eq!((at("a\n"), at("b"), at("c]")), (None, None, None));
    }
}
