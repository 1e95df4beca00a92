//! The line of a worker to its batch: orders from standard input, answers on standard output.

use std::io::{BufRead, Write, stdin, stdout};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::finished::Worked;
use crate::fleet::protocol::{Job, Order, Said};
use crate::fleet::state::Writing;

/// The line to the batch.
pub struct BatchConnection {
    orders: Mutex<Receiver<Order>>,
}

impl BatchConnection {
    /// Opens the line. From now on this process ends at once when the batch does.
    pub fn open() -> Self {
        let (sender, orders) = channel();
        thread::spawn(move || {
            let mut lines = stdin().lock().lines();
            while let Some(Ok(line)) = lines.next()
                && let Ok(order) = serde_json::from_str(&line)
                && sender.send(order).is_ok()
            {}
            // Whatever is being done, nobody waits for it any more.
            #[allow(
                clippy::exit,
                reason = "the work is in another thread, which cannot be ended otherwise"
            )]
            std::process::exit(0);
        });
        Self {
            orders: Mutex::new(orders),
        }
    }

    /// The next repository to work on; none when the batch is gone.
    pub fn next_job(&self) -> Option<Job> {
        loop {
            match self.next_order()? {
                Order::Work(job) => return Some(*job),
                // The answer to a question that a panic cut short.
                Order::Write | Order::Stop => {}
            }
        }
    }

    /// Asks whether a branch may be made.
    pub fn may_write(&self, writing: Writing) -> bool {
        say(&Said::Writing(writing)) && matches!(self.next_order(), Some(Order::Write))
    }

    fn next_order(&self) -> Option<Order> {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        orders.recv().ok()
    }
}

/// Says something; false when nobody hears it.
pub fn say(said: &Said<Worked>) -> bool {
    let Ok(mut line) = serde_json::to_vec(said) else {
        return false;
    };
    line.push(b'\n');
    let mut output = stdout().lock();
    output
        .write_all(&line)
        .and_then(|()| output.flush())
        .is_ok()
}
