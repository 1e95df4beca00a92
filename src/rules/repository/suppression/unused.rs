//! What DL001 says of a file: requests that kept nothing back, and those that are not understood.

use super::directive::{Directive, Malformed, Named, SuppressionRequest};
use super::sheet::{Form, PlacedDirective, Sheet};
use super::{MALFORMED, NOTHING, PARTLY, RULE};
use crate::files::comments::Syntax;
use crate::python::SourceKind;
use crate::rules::{Check, Draft, Edit, Finding, Fix, Settings, Subject};
use crate::text::Span;

/// How many characters of a comment a message shows.
const MOST_SHOWN: usize = 60;

/// What is wrong with the requests of a file. Where the rules could not read everything
/// (`is_readable` is false, or the source is not all Python), nothing counts as unused.
pub(super) fn findings(sheet: &Sheet, settings: &Settings, is_readable: bool) -> Vec<Finding> {
    let complete = match sheet.form {
        Form::Build(_) => true,
        Form::Python { complete, .. } => complete,
    };
    let entries = sheet.entries.iter();
    let said = entries.filter_map(|entry| match &entry.directive.wrong {
        Some(wrong) => Some(malformed(sheet, &entry.directive, wrong)),
        None if is_readable && complete => unused(sheet, settings, entry),
        None => None,
    });
    said.collect()
}

fn malformed(sheet: &Sheet, directive: &Directive, wrong: &Malformed) -> Finding {
    let message = format!(
        "`{}` is not understood: {wrong}",
        show_directive(sheet, directive)
    );
    RULE.report(MALFORMED, Subject::text(&show_directive(sheet, directive)), &sheet.path, message)
        .span(directive.span)
        .guide(
            "Write `# dashlift: ignore[CODE]` with the codes of the findings, which `dashlift rules` lists, or take the comment out.",
        )
}

fn unused(sheet: &Sheet, settings: &Settings, entry: &PlacedDirective) -> Option<Finding> {
    let judges = |named: &Named| judges(sheet, settings, |rule| named.selector.covers(rule.code));
    match &entry.directive.request {
        SuppressionRequest::All => {
            let unused = entry.used.iter().all(|used| !used);
            (unused && self::judges(sheet, settings, |_| true)).then(|| nothing(sheet, entry))
        }
        SuppressionRequest::Rules(named) => {
            if named.iter().any(|named| named.selector.covers(RULE.code)) {
                return None;
            }
            let pairs = named.iter().zip(&entry.used);
            let (kept, gone): (Vec<_>, Vec<_>) =
                pairs.partition(|(named, used)| **used || !judges(named));
            let first = |pairs: Vec<(_, _)>| pairs.into_iter().map(|(named, _)| named).collect();
            let (kept, gone): (Vec<&Named>, Vec<&Named>) = (first(kept), first(gone));
            match (kept.is_empty(), gone.is_empty()) {
                (_, true) => None,
                (true, false) => Some(nothing(sheet, entry)),
                (false, false) => Some(partly(sheet, entry, &kept, &gone)),
            }
        }
    }
}

/// Whether all rules that are meant did speak: only then their silence means something. Rules
/// about a repository as a whole speak elsewhere; of the files that are looked at here, they read
/// shell scripts.
fn judges(
    sheet: &Sheet,
    settings: &Settings,
    is_meant: impl Fn(&crate::rules::Rule) -> bool,
) -> bool {
    let is_script = sheet.form == Form::Build(Syntax::Shell);
    let meant = settings.rules.0.iter().filter(|rule| is_meant(rule));
    let speaks = |rule: &crate::rules::Rule| match rule.check {
        Check::App(_) | Check::Suppressions => settings.selects(rule.code),
        Check::Repository(_) => !is_script,
    };
    let speak: Vec<bool> = meant.map(|rule| speaks(rule)).collect();
    !speak.is_empty() && speak.into_iter().all(|it| it)
}

/// A request that keeps nothing back at all.
fn nothing(sheet: &Sheet, entry: &PlacedDirective) -> Finding {
    let shown = show_directive(sheet, &entry.directive);
    let name = sheet.path.name();
    let why = if sheet.form == Form::Build(Syntax::Lines) {
        format!(": in {name} only whole lines are comments, and it stands behind nothing")
    } else if stands_alone(sheet, entry).is_some() {
        ": it stands on a line of its own".to_owned()
    } else {
        String::new()
    };
    let message = format!("`{shown}` keeps nothing back{why}");
    let draft = RULE
        .report(NOTHING, Subject::text(&shown), &sheet.path, message)
        .span(entry.directive.span);
    finish(
        sheet,
        draft,
        removal(sheet, entry),
        "",
        "remove the comment",
    )
}

/// A request of which some codes keep nothing back.
fn partly(sheet: &Sheet, entry: &PlacedDirective, kept: &[&Named], gone: &[&Named]) -> Finding {
    let text = sheet.text.as_str();
    let names = |list: &[&Named]| {
        let names: Vec<&str> = list.iter().map(|named| named.span.slice(text)).collect();
        names.join(", ")
    };
    let message = format!(
        "`{}` of `{}` keeps nothing back",
        names(gone),
        show_directive(sheet, &entry.directive)
    );
    let first = gone
        .first()
        .map_or(entry.directive.span, |named| named.span);
    let draft = RULE
        .report(PARTLY, Subject::text(&names(gone)), &sheet.path, message)
        .span(first);
    let all = kept.iter().chain(gone);
    let start = all.clone().map(|named| named.span.start).min();
    let end = all.map(|named| named.span.end).max();
    let span = start.zip(end).map(|(start, end)| Span::new(start, end));
    let title = format!("remove {} from the comment", names(gone));
    finish(sheet, draft, span, &names(kept), &title)
}

fn finish(sheet: &Sheet, draft: Draft, span: Option<Span>, text: &str, title: &str) -> Finding {
    match span {
        Some(span) => draft.fix(Fix::safe(title).edit(Edit::Replace {
            path: sheet.path.clone(),
            span,
            text: text.to_owned(),
        })),
        None => draft.guide("Take the comment out, and mind the lines that it joins or ends."),
    }
}

/// What to cut, with the blanks before it; `None` where lines would join in another way.
fn removal(sheet: &Sheet, entry: &PlacedDirective) -> Option<Span> {
    let text = sheet.text.as_str();
    let joins = matches!(sheet.form, Form::Build(syntax) if syntax.joins_lines());
    if joins && entry.comment.slice(text).contains('\\') {
        return None;
    }
    if let Some(line) = stands_alone(sheet, entry) {
        let before = Span::new(0, line.start)
            .slice(text)
            .trim_end_matches(['\r', '\n']);
        return (!before.ends_with('\\')).then_some(line);
    }
    let directive = entry.directive.span;
    let behind = Span::new(directive.end, entry.comment.end).slice(text);
    let before = Span::new(0, directive.start).slice(text);
    let blanks = before.trim_end_matches([' ', '\t']).len();
    let span = behind.find('#').map_or_else(
        || Span::new(blanks, entry.comment.end),
        |next| Span::new(directive.start, directive.end + next),
    );
    is_plain(sheet, span).then_some(span)
}

/// The line of a comment that is nothing but the request, with its end; none in a notebook, where
/// a line may be a string of its own or none.
fn stands_alone(sheet: &Sheet, entry: &PlacedDirective) -> Option<Span> {
    let notebook = matches!(
        sheet.form,
        Form::Python {
            kind: SourceKind::Notebook,
            ..
        }
    );
    let text = sheet.text.as_str();
    let own = entry.directive.span;
    let line = sheet.text.line(sheet.text.line_number(own.start))?;
    (!notebook && line.span.trimmed(text) == own).then(|| line.full())
}

/// Whether the span may be cut: in a notebook only plain characters of one string.
fn is_plain(sheet: &Sheet, span: Span) -> bool {
    let here = span.slice(sheet.text.as_str());
    match sheet.form {
        Form::Python {
            kind: SourceKind::Notebook,
            ..
        } => !here.is_empty() && !here.contains(['"', '\\', '\n', '\r']),
        _ => true,
    }
}

fn show_directive(sheet: &Sheet, directive: &Directive) -> String {
    let text = directive.shown.slice(sheet.text.as_str());
    match text.char_indices().nth(MOST_SHOWN) {
        Some((at, _)) => format!("{}...", Span::new(0, at).slice(text)),
        None => text.to_owned(),
    }
}
