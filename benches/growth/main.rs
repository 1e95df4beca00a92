//! How time and memory grow with the size of an app: each kind at a quarter, half, and all of its
//! largest size. Four times the size may cost five times the time: time of the processor, so that
//! others on the machine count little. What is ended is counted as ended.
//!
//! `cargo bench --bench growth -- [PART OF THE LARGEST SIZE, 1 for all] [WORD OF A KIND] [COMMAND]`
#![allow(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![allow(clippy::disallowed_methods, reason = "it is no part of the program")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

mod kinds;

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use kinds::Kind;

const DASHLIFT: &str = env!("CARGO_BIN_EXE_dashlift");

/// What is run over each kind, and over the kinds that have most findings.
const COMMANDS: &[&[&str]] = &[&["check", "--format", "concise"], &["diff"]];
const FORMATS: &[&str] = &[
    "text", "json", "sarif", "github", "gitlab", "junit", "markdown",
];
const MOST_FINDINGS: &[&str] = &["legacy imports", "requirements that break rules"];

/// The most that four times the size may cost.
const AIM: f64 = 5.0;

/// A run that takes more of the processor's time is ended.
const LONGEST: Duration = Duration::from_secs(30);

/// The unit in which Linux counts a process's time.
const TICK: Duration = Duration::from_millis(10);

/// Time and the most memory (KiB) of a run; none for one that was ended.
type Run = Option<(Duration, u64)>;

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| it != "--bench")
        .collect();
    let part = words.first().and_then(|it| it.parse().ok()).unwrap_or(1);
    let word = words.get(1).map(String::as_str).unwrap_or_default();
    let command = words.get(2).map(String::as_str).unwrap_or_default();
    println!("| kind | command | n | time at n, 2n, 4n | 4n : n | peak memory at 4n |");
    println!("|---|---|---|---|---|---|");
    for kind in kinds::KINDS.iter().filter(|kind| kind.name.contains(word)) {
        for arguments in COMMANDS {
            if arguments.concat().contains(command) {
                measure(kind, part, arguments)?;
            }
        }
        if !MOST_FINDINGS.contains(&kind.name) {
            continue;
        }
        for format in FORMATS {
            if format.contains(command) {
                measure(kind, part, &["check", "--format", format])?;
            }
        }
    }
    Ok(())
}

fn measure(kind: &Kind, part: usize, arguments: &[&str]) -> io::Result<()> {
    let least = kind.most / part / 4;
    let mut runs: Vec<Run> = Vec::new();
    for size in [least, least * 2, least * 4] {
        let folder = tempfile::tempdir()?;
        for (path, text) in (kind.make)(size) {
            let path = folder.path().join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        // The better of two: others work on the machine too.
        let first = run(folder.path(), arguments)?;
        let again = first.filter(|(time, _)| time.as_secs() < 5);
        let second = again.map_or(Ok(None), |_| run(folder.path(), arguments))?;
        runs.push(second.min(first).or(first));
        if first.is_none() {
            break;
        }
    }
    let shown: Vec<String> = runs.iter().map(show).collect();
    let times: Vec<f64> = runs
        .iter()
        .flatten()
        .map(|(time, _)| time.as_secs_f64())
        .collect();
    let growth = match times.as_slice() {
        [small, _, large] if large / small <= AIM => format!("{:.1}", large / small),
        [small, _, large] => format!("**{:.1}**", large / small),
        _ => "**ended**".to_owned(),
    };
    let peak = runs
        .iter()
        .flatten()
        .map(|(_, peak)| *peak)
        .max()
        .unwrap_or(0);
    println!(
        "| {} | `{}` | {least} | {} | {growth} | {} MiB |",
        kind.name,
        arguments.join(" "),
        shown.join(", "),
        peak / 1024
    );
    Ok(())
}

fn show(run: &Run) -> String {
    match run {
        Some((time, _)) => format!("{:.0} ms", time.as_secs_f64() * 1e3),
        None => format!("over {} s", LONGEST.as_secs()),
    }
}

fn run(folder: &Path, arguments: &[&str]) -> io::Result<Run> {
    let mut child = Command::new(DASHLIFT)
        .args(arguments)
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let clock = format!("/proc/{}/stat", child.id());
    let mut peak = 0;
    let mut time = TICK;
    loop {
        peak = peak.max(high_water(&status));
        time = time.max(processor_time(&clock));
        if let Some(status) = child.try_wait()? {
            return match status.code() {
                Some(0 | 1) => Ok(Some((time, peak))),
                _ => Err(io::Error::other(format!(
                    "{arguments:?} ended with {status}"
                ))),
            };
        }
        if time > LONGEST {
            end(&mut child)?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// The most memory that a process had so far (KiB).
fn high_water(status: &str) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let mark = mark.and_then(|mark| mark.trim().strip_suffix(" kB")?.trim().parse().ok());
    mark.unwrap_or(0)
}

/// User and system time of a process (fields 14 and 15; the name before may hold blanks).
fn processor_time(clock: &str) -> Duration {
    let text = fs::read_to_string(clock).unwrap_or_default();
    let fields = text
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace());
    let ticks = fields.into_iter().flatten().skip(11).take(2);
    TICK * ticks.filter_map(|ticks| ticks.parse::<u32>().ok()).sum()
}

fn end(child: &mut Child) -> io::Result<()> {
    child.kill()?;
    child.wait().map(|_| ())
}
