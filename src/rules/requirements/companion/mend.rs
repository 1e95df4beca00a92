//! The bounds that keep an old release beside what it goes with.

use pep440_rs::{Version, VersionSpecifiers};

use super::{Bad, TargetLines};
use crate::app::{App, Role};
use crate::packages::minimise::{Lists, appended, file_for, head};
use crate::rules::requirement_lists::replace;
use crate::rules::{Draft, Edit, Finding, Fix};

/// What a repair knows.
pub(super) struct Mender<'m, 'a> {
    pub(super) app: &'m App<'a>,
    pub(super) lines: &'m TargetLines<'m>,
    /// Whether all that an installation brings is known.
    pub(super) is_whole: bool,
    /// Whether conda installs the lists.
    pub(super) by_conda: bool,
}

impl Mender<'_, '_> {
    /// Ends the finding: with bounds in a constraints file, if the lists install with them.
    pub(super) fn mend(&self, draft: Draft, name: &str, version: &Version, bad: &[Bad]) -> Finding {
        let absent: Vec<&str> = bad
            .iter()
            .filter(|one| one.found.is_none())
            .map(|one| one.row.needs.as_str())
            .collect();
        if !absent.is_empty() {
            let absent = absent.join(" and ");
            return draft.guide(format!("Add {absent} to the list."));
        }
        let rows = bad.iter().filter_map(|one| {
            let bound = one.row.bound.clone()?;
            Some((one.row.needs.clone(), bound))
        });
        let bounds: Vec<(String, VersionSpecifiers)> = rows.collect();
        let shown: Vec<String> = bounds
            .iter()
            .map(|(n, bound)| format!("{n}{bound}"))
            .collect();
        let pinned = bounds.iter().any(|(name, _)| self.lines.is_pinned(name));
        if pinned || (self.is_whole && self.lines.install(&bounds).is_none()) {
            return draft.guide(format!(
                "The lists leave no room for {}: ask for other versions, or run `dashlift solve`, \
                 which finds versions that go together, or raises {name}.",
                shown.join(" and ")
            ));
        }
        let raise = format!("Raise {name}: `dashlift solve` tells to what.");
        if self.by_conda {
            return draft.alternative(raise).guide(format!(
                "Add {} to the dependencies of environment.yml, as conda writes it: conda reads no \
                 constraints.",
                shown
                    .iter()
                    .map(|one| format!("`- {}`", one.replace(' ', "")))
                    .collect::<Vec<_>>()
                    .join(" and ")
            ));
        }
        let fix = self.bounding(name, version, &shown);
        match fix.filter(|_| self.is_whole && !self.lines.has_hashes()) {
            Some(fix) => draft.alternative(raise).fix(fix),
            None => draft.alternative(raise).guide(format!(
                "Bound it where the list is made from: {}.",
                shown.join(" and ")
            )),
        }
    }

    /// The fix that writes the bounds; `None` where the lists cannot be changed.
    fn bounding(&self, name: &str, version: &Version, bounds: &[String]) -> Option<Fix> {
        let lists = Lists::from_app(self.app)?;
        let first = lists.installing.first();
        let first = first.filter(|it| it.role == Role::Requirements && lists.obstacle.is_none())?;
        let (file, is_named) = file_for(self.app.tree(), self.app.root(), &lists, first);
        let title = format!("bound {} for {name} {version}", bounds.join(" and "));
        let why = bounds
            .iter()
            .map(|bound| format!("{bound}  # {name} {version}"));
        let why: Vec<String> = why.collect();
        let mut fix = Fix::unsafe_(title);
        if !is_named {
            let end = first.text.line_end().as_str();
            let option = format!("-c {}{end}", file.name());
            fix = fix.edit(replace(first, head(first), &option));
        }
        let known = lists.constraints.iter().find(|list| list.path == file);
        Some(match known {
            Some(list) => fix.edit(appended(list, &why)),
            None => fix.edit(Edit::create(file, why.join("\n") + "\n")),
        })
    }
}
