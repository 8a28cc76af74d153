//! When did GitHub say that something happened?

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A moment as GitHub gives it (RFC 3339), in whole seconds. Ordered by time, whatever zone the text named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

/// A text that is no RFC 3339 time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 time")]
pub struct InvalidTimestamp;

impl Timestamp {
    /// Fails outside the years that RFC 3339 can write.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, InvalidTimestamp> {
        let moment = jiff::Timestamp::from_second(seconds).map_err(|_| InvalidTimestamp)?;
        Ok(Self(moment.as_second()))
    }

    pub fn unix_seconds(self) -> i64 {
        self.0
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let moment: jiff::Timestamp = text.parse().map_err(|_| InvalidTimestamp)?;
        Ok(Self(moment.as_second()))
    }
}

impl TryFrom<String> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(text: String) -> Result<Self, InvalidTimestamp> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> String {
        timestamp.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = jiff::Timestamp::from_second(self.0).map_err(|_| fmt::Error)?;
        write!(formatter, "{moment}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_are_compared_as_moments() {
        let utc: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        let rome: Timestamp = "2026-11-20T11:00:00+01:00".parse().unwrap();
        assert_eq!(utc, rome);
        assert_eq!(rome.to_string(), "2026-11-20T10:00:00Z");
        assert!(utc < "2026-11-20T10:00:01Z".parse().unwrap());
        assert_eq!(Timestamp::from_unix_seconds(utc.unix_seconds()).unwrap(), utc);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for wrong in ["", "yesterday", "2026-11-20", "1769314022"] {
            assert!(wrong.parse::<Timestamp>().is_err(), "{wrong}");
        }
        assert!(Timestamp::from_unix_seconds(i64::MAX).is_err());
    }
}
