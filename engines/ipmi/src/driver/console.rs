//! How is the machine's serial console reached through its BMC? Values without a protocol.

use super::Role;

/// The serial console over the network. `None`: it is not told, or is to stay as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Console {
    pub is_enabled: Option<bool>,
    /// The least that an account has to be to open it.
    pub role: Option<Role>,
    /// In bits per second.
    pub bit_rate: Option<u32>,
}

impl Console {
    /// Whether it is what is wanted; what nobody names is not looked at.
    pub fn is_as(&self, wanted: &Self) -> bool {
        let is_enabled = wanted.is_enabled.is_none() || self.is_enabled == wanted.is_enabled;
        let is_role = wanted.role.is_none() || self.role == wanted.role;
        is_enabled && is_role && (wanted.bit_rate.is_none() || self.bit_rate == wanted.bit_rate)
    }

    /// The first field that is wanted and that this BMC does not tell.
    pub(crate) fn first_untold(&self, wanted: &Self) -> Option<&'static str> {
        let lacking = [
            ("enabled", wanted.is_enabled.is_some() && self.is_enabled.is_none()),
            ("role", wanted.role.is_some() && self.role.is_none()),
            ("bit_rate", wanted.bit_rate.is_some() && self.bit_rate.is_none()),
        ];
        lacking.into_iter().find(|(_, is_lacking)| *is_lacking).map(|(field, _)| field)
    }
}
