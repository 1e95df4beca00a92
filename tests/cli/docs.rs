//! Every command line of the README and the docs, run in a shell as a reader would type it, on an
//! app with a fleet beside it. `tests/cli/docs.txt` is the table of what came of each;
//! `DASHLIFT_BLESS=1 cargo test --test cli docs` writes it anew: read it before you commit.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::support::{APP, Scratch};

/// What needs a server, an index or a terminal that no test has: its options are held to those that
/// the program has, and nothing more is said about it.
const NOT_RUN: &[&str] = &[
    "dashlift verify",
    "dashlift batch clones --diff --verify",
    "dashlift inventory --de4-host",
    "dashlift users apply",
    "dashlift fix --interactive",
];

const TABLE: &str = "tests/cli/docs.txt";

#[test]
fn every_command_of_the_docs_works() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut table = String::new();
    for page in pages(root) {
        let commands = commands(&fs::read_to_string(root.join(&page)).unwrap());
        if commands.is_empty() {
            continue;
        }
        let world = World::new();
        writeln!(table, "{page}").unwrap();
        for command in commands {
            writeln!(table, "  {}  {command}", world.try_out(&command)).unwrap();
        }
    }
    if std::env::var_os("DASHLIFT_BLESS").is_some() {
        fs::write(root.join(TABLE), &table).unwrap();
    }
    assert_eq!(table, fs::read_to_string(root.join(TABLE)).unwrap());
}

fn pages(root: &Path) -> Vec<String> {
    let mut pages: Vec<String> = fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "md"))
        .map(|path| format!("docs/{}", path.file_name().unwrap().display()))
        .collect();
    pages.push("README.md".to_owned());
    pages.sort();
    pages
}

/// The lines of the page's blocks that call the program, without prompt and comment. A line that
/// shows which arguments there are (`[--format …]`) is none.
fn commands(page: &str) -> Vec<String> {
    let page = page.replace("\\\n", "");
    let mut inside = false;
    let mut found = Vec::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
            continue;
        }
        let line = line.strip_prefix("$ ").unwrap_or(line);
        let is_call = ["dashlift ", "cargo run -- "]
            .iter()
            .any(|it| line.starts_with(it));
        if inside && is_call && !line.contains('[') {
            let line = line.split(" #").next().unwrap();
            found.push(line.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    found
}

/// An app of Dash Enterprise 4 that is the current folder, and what the docs speak of beside it.
struct World(Scratch);

impl World {
    fn new() -> Self {
        let scratch = Scratch::repository(APP);
        for place in [
            "testdata/sales-dashboard/before",
            "apps/one",
            "clones/one",
            "clones/two",
        ] {
            for (path, text) in APP {
                scratch.write(&format!("{place}/{path}"), text);
            }
        }
        scratch.write(
            "answers/counts.json",
            r#"{"data": {"appsCount": [{"count": 1}]}}"#,
        );
        let apps =
            r#"{"data": {"apps": {"apps": [{"name": "one", "owner": {"username": "ada"}}]}}}"#;
        scratch.write("answers/apps.json", apps);
        scratch.write(
            ".gitignore",
            "clones/\n*.json*\n*.html\n*.csv\nmirror.git/\n/h*/\n",
        );
        scratch.commit();
        let ready = r#"
            for clone in clones/one clones/two "$HOME/apps/one" "$HOME/repositories/one" "$HOME/clones/one"; do
                mkdir -p "$clone" && cp app.py Procfile requirements.txt runtime.txt "$clone" || exit
                git init -q -b main "$clone" && git -C "$clone" add -A || exit
                git -C "$clone" -c user.name=Ada -c user.email=ada@example.com commit -q -m app || exit
            done
            git config --global user.name Ada && git config --global user.email ada@example.com || exit
            git clone -q --bare . mirror.git || exit
            for clone in one two; do
                git clone -q --bare "clones/$clone" "$HOME/origins/$clone.git" || exit
                git -C "clones/$clone" remote add origin "$HOME/origins/$clone.git" || exit
            done
            mkdir -p "$HOME/.local/share/bash-completion/completions" "$HOME/.local/share/man/man1" || exit
            mkdir -p "$HOME/.zfunc" "$HOME/.config/fish/completions" || exit
            dashlift inventory --input answers/*.json --output inventory.json -q
            "#;
        let ran = scratch.run_line(ready);
        assert_eq!(ran.code, 0, "{}", ran.err);
        Self(scratch)
    }

    /// What becomes of the command where the app is as it was at first: its exit code, or that only
    /// its options were read.
    fn try_out(&self, command: &str) -> String {
        self.0
            .run_line("git checkout -q -f . && git branch -q -D dash-enterprise-5");
        let command = command.replacen("cargo run -- ", "dashlift ", 1);
        if NOT_RUN.iter().any(|it| command.starts_with(it)) {
            let help = self.0.run_line(&format!("{command} --help")).code;
            assert_eq!(help, 0, "{command}");
            return "-".to_owned();
        }
        // A reader of manual pages may not be there.
        let command = command.replace("| man -l -", "> page");
        self.0.run_line(&command).code.to_string()
    }
}
