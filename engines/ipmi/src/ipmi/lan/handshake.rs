//! What is said to open a session? Open Session and RAKP 1 to 4: IPMI 2.0, section 13.17 to 13.24. Bytes and codes only, no network.

use zeroize::Zeroizing;

use super::MalformedPacket;
use super::cipher::Suite;
use super::keys::{SessionKeys, code, same};

/// Bytes of a user name that fit into the handshake.
pub(crate) const USER_NAME_BYTES_MAX: usize = 16;
/// Ask the BMC to find the user by name alone, whatever its privilege.
const BY_NAME_ALONE: u8 = 0x10;

/// Status of a setup message that is not "no errors": IPMI 2.0, table 13-15.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) u8);

/// Why a handshake did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    Refused(Refusal),
    Malformed(MalformedPacket),
    /// The BMC answers with other algorithms than those it was asked for.
    AnotherSuite,
    /// The BMC does not know the password that we have; so either is wrong, or somebody is in between.
    WrongCode,
}

impl From<MalformedPacket> for Stopped {
    fn from(malformed: MalformedPacket) -> Self {
        Self::Malformed(malformed)
    }
}

/// What we know and chose before the first message. The console's id and number are random for each try.
pub(super) struct Console<'a> {
    pub(super) suite: Suite,
    pub(super) id: u32,
    pub(super) random: [u8; 16],
    pub(super) privilege: u8,
    pub(super) user: &'a str,
    pub(super) password: &'a [u8],
    /// The BMC's own key, where its administrator has set one.
    pub(super) bmc_key: Option<&'a [u8]>,
}

/// What the BMC said in its two first messages.
pub(super) struct Challenge {
    pub(super) bmc_id: u32,
    bmc_random: [u8; 16],
    bmc_guid: [u8; 16],
}

impl Console<'_> {
    /// Open Session Request. Each algorithm is a record of eight bytes.
    pub(super) fn open_request(&self) -> Vec<u8> {
        let mut bytes = vec![self.tag(), self.privilege, 0, 0];
        bytes.extend(self.id.to_le_bytes());
        for (kind, algorithm) in self.suite.algorithms().into_iter().enumerate() {
            bytes.extend([kind as u8, 0, 0, 8, algorithm, 0, 0, 0]);
        }
        bytes
    }

    /// The session id that the BMC chose for itself.
    pub(super) fn read_open_reply(&self, payload: &[u8]) -> Result<u32, Stopped> {
        self.check_beginning(payload, 4)?;
        let accepted: [u8; 3] = [16, 24, 32].map(|at| payload.get(at).copied().unwrap_or(u8::MAX) & 0x3f);
        if accepted != self.suite.algorithms() {
            return Err(Stopped::AnotherSuite);
        }
        let id = number(payload, 8).filter(|id| *id != 0);
        id.ok_or(MalformedPacket("the BMC gave no session id").into())
    }

    pub(super) fn rakp1(&self, bmc_id: u32) -> Vec<u8> {
        let mut bytes = vec![self.tag(), 0, 0, 0];
        bytes.extend(bmc_id.to_le_bytes());
        bytes.extend(self.random);
        bytes.extend([self.role(), 0, 0, self.user.len() as u8]);
        bytes.extend(self.user.as_bytes());
        bytes
    }

    /// Checks that the BMC knows the password.
    pub(super) fn read_rakp2(&self, bmc_id: u32, payload: &[u8]) -> Result<Challenge, Stopped> {
        self.check_beginning(payload, 4)?;
        let array = |at: usize| payload.get(at..at + 16).and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
        let (Some(bmc_random), Some(bmc_guid)) = (array(8), array(24)) else {
            return Err(MalformedPacket("the BMC's challenge is cut off").into());
        };
        let challenge = Challenge { bmc_id, bmc_random, bmc_guid };
        let expected = self.code(&[&self.id.to_le_bytes(), &bmc_id.to_le_bytes(), &self.random, &bmc_random, &bmc_guid, &self.names()]);
        let given = payload.get(40..40 + self.suite.code_bytes()).unwrap_or_default();
        if same(&expected, given) { Ok(challenge) } else { Err(Stopped::WrongCode) }
    }

    pub(super) fn rakp3(&self, challenge: &Challenge) -> Vec<u8> {
        let mut bytes = vec![self.tag(), 0, 0, 0];
        bytes.extend(challenge.bmc_id.to_le_bytes());
        bytes.extend(self.code(&[&challenge.bmc_random, &self.id.to_le_bytes(), &self.names()]).iter());
        bytes
    }

    /// Checks that the BMC came to the same keys, and gives them.
    pub(super) fn read_rakp4(&self, challenge: &Challenge, payload: &[u8]) -> Result<SessionKeys, Stopped> {
        self.check_beginning(payload, 4)?;
        let session_key = code(self.suite, self.bmc_key.unwrap_or(self.password), &[&self.random, &challenge.bmc_random, &self.names()]);
        let expected = code(self.suite, &session_key, &[&self.random, &challenge.bmc_id.to_le_bytes(), &challenge.bmc_guid]);
        let length = self.suite.trailer_bytes();
        let given = payload.get(8..8 + length).unwrap_or_default();
        if same(&expected[..length], given) { Ok(SessionKeys::derive(self.suite, &session_key)) } else { Err(Stopped::WrongCode) }
    }

    /// One tag for each try: what belongs to an earlier one is not taken for an answer.
    fn tag(&self) -> u8 {
        self.random[0]
    }

    fn role(&self) -> u8 {
        self.privilege | BY_NAME_ALONE
    }

    /// Role, length of the name, name: a part of every code.
    fn names(&self) -> Vec<u8> {
        let mut bytes = vec![self.role(), self.user.len() as u8];
        bytes.extend(self.user.as_bytes());
        bytes
    }

    fn code(&self, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
        code(self.suite, self.password, parts)
    }

    /// Tag, status, and our own id.
    fn check_beginning(&self, payload: &[u8], id_at: usize) -> Result<(), Stopped> {
        let [tag, status, ..] = payload else { return Err(MalformedPacket("a setup message is cut off").into()) };
        if *tag != self.tag() {
            return Err(MalformedPacket("it answers another try").into());
        }
        if *status != 0 {
            return Err(Stopped::Refused(Refusal(*status)));
        }
        if number(payload, id_at) != Some(self.id) {
            return Err(MalformedPacket("it belongs to another session").into());
        }
        Ok(())
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn console(suite: Suite) -> Console<'static> {
        Console { suite, id: 0x0403_0201, random: [7; 16], privilege: 4, user: "admin", password: b"password", bmc_key: None }
    }

    #[test]
    fn a_refusal_is_told_and_a_strange_answer_is_not_taken() {
        let console = console(Suite::Seventeen);
        let refused = console.read_open_reply(&[7, 0x11, 0, 0, 1, 2, 3, 4]);
        assert_eq!(refused, Err(Stopped::Refused(Refusal(0x11))));
        assert!(matches!(console.read_open_reply(&[8, 0, 0, 0, 1, 2, 3, 4]), Err(Stopped::Malformed(_))));
        assert!(matches!(console.read_open_reply(&[7]), Err(Stopped::Malformed(_))));
    }

    #[test]
    fn weaker_algorithms_than_those_asked_for_are_not_taken() {
        let console = console(Suite::Seventeen);
        let mut payload = vec![7, 0, 4, 0, 1, 2, 3, 4, 9, 0, 0, 0];
        for (kind, algorithm) in [1, 1, 1].into_iter().enumerate() {
            payload.extend([kind as u8, 0, 0, 8, algorithm, 0, 0, 0]);
        }
        assert_eq!(console.read_open_reply(&payload), Err(Stopped::AnotherSuite));
        for (at, algorithm) in [(16, 3), (24, 4), (32, 1)] {
            payload[at] = algorithm;
        }
        assert_eq!(console.read_open_reply(&payload), Ok(9));
    }

    proptest! {
        #[test]
        fn any_answer_is_read_without_a_panic(seventeen: bool, mut payload in prop::collection::vec(any::<u8>(), 0..100), well_begun: bool) {
            let console = console(if seventeen { Suite::Seventeen } else { Suite::Three });
            if well_begun && payload.len() >= 8 {
                payload[..8].copy_from_slice(&[7, 0, 0, 0, 1, 2, 3, 4]);
            }
            let _ = console.read_open_reply(&payload);
            prop_assert!(console.read_rakp2(9, &payload).is_err());
            let challenge = Challenge { bmc_id: 9, bmc_random: [1; 16], bmc_guid: [2; 16] };
            prop_assert!(console.read_rakp4(&challenge, &payload).is_err());
        }
    }
}
