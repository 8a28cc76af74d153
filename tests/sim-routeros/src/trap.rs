//! In which words does a router refuse?

/// A refusal, as `!trap` or a REST error carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trap {
    /// MikroTik's number for the kind of failure, where it gives one.
    pub(crate) category: Option<u8>,
    pub(crate) message: String,
}

const MISSING: u8 = 0;
const ARGUMENT: u8 = 1;
const SCRIPT: u8 = 3;
const GENERAL: u8 = 4;

impl Trap {
    pub(crate) fn new(category: Option<u8>, message: impl Into<String>) -> Self {
        Self { category, message: message.into() }
    }

    pub(crate) fn no_such_command() -> Self {
        Self::new(Some(MISSING), "no such command")
    }

    pub(crate) fn no_such_menu() -> Self {
        Self::new(Some(MISSING), "no such command prefix")
    }

    pub(crate) fn no_such_item() -> Self {
        Self::new(Some(MISSING), "no such item")
    }

    pub(crate) fn unknown_parameter(name: &str) -> Self {
        Self::new(None, format!("unknown parameter {name}"))
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::new(None, format!("missing value(s) of argument(s) {name}"))
    }

    pub(crate) fn not_a_value_of(name: &str) -> Self {
        Self::new(Some(ARGUMENT), format!("input does not match any value of {name}"))
    }

    pub(crate) fn invalid_value(name: &str) -> Self {
        Self::new(Some(ARGUMENT), format!("invalid value for argument {name}"))
    }

    pub(crate) fn out_of_range(name: &str, least: i64, most: i64) -> Self {
        Self::new(Some(ARGUMENT), format!("value of {name} out of range ({least}..{most})"))
    }

    /// A failure in the router's own words, which begin with `failure:`.
    pub(crate) fn failure(message: impl Into<String>) -> Self {
        Self::new(None, message)
    }

    pub(crate) fn not_permitted() -> Self {
        Self::new(None, "not enough permissions (9)")
    }

    pub(crate) fn bad_login() -> Self {
        Self::new(None, "invalid user name or password (6)")
    }

    pub(crate) fn interrupted() -> Self {
        Self::new(Some(2), "interrupted")
    }

    pub(crate) fn script(message: impl Into<String>) -> Self {
        Self::new(Some(SCRIPT), message)
    }

    /// Says what only this simulator cannot do; a real router could.
    pub(crate) fn not_simulated(what: &str) -> Self {
        Self::new(Some(GENERAL), format!("the simulator does not know how to {what}"))
    }
}
