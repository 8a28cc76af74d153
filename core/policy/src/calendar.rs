//! Which day and hour is a moment? OPA's `time` functions over moments that are given, by their OPA names and in UTC.
//!
//! Deliberately absent: `time.now_ns`. A rule sees the time as `input.now`, so that a verdict can be repeated.

use regorus::Value;

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const NANOSECONDS: i64 = 1_000_000_000;
const DAY_S: i64 = 86_400;

/// `time.parse_rfc3339_ns(text)`: nanoseconds since 1970. Undefined for what is no such moment.
pub(crate) fn parse_rfc3339_ns(arguments: &[Value]) -> Value {
    let [Value::String(text)] = arguments else { return Value::Undefined };
    nanoseconds(text).map_or(Value::Undefined, Value::from)
}

/// `time.date(ns)`: `[year, month, day]`.
pub(crate) fn date(arguments: &[Value]) -> Result<Value, String> {
    Ok(moment(arguments)?.map_or(Value::Undefined, |ns| {
        let (year, month, day) = civil(ns.div_euclid(NANOSECONDS).div_euclid(DAY_S));
        Value::from(vec![Value::from(year), Value::from(month), Value::from(day)])
    }))
}

/// `time.clock(ns)`: `[hour, minute, second]`.
pub(crate) fn clock(arguments: &[Value]) -> Result<Value, String> {
    Ok(moment(arguments)?.map_or(Value::Undefined, |ns| {
        let second = ns.div_euclid(NANOSECONDS).rem_euclid(DAY_S);
        Value::from(vec![Value::from(second / 3600), Value::from(second / 60 % 60), Value::from(second % 60)])
    }))
}

/// `time.weekday(ns)`: `Monday`.
pub(crate) fn weekday(arguments: &[Value]) -> Result<Value, String> {
    // 1970 began on a Thursday.
    let name = |ns: i64| DAYS[usize::try_from((ns.div_euclid(NANOSECONDS).div_euclid(DAY_S) + 4).rem_euclid(7)).unwrap_or(0)];
    Ok(moment(arguments)?.map_or(Value::Undefined, |ns| Value::from(name(ns))))
}

/// The moment that is asked for. A zone with rules of its own is refused aloud: without its table the answer would be wrong.
fn moment(arguments: &[Value]) -> Result<Option<i64>, String> {
    match arguments {
        [Value::Array(pair)] => match pair.as_slice() {
            [ns, Value::String(zone)] if matches!(zone.as_ref(), "" | "UTC") => Ok(ns.as_i64().ok()),
            [_, Value::String(zone)] => Err(format!("the zone `{zone}` is not known to rules; only UTC is")),
            _ => Ok(None),
        },
        [ns] => Ok(ns.as_i64().ok()),
        _ => Ok(None),
    }
}

/// RFC 3339, section 5.6.
fn nanoseconds(text: &str) -> Option<i64> {
    let (day, rest) = text.split_once(['T', 't', ' '])?;
    let zone_at = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at(zone_at);
    let [year, month, dom] = numbers(day, '-')?;
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let [hour, minute, second] = numbers(whole, ':')?;
    let is_written = (1..=12).contains(&month) && (1..=31).contains(&dom) && hour < 24 && minute < 60 && second <= 60;
    let days = days_from_civil(year, month, dom);
    if !is_written || civil(days) != (year, month, dom) || fraction.len() > 9 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let fraction: i64 = format!("{fraction:0<9}").parse().ok()?;
    let seconds = days * DAY_S + hour * 3600 + minute * 60 + second - offset_s(zone)?;
    seconds.checked_mul(NANOSECONDS)?.checked_add(fraction)
}

fn offset_s(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hour, minute) = zone[1..].split_once(':')?;
    Some(sign * (digits(hour, 2)? * 3600 + digits(minute, 2)? * 60))
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator);
    let first = if separator == '-' { 4 } else { 2 };
    let found = [digits(parts.next()?, first)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?];
    parts.next().is_none().then_some(found)
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|digit| digit.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Days since 1970 of a day of the Gregorian calendar. Years are counted from March, so that a leap day is the last of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * month_from_march + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_rfc_3339_writes_them() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-20T13:34:41Z", Some(1_795_181_681_000_000_000)),
            ("2026-11-20T14:34:41+01:00", Some(1_795_181_681_000_000_000)),
            ("2024-02-29T00:00:00.5Z", Some(1_709_164_800_500_000_000)),
            ("2023-02-29T00:00:00Z", None),
            ("2026-11-20", None),
            ("yesterday", None),
        ] {
            assert_eq!(nanoseconds(text), expected, "{text}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        for days in -146_097..=146_097 {
            let (year, month, day) = civil(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
    }

    #[test]
    fn a_zone_with_rules_of_its_own_is_refused() {
        let asked = |zone: &str| weekday(&[Value::from(vec![Value::from(0_i64), Value::from(zone)])]);
        assert_eq!(asked("UTC"), Ok(Value::from("Thursday")));
        assert!(asked("Europe/Rome").is_err());
    }
}
