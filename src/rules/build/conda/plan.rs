//! What the `environment.yml` of an app has to say: gathered from the files of DE4, in order,
//! comments kept. Refuses what cannot be moved without guessing.

use std::collections::BTreeSet;

use super::channels;
use crate::app::{App, Parsed};
use crate::files::conda_list::{self, CondaList, Spec, Versions};
use crate::files::conda_runtime::CondaRuntime;
use crate::files::conda_spec::Meaning;
use crate::files::condarc::Condarc;
use crate::files::environment_yml::{Item, spec_name};
use crate::files::requirements::{self, Content, Requirements};
use crate::rules::data::conda as tables;
use crate::text::{Span, Text};

/// What an `environment.yml` has to say.
#[derive(Debug, Default)]
pub(super) struct CondaPlan {
    /// The channels; none where `.condarc` names none.
    pub(super) channels: Vec<String>,
    /// Conda's specs, `python` first, without the two below.
    pub(super) specs: Vec<CondaEntry>,
    /// Lines of the `pip:` list.
    pub(super) pip: Vec<CondaEntry>,
    /// The Python that stands first.
    pub(super) python: CondaPython,
    /// The first spec that lost its build string.
    pub(super) build: Option<Span>,
    /// Specs of conda's own installation, which are left out.
    pub(super) base: Vec<(String, Span)>,
    /// Whether conda's files ask for MKL themselves, or refuse it.
    pub(super) decides_mkl: bool,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CondaEntry {
    /// A comment alone, with its `#`.
    Comment(String),
    /// A spec or requirement, and the comment behind it.
    Item(String, Option<String>),
}

/// Where the Python comes from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum CondaPython {
    /// The list asks for it.
    #[default]
    Listed,
    /// The installer brings it.
    Installer(u8),
    /// Nobody wrote down what the installer brings: the newest that DE4 allowed.
    Newest(u8),
}

/// Why nothing is moved.
#[derive(Debug)]
pub(super) enum CondaRefusal {
    /// A line of conda's list.
    Line(Span, String),
    /// The list is of another platform.
    Platform(Span, String),
    /// A line of `requirements.txt` that pip refuses.
    Requirement(Span, String),
    /// A channel that only `.condarc` can explain.
    Channel(Item),
    /// The list asks for Python 2, which DE5 does not have.
    ListedPython2(Span),
    /// The installer brings Python 2, which DE5 does not have.
    InstalledPython2(Span),
}

/// The files of one conversion.
pub(super) struct Sources<'a> {
    pub(super) list: &'a Parsed<CondaList>,
    pub(super) runtime: &'a Parsed<CondaRuntime>,
    pub(super) condarc: Option<&'a Parsed<Condarc>>,
    pub(super) requirements: Option<&'a Parsed<Requirements>>,
}

impl<'a> Sources<'a> {
    /// The files, if conda built the app on DE4 and they can be read.
    pub(super) fn read(app: &'a App) -> Option<Self> {
        Some(Self {
            list: app.conda_requirements().present()?,
            runtime: app.conda_runtime().present()?,
            condarc: app.condarc().present(),
            requirements: app.requirements_txt().present(),
        })
    }

    /// Gathers.
    ///
    /// # Errors
    /// Everything that stands in the way, at most one per file.
    pub(super) fn plan(&self) -> Result<CondaPlan, Vec<CondaRefusal>> {
        let mut plan = CondaPlan::default();
        let mut refusals = Vec::new();
        if let Err(refusal) = plan.take_list(&self.list.model, &self.list.text) {
            refusals.push(refusal);
        }
        if let Err(refusal) = plan.take_python(self.runtime) {
            refusals.push(refusal);
        }
        if let Some(file) = self.condarc {
            match channels::read_channels(&file.model) {
                Ok(channels) => plan.channels = channels,
                Err(item) => refusals.push(CondaRefusal::Channel(item)),
            }
        }
        if let Some(file) = self.requirements
            && let Err(refusal) = plan.take_requirements(file)
        {
            refusals.push(refusal);
        }
        if refusals.is_empty() {
            Ok(plan)
        } else {
            Err(refusals)
        }
    }
}

impl CondaPlan {
    fn take_list(&mut self, list: &CondaList, text: &Text) -> Result<(), CondaRefusal> {
        let text = text.as_str();
        if let Some(refusal) = foreign(list, text).or_else(|| python_2(list, text)) {
            return Err(refusal);
        }
        if let Some(problem) = list.problem() {
            return Err(CondaRefusal::Line(problem.span, problem.message.clone()));
        }
        for line in list.lines() {
            let comment = line.comment.map(|comment| clean(comment.slice(text)));
            match &line.content {
                conda_list::CondaContent::Spec(spec) => self.take_spec(text, spec, comment),
                conda_list::CondaContent::Pip(span) => {
                    self.pip
                        .push(CondaEntry::Item(span.slice(text).to_owned(), comment));
                }
                _ => {
                    let told = comment.filter(|comment| !is_header(comment));
                    self.specs.extend(told.map(CondaEntry::Comment));
                }
            }
        }
        Ok(())
    }

    fn take_spec(&mut self, text: &str, spec: &Spec, comment: Option<String>) {
        let name = spec.name.slice(text);
        if is_of_base(name) {
            self.base.push((name.to_owned(), spec.span));
            return;
        }
        let build = spec.build();
        self.decides_mkl |= name.starts_with("mkl")
            || name == "nomkl"
            || build.is_some_and(|build| build.slice(text).contains("mkl"));
        let is_exported = matches!(spec.versions, Versions::Build { .. });
        if is_exported && !spec.is_from_pip(text) && tables::is_installer(name) {
            // Its version is that of the machine of the export, not one that an app asks for.
            self.build = self.build.or(build);
            self.specs.push(CondaEntry::Item(name.to_owned(), comment));
            return;
        }
        let written = written(text, spec);
        let is_known = |entry: &CondaEntry| entry.value() == Some(written.as_str());
        if self.specs.iter().chain(&self.pip).any(is_known) {
            return;
        }
        if spec.is_from_pip(text) {
            self.pip.push(CondaEntry::Item(written, comment));
            return;
        }
        if self.build.is_none() {
            self.build = build;
        }
        if name.eq_ignore_ascii_case("python") {
            self.specs
                .insert(0, CondaEntry::Item(capped(&written), comment));
        } else {
            self.specs.push(CondaEntry::Item(written, comment));
        }
    }

    /// Names the Python: the list's own, or the installer's, as far as DE4 let conda go.
    fn take_python(&mut self, runtime: &Parsed<CondaRuntime>) -> Result<(), CondaRefusal> {
        let asked = self.specs.iter().position(CondaEntry::is_python);
        let listed = asked
            .and_then(|at| self.specs.get(at))
            .and_then(CondaEntry::value);
        if listed.is_some_and(|spec| !spec.ends_with("python")) {
            return Ok(());
        }
        let text = runtime.text.as_str();
        let installer = runtime.model.installer;
        if runtime.model.major == 2 {
            return Err(CondaRefusal::InstalledPython2(installer));
        }
        let newest = tables::first_minor_refused().saturating_sub(1);
        let version = runtime.model.version.slice(text);
        let minor = tables::minor_of(&runtime.model, version).map(|minor| minor.min(newest));
        self.python = minor.map_or(CondaPython::Newest(newest), CondaPython::Installer);
        let spec = format!("python=3.{}", minor.unwrap_or(newest));
        let comment = format!("# {} of Dash Enterprise 4", installer.slice(text));
        if let Some(at) = asked {
            self.specs.remove(at);
        }
        self.specs.insert(0, CondaEntry::Item(spec, Some(comment)));
        Ok(())
    }

    fn take_requirements(&mut self, file: &Parsed<Requirements>) -> Result<(), CondaRefusal> {
        let text = file.text.as_str();
        let mut entries = Vec::new();
        let mut names = BTreeSet::new();
        for line in file.model.lines() {
            let comment = line.comment.map(|comment| clean(comment.slice(text)));
            match &line.content {
                Content::Blank => entries.extend(comment.map(CondaEntry::Comment)),
                Content::Unreadable(refusal) => {
                    let words = refusal.kind.to_string();
                    return Err(CondaRefusal::Requirement(refusal.span, words));
                }
                Content::Requirement(requirement) => {
                    names.extend(requirement.key.clone());
                    entries.push(CondaEntry::Item(on_one_line(line), comment));
                }
                Content::Options(_) => entries.push(CondaEntry::Item(on_one_line(line), comment)),
            }
        }
        // DE4 ran pip behind conda: its own list decides where both name a distribution.
        self.pip
            .retain(|entry| !entry.pip_name().is_some_and(|name| names.contains(&name)));
        self.pip.extend(entries);
        Ok(())
    }

    /// Whether pip has anything to install.
    pub(super) fn has_pip(&self) -> bool {
        self.pip.iter().any(|entry| entry.value().is_some())
    }

    /// Whether the specs name the package.
    pub(super) fn names(&self, package: &str) -> bool {
        let mut values = self.specs.iter().filter_map(CondaEntry::value);
        values.any(|spec| spec_name(spec).eq_ignore_ascii_case(package))
    }
}

impl CondaEntry {
    /// The spec or requirement.
    pub(super) fn value(&self) -> Option<&str> {
        match self {
            Self::Item(value, _) => Some(value),
            Self::Comment(_) => None,
        }
    }

    fn is_python(&self) -> bool {
        let name = self.value().map(spec_name);
        name.is_some_and(|name| name.eq_ignore_ascii_case("python"))
    }

    /// The normalised name of a requirement of pip.
    pub(super) fn pip_name(&self) -> Option<String> {
        let value = self.value()?;
        let line = Requirements::item(value, Span::new(0, value.len()), true);
        match line.content {
            Content::Requirement(requirement) => requirement.key,
            _ => None,
        }
    }
}

/// The line that says that the list is of another platform than DE5's Linux.
fn foreign(list: &CondaList, text: &str) -> Option<CondaRefusal> {
    let header = list
        .platform()
        .filter(|span| span.slice(text) != "linux-64");
    if let Some(span) = header {
        let words = format!("was exported on {}", span.slice(text));
        return Some(CondaRefusal::Platform(span, words));
    }
    list.specs().find_map(|(_, spec)| {
        let name = spec.name.slice(text);
        let platform = tables::platform_of(name)?;
        let words = format!("holds {name}, which only {platform} has");
        Some(CondaRefusal::Platform(spec.span, words))
    })
}

/// The spec that asks for Python 2.
fn python_2(list: &CondaList, text: &str) -> Option<CondaRefusal> {
    let found = list.specs().find(|(_, spec)| {
        let is_python = spec.name.slice(text).eq_ignore_ascii_case("python");
        let allowed = spec.allowed(text, Meaning::List).filter(|_| is_python);
        allowed.is_some_and(|allowed| allowed.excludes_python_3())
    });
    found.map(|(_, spec)| CondaRefusal::ListedPython2(spec.span))
}

/// A spec as `environment.yml` holds it: what the conda of DE4 took it for, without its build
/// string, which is of one platform and one day.
fn written(text: &str, spec: &Spec) -> String {
    let name = spec.name.slice(text);
    let head = spec.head(text);
    let Some(allowed) = spec.allowed(text, Meaning::List) else {
        return spec.span.slice(text).to_owned();
    };
    if spec.is_from_pip(text) {
        return format!("{name}{allowed}");
    }
    // A patch of Python is nothing that an app asks for by naming its minor.
    let minor = allowed
        .exact()
        .filter(|version| name.eq_ignore_ascii_case("python") && version.split('.').count() < 3);
    if let Some(minor) = minor {
        return format!("{head}={minor}");
    }
    match spec.versions {
        // As its author wrote it, where it means the same.
        Versions::Written(versions) if versions.slice(text).starts_with(['<', '>', '!']) => {
            let blank = Span::new(spec.name.end, versions.start).slice(text);
            let blank = if blank.is_empty() { "" } else { " " };
            let versions = versions.slice(text).split_whitespace();
            format!("{head}{blank}{}", versions.collect::<String>())
        }
        _ => format!("{head}{allowed}"),
    }
}

/// Whether the package is a part of conda's own installation, which an app's environment does not
/// have: `conda list --export` of Miniconda's base environment names them.
fn is_of_base(name: &str) -> bool {
    tables::base_packages()
        .iter()
        .any(|it| name.eq_ignore_ascii_case(it))
}

/// A range of Pythons that has no end gets the one that DE4 put beside every list.
fn capped(spec: &str) -> String {
    let versions = spec
        .trim_start_matches(|c: char| !"=<>!~ ".contains(c))
        .trim();
    let name = spec.strip_suffix(versions).unwrap_or(spec).trim_end();
    let end = tables::first_minor_refused();
    let open =
        versions.starts_with(['>', '!']) && !versions.contains('<') && !versions.contains('|');
    if open {
        format!("{name}{versions},<3.{end}")
    } else if ["=3", "=3.*", "==3.*"].contains(&versions) {
        format!("{name}>=3,<3.{end}")
    } else {
        spec.to_owned()
    }
}

/// A logical line on one physical line: blanks of its continuations become one.
fn on_one_line(line: &requirements::Line) -> String {
    if line.text.contains(['\'', '"']) {
        line.text.clone()
    } else {
        line.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A comment without the characters that YAML forbids even there.
fn clean(comment: &str) -> String {
    let forbidden = |c: char| {
        c.is_control() && c != '\t' || "\u{2028}\u{2029}\u{FEFF}\u{FFFE}\u{FFFF}".contains(c)
    };
    let plain = comment.replace(forbidden, " ");
    plain.trim_end().to_owned()
}

/// What `conda list --export` writes above a list.
fn is_header(comment: &str) -> bool {
    let words = comment.trim_start_matches('#').trim_start();
    [
        "This file may be used to create an environment",
        "$ conda create ",
        "platform:",
        "created-by:",
    ]
    .iter()
    .any(|start| words.starts_with(start))
}
