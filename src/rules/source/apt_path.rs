//! DL311: programs and data of Debian packages by the absolute path that they had on DE4.

use std::collections::BTreeMap;

use crate::app::{App, Reached};
use crate::files::script::Script;
use crate::rules::data::apt_paths::{brings, is_from_package, program_of};
use crate::rules::requirement_lists::short;
use crate::rules::support::apt_names;
use crate::rules::{
    Case, Category, Check, Code, Finding, Inputs, Rule, Settings, SourceInputs, Subject,
};
use crate::text::Span;
use crate::tree::TreePath;

/// DL311.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(311),
    stem: "apt-path",
    category: Category::Must,
    summary: "programs and data of Debian packages by an absolute path",
    cases: &[PATH],
    inputs: Inputs::files(&[
        "apt-packages",
        "Aptfile",
        "Procfile",
        "project.toml",
        "app.json",
    ])
    .sources(SourceInputs::With(words))
    .scripts(),
    page: include_str!("../../../rules/DL311-apt-path.md"),
    check: Check::App(check),
};

const PATH: Case = Case::new("path");

/// What a source holds that names one of the folders.
const WORDS: &[&str] = &["/usr/", "/opt/"];

fn words() -> Vec<String> {
    WORDS.iter().map(|it| (*it).to_owned()).collect()
}

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let packages = apt_names(app);
    if packages.is_empty() {
        return Vec::new();
    }
    let mut places: BTreeMap<String, Vec<(TreePath, Span)>> = BTreeMap::new();
    for file in RULE.read_sources(app) {
        let Some((_, facts)) = file.facts() else {
            continue;
        };
        if app.reach().of_file(file.path()) == Reached::No {
            continue;
        }
        for (_, literal) in facts.texts() {
            if let Some(path) = path_in(&literal.value) {
                let place = (file.path().clone(), literal.span);
                places.entry(path.to_owned()).or_default().push(place);
            }
        }
    }
    in_procfile(app, &mut places);
    let places = places.iter();
    places
        .filter_map(|(path, places)| report(path, places, &packages))
        .collect()
}

/// The path of a package that a text is, or begins with: `/usr/bin/gs -q`.
fn path_in(text: &str) -> Option<&str> {
    let path = text.split_whitespace().next()?;
    let odd = |c: char| c.is_control() || "<>{}|\"?^$*%,".contains(c);
    (text.starts_with('/') && is_from_package(path) && !path.contains(odd)).then_some(path)
}

fn in_procfile(app: &App, places: &mut BTreeMap<String, Vec<(TreePath, Span)>>) {
    let Some(file) = app.procfile().present() else {
        return;
    };
    for process in file.model.processes() {
        let command = process.command.slice(file.text.as_str());
        for word in Script::of_line(command)
            .commands()
            .iter()
            .flat_map(|it| &it.words)
        {
            if let Some(path) = path_in(&word.value) {
                let place = (file.path.clone(), word.span.shift(process.command.start));
                places.entry(path.to_owned()).or_default().push(place);
            }
        }
    }
}

fn report(path: &str, places: &[(TreePath, Span)], packages: &[String]) -> Option<Finding> {
    let (first, others) = places.split_first()?;
    let bringer = packages.iter().find(|package| brings(package, path));
    // A folder that no package of the list is known to fill may be anything.
    if bringer.is_none() && program_of(path).is_none() {
        return None;
    }
    let message = match bringer {
        Some(package) => format!(
            "`{}` is where Dash Enterprise 4 had {package}; the packages of an Aptfile are unpacked elsewhere on Dash Enterprise 5",
            short(path)
        ),
        None => format!(
            "`{}` is where a Debian package may have put it on Dash Enterprise 4; the packages of an Aptfile are unpacked elsewhere on Dash Enterprise 5",
            short(path)
        ),
    };
    let category = if bringer.is_some() {
        Category::Must
    } else {
        Category::May
    };
    let draft = RULE
        .report(PATH, Subject::Path(path.to_owned()), &first.0, message)
        .span(first.1)
        .category(category);
    let draft = others.iter().fold(draft, |draft, (path, span)| {
        draft.evidence(path, *span, "the same path")
    });
    Some(match program_of(path) {
        Some(name) => draft.guide(format!(
            "Ask for the program by its name: `shutil.which(\"{name}\")` in Python, `{name}` in a command."
        )),
        None => draft.guide("Look for the folder in a shell of the app on Dash Enterprise 5 (`find / -name NAME`), and take its path from an environment variable; or put the files into the repository."),
    })
}
