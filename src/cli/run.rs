//! What `check`, `diff`, `fix`, `migrate` and `plan` share: every path is worked on by itself, side by
//! side; what came of each is printed in the order of the paths.

use std::path::{Path, PathBuf};

use super::args::{CommonArgs, OutputArgs};
use super::done::{Done, refused};
use super::output::Output;
use crate::commands::buffer::{STANDARD_INPUT, open_around};
use crate::commands::refusal::PathRefusal;
use crate::commands::site::Site;
use crate::commands::status::Status;
use crate::commands::warnings;
use crate::engine::Outcome;
use crate::parallel;
use crate::report::{self, Invocation, PathPrefix, patch, text};

/// A path by its number, opened.
type Opened = (usize, Result<Site, PathRefusal>);

/// A command at work on several paths.
pub(super) struct CommandRun<'a> {
    /// Its name.
    pub(super) command: &'static str,
    /// The name of the app on its server, where it was told.
    pub(super) app_name: Option<&'a str>,
    /// What it was told.
    pub(super) common: &'a CommonArgs,
    /// How to print.
    pub(super) output: &'a OutputArgs,
    /// Whether only one of several paths of a repository can be worked on.
    pub(super) once_per_repository: bool,
}

impl CommandRun<'_> {
    /// Works on each path and prints what came of it, in the order of the paths.
    pub(super) fn each(
        &self,
        output: &mut Output,
        work: impl Fn(&Site) -> Result<Done, PathRefusal> + Sync,
    ) -> Status {
        let paths = self.paths();
        let several = paths.len() > 1;
        let all = match paths.as_slice() {
            [only] => vec![Self::one(*only, self.open(*only, several), &work)],
            _ => self.side_by_side(&paths, &work),
        };
        for (path, done) in paths.iter().zip(&all) {
            self.print(output, path.filter(|_| several), done);
        }
        self.finish(output, all)
    }

    /// As [`CommandRun::each`], for work that asks questions: one path after the other, each printed when it
    /// is done.
    pub(super) fn each_in_turn(
        &self,
        output: &mut Output,
        work: impl Fn(&Site) -> Result<Done, PathRefusal>,
    ) -> Status {
        let paths = self.paths();
        let several = paths.len() > 1;
        let mut all = Vec::new();
        for path in paths {
            let done = Self::one(path, self.open(path, several), &work);
            self.print(output, path.filter(|_| several), &done);
            all.push(done);
        }
        self.finish(output, all)
    }

    /// Works on one path that is open already.
    pub(super) fn opened(
        &self,
        output: &mut Output,
        site: Result<Site, PathRefusal>,
        work: impl Fn(&Site) -> Result<Done, PathRefusal>,
    ) -> Status {
        let path = self.common.paths.first().map(PathBuf::as_path);
        let done = Self::one(path, site, &work);
        self.print(output, None, &done);
        self.finish(output, vec![done])
    }

    /// The paths that were given; none for the current repository.
    fn paths(&self) -> Vec<Option<&Path>> {
        match self.common.paths.as_slice() {
            [] => vec![None],
            given => given.iter().map(|path| Some(path.as_path())).collect(),
        }
    }

    /// The worst end counts; what is one document is printed now.
    fn finish(&self, output: &mut Output, all: Vec<Done>) -> Status {
        let status = all.iter().filter_map(|done| done.status).max();
        let status = status.unwrap_or(Status::Clean);
        if self.prints_document() {
            self.print_document(output, all, status);
        }
        status
    }

    /// Repositories are worked on side by side; paths of one repository one after the other, so
    /// that they do not write at the same time.
    fn side_by_side(
        &self,
        paths: &[Option<&Path>],
        work: &(impl Fn(&Site) -> Result<Done, PathRefusal> + Sync),
    ) -> Vec<Done> {
        let opened = parallel::map(paths.to_vec(), |path| self.open(path, true));
        let groups = self.grouped(opened);
        let group = |group: Vec<Opened>| {
            let one = |(index, site)| {
                let path: Option<&Path> = paths.get(index).copied().flatten();
                (index, Self::one(path, site, work))
            };
            group.into_iter().map(one).collect::<Vec<(usize, Done)>>()
        };
        let mut all: Vec<(usize, Done)> =
            parallel::map(groups, group).into_iter().flatten().collect();
        all.sort_by_key(|(index, _)| *index);
        all.into_iter().map(|(_, done)| done).collect()
    }

    /// The paths of each repository together. Where only one of them can be worked on, the others
    /// are refused.
    fn grouped(&self, opened: Vec<Result<Site, PathRefusal>>) -> Vec<Vec<Opened>> {
        let mut groups: Vec<(PathBuf, Vec<Opened>)> = Vec::new();
        for (index, site) in opened.into_iter().enumerate() {
            let key = site.as_ref().map(Site::key).unwrap_or_default();
            match groups.iter_mut().find(|(known, _)| *known == key) {
                None => groups.push((key, vec![(index, site)])),
                Some((_, group)) if self.once_per_repository => {
                    group.push((index, site.and(Err(PathRefusal::SameRepository))));
                }
                Some((_, group)) => group.push((index, site)),
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    /// Whether the result is printed as a document, which takes time to make.
    pub(super) fn is_for_programs(&self) -> bool {
        self.output.reporter().is_for_programs()
    }

    fn open(&self, path: Option<&Path>, several: bool) -> Result<Site, PathRefusal> {
        if path == Some(Path::new(STANDARD_INPUT)) {
            return Err(PathRefusal::StandardInput);
        }
        let choices = self.common.rules.choices();
        let mut site = match path {
            // The other commands work on an app as a whole.
            Some(file) if self.command == "check" && file.is_file() => {
                let (mut site, only) = open_around(file, &choices)?;
                site.only = Some(only);
                site
            }
            _ => Site::open(path, &choices, several)?,
        };
        if let Some(name) = self.app_name {
            site.tell_name(name);
        }
        Ok(site)
    }

    fn one(
        path: Option<&Path>,
        site: Result<Site, PathRefusal>,
        work: &impl Fn(&Site) -> Result<Done, PathRefusal>,
    ) -> Done {
        let done = site.and_then(|site| {
            let mut done = work(&site)?;
            if let Some(left) = warnings::unfinished(&site) {
                done.errors.insert_str(0, &text::warning(&left));
            }
            if let Some(file) = &site.settings.file {
                let note = format!("note: configured by {}\n", report::safe(file));
                done.notes.insert_str(0, &note);
            }
            Ok(done)
        });
        let mut done = done.unwrap_or_else(|reason| {
            let mut done = refused(path, reason);
            let error = done.json.error.clone().unwrap_or_default();
            done.collected = Some(Self::collect_refused(path, &error));
            done
        });
        done.json.path = path.map_or_else(|| ".".to_owned(), |path| path.display().to_string());
        done
    }

    fn print(&self, output: &mut Output, heading: Option<&Path>, done: &Done) {
        let document = self.prints_document();
        if let (Some(path), false) = (heading, document) {
            output.people(&text::repository_heading(&path.display().to_string()));
        }
        output.note(&done.notes);
        if !document {
            output.people(&done.before);
            output.result(&done.result);
            Self::print_patch(output, heading, done);
            output.people(&done.people);
        } else if !self.output.reporter().is_data() {
            // The document is for a program; who reads the log wants to know how it ended.
            output.people(done.people.trim_start());
        }
        output.error(&done.errors);
    }

    fn print_patch(output: &mut Output, heading: Option<&Path>, done: &Done) {
        let Some(bytes) = &done.patch else { return };
        if output.patch_is_read() {
            output.result(&patch::coloured(bytes));
            return;
        }
        if let (Some(path), false) = (heading, bytes.is_empty()) {
            // Whatever stands between two patches is passed over by those who apply them.
            output.bytes(format!("# {}\n", path.display()).as_bytes());
        }
        output.bytes(bytes);
        if patch::holds_secrets(bytes) {
            output.people(
                "note: the patch holds secrets that stand in your files; keep it to yourself\n",
            );
        }
    }

    /// The commands that help with what was found. `again` says that the branch of `migrate` is
    /// there, and has to be replaced.
    pub(super) fn invocation(&self, site: &Site, again: bool) -> Invocation {
        let command = if site.root.is_some() && self.command != "migrate" {
            "fix"
        } else {
            "migrate"
        };
        let path = site.quoted_path();
        let propose = |name: &str, more: &[&str]| {
            let given = &self.output.given;
            given.propose(name, path.as_deref(), more)
        };
        let (force, with_unsafe): (&[&str], &[&str]) = if again {
            (&["--force"], &["--force", "--unsafe-fixes"])
        } else {
            (&[], &["--unsafe-fixes"])
        };
        Invocation {
            repair: propose(command, force),
            repair_all: propose(command, with_unsafe),
            plan: propose("plan", &[]),
            baseline: propose("baseline write", &[]),
            allowed: site.settings.allowed,
        }
    }

    /// The findings that are open, for standard output.
    pub(super) fn findings(&self, outcome: &Outcome, shown: &PathPrefix) -> String {
        self.output.reporter().findings(outcome, shown)
    }

    /// What was done, below its heading, and the findings that are left, for standard output.
    pub(super) fn account(&self, site: &Site, outcome: &Outcome, heading: &str) -> String {
        let reporter = self.output.reporter();
        reporter.account(outcome, &site.shown, heading)
    }
}
