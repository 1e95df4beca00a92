//! Names of files that hold a distribution. What is in them is not known here.

/// How the name of a wheel ends.
const WHEEL: &str = ".whl";

/// How the names of the other archives that pip installs from end (pip's `ARCHIVE_EXTENSIONS`).
const SOURCES: &[&str] = &[
    ".zip",
    ".tar.gz",
    ".tgz",
    ".tar",
    ".tar.bz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar.lzma",
];

/// Whether the name or path of a file says that it is an archive that pip installs.
pub fn is_archive(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let ends = |end: &&str| path.ends_with(end) && path.len() > end.len();
    std::iter::once(&WHEEL).chain(SOURCES).any(ends)
}

/// The `name-version` that the name of an archive begins with, in lower case: `dash-1.0` of
/// `dash-1.0-py3-none-any.whl` and of `dash-1.0.tar.gz`; `None` for what is no archive.
pub fn strip_archive(file: &str) -> Option<String> {
    let file = file.to_ascii_lowercase();
    if let Some(stem) = file.strip_suffix(WHEEL) {
        let mut parts = stem.splitn(3, '-');
        return Some(format!("{}-{}", parts.next()?, parts.next()?));
    }
    let stem = SOURCES.iter().find_map(|end| file.strip_suffix(end));
    stem.map(str::to_owned)
}
