//! What the targets share.

use dashlift::engine::{self, Outcome};
use dashlift::files::Model;
use dashlift::rules::{Repository, Safety, Settings};
use dashlift::text::{Span, Text};
use dashlift::tree::{MemoryTree, Tree, TreePath};

/// Reads bytes as a file of one format: what was decoded comes back, and a problem lies in the
/// text. `None` where the bytes are no text, or the text has no meaning.
pub fn read<M: Model>(bytes: &[u8]) -> Option<(Text, M)> {
    let text = M::decode(bytes).ok()?;
    assert_eq!(text.encode(), bytes, "what was decoded comes back");
    match M::parse(&text) {
        Ok(model) => Some((text, model)),
        Err(problem) => {
            assert_inside(&text, problem.span);
            assert!(!problem.message.is_empty());
            None
        }
    }
}

/// Fails where a span is no part of the text.
pub fn assert_inside(text: &Text, span: Span) {
    let part = text.as_str().get(span.start..span.end);
    assert!(part.is_some(), "{span:?} is no part of the text");
}

/// The settings of the runs of the engine.
pub fn settings() -> Settings {
    Settings {
        de5_host: Some("dash.example.com".to_owned()),
        ..Settings::default()
    }
}

/// All fixes of a tree.
pub fn convert<'t>(tree: &'t dyn Tree, settings: &Settings) -> Outcome<'t> {
    let repository = Repository {
        tree,
        scope: TreePath::root(),
        remotes: None,
    };
    engine::fix(&repository, settings, Safety::Unsafe)
}

/// What begins a line that names a file of a small repository; its bytes follow.
const HEAD: &[u8] = b"==> ";

/// A small repository out of bytes: a line `==> PATH` before the bytes of each file. What is in
/// front of the first such line belongs to a `requirements.txt`.
pub fn files(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![("requirements.txt".to_owned(), Vec::new())];
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let name = line.strip_prefix(HEAD);
        let name = name.and_then(|name| std::str::from_utf8(name).ok());
        let path = name.and_then(|name| TreePath::new(name.trim()).ok());
        match path.filter(|path| !path.is_root()) {
            Some(path) => files.push((path.as_str().to_owned(), Vec::new())),
            None => {
                if let Some((_, contents)) = files.last_mut() {
                    contents.extend_from_slice(line);
                }
            }
        }
    }
    if files.len() > 1 && files.first().is_some_and(|(_, contents)| contents.is_empty()) {
        files.remove(0);
    }
    files
}

/// The files of a tree, to make another one of them.
pub fn memory(tree: &dyn Tree) -> MemoryTree {
    MemoryTree::new(tree.entries().iter().filter_map(|entry| {
        let bytes = tree.read(&entry.path).ok()?;
        Some((entry.path.as_str().to_owned(), bytes))
    }))
}
