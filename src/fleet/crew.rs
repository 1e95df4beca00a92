//! Workers, one thread each, that take one place after the other. What goes wrong with one place
//! ends there: a panic is caught (here and nowhere else), and a worker that takes too long is
//! given up and replaced.

mod panics;

use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::find::Place;
use super::permit::Permit;
use crate::interrupt;

/// Stack of a worker, in bytes: deeply nested Python needs more than the two megabytes that a
/// thread has by itself.
const STACK: usize = 16 * 1024 * 1024;

/// How long nothing may happen until that is told.
const BEAT: Duration = Duration::from_millis(200);

/// What is done at each place.
pub type Job<R> = Arc<dyn Fn(&Place, &Permit) -> R + Send + Sync>;

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
        place: &'e Place,
    },
    /// A worker ended at a place.
    Ended {
        /// The worker.
        slot: usize,
        /// The place.
        place: &'e Place,
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
    /// It was given up because it took too long.
    TimedOut {
        /// Whether it was writing, so that nobody knows how far it came.
        writing: bool,
    },
}

/// A message of a worker.
struct Message<R> {
    slot: usize,
    what: What<R>,
}

enum What<R> {
    Started(Task),
    Ended(How<R>),
    Gone,
}

/// The work on one place.
struct Task {
    place: Arc<Place>,
    permit: Permit,
    begun: Instant,
}

/// What the workers share.
struct Shared<R> {
    places: Mutex<VecDeque<Place>>,
    stop: AtomicBool,
    job: Job<R>,
    sender: SyncSender<Message<R>>,
}

/// Workers and what they work on.
pub struct Crew<R> {
    shared: Arc<Shared<R>>,
    receiver: Receiver<Message<R>>,
    terms: Terms,
    /// What each worker is at.
    tasks: Vec<Option<Task>>,
    /// The workers that will say something again.
    alive: usize,
}

impl<R: Send + 'static> Crew<R> {
    /// A crew for these places; nobody has begun yet.
    pub fn new(places: Vec<Place>, terms: Terms, job: Job<R>) -> Self {
        let workers = terms.workers.clamp(1, places.len().max(1));
        let (sender, receiver) = sync_channel(4 * workers);
        Self {
            shared: Arc::new(Shared {
                places: Mutex::new(places.into()),
                stop: AtomicBool::new(false),
                job,
                sender,
            }),
            receiver,
            terms,
            tasks: (0..workers).map(|_| None).collect(),
            alive: 0,
        }
    }

    /// Works until no place is left, Ctrl-C was pressed, or `each`, which is told everything that
    /// happens, breaks off: then the places in hand are finished. Gives back how many places are
    /// left.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn run(mut self, mut each: impl FnMut(Event<R>) -> ControlFlow<()>) -> io::Result<usize> {
        panics::hush();
        for slot in 0..self.tasks.len() {
            self.hire(slot)?;
        }
        while self.alive > 0 {
            let event = match self.receiver.recv_timeout(self.patience()) {
                Ok(message) => self.take(message, &mut each),
                Err(RecvTimeoutError::Timeout) => each(Event::Idle),
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let overdue = self.give_up_overdue(&mut each)?;
            if event.is_break() || overdue.is_break() {
                self.shared.stop.store(true, Ordering::SeqCst);
            }
        }
        Ok(self.shared.left())
    }

    fn hire(&mut self, slot: usize) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        let thread = thread::Builder::new()
            .name(format!("worker {slot}"))
            .stack_size(STACK);
        match thread.spawn(move || shared.work(slot)) {
            Ok(_) => self.alive += 1,
            // Fewer workers do it too.
            Err(_) if self.alive > 0 => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn take(
        &mut self,
        message: Message<R>,
        each: &mut impl FnMut(Event<R>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let slot = message.slot;
        let Some(task) = self.tasks.get_mut(slot) else {
            return ControlFlow::Continue(());
        };
        match message.what {
            What::Started(begun) => {
                let task = task.insert(begun);
                each(Event::Started {
                    slot,
                    place: &task.place,
                })
            }
            What::Ended(how) => task.take().map_or(ControlFlow::Continue(()), |task| {
                each(ended(slot, &task, how))
            }),
            What::Gone => {
                self.alive -= 1;
                ControlFlow::Continue(())
            }
        }
    }

    /// How long nothing can become overdue, but not longer than a beat.
    fn patience(&self) -> Duration {
        let now = Instant::now();
        let running = self.tasks.iter().flatten();
        let left =
            running.filter_map(|task| Some(self.deadline(task)?.saturating_duration_since(now)));
        // A deadline that passed while the place was being written to is looked at now and then.
        let left = left.map(|left| left.max(Duration::from_millis(10)));
        left.min().unwrap_or(BEAT).min(BEAT)
    }

    fn deadline(&self, task: &Task) -> Option<Instant> {
        task.begun.checked_add(self.terms.limit?)
    }

    fn give_up_overdue(
        &mut self,
        each: &mut impl FnMut(Event<R>) -> ControlFlow<()>,
    ) -> io::Result<ControlFlow<()>> {
        let now = Instant::now();
        for slot in 0..self.tasks.len() {
            let Some(Some(task)) = self.tasks.get(slot) else {
                continue;
            };
            let Some(deadline) = self.deadline(task).filter(|deadline| *deadline <= now) else {
                continue;
            };
            let idle = task.permit.give_up();
            let writing = !idle && now >= deadline + self.terms.grace && task.permit.abandon();
            if !idle && !writing {
                continue;
            }
            let flow = match self.tasks.get_mut(slot).and_then(Option::take) {
                Some(task) => each(ended(slot, &task, How::TimedOut { writing })),
                None => ControlFlow::Continue(()),
            };
            // The one that was given up says nothing any more.
            self.alive -= 1;
            self.hire(slot)?;
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

fn ended<R>(slot: usize, task: &Task, how: How<R>) -> Event<'_, R> {
    Event::Ended {
        slot,
        place: &task.place,
        how,
        took: task.begun.elapsed(),
    }
}

impl<R> Shared<R> {
    /// The life of a worker.
    fn work(&self, slot: usize) {
        let say = |what| self.sender.send(Message { slot, what }).is_ok();
        while let Some(place) = self.next() {
            let place = Arc::new(place);
            let permit = Permit::default();
            let task = Task {
                place: Arc::clone(&place),
                permit: permit.clone(),
                begun: Instant::now(),
            };
            if !say(What::Started(task)) {
                return;
            }
            let how = match panics::caught(|| (self.job)(&place, &permit)) {
                Ok(result) => How::Finished(result),
                Err(said) => How::Crashed(said),
            };
            // Somebody else has this one's slot when it was given up.
            if !permit.end() || !say(What::Ended(how)) {
                return;
            }
        }
        say(What::Gone);
    }

    fn next(&self) -> Option<Place> {
        if self.stop.load(Ordering::SeqCst) || interrupt::requested() {
            return None;
        }
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.pop_front()
    }

    fn left(&self) -> usize {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.len()
    }
}

#[cfg(test)]
mod tests;
