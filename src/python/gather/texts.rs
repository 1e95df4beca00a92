//! Functions and names whose text is known, or is one of their arguments.

/// Names of the `/` of Linux.
pub(super) fn is_separator(name: &str) -> bool {
    matches!(name, "os.sep" | "os.path.sep" | "posixpath.sep")
}

/// Functions that give back the text of their one argument, as far as its beginning goes.
pub(super) fn keeps_text(callee: &str) -> bool {
    matches!(
        callee,
        "str"
            | "os.fspath"
            | "os.fsdecode"
            | "os.path.abspath"
            | "os.path.normpath"
            | "os.path.realpath"
            | "os.path.expanduser"
            | "os.path.expandvars"
    )
}

/// Functions whose result may be a text that is one of their arguments, or holds it.
pub(in crate::python) fn passes_text(callee: &str) -> bool {
    keeps_text(callee)
        || callee.starts_with("os.path.")
        || callee.starts_with("pathlib.")
        || matches!(
            callee,
            "os.environ.get"
                | "os.environ.setdefault"
                | "os.environ.pop"
                | "os.getenv"
                | "decouple.config"
                | "posixpath.join"
                | "dict"
                | "list"
                | "tuple"
                | "set"
                | "sorted"
        )
}
