//! Which router is it, and what can its version do?

use std::fmt;

use engine_api::{EngineError, ErrorKind, Probe};

use crate::wire::{Command, Connection, Row};

/// `7.18.2`, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u16,
    pub(crate) minor: u16,
}

impl Version {
    /// The first one whose safe mode can be had over the API.
    pub(crate) const WITH_SAFE_MODE: Self = Self { major: 7, minor: 18 };
    /// The first one that this engine is for.
    pub(crate) const FIRST: Self = Self { major: 7, minor: 0 };

    /// `7.18 (stable)`, `7.20beta4 (testing)`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        Some(Self { major: numbers.next()?.parse().ok()?, minor: numbers.next()?.parse().ok()? })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

/// Who a router says it is.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The serial number; a virtual router has the id of its licence instead.
    pub(crate) serial: String,
    pub(crate) version: Version,
    shown: String,
}

impl Identity {
    pub(crate) async fn read(connection: &mut Connection) -> Result<Self, EngineError> {
        let attempt = "ask the router who it is";
        let commands = ["/system/resource", "/system/routerboard", "/system/license"].map(Command::print);
        let answers = connection.read_all(commands.into()).await.map_err(|failure| failure.into_error(attempt))?;
        // A virtual router has no board and a board has another kind of licence: each may be missing.
        let mut rows = answers.into_iter().map(|answer| answer.map(|answer| answer.rows.into_iter().next().unwrap_or_default()));
        let resource = rows.next().unwrap_or_else(|| Ok(Row::new())).map_err(|failure| failure.into_error(attempt))?;
        // Whatever else goes wrong may be gone at the next try, and must not look like another router until then.
        let others: Vec<Row> = rows
            .filter(|row| !matches!(row, Err(failure) if failure.message.starts_with("no such command")))
            .collect::<Result<_, _>>()
            .map_err(|failure| failure.into_error(attempt))?;
        let nonsense = |message: &str| EngineError::new(ErrorKind::Protocol, attempt, message);
        let text = resource.get("version").ok_or_else(|| nonsense("it does not tell its version"))?;
        let version = Version::parse(text).ok_or_else(|| nonsense("its version is no number"))?;
        if version < Version::FIRST {
            return Err(EngineError::new(ErrorKind::Rejected, attempt, format!("it has version {text}, and version 7 is needed")));
        }
        let serial = ["serial-number", "system-id", "software-id"].iter().find_map(|name| others.iter().find_map(|row| row.get(*name)));
        let serial = serial.filter(|serial| !serial.is_empty()).ok_or_else(|| nonsense("it has neither a serial number nor a licence"))?.clone();
        let board = resource.get("board-name").map_or("router", String::as_str);
        Ok(Self { serial, version, shown: format!("RouterOS {text}, {board}") })
    }

    pub(crate) fn probe(&self) -> Probe {
        let safe_mode = self.version >= Version::WITH_SAFE_MODE;
        Probe {
            identity: self.serial.clone(),
            version: self.shown.clone(),
            capabilities: if safe_mode { vec!["safe-mode".to_owned()] } else { Vec::new() },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn versions_are_numbers_and_not_texts() {
        let version = |text| Version::parse(text).expect("a version");
        assert!(version("7.9.2 (stable)") < version("7.18 (stable)"));
        assert!(version("7.18beta2 (testing)") >= Version::WITH_SAFE_MODE);
        assert!(version("6.49.10 (long-term)") < Version::FIRST);
        assert_eq!(Version::parse("unknown"), None);
    }

    proptest! {
        #[test]
        fn any_version_is_read_without_a_panic(text in prop_oneof![".{0,40}", "[0-9.]{0,30}"]) {
            let _ = Version::parse(&text);
        }
    }
}
