//! DL205: a pin that the app's Python cannot install, or that does not start there, as the snapshot
//! of the index and the tables beside it tell.

mod asked;
mod instead;
mod nearest;
mod words;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;

use self::asked::{PinnedRequirement, Why};
use self::nearest::{Nearest, fitting, nearest};
use super::foreign_platform::is_misnamed;
use crate::app::{App, RequirementGraph, RequirementList, Role};
use crate::files::requirements::{Line, Requirement};
use crate::packages::brought::Brought;
use crate::packages::evidence::uses;
use crate::packages::obsolete::backport;
use crate::packages::snapshot::{self, Build, Installs, Release};
use crate::packages::{Target, snapshot::BuildRow};
use crate::rules::data::python::pythons;
use crate::rules::requirement_lists::{READ_CHANGES, all, has_other_index, replace};
use crate::rules::support::{apt_names, is_built_by_conda};
use crate::rules::{
    Case, Category, Check, Code, Draft, Finding, Fix, Inputs, Rule, Settings, SourceInputs, Stage,
    Subject, private_names, python,
};

/// DL205.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(205),
    stem: "python-compat",
    category: Category::Must,
    summary: "a pin that the app's Python cannot install or start",
    cases: &[PYTHON, NO_FILE, NO_RELEASE, LOCAL, BUILD, START],
    inputs: Inputs::files(&[
        "runtime.txt",
        "project.toml",
        "environment.yml",
        "Aptfile",
        "apt-packages",
    ])
    .lists()
    .sources(SourceInputs::Any),
    page: include_str!("../../../rules/DL205-python-compat.md"),
    check: Check::App(check),
};

const PYTHON: Case = Case::new("python");
const NO_FILE: Case = Case::new("no-file");
const NO_RELEASE: Case = Case::new("no-release");
const LOCAL: Case = Case::new("local");
const BUILD: Case = Case::new("build");
const START: Case = Case::new("start");

impl Why {
    const fn case(&self) -> Case {
        match self {
            Self::Python => PYTHON,
            Self::NoFile => NO_FILE,
            Self::NoRelease => NO_RELEASE,
            Self::Local => LOCAL,
            Self::Build { .. } => BUILD,
            Self::Start(_) => START,
        }
    }

    const fn stage(&self) -> Stage {
        match self {
            Self::Start(_) => Stage::Start,
            _ => Stage::Build,
        }
    }
}

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    let graph = app.requirements();
    let Some(target) = python(app, settings).target else {
        return Vec::new();
    };
    let conda = is_built_by_conda(app);
    let lists = graph.lists.iter();
    let lists = lists.filter(|list| conda || list.role != Role::CondaPip);
    let asked: Vec<PinnedRequirement> = lists
        .flat_map(RequirementList::requirements)
        .filter_map(|(list, line, requirement)| {
            PinnedRequirement::read(list, line, requirement, target)
        })
        .collect();
    let view = PinnedView {
        app,
        graph,
        settings,
        target,
        elsewhere: has_other_index(app),
        private: private_names(app, settings),
        asked: &asked,
        brought: OnceCell::new(),
        started: RefCell::default(),
    };
    asked.iter().filter_map(|one| view.report(one)).collect()
}

/// Whether pip refuses what the line asks for on the target, as far as the snapshot knows.
pub(in crate::rules) fn is_refused(
    list: &RequirementList,
    line: &Line,
    requirement: &Requirement,
    target: Target,
) -> bool {
    let asked = PinnedRequirement::read(list, line, requirement, target);
    let why = asked.and_then(|it| it.why(snapshot::find(it.name)?.releases(), target, true));
    matches!(why, Some(Why::Python | Why::NoFile | Why::NoRelease))
}

/// All that is asked, and for which Python.
struct PinnedView<'a, 't> {
    app: &'a App<'t>,
    graph: &'a RequirementGraph,
    settings: &'a Settings,
    target: Target,
    /// Whether the lists ask another index too, or a page of links.
    elsewhere: bool,
    private: BTreeSet<String>,
    asked: &'a [PinnedRequirement<'a>],
    /// What comes with the lists, once somebody asked: many lines ask the same.
    brought: OnceCell<Brought>,
    /// Whether the app runs code of a distribution, for those that were asked for.
    started: RefCell<BTreeMap<String, bool>>,
}

impl PinnedView<'_, '_> {
    fn report(&self, asked: &PinnedRequirement) -> Option<Finding> {
        if self.is_needless(asked) || self.private.contains(asked.name) {
            return None;
        }
        // A line without versions takes those of another line.
        let is_bare = asked.span.is_none();
        let mut others = self.asked.iter().filter(|it| it.name == asked.name);
        if is_bare && others.any(|it| it.span.is_some()) {
            return None;
        }
        let known = snapshot::find(asked.name);
        let releases = known.as_ref().map_or(&[][..], |it| it.releases());
        let why = asked.why(releases, self.target, self.elsewhere)?;
        let category = self.category(asked, &why);
        let draft = RULE
            .report(
                why.case(),
                Subject::Distribution(asked.name.to_owned()),
                &asked.list.path,
                words::message(asked, releases, &why, self.target),
            )
            .span(asked.requirement.span)
            .category(category)
            .stops(category == Category::Must, why.stage());
        Some(self.mend(asked, releases, &why, draft))
    }

    fn category(&self, asked: &PinnedRequirement, why: &Why) -> Category {
        // A constraint of what no list names may be one of what is never installed.
        let counts = asked.list.role != Role::Constraints || self.graph.names(asked.name);
        match why {
            Why::NoFile if asked.local().is_some() => Category::Should,
            Why::Python | Why::NoFile | Why::NoRelease | Why::Local if counts => Category::Must,
            Why::Build { row, .. } if row.kind == Build::Broken && counts => Category::Must,
            // Somebody thought of what the build needs; whether it finds that is not known.
            Why::Build { row, .. } if self.asks_apt_for(row) => Category::May,
            Why::Start(_) if counts && self.is_started(asked.name) => Category::Must,
            _ => Category::Should,
        }
    }

    /// Whether the app's Debian packages hold what a build needs.
    fn asks_apt_for(&self, row: &BuildRow) -> bool {
        !row.apt.is_empty() && apt_names(self.app).iter().any(|it| row.apt.contains(it))
    }

    /// Whether the app runs code of the distribution: it uses it itself, or something that comes
    /// with the lists needs it.
    fn is_started(&self, name: &str) -> bool {
        if let Some(known) = self.started.borrow().get(name) {
            return *known;
        }
        let is_used = !uses(self.app, &BTreeSet::from([name.to_owned()])).is_empty();
        let is_started = is_used || self.is_needed(name);
        let mut known = self.started.borrow_mut();
        known.insert(name.to_owned(), is_started);
        is_started
    }

    fn is_needed(&self, name: &str) -> bool {
        let gather = || Brought::gather(self.app, self.target, &self.private);
        let brought = self.brought.get_or_init(gather);
        brought.names().iter().filter(|it| *it != name).any(|it| {
            let version = brought.version(it);
            let needs = version.and_then(|version| snapshot::needs(it, version));
            let mut needs = needs.into_iter().flatten();
            needs.any(|need| need.name == name && need.applies(self.target, &[]))
        })
    }

    /// Whether DL206 takes it out: a copy of a standard module, or no distribution of an index.
    fn is_needless(&self, asked: &PinnedRequirement) -> bool {
        let copy = backport(asked.name).filter(|row| row.imports.is_none());
        let is_copy = copy.is_some_and(|row| self.target.minor() >= row.since);
        if is_misnamed(self.app, asked.list, asked.requirement) {
            return true;
        }
        is_copy && asked.requirement.marker.is_none() && asked.list.role != Role::Constraints
    }

    fn mend(
        &self,
        asked: &PinnedRequirement,
        releases: &[Release],
        why: &Why,
        draft: Draft,
    ) -> Finding {
        let draft = self.other_python(asked, releases, draft);
        let draft = match why {
            Why::Build { row, .. } => match self.mend_build(asked, row, draft) {
                Ok(finding) => return finding,
                Err(draft) => *draft,
            },
            _ => draft,
        };
        if let Some(local) = asked.local() {
            return draft.guide(self.keep_local(asked, releases, &local));
        }
        let Some(pin) = asked.pin() else {
            return draft.guide(self.by_range(asked, releases));
        };
        // Lines with the same pin move together; the others limit where to.
        let same = |it: &&PinnedRequirement| it.pin() == Some(pin);
        let named = self.asked.iter().filter(|it| it.name == asked.name);
        let (together, limits): (Vec<&PinnedRequirement>, Vec<&PinnedRequirement>) =
            named.partition(same);
        let allowed = |version: &Version| limits.iter().all(|it| it.allows(version));
        let Some(found) = nearest(releases, pin, self.target, allowed) else {
            return draft.guide(self.none_fits(asked, !limits.is_empty()));
        };
        let draft = draft.note(self.describe_fix(asked, &found));
        if self.checks_hashes() {
            return draft.guide(
                "Ask for it where the list is made from (`pip-compile --generate-hashes` or the \
                 like) and make it anew: pip checks hashes here, so one line cannot change alone.",
            );
        }
        if !together.iter().all(|it| it.line.verbatim) {
            return draft.guide(format!("Write {} in its place.", found.version));
        }
        let title = format!("ask for {} {}", asked.name, found.version);
        let mut fix = Fix::unsafe_(title);
        for one in &together {
            if let Some(span) = one.version_span() {
                fix = fix.edit(replace(one.list, span, &found.version.to_string()));
            }
        }
        let limiting = limits.iter().filter(|it| it.list.path != asked.list.path);
        for one in limiting {
            fix = fix.reading(one.list.path.clone());
        }
        draft.step(READ_CHANGES).fix(fix)
    }

    /// Which version the fix takes.
    fn describe_fix(&self, asked: &PinnedRequirement, found: &Nearest) -> String {
        let side = if found.newer { "newer" } else { "older" };
        let how = match found.installs {
            Installs::Wheel => format!("with a wheel for {}", self.target),
            _ => format!("that installs on {}", self.target),
        };
        format!(
            "{} {} is the nearest {side} version {how} (index of {}).",
            asked.name,
            found.version,
            snapshot::date()
        )
    }

    /// The other way: a Python that the pin has wheels for.
    fn other_python(&self, asked: &PinnedRequirement, releases: &[Release], draft: Draft) -> Draft {
        let release = asked
            .pin()
            .and_then(|pin| releases.iter().find(|it| it.version == *pin));
        let known = pythons(self.settings.target.0);
        let (Some(release), Some(known)) = (release, known) else {
            return draft;
        };
        let minors = known.minors.iter().filter(|minor| {
            let target = u8::try_from(minor.minor).map(Target::new);
            target.is_ok_and(|target| release.installs(target) == Installs::Wheel)
        });
        let minors: Vec<String> = minors.map(ToString::to_string).collect();
        match minors.as_slice() {
            [] => draft,
            minors => draft.alternative(format!(
                "Choose Python {}: {} {} has wheels for it.",
                minors.join(" or "),
                asked.name,
                release.version
            )),
        }
    }

    fn by_range(&self, asked: &PinnedRequirement, releases: &[Release]) -> String {
        let fitting = releases.iter().filter(|it| fitting(it, self.target));
        let mut fitting = fitting.map(|it| it.version.to_string());
        match (fitting.next(), fitting.next_back()) {
            (Some(first), Some(last)) => format!(
                "Allow a version between {first} and {last}: these install on {} (index of {}).",
                self.target,
                snapshot::date()
            ),
            (Some(only), None) => format!("Allow {only}: it installs on {}.", self.target),
            (None, _) => self.none_fits(asked, false),
        }
    }

    fn none_fits(&self, asked: &PinnedRequirement, is_limited: bool) -> String {
        let (name, target) = (asked.name, self.target);
        if is_limited {
            format!("Other lines limit {name} too: change all of them to a version for {target}.")
        } else {
            format!(
                "No release of {name} is known to install on {target}: choose another Python, or \
                 do without it."
            )
        }
    }

    /// Whether pip checks hashes, so that no line can change alone.
    fn checks_hashes(&self) -> bool {
        let hashed = |(_, _, it): (_, _, &Requirement)| it.hashes().next().is_some();
        let mut options = self.graph.lists.iter().flat_map(RequirementList::options);
        all(&self.graph.lists).any(hashed) || options.any(|(_, it)| it.name == "require-hashes")
    }
}
