//! Which machine is this? GUID, serial numbers, and the address of the BMC's network interface.

use engine_api::{EngineError, ErrorKind};

use super::client::Client;
use super::command::device::{GetDeviceId, GetSystemGuid};
use super::command::fru::{GetFruSize, INVENTORY_BYTES_MAX, Inventory, ReadFru};
use super::command::lan::GetMacAddress;
use crate::driver::Identity;

/// Every BMC can send so much of an inventory at once.
const PIECE_BYTES: u8 = 16;

/// A part that the BMC does not have is left out; a part that cannot be read now is an error, because a name that is made of
/// what happened to be readable would be another name tomorrow.
pub(super) async fn read(client: &mut Client) -> Result<Identity, EngineError> {
    let device = client.ask(&GetDeviceId).await?;
    let guid = client.ask_if_there(&GetSystemGuid).await?.flatten();
    let inventory = inventory(client).await?;
    let serial = inventory.product_serial.or(inventory.chassis_serial).or(inventory.board_serial);
    let mac = match client.ask_if_there(&GetMacAddress).await {
        // Not every account may ask, and the name is made of something else.
        Err(error) if error.kind == ErrorKind::Unauthorised && (guid.is_some() || serial.is_some()) => None,
        told => told?.flatten(),
    };
    Ok(Identity {
        guid,
        serial,
        mac,
        manufacturer: Some(inventory.manufacturer.unwrap_or_else(|| format!("manufacturer {}", device.manufacturer))),
        product: Some(inventory.product.unwrap_or_else(|| format!("product 0x{:04x}", device.product))),
        firmware: device.firmware,
    })
}

async fn inventory(client: &mut Client) -> Result<Inventory, EngineError> {
    let Some(size) = client.ask_if_there(&GetFruSize).await? else { return Ok(Inventory::default()) };
    let size = size.min(INVENTORY_BYTES_MAX);
    let mut bytes = Vec::with_capacity(usize::from(size));
    while let Some(left) = size.checked_sub(bytes.len() as u16).filter(|left| *left > 0) {
        let count = left.min(u16::from(PIECE_BYTES)) as u8;
        // What is behind the end of the data is not an error on every BMC, and no loss.
        match client.ask_if_there(&ReadFru { offset: bytes.len() as u16, count }).await? {
            Some(piece) if !piece.is_empty() => bytes.extend(piece),
            _ => break,
        }
    }
    Ok(Inventory::read(&bytes))
}
