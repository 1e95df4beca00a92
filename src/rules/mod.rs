//! The rules, one file each. A rule sees an app (or a repository) and says findings; it does not
//! know the disk, git or the terminal.

mod build;
mod data;
mod facts;
mod finding;
mod inputs;
mod repository;
mod requirement_lists;
mod requirements;
pub mod settings;
mod source;
mod support;

use crate::app::{App, Reached};
use crate::python::SourceKind;
use crate::text::Text;
use crate::tree::{Tree, TreePath};

pub use build::dokku_scale::MOST_REPLICAS;
pub use facts::needs::{
    NeededPython, PythonSource, de5_index, installable, private_packages, python, python_target,
};
pub(in crate::rules) use facts::needs::{oldest_target, private_names};
pub use facts::services::{Service, ServiceUse, services};
pub use facts::variables::{VariableUse, variables};
pub use finding::{
    Bond, Case, Category, Code, Consequence, Draft, Edit, Effort, Evidence, Finding, FindingCause,
    Fix, Identity, Place, Safety, ServerSetting, Stage, Step, StepSite, Subject,
};
pub use inputs::{Inputs, SourceInputs};
pub use repository::suppression::Checked;
pub use settings::Settings;

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
    /// The things that it says.
    pub cases: &'static [Case],
    /// What it reads of an app; a rule about a repository searches all of it.
    pub inputs: Inputs,
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
    &repository::suppression::RULE,
    &build::runtime_txt::RULE,
    &build::apt_packages::RULE,
    &build::aptfile::RULE,
    &build::conda::RULE,
    &build::environment_yml::RULE,
    &build::app_json::RULE,
    &build::checks::RULE,
    &build::dokku_scale::RULE,
    &build::buildpacks::RULE,
    &build::detection::RULE,
    &build::procfile::RULE,
    &build::project_toml::RULE,
    &build::deploy_script::RULE,
    &build::dependency_list::RULE,
    &build::dockerfile::RULE,
    &requirements::package_index::RULE,
    &requirements::package_floor::RULE,
    &requirements::stub_packages::RULE,
    &requirements::subdependency::RULE,
    &requirements::python_compat::RULE,
    &requirements::foreign_platform::RULE,
    &requirements::unreachable::RULE,
    &requirements::unreadable::RULE,
    &requirements::duplicate::RULE,
    &requirements::conflict::RULE,
    &requirements::companion::RULE,
    &requirements::missing_requirement::RULE,
    &source::directory_mapping::RULE,
    &source::app_directory::RULE,
    &source::de4_url::RULE,
    &source::auth::RULE,
    &source::service::RULE,
    &source::environment::RULE,
    &source::legacy_imports::RULE,
    &source::run_server::RULE,
    &source::ephemeral_write::RULE,
    &source::removed_api::RULE,
    &source::apt_path::RULE,
    &source::root_command::RULE,
    &source::unreadable_source::RULE,
    &source::persistent_filesystem::RULE,
    &repository::git_remote::RULE,
    &repository::committed_environment::RULE,
    &repository::shared_resource::RULE,
    &repository::stale_clone::RULE,
    &repository::unmatched_app::RULE,
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
        .filter(|rule| python || rule.code == build::buildpacks::RULE.code);
    let findings = speaking.flat_map(|rule| match rule.check {
        Check::App(check) => check(app, settings),
        Check::Repository(_) | Check::Suppressions => Vec::new(),
    });
    let findings = findings.map(|finding| weigh(app, finding));
    let mut checked = repository::suppression::of_app(app, settings, findings.collect());
    sort(&mut checked.findings);
    checked
}

/// The finding as much as it matters: code that nothing starts cannot keep the app from starting.
fn weigh(app: &App, mut finding: Finding) -> Finding {
    let path = &finding.place.path;
    let is_source = SourceKind::of_name(path.name()).is_some();
    if is_source && finding.category != Category::May && app.reach().of_file(path) == Reached::No {
        finding.category = Category::May;
        finding.evidence.push(Evidence {
            place: Place::file(path.clone()),
            note: "no process or deploy script starts or imports this file".to_owned(),
        });
    }
    finding
}

/// What the selected rules say about a repository as a whole, by place, without what the user
/// does not want to hear.
pub fn check_repository(repository: &Repository, settings: &Settings) -> Checked {
    let findings = settings.selected().flat_map(|rule| match rule.check {
        Check::Repository(check) => check(repository, settings),
        Check::App(_) | Check::Suppressions => Vec::new(),
    });
    let mut checked =
        repository::suppression::of_repository(repository.tree, settings, findings.collect());
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
