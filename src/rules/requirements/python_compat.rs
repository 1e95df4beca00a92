//! DL205: a pin that the app's Python cannot install, as the snapshot of the index tells.

mod nearest;

use pep440_rs::{Operator, Version, VersionSpecifier};

use self::nearest::{Nearest, fitting, nearest};
use crate::app::{App, RequirementGraph, RequirementList, Role};
use crate::files::requirements::{Line, Requirement, Source, is_false_on, unfolded};
use crate::packages::Target;
use crate::packages::obsolete::backport;
use crate::packages::snapshot::{self, Installs, Release};
use crate::rules::data::python::pythons;
use crate::rules::requirement_lists::{all, replace};
use crate::rules::support::is_built_by_conda;
use crate::rules::{
    Case, Category, Check, Code, Draft, Finding, Fix, Inputs, Rule, Settings, Stage, Subject,
    python,
};
use crate::text::Span;

/// DL205.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(205),
    stem: "python-compat",
    category: Category::Must,
    summary: "a pin that the app's Python cannot install",
    cases: &[PYTHON, NO_FILE, BUILD],
    inputs: Inputs::files(&["runtime.txt", "project.toml", "environment.yml"]).lists(),
    page: include_str!("../../../rules/DL205-python-compat.md"),
    check: Check::App(check),
};

const PYTHON: Case = Case::new("python");
const NO_FILE: Case = Case::new("no-file");
const BUILD: Case = Case::new("build");

/// A requirement from an index, with specifiers, that counts on the target.
struct Asked<'a> {
    list: &'a RequirementList,
    line: &'a Line,
    requirement: &'a Requirement,
    name: &'a str,
    /// The specifiers, in the text and read.
    span: Span,
    specifiers: &'a [VersionSpecifier],
}

/// Why what is asked for does not install.
enum Why {
    /// `Requires-Python` excludes the target.
    Python,
    /// No file fits.
    NoFile,
    /// Only a build from source, which needs this.
    Build(&'static str),
}

impl Why {
    const fn case(&self) -> Case {
        match self {
            Self::Python => PYTHON,
            Self::NoFile => NO_FILE,
            Self::Build(_) => BUILD,
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
    let asked: Vec<Asked> = lists
        .flat_map(RequirementList::requirements)
        .filter_map(|(list, line, requirement)| Asked::read(list, line, requirement, target))
        .collect();
    let view = View {
        graph,
        settings,
        target,
        asked: &asked,
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
    let asked = Asked::read(list, line, requirement, target);
    let why = asked.and_then(|it| it.why(snapshot::find(it.name)?.releases(), target));
    matches!(why, Some(Why::Python | Why::NoFile))
}

impl<'a> Asked<'a> {
    fn read(
        list: &'a RequirementList,
        line: &'a Line,
        requirement: &'a Requirement,
        target: Target,
    ) -> Option<Self> {
        let Source::Specifiers(span) = requirement.source else {
            return None;
        };
        let marker = requirement.marker.map(|it| it.of(list.text.as_str()));
        let counts = marker.is_none_or(|it| !is_false_on(unfolded(it).trim(), target.minor()));
        counts.then_some(Self {
            list,
            line,
            requirement,
            name: requirement.key.as_deref()?,
            span,
            specifiers: requirement.versions.as_ref()?,
        })
    }

    /// The version of a line that pins one and says nothing else.
    fn pin(&self) -> Option<&'a Version> {
        let [only] = self.specifiers else {
            return None;
        };
        is_exact(only).then(|| only.version())
    }

    fn allows(&self, version: &Version) -> bool {
        self.specifiers.iter().all(|it| it.contains(version))
    }

    /// Whether a newer release than those of the snapshot may be what pip takes.
    fn is_open(&self) -> bool {
        let closes = |operator: &Operator| {
            !matches!(
                operator,
                Operator::GreaterThan
                    | Operator::GreaterThanEqual
                    | Operator::NotEqual
                    | Operator::NotEqualStar
            )
        };
        !self.specifiers.iter().any(|it| closes(it.operator()))
    }

    /// The releases that it allows, oldest first: pre-releases and withdrawn ones only where it
    /// names them, as pip does.
    fn allowed<'r>(&self, releases: &'r [Release]) -> Vec<&'r Release> {
        let names = self.specifiers.iter().any(is_exact);
        let usual = |it: &Release| names || !(it.yanked || it.version.any_prerelease());
        let found = releases
            .iter()
            .filter(|it| self.allows(&it.version) && usual(it));
        found.collect()
    }

    fn why(&self, releases: &[Release], target: Target) -> Option<Why> {
        let allowed = self.allowed(releases);
        let newest = allowed
            .iter()
            .rfind(|it| it.installs(target) != Installs::Not);
        if let Some(newest) = newest {
            let builds = newest.installs(target) == Installs::Source && newest.has_wheels();
            return newest.build_needs().filter(|_| builds).map(Why::Build);
        }
        let excluded = allowed.iter().all(|it| !it.allows(target));
        if allowed.is_empty() {
            return None;
        }
        // Releases after the snapshot may bring files for newer Pythons, never for older ones.
        if self.is_open() && !newest_is_too_new(&allowed, target) {
            return None;
        }
        Some(if excluded { Why::Python } else { Why::NoFile })
    }

    /// The name as the line writes it.
    fn shown(&self) -> &'a str {
        let written = self.requirement.name.filter(|_| self.line.verbatim);
        written.map_or(self.name, |name| name.of(self.list.text.as_str()))
    }

    fn specifier_text(&self) -> String {
        let texts: Vec<String> = self.specifiers.iter().map(ToString::to_string).collect();
        texts.join(",")
    }
}

/// Whether the newest of these excludes the target and allows a later Python.
fn newest_is_too_new(allowed: &[&Release], target: Target) -> bool {
    allowed.last().is_some_and(|newest| {
        let mut later = (1..10).map(|more| Target::new(target.minor().saturating_add(more)));
        !newest.allows(target) && later.any(|later| newest.allows(later))
    })
}

fn is_exact(specifier: &VersionSpecifier) -> bool {
    matches!(specifier.operator(), Operator::Equal | Operator::ExactEqual)
}

/// All that is asked, and for which Python.
struct View<'a> {
    graph: &'a RequirementGraph,
    settings: &'a Settings,
    target: Target,
    asked: &'a [Asked<'a>],
}

impl View<'_> {
    fn report(&self, asked: &Asked) -> Option<Finding> {
        if self.is_needless(asked) {
            return None;
        }
        let known = snapshot::find(asked.name)?;
        let releases = known.releases();
        let why = asked.why(releases, self.target)?;
        // A constraint of what no list names may be one of what is never installed.
        let counts = asked.list.role != Role::Constraints || self.graph.names(asked.name);
        let category = match why {
            Why::Python | Why::NoFile if counts => Category::Must,
            _ => Category::Should,
        };
        let draft = RULE
            .report(
                why.case(),
                Subject::Distribution(asked.name.to_owned()),
                &asked.list.path,
                self.message(asked, releases, &why),
            )
            .span(asked.requirement.span)
            .category(category)
            .stops(category == Category::Must, Stage::Build);
        Some(self.mend(asked, releases, draft))
    }

    /// Whether it is a copy of a standard module that DL206 takes out.
    fn is_needless(&self, asked: &Asked) -> bool {
        let copy = backport(asked.name).filter(|row| row.imports.is_none());
        let is_copy = copy.is_some_and(|row| self.target.minor() >= row.since);
        is_copy && asked.requirement.marker.is_none() && asked.list.role != Role::Constraints
    }

    fn message(&self, asked: &Asked, releases: &[Release], why: &Why) -> String {
        let (name, target) = (asked.shown(), self.target);
        let Some(pin) = asked.pin() else {
            let all = format!("{name} {}", asked.specifier_text());
            return match why {
                Why::Build(needs) => format!(
                    "the newest {all} has no wheel for {target}; building it from source likely \
                     fails, the build needs {needs}"
                ),
                _ => format!("no release of {all} installs on {target}"),
            };
        };
        match why {
            Why::Python => {
                let release = releases.iter().find(|it| it.version == *pin);
                let python = release.and_then(Release::requires_python);
                let python = python.unwrap_or_default();
                format!("{name} {pin} does not install on {target}: it asks for Python {python}")
            }
            Why::NoFile => {
                format!("{name} {pin} does not install on {target}: it has no file for it")
            }
            Why::Build(needs) => format!(
                "{name} {pin} has no wheel for {target}; building it from source likely fails, \
                 the build needs {needs}"
            ),
        }
    }

    fn mend(&self, asked: &Asked, releases: &[Release], draft: Draft) -> Finding {
        let draft = self.other_python(asked, releases, draft);
        let Some(pin) = asked.pin() else {
            return draft.guide(self.by_range(asked, releases));
        };
        // Lines with the same pin move together; the others limit where to.
        let same = |it: &&Asked| it.pin() == Some(pin);
        let named = self.asked.iter().filter(|it| it.name == asked.name);
        let (together, limits): (Vec<&Asked>, Vec<&Asked>) = named.partition(same);
        let allowed = |version: &Version| limits.iter().all(|it| it.allows(version));
        let Some(found) = nearest(releases, pin, self.target, allowed) else {
            return draft.guide(self.none_fits(asked, !limits.is_empty()));
        };
        let told = self.told(asked, &found);
        if self.checks_hashes() {
            return draft.guide(format!(
                "Ask for it where the list is made from (`pip-compile --generate-hashes` or the \
                 like) and make it anew: pip checks hashes here, so one line cannot change alone. \
                 {told}"
            ));
        }
        if !together.iter().all(|it| it.line.verbatim) {
            return draft.guide(format!("Write {} in its place. {told}", found.version));
        }
        let title = format!("ask for {} {}", asked.name, found.version);
        let mut fix = Fix::unsafe_(title);
        for one in &together {
            if let Some(span) = version_span(one) {
                fix = fix.edit(replace(one.list, span, &found.version.to_string()));
            }
        }
        let limiting = limits.iter().filter(|it| it.list.path != asked.list.path);
        for one in limiting {
            fix = fix.reading(one.list.path.clone());
        }
        draft.step(told).fix(fix)
    }

    /// Which version the fix takes, and what is left to look at.
    fn told(&self, asked: &Asked, found: &Nearest) -> String {
        let side = if found.newer { "newer" } else { "older" };
        let how = match found.installs {
            Installs::Wheel => format!("with a wheel for {}", self.target),
            _ => format!("that installs on {}", self.target),
        };
        format!(
            "{} {} is the nearest {side} version {how} (index of {}): read what changed, and run \
             `dashlift solve` to see whether the whole list installs.",
            asked.name,
            found.version,
            snapshot::date()
        )
    }

    /// The other way: a Python that the pin has wheels for.
    fn other_python(&self, asked: &Asked, releases: &[Release], draft: Draft) -> Draft {
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
            minors => draft.step(format!(
                "{} {} has wheels for Python {}: another way is to choose that Python.",
                asked.name,
                release.version,
                minors.join(", ")
            )),
        }
    }

    fn by_range(&self, asked: &Asked, releases: &[Release]) -> String {
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

    fn none_fits(&self, asked: &Asked, is_limited: bool) -> String {
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

/// The version behind the operator of an exact pin.
fn version_span(asked: &Asked) -> Option<Span> {
    let text = asked.span.of(asked.list.text.as_str());
    let is_operator = |c: char| c == '=' || c == '(' || c.is_whitespace();
    let behind = text.trim_start_matches(is_operator);
    let version = behind.trim_end_matches(|c: char| c == ')' || c.is_whitespace());
    let start = asked.span.start + (text.len() - behind.len());
    (!version.is_empty()).then(|| Span::new(start, start + version.len()))
}
