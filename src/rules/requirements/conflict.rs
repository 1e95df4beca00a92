//! DL210: lines that exclude each other through what they need, as the snapshot of the index tells.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::lines::TargetLines;
use crate::app::{App, RequirementList};
use crate::files::requirements::{Requirement, RequirementSource};
use crate::packages::Target;
use crate::packages::evidence::uses;
use crate::packages::resolve::{Against, Demand, KnownPackages, Move, MoveCause, disagreements};
use crate::packages::snapshot;
use crate::rules::requirement_lists::{READ_CHANGES, replace};
use crate::rules::support::is_built_by_conda;
use crate::rules::{
    Case, Category, Check, Code, Draft, Finding, Fix, Inputs, Rule, Settings, SourceInputs, Stage,
    Subject, private_names, python,
};

/// DL210.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(210),
    stem: "conflict",
    category: Category::Must,
    summary: "lines that exclude each other through what they need",
    cases: &[EXCLUDES],
    inputs: Inputs::files(&["runtime.txt", "project.toml", "environment.yml"])
        .lists()
        .sources(SourceInputs::Any),
    page: include_str!("../../../rules/DL210-conflict.md"),
    check: Check::App(check),
};

const EXCLUDES: Case = Case::new("excludes");

/// A search that takes longer says what it has found so far.
const LONGEST: Duration = Duration::from_secs(5);

fn check(app: &App, settings: &Settings) -> Vec<Finding> {
    // What conda brings beside a `pip:` list, nobody knows here.
    let Some(target) = python(app, settings)
        .target
        .filter(|_| !is_built_by_conda(app))
    else {
        return Vec::new();
    };
    let mut lines = TargetLines::read(app, target);
    let private = private_names(app, settings);
    lines.leave_out(|name| private.contains(name));
    let bounded = lines.demands.iter().filter(|it| it.versions.is_some());
    if bounded.count() == 0 || lines.demands.len() < 2 {
        return Vec::new();
    }
    let until = Instant::now().checked_add(LONGEST);
    let imported = |names: &BTreeSet<String>| uses(app, names).into_keys().collect();
    let moves = disagreements(&KnownPackages, target, &lines.demands, imported, until);
    let view = ConflictView {
        target,
        lines: &lines,
    };
    moves.iter().filter_map(|it| view.report(it)).collect()
}

struct ConflictView<'v, 'a> {
    target: Target,
    lines: &'v TargetLines<'a>,
}

impl ConflictView<'_, '_> {
    fn report(&self, moved: &Move) -> Option<Finding> {
        let MoveCause::Needed {
            who,
            needs,
            against,
            ..
        } = &moved.cause
        else {
            return None;
        };
        let demand = self.lines.demands.get(moved.requirement)?;
        let (list, line, requirement) = self.lines.written.get(moved.requirement)?;
        let draft = RULE
            .report(
                EXCLUDES,
                Subject::Distribution(demand.name.clone()),
                &list.path,
                self.message(demand, who, needs, against.as_ref()),
            )
            .span(requirement.span)
            .stops(true, Stage::Build);
        let draft = self.show_others(draft, demand, who, against.as_ref());
        let draft = draft
            .alternative(format!(
                "Change the lines that {} disagrees with.",
                demand.name
            ))
            .note(format!(
                "{} {} is the nearest version with which all lines agree on {} (index of {}).",
                demand.name,
                moved.to,
                self.target,
                snapshot::date()
            ));
        let span = match requirement.source {
            RequirementSource::Specifiers(span) => Some(span),
            _ => None,
        };
        let span = span.filter(|_| line.verbatim && !self.lines.has_hashes());
        Some(match span {
            Some(span) => {
                let title = format!("ask for {} {}", demand.name, moved.to);
                let text = format!("=={}", moved.to);
                let fix = Fix::unsafe_(title).edit(replace(list, span, &text));
                draft.step(READ_CHANGES).fix(fix)
            }
            None => draft.guide(format!(
                "Ask for {} {} where the list is made from.",
                demand.name, moved.to
            )),
        })
    }

    fn message(
        &self,
        demand: &Demand,
        who: &str,
        needs: &str,
        against: Option<&Against>,
    ) -> String {
        let own = show_demand(demand);
        let brought = self.brings(who);
        match against {
            None => format!("{own} does not go with {who}{brought}, which needs {needs}"),
            Some(Against::Line(at)) => {
                let other = self.lines.demands.get(*at).map(show_demand);
                let other = other.unwrap_or_default();
                format!("{who}{brought} needs {needs}, and another line asks for {other}")
            }
            Some(Against::Release {
                who: other,
                needs: others,
            }) => {
                let by = self.brings(other);
                format!("{who}{brought} needs {needs}, and {other}{by} needs {others}")
            }
            Some(Against::Source(_)) => format!("{who}{brought} needs {needs}"),
        }
    }

    /// Which line brings a release that no line names.
    fn brings(&self, release: &str) -> String {
        let name = name_of(release);
        if self.lines.line_of(name).is_some() {
            return String::new();
        }
        let mut lines = self.lines.demands.iter();
        let found = lines.find(|it| {
            let needs = it.pin().and_then(|pin| snapshot::needs(&it.name, pin));
            needs.into_iter().flatten().any(|need| need.name == name)
        });
        found.map_or_else(String::new, |it| {
            format!(" (which {} brings)", show_demand(it))
        })
    }

    /// The lines of the other side.
    fn show_others(
        &self,
        draft: Draft,
        demand: &Demand,
        who: &str,
        against: Option<&Against>,
    ) -> Draft {
        let mut names: Vec<&str> = vec![name_of(who)];
        match against {
            Some(Against::Line(at)) => {
                names.extend(self.lines.demands.get(*at).map(|it| it.name.as_str()));
            }
            Some(Against::Release { who, .. }) => names.push(name_of(who)),
            Some(Against::Source(_)) | None => {}
        }
        let others = names.into_iter().filter(|name| *name != demand.name);
        let lines = others.filter_map(|name| self.lines.line_of(name));
        lines.fold(draft, |draft, (list, requirement)| {
            draft.evidence(&list.path, requirement.span, note(list, requirement))
        })
    }
}

fn note(list: &RequirementList, requirement: &Requirement) -> String {
    let name = requirement.name.map(|it| it.slice(list.text.as_str()));
    let name = name.or(requirement.key.as_deref()).unwrap_or_default();
    format!("the other side: {name}")
}

/// The name of a release as causes show it: `dash 1.0.0`.
fn name_of(release: &str) -> &str {
    release.split(' ').next().unwrap_or_default()
}

/// Name and versions, as a message shows them.
fn show_demand(demand: &Demand) -> String {
    match (demand.pin(), &demand.versions) {
        (Some(pin), _) => format!("{} {pin}", demand.name),
        (None, Some(versions)) => format!("{} {versions}", demand.name),
        (None, None) => demand.name.clone(),
    }
}
