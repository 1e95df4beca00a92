//! What has to be true before a change may leave this program.

use std::collections::{BTreeMap, BTreeSet};

use super::choice::Declined;
use super::{ProofFailure, Reported, RuleResults};
use crate::app::parses;
use crate::rules::{Category, Finding, Identity};
use crate::text::Text;
use crate::tree::{Change, Overlay, Tree, TreePath};

/// The changes that `after` has and `before` has not.
pub(super) fn changes_between(before: &Overlay, after: &Overlay) -> BTreeMap<TreePath, Change> {
    let new = after
        .changes()
        .iter()
        .filter(|(path, change)| before.changes().get(*path) != Some(change));
    new.map(|(path, change)| (path.clone(), change.clone()))
        .collect()
}

/// Every written file parses, every repaired finding is gone, no finding that breaks the app came.
/// That a second run changes nothing is how `open` came about: the last round found nothing to do.
///
/// # Errors
/// The first of these that does not hold.
pub(super) fn prove(
    before: &Overlay,
    after: &Overlay,
    first: &RuleResults,
    fixed: &[Reported],
    last: &RuleResults,
    declined: &Declined,
) -> Result<(), ProofFailure> {
    prove_files(before, after)?;
    prove_repaired(&first.open, fixed, &last.open)?;
    prove_nothing_new(before, after, first, last, declined)
}

fn prove_files(before: &Overlay, after: &Overlay) -> Result<(), ProofFailure> {
    for (path, change) in changes_between(before, after) {
        if let Change::Write { contents, .. } = change {
            parses(&path, &contents).map_err(ProofFailure::Unreadable)?;
        }
    }
    Ok(())
}

/// What makes two findings of different rounds the same at the same place: spans move with the text,
/// the characters in them do not.
type Placed<'a> = (Identity, &'a TreePath, &'a str);

fn placed(reported: &Reported) -> Placed<'_> {
    let finding = &reported.finding;
    (
        finding.identity(),
        &finding.place.path,
        get_place_text(reported),
    )
}

fn get_place_text(reported: &Reported) -> &str {
    match (&reported.text, reported.finding.place.span) {
        (Some(text), Some(span)) => span.slice(text.as_str()).trim(),
        _ => "",
    }
}

/// Each repaired finding is gone. Where several look alike, as many are gone as were repaired.
fn prove_repaired(
    first: &[Reported],
    fixed: &[Reported],
    open: &[Reported],
) -> Result<(), ProofFailure> {
    let repaired = count(fixed);
    let before = count(first);
    let after = count(open);
    let still = open.iter().find(|reported| {
        let of =
            |counts: &BTreeMap<Placed, usize>| counts.get(&placed(reported)).copied().unwrap_or(0);
        of(&repaired) > 0 && of(&after) + of(&repaired) > of(&before)
    });
    still.map_or(Ok(()), |reported| {
        Err(ProofFailure::NotRepaired(name(reported)))
    })
}

fn count(reported: &[Reported]) -> BTreeMap<Placed<'_>, usize> {
    let mut counts = BTreeMap::new();
    for one in reported {
        *counts.entry(placed(one)).or_default() += 1;
    }
    counts
}

/// A finding that breaks the app may be at the end only if its cause was there at the beginning:
/// the finding itself, told or not, or the characters that it points at, which a fix moved to
/// another file or out of a file that nothing had looked at. It may also disagree with what a
/// person wants to stay as it is in a file that it shows, or be one whose repair a person was
/// offered and declined.
fn prove_nothing_new(
    before: &Overlay,
    after: &Overlay,
    first: &RuleResults,
    last: &RuleResults,
    declined: &Declined,
) -> Result<(), ProofFailure> {
    let told = first.open.iter().map(|reported| &reported.finding);
    let known = told.chain(&first.suppressed).map(Finding::identity);
    let known: BTreeSet<Identity> = known.collect();
    let changed = changes_between(before, after);
    let kept: BTreeSet<&TreePath> = last.suppressed.iter().map(|it| &it.place.path).collect();
    let mut texts = BTreeMap::new();
    let new = last.open.iter().find(|reported| {
        reported.finding.category == Category::Must
            && !declined.contains(&reported.finding)
            && !shows_what_stays(&reported.finding, &kept)
            && !known.contains(&reported.finding.identity())
            && !was_there(before, &changed, &mut texts, reported)
    });
    new.map_or(Ok(()), |reported| {
        Err(ProofFailure::NewFinding(name(reported)))
    })
}

/// Whether the finding shows a file of which a finding was kept back.
fn shows_what_stays(finding: &Finding, kept: &BTreeSet<&TreePath>) -> bool {
    let evidence = finding.evidence.iter().map(|evidence| &evidence.place);
    let mut shown = std::iter::once(&finding.place).chain(evidence);
    shown.any(|place| kept.contains(&place.path))
}

/// Whether the characters that the finding points at stood in a file that was changed since, or in
/// its own file, before.
fn was_there(
    before: &Overlay,
    changed: &BTreeMap<TreePath, Change>,
    texts: &mut BTreeMap<TreePath, Option<Text>>,
    reported: &Reported,
) -> bool {
    let shown = get_place_text(reported);
    let own = std::iter::once(&reported.finding.place.path);
    !shown.is_empty()
        && changed.keys().chain(own).any(|path| {
            let text = texts.entry(path.clone()).or_insert_with(|| {
                let bytes = before.read(path).ok()?;
                Text::decode_declared(&bytes).ok()
            });
            text.as_ref()
                .is_some_and(|text| text.as_str().contains(shown))
        })
}

fn name(reported: &Reported) -> String {
    let finding = &reported.finding;
    let position = reported.position();
    format!(
        "{}:{position}: {} {}",
        finding.place.path,
        finding.rule.code,
        finding.sentence()
    )
}
