//! The era of an app: the day until which what its list leaves open is taken, because it ran then.

use crate::packages::snapshot::Day;
use std::fmt;

/// The day of an app, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Era {
    /// The day.
    pub day: Day,
    /// How it is known.
    pub because: Because,
}

/// How the day of an app is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// It was asked for.
    Asked,
    /// A constraints file that was made for it says it.
    Noted,
    /// What ran on the old server: the newest upload among it.
    Ran {
        /// The pin, as in `flask 1.1.2`.
        pin: String,
    },
    /// A lock or a constraints file: the newest upload among its pins.
    Locked {
        /// The pin, as in `flask 1.1.2`.
        pin: String,
    },
    /// The newest upload among the pins of the list.
    Pins {
        /// The pin, as in `flask 1.1.2`.
        pin: String,
    },
    /// The last commit that changed the list.
    Commit,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("asked for"),
            Self::Noted => f.write_str("the constraints are of that day"),
            Self::Ran { pin } => write!(
                f,
                "{pin}, the newest of what ran on the old server, came that day"
            ),
            Self::Locked { pin } => write!(f, "{pin}, the newest of what is locked, came that day"),
            Self::Pins { pin } => write!(f, "{pin}, the newest pin of the list, came that day"),
            Self::Commit => f.write_str("the list was last changed that day"),
        }
    }
}

/// What tells the day of an app.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    /// The day that a constraints file of ours says.
    pub noted: Option<Day>,
    /// What ran on the old server, each with its day of upload.
    pub ran: Vec<(String, Day)>,
    /// The pins of a lock or of constraints, each with its day of upload.
    pub locked: Vec<(String, Day)>,
    /// The pins of the list, each with its day of upload.
    pub pins: Vec<(String, Day)>,
    /// The day of the last commit that changed the list.
    pub commit: Option<Day>,
}

impl Traces {
    /// The day, from the first trace that tells one; `None` where nothing does.
    pub fn era(&self) -> Option<Era> {
        let newest = |pins: &[(String, Day)]| {
            let newest = pins.iter().max_by_key(|(pin, day)| (*day, pin.as_str()));
            newest.cloned()
        };
        if let Some(day) = self.noted {
            let because = Because::Noted;
            return Some(Era { day, because });
        }
        if let Some((pin, day)) = newest(&self.ran) {
            let because = Because::Ran { pin };
            return Some(Era { day, because });
        }
        if let Some((pin, day)) = newest(&self.locked) {
            let because = Because::Locked { pin };
            return Some(Era { day, because });
        }
        let commit = self.commit.map(|day| Era {
            day,
            because: Because::Commit,
        });
        let pins = newest(&self.pins).map(|(pin, day)| Era {
            day,
            because: Because::Pins { pin },
        });
        commit.into_iter().chain(pins).max_by_key(|era| era.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_trace_tells_the_day() {
        let pin = |name: &str, text: &str| (name.to_owned(), day(text));
        let mut traces = Traces {
            noted: None,
            ran: Vec::new(),
            locked: Vec::new(),
            pins: vec![
                pin("dash 1.0.0", "2019-06-20"),
                pin("flask 1.1.1", "2019-07-08"),
            ],
            commit: Some(day("2019-07-01")),
        };
        let era = traces.era().unwrap();
        assert_eq!(era.day, day("2019-07-08"));
        assert!(era.because.to_string().contains("flask 1.1.1"));
        traces.commit = Some(day("2019-09-01"));
        assert_eq!(traces.era().unwrap().because, Because::Commit);
        traces.locked = vec![pin("numpy 1.16.4", "2019-05-28")];
        assert_eq!(traces.era().unwrap().day, day("2019-05-28"));
        traces.ran = vec![pin("flask 1.1.0", "2019-07-04")];
        let era = traces.era().unwrap();
        assert_eq!(era.day, day("2019-07-04"));
        assert!(era.because.to_string().contains("ran on the old server"));
        traces.noted = Some(day("2021-01-01"));
        assert_eq!(traces.era().unwrap().because, Because::Noted);
        assert_eq!(Traces::default().era(), None);
    }
}
