//! How often DL301 is right about code that no app mapped: takes folders of Python files, looks at
//! each as one app, prints every finding with its line, and how many literals it chose from.
//! `docs/precision.md` says how to read the figures.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people who work on this one"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use dashlift::app::App;
use dashlift::engine;
use dashlift::rules::{Repository, Settings};
use dashlift::tree::{MemoryTree, TreePath};

#[derive(Default)]
struct Counts {
    files: usize,
    parsed: usize,
    literals: usize,
    slashes: usize,
    findings: usize,
}

fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let code = arguments.next_if(|first| first.starts_with("DL"));
    let code = code.unwrap_or_else(|| "DL301".to_owned());
    let mut counts = Counts::default();
    let start = Instant::now();
    for folder in arguments {
        look_at(Path::new(&folder), &code, &mut counts);
    }
    println!(
        "{} findings in {} files ({} parsed): {} literals, {} of them begin with a slash; {:.1} s",
        counts.findings,
        counts.files,
        counts.parsed,
        counts.literals,
        counts.slashes,
        start.elapsed().as_secs_f64()
    );
}

fn look_at(root: &Path, code: &str, counts: &mut Counts) {
    let mut files = BTreeMap::new();
    collect(root, root, &mut files);
    counts.files += files.len();
    files.insert("Procfile".to_owned(), b"web: x\n".to_vec());
    let tree = MemoryTree::new(files);
    let app = App::new(&tree, TreePath::root());
    for facts in app.sources().iter().filter_map(|source| source.facts()) {
        counts.parsed += 1;
        counts.literals += facts.1.texts().count();
        let slashes = facts.1.texts().filter(|it| it.1.value.starts_with('/'));
        counts.slashes += slashes.count();
    }
    let settings = Settings {
        select: code.parse().into_iter().collect(),
        ..Settings::default()
    };
    let repository = Repository {
        tree: &tree,
        scope: TreePath::root(),
        remotes: None,
    };
    for reported in engine::check(&repository, &settings).open() {
        let finding = &reported.finding;
        counts.findings += 1;
        println!(
            "{}/{}:{}: {:?} {}",
            root.display(),
            finding.place.path,
            reported.position(),
            finding.category,
            finding.message
        );
        let text = reported.text.as_ref().map_or("", |text| text.as_str());
        let line = reported.position().line;
        println!(
            "    {}",
            text.lines()
                .nth(line.saturating_sub(1))
                .unwrap_or("")
                .trim()
        );
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|it| it == "py")
            && let (Ok(relative), Ok(bytes)) = (path.strip_prefix(root), fs::read(&path))
        {
            files.insert(relative.to_string_lossy().into_owned(), bytes);
        }
    }
}
