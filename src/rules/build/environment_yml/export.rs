//! An `environment.yml` that a machine wrote: packages of another platform, build strings.

use super::{BUILD_STRINGS, OTHER_PLATFORM, RULE, is_unused};
use crate::app::{App, Parsed};
use crate::files::conda_spec::{Meaning, Spec, read_item};
use crate::files::environment_yml::{CondaEnvironment, Item, spec_name};
use crate::rules::{Category, Edit, Finding, Fix, Subject, data};
use crate::text::Span;

/// So many places are shown.
const MOST_SHOWN: usize = 12;

/// At most one finding: of another platform, or else of builds.
pub(super) fn check(app: &App, file: &Parsed<CondaEnvironment>) -> Option<Finding> {
    if is_unused(app) {
        return None;
    }
    other_platform(file).or_else(|| build_strings(file))
}

/// The items that name a build, which is of one platform and one day.
fn builds(file: &Parsed<CondaEnvironment>) -> Vec<(&Item, Spec)> {
    let items = file.model.dependencies().iter();
    let read = items.filter_map(|item| Some((item, read_item(&item.value)?)));
    read.filter(|(_, spec)| spec.build().is_some()).collect()
}

/// A list that was exported on a machine that is not Linux.
fn other_platform(file: &Parsed<CondaEnvironment>) -> Option<Finding> {
    let foreign = file.model.dependencies().iter().filter_map(|item| {
        let platform = data::conda::platform_of(spec_name(&item.value))?;
        Some((item, platform))
    });
    let foreign: Vec<(&Item, &str)> = foreign.collect();
    let (first, platform) = *foreign.first()?;
    let own = foreign.iter().filter(|(_, other)| *other == platform);
    let names: Vec<&str> = own.map(|(item, _)| spec_name(&item.value)).collect();
    let message = format!(
        "environment.yml holds {}, which only {platform} has; Dash Enterprise 5 runs Linux",
        joined(&names)
    );
    let subject = Subject::Distribution(spec_name(&first.value).to_owned());
    let draft = RULE
        .report(OTHER_PLATFORM, subject, &file.path, message)
        .span(first.span);
    let others = foreign.iter().skip(1).take(MOST_SHOWN);
    let draft = others.fold(draft, |draft, (item, platform)| {
        draft.evidence(&file.path, item.span, format!("only {platform} has it"))
    });
    let builds = builds(file).len();
    let draft = if builds > 1 {
        draft.note(format!("The {builds} build strings (the second `=` and what follows) are of {platform} too: the list was exported there."))
    } else {
        draft
    };
    Some(draft.guide("Write the packages that the app imports, with versions and without build strings; `conda env export --from-history` on the machine of the export lists what was asked for. `dashlift minimise` tells which lines the app uses."))
}

fn joined(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// Builds of one day, which a channel need not have any more.
fn build_strings(file: &Parsed<CondaEnvironment>) -> Option<Finding> {
    let builds = builds(file);
    let (first, spec) = builds.first()?;
    let count = builds.len();
    let message = if count == 1 {
        format!(
            "environment.yml asks for one build of {}, which its channel may not have any more",
            spec.name.slice(&first.value)
        )
    } else {
        format!(
            "environment.yml asks for single builds of {count} packages, which their channels may not have any more"
        )
    };
    let draft = RULE
        .report(BUILD_STRINGS, Subject::Whole, &file.path, message)
        .span(first.span)
        .category(Category::Should);
    let edits: Option<Vec<Edit>> = builds.iter().map(|it| without_build(file, it)).collect();
    let by_hand = "Take the build strings (the second `=` and what follows) out: `numpy=1.16.2=py37h7e9f1db_0` becomes `numpy==1.16.2`.";
    Some(match edits {
        Some(edits) => {
            draft.fix(Fix::unsafe_("keep the versions and take the build strings out").edits(edits))
        }
        None => draft.guide(by_hand),
    })
}

/// The edit that keeps what an item says of versions and lets its build go.
fn without_build(file: &Parsed<CondaEnvironment>, (item, spec): &(&Item, Spec)) -> Option<Edit> {
    let value = &item.value;
    if !item.verbatim {
        return None;
    }
    let allowed = spec.allowed(value, Meaning::Environment)?;
    let span = Span::new(0, value.len()).shift(item.span.start);
    let new = format!("{}{allowed}", spec.head(value));
    Some(Edit::replace(&file.path, span, new))
}
