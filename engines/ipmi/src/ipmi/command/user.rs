//! Who may log in? Slots with a name, a password and a privilege: IPMI 2.0, section 22.26 to 22.30.

use zeroize::Zeroizing;

use super::{APPLICATION, Change, Command, MalformedPacket, THIS_CHANNEL, byte, plain};

pub(crate) const NAME_BYTES: usize = 16;
pub(crate) const PASSWORD_BYTES: usize = 20;
/// The slot of the user without a name. It is never touched.
pub(crate) const SLOT_FIRST: u8 = 2;

/// Get User Access.
pub(crate) struct GetUserAccess {
    pub(crate) slot: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UserAccess {
    /// The last slot there is.
    pub(crate) slot_last: u8,
    /// `None`: the BMC does not say.
    pub(crate) is_enabled: Option<bool>,
    /// 1 callback, 2 user, 3 operator, 4 administrator, 5 the vendor's own, 15 none.
    pub(crate) privilege: u8,
    /// May give commands by this channel.
    pub(crate) may_send: bool,
}

impl Command for GetUserAccess {
    const FUNCTION: u8 = APPLICATION;
    const COMMAND: u8 = 0x44;
    const ATTEMPT: &'static str = "read who may log in";
    type Reply = UserAccess;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([THIS_CHANNEL, self.slot])
    }

    fn read(data: &[u8]) -> Result<UserAccess, MalformedPacket> {
        let access = byte(data, 3)?;
        let is_enabled = match byte(data, 1)? >> 6 {
            0b01 => Some(true),
            0b10 => Some(false),
            _ => None,
        };
        Ok(UserAccess { slot_last: byte(data, 0)? & 0x3f, is_enabled, privilege: access & 0x0f, may_send: access & 0x10 != 0 })
    }
}

/// Get User Name.
pub(crate) struct GetUserName {
    pub(crate) slot: u8,
}

impl Command for GetUserName {
    const FUNCTION: u8 = APPLICATION;
    const COMMAND: u8 = 0x46;
    const ATTEMPT: &'static str = "read the name of a user";
    /// Empty for a free slot.
    type Reply = String;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([self.slot])
    }

    fn read(data: &[u8]) -> Result<String, MalformedPacket> {
        let bytes = data.get(..NAME_BYTES.min(data.len())).unwrap_or_default();
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        // A free slot is filled with zeros, by some BMCs with 0xff.
        let text = if bytes[..end].iter().all(|byte| *byte == 0xff) { "".into() } else { String::from_utf8_lossy(&bytes[..end]) };
        Ok(text.trim_end().to_owned())
    }
}

/// Set User Name. An empty one frees the slot.
pub(crate) struct SetUserName<'a> {
    pub(crate) slot: u8,
    pub(crate) name: &'a str,
}

impl Command for SetUserName<'_> {
    const FUNCTION: u8 = APPLICATION;
    const COMMAND: u8 = 0x45;
    const ATTEMPT: &'static str = "name a user";
    type Reply = ();

    fn data(&self) -> Zeroizing<Vec<u8>> {
        let mut data = plain([self.slot]);
        data.extend(filled(self.name, NAME_BYTES));
        data
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for SetUserName<'_> {}

/// Set User Password, which also lets a user in or keeps it out.
pub(crate) struct SetUserPassword<'a> {
    pub(crate) slot: u8,
    pub(crate) order: PasswordOrder<'a>,
}

pub(crate) enum PasswordOrder<'a> {
    Disable,
    Enable,
    Set(&'a str),
}

impl Command for SetUserPassword<'_> {
    const FUNCTION: u8 = APPLICATION;
    const COMMAND: u8 = 0x47;
    const ATTEMPT: &'static str = "set a user's password";
    type Reply = ();

    /// Passwords are sent in the form of twenty bytes: the older one would cut them at sixteen.
    fn data(&self) -> Zeroizing<Vec<u8>> {
        const TWENTY_BYTES: u8 = 0x80;
        match self.order {
            PasswordOrder::Disable => plain([self.slot, 0x00]),
            PasswordOrder::Enable => plain([self.slot, 0x01]),
            PasswordOrder::Set(password) => {
                let mut data = Zeroizing::new(Vec::with_capacity(2 + PASSWORD_BYTES));
                data.extend([TWENTY_BYTES | self.slot, 0x02]);
                data.extend(filled(password, PASSWORD_BYTES));
                data
            }
        }
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for SetUserPassword<'_> {}

/// Set User Access, on this channel.
pub(crate) struct SetUserAccess {
    pub(crate) slot: u8,
    pub(crate) privilege: u8,
    pub(crate) may_send: bool,
}

impl Command for SetUserAccess {
    const FUNCTION: u8 = APPLICATION;
    const COMMAND: u8 = 0x43;
    const ATTEMPT: &'static str = "set what a user may do";
    type Reply = ();

    fn data(&self) -> Zeroizing<Vec<u8>> {
        const CHANGES_BITS: u8 = 0x80;
        let may_send = if self.may_send { 0x10 } else { 0x00 };
        plain([CHANGES_BITS | may_send | THIS_CHANNEL, self.slot, self.privilege, 0x00])
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for SetUserAccess {}

/// The bytes of a text and zeros behind them. Longer ones are refused when a plan is checked.
fn filled(text: &str, length: usize) -> impl Iterator<Item = u8> {
    text.bytes().chain(std::iter::repeat(0)).take(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_and_names_are_filled_with_zeros() {
        let set = SetUserPassword { slot: 5, order: PasswordOrder::Set("secret") };
        assert_eq!(set.data().as_slice(), [&[0x85, 0x02][..], b"secret", &[0; 14]].concat());
        let name = SetUserName { slot: 5, name: "ops" };
        assert_eq!(name.data().as_slice(), [&[0x05][..], b"ops", &[0; 13]].concat());
        let access = SetUserAccess { slot: 5, privilege: 3, may_send: true };
        assert_eq!(access.data().as_slice(), [0x9e, 0x05, 0x03, 0x00]);
    }

    #[test]
    fn names_end_at_the_first_zero() {
        for (data, expected) in [(&b"ops\0\0x"[..], "ops"), (&[0; 16], ""), (&[0xff; 16], ""), (b"sixteen-bytes-xyz", "sixteen-bytes-xy")] {
            assert_eq!(GetUserName::read(data).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn access_is_read_bit_by_bit() {
        let access = GetUserAccess::read(&[0x0a, 0x42, 0x01, 0x14]);
        assert_eq!(access, Ok(UserAccess { slot_last: 10, is_enabled: Some(true), privilege: 4, may_send: true }));
        let access = GetUserAccess::read(&[0x0a, 0x82, 0x01, 0x0f]);
        assert_eq!(access, Ok(UserAccess { slot_last: 10, is_enabled: Some(false), privilege: 15, may_send: false }));
    }
}
