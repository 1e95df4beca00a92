//! The Python sources of an app, read when somebody asks and parsed only when a rule may care.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use memchr::memmem;

use super::reach::is_copy;
use super::{App, discover};
use crate::python::{Facts, LARGEST_MODULE, Needles, Source, SourceError, SourceKind};
use crate::text::Text;
use crate::tree::{ReadError, Tree, TreePath};

/// What was learned of an app's sources, kept from one look at the app to the next: most fixes
/// change build files, and parsing and searching is what a look costs most.
#[derive(Default)]
pub struct ParsedSources(RefCell<HashMap<TreePath, CachedSource>>);

/// What a file was, and what came of it.
#[derive(Default)]
struct CachedSource {
    bytes: Vec<u8>,
    source: Option<Rc<Result<Source, SourceError>>>,
    found: HashMap<Sought, bool>,
}

/// What was looked for in a file.
#[derive(PartialEq, Eq, Hash)]
enum Sought {
    /// Words, one to a line.
    Words(String),
    /// Needles that live as long as the program, by their address.
    Needles(usize),
}

impl ParsedSources {
    /// What is kept of a file as it was with these bytes.
    fn with_cached<R>(
        &self,
        path: &TreePath,
        bytes: &[u8],
        use_it: impl FnOnce(&mut CachedSource) -> R,
    ) -> R {
        let mut files = self.0.borrow_mut();
        let kept = files.entry(path.clone()).or_default();
        if kept.bytes != bytes {
            *kept = CachedSource {
                bytes: bytes.to_vec(),
                ..CachedSource::default()
            };
        }
        use_it(kept)
    }

    /// What parsing these bytes gives, from the last time if the file was the same then.
    fn source(
        &self,
        path: &TreePath,
        bytes: &[u8],
        kind: SourceKind,
    ) -> Rc<Result<Source, SourceError>> {
        self.with_cached(path, bytes, |kept| {
            let source = kept
                .source
                .get_or_insert_with(|| Rc::new(Source::read(bytes, kind)));
            Rc::clone(source)
        })
    }

    /// Whether something is found in these bytes, from the last time if the file was the same then.
    fn found(
        &self,
        path: &TreePath,
        bytes: &[u8],
        sought: Sought,
        look: impl FnOnce() -> bool,
    ) -> bool {
        self.with_cached(path, bytes, |kept| {
            *kept.found.entry(sought).or_insert_with(look)
        })
    }
}

/// One `.py` file or notebook.
pub struct SourceFile<'t> {
    tree: &'t dyn Tree,
    parsed: Option<&'t ParsedSources>,
    path: TreePath,
    kind: SourceKind,
    bytes: OnceCell<Result<Vec<u8>, ReadError>>,
    source: OnceCell<Rc<Result<Source, SourceError>>>,
}

/// The sources of an app, by path.
pub(super) fn read_sources<'t>(app: &App<'t>) -> Vec<SourceFile<'t>> {
    let tree = app.tree();
    let nested: Vec<TreePath> = discover(tree, app.root());
    let inner: Vec<&TreePath> = nested.iter().filter(|root| *root != app.root()).collect();
    let own = tree.under(app.root()).iter().filter(|entry| {
        let path = &entry.path;
        !is_copy(path) && !inner.iter().any(|root| path.is_in(root))
    });
    let sources = own.filter_map(|entry| {
        Some(SourceFile {
            tree,
            parsed: app.parsed,
            kind: SourceKind::of_name(entry.path.name())?,
            path: entry.path.clone(),
            bytes: OnceCell::new(),
            source: OnceCell::new(),
        })
    });
    sources.collect()
}

impl SourceFile<'_> {
    /// Where the file is.
    pub fn path(&self) -> &TreePath {
        &self.path
    }

    /// Whether it is a notebook.
    pub fn kind(&self) -> SourceKind {
        self.kind
    }

    /// Whether the file holds any of these words: the cheap look before it is parsed. A notebook
    /// may spell a character of a word with an escape; then it is not found.
    pub fn mentions(&self, words: &[&str]) -> bool {
        let sought = || Sought::Words(words.join("\n"));
        self.code_is(sought, |bytes| {
            let mut words = words.iter();
            words.any(|word| memmem::find(bytes, word.as_bytes()).is_some())
        })
    }

    /// Whether the file holds one of these needles: [`SourceFile::mentions`] for many words.
    pub fn holds(&self, needles: &'static Needles) -> bool {
        let sought = || Sought::Needles(std::ptr::from_ref(needles).addr());
        self.code_is(sought, |bytes| needles.occur_in(bytes))
    }

    /// Whether something is found in the file's bytes; of a notebook that is large because of its
    /// outputs, in the code of a cell: reading it once costs less than going through the outputs
    /// again and again.
    fn code_is(&self, sought: impl Fn() -> Sought, look: impl Fn(&[u8]) -> bool) -> bool {
        let bytes = self.bytes.get_or_init(|| self.tree.read(&self.path));
        bytes.as_ref().is_ok_and(|bytes| {
            if bytes.len() <= LARGEST_MODULE {
                return match self.parsed {
                    Some(parsed) => parsed.found(&self.path, bytes, sought(), || look(bytes)),
                    None => look(bytes),
                };
            }
            self.source().is_ok_and(|source| {
                let text = source.text.as_str();
                let mut cells = source.cells.iter();
                cells.any(|cell| look(cell.span.slice(text).as_bytes()))
            })
        })
    }

    /// The bytes of the file, if they can be read.
    pub fn bytes(&self) -> Option<&[u8]> {
        let bytes = self.bytes.get_or_init(|| self.tree.read(&self.path));
        bytes.as_deref().ok()
    }

    /// Why nobody could look into the file, half a sentence: if a rule tried, or if it is seen at
    /// once that the words of rules cannot be found in it.
    pub fn failure(&self) -> Option<String> {
        let bytes = match self.bytes.get()? {
            Err(error) => return Some(format!("it {error}")),
            Ok(bytes) => bytes,
        };
        if self.source.get().is_none() && !hides_words(bytes, self.kind) {
            return None;
        }
        let error = self.source().err()??;
        Some(error.to_string())
    }

    /// The file with its facts, parsed the first time.
    ///
    /// # Errors
    /// When the file is no text, too large, too deep, or no notebook; `None` inside when it could
    /// not even be read.
    pub fn source(&self) -> Result<&Source, Option<&SourceError>> {
        let bytes = self.bytes.get_or_init(|| self.tree.read(&self.path));
        let bytes = bytes.as_ref().map_err(|_| None)?;
        let source = self.source.get_or_init(|| match self.parsed {
            Some(parsed) => parsed.source(&self.path, bytes, self.kind),
            None => Rc::new(Source::read(bytes, self.kind)),
        });
        source.as_ref().as_ref().map_err(Some)
    }

    /// The text and the facts of a file that could be read and says something.
    pub fn facts(&self) -> Option<(&Text, &Facts)> {
        let source = self.source().ok()?;
        Some((&source.text, &source.facts))
    }
}

/// Whether bytes are UTF-16 or binary, or no JSON object where one is expected.
fn hides_words(bytes: &[u8], kind: SourceKind) -> bool {
    let text = bytes.trim_ascii();
    let is_object = text.last() == Some(&b'}');
    memchr::memchr(0, bytes).is_some() || (kind == SourceKind::Notebook && !is_object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{MemoryTree, Overlay};

    fn import(tree: &dyn Tree, parsed: &ParsedSources) -> String {
        let app = App::new(tree, TreePath::root()).keeping(parsed);
        let (_, facts) = app.sources().first().unwrap().facts().unwrap();
        facts.imports.first().unwrap().module.clone()
    }

    #[test]
    fn what_was_parsed_is_kept_until_the_file_changes() {
        let base = MemoryTree::new([("app.py", "import dash\n"), ("Procfile", "web: x\n")]);
        let mut tree = Overlay::new(&base);
        let parsed = ParsedSources::default();
        let path = TreePath::root().child("app.py");
        assert_eq!(import(&tree, &parsed), "dash");
        let source = || parsed.0.borrow()[&path].source.clone().unwrap();
        let first = source();
        assert_eq!(import(&tree, &parsed), "dash");
        assert!(Rc::ptr_eq(&first, &source()));
        tree.write(&path, b"import flask\n".to_vec()).unwrap();
        assert_eq!(import(&tree, &parsed), "flask");
    }
}
