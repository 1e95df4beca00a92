//! One build file of any bytes in an app: the engine comes to rest, its proof holds, and a second
//! run changes nothing.
#![no_main]

use dashlift::engine;
use dashlift::rules::{Repository, Safety, Settings};
use dashlift::tree::{MemoryTree, Tree, TreePath};
use libfuzzer_sys::fuzz_target;

const NAMES: &[&str] = &[
    "requirements.txt",
    "runtime.txt",
    "Procfile",
    "apt-packages",
    "Aptfile",
    "conda-requirements.txt",
    "environment.yml",
    ".condarc",
    "app.json",
    "project.toml",
    "DOKKU_SCALE",
    "CHECKS",
    ".buildpacks",
    "predeploy.sh",
];

fuzz_target!(|input: (u8, Vec<u8>)| {
    let name = NAMES[usize::from(input.0) % NAMES.len()];
    let mut files = vec![
        ("Procfile", b"web: gunicorn app:server\n".to_vec()),
        ("requirements.txt", b"dash==2.9.3\ngunicorn==20.1.0\n".to_vec()),
        ("conda-runtime.txt", b"Miniconda3-4.5.12\n".to_vec()),
    ];
    files.retain(|(other, _)| *other != name);
    files.push((name, input.1));
    let tree = MemoryTree::new(files);
    let first = convert(&tree);
    assert!(!first.failed(), "{:?}", first.apps);
    let files = first.result.entries().iter().filter_map(|entry| {
        let bytes = first.result.read(&entry.path).ok()?;
        Some((entry.path.as_str().to_owned(), bytes))
    });
    let converted = MemoryTree::new(files);
    assert!(convert(&converted).result.changes().is_empty());
});

fn convert(tree: &MemoryTree) -> engine::Outcome<'_> {
    let repository = Repository {
        tree,
        scope: TreePath::root(),
        remotes: None,
    };
    let settings = Settings {
        de5_host: Some("dash.example.com".to_owned()),
        ..Settings::default()
    };
    engine::fix(&repository, &settings, Safety::Unsafe)
}
