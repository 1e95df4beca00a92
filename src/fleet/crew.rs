//! Worker processes that take one place after the other, each place worked on in a process with
//! limits of memory, time and output. What goes wrong with one place ends there: a worker that
//! dies, panics or takes too long is replaced, and the others go on.

mod worker;

use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::protocol::{Job, Order, Said};
use super::state::Writing;
use crate::interrupt;
use worker::{Message, Worker};

/// How long nothing may happen until that is told.
const BEAT: Duration = Duration::from_millis(200);

/// So many places are worked on by one worker; then a fresh one takes over, so that what a
/// library keeps does not add up.
const SERVES: usize = 250;

/// How a crew works.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How many work at the same time.
    pub workers: usize,
    /// How long a place may take; as long as it takes when none.
    pub limit: Option<Duration>,
    /// How much longer it may take when it is writing already.
    pub grace: Duration,
}

/// What happened. A slot is the number of a worker, from 0; a worker that replaces another has its
/// slot.
#[derive(Debug)]
pub enum Event<'e, R> {
    /// Nothing, for a moment.
    Idle,
    /// A worker begins at a place.
    Started {
        /// The worker.
        slot: usize,
        /// The place.
        job: &'e Job,
    },
    /// The work at a place that an earlier run did is done once more.
    Begun {
        /// The place.
        job: &'e Job,
    },
    /// A branch is about to be made. It is not when the answer breaks off.
    Writing(&'e Writing),
    /// A worker ended at a place.
    Ended {
        /// The worker.
        slot: usize,
        /// The place.
        job: &'e Job,
        /// How.
        how: How<R>,
        /// How long it took.
        took: Duration,
    },
}

/// How the work at a place ended.
#[derive(Debug, PartialEq, Eq)]
pub enum How<R> {
    /// With a result.
    Finished(R),
    /// With a panic; what it said, and where.
    Crashed(String),
    /// The worker needed more memory than it may.
    OutOfMemory,
    /// The worker died; how, in words.
    Died(String),
    /// It was given up because it took too long.
    TimedOut {
        /// Whether it was writing, so that nobody knows how far it came.
        writing: bool,
    },
}

/// The work on one place.
struct Hand {
    job: Job,
    begun: Instant,
    writing: bool,
}

/// A worker and what it is at.
#[derive(Default)]
struct Slot {
    worker: Option<Worker>,
    hand: Option<Hand>,
    served: usize,
}

/// Workers and what they work on.
pub struct Crew<R, F> {
    jobs: VecDeque<Job>,
    terms: Terms,
    /// Makes the command that starts a worker.
    program: F,
    slots: Vec<Slot>,
    sender: Sender<Message<R>>,
    receiver: Receiver<Message<R>>,
    /// How many workers were started.
    started: u64,
    stop: bool,
}

impl<R, F> Crew<R, F>
where
    R: DeserializeOwned + Send + 'static,
    F: Fn() -> io::Result<Command>,
{
    /// A crew for these places; nobody has begun yet. `program` makes the command that starts a
    /// worker, which speaks the [`super::protocol`] on its standard input and output.
    pub fn new(jobs: Vec<Job>, terms: Terms, program: F) -> Self {
        let workers = terms.workers.clamp(1, jobs.len().max(1));
        let (sender, receiver) = channel();
        Self {
            jobs: jobs.into(),
            terms,
            program,
            slots: (0..workers).map(|_| Slot::default()).collect(),
            sender,
            receiver,
            started: 0,
            stop: false,
        }
    }

    /// Works until no place is left, Ctrl-C was pressed, or `each`, which is told everything that
    /// happens, breaks off: then the places in hand are finished. Gives back how many places are
    /// left.
    ///
    /// # Errors
    /// When no worker can be started.
    pub fn run(mut self, mut each: impl FnMut(Event<R>) -> ControlFlow<()>) -> io::Result<usize> {
        for slot in 0..self.slots.len() {
            self.begin(slot, &mut each)?;
        }
        while self.slots.iter().any(|slot| slot.hand.is_some()) {
            match self.receiver.recv_timeout(self.find_patience()) {
                Ok(message) => self.take(message, &mut each)?,
                Err(RecvTimeoutError::Timeout) => {
                    self.stop |= each(Event::Idle).is_break();
                    self.give_up_overdue(&mut each)?;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok(self.jobs.len())
    }

    /// Gives the next place to a worker, which is started if there is none.
    fn begin(
        &mut self,
        slot: usize,
        each: &mut impl FnMut(Event<R>) -> ControlFlow<()>,
    ) -> io::Result<()> {
        if self.stop || interrupt::requested() {
            return Ok(());
        }
        let Some(job) = self.jobs.pop_front() else {
            return Ok(());
        };
        self.stop |= each(Event::Started { slot, job: &job }).is_break();
        if let Err(error) = self.give(slot, &job) {
            self.jobs.push_front(job);
            // Fewer workers do it too.
            let others = self.slots.iter().any(|slot| slot.hand.is_some());
            return if others { Ok(()) } else { Err(error) };
        }
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.served += 1;
            slot.hand = Some(Hand {
                job,
                begun: Instant::now(),
                writing: false,
            });
        }
        Ok(())
    }

    /// Hands a job over. A worker that died while it had nothing to do is replaced once.
    fn give(&mut self, slot: usize, job: &Job) -> io::Result<()> {
        let order = Order::Work(Box::new(job.clone()));
        let is_spent = |slot: &&mut Slot| slot.served >= SERVES;
        if let Some(slot) = self.slots.get_mut(slot).filter(is_spent) {
            *slot = Slot::default();
        }
        if let Some(Slot {
            worker: Some(worker),
            ..
        }) = self.slots.get_mut(slot)
            && worker.order(&order).is_ok()
        {
            return Ok(());
        }
        self.started += 1;
        let command = (self.program)()?;
        let mut worker = Worker::start(command, slot, self.started, self.sender.clone())?;
        worker.order(&order)?;
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.worker = Some(worker);
            slot.served = 0;
        }
        Ok(())
    }

    fn take(
        &mut self,
        message: Message<R>,
        each: &mut impl FnMut(Event<R>) -> ControlFlow<()>,
    ) -> io::Result<()> {
        let slot = message.slot;
        let Some(Slot {
            worker: Some(worker),
            hand,
            ..
        }) = self.slots.get_mut(slot)
        else {
            return Ok(());
        };
        // The last words of a worker that was replaced.
        if worker.number() != message.worker {
            return Ok(());
        }
        let how = match (message.said, hand) {
            (Some(Said::Begun), Some(hand)) => {
                self.stop |= each(Event::Begun { job: &hand.job }).is_break();
                return Ok(());
            }
            (Some(Said::Writing(writing)), Some(hand)) => {
                let refused = each(Event::Writing(&writing)).is_break();
                self.stop |= refused;
                hand.writing = !refused;
                let order = if refused { Order::Stop } else { Order::Write };
                // A worker that is gone says so by the end of its output.
                let _ = worker.order(&order);
                return Ok(());
            }
            (Some(Said::Ended(result)), _) => How::Finished(result),
            (Some(Said::Panicked(said)), _) => {
                self.dismiss(slot);
                How::Crashed(said)
            }
            (Some(Said::Begun | Said::Writing(_)), None) => return Ok(()),
            (None, _) => self.bury(slot),
        };
        self.end(slot, how, each);
        self.begin(slot, each)
    }

    /// Tells how the work in hand ended.
    fn end(
        &mut self,
        slot: usize,
        how: How<R>,
        each: &mut impl FnMut(Event<R>) -> ControlFlow<()>,
    ) {
        let hand = self.slots.get_mut(slot).and_then(|slot| slot.hand.take());
        let Some(hand) = hand else { return };
        let event = Event::Ended {
            slot,
            job: &hand.job,
            how,
            took: hand.begun.elapsed(),
        };
        self.stop |= each(event).is_break();
    }

    /// Ends a worker and everything that it started.
    fn dismiss(&mut self, slot: usize) {
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.worker = None;
        }
    }

    /// Ends a worker whose output ended; how it died.
    fn bury(&mut self, slot: usize) -> How<R> {
        let worker = self.slots.get_mut(slot).and_then(|it| it.worker.take());
        worker.map_or(How::Died(String::new()), Worker::bury)
    }

    /// How long nothing can become overdue, but not longer than a beat.
    fn find_patience(&self) -> Duration {
        let now = Instant::now();
        let hands = self.slots.iter().filter_map(|slot| slot.hand.as_ref());
        let left =
            hands.filter_map(|hand| Some(self.deadline(hand)?.saturating_duration_since(now)));
        left.min().unwrap_or(BEAT).min(BEAT)
    }

    /// When the work is overdue.
    fn deadline(&self, hand: &Hand) -> Option<Instant> {
        let grace = if hand.writing {
            self.terms.grace
        } else {
            Duration::ZERO
        };
        hand.begun
            .checked_add(self.terms.limit?.saturating_add(grace))
    }

    /// Gives up what is overdue. Everything that was said by now has been heard.
    fn give_up_overdue(
        &mut self,
        each: &mut impl FnMut(Event<R>) -> ControlFlow<()>,
    ) -> io::Result<()> {
        let now = Instant::now();
        for slot in 0..self.slots.len() {
            let hand = self.slots.get(slot).and_then(|it| it.hand.as_ref());
            let Some(hand) = hand else { continue };
            if self.deadline(hand).is_none_or(|deadline| deadline > now) {
                continue;
            }
            let writing = hand.writing;
            self.dismiss(slot);
            self.end(slot, How::TimedOut { writing }, each);
            self.begin(slot, each)?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
