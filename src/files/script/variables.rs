//! The variables that a shell script reads and sets, as far as its words tell. Here-documents are
//! not looked into.

use std::collections::BTreeMap;

use super::{Script, ScriptCommand, Word, is_assignment};
use crate::text::Span;

/// A variable that a script reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableRead<'t> {
    /// Its name.
    pub name: &'t str,
    /// From the `$` to the end of the name.
    pub span: Span,
    /// Whether the script can do without it: `${NAME:-x}`, `[ -n "$NAME" ]`.
    pub has_default: bool,
}

impl Script {
    /// The variables that the script reads without having set them before, in order; `text` is its
    /// text.
    pub fn reads<'t>(&self, text: &'t str) -> Vec<VariableRead<'t>> {
        // Where each is first set: what comes behind is the script's own.
        let mut sets: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, place) in self.sets(text) {
            let first = sets.entry(name).or_insert(place.end);
            *first = place.end.min(*first);
        }
        let mut reads = Vec::new();
        for command in self.commands() {
            let is_test = command
                .program()
                .first()
                .is_some_and(|it| matches!(it.value.as_str(), "[" | "[[" | "test"));
            let targets = command.redirects.iter().map(|it| &it.target);
            for word in command.words.iter().chain(targets) {
                scan(text, word.span, &mut |mut read| {
                    read.has_default |= is_test;
                    let set = sets.get(read.name);
                    if set.is_none_or(|end| *end > read.span.start) {
                        reads.push(read);
                    }
                });
            }
        }
        reads
    }

    /// The variables that the script sets, and the words that do.
    pub fn sets<'t>(&self, text: &'t str) -> Vec<(&'t str, Span)> {
        let commands = self.commands().iter();
        commands
            .flat_map(|command| sets_of(command, text))
            .collect()
    }
}

/// The variables that a command sets: `A=b`, `export A=b`, `for A in`, `read A`.
fn sets_of<'t>(command: &ScriptCommand, text: &'t str) -> Vec<(&'t str, Span)> {
    let mut words = command.words.iter();
    let first = words.next().map_or("", |word| word.value.as_str());
    let named = |word: &Word| {
        let name = word.span.slice(text);
        is_variable_name(name).then_some((name, word.span))
    };
    match first {
        "for" | "select" => words.next().and_then(named).into_iter().collect(),
        "read" | "mapfile" | "readarray" | "getopts" => words.filter_map(named).collect(),
        _ => {
            let all = command.words.iter();
            let assigned = all.filter(|word| is_assignment(word.value.as_str()));
            let set = assigned.filter_map(|word| {
                let (name, _) = word.span.slice(text).split_once('=')?;
                is_variable_name(name).then_some((name, word.span))
            });
            set.collect()
        }
    }
}

/// Whether a text can be the name of a variable of the environment.
pub fn is_variable_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_part) && !text.starts_with(|c: char| c.is_ascii_digit())
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Finds what a word as written puts in: nothing between single quotes and behind a backslash.
fn scan<'t>(text: &'t str, word: Span, found: &mut impl FnMut(VariableRead<'t>)) {
    let end = word.end.min(text.len());
    let mut at = word.start;
    let mut is_quoted = false;
    while let Some(c) = text.get(at..end).and_then(|rest| rest.chars().next()) {
        let next = at + c.len_utf8();
        let rest = text.get(next..end).unwrap_or_default();
        at = match c {
            '\\' => next + rest.chars().next().map_or(0, char::len_utf8),
            '\'' if !is_quoted => rest.find('\'').map_or(end, |length| next + length + 1),
            '"' => {
                is_quoted = !is_quoted;
                next
            }
            '$' => {
                let read = read_variable(rest, next);
                let behind = read.as_ref().map_or(next, |read| read.span.end);
                read.into_iter().for_each(&mut *found);
                behind
            }
            _ => next,
        };
    }
}

/// The variable whose name begins behind a `$` at `at`.
fn read_variable(rest: &str, at: usize) -> Option<VariableRead<'_>> {
    let braced = rest.strip_prefix('{');
    let name = braced.map_or(rest, |inner| inner.trim_start_matches(['#', '!']));
    let start = at + rest.len() - name.len();
    let (name, behind) = name.split_at(name.find(|c| !is_part(c)).unwrap_or(name.len()));
    let operator = behind.trim_start_matches(':');
    is_variable_name(name).then(|| VariableRead {
        name,
        span: Span::new(at - 1, start + name.len()),
        has_default: braced.is_some() && operator.starts_with(['-', '=', '+']),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(text: &str) -> Vec<(&str, bool)> {
        let script = Script::of_line(text);
        let reads = script.reads(text).into_iter();
        reads.map(|it| (it.name, it.has_default)).collect()
    }

    #[test]
    fn what_a_script_reads_is_found() {
        for (text, expected) in [
            (
                "curl -H \"X: $TOKEN\" $URL/${PART}",
                &[("TOKEN", false), ("URL", false), ("PART", false)][..],
            ),
            ("echo '$A' \\$B \"it's $C\"", &[("C", false)]),
            (
                "echo ${A:-x} ${B-} ${C:=y} ${D:?no} ${#E}",
                &[
                    ("A", true),
                    ("B", true),
                    ("C", true),
                    ("D", false),
                    ("E", false),
                ],
            ),
            (
                "if [ -n \"$A\" ]; then run; fi\n[[ $B ]] && x",
                &[("A", true), ("B", true)],
            ),
            ("echo $1 $@ $? $$ $# ${1} ${@}", &[]),
            ("# $A\necho x # $B", &[]),
            ("A=1\necho $A; B=$B; echo $B", &[("B", false)]),
            ("for f in *.csv; do load $f; done", &[]),
            ("export A=1 && echo $A", &[]),
            ("read -r line\necho $line", &[]),
            (
                "echo $(date +$FORMAT) > $OUT",
                &[("FORMAT", false), ("OUT", false)],
            ),
            ("awk '{print $NF}' x", &[]),
        ] {
            assert_eq!(reads(text), expected, "{text}");
        }
    }

    #[test]
    fn the_place_is_the_one_in_the_text() {
        let text = "echo x\n  echo \"${KEY}\" $OTHER";
        let script = Script::of_line(text);
        let places = script.reads(text).into_iter().map(|it| it.span.slice(text));
        assert_eq!(places.collect::<Vec<_>>(), ["${KEY", "$OTHER"]);
    }
}
