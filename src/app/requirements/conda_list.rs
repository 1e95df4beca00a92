//! conda's lines of an `environment.yml`, as requirements of what the packages hold.

use super::{RequirementList, Role};
use crate::app::Parsed;
use crate::app::conda_names::{Held, conda_key, find_held};
use crate::files::conda_spec::{Meaning, Spec, Versions, read_item};
use crate::files::environment_yml::{CondaEnvironment, Item};
use crate::files::requirements::{Content, Line, Requirement, RequirementSource};
use crate::text::Span;

/// The lines; `None` where there are none.
pub(super) fn read(file: &Parsed<CondaEnvironment>) -> Option<RequirementList> {
    let items = file.model.dependencies();
    (!items.is_empty()).then(|| RequirementList {
        path: file.path.clone(),
        text: file.text.clone(),
        role: Role::Conda,
        lines: items.iter().map(line).collect(),
    })
}

fn line(item: &Item) -> Line {
    let spec = read_item(&item.value);
    // An edit of what stands in brackets would lose their other keys.
    let is_plain = spec
        .as_ref()
        .is_some_and(|spec| !matches!(spec.versions, Versions::Keys { .. }));
    Line {
        span: item.span,
        full: item.span,
        content: Content::Requirement(requirement(item, spec.as_ref())),
        comment: None,
        text: item.value.clone(),
        verbatim: item.verbatim && is_plain,
    }
}

fn requirement(item: &Item, spec: Option<&Spec>) -> Requirement {
    let place = |span: Span| {
        if item.verbatim {
            span.shift(item.span.start)
        } else {
            item.span
        }
    };
    let mut found = Requirement {
        span: item.span,
        name: None,
        key: None,
        extras: Vec::new(),
        source: RequirementSource::Any,
        versions: None,
        location: None,
        marker: None,
        options: Vec::new(),
        editable: false,
    };
    let Some(spec) = spec else { return found };
    let name = spec.name.slice(&item.value).to_ascii_lowercase();
    found.name = Some(place(spec.name));
    match find_held(&name) {
        Held::Distributions(names) => {
            found.key = names.into_iter().next();
            let allowed = spec.allowed(&item.value, Meaning::Environment);
            if spec.versions != Versions::Any {
                found.source = RequirementSource::Specifiers(place(spec.tail()));
            }
            found.versions = allowed.and_then(|it| it.specifiers());
            found.versions = found.versions.filter(|it| !it.is_empty());
        }
        // Their versions are none of an index: nothing compares them.
        Held::Library | Held::Program => found.key = Some(conda_key(&name)),
    }
    found
}
