//! What does a BMC say of the serial console, and how are its numbers called?

use engine_api::EngineError;

use super::client::Client;
use super::command::console::{AUTHENTICATION, ENABLED, GetConsole, LASTING_BIT_RATE};
use crate::driver::{Console, Role};

/// Table 26-5, parameter 5. Zero is the rate of another setting, which is nobody's wish.
const BIT_RATES: &[(u8, u32)] = &[(6, 9_600), (7, 19_200), (8, 38_400), (9, 57_600), (10, 115_200)];
const ROLES: &[(u8, Role)] = &[(2, Role::User), (3, Role::Operator), (4, Role::Administrator)];
const LOW_HALF: u8 = 0x0f;

/// `None`: the BMC has no console over the network.
pub(super) async fn read(client: &mut Client) -> Result<Option<Console>, EngineError> {
    let Some(enabled) = client.ask_if_there(&GetConsole { parameter: ENABLED }).await? else { return Ok(None) };
    let authentication = client.ask_if_there(&GetConsole { parameter: AUTHENTICATION }).await?;
    let rate = client.ask_if_there(&GetConsole { parameter: LASTING_BIT_RATE }).await?;
    Ok(Some(Console { is_enabled: Some(enabled & 1 != 0), role: authentication.map(role), bit_rate: rate.and_then(bit_rate) }))
}

fn role(byte: u8) -> Role {
    ROLES.iter().find(|(number, _)| *number == byte & LOW_HALF).map_or(Role::Other, |(_, role)| *role)
}

fn bit_rate(byte: u8) -> Option<u32> {
    BIT_RATES.iter().find(|(number, _)| *number == byte & LOW_HALF).map(|(_, rate)| *rate)
}

pub(super) fn number_of_role(role: Role) -> Option<u8> {
    ROLES.iter().find(|(_, known)| *known == role).map(|(number, _)| *number)
}

pub(super) fn number_of_bit_rate(rate: u32) -> Option<u8> {
    BIT_RATES.iter().find(|(_, known)| *known == rate).map(|(number, _)| *number)
}

/// The byte with another privilege; how sessions are protected stays.
pub(super) fn with_role(byte: u8, number: u8) -> u8 {
    byte & !LOW_HALF | number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_there_and_back() {
        for (number, rate) in BIT_RATES {
            assert_eq!((bit_rate(*number), number_of_bit_rate(*rate)), (Some(*rate), Some(*number)));
        }
        for (number, known) in ROLES {
            assert_eq!((role(0xc0 | number), number_of_role(*known)), (*known, Some(*number)));
        }
        assert_eq!((bit_rate(0), number_of_bit_rate(1_200), role(5), number_of_role(Role::Other)), (None, None, Role::Other, None));
        assert_eq!(with_role(0xc4, 3), 0xc3);
    }
}
