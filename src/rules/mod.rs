//! The rules, one file each. A rule sees an app (or a repository) and says findings; it does not
//! know the disk, git or the terminal.

mod app_directory;
mod app_json;
mod apt_packages;
mod aptfile;
mod asked;
mod auth;
mod buildpacks;
mod checks;
mod committed_environment;
mod conda;
mod data;
mod de4_url;
mod deploy_script;
mod detection;
mod directory_mapping;
mod dokku_scale;
mod duplicate;
mod environment;
mod environment_yml;
mod ephemeral_write;
mod file_use;
mod finding;
mod foreign_platform;
mod git_remote;
mod legacy_imports;
mod needs;
mod package_floor;
mod package_index;
mod procfile;
mod project_toml;
mod python_compat;
mod requirement_lists;
mod run_server;
mod runtime_txt;
mod service;
mod services;
pub mod settings;
mod stub_packages;
mod subdependency;
mod support;
mod suppression;
mod unreachable;
mod unreadable;
mod variables;

use crate::app::App;
use crate::text::Text;
use crate::tree::{Tree, TreePath};

pub use dokku_scale::MOST_REPLICAS;
pub use finding::{
    Category, Code, Draft, Edit, Effort, Evidence, Finding, Fix, Place, Safety, Step,
};
pub use needs::{Python, PythonSource, de5_index, private_packages, python, python_target};
pub use services::{Service, ServiceUse, services};
pub use settings::Settings;
pub use suppression::Checked;
pub use variables::{VariableUse, variables};

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its number.
    pub code: Code,
    /// Its name in words: the stem of its file, its test and its page.
    pub stem: &'static str,
    /// How much its findings matter, where a case does not say otherwise.
    pub category: Category,
    /// What it finds, half a sentence.
    pub summary: &'static str,
    /// Its page, Markdown.
    pub page: &'static str,
    /// The code.
    pub check: Check,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// One app.
    App(fn(&App, &Settings) -> Vec<Finding>),
    /// All of a repository, once.
    Repository(fn(&Repository, &Settings) -> Vec<Finding>),
    /// The comments that keep findings back, when all other rules have spoken.
    Suppressions,
}

/// What is known of a repository beside its files.
pub struct Repository<'t> {
    /// Its files.
    pub tree: &'t dyn Tree,
    /// The folder that was asked for; the root for all of it.
    pub scope: TreePath,
    /// Its git remotes; none outside git.
    pub remotes: Option<Remotes>,
}

/// The remotes of a repository, as its configuration lists them.
#[derive(Debug, Clone)]
pub struct Remotes {
    /// The configuration file, as people know it: `.git/config`.
    pub path: TreePath,
    /// Its text.
    pub text: Text,
    /// Name and URL of each.
    pub urls: Vec<(String, String)>,
}

static RULES: &[&Rule] = &[
    &suppression::RULE,
    &runtime_txt::RULE,
    &apt_packages::RULE,
    &aptfile::RULE,
    &conda::RULE,
    &environment_yml::RULE,
    &app_json::RULE,
    &checks::RULE,
    &dokku_scale::RULE,
    &buildpacks::RULE,
    &detection::RULE,
    &procfile::RULE,
    &project_toml::RULE,
    &deploy_script::RULE,
    &package_index::RULE,
    &package_floor::RULE,
    &stub_packages::RULE,
    &subdependency::RULE,
    &python_compat::RULE,
    &foreign_platform::RULE,
    &unreachable::RULE,
    &unreadable::RULE,
    &duplicate::RULE,
    &directory_mapping::RULE,
    &app_directory::RULE,
    &de4_url::RULE,
    &auth::RULE,
    &service::RULE,
    &environment::RULE,
    &legacy_imports::RULE,
    &run_server::RULE,
    &ephemeral_write::RULE,
    &git_remote::RULE,
    &committed_environment::RULE,
];

/// All rules, by code.
pub fn all() -> &'static [&'static Rule] {
    RULES
}

/// The rule of a code as people write it: `DL101`, `dl101`, or its stem `runtime-txt`.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.stem == name || rule.code.to_string().eq_ignore_ascii_case(name))
        .copied()
}

/// What the selected rules say about one app, by place, without what the user does not want to
/// hear. An app that is not written in Python is declined: only the rule that says so speaks.
pub fn check_app(app: &App, settings: &Settings) -> Checked {
    let python = app.language() == crate::app::Language::Python;
    let speaking = settings
        .selected()
        .filter(|rule| python || rule.code == buildpacks::RULE.code);
    let findings = speaking.flat_map(|rule| match rule.check {
        Check::App(check) => check(app, settings),
        Check::Repository(_) | Check::Suppressions => Vec::new(),
    });
    let mut checked = suppression::of_app(app, settings, findings.collect());
    sort(&mut checked.findings);
    checked
}

/// What the selected rules say about a repository as a whole, by place, without what the user
/// does not want to hear.
pub fn check_repository(repository: &Repository, settings: &Settings) -> Checked {
    let findings = settings.selected().flat_map(|rule| match rule.check {
        Check::Repository(check) => check(repository, settings),
        Check::App(_) | Check::Suppressions => Vec::new(),
    });
    let mut checked = suppression::of_repository(repository.tree, settings, findings.collect());
    sort(&mut checked.findings);
    checked
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            (
                finding.place.path.clone(),
                finding.place.span,
                finding.rule.code,
            )
        };
        key(a).cmp(&key(b))
    });
}
