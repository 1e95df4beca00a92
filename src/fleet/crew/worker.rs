//! One worker process, as its parent sees it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::How;
use crate::children::{end_group, own_group};
use crate::fleet::protocol::{Order, Said};

/// The longest line that is read of a worker, in bytes: a result with its plans and patch.
const LONGEST: u64 = 256 << 20;

/// So many bytes of what a worker complained of are kept, the last ones.
const COMPLAINT: usize = 4096;

/// How long the last words of a worker that died are waited for.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What a worker said; none when its output ended, or is none of the protocol.
pub(super) struct Message<R> {
    pub(super) slot: usize,
    pub(super) worker: u64,
    pub(super) said: Option<Said<R>>,
}

/// A worker. When this value goes, so does the process and all that it started.
pub(super) struct Worker {
    child: Child,
    input: ChildStdin,
    number: u64,
    complaint: Receiver<Vec<u8>>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        end_group(&mut self.child);
    }
}

impl Worker {
    /// Starts one. What it says is sent to `sender`.
    ///
    /// # Errors
    /// When the operating system does not start it.
    pub(super) fn start<R: DeserializeOwned + Send + 'static>(
        mut command: Command,
        slot: usize,
        number: u64,
        sender: Sender<Message<R>>,
    ) -> io::Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Ctrl-C of a terminal is for the parent alone, and a group can be ended as a whole.
        own_group(&mut command);
        let mut child = command.spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let say = move |said: Option<Said<R>>| {
            let message = Message {
                slot,
                worker: number,
                said,
            };
            sender.send(message).is_ok()
        };
        thread::Builder::new().spawn(move || listen(output, &say))?;
        let (complain, complaint) = channel();
        thread::Builder::new().spawn(move || complain.send(keep_end(errors)))?;
        Ok(Self {
            child,
            input,
            number,
            complaint,
        })
    }

    /// The number of this worker among all that were started.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Sends an order.
    ///
    /// # Errors
    /// When the worker is gone.
    pub(super) fn order(&mut self, order: &Order) -> io::Result<()> {
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        self.input.write_all(&line)
    }

    /// Ends what is left of a worker whose output ended; how it died.
    pub(super) fn bury<R>(mut self) -> How<R> {
        let ended = wait_a_moment(&mut self.child);
        end_group(&mut self.child);
        let complaint = self.complaint.recv_timeout(LAST_WORDS).unwrap_or_default();
        let complaint = String::from_utf8_lossy(&complaint);
        if complaint.contains("memory allocation of") {
            return How::OutOfMemory;
        }
        if complaint.contains("overflowed its stack") {
            return How::Died("something in it is nested too deeply for the stack".to_owned());
        }
        How::Died(match ended {
            Some(status) => explain(status),
            None => "it said what no worker says".to_owned(),
        })
    }
}

/// Its output ended: it is about to end itself, if it is a worker at all.
fn wait_a_moment(child: &mut Child) -> Option<ExitStatus> {
    for _ in 0..100 {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(5));
    }
    None
}

/// Reads what a worker says until it ends.
fn listen<R: DeserializeOwned>(output: impl Read, say: &impl Fn(Option<Said<R>>) -> bool) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = output.by_ref().take(LONGEST).read_until(b'\n', &mut line);
        let is_whole = read.is_ok() && line.last() == Some(&b'\n');
        let said = is_whole
            .then(|| serde_json::from_slice(&line).ok())
            .flatten();
        let is_end = said.is_none();
        if !say(said) || is_end {
            return;
        }
    }
}

/// Reads everything and keeps the end of it.
fn keep_end(mut errors: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut part = [0; COMPLAINT];
    while let Ok(read) = errors.read(&mut part)
        && read > 0
    {
        kept.extend_from_slice(part.get(..read).unwrap_or_default());
        let surplus = kept.len().saturating_sub(COMPLAINT);
        kept.drain(..surplus);
    }
    kept
}

#[cfg(unix)]
fn explain(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;

    match status.signal() {
        Some(9) => "its worker was killed, by somebody or because the machine was short of memory"
            .to_owned(),
        Some(signal) => format!("its worker was ended by signal {signal}"),
        None => format!("its worker ended, {status}"),
    }
}

#[cfg(not(unix))]
fn explain(status: ExitStatus) -> String {
    format!("its worker ended, {status}")
}
