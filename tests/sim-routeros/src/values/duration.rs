//! How does a router write a length of time?

/// Milliseconds of `1w2d3h4m5s`, `00:30:00`, `1d 00:00:05`, `100ms`, or a bare number of seconds.
fn duration_ms(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let mut total = 0_u64;
    let mut digits = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if character.is_ascii_digit() {
            digits.push(character);
            rest = &rest[1..];
            continue;
        }
        if character == ' ' {
            rest = &rest[1..];
            continue;
        }
        if character == ':' {
            return total.checked_add(clock_ms(&format!("{digits}{rest}"))?);
        }
        let (unit_ms, unit) = UNITS_MS.iter().find(|(_, unit)| rest.starts_with(unit))?;
        total = total.checked_add(digits.parse::<u64>().ok()?.checked_mul(*unit_ms)?)?;
        digits.clear();
        rest = &rest[unit.len()..];
    }
    match digits.as_str() {
        "" => Some(total),
        seconds => total.checked_add(seconds.parse::<u64>().ok()?.checked_mul(1000)?),
    }
}

/// `ms` stands before `m`, or it would be read as minutes.
const UNITS_MS: &[(u64, &str)] = &[(1, "ms"), (604_800_000, "w"), (86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];

/// `hours:minutes:seconds`, the seconds perhaps left out.
fn clock_ms(text: &str) -> Option<u64> {
    let parts = text.split(':').map(|part| part.parse::<u64>().ok()).collect::<Option<Vec<_>>>()?;
    let [hours, minutes, seconds] = match parts[..] {
        [hours, minutes] => [hours, minutes, 0],
        [hours, minutes, seconds] => [hours, minutes, seconds],
        _ => return None,
    };
    Some((hours * 3600 + minutes * 60 + seconds) * 1000)
}

/// A length of time in seconds and thousandths; the second part is below 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duration {
    pub(crate) seconds: u64,
    thousandths: u64,
}

/// What a length of time says, or nothing if it is none.
pub(crate) fn duration_s(text: &str) -> Option<Duration> {
    duration_ms(text).map(|total| Duration { seconds: total / 1000, thousandths: total % 1000 })
}

/// The largest units first, none twice, zero as `0s`.
pub(crate) fn format_duration(duration: Duration) -> String {
    let mut rest = duration.seconds;
    let mut text = String::new();
    for (unit_s, unit) in [(604_800, "w"), (86_400, "d"), (3600, "h"), (60, "m"), (1, "s")] {
        if rest / unit_s > 0 {
            text.push_str(&format!("{}{unit}", rest / unit_s));
            rest %= unit_s;
        }
    }
    if duration.thousandths > 0 {
        text.push_str(&format!("{}ms", duration.thousandths));
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

pub(crate) fn whole_seconds(seconds: u64) -> Duration {
    Duration { seconds, thousandths: 0 }
}
