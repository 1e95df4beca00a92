//! Where everything that happens in a batch arrives: it is written to the state, counted and
//! printed, one repository at a time.

use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::progress::Progress;
use super::tally::{self, Tally};
use crate::cli::args::{BatchArgs, Memory, OutputArgs};
use crate::cli::output::Output;
use crate::commands::batch::finished::{Finished, Worked};
use crate::commands::batch::queue::Settled;
use crate::commands::batch::task::Action;
use crate::commands::status::Status;
use crate::fleet::protocol::Job;
use crate::fleet::state::{Ending, Header, Started};
use crate::fleet::{Event, FoundRepository, How, Ledger, LedgerError, Terms};
use crate::interrupt;
use crate::report::{BatchLine, Reporter, safe, text};
use crate::text::shell_path;

/// How long a line may wait until it is brought to the disk. A process that is killed loses
/// nothing; this is for a machine that stops.
const UNSYNCED: Duration = Duration::from_millis(200);

/// The longest name that a table makes room for.
const WIDEST: usize = 48;

/// Where everything arrives.
pub(super) struct Desk<'a> {
    action: Action,
    reporter: &'static dyn Reporter,
    terms: Terms,
    memory: Memory,
    /// The commands that repeat what failed, and go on.
    failed: String,
    resume: String,
    /// The state as the user gave it, for a shell.
    state: Option<String>,
    output: &'a mut Output,
    progress: Progress,
    ledger: Option<Ledger>,
    configuration: String,
    synced: Instant,
    unsynced: bool,
    width: usize,
    tally: Tally,
    /// Why the state could not be written.
    failure: Option<LedgerError>,
    told: bool,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        args: &BatchArgs,
        how: &OutputArgs,
        output: &'a mut Output,
        places: &[FoundRepository],
        terms: Terms,
        ledger: Option<Ledger>,
    ) -> Self {
        let quoted = |path: &std::path::Path| shell_path(&path.to_string_lossy());
        let propose = |option| {
            let source = quoted(&args.source);
            let command = how.given.propose("batch", Some(&source), &[option]);
            safe(&command)
        };
        let widest = places.iter().map(|place| safe(&place.name).chars().count());
        let workers = terms.workers.min(places.len());
        Self {
            action: super::action(args),
            reporter: how.reporter(),
            terms,
            memory: args.schedule.memory_per_repo,
            failed: propose("--failed"),
            resume: propose("--resume"),
            state: args.schedule.state.as_deref().map(quoted),
            progress: Progress::new(how, places.len(), workers),
            output,
            ledger,
            configuration: String::new(),
            synced: Instant::now(),
            unsynced: false,
            width: widest.filter(|width| *width <= WIDEST).max().unwrap_or(0),
            tally: Tally::default(),
            failure: None,
            told: false,
        }
    }

    /// Prints what stands before the repositories.
    pub(super) fn begin(&mut self, header: &Header) {
        self.configuration.clone_from(&header.configuration);
        if self.reporter.is_data() {
            let line = serde_json::to_string(header).map(|line| line + "\n");
            self.output.document(line);
        }
    }

    /// Takes what happened; breaks off when the state cannot be written any more.
    pub(super) fn take(&mut self, event: Event<Worked>) -> ControlFlow<()> {
        self.say_interrupted();
        match event {
            Event::Idle => self.sync(),
            Event::Started { slot, job } => {
                self.progress.start(slot, &job.name);
                // Most of what was done before is only looked at; the worker says when not.
                if job.before.is_none() {
                    self.note_start(job);
                }
            }
            Event::Begun { job } => self.note_start(job),
            Event::Writing(writing) => self.note(writing),
            Event::Ended {
                slot,
                job,
                how,
                took,
            } => self.end(Some(slot), job, how, took),
        }
        if self.failure.is_some() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Takes a repository that nobody has to look at.
    pub(super) fn settle(&mut self, settled: Settled) {
        match settled {
            Settled::Ended {
                name,
                outcome,
                sentence,
            } => {
                let done = Finished::failed(&name, outcome, &sentence, &self.configuration, 0.0);
                self.finish(None, &name, Some(&done));
            }
            Settled::Kept(before) => {
                if let Some(brief) = &before {
                    self.tally.keep(brief);
                }
                self.finish(None, "", None);
            }
        }
    }

    fn end(&mut self, slot: Option<usize>, job: &Job, how: How<Worked>, took: Duration) {
        let done = match how {
            How::Finished(Worked::Done(done)) => Some(*done),
            How::Finished(Worked::Kept) => {
                if let Some(brief) = &job.before {
                    self.tally.keep(brief);
                }
                None
            }
            how => {
                let (outcome, error) = self.explain(how);
                let seconds = took.as_secs_f64();
                let configuration = &self.configuration;
                let failed = Finished::failed(&job.name, outcome, &error, configuration, seconds);
                Some(failed)
            }
        };
        self.finish(slot, &job.name, done.as_ref());
    }

    /// Counts, writes and prints what became of a repository; nothing is said of what was done
    /// before.
    fn finish(&mut self, slot: Option<usize>, name: &str, done: Option<&Finished>) {
        let words = done.map(tally::words);
        if let Some(done) = done {
            self.tally.add(done.outcome, done.exit_code);
            self.write(done);
            self.print(name, done, words.as_deref().unwrap_or_default());
        }
        let failed = self.tally.failed();
        let line = self.progress.end(slot, name, words.as_deref(), failed);
        self.output.people(line.as_deref().unwrap_or_default());
    }

    /// Why a worker brought no result.
    fn explain(&self, how: How<Worked>) -> (Ending, String) {
        match how {
            How::Finished(_) => (Ending::Failed, String::new()),
            How::Crashed(said) => {
                let said = format!("dashlift itself failed, please report it: {said}");
                (Ending::Crashed, said)
            }
            How::Died(how) => (Ending::Crashed, how),
            How::OutOfMemory => {
                let said = format!(
                    "it needs more than {} of memory; --memory-per-repo allows more",
                    self.memory
                );
                (Ending::Crashed, said)
            }
            How::TimedOut { writing } => {
                let seconds = self.terms.limit.unwrap_or_default().as_secs();
                let rest = if writing {
                    " while its branch was being written; look at it before you repeat it"
                } else {
                    ""
                };
                let unit = if seconds == 1 { "second" } else { "seconds" };
                let said = format!("given up after {seconds} {unit}{rest}");
                (Ending::TimedOut, said)
            }
        }
    }

    fn note_start(&mut self, job: &Job) {
        self.note(&Started {
            repository: job.name.clone(),
        });
    }

    /// Adds a line to the state.
    fn note(&mut self, line: &impl Serialize) {
        let written = self.ledger.as_ref().map(|ledger| ledger.write(line));
        if let Some(Err(error)) = written {
            self.failure.get_or_insert(error);
        }
    }

    fn write(&mut self, done: &Finished) {
        let Some(ledger) = &self.ledger else { return };
        match ledger.append(done.line.as_bytes()) {
            Ok(()) => {
                self.unsynced = true;
                if self.synced.elapsed() > UNSYNCED {
                    self.sync();
                }
            }
            Err(error) => {
                self.failure.get_or_insert(error);
            }
        }
    }

    /// Brings what was written to the disk.
    fn sync(&mut self) {
        let Some(ledger) = self.ledger.as_ref().filter(|_| self.unsynced) else {
            return;
        };
        if let Err(error) = ledger.sync() {
            self.failure.get_or_insert(error);
        }
        self.unsynced = false;
        self.synced = Instant::now();
    }

    fn print(&mut self, name: &str, done: &Finished, words: &str) {
        let name = safe(name);
        let words = safe(words);
        let line = BatchLine {
            name: &name,
            width: self.width,
            words: &words,
            tone: tally::tone(done.outcome),
            record: &done.line,
        };
        let line = self.reporter.batch_line(&line);
        let output = &mut *self.output;
        self.progress.aside(|| output.result(&line));
        for warning in &done.warnings {
            let warning = text::warning(&format!("{name}: {warning}"));
            self.progress.aside(|| output.error(&warning));
        }
    }

    fn say_interrupted(&mut self) {
        if interrupt::requested() && !self.told {
            self.told = true;
            let output = &mut *self.output;
            self.progress.aside(|| {
                output.people(
                    "The repositories in hand are being finished; Ctrl-C once more ends them \
                     too.\n",
                );
            });
        }
    }

    /// Prints the counts and what to do next; the exit code. `left` repositories were not begun.
    pub(super) fn close(mut self, left: io::Result<usize>) -> Status {
        self.progress.finish();
        self.sync();
        self.output.people(&format!("\n{}", self.tally.sentence()));
        if let Some(error) = self.failure {
            let reason = format!("{error}; what was done by then is in it");
            self.output.error(&text::error(&reason));
            return Status::Refused;
        }
        match left {
            Err(error) => {
                let reason = format!("no worker could be started: {error}");
                self.output.error(&text::error(&reason));
                Status::Refused
            }
            Ok(left) if left > 0 => {
                let next = match &self.state {
                    Some(_) => format!("; go on with `{}`", self.resume),
                    None => String::new(),
                };
                self.output
                    .people(&format!("Stopped: {left} were not begun{next}.\n"));
                Status::Interrupted
            }
            Ok(_) => {
                let state = self.state.as_deref();
                let next = tally::next(&self.tally, self.action, &self.failed, state);
                self.output.people(&next);
                self.tally.status()
            }
        }
    }
}
