//! What is said about a line that does not come to run.

use super::asked::{PinnedRequirement, Why};
use crate::packages::Target;
use crate::packages::snapshot::{Break, Build, BuildRow, Release};

/// The fact, a sentence without a full stop.
pub(super) fn message(
    asked: &PinnedRequirement,
    releases: &[Release],
    why: &Why,
    target: Target,
) -> String {
    let what = asked.shown_whole();
    let subject = if asked.pin().is_some() || asked.specifiers.is_empty() {
        what.clone()
    } else {
        format!("the newest {what}")
    };
    match why {
        Why::Build { row, has_wheels } => build(&subject, row, *has_wheels, target),
        Why::Start(broken) => start(&subject, broken, target),
        Why::NoRelease => format!("{what} was never on the index, which has older and newer ones"),
        Why::Local => {
            let local = asked.local().unwrap_or_default();
            format!(
                "{what} is on no public index: only a page of its own has versions with a part \
                 like `+{local}`"
            )
        }
        Why::Python | Why::NoFile if asked.pin().is_none() => {
            format!("no release of {what} installs on {target}")
        }
        Why::Python => {
            let pin = asked.pin();
            let release = releases.iter().find(|it| Some(&it.version) == pin);
            let python = release.and_then(Release::requires_python);
            let python = python.unwrap_or_default();
            format!("{what} does not install on {target}: it asks for Python {python}")
        }
        Why::NoFile if asked.local().is_some() => format!(
            "{what} has no wheel for {target}, as far as its release without the `+` part tells"
        ),
        Why::NoFile => format!("{what} does not install on {target}: it has no file for it"),
    }
}

fn build(subject: &str, row: &BuildRow, has_wheels: bool, target: Target) -> String {
    let needs = row.needs.as_deref().unwrap_or_default();
    if row.kind == Build::Broken {
        return format!("{subject} cannot be built: its source asks for {needs}");
    }
    let how = if has_wheels {
        format!("has no wheel for {target}; building it from source")
    } else {
        "comes as source only; building it".to_owned()
    };
    format!("{subject} {how} likely fails, the build needs {needs}")
}

fn start(subject: &str, broken: &Break, target: Target) -> String {
    let Break {
        module,
        line,
        what,
        minor,
        ..
    } = broken;
    format!(
        "{subject} installs on {target} and does not start: {module} (line {line}) uses {what}, \
         which Python 3.{minor} no longer has"
    )
}
