//! What to do where a newer release of the same distribution is not the answer.

use pep440_rs::Version;

use super::PinnedView;
use super::asked::PinnedRequirement;
use super::nearest::{fitting, nearest};
use crate::packages::snapshot::{self, BuildRow, Release};
use crate::rules::requirement_lists::{removing, replace};
use crate::rules::{Draft, Finding, Fix};

impl PinnedView<'_, '_> {
    /// Ends a finding about a build with what its row says; the draft again where it says nothing.
    pub(super) fn mend_build(
        &self,
        asked: &PinnedRequirement,
        row: &BuildRow,
        draft: Draft,
    ) -> Result<Finding, Box<Draft>> {
        if let Some(advice) = &row.advice {
            return Ok(draft.guide(advice.clone()));
        }
        let Some(instead) = &row.instead else {
            return Err(Box::new(draft));
        };
        let draft = match row.apt.as_slice() {
            [] => draft,
            apt => draft.alternative(format!(
                "Name {} in the Aptfile: whether the build finds it there is not known, \
                 since an Aptfile is only unpacked.",
                apt.join(" and ")
            )),
        };
        if self.checks_hashes() {
            return Ok(draft.guide(format!(
                "Ask for {instead} where the list is made from: it has wheels and brings the same \
                 module."
            )));
        }
        let is_listed = self.asked.iter().any(|it| it.name == instead);
        let fix = if is_listed {
            let fix = Fix::unsafe_(format!("remove {}", asked.get_name()));
            removing(fix, asked.list, asked.line)
        } else {
            self.replacing(asked, instead)
        };
        let Some(fix) = fix else {
            return Ok(draft.guide(format!(
                "Ask for {instead} in its place: it has wheels and brings the same module."
            )));
        };
        let brings = if is_listed {
            "which the lists ask for too, brings the same module: one of the two is enough."
        } else {
            "brings the same module and has wheels."
        };
        Ok(draft.note(format!("{instead} {brings}")).fix(fix))
    }

    /// The fix that writes another distribution in the place of this one: the nearest version of
    /// it that has a wheel, where the line says one.
    fn replacing(&self, asked: &PinnedRequirement, instead: &str) -> Option<Fix> {
        let known = snapshot::find(instead)?;
        let name = asked.requirement.name.filter(|_| asked.line.verbatim)?;
        let Some(pin) = asked.pin() else {
            let fits = |it: &&Release| fitting(it, self.target) && asked.allows(&it.version);
            known.releases().iter().find(fits)?;
            let title = format!("ask for {instead} in the place of {}", asked.get_name());
            return Some(Fix::unsafe_(title).edit(replace(asked.list, name, instead)));
        };
        let version = if known
            .release(pin)
            .is_some_and(|it| fitting(it, self.target))
        {
            pin.clone()
        } else {
            nearest(known.releases(), pin, self.target, |_| true)?.version
        };
        let title = format!(
            "ask for {instead} {version} in the place of {}",
            asked.get_name()
        );
        let fix = Fix::unsafe_(title).edit(replace(asked.list, name, instead));
        Some(fix.edit(replace(
            asked.list,
            asked.version_span()?,
            &version.to_string(),
        )))
    }

    /// What to do about a version with a local part.
    pub(super) fn keep_local(
        &self,
        asked: &PinnedRequirement,
        releases: &[Release],
        local: &str,
    ) -> String {
        let name = asked.get_name();
        if self.elsewhere {
            let public = asked.pin().map(|it| it.clone().without_local());
            let public = public.unwrap_or_else(|| Version::new([0]));
            let found = nearest(releases, &public, self.target, |_| true);
            let version = found.map_or_else(
                || "another version".to_owned(),
                |it| format!("{}+{local}", it.version),
            );
            return format!(
                "Ask for {name} {version}, where the page of links has it, and keep `+{local}`: \
                 the public index's own build of {name} may be another one, and far larger."
            );
        }
        format!(
            "Name the page or index that has it (`--extra-index-url` or `--find-links`) above the \
             line, or leave `+{local}` away to take the build of the public index, which may be \
             another one."
        )
    }
}
