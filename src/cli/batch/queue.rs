//! What is to be worked on, in which order: what needs no look at the repository is settled here.

use super::desk::Desk;
use crate::cli::args::ScheduleArgs;
use crate::fleet::protocol::Job;
use crate::fleet::state::{Brief, Ending};
use crate::fleet::{Earlier, Place};

/// So many runs may end while they work on a repository; then it is stepped over.
const ENDS: usize = 3;

/// The repositories that a worker has to look at. Those that a run was at when it ended come last:
/// whatever they do, the others are done by then.
pub(super) fn fill(
    places: Vec<Place>,
    mut earlier: Earlier,
    args: &ScheduleArgs,
    desk: &mut Desk,
) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut suspects = Vec::new();
    for place in places {
        let before = earlier.done.remove(&place.name);
        let ends = earlier.started.get(&place.name).copied().unwrap_or(0);
        if let Some(problem) = &place.problem {
            desk.settle(&place.name, Ending::Failed, problem);
        } else if is_kept(before.as_ref(), args) {
            desk.keep(before.as_ref());
        } else if ends >= ENDS && !args.failed {
            let sentence = format!(
                "{ends} runs ended while they worked on it, so it was stepped over; --failed \
                 repeats it"
            );
            desk.settle(&place.name, Ending::Crashed, &sentence);
        } else {
            let job = Job {
                before,
                unfinished: earlier.writing.remove(&place.name),
                ..Job::new(place)
            };
            if ends == 0 {
                jobs.push(job);
            } else {
                suspects.push(job);
            }
        }
    }
    jobs.extend(suspects);
    jobs
}

/// Whether nothing is done about a repository, by what is known of it.
fn is_kept(before: Option<&Brief>, args: &ScheduleArgs) -> bool {
    match before {
        None => args.failed && !args.resume,
        Some(brief) if brief.outcome.is_failure() => !args.failed,
        Some(_) => !args.resume,
    }
}
