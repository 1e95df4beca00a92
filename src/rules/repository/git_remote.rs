//! DL401: a remote or a CI step that deploys to DE4.

use crate::app::{FileState, Parsed};
use crate::files::ci::{CiScript, Deploy, DeployKind, address};
use crate::rules::{
    Case, Category, Check, Code, Consequence, Draft, Finding, Inputs, Remotes, Repository, Rule,
    Settings, Step, StepSite, Subject,
};
use crate::secrets::redacted;
use crate::text::{Span, shell_word};
use crate::tree::TreePath;

/// DL401.
pub(in crate::rules) static RULE: Rule = Rule {
    code: Code(401),
    stem: "git-remote",
    category: Category::Should,
    summary: "a remote or a CI step that deploys to Dash Enterprise 4",
    cases: &[REMOTE, DEPLOYS],
    inputs: Inputs::NONE,
    page: include_str!("../../../rules/DL401-git-remote.md"),
    check: Check::Repository(check),
};

const REMOTE: Case = Case::new("remote");
const DEPLOYS: Case = Case::new("deploys");

const DEPLOY: &str = "de deploy PATH --name APP --message \"…\" -y";

fn check(repository: &Repository, _settings: &Settings) -> Vec<Finding> {
    let mut findings: Vec<Finding> = repository.remotes.iter().flat_map(remotes).collect();
    let entries = repository.tree.under(&repository.scope).iter();
    let scripts = entries.filter(|entry| runs_in_ci(&entry.path, &repository.scope));
    findings.extend(scripts.filter_map(|entry| {
        match FileState::<CiScript>::load(repository.tree, entry.path.clone()) {
            FileState::Present(file) => script(&file),
            FileState::Absent | FileState::Broken(_) => None,
        }
    }));
    findings
}

fn remotes(remotes: &Remotes) -> Vec<Finding> {
    let text = remotes.text.as_str();
    let mut from = 0;
    let mut findings = Vec::new();
    for (name, url) in &remotes.urls {
        let found = text.get(from..).and_then(|rest| rest.find(url.as_str()));
        let span = found.map(|at| Span::new(from + at, from + at + url.len()));
        from = span.map_or(from, |span| span.end);
        if address(url).is_some_and(|span| span.start == 0) {
            findings.push(remote(remotes, name, url, span));
        }
    }
    findings
}

fn remote(remotes: &Remotes, name: &str, url: &str, span: Option<Span>) -> Finding {
    let message = format!(
        "the remote `{name}` deploys to Dash Enterprise 4 ({})",
        redacted(url)
    );
    let draft = RULE.report(
        REMOTE,
        Subject::Key(name.to_owned()),
        &remotes.path,
        message,
    );
    let draft = match span {
        Some(span) => draft.span(span),
        None => draft,
    };
    let quoted = shell_word(name);
    how_to_deploy(draft)
        .take(
            Step::new("Remove the remote when the app has left Dash Enterprise 4:")
                .command(format!("git remote remove {quoted}"))
                .at(StepSite::Clone),
        )
        .means(Consequence::Clone)
        .done()
}

fn how_to_deploy(draft: Draft) -> Draft {
    let step = Step::new(
        "Deploy to Dash Enterprise 5 with its command line (apps that Dash Enterprise 5 builds from GitHub need no command):",
    );
    draft.take(step.command(DEPLOY).at(StepSite::Server))
}

/// Files that CI servers run, and shell scripts, which they call. Files of CI servers count at the
/// top of a repository, or of the folder that was asked for.
fn runs_in_ci(path: &TreePath, scope: &TreePath) -> bool {
    let extension = path.name().rsplit_once('.').map(|(_, extension)| extension);
    match path.below(scope) {
        Some(_) if extension == Some("sh") => true,
        Some(
            ".gitlab-ci.yml"
            | ".gitlab-ci.yaml"
            | ".circleci/config.yml"
            | ".travis.yml"
            | "azure-pipelines.yml"
            | "azure-pipelines.yaml"
            | "bitbucket-pipelines.yml"
            | "Jenkinsfile",
        ) => true,
        Some(below) => {
            below.starts_with(".github/workflows/") && matches!(extension, Some("yml" | "yaml"))
        }
        None => false,
    }
}

fn script(file: &Parsed<CiScript>) -> Option<Finding> {
    let text = file.text.as_str();
    let deploys = file.model.deploys();
    let first = deploys.first()?;
    let message = format!(
        "{} deploys to Dash Enterprise 4 ({})",
        file.path.name(),
        show_remote(text, first)
    );
    let mut draft = RULE
        .report(DEPLOYS, Subject::Whole, &file.path, message)
        .span(first.span);
    for deploy in deploys.iter().skip(1) {
        draft = draft.evidence(&file.path, deploy.span, show_remote(text, deploy));
    }
    let finding = how_to_deploy(draft)
        .guide("Let this file log in to Dash Enterprise 5 and run that command in the place of the push, with the credentials kept as secrets of the CI server.");
    Some(finding)
}

fn show_remote(text: &str, deploy: &Deploy) -> String {
    let shown = deploy.span.slice(text);
    match deploy.kind {
        DeployKind::Address => redacted(shown),
        DeployKind::Push => format!("`{shown}`"),
    }
}
