//! The stamps of a log: ms since 1970, or a date in one of the patterns that JMeter itself tries.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::whole;

/// A stamp, µs since 1970; `None` where it is none.
pub(super) fn stamp(text: &[u8]) -> Option<i64> {
    match whole(text) {
        Some(milliseconds) => i64::try_from(milliseconds).ok()?.checked_mul(1_000),
        None => date(std::str::from_utf8(text).ok()?.trim()),
    }
}

/// `yyyy/MM/dd HH:mm:ss.SSS`, `yyyy-MM-dd HH:mm:ss`, `MM/dd/yy HH:mm:ss` and the like, taken as UTC: they have no zone.
fn date(text: &str) -> Option<i64> {
    let (date, time) = text.split_once([' ', 'T'])?;
    let mut parts = date.split(['/', '-']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day) = match (first.len(), third.len()) {
        (4, _) => (first.parse().ok()?, second, third),
        (_, 4) => (third.parse().ok()?, first, second),
        (_, 2) => (2_000 + third.parse::<i16>().ok()?, first, second),
        _ => return None,
    };
    let (clock, fraction) = time.trim_end_matches('Z').split_once(['.', ',']).unwrap_or((time, ""));
    let mut parts = clock.trim_end_matches('Z').split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("0"));
    if parts.next().is_some() || 9 < fraction.len() {
        return None;
    }
    let nanoseconds = if fraction.is_empty() { 0 } else { format!("{fraction:0<9}").parse().ok()? };
    let moment = DateTime::new(
        year,
        month.parse().ok()?,
        day.parse().ok()?,
        hour.parse().ok()?,
        minute.parse().ok()?,
        second.parse().ok()?,
        nanoseconds,
    );
    Some(moment.ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps() {
        const MOMENT: i64 = 1_795_330_794_162_000;
        let table = [
            ("1795330794162", Some(MOMENT)),
            ("2026/11/22 06:59:54.162", Some(MOMENT)),
            ("2026-11-22 06:59:54.162", Some(MOMENT)),
            ("2026-11-22T06:59:54,162", Some(MOMENT)),
            ("2026-11-22 06:59:54", Some(MOMENT - 162_000)),
            ("11/22/26 06:59:54", Some(MOMENT - 162_000)),
            ("11/22/2026 06:59:54", Some(MOMENT - 162_000)),
            ("2026/13/22 06:59:54", None),
            ("22.11.2026", None),
            ("timeStamp", None),
            ("", None),
            ("99999999999999999999", None),
        ];
        for (text, expected) in table {
            assert_eq!(stamp(text.as_bytes()), expected, "{text}");
        }
    }
}
