//! A child process that cannot outlive its time: its whole group is ended when the time is over,
//! when somebody presses Ctrl-C, and when it ends itself.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::interrupt;

/// How often the child is looked at.
const PAUSE: Duration = Duration::from_millis(15);

/// So many bytes of what a child prints are read, of each of its two outputs; a child that prints
/// more is ended.
const MOST: u64 = 64 << 20;

/// How long the last words of a child that ended are waited for: something that it left behind
/// may hold its output open.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Why a child did not end by itself.
#[derive(Debug, Error)]
pub enum Stopped {
    /// It could not be started.
    #[error("{program} cannot be started: {error}")]
    NotStarted {
        /// The program.
        program: String,
        /// Why.
        error: std::io::Error,
    },
    /// It took longer than so many seconds.
    #[error("it did not end within {0} seconds")]
    TimedOut(u64),
    /// Somebody pressed Ctrl-C.
    #[error("stopped")]
    Interrupted,
    /// The operating system does not tell what became of it.
    #[error("a program was lost: {0}")]
    Lost(std::io::Error),
}

/// When all of the work has to be done.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    end: Instant,
    seconds: u64,
}

impl Limit {
    /// So many seconds from now.
    pub fn seconds(seconds: u64) -> Self {
        let seconds = seconds.min(7 * 24 * 60 * 60);
        Self {
            end: Instant::now() + Duration::from_secs(seconds),
            seconds,
        }
    }

    /// How many whole seconds are left.
    pub fn seconds_left(&self) -> u64 {
        self.end.saturating_duration_since(Instant::now()).as_secs()
    }
}

/// What a child left.
#[derive(Debug)]
pub struct Ran {
    /// Whether it ended well.
    pub is_good: bool,
    /// What it printed.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

/// Runs a program to its end, with `input` on its standard input.
///
/// # Errors
/// When it takes too long, somebody pressed Ctrl-C, or it cannot be started.
pub fn run(command: &mut Command, input: &str, limit: Limit) -> Result<Ran, Stopped> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    own_group(command);
    let child = command.spawn().map_err(|error| Stopped::NotStarted {
        program: command.get_program().to_string_lossy().into_owned(),
        error,
    })?;
    let mut group = Group(child);
    if let Some(mut stdin) = group.0.stdin.take() {
        let input = input.to_owned();
        // A child that does not read its input says why by itself.
        thread::spawn(move || stdin.write_all(input.as_bytes()));
    }
    let out = reader(group.0.stdout.take());
    let err = reader(group.0.stderr.take());
    let ended = wait(&mut group.0, limit);
    drop(group);
    Ok(Ran {
        is_good: ended?,
        out: last_words(&out),
        err: last_words(&err),
    })
}

/// A child that does not outlive this value, nor does what it started.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        end_group(&mut self.0);
    }
}

/// Waits for the end.
fn wait(child: &mut Child, limit: Limit) -> Result<bool, Stopped> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) => {}
            Err(error) => return Err(Stopped::Lost(error)),
        }
        if interrupt::requested() {
            return Err(Stopped::Interrupted);
        }
        if Instant::now() >= limit.end {
            return Err(Stopped::TimedOut(limit.seconds));
        }
        thread::sleep(PAUSE);
    }
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What was read before an error is all there is.
            let _ = pipe.take(MOST).read_to_end(&mut bytes);
        }
        sender.send(bytes)
    });
    receiver
}

fn last_words(receiver: &Receiver<Vec<u8>>) -> String {
    let bytes = receiver.recv_timeout(LAST_WORDS).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Gives a child a process group of its own, so that it can be ended with all that it started.
#[cfg(unix)]
pub fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;

    command.process_group(0);
}

/// Gives a child a process group of its own, where there are such.
#[cfg(not(unix))]
pub fn own_group(_command: &mut Command) {}

/// Ends a child that has a group of its own, and all that it started.
pub fn end_group(child: &mut Child) {
    kill_group(child);
    // It fails for a child that has ended, which is what is wanted.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn kill_group(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process_group};

    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    // It fails when nobody of the group is left.
    let _ = pid.map(|pid| kill_process_group(pid, Signal::KILL));
}

#[cfg(not(unix))]
fn kill_group(_child: &Child) {}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_a_child_says_is_kept_apart() {
        let limit = Limit::seconds(20);
        let ran = run(&mut shell("cat; echo no >&2; exit 3"), "yes", limit);
        let ran = ran.unwrap();
        assert_eq!((ran.is_good, &*ran.out, &*ran.err), (false, "yes", "no\n"));
        assert!(run(&mut shell("true"), "", limit).unwrap().is_good);
        let missing = run(&mut Command::new("no-such-program"), "", limit);
        assert!(matches!(missing, Err(Stopped::NotStarted { .. })));
    }

    #[test]
    fn nothing_outlives_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = shell("(sleep 2; touch late) & sleep 60");
        command.current_dir(folder.path());
        let start = Instant::now();
        let ended = run(&mut command, "", Limit::seconds(1));
        assert!(matches!(ended, Err(Stopped::TimedOut(1))));
        assert!(start.elapsed() < Duration::from_secs(10));
        thread::sleep(Duration::from_millis(1500));
        assert!(!folder.path().join("late").exists());
    }

    #[test]
    fn nothing_outlives_its_parent() {
        let start = Instant::now();
        let ran = run(&mut shell("sleep 60 & echo done"), "", Limit::seconds(30));
        assert_eq!(ran.unwrap().out, "done\n");
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}
