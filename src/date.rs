//! Civil dates, written `YYYY-MM-DD` and in no other way.

use jiff::civil::Date;

/// Reads a date of exactly ten characters that exists in the calendar.
pub(crate) fn parse(text: &str) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0i16, |sum, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + i16::from(digit - b'0'))
        })
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let month = i8::try_from(number(&[*m1, *m2])?).ok()?;
    let day = i8::try_from(number(&[*d1, *d2])?).ok()?;
    if year == 0 {
        return None;
    }
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_that_exist() {
        assert_eq!(parse("2026-06-30"), Some(jiff::civil::date(2026, 6, 30)));
        assert_eq!(parse("2024-02-29"), Some(jiff::civil::date(2024, 2, 29)));
        for bad in [
            "2026-02-29",
            "2026-13-01",
            "2026-6-30",
            "20260630",
            "+026-06-30",
            "0000-01-01",
            "2026-06-30T00:00",
            "２026-06-30",
            "",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
