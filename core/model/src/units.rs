//! How much, how long? Checked sizes and durations; overflow, fractions of a unit and missing units are errors.

use std::fmt;
use std::str::FromStr;

/// A number of bytes. Units are binary: `8GB` and `8GiB` are both 8 × 1024³ bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    pub bytes: u64,
}

/// A length of time in whole milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub milliseconds: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    #[error("has no unit")]
    NoUnit,
    #[error("has a unit that is not known")]
    UnknownUnit,
    #[error("is not a number with a unit")]
    NotANumber,
    #[error("is too large")]
    TooLarge,
    #[error("is not a whole number of {0}")]
    Fraction(&'static str),
}

const SIZE_UNITS: [(&str, u64); 6] = [("B", 1), ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40), ("PB", 1 << 50)];
const TIME_UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

impl FromStr for Size {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (number, unit) = split(text)?;
        // KiB, KB, K and kb mean the same here.
        let letters = unit.to_ascii_uppercase().replace("IB", "B");
        let letters = if letters.ends_with('B') { letters } else { format!("{letters}B") };
        let (_, factor) = SIZE_UNITS.iter().find(|(name, _)| *name == letters).ok_or(UnitError::UnknownUnit)?;
        Ok(Self { bytes: scale(number, *factor, "bytes")? })
    }
}

impl fmt::Display for Size {
    /// The largest unit that gives a whole number.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, factor) = largest(&SIZE_UNITS, self.bytes);
        write!(formatter, "{}{unit}", self.bytes / factor)
    }
}

impl FromStr for Span {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (number, unit) = split(text)?;
        let (_, factor) = TIME_UNITS.iter().find(|(name, _)| *name == unit).ok_or(UnitError::UnknownUnit)?;
        Ok(Self { milliseconds: scale(number, *factor, "milliseconds")? })
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, factor) = largest(&TIME_UNITS, self.milliseconds);
        write!(formatter, "{}{unit}", self.milliseconds / factor)
    }
}

fn largest(units: &[(&'static str, u64)], amount: u64) -> (&'static str, u64) {
    units.iter().rev().find(|(_, factor)| amount != 0 && amount.is_multiple_of(*factor)).copied().unwrap_or(units[0])
}

fn split(text: &str) -> Result<(&str, &str), UnitError> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim_start());
    if number.is_empty() {
        return Err(UnitError::NotANumber);
    }
    if unit.is_empty() {
        return Err(UnitError::NoUnit);
    }
    Ok((number, unit))
}

/// `number × factor` without floating point: at most nine digits after the point.
fn scale(number: &str, factor: u64, whole: &'static str) -> Result<u64, UnitError> {
    let (integer, fraction) = number.split_once('.').unwrap_or((number, ""));
    if integer.is_empty() || fraction.contains('.') || (number.contains('.') && fraction.is_empty()) || fraction.len() > 9 {
        return Err(UnitError::NotANumber);
    }
    let power = 10_u128.pow(u32::try_from(fraction.len()).map_err(|_| UnitError::NotANumber)?);
    let digits: u128 = format!("{integer}{fraction}").parse().map_err(|_| UnitError::TooLarge)?;
    let scaled = digits.checked_mul(u128::from(factor)).ok_or(UnitError::TooLarge)?;
    if scaled % power != 0 {
        return Err(UnitError::Fraction(whole));
    }
    u64::try_from(scaled / power).map_err(|_| UnitError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_binary_and_checked() {
        for (text, bytes) in [("8GB", 8 << 30), ("8GiB", 8 << 30), ("8G", 8 << 30), ("512mb", 512 << 20), ("1.5TB", 3 << 39), ("7B", 7)] {
            assert_eq!(text.parse(), Ok(Size { bytes }), "{text}");
        }
        for (text, error) in [
            ("8", UnitError::NoUnit),
            ("GB", UnitError::NotANumber),
            ("1.3B", UnitError::Fraction("bytes")),
            ("99999999999TB", UnitError::TooLarge),
            ("8XB", UnitError::UnknownUnit),
            ("1.2.3GB", UnitError::NotANumber),
        ] {
            assert_eq!(text.parse::<Size>(), Err(error), "{text}");
        }
        assert_eq!(Size { bytes: 8 << 30 }.to_string(), "8GB");
        assert_eq!(Size { bytes: 1025 }.to_string(), "1025B");
    }

    #[test]
    fn durations_are_whole_milliseconds() {
        assert_eq!("1.5s".parse(), Ok(Span { milliseconds: 1500 }));
        assert_eq!("5m".parse::<Span>().map(|span| span.to_string()), Ok("5m".to_owned()));
        assert_eq!("5".parse::<Span>(), Err(UnitError::NoUnit));
        assert_eq!("0.1ms".parse::<Span>(), Err(UnitError::Fraction("milliseconds")));
    }
}
