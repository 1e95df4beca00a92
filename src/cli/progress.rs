//! A calm line on a terminal while something takes long. Nothing in files, pipes and with -q.

use std::cell::OnceCell;
use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::OutputArgs;

/// What is shorter needs no line.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the line moves.
const TICK: Duration = Duration::from_millis(120);

/// A line that says what is being done. It comes a second after the first word and goes with this
/// value.
pub(super) struct Progress {
    bar: ProgressBar,
    is_shown: bool,
    /// Tells the thread that waits for the first second that nobody needs the line any more.
    waiting: OnceCell<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// A line for a run that prints like this.
    pub(super) fn new(how: &OutputArgs) -> Self {
        let is_shown = !how.quiet && !how.reporter().is_data() && stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        Self {
            bar,
            is_shown,
            waiting: OnceCell::new(),
        }
    }

    /// Says what is being done.
    pub(super) fn say(&self, text: impl Into<String>) {
        if self.is_shown {
            self.waiting.get_or_init(|| self.wait());
        }
        self.bar.set_message(text.into());
    }

    fn wait(&self) -> (Sender<()>, JoinHandle<()>) {
        let (sender, receiver) = channel();
        let shown = self.bar.clone();
        let wait = move || {
            if receiver.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
            }
        };
        (sender, thread::spawn(wait))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.waiting.take() {
            drop(sender);
            // It ends at once, whatever it does.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}
