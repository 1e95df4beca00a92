//! `batch --migrate` over fleets of several sizes, with the most memory that it had, beside a loop
//! of git's commands for the same commits.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use super::{DASHLIFT, Sample, commit_with_git, generate};

const SIZES: [usize; 3] = [10, 100, 1000];

/// One fleet serves all sizes: a size takes the first repositories of it.
pub(crate) fn measure(folder: &Path, rounds: usize) -> io::Result<()> {
    let most = SIZES.into_iter().max().unwrap_or(0);
    let fleet = generate::fleet(&folder.join("batch"), most)?;
    println!("\n| what | repositories | whole run | per repository | peak memory |");
    println!("|---|---|---|---|---|");
    for size in SIZES {
        let fleet = fleet.get(..size).unwrap_or_default();
        let list = list(folder, fleet)?;
        let mut batch = Sample::default();
        let mut peak = 0;
        for round in 0..rounds {
            let branch = format!("batch-{size}-{round}");
            let mut memory = 0;
            batch.time(|| {
                memory = migrate(&list, &branch)?;
                Ok(())
            })?;
            peak = peak.max(memory);
        }
        row(
            "`dashlift batch --migrate --state`",
            size,
            &batch,
            Some(peak),
        );
        let mut git = Sample::default();
        for round in 0..rounds.min(3) {
            for repository in fleet {
                let made = format!("git-{size}-{round}");
                git.add(commit_with_git(
                    repository,
                    &made,
                    &format!("batch-{size}-0"),
                )?);
            }
            git.close();
        }
        row(
            "a loop of `git switch -c`, `add`, `commit`",
            size,
            &git,
            None,
        );
    }
    Ok(())
}

fn list(folder: &Path, fleet: &[PathBuf]) -> io::Result<PathBuf> {
    let mut text = String::new();
    for repository in fleet {
        let _ = writeln!(text, "{}", repository.display());
    }
    let path = folder.join(format!("list-{}", fleet.len()));
    fs::write(&path, text)?;
    Ok(path)
}

/// Converts the repositories of the list; the most memory that it took, in KiB.
fn migrate(list: &Path, branch: &str) -> io::Result<u64> {
    let state = list.with_extension(branch);
    let mut child = Command::new(DASHLIFT)
        .args(["batch", "-q", "--migrate", "--branch", branch, "--state"])
        .args([&state, list])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let (status, peak) = watch(&mut child)?;
    fs::remove_file(state)?;
    match status.code() {
        Some(0 | 1) => Ok(peak),
        _ => Err(io::Error::other(format!("the batch ended with {status}"))),
    }
}

/// Waits for the child, and looks at its high-water mark until it is gone: the mark never falls,
/// so the last look is what counts.
fn watch(child: &mut Child) -> io::Result<(ExitStatus, u64)> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let mark = mark.and_then(|mark| mark.trim().strip_suffix(" kB")?.trim().parse().ok());
        peak = peak.max(mark.unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            return Ok((status, peak));
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn row(what: &str, size: usize, sample: &Sample, peak: Option<u64>) {
    let whole = sample.median().as_secs_f64() * 1e3;
    let each = whole / f64::from(u32::try_from(size).unwrap_or(u32::MAX));
    let peak = peak.map_or_else(String::new, |kib| format!("{:.1} MiB", to_mib(kib)));
    println!("| {what} | {size} | {whole:.0} ms | {each:.2} ms | {peak} |");
}

fn to_mib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
}
