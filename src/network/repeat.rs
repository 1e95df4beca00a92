//! When a request is made again, and how long to wait before it.

use std::time::Duration;

use crate::interrupt;

/// Which requests may be made a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Asking twice is asking once.
    Always,
    /// Only where the server says that it did nothing: 429 and 503.
    Refused,
}

/// How to wait: a program sleeps, a test counts.
pub type Pause = Box<dyn Fn(Duration) + Send + Sync>;

/// The first pause; each one after it is twice as long.
const FIRST: Duration = Duration::from_millis(500);
/// The step in which a pause looks whether somebody wants to stop.
const STEP: Duration = Duration::from_millis(100);

/// Sleeps, until somebody wants to stop.
pub(super) fn sleep(time: Duration) {
    let mut left = time;
    while !left.is_zero() && !interrupt::requested() {
        let step = left.min(STEP);
        std::thread::sleep(step);
        left -= step;
    }
}

/// The pause before attempt `attempt` (the first repetition is 1), where the server says nothing.
pub(super) fn pause(attempt: u32) -> Duration {
    FIRST.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)))
}

/// Whether a status asks to come again.
pub(super) fn is_passing(status: u16, repeat: Repeat) -> bool {
    match repeat {
        Repeat::Always => status == 408 || status == 429 || (500..600).contains(&status),
        Repeat::Refused => status == 429 || status == 503,
    }
}

/// The seconds of `Retry-After`. A date in it is passed over: clocks differ.
pub(super) fn parse_retry_after(header: Option<&str>) -> Option<Duration> {
    let seconds = header?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double() {
        let pauses: Vec<u128> = (1..5).map(|n| pause(n).as_millis()).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000]);
        assert!(pause(u32::MAX) > Duration::from_secs(1));
    }

    #[test]
    fn only_a_refusal_is_repeated_where_it_counts() {
        assert!(is_passing(502, Repeat::Always) && !is_passing(502, Repeat::Refused));
        assert!(is_passing(429, Repeat::Refused) && is_passing(503, Repeat::Refused));
        assert!(!is_passing(403, Repeat::Always) && !is_passing(200, Repeat::Always));
    }

    #[test]
    fn a_date_is_no_number_of_seconds() {
        assert_eq!(parse_retry_after(Some(" 7 ")), Some(Duration::from_secs(7)));
        assert_eq!(
            parse_retry_after(Some("Wed, 21 Oct 2026 07:28:00 GMT")),
            None
        );
        assert_eq!(parse_retry_after(None), None);
    }
}
