//! A batch that is killed at random moments and resumed: every repository is converted once, and no
//! reference is damaged.

use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use git2::Repository;

use crate::broken::break_five;
use crate::support::{BRANCH, Fleet, git_folder};

const COMMAND: [&str; 6] = [
    "batch",
    "fleet",
    "--migrate",
    "--state",
    "s.jsonl",
    "--resume",
];

#[test]
fn a_batch_that_is_killed_twenty_times_converts_every_repository_once() {
    let fleet = Fleet::of(200);
    let broken = break_five(&fleet);
    let mut random = Random::now();
    let mut cut = 0;
    for round in 0..20 {
        let before = done(&fleet);
        let mut child = start(&fleet);
        // Let it get to work; then any moment will do.
        let wanted = before + 1 + random.below(8);
        while round > 0 && done(&fleet) < wanted && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(500));
        }
        thread::sleep(Duration::from_micros(random.below(8000) as u64));
        cut += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(cut >= 15, "only {cut} were killed at work");
    let ran = fleet.run(&COMMAND);
    assert_eq!(ran.code, 5, "{}", ran.err);
    let counts = "200 repositories: 195 converted, 5 failed (";
    assert!(ran.err.contains(counts), "{}", ran.err);

    let records = fleet.records("s.jsonl");
    assert_eq!(records.len(), 200);
    for (name, records) in &records {
        let [record] = records.as_slice() else {
            panic!("{name} was done {} times", records.len());
        };
        if broken.iter().any(|(broken, _)| broken == name) {
            assert_eq!(record["outcome"], "failed", "{name}");
        } else {
            assert_eq!(record["outcome"], "converted", "{name}: {record}");
            one_commit(
                &fleet,
                name,
                record["result"]["branch"]["commit"].as_str().unwrap(),
            );
        }
    }
    let good = records
        .keys()
        .filter(|name| !broken.iter().any(|(broken, _)| broken == name));
    for name in good.step_by(10) {
        fleet.git(&git_folder(name), &["fsck", "--full", "--strict"]);
    }
}

fn start(fleet: &Fleet) -> Child {
    let mut command = fleet.program(&COMMAND);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().unwrap()
}

/// How many lines the state has.
fn done(fleet: &Fleet) -> usize {
    let state = std::fs::read_to_string(fleet.path("s.jsonl")).unwrap_or_default();
    state.matches('\n').count()
}

/// The branch leads to this commit, one above `main`; there is no lock.
fn one_commit(fleet: &Fleet, name: &str, commit: &str) {
    let folder = fleet.path(&git_folder(name));
    let repository = Repository::open(&folder).unwrap();
    let branch = repository
        .find_reference(BRANCH)
        .unwrap()
        .peel_to_commit()
        .unwrap();
    let main = repository.find_reference("refs/heads/main").unwrap();
    assert_eq!(branch.id().to_string(), commit, "{name}");
    let parents: Vec<_> = branch.parent_ids().collect();
    assert_eq!(parents, [main.target().unwrap()], "{name}");
    assert_eq!(
        repository.head().unwrap().name().unwrap(),
        "refs/heads/main"
    );
    assert!(!folder.join(format!("{BRANCH}.lock")).exists(), "{name}");
}

/// A small generator (xorshift); moments are never the same twice anyway.
struct Random(u64);

impl Random {
    fn now() -> Self {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Self(time.as_secs() << 20 | u64::from(time.subsec_nanos()) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

#[test]
fn the_lock_of_a_killed_run_goes_and_that_of_somebody_else_stays() {
    for (held, code) in [("", 0), ("0123456789\n", 5)] {
        let fleet = Fleet::of(1);
        assert_eq!(fleet.run(&COMMAND).code, 0);
        // As if it had been killed while it moved the branch.
        let branch = fleet.path(&git_folder("group-0/app-000")).join(BRANCH);
        std::fs::remove_file(&branch).unwrap();
        let lock = branch.with_extension("lock");
        std::fs::write(&lock, held).unwrap();
        let state = fleet.read("s.jsonl");
        let before = state.find("{\"kind\":\"done\"").unwrap();
        fleet.write("s.jsonl", &state[..before + 20]);

        let ran = fleet.run(&COMMAND);
        assert_eq!(ran.code, code, "{}", ran.out);
        assert_eq!((branch.exists(), lock.exists()), (code == 0, code == 5));
    }
}

#[test]
fn a_branch_that_was_made_before_its_line_was_written_counts() {
    let fleet = Fleet::of(1);
    assert_eq!(fleet.run(&COMMAND).code, 0);
    let branch = format!("{}/{BRANCH}", git_folder("group-0/app-000"));
    let made = fleet.read(&branch);
    let state = fleet.read("s.jsonl");
    let before = state.find("{\"kind\":\"done\"").unwrap();
    fleet.write("s.jsonl", &state[..before]);
    let ran = fleet.run(&COMMAND);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("converted"), "{}", ran.out);
    assert_eq!(fleet.read(&branch), made);
    assert_eq!(fleet.records("s.jsonl").len(), 1);
}
