//! What is known after some steps, and what to ask next. The same steps give the same state, so that
//! an earlier run can be gone on with.

use std::collections::{BTreeMap, BTreeSet};

use super::query::Dropped;
use super::record::{Begun, JournalRecord};
use super::wire;
use crate::inventory::{Inventory, VERSION};

/// What is known.
#[derive(Debug, Default)]
pub struct State {
    begun: Option<Begun>,
    dropped: Dropped,
    has_counts: bool,
    counted: Option<u64>,
    apps: BTreeMap<String, wire::AppAnswer>,
    analytics: BTreeMap<String, Option<wire::Analytics>>,
    pages: Vec<ReadPage>,
    refused: Vec<i64>,
    gaps: BTreeMap<String, Gap>,
    unnamed: usize,
}

/// A page that was read.
#[derive(Debug)]
struct ReadPage {
    page: i64,
    next: Option<i64>,
    is_empty: bool,
    is_new: bool,
}

/// A field that was not told.
#[derive(Debug)]
struct Gap {
    times: usize,
    message: String,
}

impl State {
    /// The state after these steps.
    pub fn after(records: Vec<JournalRecord>) -> Self {
        let mut state = Self::default();
        for record in records {
            state.take(record);
        }
        state
    }

    /// Takes a step in.
    pub(super) fn take(&mut self, record: JournalRecord) {
        match record {
            JournalRecord::Begun(begun) => self.begun = Some(begun),
            JournalRecord::Dropped { parent, field } => {
                self.dropped.insert((parent, field));
            }
            JournalRecord::Counted { apps } => {
                self.has_counts = true;
                self.counted = apps;
            }
            JournalRecord::NoPage { page } => self.refused.push(page),
            JournalRecord::Page {
                page,
                apps,
                next,
                gaps,
            } => self.take_page(page, apps, next, gaps),
            JournalRecord::Analytics {
                app,
                analytics,
                gaps,
            } => {
                self.take_gaps(gaps);
                self.analytics.insert(app, analytics);
            }
        }
    }

    fn take_page(
        &mut self,
        page: i64,
        apps: Vec<wire::AppAnswer>,
        next: Option<i64>,
        gaps: Vec<(String, String)>,
    ) {
        self.take_gaps(gaps);
        let is_empty = apps.is_empty();
        let before = self.apps.len();
        for app in apps {
            match app.name.clone() {
                Some(name) if !name.is_empty() => {
                    self.apps.entry(name).or_insert(app);
                }
                _ => self.unnamed += 1,
            }
        }
        self.pages.push(ReadPage {
            page,
            next,
            is_empty,
            is_new: self.apps.len() > before,
        });
    }

    fn take_gaps(&mut self, gaps: Vec<(String, String)>) {
        for (field, message) in gaps {
            let gap = self.gaps.entry(field).or_insert(Gap { times: 0, message });
            gap.times += 1;
        }
    }

    pub(super) fn begun(&self) -> Option<&Begun> {
        self.begun.as_ref()
    }

    pub(super) fn dropped(&self) -> &Dropped {
        &self.dropped
    }

    pub(super) fn has_counts(&self) -> bool {
        self.has_counts
    }

    /// How many apps are known.
    pub fn apps(&self) -> usize {
        self.apps.len()
    }

    /// How many there are, as the server counts them.
    pub fn counted(&self) -> Option<u64> {
        self.counted
    }

    /// Whether the server's count says that these are all.
    pub fn is_complete(&self) -> bool {
        self.counted == u64::try_from(self.apps.len()).ok()
    }

    /// The next page to ask for. Paging is documented from 0 and used from 1, so that page 0 may be
    /// refused, empty, or the same as page 1. What the server says of the next page is followed, and
    /// where it stops too early by its own count, the numbers are.
    pub(super) fn next_page(&self) -> Option<i64> {
        let asked = |page: i64| {
            self.refused.contains(&page) || self.pages.iter().any(|read| read.page == page)
        };
        let Some(last) = self.pages.last() else {
            let first = (0..=1).find(|page| !asked(*page));
            return first;
        };
        let is_short = self.counted > u64::try_from(self.apps.len()).ok();
        let goes_on = last.is_new || last.page <= 1;
        let told = last.next.filter(|next| *next > 0 && !asked(*next));
        let following = last.page.saturating_add(1);
        match told {
            Some(next) if goes_on && !last.is_empty => Some(next),
            _ if (is_short && goes_on && !asked(following))
                || (last.page == 0 && last.is_empty && !asked(1)) =>
            {
                Some(following)
            }
            // Page 0 was refused, and apps are missing: it may have been a whim.
            _ if is_short
                && self.refused == [0]
                && !self.pages.iter().any(|read| read.page == 0) =>
            {
                Some(0)
            }
            _ => None,
        }
    }

    /// Whether the refusal of a page means that the server counts from 1.
    pub(super) fn may_be_refused(&self, page: i64) -> bool {
        page == 0 && (self.pages.is_empty() || self.refused.contains(&0))
    }

    /// The apps whose slow part was not asked for, by name.
    pub(super) fn unasked(&self) -> Vec<String> {
        let names = self.apps.iter();
        let open = names
            .filter(|(name, app)| !self.analytics.contains_key(*name) && app.analytics.is_none());
        open.map(|(name, _)| name.clone()).collect()
    }

    /// The inventory of what is known. `notes` are added to those that follow from the steps.
    pub fn into_inventory(self, notes: Vec<String>) -> Inventory {
        let complete = self.is_complete();
        let counted = self.counted;
        let all = self.notes(notes);
        let Self {
            begun,
            apps,
            mut analytics,
            ..
        } = self;
        let apps = apps.into_iter().map(|(name, app)| {
            let slow = analytics.remove(&name).flatten();
            wire::app(app, slow)
        });
        Inventory {
            version: VERSION,
            tool: concat!("dashlift ", env!("CARGO_PKG_VERSION")).to_owned(),
            host: begun.as_ref().and_then(|begun| begun.host.clone()),
            read_on: begun
                .as_ref()
                .map(|begun| begun.read_on.clone())
                .unwrap_or_default(),
            complete,
            counted,
            with_values: begun.is_some_and(|begun| begun.with_values),
            notes: all,
            apps: apps.collect(),
        }
    }

    fn notes(&self, more: Vec<String>) -> Vec<String> {
        let mut notes = Vec::new();
        let dropped: BTreeSet<String> = self
            .dropped
            .iter()
            .map(|(parent, field)| format!("`{parent}.{field}`"))
            .collect();
        if !dropped.is_empty() {
            let names: Vec<String> = dropped.into_iter().collect();
            notes.push(format!(
                "The server does not know {}, so nothing is said of it.",
                names.join(", ")
            ));
        }
        for (field, gap) in &self.gaps {
            let times = gap.times;
            let apps = if times == 1 { "time" } else { "times" };
            notes.push(format!(
                "The server could not tell `{field}` {times} {apps}; it said: {}",
                gap.message
            ));
        }
        if self.unnamed > 0 {
            notes.push(format!(
                "{} apps without a name were left out.",
                self.unnamed
            ));
        }
        let vanished = self.analytics.values().filter(|it| it.is_none()).count();
        if vanished > 0 {
            notes.push(format!(
                "{vanished} apps were gone when their deployment was asked for."
            ));
        }
        if self.counted.is_none() {
            notes.push("The server does not tell how many apps there are, so nothing proves that these are all.".to_owned());
        }
        notes.extend(more);
        notes
    }
}
