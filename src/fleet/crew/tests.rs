//! One place that fails, hangs or is slow is nobody else's concern.

use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;

use super::*;

fn places(names: &[&str]) -> Vec<Place> {
    let place = |name: &&str| Place {
        name: (*name).to_owned(),
        path: PathBuf::from(name),
        problem: None,
    };
    names.iter().map(place).collect()
}

fn terms(limit: u64) -> Terms {
    Terms {
        workers: 2,
        limit: Some(Duration::from_millis(limit)),
        grace: Duration::from_millis(limit),
    }
}

/// Runs the job at each place; how each ended, by name, and how many are left.
fn run(
    names: &[&str],
    terms: Terms,
    job: impl Fn(&str, &Permit) -> u32 + Send + Sync + 'static,
) -> (Vec<(String, How<u32>)>, usize) {
    let mut ends = Vec::new();
    let job: Job<u32> = Arc::new(move |place, permit| job(&place.name, permit));
    let left = Crew::new(places(names), terms, job).run(|event| {
        if let Event::Ended { place, how, .. } = event {
            ends.push((place.name.clone(), how));
        }
        ControlFlow::Continue(())
    });
    ends.sort_by(|(a, _), (b, _)| a.cmp(b));
    (ends, left.unwrap())
}

#[test]
fn a_panic_ends_its_place_only() {
    let (ends, left) = run(&["a", "b", "c", "d"], terms(60_000), |name, _| {
        assert!(name != "b", "{name} is bad");
        7
    });
    assert_eq!(left, 0);
    let (_, crashed) = &ends[1];
    let How::Crashed(said) = crashed else {
        panic!("{crashed:?}");
    };
    assert!(said.starts_with("b is bad (src"), "{said}");
    let finished = ends.iter().filter(|(_, how)| *how == How::Finished(7));
    assert_eq!(finished.count(), 3);
}

#[test]
fn work_that_is_overdue_is_given_up_and_never_writes() {
    static WRITTEN: AtomicUsize = AtomicUsize::new(0);
    static AWAKE: AtomicUsize = AtomicUsize::new(0);
    let names: Vec<String> = (0..20).map(|number| format!("{number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // More places hang than there are workers: each is replaced.
    let (ends, left) = run(&names, terms(50), |name, permit| {
        if name < "05" {
            thread::sleep(Duration::from_millis(250));
            AWAKE.fetch_add(1, Ordering::SeqCst);
        }
        if permit.to_write() {
            WRITTEN.fetch_add(1, Ordering::SeqCst);
        }
        1
    });
    assert_eq!((ends.len(), left), (20, 0));
    for (name, how) in &ends {
        let late = name.as_str() < "05";
        let expected = if late {
            How::TimedOut { writing: false }
        } else {
            How::Finished(1)
        };
        assert_eq!(how, &expected, "{name}");
    }
    while AWAKE.load(Ordering::SeqCst) < 5 {
        thread::sleep(Duration::from_millis(10));
    }
    thread::sleep(Duration::from_millis(20));
    assert_eq!(WRITTEN.load(Ordering::SeqCst), 15);
}

#[test]
fn work_that_writes_has_time_to_finish() {
    let job = |name: &str, permit: &Permit| {
        assert!(permit.to_write());
        let slow = if name == "slow" { 150 } else { 700 };
        thread::sleep(Duration::from_millis(slow));
        1
    };
    let (ends, _) = run(&["hangs", "slow"], terms(100), job);
    assert_eq!(ends[0].1, How::TimedOut { writing: true });
    assert_eq!(ends[1].1, How::Finished(1));
}

#[test]
fn who_breaks_off_has_the_rest_left() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let mut ends = 0;
    let job: Job<()> = Arc::new(|_, _| thread::sleep(Duration::from_millis(20)));
    let left = Crew::new(places(&names), terms(60_000), job).run(|event| {
        if let Event::Ended { .. } = event {
            ends += 1;
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    let left = left.unwrap();
    assert!(left >= 4, "{left}");
    assert_eq!(ends + left, 8, "what was begun is finished");
}

#[test]
fn nothing_to_do_is_done_at_once() {
    assert_eq!(run(&[], terms(1), |_, _| 1), (Vec::new(), 0));
}
