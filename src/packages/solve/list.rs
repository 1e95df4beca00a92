//! The requirements of an app as they are asked of a resolver: which lines count, which are set
//! aside, which indexes the list names.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};
use serde::Deserialize;

use crate::app::conda_names::conda_only;
use crate::app::{RequirementGraph, RequirementList, Role};
use crate::files::requirements::{
    Content, Line, OptionItem, Requirement, RequirementSource, Url, normalized_name, unfolded,
};
use crate::packages::{Dependency, Target};
use crate::secrets::redacted;
use crate::tables::table;
use crate::text::{Position, Span};
use crate::tree::TreePath;

static INDEXES: LazyLock<Indexes> = LazyLock::new(|| table!("index_urls"));

#[derive(Debug, Default, Deserialize)]
struct Indexes {
    de4_paths: Vec<String>,
}

/// A requirement that a resolver is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The distribution, normalised.
    pub name: String,
    /// Whether it only limits versions: a line of a `-c` file.
    pub is_constraint: bool,
    /// The extras that are asked of it, normalised.
    pub extras: Vec<String>,
    /// The name and extras as written: `celery[redis]`.
    pub head: String,
    /// The specifiers as written; empty for none.
    pub specifiers: String,
    /// The specifiers, read.
    pub versions: Option<VersionSpecifiers>,
    /// The file.
    pub path: TreePath,
    /// What an edit replaces: the specifiers, or the place for some; none where no edit can.
    pub span: Option<Span>,
    /// Where the line begins, for people.
    pub position: Position,
    /// Whether the line has hashes, which go when anything changes.
    pub has_hashes: bool,
    /// Whether conda installs it, which reads no constraints.
    pub is_conda: bool,
}

impl Ask {
    /// The requirement as written, without its marker: it was evaluated.
    pub fn as_written(&self) -> String {
        format!("{}{}", self.head, self.specifiers)
    }

    /// The version that the specifiers speak of; the highest of several.
    pub fn version(&self) -> Option<Version> {
        let specifiers = self.versions.as_ref()?.iter();
        let named = specifiers
            .filter(|one| !matches!(one.operator(), Operator::NotEqual | Operator::NotEqualStar));
        named.map(|one| one.version().clone()).max()
    }
}

/// A line that is not part of what is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// What it is, as a message names it.
    pub what: String,
    /// Why.
    pub why: AsideReason,
}

/// Why a line is not part of what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum AsideReason {
    /// Only a Dash Enterprise index has it.
    #[error("only the Dash Enterprise index has it")]
    Private,
    /// A URL, a path, a repository.
    #[error("it comes from a URL or a folder, not from an index")]
    NotFromIndex,
    /// A local version: somebody built it.
    #[error("it is a version of somebody's own (`+…`), which no public index has")]
    Local,
    /// A version that no public index ever had.
    #[error("no public release is as new: it is a private one")]
    Newer,
    /// Not in the snapshot, and nobody else was asked.
    #[error("it is not known here; ask an index without --offline")]
    Unknown,
    /// A package of conda that is not understood.
    #[error("only conda knows what it means, and its channels were not asked")]
    Conda,
    /// pip refuses the line.
    #[error("pip refuses the line")]
    Unreadable,
    /// An index of a Dash Enterprise 4 server.
    #[error("it is the package index of a Dash Enterprise 4 server, which was not asked")]
    OldIndex,
    /// An index that does not answer.
    #[error("this package index cannot be reached, and was left out")]
    Unreachable,
    /// A folder of the machine.
    #[error("it names a folder, which was not looked into")]
    Folder,
}

/// All that is asked for one app.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The requirements, in the order of the lists.
    pub asks: Vec<Ask>,
    /// The options that name indexes.
    pub options: Vec<String>,
    /// What is set aside.
    pub aside: Vec<Aside>,
}

impl Asked {
    /// The requirements of the lists of an app that count on the target. `private` are the
    /// normalised names of distributions that only a Dash Enterprise index has.
    pub fn from_graph(
        graph: &RequirementGraph,
        target: Target,
        private: &BTreeSet<String>,
    ) -> Self {
        let mut asked = Self::default();
        for list in lists(graph) {
            asked.add(list, target, private);
        }
        asked.aside.dedup();
        asked
    }

    fn add(&mut self, list: &RequirementList, target: Target, private: &BTreeSet<String>) {
        for line in &list.lines {
            if let Content::Requirement(requirement) = &line.content
                && counts(list, requirement, target)
            {
                self.add_requirement(list, line, requirement, private);
            }
        }
        for (_, option) in list.options() {
            self.add_option(option);
        }
        for (line, _) in list.unreadable() {
            let position = list.text.position(line.span.start);
            self.set_aside(
                format!("{}:{}", list.path, position.line),
                AsideReason::Unreadable,
            );
        }
    }

    fn add_requirement(
        &mut self,
        list: &RequirementList,
        line: &Line,
        requirement: &Requirement,
        private: &BTreeSet<String>,
    ) {
        let name = requirement.key.clone();
        if list.role == Role::Conda {
            return self.add_conda(list, line, requirement, private);
        }
        match (&requirement.source, name) {
            (RequirementSource::Any | RequirementSource::Specifiers(_), Some(name))
                if private.contains(&name) =>
            {
                self.set_aside(name, AsideReason::Private);
            }
            (RequirementSource::Any | RequirementSource::Specifiers(_), Some(name))
                if is_local(requirement) =>
            {
                self.set_aside(name, AsideReason::Local);
            }
            (RequirementSource::Any | RequirementSource::Specifiers(_), Some(name)) => {
                self.asks.extend(ask(list, line, requirement, name));
            }
            (_, name) => {
                let position = list.text.position(line.span.start);
                let what = name.unwrap_or_else(|| format!("{}:{}", list.path, position.line));
                self.set_aside(what, AsideReason::NotFromIndex);
            }
        }
    }

    /// A line of conda's: as the distribution that it holds. Libraries and programs are conda's own.
    fn add_conda(
        &mut self,
        list: &RequirementList,
        line: &Line,
        requirement: &Requirement,
        private: &BTreeSet<String>,
    ) {
        let Some(name) = requirement.key.clone() else {
            return self.set_aside(redacted(&line.text), AsideReason::Conda);
        };
        let is_unread = requirement.versions.is_none()
            && matches!(requirement.source, RequirementSource::Specifiers(_));
        match name {
            name if conda_only(&name).is_some() => {}
            name if private.contains(&name) => self.set_aside(name, AsideReason::Private),
            _ if is_unread => self.set_aside(redacted(&line.text), AsideReason::Conda),
            name => self.asks.push(ask_conda(list, line, requirement, name)),
        }
    }

    fn add_option(&mut self, option: &OptionItem) {
        let url = Url::parse(&option.text);
        match option.name {
            "index-url" | "extra-index-url" | "find-links" => match url {
                Some(url) if is_de4(url.path) => {
                    self.set_aside(url.host.to_owned(), AsideReason::OldIndex);
                }
                Some(url) if is_remote(url.scheme) => self
                    .options
                    .push(format!("--{} {}", option.name, option.text)),
                _ => self.set_aside(format!("--{}", option.name), AsideReason::Folder),
            },
            "pre" => self.options.push("--pre".to_owned()),
            "trusted-host" => self.options.push(format!("--trusted-host {}", option.text)),
            _ => {}
        }
    }

    fn set_aside(&mut self, what: String, why: AsideReason) {
        let aside = Aside { what, why };
        if !self.aside.contains(&aside) {
            self.aside.push(aside);
        }
    }
}

/// The lists that the build reads: where `requirements.txt` is, conda's is not.
fn lists(graph: &RequirementGraph) -> impl Iterator<Item = &RequirementList> {
    let mut plain = graph.lists.iter();
    let has_plain = plain.next().is_some_and(|list| list.role != Role::CondaPip);
    let lists = graph.all_lists();
    let is_of_conda = |role| matches!(role, Role::CondaPip | Role::Conda);
    lists.filter(move |list| !has_plain || !is_of_conda(list.role))
}

fn counts(list: &RequirementList, requirement: &Requirement, target: Target) -> bool {
    let Some(marker) = requirement.marker else {
        return true;
    };
    let marker = unfolded(marker.slice(list.text.as_str()));
    let item = Dependency::parse(&format!("x; {}", marker.trim()));
    item.is_none_or(|item| item.applies(target, &[]))
}

/// conda's line in pip's words. What an edit replaces is all that stands behind the name.
fn ask_conda(list: &RequirementList, line: &Line, requirement: &Requirement, name: String) -> Ask {
    let behind = requirement.name.map(|name| match requirement.source {
        RequirementSource::Specifiers(span) => span,
        _ => Span::at(name.end),
    });
    let versions = requirement.versions.as_ref();
    Ask {
        head: name.clone(),
        name,
        extras: Vec::new(),
        is_constraint: false,
        specifiers: versions.map(ToString::to_string).unwrap_or_default(),
        versions: requirement.versions.clone(),
        path: list.path.clone(),
        span: behind.filter(|_| line.verbatim),
        position: list.text.position(line.span.start),
        has_hashes: false,
        is_conda: true,
    }
}

fn ask(
    list: &RequirementList,
    line: &Line,
    requirement: &Requirement,
    name: String,
) -> Option<Ask> {
    let text = list.text.as_str();
    let written = requirement.name?;
    let (head, specifiers, span) = if line.verbatim {
        let end = requirement.extras.last().map_or(written.end, |extra| {
            let rest = Span::new(extra.end, line.span.end).slice(text);
            extra.end + rest.find(']').map_or(0, |at| at + 1)
        });
        let span = match requirement.source {
            RequirementSource::Specifiers(span) => span,
            _ => Span::at(end),
        };
        (
            Span::new(written.start, end).slice(text).to_owned(),
            span.slice(text).to_owned(),
            Some(span),
        )
    } else {
        let whole = line.text.split(" --").next().unwrap_or_default();
        let whole = whole.split(';').next().unwrap_or_default().trim();
        let end = whole.find(['=', '<', '>', '~', '!', '(']);
        let (head, specifiers) = whole.split_at(end.unwrap_or(whole.len()));
        (head.trim().to_owned(), specifiers.to_owned(), None)
    };
    let extras = requirement.extras.iter();
    let extras = extras
        .map(|span| normalized_name(span.slice(text)))
        .collect();
    Some(Ask {
        name,
        extras,
        is_constraint: list.role == Role::Constraints,
        head,
        specifiers: specifiers.trim_matches(['(', ')']).to_owned(),
        versions: requirement.versions.clone(),
        path: list.path.clone(),
        span,
        position: list.text.position(line.span.start),
        has_hashes: requirement.hashes().next().is_some(),
        is_conda: false,
    })
}

/// Whether a version of it is somebody's own build: `1.9.0+cpu`.
fn is_local(requirement: &Requirement) -> bool {
    let specifiers = requirement.versions.iter().flat_map(|all| all.iter());
    let mut versions = specifiers.map(VersionSpecifier::version);
    versions.any(Version::is_local)
}

/// Whether an address of this scheme is asked over the network: `file://localhost/srv` is not.
fn is_remote(scheme: &str) -> bool {
    ["http", "https"]
        .iter()
        .any(|it| scheme.eq_ignore_ascii_case(it))
}

fn is_de4(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let known = INDEXES.de4_paths.iter();
    known
        .map(|known| known.to_ascii_lowercase())
        .any(|known| path.starts_with(&known))
}
