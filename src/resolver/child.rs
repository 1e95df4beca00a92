//! A child process that cannot outlive its time: its whole group is ended when the time is over,
//! when somebody presses Ctrl-C, and when it ends itself.

use std::io::{ErrorKind, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::interrupt;
use crate::packages::solve::Failure;

/// How often the child is looked at.
const PAUSE: Duration = Duration::from_millis(15);

/// So much of what a child prints is read; nobody needs more.
const MOST: u64 = 64 << 20;

/// How long the last words of a child that ended are waited for: something that it left behind
/// may hold its output open.
const LAST_WORDS: Duration = Duration::from_secs(2);

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
}

/// What a child left.
#[derive(Debug)]
pub(super) struct Ran {
    /// Whether it ended well.
    pub(super) is_good: bool,
    /// What it printed.
    pub(super) out: String,
    /// What it complained of.
    pub(super) err: String,
}

/// Runs a program; `None` when it is not there.
///
/// # Errors
/// When it takes too long, somebody pressed Ctrl-C, or it cannot be started.
pub(super) fn run(
    command: &mut Command,
    input: &str,
    limit: Limit,
) -> Result<Option<Ran>, Failure> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    own_group(command);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let program = command.get_program().to_string_lossy().into_owned();
            return Err(Failure::Other(format!(
                "{program} cannot be started: {error}"
            )));
        }
    };
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_owned();
        // A child that does not read its input says why by itself.
        thread::spawn(move || stdin.write_all(input.as_bytes()));
    }
    let out = reader(child.stdout.take());
    let err = reader(child.stderr.take());
    let ended = wait(&mut child, limit);
    end_group(&mut child);
    Ok(Some(Ran {
        is_good: ended?,
        out: last_words(&out),
        err: last_words(&err),
    }))
}

/// Waits for the end.
fn wait(child: &mut Child, limit: Limit) -> Result<bool, Failure> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) => {}
            Err(error) => return Err(Failure::Other(format!("a program was lost: {error}"))),
        }
        if interrupt::requested() {
            return Err(Failure::Interrupted);
        }
        if Instant::now() >= limit.end {
            return Err(Failure::TimedOut(limit.seconds));
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

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;

    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

/// Ends the child and all that it started.
fn end_group(child: &mut Child) {
    if cfg!(unix) {
        // The standard library ends one process, not a group.
        let kill = format!("kill -s KILL -- -{}", child.id());
        let mut shell = Command::new("sh");
        shell.args(["-c", &kill]).stdin(Stdio::null());
        let _ = shell.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
    // It fails for a child that has ended, which is what is wanted.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
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
        let ran = ran.unwrap().unwrap();
        assert_eq!((ran.is_good, &*ran.out, &*ran.err), (false, "yes", "no\n"));
        assert!(run(&mut shell("true"), "", limit).unwrap().unwrap().is_good);
        let missing = run(&mut Command::new("no-such-program"), "", limit);
        assert!(missing.unwrap().is_none());
    }

    #[test]
    fn nothing_outlives_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = shell("(sleep 2; touch late) & sleep 60");
        command.current_dir(folder.path());
        let start = Instant::now();
        let ended = run(&mut command, "", Limit::seconds(1));
        assert_eq!(ended.unwrap_err(), Failure::TimedOut(1));
        assert!(start.elapsed() < Duration::from_secs(10));
        thread::sleep(Duration::from_millis(1500));
        assert!(!folder.path().join("late").exists());
    }

    #[test]
    fn nothing_outlives_its_parent() {
        let start = Instant::now();
        let ran = run(&mut shell("sleep 60 & echo done"), "", Limit::seconds(30));
        assert_eq!(ran.unwrap().unwrap().out, "done\n");
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}
