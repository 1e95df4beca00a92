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
    /// The day so many days after 1970-01-01.
    pub fn of_number(number: u64) -> Self {
        // "days from civil" turned round: years begin in March, so that a leap day is their last.
        let number = i64::try_from(number).unwrap_or(0) + 719_468;
        let era = number.div_euclid(146_097);
        let of_era = number.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: u8::try_from(month).unwrap_or(1),
            of_month: u8::try_from(day).unwrap_or(1),
        }
    }

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
    fn days_are_counted() {
        for (number, day) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_787, "2026-11-30"),
        ] {
            assert_eq!(Day::of_number(number).to_string(), day);
        }
    }

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
