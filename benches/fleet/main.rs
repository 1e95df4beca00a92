//! Whole commands over generated fleets, beside what nobody can be faster than: reading the files,
//! and git's own commands. All rows of a table come from one run; what counts is their ratio.
//!
//! `cargo bench --bench fleet -- [REPOSITORIES] [ROUNDS]`
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

mod batch;
mod generate;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const DASHLIFT: &str = env!("CARGO_BIN_EXE_dashlift");

fn main() -> io::Result<()> {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|word| word.parse().ok())
        .collect();
    let repositories = numbers.first().copied().unwrap_or(100);
    let rounds = numbers.get(1).copied().unwrap_or(7);
    let folder = tempfile::tempdir()?;
    println!(
        "{repositories} repositories with one app each, median of {rounds} rounds (fastest in brackets)\n"
    );
    println!("| what | whole run | per repository | ratio |");
    println!("|---|---|---|---|");
    measure_reading(folder.path(), repositories, rounds)?;
    measure_one_app(folder.path(), rounds)?;
    measure_branches(folder.path(), repositories.min(50), rounds.min(5))?;
    batch::measure(folder.path(), rounds.min(5))
}

/// `check` and `diff` over the fleet in one process, beside a bare walk that reads every file.
fn measure_reading(folder: &Path, repositories: usize, rounds: usize) -> io::Result<()> {
    let fleet = generate::fleet(&folder.join("read"), repositories)?;
    let mut walk = Sample::default();
    let mut check = Sample::default();
    let mut build_files = Sample::default();
    let mut diff = Sample::default();
    for _ in 0..rounds {
        build_files
            .time(|| run(dashlift_command("check", &fleet).args(["--ignore", "DL3,DL111"])))?;
        walk.time(|| fleet.iter().try_for_each(|repository| read_all(repository)))?;
        check.time(|| dashlift("check", &fleet))?;
        diff.time(|| dashlift("diff", &fleet))?;
    }
    walk.print(
        "bare walk, every file read (one thread)",
        repositories,
        &walk,
    );
    check.print("`dashlift check`, one process", repositories, &walk);
    build_files.print(
        "`dashlift check --ignore DL3,DL111`: no Python",
        repositories,
        &walk,
    );
    diff.print("`dashlift diff`, one process", repositories, &walk);
    measure_ruff(&folder.join("read"), &fleet, rounds)
}

/// `check` beside the fastest linter of Python over the same files, where that is installed.
fn measure_ruff(folder: &Path, fleet: &[PathBuf], rounds: usize) -> io::Result<()> {
    let arguments = ["check", "--select", "F401", "--no-cache", "-q"];
    let lint = || run(Command::new("ruff").args(arguments).arg(folder));
    if lint().is_err() {
        println!("| `ruff check --select F401 --no-cache` | not installed | | |");
        return Ok(());
    }
    let mut ruff = Sample::default();
    let mut check = Sample::default();
    for _ in 0..rounds {
        ruff.time(lint)?;
        check.time(|| dashlift("check", fleet))?;
    }
    let repositories = fleet.len();
    ruff.print("`ruff check --select F401 --no-cache`", repositories, &ruff);
    check.print("`dashlift check`, again", repositories, &ruff);
    Ok(())
}

/// A whole process on one small app, beside a process that does nothing.
fn measure_one_app(folder: &Path, rounds: usize) -> io::Result<()> {
    let fleet = generate::fleet(&folder.join("one"), 1)?;
    let mut nothing = Sample::default();
    let mut check = Sample::default();
    for _ in 0..rounds * 3 {
        nothing.time(|| run(&mut Command::new("true")))?;
        check.time(|| dashlift("check", &fleet))?;
    }
    nothing.print("a process that does nothing (`true`)", 1, &nothing);
    check.print("`dashlift check` on one app, whole process", 1, &nothing);
    Ok(())
}

/// `migrate`, a process per repository, beside git's commands for the same commit.
fn measure_branches(folder: &Path, repositories: usize, rounds: usize) -> io::Result<()> {
    let fleet = generate::fleet(&folder.join("branch"), repositories)?;
    let mut git = Sample::default();
    let mut migrate = Sample::default();
    let mut together = Sample::default();
    for round in 0..rounds {
        let branch = format!("dashlift-{round}");
        migrate.time(|| {
            fleet
                .iter()
                .try_for_each(|repository| migrate_one(repository, &branch))
        })?;
        together.time(|| migrate_all(&fleet, &format!("together-{round}")))?;
        for repository in &fleet {
            let converted = format!("dashlift-{round}");
            git.add(commit_with_git(
                repository,
                &format!("git-{round}"),
                &converted,
            )?);
        }
        git.close();
    }
    git.print("`git switch -c`, `add`, `commit`", repositories, &git);
    migrate.print("`dashlift migrate`, a process each", repositories, &git);
    together.print("`dashlift migrate`, one process", repositories, &git);
    Ok(())
}

fn dashlift(command: &str, fleet: &[PathBuf]) -> io::Result<()> {
    run(&mut dashlift_command(command, fleet))
}

fn dashlift_command(command: &str, fleet: &[PathBuf]) -> Command {
    let mut dashlift = Command::new(DASHLIFT);
    dashlift
        .args([command, "-q", "--format", "concise"])
        .args(fleet);
    dashlift
}

fn migrate_one(repository: &Path, branch: &str) -> io::Result<()> {
    run(Command::new(DASHLIFT)
        .args(["migrate", "-q", "--branch", branch])
        .arg(repository))
}

fn migrate_all(fleet: &[PathBuf], branch: &str) -> io::Result<()> {
    run(Command::new(DASHLIFT)
        .args(["migrate", "-q", "--branch", branch])
        .args(fleet))
}

/// The time that git's three commands take for the commit that `converted` holds; putting the
/// files there and back is not counted.
fn commit_with_git(repository: &Path, branch: &str, converted: &str) -> io::Result<Duration> {
    let git = |args: &[&str]| run(Command::new("git").arg("-C").arg(repository).args(args));
    let start = Instant::now();
    git(&["switch", "-q", "-c", branch])?;
    let switched = start.elapsed();
    git(&[
        "restore",
        "-q",
        "--source",
        converted,
        "--worktree",
        "--",
        ".",
    ])?;
    let start = Instant::now();
    git(&["add", "-A"])?;
    git(&["commit", "-q", "-m", "Move to Dash Enterprise 5"])?;
    let committed = start.elapsed();
    git(&["switch", "-q", "main"])?;
    Ok(switched + committed)
}

/// Findings make the exit code 1; only a program that could not do its work is an error here.
fn run(command: &mut Command) -> io::Result<()> {
    let status = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    match status.code() {
        Some(0 | 1) => Ok(()),
        _ => Err(io::Error::other(format!("{command:?} ended with {status}"))),
    }
}

fn read_all(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name() == ".git" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            read_all(&path)?;
        } else {
            std::hint::black_box(fs::read(&path)?);
        }
    }
    Ok(())
}

/// Times of one row.
#[derive(Default)]
struct Sample {
    times: Vec<Duration>,
    open: Duration,
}

impl Sample {
    fn time(&mut self, work: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let start = Instant::now();
        work()?;
        self.times.push(start.elapsed());
        Ok(())
    }

    /// Adds to the round that [`Sample::close`] ends.
    fn add(&mut self, time: Duration) {
        self.open += time;
    }

    fn close(&mut self) {
        self.times.push(std::mem::take(&mut self.open));
    }

    fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }

    fn print(&self, what: &str, repositories: usize, beside: &Self) {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        let median = milliseconds(self.median());
        let fastest = self.times.iter().min().copied().unwrap_or_default();
        let per_repository = median / f64::from(u32::try_from(repositories).unwrap_or(u32::MAX));
        println!(
            "| {what} | {median:.1} ms ({:.1}) | {per_repository:.2} ms | {:.2} |",
            milliseconds(fastest),
            median / milliseconds(beside.median())
        );
    }
}
