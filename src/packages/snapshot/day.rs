//! A day, as the index tells it of an upload: two bytes, compared as a number.

use std::str::FromStr;

/// A day of the Gregorian calendar from 2008-01-01 on (UTC): no index kept upload days before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u16);

/// Days from 1970-01-01 to 2008-01-01.
const EPOCH: i64 = 13_879;

/// A text that is no day of the years 2008 to 2187.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no day; write one as 2021-03-31")]
pub struct DayError(String);

impl Day {
    /// The day that lies this many days after 2008-01-01.
    pub const fn new(days: u16) -> Self {
        Self(days)
    }

    /// How many days after 2008-01-01 it lies.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The day of a moment, in seconds since 1970-01-01 (UTC), as git and file systems tell it;
    /// `None` outside the years 2008 to 2187.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        let days = seconds.div_euclid(86_400) - EPOCH;
        u16::try_from(days).ok().map(Self)
    }

    /// Year, month and day of the month. (Howard Hinnant, "chrono-compatible low-level date
    /// algorithms": the year begins in March, so that the leap day is its last.)
    fn parts(self) -> (i64, i64, i64) {
        let days = i64::from(self.0) + EPOCH + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year + era * 400 + i64::from(month <= 2), month, day)
    }

    /// The day of these parts; `None` where the calendar has none or it lies too early or late.
    fn from_parts(year: i64, month: i64, day: i64) -> Option<Self> {
        if !(2008..2188).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let shifted = year - i64::from(month <= 2);
        let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        let found = Self(u16::try_from(days - 719_468 - EPOCH).ok()?);
        (found.parts() == (year, month, day)).then_some(found)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = DayError;

    /// Reads `2021-03-31`, and nothing else.
    fn from_str(text: &str) -> Result<Self, DayError> {
        let error = || DayError(text.to_owned());
        let shape = text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if text.len() != 10 || !shape {
            return Err(error());
        }
        let mut parts = text.split('-').map(|part| part.parse().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0);
        Self::from_parts(next(), next(), next()).ok_or_else(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_written_and_read_back() {
        let mut texts = Vec::new();
        for number in 0..=u16::MAX {
            let day = Day::new(number);
            let text = day.to_string();
            assert_eq!(text.parse(), Ok(day));
            texts.push(text);
        }
        assert!(texts.is_sorted_by(|a, b| a < b));
        assert_eq!(
            (texts[0].as_str(), texts[60].as_str()),
            ("2008-01-01", "2008-03-01")
        );
        assert_eq!(
            Day::from_seconds(1_609_459_200),
            Some("2021-01-01".parse().unwrap())
        );
        assert_eq!(
            Day::from_seconds(1_609_459_199),
            Some("2020-12-31".parse().unwrap())
        );
        assert_eq!(Day::from_seconds(0), None);
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for bad in [
            "",
            "2021",
            "2021-02-29",
            "2021-13-01",
            "2021-00-10",
            "2021-1-1",
            "21-01-01",
            "2007-12-31",
            "2200-01-01",
            "2021-01-01T00:00",
            "2021/01/01",
            "2021-04-31",
            "+021-01-01",
        ] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }
}
