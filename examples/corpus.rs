//! Runs every model and the whole engine over a folder of real apps and single files, and counts
//! what must never happen: panics, bytes that do not come back, proofs that fail, second runs that
//! change something.
//!
//! `corpus DIR`, where `DIR/apps/NAME/` are apps and `DIR/files/KIND/` single versions of a file.
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(
    clippy::print_stdout,
    reason = "a program of its own whose result is its output"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dashlift::engine;
use dashlift::files::Model;
use dashlift::files::requirements::Requirements;
use dashlift::rules::{Repository, Safety, Settings};
use dashlift::text::Text;
use dashlift::tree::{MemoryTree, Tree, TreePath};

/// Files of an app, by path.
type Files = BTreeMap<String, Vec<u8>>;

#[derive(Debug, Default)]
struct Counts {
    apps: usize,
    files: usize,
    not_text: usize,
    runs: usize,
    fixed: usize,
    open: usize,
    /// What must never happen, one sentence each.
    defects: Vec<String>,
}

fn main() -> ExitCode {
    let Some(root) = std::env::args_os().nth(1).map(PathBuf::from) else {
        println!("usage: corpus DIR");
        return ExitCode::from(2);
    };
    let mut counts = Counts::default();
    if let Err(error) = run(&root, &mut counts) {
        println!("{}: {error}", root.display());
        return ExitCode::from(2);
    }
    for defect in counts.defects.iter().take(100) {
        println!("DEFECT {defect}");
    }
    println!(
        "corpus: {} apps, {} files ({} not text), {} runs of the engine, {} findings repaired, {} left for a person; {} defects",
        counts.apps,
        counts.files,
        counts.not_text,
        counts.runs,
        counts.fixed,
        counts.open,
        counts.defects.len()
    );
    ExitCode::from(u8::from(!counts.defects.is_empty() || counts.runs == 0))
}

fn run(root: &Path, counts: &mut Counts) -> io::Result<()> {
    for folder in folders(&root.join("apps"))? {
        let mut files = Files::new();
        collect(&folder, &folder, &mut files)?;
        files.remove("IMPORTS.txt");
        counts.apps += 1;
        look_at(&name_of(&folder), &files, counts);
    }
    for kind in folders(&root.join("files"))? {
        for entry in fs::read_dir(&kind)? {
            let path = entry?.path();
            let bytes = fs::read(&path)?;
            let label = format!("{}/{}", name_of(&kind), name_of(&path));
            look_at(&label, &single(&name_of(&kind), bytes), counts);
        }
    }
    Ok(())
}

/// The smallest app around one file: what the conversion of that file needs to happen at all.
fn single(kind: &str, bytes: Vec<u8>) -> Files {
    let name = match kind {
        "buildpacks" => ".buildpacks",
        "python-version" => ".python-version",
        other => other,
    };
    let mut files = Files::new();
    files.insert(
        "Procfile".to_owned(),
        b"web: gunicorn app:server\n".to_vec(),
    );
    if kind == "conda-requirements.txt" {
        files.insert(
            "conda-runtime.txt".to_owned(),
            b"Miniconda3-4.5.12\n".to_vec(),
        );
        files.insert("requirements.txt".to_owned(), b"dash==2.0.0\n".to_vec());
    }
    files.insert(name.to_owned(), bytes);
    files
}

fn look_at(label: &str, files: &Files, counts: &mut Counts) {
    for (path, bytes) in files {
        counts.files += 1;
        if Text::decode(bytes).is_err() {
            counts.not_text += 1;
        }
        guard(label, counts, |defects| {
            round_trip(label, path, bytes, defects);
        });
    }
    let host = Some("dash.example.com".to_owned());
    for (allowed, de5_host) in [(Safety::Safe, None), (Safety::Unsafe, host)] {
        let settings = Settings {
            de5_host,
            ..Settings::default()
        };
        counts.runs += 1;
        let mut seen = (0, 0);
        guard(label, counts, |defects| {
            seen = convert(label, files, &settings, allowed, defects);
        });
        counts.fixed += seen.0;
        counts.open += seen.1;
    }
}

/// Runs `work` and turns a panic into a defect.
fn guard(label: &str, counts: &mut Counts, work: impl FnOnce(&mut Vec<String>)) {
    let mut defects = Vec::new();
    if catch_unwind(AssertUnwindSafe(|| work(&mut defects))).is_err() {
        defects.push(format!("{label}: panicked"));
    }
    counts.defects.append(&mut defects);
}

fn round_trip(label: &str, path: &str, bytes: &[u8], defects: &mut Vec<String>) {
    let Ok(text) = Text::decode_declared(bytes) else {
        return;
    };
    if text.encode() != bytes {
        defects.push(format!("{label}/{path}: the text does not come back"));
    }
    if let Ok(model) = Requirements::parse(&text) {
        let printed: String = model
            .lines()
            .iter()
            .map(|line| line.full.slice(text.as_str()))
            .collect();
        if printed != text.as_str() {
            defects.push(format!("{label}/{path}: the lines do not cover the file"));
        }
    }
}

/// Converts the app, then once more; gives the numbers of repaired and open findings.
fn convert(
    label: &str,
    files: &Files,
    settings: &Settings,
    allowed: Safety,
    defects: &mut Vec<String>,
) -> (usize, usize) {
    let tree = MemoryTree::new(files.clone());
    let first = engine::fix(&repository(&tree), settings, allowed);
    for app in &first.apps {
        if let Some(failed) = &app.failed {
            defects.push(format!("{label}: {}", failed.failure));
        }
    }
    let result = first.result.entries().iter().filter_map(|entry| {
        let bytes = first.result.read(&entry.path).ok()?;
        Some((entry.path.as_str().to_owned(), bytes))
    });
    let converted = MemoryTree::new(result);
    let second = engine::fix(&repository(&converted), settings, allowed);
    for path in second.result.changes().keys() {
        defects.push(format!("{label}: a second run changes {path}"));
    }
    (first.fixed().count(), first.open().count())
}

fn repository(tree: &MemoryTree) -> Repository<'_> {
    Repository {
        tree,
        scope: TreePath::root(),
        remotes: None,
    }
}

fn folders(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(root)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    Ok(found)
}

fn collect(root: &Path, folder: &Path, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(relative) = path.strip_prefix(root) {
            files.insert(
                relative.to_string_lossy().replace('\\', "/"),
                fs::read(&path)?,
            );
        }
    }
    Ok(())
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
