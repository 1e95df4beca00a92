//! What is to be worked on, in which order: what needs no look at the repository is settled here.

use crate::fleet::protocol::Job;
use crate::fleet::state::{Brief, Ending};
use crate::fleet::{Earlier, FoundRepository};

/// So many runs may end while they work on a repository; then it is stepped over.
const ENDS: usize = 3;

/// What is known of a repository without a look at it.
#[derive(Debug)]
pub enum Settled {
    /// Nothing can be done with it, and why.
    Ended {
        /// Its name.
        name: String,
        /// How it ended.
        outcome: Ending,
        /// A sentence.
        sentence: String,
    },
    /// An earlier run did it; none for one that nobody asked for.
    Kept(Option<Brief>),
}

/// What a batch has to do.
#[derive(Debug, Default)]
pub struct Queue {
    /// The repositories that a worker has to look at. Those that a run was at when it ended come
    /// last: whatever they do, the others are done by then.
    pub jobs: Vec<Job>,
    /// The others.
    pub settled: Vec<Settled>,
}

/// Which repositories are done once more.
#[derive(Debug, Clone, Copy)]
pub struct Again {
    /// Those that changed.
    pub resume: bool,
    /// Those that failed; alone, no others.
    pub failed: bool,
}

impl Queue {
    /// The repositories, by what earlier runs left.
    pub fn new(places: Vec<FoundRepository>, mut earlier: Earlier, again: Again) -> Self {
        let mut queue = Self::default();
        let mut suspects = Vec::new();
        for place in places {
            let before = earlier.done.remove(&place.name);
            let ends = earlier.started.get(&place.name).copied().unwrap_or(0);
            if let Some(problem) = place.problem {
                queue.settle(place.name, Ending::Failed, problem);
            } else if is_kept(before.as_ref(), again) {
                queue.settled.push(Settled::Kept(before));
            } else if ends >= ENDS && !again.failed {
                let sentence = format!(
                    "{ends} runs ended while they worked on it, so it was stepped over; --failed \
                     repeats it"
                );
                queue.settle(place.name, Ending::Crashed, sentence);
            } else {
                let job = Job {
                    before,
                    unfinished: earlier.writing.remove(&place.name),
                    ..Job::new(place)
                };
                if ends == 0 {
                    queue.jobs.push(job);
                } else {
                    suspects.push(job);
                }
            }
        }
        queue.jobs.extend(suspects);
        queue
    }

    fn settle(&mut self, name: String, outcome: Ending, sentence: String) {
        self.settled.push(Settled::Ended {
            name,
            outcome,
            sentence,
        });
    }
}

/// Whether nothing is done about a repository, by what is known of it.
fn is_kept(before: Option<&Brief>, again: Again) -> bool {
    match before {
        None => again.failed && !again.resume,
        Some(brief) if brief.outcome.is_failure() => !again.failed,
        Some(_) => !again.resume,
    }
}
