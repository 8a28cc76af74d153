//! Which commands are given to a BMC? One type for each, which knows its numbers, its data and what the answer means.

use zeroize::Zeroizing;

use super::lan::MalformedPacket;

pub(super) mod boot;
pub(super) mod chassis;
pub(super) mod console;
pub(super) mod device;
pub(super) mod fru;
pub(super) mod lan;
pub(super) mod scale;
pub(super) mod sdr;
pub(super) mod sel;
pub(super) mod sensor;
pub(super) mod user;

const CHASSIS: u8 = 0x00;
const SENSOR: u8 = 0x04;
const APPLICATION: u8 = 0x06;
const STORAGE: u8 = 0x0a;
const TRANSPORT: u8 = 0x0c;

/// The channel that the session came in by.
const THIS_CHANNEL: u8 = 0x0e;

/// A command that reads, or the part of a writing one that all commands share.
pub(super) trait Command {
    const FUNCTION: u8;
    const COMMAND: u8;
    /// What it is for, in words that follow "could not".
    const ATTEMPT: &'static str;
    /// A code of the command's own by which the BMC says that it is busy and has done nothing.
    const BUSY: Option<u8> = None;
    type Reply;

    fn data(&self) -> Zeroizing<Vec<u8>>;

    fn read(data: &[u8]) -> Result<Self::Reply, MalformedPacket>;
}

/// A command that changes something: it is given with a permit of the gate only.
pub(super) trait Change: Command<Reply = ()> {
    /// Giving it twice differs from giving it once.
    const TAKES_EFFECT_EACH_TIME: bool = false;
}

/// The data of a command without a secret in it.
fn plain(bytes: impl Into<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(bytes.into())
}

/// What an answer that holds too little is.
const CUT_OFF: MalformedPacket = MalformedPacket("its answer is cut off");

/// A number of two bytes at a place of an answer.
fn word(data: &[u8], at: usize) -> Result<u16, MalformedPacket> {
    data.get(at..at + 2).and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes).ok_or(CUT_OFF)
}

fn byte(data: &[u8], at: usize) -> Result<u8, MalformedPacket> {
    data.get(at).copied().ok_or(CUT_OFF)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_answer_to_any_command_is_read_without_a_panic(data in prop::collection::vec(any::<u8>(), 0..255)) {
            let _ = boot::GetBootFlags::read(&data);
            let _ = chassis::GetChassisStatus::read(&data);
            let _ = console::GetConsole::read(&data);
            let _ = device::GetDeviceId::read(&data);
            let _ = device::GetSystemGuid::read(&data);
            let _ = fru::GetFruSize::read(&data);
            let _ = fru::ReadFru::read(&data);
            let _ = lan::GetMacAddress::read(&data);
            let _ = lan::GetLanParameter::<4>::read(&data);
            let _ = sdr::GetRepositoryInfo::read(&data);
            let _ = sdr::ReserveRepository::read(&data);
            let _ = sdr::GetRecord::read(&data);
            let _ = sel::GetLogInfo::read(&data);
            let _ = sel::ReserveLog::read(&data);
            let _ = sel::GetEntry::read(&data);
            let _ = sensor::GetReading::read(&data);
            let _ = user::GetUserAccess::read(&data);
            let _ = user::GetUserName::read(&data);
        }
    }
}
