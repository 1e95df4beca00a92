//! One distribution in the text of the snapshot: finding it by a binary search, and its rows.

/// The lines of one distribution, without the one that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block<'t> {
    /// The distribution, normalised.
    pub(super) name: &'t str,
    lines: &'t str,
}

/// Releases with the same dependencies and files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row<'t> {
    versions: &'t str,
    /// `Requires-Python`, `-` for none.
    pub(super) python: &'t str,
    /// The files, as [`super::files::Files`] reads them.
    pub(super) files: &'t str,
    /// The numbers of the dependencies, `-` for none, `?` for unknown.
    needs: &'t str,
}

impl<'t> Block<'t> {
    /// The distribution of this (normalised) name.
    pub(super) fn find(text: &'t str, name: &str) -> Option<Self> {
        let mut low = next(text, 0)?;
        let mut high = text.len();
        while low < high {
            let middle = low + (high - low) / 2;
            let before = text.as_bytes().get(low..=middle)?;
            let start = memchr::memrchr_iter(b'@', before).find(|at| begins(before, *at));
            let start = start.map_or(low, |at| low + at);
            let end = next(text, start).unwrap_or(text.len());
            let (head, lines) = text.get(start + 1..end)?.split_once('\n')?;
            match name.cmp(head) {
                std::cmp::Ordering::Equal => return Some(Self { name: head, lines }),
                std::cmp::Ordering::Less => high = start,
                std::cmp::Ordering::Greater => low = end,
            }
        }
        None
    }

    /// The rows, oldest first.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'t>> + use<'t> {
        let lines = self.lines.lines().filter(|line| !line.starts_with('+'));
        lines.scan(["-"; 3], |last, line| {
            let mut fields = line.split('\t');
            let versions = fields.next()?;
            for (known, field) in last.iter_mut().zip(fields) {
                if field != "\"" {
                    *known = field;
                }
            }
            let [python, files, needs] = *last;
            Some(Row {
                versions,
                python,
                files,
                needs,
            })
        })
    }

    /// The dependencies of a row; `None` where they are unknown.
    pub(super) fn needs(&self, row: &Row) -> Option<Vec<&'t str>> {
        if row.needs == "-" {
            return Some(Vec::new());
        }
        let table = self.lines.lines().map_while(|line| line.strip_prefix('+'));
        let table: Vec<&str> = table.collect();
        let mut found = Vec::new();
        for run in row.needs.split(',') {
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
            found.extend(table.get(first..=last)?);
        }
        Some(found)
    }
}

impl<'t> Row<'t> {
    /// The versions, oldest first, and whether each was yanked.
    pub(super) fn versions(&self) -> impl Iterator<Item = (&'t str, bool)> + use<'t> {
        self.versions
            .split(' ')
            .map(|text| match text.strip_suffix('!') {
                Some(text) => (text, true),
                None => (text, false),
            })
    }
}

/// The start of the first distribution behind `from`.
fn next(text: &str, from: usize) -> Option<usize> {
    let behind = text.as_bytes().get(from..)?;
    let at = memchr::memchr_iter(b'@', behind).find(|at| begins(behind, *at))?;
    Some(from + at)
}

/// Whether the `@` at this place begins a line: others stand in URLs.
fn begins(text: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'\n')
}
