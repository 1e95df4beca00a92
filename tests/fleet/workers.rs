//! Worker processes: what takes one down ends its repository only, and none is left behind.

use std::fmt::Write as _;
use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{APP, Fleet};

/// A module of the greatest size that is read, whose tree of syntax is a hundred times as large.
fn heavy() -> String {
    let mut module = String::from("server = None\n");
    for number in 0..60_000 {
        let _ = writeln!(module, "x=[{number},1,2]");
    }
    module
}

fn with_a_heavy_one() -> Fleet {
    let fleet = Fleet::empty();
    for name in ["a", "b", "y", "z"] {
        fleet.repository(&format!("fleet/{name}"), APP);
    }
    let module = heavy();
    let mut files = APP.to_vec();
    files.retain(|(path, _)| *path != "app.py");
    files.push(("app.py", &module));
    let names: Vec<String> = (0..12).map(|number| format!("part_{number}.py")).collect();
    files.extend(names.iter().map(|name| (name.as_str(), module.as_str())));
    fleet.repository("fleet/heavy", &files);
    fleet
}

#[cfg(target_os = "linux")]
#[test]
fn a_repository_that_needs_too_much_memory_ends_alone() {
    let fleet = with_a_heavy_one();
    let batch = ["batch", "fleet", "--migrate", "--state", "s", "--jobs", "1"];
    let small = [&batch[..], &["--memory-per-repo", "64M"]].concat();
    let ran = fleet.run(&small);
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    let words = "failed: it needs more than 64M of memory; --memory-per-repo allows more\n";
    assert!(ran.out.contains(words), "{}", ran.out);
    assert!(ran.err.contains("4 converted"), "{}", ran.err);
    assert_eq!(fleet.records("s")["heavy"][0]["outcome"], "crashed");

    // It is stepped over until it is asked for.
    let ran = fleet.run(&[&small[..], &["--resume"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{}", ran.err);
    let ran = fleet.run(&[&batch[..], &["--failed"]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("heavy: ") || ran.out.contains("heavy  "),
        "{}",
        ran.out
    );
}

#[test]
fn what_several_runs_ended_at_is_done_last_and_then_stepped_over() {
    let fleet = Fleet::empty();
    for name in ["a", "b", "c"] {
        fleet.repository(&format!("fleet/{name}"), APP);
    }
    let batch = ["batch", "fleet", "--check", "--state", "s", "--jobs", "1"];
    fleet.run(&[&batch[..], &["--shard", "1/1"]].concat());
    let header = fleet.read("s").lines().next().unwrap().to_owned() + "\n";
    let started = "{\"kind\":\"started\",\"repository\":\"a\"}\n";
    let resume = [&batch[..], &["--shard", "1/1", "--resume"]].concat();

    fleet.write("s", &(header.clone() + started));
    let ran = fleet.run(&resume);
    let names: Vec<&str> = ran
        .out
        .lines()
        .filter_map(|it| it.split(' ').next())
        .collect();
    assert_eq!(names, ["b", "c", "a"], "{}", ran.err);

    fleet.write("s", &(header + &started.repeat(3)));
    let ran = fleet.run(&resume);
    let words = "a  failed: 3 runs ended while they worked on it, so it was stepped over; --failed \
                 repeats it\n";
    assert!(ran.out.contains(words), "{}", ran.out);
    assert_eq!(ran.code, 5);
    let ran = fleet.run(&[&batch[..], &["--shard", "1/1", "--failed"]].concat());
    assert!(ran.out.starts_with("a  "), "{}{}", ran.out, ran.err);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    assert_ne!(ran.code, 5, "{}", ran.out);
}

/// The workers of batches that were started in this fleet's folder.
#[cfg(target_os = "linux")]
fn workers(fleet: &Fleet) -> usize {
    let own = fleet.path("").canonicalize().unwrap();
    let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let is_one = |entry: &fs::DirEntry| {
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let is_worker = String::from_utf8_lossy(&command).contains("batch-worker");
        is_worker && fs::read_link(entry.path().join("cwd")).is_ok_and(|it| it == own)
    };
    processes.filter(is_one).count()
}

#[cfg(target_os = "linux")]
#[test]
fn workers_end_with_their_batch() {
    let fleet = Fleet::of(200);
    let mut command =
        fleet.program(&["batch", "fleet", "--migrate", "--state", "s", "--jobs", "3"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    while fs::read(fleet.path("s")).unwrap_or_default().len() < 10_000 {
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(workers(&fleet), 3);
    child.kill().unwrap();
    child.wait().unwrap();
    let killed = Instant::now();
    while workers(&fleet) > 0 {
        assert!(killed.elapsed() < Duration::from_secs(20));
        thread::sleep(Duration::from_millis(10));
    }
}
