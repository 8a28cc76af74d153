//! How long is `1d2h`, and `00:30:00`? Lengths of time as RouterOS writes them.

const UNITS: [(&str, u64); 6] = [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Milliseconds. Forms: `1w2d3h4m5s6ms`, `1d 00:30:00`, `00:30:00`, `00:00:00.500`, and a bare number of seconds. `None`: another text.
pub(crate) fn parse(text: &str) -> Option<u64> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.len() > 40 {
        return None;
    }
    let (front, clock) = match text.find(':') {
        None => (text, None),
        Some(colon) => {
            let front = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
            (front.trim_end(), Some(&text[front.len()..]))
        }
    };
    let days = if front.is_empty() { 0 } else { units(front)? };
    days.checked_add(clock.map_or(Some(0), clock_time)?)
}

fn units(mut text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut smallest = usize::MAX;
    while !text.is_empty() {
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let number: u64 = text[..digits].parse().ok()?;
        let rest = &text[digits..];
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        // A number without a unit counts seconds, and only stands alone.
        let unit = if letters == 0 && smallest == usize::MAX { "s" } else { &rest[..letters] };
        let index = UNITS.iter().position(|(name, _)| *name == unit)?;
        if smallest != usize::MAX && index <= smallest {
            return None;
        }
        smallest = index;
        total = total.checked_add(number.checked_mul(UNITS[index].1)?)?;
        text = &rest[letters..];
    }
    Some(total)
}

/// `hh:mm:ss` with at most three digits after a point.
fn clock_time(text: &str) -> Option<u64> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<u64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = parts.as_slice() else { return None };
    let is_fraction = (1..=3).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if *minutes > 59 || *seconds > 59 || !is_fraction {
        return None;
    }
    let milliseconds: u64 = format!("{fraction:0<3}").parse().ok()?;
    hours.checked_mul(3_600)?.checked_add(minutes * 60 + seconds)?.checked_mul(1_000)?.checked_add(milliseconds)
}

/// The short form: `1d2h`. Nothing is `0s`.
pub(crate) fn write(milliseconds: u64) -> String {
    let mut left = milliseconds;
    let mut text = String::new();
    for (unit, length) in UNITS {
        if left >= length {
            text.push_str(&format!("{}{unit}", left / length));
            left %= length;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_spellings_of_a_length_are_the_same() {
        for (text, milliseconds) in [
            ("1d", 86_400_000),
            ("24h", 86_400_000),
            ("1d00:00:00", 86_400_000),
            ("1d 00:00:00", 86_400_000),
            ("86400", 86_400_000),
            ("00:30:00", 1_800_000),
            ("30m", 1_800_000),
            ("1w1d2h3m4s5ms", 698_584_005),
            ("00:00:00.500", 500),
            ("500ms", 500),
            ("0s", 0),
        ] {
            assert_eq!(parse(text), Some(milliseconds), "{text}");
        }
        for other in ["", "never", "1x", "1s1m", "10.0.0.1", "1:2", "00:99:00", "1d1", "::1", "0é0:00:00", "0\u{a0}00:00", "99999999999999999999s"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(milliseconds in 0_u64..10_000_000_000_000) {
            prop_assert_eq!(parse(&write(milliseconds)), Some(milliseconds));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,60}") {
            let _ = parse(&text);
        }
    }
}
