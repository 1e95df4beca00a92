//! Days, as servers write them: the beginning of `2019-07-25T10:48:56.601909`, without a zone.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i64,
    month: u8,
    of_month: u8,
}

/// A text that begins with no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoDay;

impl Day {
    /// The same day a year before.
    #[must_use]
    pub fn year_before(self) -> Self {
        Self {
            year: self.year - 1,
            ..self
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.year, self.month, self.of_month);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let date = text.trim().split(['T', ' ']).next().unwrap_or_default();
        let mut parts = date.splitn(3, '-');
        let mut part = |most: i64| {
            let number: i64 = parts.next()?.parse().ok()?;
            (1..=most).contains(&number).then_some(number)
        };
        let found = (part(9999), part(12), part(31));
        let (Some(year), Some(month), Some(day)) = found else {
            return Err(NoDay);
        };
        Ok(Self {
            year,
            month: u8::try_from(month).map_err(|_| NoDay)?,
            of_month: u8::try_from(day).map_err(|_| NoDay)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_servers_begin_with_a_day() {
        let day: Day = "2019-07-25T10:48:56.601909".parse().unwrap();
        assert_eq!(day.to_string(), "2019-07-25");
        assert_eq!(day.year_before().to_string(), "2018-07-25");
        for bad in ["", "yesterday", "2019-13-01", "2019-07"] {
            assert_eq!(bad.parse::<Day>(), Err(NoDay), "{bad}");
        }
    }
}
