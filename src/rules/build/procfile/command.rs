//! What is wrong with a command as text: characters that a word processor made of dashes and quotes,
//! a quote that nothing closes, a script that may not be executed.

use super::{File, OPEN_QUOTE, SCRIPT_MODE, TYPOGRAPHY, at};
use crate::app::App;
use crate::files::procfile::ProcfileProcess;
use crate::files::script::{Script, Word};
use crate::rules::{Edit, Finding, Fix, Stage, Subject};
use crate::text::{Span, Text, lines};
use crate::tree::EntryKind;

/// What is wrong with the command of a process.
pub(super) fn problems(app: &App, file: &File, process: &ProcfileProcess) -> Vec<Finding> {
    let found = [
        typography(file, process),
        open_quote(file, process),
        script_mode(app, file, process),
    ];
    found.into_iter().flatten().collect()
}

fn subject(file: &File, process: &ProcfileProcess) -> Subject {
    Subject::Process(process.name.slice(file.text.as_str()).to_owned())
}

/// Characters that look like the shell's own and mean nothing to it.
fn typography(file: &File, process: &ProcfileProcess) -> Option<Finding> {
    let text = file.text.as_str();
    let name = process.name.slice(text);
    let changes = plain(process.command.slice(text));
    let (first, _) = changes.first()?;
    let shown = first.slice(process.command.slice(text));
    let what = if shown.contains(['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}']) {
        "a quotation mark of a word processor"
    } else if shown.contains('\u{a0}') {
        "a blank of a word processor"
    } else {
        "a dash of a word processor"
    };
    let message = format!(
        "`{name}` has {what} ({}), which no shell understands",
        shown.escape_unicode()
    );
    let edits = changes
        .iter()
        .map(|(span, new)| Edit::replace(&file.path, span.shift(process.command.start), *new));
    let fix = Fix::unsafe_("write the plain characters").edits(edits);
    Some(
        at(
            file,
            TYPOGRAPHY,
            subject(file, process),
            first.shift(process.command.start),
            message,
        )
        .stops(true, Stage::Start)
        .fix(fix),
    )
}

/// The characters of a word processor in a command, with what was typed.
fn plain(command: &str) -> Vec<(Span, &'static str)> {
    let mut changes = Vec::new();
    for (start, c) in command.char_indices() {
        let span = Span::new(start, start + c.len_utf8());
        let before = command.get(..start).and_then(|it| it.chars().last());
        let after = command.get(span.end..).unwrap_or_default();
        let begins = before.is_none_or(char::is_whitespace);
        let new = match c {
            '\u{201c}' | '\u{201d}' => "\"",
            '\u{2018}' | '\u{2019}' => "'",
            '\u{a0}' => " ",
            // `--workers` became one dash; `-w` has one letter.
            '\u{2013}' | '\u{2014}' | '\u{2212}' if begins => {
                let letters = after.chars().take_while(|c| c.is_alphanumeric()).count();
                if letters <= 1 { "-" } else { "--" }
            }
            '\u{2013}' | '\u{2014}' | '\u{2212}' if before == Some('-') => "-",
            _ => continue,
        };
        changes.push((span, new));
    }
    changes
}

fn open_quote(file: &File, process: &ProcfileProcess) -> Option<Finding> {
    let text = file.text.as_str();
    let quote = Script::of_line(process.command.slice(text)).unclosed()?;
    let message = format!(
        "`{}` opens a quote that nothing closes: no shell runs the command",
        process.name.slice(text)
    );
    let place = Span::new(quote.start, quote.start + 1).shift(process.command.start);
    Some(
        at(file, OPEN_QUOTE, subject(file, process), place, message)
            .stops(true, Stage::Start)
            .guide("Close the quote, or take it away."),
    )
}

/// `./start.sh` without the permission to be executed.
fn script_mode(app: &App, file: &File, process: &ProcfileProcess) -> Option<Finding> {
    let text = file.text.as_str();
    let script = Script::of_line(process.command.slice(text));
    let mut all = script.commands().iter().flat_map(|it| &it.words);
    if all.any(|word| word.value == "chmod") {
        return None;
    }
    let word = script.commands().iter().find_map(|command| {
        let word = command.program().first()?;
        is_plain_file(app, word).then_some(word)
    })?;
    let path = word.value.as_str();
    let message = format!(
        "`{}` starts {path}, which is not executable: the shell answers \"permission denied\"",
        process.name.slice(text)
    );
    let draft = at(
        file,
        SCRIPT_MODE,
        subject(file, process),
        word.span.shift(process.command.start),
        message,
    )
    .stops(true, Stage::Start);
    let mode = format!(
        "git update-index --chmod=+x {}",
        path.trim_start_matches("./")
    );
    let Some(shell) = shell_of(app, path) else {
        return Some(draft.command("Give the file its permission:", mode).done());
    };
    let place = word.span.shift(process.command.start);
    let fix = Fix::safe(format!("start {path} with {shell}"));
    let new = format!("{shell} {path}");
    Some(draft.fix(fix.edit(Edit::replace(&file.path, place, new))))
}

/// Whether a program is a file of the app that may not be executed.
fn is_plain_file(app: &App, word: &Word) -> bool {
    let inside = word.value.strip_prefix("./");
    let inside = inside.or_else(|| word.value.contains('/').then_some(word.value.as_str()));
    let Some(Ok(path)) = inside.map(|it| app.root().join(it)) else {
        return false;
    };
    let mut entries = app.tree().under(app.root()).iter();
    let entry = entries.find(|entry| entry.path == path);
    !word.is_expanded && entry.is_some_and(|entry| entry.kind == EntryKind::File)
}

/// The shell that a script's first line names.
fn shell_of(app: &App, path: &str) -> Option<&'static str> {
    let path = app.root().join(path).ok()?;
    let text = Text::decode(&app.tree().read(&path).ok()?).ok()?;
    let first = lines(text.as_str()).next()?.span.slice(text.as_str());
    let program = first.strip_prefix("#!")?.split_whitespace().last()?;
    match program.rsplit('/').next()? {
        "bash" => Some("bash"),
        "sh" | "dash" => Some("sh"),
        _ => None,
    }
}
