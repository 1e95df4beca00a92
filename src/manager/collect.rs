//! Reads all apps of a server: first who asks and how many there are, then page after page what is
//! cheap, then app after app what is slow.

use std::io;

use serde_json::{Value, json};
use thiserror::Error;

use super::answer::{self, AnswerMeaning, Ask, Fault, ToldAnswer};
use super::query;
use super::record::{Begun, JournalRecord, Keep};
use super::state::State;
use super::wire;
use crate::inventory::Inventory;
use crate::network::NetworkError;

/// So many apps in a row without an answer, and the server is not asked on.
const FAILURES: usize = 3;
/// More pages than any server has: one that invents them is not followed for ever.
const PAGES: usize = 100_000;

/// Why the reading ended early. What was read is kept.
#[derive(Debug, Error)]
pub enum Stopped {
    /// The server.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// The disk.
    #[error("what was read cannot be kept: {0}")]
    Unkept(#[from] io::Error),
    /// The server invents pages.
    #[error("the server names ever more pages ({0} were read) and was not followed further")]
    Endless(usize),
}

/// How far it is: a word, how many are done, of how many.
pub type Progress<'p> = &'p dyn Fn(&str, usize, Option<u64>);

/// A server that is being read.
pub struct Collector<'a, S, K> {
    server: &'a S,
    keep: &'a mut K,
    state: State,
    progress: Progress<'a>,
}

/// What came of it.
pub struct Collected {
    /// The inventory.
    pub inventory: Inventory,
    /// Apps whose slow part the server did not give; asking again may help.
    pub missing: usize,
}

impl<'a, S: Ask, K: Keep> Collector<'a, S, K> {
    /// Goes on after `state`; begins where it is empty.
    ///
    /// # Errors
    /// When the first step cannot be kept.
    pub fn new(
        server: &'a S,
        keep: &'a mut K,
        state: State,
        begun: Begun,
        progress: Progress<'a>,
    ) -> Result<Self, Stopped> {
        let is_new = state.begun().is_none();
        let mut collector = Self {
            server,
            keep,
            state,
            progress,
        };
        if is_new {
            collector.record(JournalRecord::Begun(begun))?;
        }
        Ok(collector)
    }

    /// Reads everything.
    ///
    /// # Errors
    /// See [`Stopped`]; a later run goes on with what was kept.
    pub fn run(mut self) -> Result<Collected, Stopped> {
        if !self.state.has_counts() {
            self.count()?;
        }
        self.pages()?;
        if !self.state.is_complete() && self.state.counted().is_some() {
            // Somebody may have made or removed an app meanwhile.
            self.count()?;
            self.pages()?;
        }
        let notes = self.slow()?;
        let missing = notes.len();
        let mut sentences = Vec::new();
        if let Some(first) = notes.first() {
            sentences.push(format!(
                "Of {missing} apps the server gave no deployment, visits and packages; of the first it said: {first}"
            ));
        }
        Ok(Collected {
            inventory: self.state.into_inventory(sentences),
            missing,
        })
    }

    fn record(&mut self, record: JournalRecord) -> Result<(), Stopped> {
        self.keep.keep(&record.line()?)?;
        self.state.take(record);
        Ok(())
    }

    /// Asks until the server knows everything in the question.
    fn ask(
        &mut self,
        query: impl Fn(&State) -> Option<String>,
        variables: &Value,
    ) -> Result<Option<ToldAnswer>, Stopped> {
        loop {
            let Some(query) = query(&self.state) else {
                return Ok(None);
            };
            let answer = self.server.ask(&query, variables.clone());
            let answer = answer.map_err(Fault::Network)?;
            match answer::read(&answer)? {
                AnswerMeaning::Told(told) => return Ok(Some(*told)),
                AnswerMeaning::Unknown(fields) => self.drop_fields(fields)?,
            }
        }
    }

    fn drop_fields(&mut self, fields: Vec<(String, String)>) -> Result<(), Stopped> {
        for (parent, field) in fields {
            let key = (parent.clone(), field.clone());
            let is_known = self.state.dropped().contains(&key);
            if query::is_needed(&parent, &field) || !query::is_asked(&parent, &field) || is_known {
                let name = answer::short(&format!("{parent}.{field}"));
                return Err(Fault::Unknown(name).into());
            }
            self.record(JournalRecord::Dropped { parent, field })?;
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), Stopped> {
        let told = self.ask(|state| query::counts(state.dropped()), &json!({}))?;
        let data = told.map(|told| told.data).unwrap_or_default();
        if let Some(current) = data.current
            && current.is_admin == Some(false)
        {
            let user = current.username.map(|user| answer::short(&user));
            return Err(Fault::NotAdministrator(user).into());
        }
        let counts = data.apps_count.map(|counts| {
            let counts = counts.into_iter().flatten();
            counts.filter_map(|it| it.count).sum()
        });
        self.record(JournalRecord::Counted { apps: counts })
    }

    fn pages(&mut self) -> Result<(), Stopped> {
        let with_values = self.state.begun().is_some_and(|begun| begun.with_values);
        let mut read = 0;
        while let Some(page) = self.state.next_page() {
            if read >= PAGES {
                return Err(Stopped::Endless(read));
            }
            read += 1;
            (self.progress)("apps", self.state.apps(), self.state.counted());
            let query = |state: &State| Some(query::page(state.dropped(), with_values));
            match self.ask(query, &json!({ "page": page })) {
                Ok(told) => {
                    let told = told.map(|told| (told.data.apps, told.gaps));
                    let (found, gaps) = told.unwrap_or_default();
                    let next = found.as_ref().and_then(|found| found.next_page);
                    let apps = found.and_then(|found| found.apps).unwrap_or_default();
                    let mut apps: Vec<wire::AppAnswer> = apps.into_iter().flatten().collect();
                    if !with_values {
                        apps.iter_mut().for_each(wire::AppAnswer::forget_values);
                    }
                    self.record(JournalRecord::Page {
                        page,
                        apps,
                        next,
                        gaps,
                    })?;
                }
                Err(Stopped::Fault(Fault::Refused(_))) if self.state.may_be_refused(page) => {
                    self.record(JournalRecord::NoPage { page })?;
                }
                Err(stopped) => return Err(stopped),
            }
        }
        Ok(())
    }

    /// The slow part of each app; for those that the server gives nothing of, why.
    fn slow(&mut self) -> Result<Vec<String>, Stopped> {
        let mut failed = Vec::new();
        let mut in_a_row = 0;
        let total = self.state.apps();
        let open = self.state.unasked();
        let before = total - open.len();
        for (index, app) in open.into_iter().enumerate() {
            if query::analytics(self.state.dropped()).is_none() {
                break;
            }
            (self.progress)("deployments", before + index, u64::try_from(total).ok());
            match self.analytics(&app) {
                Ok(()) => in_a_row = 0,
                Err(Stopped::Fault(fault)) if fault.is_passing() && in_a_row + 1 < FAILURES => {
                    in_a_row += 1;
                    failed.push(fault.to_string());
                }
                Err(stopped) => return Err(stopped),
            }
        }
        Ok(failed)
    }

    fn analytics(&mut self, name: &str) -> Result<(), Stopped> {
        let told = self.ask(
            |state| query::analytics(state.dropped()),
            &json!({ "name": name }),
        )?;
        let Some(told) = told else { return Ok(()) };
        let mut gaps = told.gaps;
        let apps = told
            .data
            .apps
            .and_then(|page| page.apps)
            .unwrap_or_default();
        // The name is looked for like a word: other apps may have it in theirs.
        let found = apps.into_iter().flatten();
        let found = found
            .into_iter()
            .find(|app| app.name.as_deref() == Some(name));
        let analytics: Option<wire::Analytics> = found.map(|app| app.analytics.unwrap_or_default());
        for (field, error) in analytics.iter().flat_map(wire::errors) {
            gaps.push((field.to_owned(), answer::short(&error)));
        }
        self.record(JournalRecord::Analytics {
            app: name.to_owned(),
            analytics,
            gaps,
        })
    }
}

impl Stopped {
    /// Whether somebody pressed Ctrl-C.
    pub fn is_interrupt(&self) -> bool {
        matches!(self, Self::Fault(Fault::Network(NetworkError::Interrupted)))
    }
}
