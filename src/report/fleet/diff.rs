//! The patch of a repository, taken apart: which files of it belong to which app, and which lines
//! come and go.

use serde::Serialize;

/// What a run of lines of a patch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum PatchLineKind {
    /// What git says about a file.
    File,
    /// Where the lines stand.
    Place,
    /// Lines that come.
    Added,
    /// Lines that go.
    Removed,
    /// Lines that stay.
    Same,
}

/// Neighbouring lines of one kind.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct PatchLines {
    pub(super) kind: PatchLineKind,
    pub(super) text: String,
}

/// The parts of a patch for each of `roots`: a file belongs to the deepest folder that holds it,
/// and to the first one where none does.
pub(super) fn by_app(patch: &str, roots: &[&str]) -> Vec<String> {
    let mut parts = vec![String::new(); roots.len()];
    let mut owner = 0;
    for line in patch.split_inclusive('\n') {
        if let Some(names) = line.strip_prefix("diff --git ") {
            owner = owner_of(names.trim_end(), roots);
        }
        if let Some(part) = parts.get_mut(owner) {
            part.push_str(line);
        }
    }
    parts
}

/// The app of a file whose old and new name stand in the first line about it.
fn owner_of(names: &str, roots: &[&str]) -> usize {
    // The new name is the last one; a quoted one begins with a quote and means the same here.
    let new = names.rsplit_once(" b/").or(names.rsplit_once(" \"b/"));
    let new = new.map_or(names, |(_, new)| new);
    let holds = |root: &str| {
        root == "."
            || new
                .strip_prefix(root)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let depth = |root: &str| if root == "." { 0 } else { root.len() };
    let holding = roots.iter().enumerate().filter(|(_, root)| holds(root));
    let deepest = holding.max_by_key(|(_, root)| depth(root));
    deepest.map_or(0, |(index, _)| index)
}

/// The first `most` lines of a patch, and how many more there are.
pub(super) fn lines(patch: &str, most: usize) -> (Vec<PatchLines>, usize) {
    let mut result: Vec<PatchLines> = Vec::new();
    let mut in_hunk = false;
    for line in patch.lines().take(most) {
        let kind = kind(line, &mut in_hunk);
        match result.last_mut() {
            Some(last) if last.kind == kind => last.text.extend(["\n", line]),
            _ => result.push(PatchLines {
                kind,
                text: line.to_owned(),
            }),
        }
    }
    (result, patch.lines().count().saturating_sub(most))
}

fn kind(line: &str, in_hunk: &mut bool) -> PatchLineKind {
    if line.starts_with("diff --git ") {
        *in_hunk = false;
    } else if line.starts_with("@@") {
        *in_hunk = true;
        return PatchLineKind::Place;
    }
    match (*in_hunk, line.as_bytes().first()) {
        (false, _) | (true, Some(b'\\')) => PatchLineKind::File,
        (true, Some(b'+')) => PatchLineKind::Added,
        (true, Some(b'-')) => PatchLineKind::Removed,
        (true, _) => PatchLineKind::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::PatchLineKind::{Added, File, Place, Removed};
    use super::*;

    const PATCH: &str = "diff --git a/a/x b/a/x\n--- a/a/x\n+++ b/a/x\n@@ -1 +1 @@\n---- old\n+new\n\
        diff --git a/a/b/y b/a/b/y\ndeleted file mode 100644\n@@ -1 +0,0 @@\n-y\n\
        \\ No newline at end of file\n";

    #[test]
    fn files_go_to_the_deepest_app() {
        let parts = by_app(PATCH, &["a", "a/b"]);
        assert!(parts[0].contains("+new") && !parts[0].contains("a/b/y"));
        assert!(parts[1].starts_with("diff --git a/a/b/y") && parts[1].ends_with("file\n"));
        assert_eq!(by_app(PATCH, &["z"]), [PATCH]);
        assert_eq!(by_app(PATCH, &[".", "a/b"]).concat(), PATCH);
        assert!(by_app(PATCH, &[]).is_empty());
    }

    #[test]
    fn lines_are_what_their_place_makes_them() {
        let (runs, more) = lines(PATCH, 100);
        let kinds: Vec<PatchLineKind> = runs.iter().map(|run| run.kind).collect();
        assert_eq!(
            kinds,
            [File, Place, Removed, Added, File, Place, Removed, File]
        );
        assert_eq!(runs[2].text, "---- old");
        assert_eq!(more, 0);
        let (runs, more) = lines(PATCH, 2);
        assert_eq!(runs.len(), 1);
        assert_eq!(more, 9);
    }
}
