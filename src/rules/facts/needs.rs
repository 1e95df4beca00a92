//! What an app needs of the platform beside services and variables: its Python and the packages of
//! Dash Enterprise. The plan lists it; no rule reports it.

use std::collections::BTreeSet;

use crate::app::{App, Broken, RequirementList};
use crate::files::conda_spec::{Meaning, read_item};
use crate::files::requirements::{Requirement, normalized_name};
use crate::packages::Target;
use crate::rules::data::packages::{self, stubs};
use crate::rules::data::python::{Minor, pythons};
use crate::rules::support::{is_built_by_conda, python_choice, takes_python_from_settings};
use crate::rules::{Place, Settings};

/// Where the Python of an app is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PythonSource {
    /// In `project.toml`.
    ProjectToml(Place),
    /// In `environment.yml`: conda installs it.
    Conda(Place),
    /// Still in `runtime.txt` only, which is not read.
    RuntimeTxt(Place),
    /// In a file that cannot be read, or nobody knows.
    Unreadable(Place),
    /// Nowhere: the app gets the default of the release.
    Default,
}

/// The Python of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededPython {
    /// The minor, as in `3.9`; `None` where what is written allows several, or none is known.
    pub minor: Option<String>,
    /// Where it is chosen.
    pub source: PythonSource,
    /// What the app's lists install on; `None` where nobody can tell: a file that cannot be read, a
    /// range of conda's.
    pub target: Option<Target>,
    /// Whether [`NeededPython::target`] is the release's default, because nothing says another Python or
    /// the release does not install the one that is asked for.
    pub is_assumed: bool,
    /// Whether a deploy may take its Python from the app's Settings (newest releases).
    pub settings_decide: bool,
}

/// The Python that the app gets as its files stand.
pub fn python(app: &App, settings: &Settings) -> NeededPython {
    let (minor, source) = if let Some(broken) = broken(app) {
        let mut place = Place::file(broken.path.clone());
        place.position = Some(broken.position);
        (None, PythonSource::Unreadable(place))
    } else if is_built_by_conda(app) {
        conda(app)
    } else {
        project_toml(app)
            .or_else(|| runtime_txt(app))
            .unwrap_or_else(|| {
                let default = pythons(settings.target.0).map(|pythons| pythons.default);
                (default, PythonSource::Default)
            })
    };
    let is_conda = matches!(source, PythonSource::Conda(_));
    let installed = minor.filter(|it| is_conda || is_installed(*it, settings));
    let target = installed.and_then(Minor::target).or_else(|| {
        let is_known = minor.is_some() && !is_conda;
        is_known.then(|| default_target(settings))
    });
    NeededPython {
        is_assumed: source == PythonSource::Default || installed.is_none(),
        minor: minor.map(|minor| minor.to_string()),
        source,
        target,
        settings_decide: !is_conda && takes_python_from_settings(settings),
    }
}

/// The first file that may choose the Python and cannot be read.
fn broken<'a>(app: &'a App) -> Option<&'a Broken> {
    if is_built_by_conda(app) {
        return app.environment().broken();
    }
    let project = app.project_toml().broken();
    project.or_else(|| app.runtime_txt().broken())
}

fn project_toml(app: &App) -> Option<(Option<Minor>, PythonSource)> {
    let choice = python_choice(app)?;
    let minor = choice.value.as_deref().and_then(Minor::of_range);
    let mut place = Place::file(app.path("project.toml"));
    place.span = Some(choice.span);
    Some((minor, PythonSource::ProjectToml(place)))
}

fn runtime_txt(app: &App) -> Option<(Option<Minor>, PythonSource)> {
    let file = app.runtime_txt().present()?;
    let python = file.model.python()?;
    let minor = Minor {
        major: python.major,
        minor: python.minor,
    };
    let place = Place::span(file.path.clone(), python.span);
    Some((Some(minor), PythonSource::RuntimeTxt(place)))
}

fn conda(app: &App) -> (Option<Minor>, PythonSource) {
    let file = app.environment().present();
    let spec = file.and_then(|file| Some((file, file.model.dependency("python")?)));
    match spec {
        Some((file, spec)) => {
            let place = Place::span(file.path.clone(), spec.span);
            (conda_minor(&spec.value), PythonSource::Conda(place))
        }
        None => (
            None,
            PythonSource::Conda(Place::file(app.path("environment.yml"))),
        ),
    }
}

/// The one minor that conda's `python=3.7`, `python>=3.7,<3.8` allows.
pub(in crate::rules) fn conda_minor(item: &str) -> Option<Minor> {
    let allowed = read_item(item)?.allowed(item, Meaning::Environment)?;
    let (major, minor) = allowed.python_minor()?;
    Some(Minor { major, minor })
}

/// The Pythons that the release installs, oldest first.
pub fn installable(settings: &Settings) -> Vec<Target> {
    let known = pythons(settings.target.0).into_iter();
    let minors = known.flat_map(|pythons| pythons.minors.iter());
    let minors = minors.filter_map(|minor| u8::try_from(minor.minor).ok());
    minors.map(Target::new).collect()
}

/// The Python that the app's requirements are to install on: the one it gets (conda's own, whatever
/// the release has), or the default of the release where that is not known or not installed there. It is the one answer for every list that
/// is checked, minimised, solved or verified.
pub fn python_target(app: &App, settings: &Settings) -> Target {
    let chosen = python(app, settings).target;
    chosen.unwrap_or_else(|| default_target(settings))
}

/// The oldest Python that the release installs: for apps of which nobody can tell the Python.
pub(in crate::rules) fn oldest_target(settings: &Settings) -> Target {
    let oldest = pythons(settings.target.0).and_then(|it| it.minors.first()?.target());
    oldest.unwrap_or_else(|| default_target(settings))
}

/// The Python of an app that chooses none.
fn default_target(settings: &Settings) -> Target {
    let default = pythons(settings.target.0).and_then(|it| it.default.target());
    default.unwrap_or(Target::new(DEFAULT_MINOR))
}

fn is_installed(minor: Minor, settings: &Settings) -> bool {
    pythons(settings.target.0).is_none_or(|pythons| pythons.has(minor))
}

/// The default of the newest release, should the table of releases not say.
const DEFAULT_MINOR: u8 = 10;

/// The package index of a Dash Enterprise 5 server.
pub fn de5_index(host: &str) -> String {
    packages::de5_index(host)
}

/// The names of the app's requirements that the public index does not have.
pub(in crate::rules) fn private_names(app: &App, settings: &Settings) -> BTreeSet<String> {
    let found = private_packages(app, settings).into_iter();
    found.filter_map(|(_, it)| it.key.clone()).collect()
}

/// The requirements that the public index does not have: those that the index of a Dash
/// Enterprise server has, and those that the user named as private.
pub fn private_packages<'a>(
    app: &'a App,
    settings: &Settings,
) -> Vec<(&'a RequirementList, &'a Requirement)> {
    let told = settings.private_packages.iter();
    let told: Vec<String> = told.map(|name| normalized_name(name)).collect();
    let is_private = |name: &str| stubs().has(name) || told.iter().any(|known| known == name);
    let all = app.requirements().requirements();
    all.filter(|(_, _, requirement)| requirement.key.as_deref().is_some_and(is_private))
        .map(|(list, _, requirement)| (list, requirement))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{MemoryTree, TreePath};

    fn python_of(files: &[(&str, &str)]) -> (Option<String>, bool) {
        let tree = MemoryTree::new(files.iter().copied());
        let app = App::new(&tree, TreePath::root());
        let python = python(&app, &Settings::default());
        (python.minor, python.settings_decide)
    }

    #[test]
    fn the_python_is_where_the_build_looks() {
        let project = "[[build.env]]\nname = 'BP_CPYTHON_VERSION'\nvalue = '3.9.*'\n";
        let list = ("requirements.txt", "dash\n");
        let minor = |minor: &str| Some(minor.to_owned());
        assert_eq!(
            python_of(&[list, ("project.toml", project)]),
            (minor("3.9"), true)
        );
        assert_eq!(
            python_of(&[list, ("runtime.txt", "python-3.8.1")]),
            (minor("3.8"), true)
        );
        assert_eq!(python_of(&[list]), (minor("3.10"), true));
        let conda = "dependencies:\n  - python=3.7\n  - dash\n";
        assert_eq!(
            python_of(&[("environment.yml", conda)]),
            (minor("3.7"), false)
        );
        assert_eq!(
            python_of(&[
                list,
                ("project.toml", "[build"),
                ("runtime.txt", "python-3.8.1")
            ]),
            (None, true)
        );
        for (spec, expected) in [
            ("python=3.7.6=h0371630_2", Some("3.7")),
            ("python>=3.7,<3.8", Some("3.7")),
            ("python 2.7*", Some("2.7")),
            ("python>=3.6", None),
        ] {
            let text = format!("dependencies:\n  - {spec}\n");
            let found = python_of(&[("environment.yml", &text)]);
            assert_eq!(found, (expected.map(str::to_owned), false), "{spec}");
        }
        let open = "dependencies:\n  - conda-forge::python>=3.7\n";
        assert_eq!(python_of(&[("environment.yml", open)]), (None, false));
    }

    #[test]
    fn the_target_is_a_python_of_the_release() {
        let target = |files: &[(&str, &str)]| {
            let tree = MemoryTree::new(files.iter().copied());
            let app = App::new(&tree, TreePath::root());
            python_target(&app, &Settings::default()).minor()
        };
        let list = ("requirements.txt", "dash\n");
        assert_eq!(target(&[list, ("runtime.txt", "python-3.8.1")]), 8);
        assert_eq!(target(&[list, ("runtime.txt", "python-2.7.18")]), 10);
        assert_eq!(target(&[list, ("runtime.txt", "python-3.6.1")]), 10);
        assert_eq!(target(&[list]), 10);
    }

    #[test]
    fn private_packages_are_known_or_told() {
        let lists = "dash\ndash-design-kit==1.6\ndash_notes\nin_house\n";
        let tree = MemoryTree::new([("requirements.txt", lists)]);
        let app = App::new(&tree, TreePath::root());
        let settings = Settings {
            private_packages: vec!["In-House".to_owned()],
            ..Settings::default()
        };
        let names = private_packages(&app, &settings).into_iter();
        let names: Vec<String> = names.filter_map(|(_, it)| it.key.clone()).collect();
        assert_eq!(names, ["dash-design-kit", "dash-notes", "in-house"]);
    }
}
