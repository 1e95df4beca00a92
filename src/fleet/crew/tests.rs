//! One place that fails, hangs, dies or is slow is nobody else's concern.

use super::*;
use crate::children::{Grounds, PassedVariable, Program};

/// A worker in the language of the shell: what it does depends on the name of the place.
const WORKER: &str = r#"
while read -r line; do
  case $line in
    *'"name":"panics'*) echo '{"panicked":"bad (src/x.rs:1)"}'; sleep 60 ;;
    *'"name":"dies'*) kill -9 $$ ;;
    *'"name":"allocates'*) echo 'memory allocation of 9 bytes failed' >&2; kill -6 $$ ;;
    *'"name":"nests'*) echo 'thread x has overflowed its stack' >&2; kill -6 $$ ;;
    *'"name":"babbles'*) echo hello; sleep 60 ;;
    *'"name":"hangs'*) (sleep 2; touch late) & sleep 60 ;;
    *'"name":"writes'*)
      echo '{"writing":{"kind":"writing","repository":"r","branch":"b","commit":"c"}}'
      read -r answer
      case $line in *slowly*) sleep 1.2 ;; *forever*) sleep 60 ;; esac
      case $answer in *write*) echo '{"ended":"written"}' ;; *) echo '{"ended":"left"}' ;; esac ;;
    *) echo '{"ended":"'$$'"}' ;;
  esac
done
"#;

fn jobs(names: &[&str]) -> Vec<Job> {
    let job = |name: &&str| Job {
        name: (*name).to_owned(),
        path: (*name).into(),
        problem: None,
        before: None,
        unfinished: None,
    };
    names.iter().map(job).collect()
}

fn terms(workers: usize) -> Terms {
    Terms {
        workers,
        limit: Some(Duration::from_secs(1)),
        grace: Duration::from_secs(1),
    }
}

/// Runs workers at these places; how each ended, in the order of the names. Writing is allowed as
/// the argument says.
fn run(names: &[&str], workers: usize, may_write: bool) -> Vec<(String, How<String>)> {
    let folder = tempfile::tempdir().unwrap();
    let shell = Program::find("sh", &Grounds::default()).unwrap();
    let program = || {
        let mut command = shell.command(PassedVariable::Nothing, folder.path());
        command.args(["-c", WORKER]);
        Ok(command)
    };
    let mut ends = Vec::new();
    let crew = Crew::new(jobs(names), terms(workers), program);
    let left = crew.run(|event| {
        match event {
            Event::Ended { job, how, .. } => ends.push((job.name.clone(), how)),
            Event::Writing(_) if !may_write => return ControlFlow::Break(()),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    assert_eq!(left.unwrap() + ends.len(), names.len());
    std::thread::sleep(Duration::from_millis(1500));
    assert!(!folder.path().join("late").exists());
    ends.sort_by(|(a, _), (b, _)| a.cmp(b));
    ends
}

#[test]
fn whatever_becomes_of_a_worker_ends_its_place_only() {
    let names = [
        "a",
        "allocates",
        "b",
        "babbles",
        "c",
        "dies",
        "d",
        "hangs",
        "e",
        "nests",
        "f",
        "panics",
        "g",
    ];
    let ends = run(&names, 2, true);
    assert_eq!(ends.len(), names.len());
    for (name, how) in &ends {
        let is_as_expected = match (name.as_str(), how) {
            ("allocates", How::OutOfMemory) | ("hangs", How::TimedOut { writing: false }) => true,
            ("babbles", How::Died(words)) => words.contains("no worker says"),
            ("dies", How::Died(words)) => words.contains("was killed"),
            ("nests", How::Died(words)) => words.contains("nested too deeply"),
            ("panics", How::Crashed(said)) => said == "bad (src/x.rs:1)",
            (name, How::Finished(_)) => name.len() == 1,
            _ => false,
        };
        assert!(is_as_expected, "{name}: {how:?}");
    }
}

#[test]
fn one_worker_serves_many_places_and_is_replaced_after_a_bad_one() {
    let ends = run(&["a", "b", "dies", "e", "f"], 1, true);
    let process = |place: usize| match &ends[place].1 {
        How::Finished(process) => process.clone(),
        how => panic!("{how:?}"),
    };
    assert_eq!(process(0), process(1));
    assert_eq!(process(3), process(4));
    assert_ne!(process(0), process(3));
}

#[test]
fn a_place_that_is_being_written_has_time_to_finish() {
    let ends = run(&["writes", "writes forever", "writes slowly"], 3, true);
    let hows: Vec<&How<String>> = ends.iter().map(|(_, how)| how).collect();
    let written = How::Finished("written".to_owned());
    assert_eq!(hows, [&written, &How::TimedOut { writing: true }, &written]);
}

#[test]
fn nothing_is_written_when_the_batch_says_no() {
    let ends = run(&["writes", "z"], 1, false);
    assert_eq!(
        ends,
        [("writes".to_owned(), How::Finished("left".to_owned()))]
    );
}
