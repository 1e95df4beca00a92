//! Tests of DL402.

use dashlift::rules::{Category, Repository, Settings, check_repository};
use dashlift::tree::{Entry, MemoryTree, ReadError, SkipReason, Skipped, Tree, TreePath};

/// A tree whose listing left something out.
struct Listed {
    files: MemoryTree,
    skipped: Vec<Skipped>,
}

impl Tree for Listed {
    fn entries(&self) -> &[Entry] {
        self.files.entries()
    }

    fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    fn resolve(&self, path: &TreePath) -> Result<TreePath, ReadError> {
        self.files.resolve(path)
    }

    fn read(&self, path: &TreePath) -> Result<Vec<u8>, ReadError> {
        self.files.read(path)
    }
}

fn skipped(path: &str, reason: SkipReason, tracked: bool) -> Skipped {
    let path = TreePath::new(path).unwrap();
    Skipped {
        path,
        reason,
        tracked,
    }
}

fn check(scope: &str, skipped: Vec<Skipped>) -> Vec<(String, Vec<String>)> {
    let tree = Listed {
        files: MemoryTree::new([("Procfile", "web: gunicorn app:server\n")]),
        skipped,
    };
    let repository = Repository {
        tree: &tree,
        scope: TreePath::new(scope).unwrap(),
        remotes: None,
    };
    let found = check_repository(&repository, &Settings::default()).findings;
    assert!(
        found
            .iter()
            .all(|finding| finding.category == Category::May && finding.fix.is_none())
    );
    let said = found.into_iter().map(|finding| {
        let steps = finding.steps.into_iter();
        (
            finding.message,
            steps
                .map(|step| step.command.unwrap_or(step.text))
                .collect(),
        )
    });
    said.collect()
}

#[test]
fn tracked_environments_are_said_with_the_command() {
    let found = check(
        "",
        vec![
            skipped("app one/venv", SkipReason::VirtualEnvironment, true),
            skipped("lib/site-packages", SkipReason::SitePackages, true),
            skipped("node_modules", SkipReason::NodeModules, true),
        ],
    );
    let said: Vec<&str> = found.iter().map(|(message, _)| message.as_str()).collect();
    assert_eq!(
        said,
        [
            "app one/venv holds an installed Python environment: Dash Enterprise 5 installs its own, and dashlift did not look into it",
            "lib/site-packages holds installed Python packages: Dash Enterprise 5 installs its own, and dashlift did not look into it",
            "node_modules holds installed Node.js packages: Dash Enterprise 5 installs its own, and dashlift did not look into it",
        ]
    );
    assert_eq!(
        found[0].1,
        [
            "git rm -r --cached 'app one/venv'",
            "Add the line `/app one/venv/` to .gitignore."
        ]
    );
}

#[test]
fn what_git_does_not_track_or_is_elsewhere_is_quiet() {
    let found = check(
        "apps/one",
        vec![
            skipped("apps/one/venv", SkipReason::VirtualEnvironment, false),
            skipped("apps/two/venv", SkipReason::VirtualEnvironment, true),
            skipped("apps/one/sub", SkipReason::Submodule, true),
            skipped("apps/one/x\u{fffd}", SkipReason::NotUtf8, true),
        ],
    );
    assert_eq!(found, []);
}
