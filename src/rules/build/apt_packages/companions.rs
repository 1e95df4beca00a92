//! The files of DE4's apt that have no counterpart on DE5: one guide each, so that none is dropped
//! in silence.

use super::{ARCHIVES, COMPANION, COMPANION_VARIABLES, EMPTY_COMPANION, RULE};
use crate::app::App;
use crate::rules::{Category, Consequence, Edit, Effort, Finding, Fix, Step, StepSite, Subject};
use crate::text::Text;

/// A file without a counterpart.
struct Companion {
    name: &'static str,
    /// What the file did on DE4 and nothing does on DE5; behind the file's name.
    fact: &'static str,
    guide: &'static str,
}

const COMPANIONS: &[Companion] = &[
    Companion {
        name: "apt-keys",
        fact: "names keys of package sources, and Dash Enterprise 5 imports no keys",
        guide: "Without its key a source probably needs `[trusted=yes]` behind `:repo:deb` in Aptfile: put it there for each source that these keys signed, if its packages may be installed without a check of their signature. Then delete apt-keys.",
    },
    Companion {
        name: "apt-preferences",
        fact: "pins packages to a source, which Dash Enterprise 5 cannot do",
        guide: "Name the version in Aptfile instead (`name=version`) where it matters; then delete apt-preferences.",
    },
    Companion {
        name: "apt-conf",
        fact: "configures apt, and Dash Enterprise 5 reads no configuration of apt",
        guide: "Check whether the packages install without these settings (a proxy, a time limit, recommended packages); then delete apt-conf.",
    },
    Companion {
        name: "apt-debconf",
        fact: "answers the questions of packages while they are installed; Dash Enterprise 5 only unpacks packages",
        guide: "Find out which package asked: it is unpacked on Dash Enterprise 5 and its set-up does not run, so make what the app needs (a licence file, a configuration) part of the app; then delete apt-debconf.",
    },
];

pub(super) fn check(app: &App) -> Vec<Finding> {
    let known = COMPANIONS
        .iter()
        .filter(|companion| app.has(companion.name));
    let known = known.map(|companion| {
        if text(app, companion.name).as_ref().is_some_and(is_blank) {
            return emptied(app, companion.name);
        }
        let message = format!("{} {}", companion.name, companion.fact);
        RULE.report(
            COMPANION,
            Subject::Path(companion.name.to_owned()),
            &app.path(companion.name),
            message,
        )
        .means(Consequence::NoCounterpart)
        .effort(Effort::Hours)
        .guide(companion.guide)
    });
    known.chain(environment(app)).chain(archives(app)).collect()
}

fn text(app: &App, name: &str) -> Option<Text> {
    let bytes = app.tree().read(&app.path(name)).ok()?;
    Text::decode(&bytes).ok()
}

fn is_blank(text: &Text) -> bool {
    text.as_str().trim().is_empty()
}

fn emptied(app: &App, name: &str) -> Finding {
    let path = app.path(name);
    RULE.report(
        EMPTY_COMPANION,
        Subject::Path(name.to_owned()),
        &path,
        format!("{name} is empty, and Dash Enterprise 5 does not read it"),
    )
    .category(Category::May)
    .fix(Fix::safe(format!("remove the empty {name}")).edit(Edit::remove(&path)))
}

/// `apt-env`: only the names are said, values may be secrets.
fn environment(app: &App) -> Option<Finding> {
    if !app.has("apt-env") {
        return None;
    }
    let text = text(app, "apt-env");
    if text.as_ref().is_some_and(is_blank) {
        return Some(emptied(app, "apt-env"));
    }
    let names = text.as_ref().map(variables).unwrap_or_default();
    let said = match names.as_slice() {
        [] => "environment variables".to_owned(),
        names => names.join(", "),
    };
    let message = format!(
        "apt-env set {said} while Dash Enterprise 4 installed packages; Dash Enterprise 5 does not read it"
    );
    let draft = RULE.report(COMPANION_VARIABLES, Subject::Whole, &app.path("apt-env"), message).means(Consequence::NoCounterpart).step(
        "Check whether anything still needs the variable: Aptfile packages are only unpacked. All variables of an app are there while Dash Enterprise 5 builds it.",
    );
    let draft = names.iter().fold(draft, |draft, name| {
        let step = Step::new(format!(
            "Give {name} to the app if its build needs it (a path may have moved):"
        ));
        let command =
            format!("de apps update --name APP --add-environment-variable \"{name}=<value>\"");
        draft.take(step.command(command).at(StepSite::Server))
    });
    Some(draft.guide("Delete apt-env."))
}

fn variables(text: &Text) -> Vec<String> {
    let names = text.as_str().lines().filter_map(|line| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, _) = line.split_once('=')?;
        let name = name.trim();
        let sound = |c: char| c.is_ascii_alphanumeric() || c == '_';
        (!name.is_empty() && name.chars().all(sound)).then(|| name.to_owned())
    });
    names.collect()
}

/// The folder `dpkg-packages/`.
fn archives(app: &App) -> Option<Finding> {
    let entries = app.folder("dpkg-packages").iter();
    let names: Vec<&str> = entries
        .map(|entry| entry.path.name())
        .filter(|name| matches!(name.rsplit_once('.'), Some((_, "deb"))))
        .collect();
    if names.is_empty() {
        return None;
    }
    let message = format!(
        "dpkg-packages/ holds packages that Dash Enterprise 5 does not install: {}",
        names.join(", ")
    );
    let finding = RULE.report(ARCHIVES, Subject::Whole, &app.path("dpkg-packages"), message)
        .means(Consequence::NoCounterpart)
        .effort(Effort::Hours)
        .guide(
            "Put each package on a web server that Dash Enterprise 5 can reach while it builds, and write its URL as a line into Aptfile: a word that ends in `deb` is fetched. A path to a file of the app does not work there. Then delete dpkg-packages/.",
        );
    Some(finding)
}
