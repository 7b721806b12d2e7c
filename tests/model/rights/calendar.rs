//! Days, full years and full months, counted by hand.

use std::fmt;

/// Year, month, day; days compare as they come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64, pub i64, pub i64);

pub const NEVER: Day = Day(9999, 12, 31);

impl Day {
    pub fn parse(text: &str) -> Day {
        let mut parts = text.split('-').map(|part| part.parse().expect("a number"));
        let mut next = || parts.next().expect("year, month and day");
        Day(next(), next(), next())
    }

    pub fn month(self) -> String {
        format!("{:04}-{:02}", self.0, self.1)
    }

    pub fn plus_days(self, days: i64) -> Day {
        let mut day = self;
        for _ in 0..days.abs() {
            day = if days > 0 { day.next() } else { day.previous() };
        }
        day
    }

    fn next(self) -> Day {
        let Day(year, month, day) = self;
        if day < last_of_month(year, month) {
            Day(year, month, day + 1)
        } else if month < 12 {
            Day(year, month + 1, 1)
        } else {
            Day(year + 1, 1, 1)
        }
    }

    fn previous(self) -> Day {
        let Day(year, month, day) = self;
        if day > 1 {
            Day(year, month, day - 1)
        } else if month > 1 {
            Day(year, month - 1, last_of_month(year, month - 1))
        } else {
            Day(year - 1, 12, 31)
        }
    }

    /// The same day some months later, or the last of a shorter month.
    pub fn plus_months(self, months: i64) -> Day {
        let count = self.0 * 12 + self.1 - 1 + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        Day(year, month, self.2.min(last_of_month(year, month)))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:04}-{:02}-{:02}", self.0, self.1, self.2)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, to)
    }
}

pub fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn last_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Full years; who was born on 29 February has a birthday on 1 March in common
/// years.
pub fn full_years(birth: Day, on: Day) -> i64 {
    let had_birthday = (on.1, on.2) >= (birth.1, birth.2);
    on.0 - birth.0 - i64::from(!had_birthday)
}

/// Full months: full on the same day of the month, or on its last.
pub fn full_months(since: Day, on: Day) -> i64 {
    let full = on.2 >= since.2 || on.2 == last_of_month(on.0, on.1);
    (on.0 - since.0) * 12 + on.1 - since.1 - i64::from(!full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let leap_day = Day(1944, 2, 29);
        assert_eq!(full_years(leap_day, Day(2025, 2, 28)), 80);
        assert_eq!(full_years(leap_day, Day(2025, 3, 1)), 81);
        assert_eq!(full_years(leap_day, Day(2024, 2, 29)), 80);
        assert_eq!(full_months(Day(2025, 8, 31), Day(2026, 2, 28)), 6);
        assert_eq!(full_months(Day(2025, 8, 31), Day(2026, 2, 27)), 5);
        assert_eq!(full_months(Day(2025, 8, 15), Day(2026, 2, 14)), 5);
        assert_eq!(Day(2025, 2, 28).plus_months(12), Day(2026, 2, 28));
        assert_eq!(Day(2025, 12, 31).plus_months(2), Day(2026, 2, 28));
        assert_eq!(Day(2024, 2, 29).plus_days(1), Day(2024, 3, 1));
        assert_eq!(Day(2026, 1, 1).plus_days(-1), Day(2025, 12, 31));
    }
}
