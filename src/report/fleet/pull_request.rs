//! A pull request for each branch: title, body, and scripts that open them with `gh` or `glab`. They
//! are written to be read; nothing is opened here.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::super::document::{BranchDocument, PlanCommand};
use super::super::markdown::{code, sentence};
use super::server::{HandOut, file_word, take_name};
use super::{App, Fleet, FleetRepository, markdown};
use crate::text::shell_word;

/// What both scripts begin with, behind the line that names the program.
const HEAD: &str = r#"# Read it before you run it, in the folder that the batch worked on (or name that folder):
#   DRY=1 CLONES=folder ./SCRIPT     only print
# A request that cannot be opened, because there is one already or for another reason, is counted, and
# the next one is opened.
set -u
here=$(cd "$(dirname "$0")" && pwd)
failed=0

open() { # REPOSITORY BRANCH FILE
  printf '%s: %s\n' "$1" "$2"
  [ -z "${DRY:-}" ] || return 0
  (cd "${CLONES:-.}/$1" && COMMAND) </dev/null || failed=$((failed + 1))
}

"#;

const GH: &str =
    r#"gh pr create --head "$2" --title "$(cat "$here/$3.title")" --body-file "$here/$3.md""#;
const GLAB: &str = r#"glab mr create --source-branch "$2" --title "$(cat "$here/$3.title")" --description "$(cat "$here/$3.md")" --yes"#;

impl Fleet {
    /// The files: `NAME.title` and `NAME.md` for each repository with a branch that is not known to be
    /// unpushed, `gh.sh` and `glab.sh`. Nothing where there is no branch.
    pub fn pull_requests(&self) -> Vec<HandOut> {
        let mut files = Vec::new();
        let mut names = BTreeSet::new();
        let mut calls = String::new();
        for repository in &self.repositories {
            let Some(branch) = &repository.branch else {
                continue;
            };
            if branch.pushed.as_ref().is_some_and(|it| it.error.is_some()) {
                continue;
            }
            let name = take_name(&mut names, &file_word(&repository.name));
            let _ = writeln!(
                calls,
                "open {} {} {}",
                shell_word(&repository.name),
                shell_word(&branch.name),
                shell_word(&name)
            );
            files.push((format!("{name}.title"), self.title(repository)));
            files.push((format!("{name}.md"), self.body(repository, branch)));
        }
        if files.is_empty() {
            return files;
        }
        for (script, command) in [("gh.sh", GH), ("glab.sh", GLAB)] {
            let head = HEAD.replace("COMMAND", command).replace("SCRIPT", script);
            let tool = env!("CARGO_PKG_VERSION");
            let text = format!(
                "#!/usr/bin/env bash\n# Opens a request for each branch. Written by dashlift {tool}.\n{head}{calls}\
                 printf 'Requests that were not opened: %s\\n' \"$failed\"\n[ \"$failed\" -eq 0 ]\n"
            );
            files.push((script.to_owned(), text));
        }
        files
    }

    fn apps_of(&self, repository: &FleetRepository) -> Vec<&App> {
        let mut apps: Vec<&App> = self.apps.iter().collect();
        apps.retain(|app| app.repository == repository.name);
        apps.sort_by(|a, b| a.root.cmp(&b.root));
        apps
    }

    fn title(&self, repository: &FleetRepository) -> String {
        match self.apps_of(repository).as_slice() {
            [app] => format!(
                "Move {} to Dash Enterprise 5\n",
                super::super::safe(&app.name)
            ),
            apps => format!("Move {} apps to Dash Enterprise 5\n", apps.len()),
        }
    }

    fn body(&self, repository: &FleetRepository, branch: &BranchDocument) -> String {
        let apps = self.apps_of(repository);
        let mut text = format!(
            "`dashlift migrate` made the branch {} out of the commit {}.\n",
            code(&branch.name),
            code(
                repository
                    .commit
                    .as_deref()
                    .unwrap_or("?")
                    .get(..9)
                    .unwrap_or("?")
            )
        );
        for app in &apps {
            if apps.len() > 1 {
                let _ = write!(text, "\n## {}\n", sentence(&app.name));
            }
            let words = app.readiness.words();
            let meaning = app.readiness.meaning();
            let _ = write!(text, "\n**{words}**: {meaning}\n");
            text.push_str(&markdown::needs(app));
            commands(&app.plan.commands, &mut text);
        }
        text
    }
}

/// The commands for the server, to be copied.
fn commands(commands: &[PlanCommand], text: &mut String) {
    if commands.is_empty() {
        return;
    }
    text.push_str("\n**Commands that set it up**\n\n");
    for command in commands {
        let _ = writeln!(
            text,
            "- {}: {}",
            sentence(&command.purpose),
            code(&command.line)
        );
    }
}
