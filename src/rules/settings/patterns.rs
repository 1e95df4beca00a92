//! Which rules say nothing about which files: `per-file-ignores`.

use std::fmt;
use std::str::FromStr;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use thiserror::Error;

use super::{Selector, SelectorError};
use crate::rules::Code;
use crate::tree::TreePath;

/// Files, by a pattern as in `.gitignore`, and the rules that say nothing about them.
#[derive(Clone)]
pub struct FileIgnores {
    pattern: String,
    matcher: Gitignore,
    base: TreePath,
    rules: Vec<Selector>,
}

/// What was written; the matcher is made of it.
impl fmt::Debug for FileIgnores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileIgnores")
            .field("pattern", &self.pattern)
            .field("base", &self.base)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

impl PartialEq for FileIgnores {
    fn eq(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.pattern.clone(), it.base.clone(), it.rules.clone());
        key(self) == key(other)
    }
}

impl Eq for FileIgnores {}

/// Why a pattern stands for no files.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PatternError {
    /// Nothing, blanks, or what `.gitignore` reads as a comment.
    #[error("`{0}` matches no file; write a pattern as in .gitignore: \"notebooks/\", \"*.ipynb\"")]
    Empty(String),
    /// `!keep.py`
    #[error("`{0}` takes files back with `!`, which only .gitignore can do")]
    Negated(String),
    /// `../x/*`
    #[error("`{0}` leads out of the folder that it is seen from")]
    Outside(String),
    /// `[z-a]`
    #[error("`{0}` is not a pattern as in .gitignore")]
    Glob(String),
}

/// Why a `PATTERN:CODE` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileIgnoresError {
    /// No colon.
    #[error("`{0}` names no rule; write PATTERN:CODE, as in notebooks/:DL301")]
    NoCode(String),
    /// A wrong pattern.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// A wrong code.
    #[error(transparent)]
    Selector(#[from] SelectorError),
}

impl FileIgnores {
    /// The files that match `pattern`, as seen from the root of the repository.
    ///
    /// # Errors
    /// When the pattern stands for no files.
    pub fn new(pattern: &str, rules: Vec<Selector>) -> Result<Self, PatternError> {
        Ok(Self {
            pattern: pattern.to_owned(),
            matcher: matcher(pattern)?,
            base: TreePath::root(),
            rules,
        })
    }

    /// The files that match `pattern`, of which no rule says anything.
    ///
    /// # Errors
    /// When the pattern stands for no files.
    pub fn of_all_rules(pattern: &str) -> Result<Self, PatternError> {
        Self::new(pattern, vec![Selector("DL".to_owned())])
    }

    /// The same pattern, as seen from the folder `base`: nothing outside it matches.
    #[must_use]
    pub fn seen_from(mut self, base: TreePath) -> Self {
        self.base = base;
        self
    }

    /// Whether the rule says nothing about the file.
    pub fn covers(&self, path: &TreePath, folder: bool, code: Code) -> bool {
        let inside = path.below(&self.base).filter(|inside| !inside.is_empty());
        self.rules.iter().any(|selector| selector.covers(code))
            && inside.is_some_and(|inside| {
                let found = self.matcher.matched_path_or_any_parents(inside, folder);
                found.is_ignore()
            })
    }
}

fn matcher(pattern: &str) -> Result<Gitignore, PatternError> {
    let trimmed = pattern.trim();
    let trimmed = trimmed.strip_prefix("./").unwrap_or(trimmed);
    if trimmed.starts_with('!') {
        return Err(PatternError::Negated(pattern.to_owned()));
    }
    if trimmed.split('/').any(|part| part == "..") {
        return Err(PatternError::Outside(pattern.to_owned()));
    }
    let wrong = |_| PatternError::Glob(pattern.to_owned());
    let mut builder = GitignoreBuilder::new("");
    builder.add_line(None, trimmed).map_err(wrong)?;
    let matcher = builder.build().map_err(wrong)?;
    if matcher.is_empty() {
        return Err(PatternError::Empty(pattern.to_owned()));
    }
    Ok(matcher)
}

impl FromStr for FileIgnores {
    type Err = FileIgnoresError;

    fn from_str(text: &str) -> Result<Self, FileIgnoresError> {
        let (pattern, code) = text
            .rsplit_once(':')
            .ok_or_else(|| FileIgnoresError::NoCode(text.to_owned()))?;
        let selector = code.parse()?;
        Ok(Self::new(pattern, vec![selector])?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, path: &str) -> bool {
        let ignores = FileIgnores::new(pattern, vec!["DL3".parse().unwrap()]).unwrap();
        ignores.covers(&TreePath::new(path).unwrap(), false, Code(301))
    }

    #[test]
    fn patterns_are_those_of_gitignore() {
        for (pattern, path) in [
            ("notebooks/*", "notebooks/a.ipynb"),
            ("notebooks/*", "notebooks/sub/a.ipynb"),
            ("notebooks/", "apps/one/notebooks/a.ipynb"),
            ("/app.py", "app.py"),
            ("./app.py", "app.py"),
            ("*.ipynb", "a/b.ipynb"),
            ("a/**/b.py", "a/x/y/b.py"),
            ("app.py", "sub/app.py"),
        ] {
            assert!(covers(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("notebooks/*", "apps/notebooks/a.ipynb"),
            ("/app.py", "sub/app.py"),
            ("*.py", "a.ipynb"),
            ("notebooks/", "notebooks"),
        ] {
            assert!(!covers(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn other_rules_and_other_folders_are_not_covered() {
        let ignores = FileIgnores::new("*.py", vec!["DL301".parse().unwrap()]).unwrap();
        let path = TreePath::new("one/app.py").unwrap();
        assert!(!ignores.covers(&path, false, Code(302)));
        assert!(ignores.covers(&path, false, Code(301)));
        let seen = |base: &str| ignores.clone().seen_from(TreePath::new(base).unwrap());
        assert!(seen("one").covers(&path, false, Code(301)));
        assert!(!seen("two").covers(&path, false, Code(301)));
    }

    #[test]
    fn wrong_patterns_are_refused() {
        let new = |pattern| FileIgnores::new(pattern, Vec::new()).unwrap_err();
        assert!(matches!(new(""), PatternError::Empty(_)));
        assert!(matches!(new("# x"), PatternError::Empty(_)));
        assert!(matches!(new("!x"), PatternError::Negated(_)));
        assert!(matches!(new("a/../x"), PatternError::Outside(_)));
        assert!(matches!(new("[z-a]"), PatternError::Glob(_)));
        assert!("a.py".parse::<FileIgnores>().is_err());
        assert!("a.py:DL999".parse::<FileIgnores>().is_err());
        assert_eq!(
            "a.py:DL301".parse::<FileIgnores>().unwrap(),
            FileIgnores::new("a.py", vec!["DL301".parse().unwrap()]).unwrap()
        );
    }
}
