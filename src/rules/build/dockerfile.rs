//! DL115: Dockerfiles and compose files beside a Procfile, which DE5 does not read.

use crate::app::App;
use crate::rules::{Case, Category, Check, Code, Finding, Inputs, Rule, Settings, Subject};

/// DL115.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(115),
    stem: "dockerfile",
    category: Category::May,
    summary: "a Dockerfile or compose file beside a Procfile, which Dash Enterprise 5 does not read",
    cases: &[UNREAD],
    inputs: Inputs::NONE,
    page: include_str!("../../../rules/DL115-dockerfile.md"),
    check: Check::App(check),
};

const UNREAD: Case = Case::new("unread");

/// The files, by the names that docker looks for.
const NAMES: &[&str] = &[
    "Dockerfile",
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.yml",
    "compose.yaml",
];

fn check(app: &App, _settings: &Settings) -> Vec<Finding> {
    let there: Vec<&str> = NAMES.iter().copied().filter(|name| app.has(name)).collect();
    let Some(first) = there.first().filter(|_| app.has("Procfile")) else {
        return Vec::new();
    };
    let message = format!(
        "Dash Enterprise 5 does not read {}: buildpacks build the app, and the Procfile starts it",
        there.join(" and ")
    );
    let draft = RULE.report(UNREAD, Subject::Whole, &app.path(first), message);
    vec![draft.guide(
        "Look what it does beyond installing the app's requirements: Debian packages go into Aptfile, commands into the Procfile or a deploy script that project.toml names, variables and services are set up on the server. Then keep the file for its other uses, or remove it.",
    )]
}
