//! How far a batch is: on a terminal a line for each worker and one for all, with counts and the
//! time that is left; a plain line for each repository where standard output has none for people;
//! nothing with `-q`.

use std::fmt::Write as _;
use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{HumanDuration, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::args::OutputArgs;
use crate::report::safe;

/// How long a terminal may lag behind.
const TICK: Duration = Duration::from_millis(250);

/// How far a batch is.
pub(super) enum Progress {
    Silent,
    /// Lines on standard error, for a log.
    Lines {
        done: usize,
        total: usize,
    },
    /// Lines on a terminal that are written over.
    Bars(Bars),
}

/// A line for all, and one for each worker.
pub(super) struct Bars {
    all: MultiProgress,
    whole: ProgressBar,
    workers: Vec<ProgressBar>,
}

impl Progress {
    pub(super) fn new(how: &OutputArgs, total: usize, workers: usize) -> Self {
        if how.quiet {
            Self::Silent
        } else if stderr().is_terminal() {
            Self::Bars(Bars::new(total, workers))
        } else if how.reporter().is_data() {
            Self::Lines { done: 0, total }
        } else {
            Self::Silent
        }
    }

    /// A worker begins.
    pub(super) fn start(&mut self, slot: usize, name: &str) {
        if let Self::Bars(bars) = self {
            bars.show(slot, &safe(name));
        }
    }

    /// A worker ended; `words` say how, where there is something to say. Gives back the line to
    /// print.
    pub(super) fn end(
        &mut self,
        slot: Option<usize>,
        name: &str,
        words: Option<&str>,
        failed: usize,
    ) -> Option<String> {
        match self {
            Self::Silent => None,
            Self::Lines { done, total } => {
                *done += 1;
                let words = safe(words?);
                Some(format!("[{done}/{total}] {}: {words}\n", safe(name)))
            }
            Self::Bars(bars) => {
                bars.end(slot, failed);
                None
            }
        }
    }

    /// Prints something else while the lines are out of the way.
    pub(super) fn aside(&self, print: impl FnOnce()) {
        match self {
            Self::Bars(bars) => bars.all.suspend(print),
            Self::Silent | Self::Lines { .. } => print(),
        }
    }

    /// Takes the lines away.
    pub(super) fn finish(&self) {
        if let Self::Bars(bars) = self {
            bars.finish();
        }
    }
}

impl Bars {
    fn new(total: usize, workers: usize) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(8));
        let whole = ProgressBar::new(u64::try_from(total).unwrap_or(u64::MAX));
        let whole = all.add(whole.with_style(style("{bar:24} {pos}/{len} repositories{msg}")));
        whole.enable_steady_tick(TICK);
        let worker = |_| {
            let bar = ProgressBar::new_spinner().with_style(style("  {wide_msg}"));
            all.add(bar)
        };
        Self {
            workers: (0..workers).map(worker).collect(),
            whole,
            all,
        }
    }

    fn show(&self, slot: usize, name: &str) {
        if let Some(bar) = self.workers.get(slot) {
            bar.set_message(name.to_owned());
        }
    }

    fn end(&self, slot: Option<usize>, failed: usize) {
        if let Some(slot) = slot {
            self.show(slot, "");
        }
        self.whole.inc(1);
        let mut text = String::new();
        if failed > 0 {
            let _ = write!(text, ", {failed} failed");
        }
        if let Some(left) = self.left() {
            let _ = write!(text, ", about {} left", HumanDuration(left));
        }
        self.whole.set_message(text);
    }

    /// How long the rest takes, if it is as the repositories so far.
    fn left(&self) -> Option<Duration> {
        let done = u32::try_from(self.whole.position()).ok()?;
        let total = u32::try_from(self.whole.length()?).ok()?;
        let each = self.whole.elapsed().checked_div(done)?;
        each.checked_mul(total.checked_sub(done)?)
    }

    fn finish(&self) {
        for bar in &self.workers {
            bar.finish_and_clear();
        }
        self.whole.finish_and_clear();
    }
}

/// A template of our own is sound; if not, the usual line serves.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
