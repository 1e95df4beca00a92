//! The closing lines of a run: how many findings, of which weight, and what can be done.

use std::fmt::Write;

use super::style::{BAD, CODE, FAINT, GOOD, HEADING, UNSURE, styled};
use super::words::counted;
use super::{PathPrefix, safe};
use crate::engine::{AppOutcome, Outcome, Reported};
use crate::rules::{Category, Safety};

/// How the program was called, to name the command that helps.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The command that repairs: `dashlift fix` or `dashlift migrate`, with what was given.
    pub repair: String,
    /// The same, with the fixes that need a look.
    pub repair_all: String,
    /// The command that says what happens on the server.
    pub plan: String,
    /// The command that writes the baseline anew.
    pub baseline: String,
    /// The fixes that were allowed.
    pub allowed: Safety,
}

/// Findings counted by what they need.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// DE5 breaks without it.
    pub must: usize,
    /// It works by luck.
    pub should: usize,
    /// Advice.
    pub may: usize,
    /// Those that a safe fix repairs.
    pub safe: usize,
    /// Those that an unsafe fix repairs.
    pub unsafe_: usize,
    /// Those that only a person repairs.
    pub person: usize,
    /// Those that no change of the repository answers: something happens on the server.
    pub outside: usize,
    /// Those of them that are *must* and *should*.
    outside_must: usize,
    outside_should: usize,
}

impl Tally {
    /// Counts findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Reported>) -> Self {
        let mut tally = Self::default();
        for reported in findings {
            tally.add(reported);
        }
        tally
    }

    /// How many findings there are.
    pub fn total(self) -> usize {
        self.must + self.should + self.may
    }

    /// How many findings keep the exit code from 0: those of the weight `from` and above. What no
    /// change of the repository answers never counts.
    pub fn counting(self, from: Category) -> usize {
        let must = self.must - self.outside_must;
        match from {
            Category::Must => must,
            Category::Should => must + self.should - self.outside_should,
            Category::May => self.total() - self.outside,
        }
    }

    /// Both counts together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            must: self.must + other.must,
            should: self.should + other.should,
            may: self.may + other.may,
            safe: self.safe + other.safe,
            unsafe_: self.unsafe_ + other.unsafe_,
            person: self.person + other.person,
            outside: self.outside + other.outside,
            outside_must: self.outside_must + other.outside_must,
            outside_should: self.outside_should + other.outside_should,
        }
    }

    fn add(&mut self, reported: &Reported) {
        let finding = &reported.finding;
        *match finding.category {
            Category::Must => &mut self.must,
            Category::Should => &mut self.should,
            Category::May => &mut self.may,
        } += 1;
        *match finding.fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => &mut self.safe,
            Some(Safety::Unsafe) => &mut self.unsafe_,
            None if finding.is_outside() => &mut self.outside,
            None => &mut self.person,
        } += 1;
        if finding.is_outside() {
            self.outside_must += usize::from(finding.category == Category::Must);
            self.outside_should += usize::from(finding.category == Category::Should);
        }
    }

    /// `2 must, 1 may`.
    fn by_category(self) -> String {
        let counts = [
            (self.must, "must", BAD),
            (self.should, "should", UNSURE),
            (self.may, "may", FAINT),
        ];
        let present = counts.into_iter().filter(|(count, ..)| *count > 0);
        let words: Vec<String> = present
            .map(|(count, name, style)| format!("{count} {}", styled(style, name)))
            .collect();
        words.join(", ")
    }
}

/// What a run found, in two or three lines; for several apps with a line for each.
pub fn closing(outcome: &Outcome, shown: &PathPrefix, invocation: &Invocation) -> String {
    let tally = Tally::of(outcome.open());
    let fixed = outcome.fixed().count();
    if tally.total() == 0 {
        return nothing_left(outcome, fixed) + &of_baseline(outcome, invocation);
    }
    let mut text = String::new();
    if outcome.apps.len() > 1 {
        text.push_str(&by_app(outcome, shown));
    }
    let suppressed = suppressed(outcome).map(|count| format!(" ({count})"));
    let suppressed = suppressed.unwrap_or_default();
    text.push_str(&counts(tally, fixed, outcome.apps.len(), &suppressed));
    // What would repair the findings of a failed app was just tried.
    let proven = outcome.apps.iter().filter(|app| app.failed.is_none());
    let open = proven.flat_map(|app| &app.open).chain(&outcome.repository);
    text.push_str(&remedies(Tally::of(open), invocation));
    text + &of_baseline(outcome, invocation)
}

/// What a baseline keeps back, and what it could forget.
fn of_baseline(outcome: &Outcome, invocation: &Invocation) -> String {
    let mut text = String::new();
    let command = styled(CODE, format!("`{}`", safe(&invocation.baseline)));
    let kept = outcome.baselined.findings.len();
    if kept > 0 {
        let are = if kept == 1 { "is" } else { "are" };
        let kept = counted(kept, "finding");
        let _ = writeln!(text, "{kept} of the baseline {are} not shown");
    }
    if outcome.baselined.is_old {
        let _ = writeln!(
            text,
            "The baseline is of an earlier version, which knew findings by the text of their lines; {command} writes it anew"
        );
    }
    let gone = outcome.baselined.gone;
    if gone > 0 {
        let (are, them) = if gone == 1 {
            ("is", "it")
        } else {
            ("are", "them")
        };
        let gone = counted(gone, "finding");
        let _ = writeln!(
            text,
            "{gone} of the baseline {are} there no more; {command} takes {them} out"
        );
    }
    text
}

/// What `baseline write` did: `found` findings are in the file, and `kept` of before.
pub fn baseline_written(file: &str, found: usize, kept: usize) -> String {
    let findings = counted(found, "finding");
    let kept = if kept == 0 {
        String::new()
    } else {
        format!(", and {kept} of what was not looked at")
    };
    format!("Wrote {findings} to {file}{kept}\n")
}

/// How to use a baseline that no configuration names: by `check`, the command that does.
pub fn baseline_use(check: &str) -> String {
    let command = styled(CODE, format!("`{}`", safe(check)));
    let key = styled(CODE, "`baseline`");
    format!(
        "Only new findings are reported by {command}; the key {key} of a configuration file says it for everybody\n"
    )
}

fn nothing_left(outcome: &Outcome, fixed: usize) -> String {
    let apps = counted(outcome.apps.len(), "app");
    let suppressed = suppressed(outcome);
    if fixed == 0 {
        let suppressed = suppressed.map(|count| format!(", {count}"));
        let suppressed = suppressed.unwrap_or_default();
        let heading = styled(GOOD, "Nothing to do");
        format!("{heading} ({apps} checked{suppressed})\n")
    } else {
        let suppressed = suppressed.map(|count| format!(" ({count})"));
        let suppressed = suppressed.unwrap_or_default();
        let fixed = counted(fixed, "finding");
        let heading = styled(GOOD, "Nothing left to find");
        format!("{heading}: {fixed} fixed in {apps}{suppressed}\n")
    }
}

/// `2 suppressed`; nothing where nothing is.
fn suppressed(outcome: &Outcome) -> Option<String> {
    let count = outcome.suppressed();
    (count > 0).then(|| format!("{count} suppressed"))
}

/// One line for each app, and one for the repository as a whole when it has findings.
fn by_app(outcome: &Outcome, shown: &PathPrefix) -> String {
    let name = |app: &AppOutcome| shown.path(&app.root);
    let mut rows: Vec<(String, Tally, bool)> = outcome
        .apps
        .iter()
        .map(|app| (name(app), Tally::of(&app.open), app.failed.is_some()))
        .collect();
    if !outcome.repository.is_empty() {
        let tally = Tally::of(&outcome.repository);
        rows.push(("the repository".to_owned(), tally, false));
    }
    let width = rows.iter().map(|(name, ..)| name.chars().count()).max();
    let width = width.unwrap_or(0);
    let row = |(name, tally, failed): (String, Tally, bool)| {
        let counts = match (failed, tally.total()) {
            (true, _) => styled(BAD, "left as it was: a proof failed"),
            (false, 0) => styled(GOOD, "nothing to do"),
            (false, _) => tally.by_category(),
        };
        format!("  {name:width$}  {counts}\n")
    };
    rows.into_iter().map(row).collect()
}

fn counts(tally: Tally, fixed: usize, apps: usize, suppressed: &str) -> String {
    let found = counted(tally.total(), "finding");
    let place = if apps == 1 {
        String::new()
    } else {
        format!(" in {apps} apps")
    };
    let categories = tally.by_category();
    if fixed == 0 {
        format!(
            "{}{place}: {categories}{suppressed}\n",
            styled(HEADING, found)
        )
    } else {
        let heading = styled(HEADING, format!("{fixed} fixed, {found} left"));
        format!("{heading}{place}: {categories}{suppressed}\n")
    }
}

/// `2 can be fixed with …, 1 more with --unsafe-fixes, 1 needs a person`.
fn remedies(tally: Tally, invocation: &Invocation) -> String {
    let repair = safe(&invocation.repair);
    let with_unsafe = styled(CODE, format!("`{}`", safe(&invocation.repair_all)));
    let by_person = format!("{} a person", needs(tally.person));
    let mut parts = Vec::new();
    let (ready, asked_for) = match invocation.allowed {
        Safety::Safe => (tally.safe, tally.unsafe_),
        Safety::Unsafe => (tally.safe + tally.unsafe_, 0),
    };
    if ready > 0 {
        let command = match invocation.allowed {
            Safety::Safe => styled(CODE, format!("`{repair}`")),
            Safety::Unsafe => with_unsafe.clone(),
        };
        parts.push(format!("{ready} can be fixed with {command}"));
    }
    if asked_for > 0 {
        let more = if ready > 0 { "more" } else { "can be fixed" };
        parts.push(format!("{asked_for} {more} with {with_unsafe}"));
    }
    if tally.person > 0 {
        parts.push(by_person);
    }
    if tally.outside > 0 {
        let plan = styled(CODE, format!("`{}`", safe(&invocation.plan)));
        let happen = if tally.outside == 1 {
            "happens"
        } else {
            "happen"
        };
        parts.push(format!("{} {happen} on the server ({plan})", tally.outside));
    }
    if parts.is_empty() {
        return String::new();
    }
    format!("{}\n", parts.join(", "))
}

fn needs(count: usize) -> String {
    if count == 1 {
        "1 needs".to_owned()
    } else {
        format!("{count} need")
    }
}
