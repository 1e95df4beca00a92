//! The Python to install on, and what the lists cost there.

use std::time::Instant;

use super::{PythonChoice, SolveChoices, list_asks};
use crate::app::App;
use crate::commands::Site;
use crate::git;
use crate::packages::resolve::{KnownPackages, MoveCause, Unfit};
use crate::packages::snapshot::Day;
use crate::packages::solve::{
    Asked, Past, PythonRow, Road, Situation, Solution, compare, least, solve as search,
};
use crate::packages::{Ran, Target};
use crate::rules::{PythonSource, installable, python, python_target};
use crate::tree::{Tree, TreePath};

/// The Python that was chosen, and the solution for it.
pub(super) struct ChosenPython {
    pub(super) asked: Asked,
    pub(super) situation: Situation,
    pub(super) solution: Solution,
    pub(super) road: Road,
    pub(super) past: Past,
    /// Why this Python, half a sentence.
    pub(super) because: String,
    /// What the lists cost on each, where that was looked at.
    pub(super) rows: Vec<PythonRow>,
}

impl ChosenPython {
    /// Solves the lists of an app for the Python that `choices` asks for, until then.
    pub(super) fn choose(
        site: &Site,
        choices: &SolveChoices,
        tree: &dyn Tree,
        root: &TreePath,
        until: Instant,
    ) -> Self {
        let app = App::new(tree, root.clone());
        let candidate = Candidate::new(site, choices, &app, until);
        let named = match choices.python {
            PythonChoice::Given(target) => Some((target, "asked for")),
            PythonChoice::Least => None,
            PythonChoice::Own => name_own(site, &app).map(|target| (target, "the app's own")),
        };
        if let Some((target, because)) = named {
            let chosen = candidate.solve(target, because, Vec::new());
            let is_given = matches!(choices.python, PythonChoice::Given(_));
            if is_given || !excludes(&chosen.solution) {
                return chosen;
            }
        }
        let (target, rows) = candidate.find_least();
        // Markers may ask for other lines there.
        candidate.solve(target, "where least has to change", rows)
    }
}

/// An app whose lists are solved for one Python or another.
struct Candidate<'c, 't> {
    site: &'c Site,
    app: &'c App<'t>,
    road: Road,
    past: Past,
    until: Instant,
}

impl<'c, 't> Candidate<'c, 't> {
    fn new(site: &'c Site, choices: &SolveChoices, app: &'c App<'t>, until: Instant) -> Self {
        Self {
            site,
            app,
            road: Road {
                latest_dash: choices.latest_dash,
                as_of: choices.as_of,
                caps: choices.caps,
            },
            past: Past {
                commit: last_commit(site, app),
                ran: match choices.as_of {
                    Some(_) => Ran::default(),
                    None => site.settings.rules.ran(app.root()),
                },
            },
            until,
        }
    }

    fn solve(&self, target: Target, because: &str, rows: Vec<PythonRow>) -> ChosenPython {
        let asked = list_asks(self.site, self.app, target);
        let situation = Situation::read(self.app, &asked, &self.past);
        let until = Some(self.until);
        let solution = search(&KnownPackages, &situation, target, self.road, until);
        ChosenPython {
            asked,
            situation,
            solution,
            road: self.road,
            past: self.past.clone(),
            because: because.to_owned(),
            rows,
        }
    }

    /// The Python where least has to change, and what the lists cost on each.
    fn find_least(&self) -> (Target, Vec<PythonRow>) {
        let rules = &self.site.settings.rules;
        let targets = installable(rules);
        let first = targets.last().copied();
        let first = first.unwrap_or_else(|| python_target(self.app, rules));
        let asked = list_asks(self.site, self.app, first);
        let situation = Situation::read(self.app, &asked, &self.past);
        let until = Some(self.until);
        let rows = compare(&KnownPackages, &situation, &targets, self.road, until);
        let target = least(&rows).unwrap_or(first);
        (target, rows.into_iter().map(|(row, _)| row).collect())
    }
}

/// The Python that the app names itself, where the release has it.
fn name_own(site: &Site, app: &App) -> Option<Target> {
    let rules = &site.settings.rules;
    let python = python(app, rules);
    let minor = python
        .minor
        .filter(|_| python.source != PythonSource::Default)?;
    let target: Target = minor.parse().ok()?;
    // conda installs its own, whatever the release has.
    let is_conda = matches!(python.source, PythonSource::Conda(_));
    (is_conda || installable(rules).contains(&target)).then_some(target)
}

/// Whether a line of the lists excludes the Python itself.
fn excludes(solution: &Solution) -> bool {
    let answer = &solution.answer;
    let moved = answer.moves.iter().map(|one| &one.cause);
    let mut causes = moved.chain(answer.impossible.iter().map(|(_, cause)| cause));
    causes.any(|cause| {
        let MoveCause::Unfit { why, .. } = cause else {
            return false;
        };
        matches!(why, Unfit::RequiresPython(_))
    })
}

/// The day on which the lists were last changed, where the history tells it.
fn last_commit(site: &Site, app: &App) -> Option<Day> {
    let workspace = site.workspace.as_ref()?;
    let lists = app.requirements().all_lists();
    let paths: Vec<TreePath> = lists.map(|list| list.path.clone()).collect();
    let seconds = git::last_change(workspace.repository(), &paths).ok()??;
    Day::from_seconds(seconds)
}
