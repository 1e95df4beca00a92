//! The questions, in GraphQL. What they may ask for is documented; a field that a server does not
//! know is left out from then on.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A field that is asked for: the type that has it, its name, and what of it.
struct Field {
    parent: &'static str,
    name: &'static str,
    of: &'static [Field],
}

const fn field(parent: &'static str, name: &'static str) -> Field {
    Field {
        parent,
        name,
        of: &[],
    }
}

const fn group(parent: &'static str, name: &'static str, of: &'static [Field]) -> Field {
    Field { parent, name, of }
}

/// What is cheap to ask of an app.
const CHEAP: &[Field] = &[
    field("App", "name"),
    group("App", "owner", &[field("Owner", "username")]),
    field("App", "urlOnServer"),
    group(
        "App",
        "metadata",
        &[
            field("AppMetaData", "title"),
            field("AppMetaData", "permissionLevel"),
        ],
    ),
    field("App", "hasWorkspace"),
    group(
        "App",
        "collaborators",
        &[
            field("Collaborators", "users"),
            field("Collaborators", "teams"),
        ],
    ),
    group(
        "App",
        "mounts",
        &[field("Mount", "hostDir"), field("Mount", "targetDir")],
    ),
    group(
        "App",
        "processes",
        &[field("Process", "type"), field("Process", "number")],
    ),
    group(
        "App",
        "environmentVariables",
        &[
            field("EnvironmentVariable", "name"),
            field("EnvironmentVariable", "readonly"),
            field("EnvironmentVariable", "value"),
        ],
    ),
    group(
        "App",
        "linkedServices",
        &[field("Service", "name"), field("Service", "serviceType")],
    ),
    group("App", "status", &[field("AppStatus", "running")]),
];

/// What the server has to look for in the app's container.
const SLOW: &[Field] = &[
    field("App", "name"),
    group(
        "App",
        "analytics",
        &[
            group(
                "Analytics",
                "timestamps",
                &[
                    field("Timestamps", "created"),
                    field("Timestamps", "updated"),
                    field("Timestamps", "visited"),
                    field("Timestamps", "error"),
                ],
            ),
            group(
                "Analytics",
                "gitRevision",
                &[field("GitRevision", "sha1"), field("GitRevision", "error")],
            ),
            group(
                "Analytics",
                "dependencies",
                &[
                    field("Dependencies", "python"),
                    field("Dependencies", "error"),
                ],
            ),
        ],
    ),
];

const COUNTS: &[Field] = &[
    group(
        "Query",
        "current",
        &[field("Current", "username"), field("Current", "isAdmin")],
    ),
    group("Query", "appsCount", &[field("AppsCount", "count")]),
];

/// What a server does not know: type and field, or type and `field(argument)`.
pub(super) type Dropped = BTreeSet<(String, String)>;

/// The fields without which nothing can be read.
const NEEDED: &[(&str, &str)] = &[("Query", "apps"), ("Apps", "apps"), ("App", "name")];

/// Whether the reading can go on without the field.
pub(super) fn is_needed(parent: &str, name: &str) -> bool {
    NEEDED.contains(&(parent, name))
}

/// Whether one of the questions has the field or argument, so that leaving it out changes something.
pub(super) fn is_asked(parent: &str, name: &str) -> bool {
    fn has(fields: &[Field], parent: &str, name: &str) -> bool {
        let mut fields = fields.iter();
        fields.any(|it| (it.parent == parent && it.name == name) || has(it.of, parent, name))
    }
    [("Query", "apps(allApps)"), ("Apps", "nextPage")].contains(&(parent, name))
        || [CHEAP, SLOW, COUNTS]
            .iter()
            .any(|fields| has(fields, parent, name))
}

/// Who asks, and how many apps there are.
pub(super) fn counts(dropped: &Dropped) -> Option<String> {
    let fields = fields(COUNTS, dropped, true, 1);
    (!fields.is_empty()).then(|| format!("query Counts {{\n{fields}}}\n"))
}

/// A page of apps.
pub(super) fn page(dropped: &Dropped, values: bool) -> String {
    let next = if dropped.contains(&("Apps".to_owned(), "nextPage".to_owned())) {
        ""
    } else {
        "    nextPage\n"
    };
    let fields = fields(CHEAP, dropped, values, 3);
    let all = all_apps(dropped);
    format!(
        "query Page($page: Int!) {{\n  apps(page: $page{all}) {{\n    apps {{\n{fields}    }}\n{next}  }}\n}}\n"
    )
}

/// What is slow, of the apps of a name; `None` when the server knows none of it.
pub(super) fn analytics(dropped: &Dropped) -> Option<String> {
    let fields = fields(SLOW, dropped, true, 3);
    let all = all_apps(dropped);
    fields.contains("analytics").then(|| {
        format!(
            "query Analytics($name: String!) {{\n  apps(name: $name{all}) {{\n    apps {{\n{fields}    }}\n  }}\n}}\n"
        )
    })
}

/// All questions, for whoever asks them by other means.
pub fn document(values: bool) -> String {
    let nothing = Dropped::new();
    let parts = [
        counts(&nothing),
        Some(page(&nothing, values)),
        analytics(&nothing),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join("\n")
}

fn all_apps(dropped: &Dropped) -> &'static str {
    let argument = ("Query".to_owned(), "apps(allApps)".to_owned());
    if dropped.contains(&argument) {
        ""
    } else {
        ", allApps: true"
    }
}

fn fields(asked: &[Field], dropped: &Dropped, values: bool, depth: usize) -> String {
    let mut text = String::new();
    let indent = "  ".repeat(depth);
    for field in asked {
        let key = (field.parent.to_owned(), field.name.to_owned());
        let is_value = key.0 == "EnvironmentVariable" && key.1 == "value";
        if dropped.contains(&key) || (is_value && !values) {
            continue;
        }
        if field.of.is_empty() {
            let _ = writeln!(text, "{indent}{}", field.name);
            continue;
        }
        let inner = fields(field.of, dropped, values, depth + 1);
        if !inner.is_empty() {
            let _ = writeln!(text, "{indent}{} {{\n{inner}{indent}}}", field.name);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(fields: &[(&str, &str)]) -> Dropped {
        let owned = fields
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        owned.collect()
    }

    #[test]
    fn values_are_asked_for_only_when_wanted() {
        assert!(!document(false).contains("value"));
        assert!(page(&Dropped::new(), true).contains("value"));
    }

    #[test]
    fn what_is_dropped_is_not_asked() {
        let all = page(&Dropped::new(), false);
        assert!(all.contains("      mounts {\n        hostDir\n        targetDir\n      }\n"));
        let less = page(&without(&[("App", "mounts"), ("Owner", "username")]), false);
        assert!(
            !less.contains("mounts") && !less.contains("owner"),
            "{less}"
        );
        let own = page(&without(&[("Query", "apps(allApps)")]), false);
        assert!(own.contains("apps(page: $page) {"), "{own}");
        assert!(analytics(&without(&[("App", "analytics")])).is_none());
        let nobody = without(&[("Query", "current"), ("Query", "appsCount")]);
        assert!(counts(&nobody).is_none());
        assert!(
            page(&without(&[("Apps", "nextPage")]), false)
                .find("nextPage")
                .is_none()
        );
    }

    #[test]
    fn what_is_needed_is_known() {
        assert!(is_needed("App", "name") && !is_needed("App", "owner"));
        assert!(is_asked("GitRevision", "sha1") && !is_asked("App", "colour"));
    }
}
