//! Inventory, sensors, events: IPMI 2.0, chapter 31 to 35.

use super::{Answer, NOT_PRESENT, WRONG_LENGTH, done, refused};
use crate::world::World;

/// More than this in one answer is refused.
const TOO_MUCH: u8 = 0xca;
const CANCELLED: u8 = 0xc5;

pub(super) fn inventory_size(world: &mut World, _: u32, _: &[u8]) -> Answer {
    let [low, high] = (world.machine.inventory.len() as u16).to_le_bytes();
    done([low, high, 0])
}

pub(super) fn inventory(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [_, low, high, count] = data else { return refused(WRONG_LENGTH) };
    let offset = usize::from(u16::from_le_bytes([*low, *high]));
    if usize::from(*count) > world.kit.piece_max {
        return refused(TOO_MUCH);
    }
    let rest = world.machine.inventory.get(offset..).unwrap_or_default();
    let piece = &rest[..rest.len().min(usize::from(*count))];
    done([&[piece.len() as u8], piece].concat())
}

pub(super) fn repository_info(world: &mut World, _: u32, _: &[u8]) -> Answer {
    let count = (world.machine.sensors.len() as u16).to_le_bytes();
    done([&[0x51], &count[..], &[0xff, 0xff], &[1, 0, 0, 0], &[0, 0, 0, 0], &[0x02]].concat())
}

pub(super) fn reserve(world: &mut World, _: u32, _: &[u8]) -> Answer {
    world.machine.reservation += 1;
    done(world.machine.reservation.to_le_bytes())
}

pub(super) fn record(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [r0, r1, i0, i1, offset, count] = data else { return refused(WRONG_LENGTH) };
    if u16::from_le_bytes([*r0, *r1]) != world.machine.reservation {
        return refused(CANCELLED);
    }
    let id = usize::from(u16::from_le_bytes([*i0, *i1]));
    let Some(sensor) = world.machine.sensors.get(id) else { return refused(NOT_PRESENT) };
    let record = sensor.record(id as u16);
    let wanted = if *count == 0xff { record.len() } else { usize::from(*count) };
    if wanted > world.kit.piece_max {
        return refused(TOO_MUCH);
    }
    let rest = record.get(usize::from(*offset)..).unwrap_or_default();
    let next = if id + 1 < world.machine.sensors.len() { id as u16 + 1 } else { 0xffff };
    done([&next.to_le_bytes(), &rest[..rest.len().min(wanted)]].concat())
}

pub(super) fn reading(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [number] = data else { return refused(WRONG_LENGTH) };
    let Some(sensor) = world.machine.sensors.iter().find(|sensor| sensor.number == *number) else { return refused(NOT_PRESENT) };
    let [low, high] = sensor.states.to_le_bytes();
    done([sensor.reading, 0xc0, low, high])
}

pub(super) fn log_info(world: &mut World, _: u32, _: &[u8]) -> Answer {
    let count = (world.machine.events.len() as u16).to_le_bytes();
    let flags = 0x02 | if world.machine.events_lost { 0x80 } else { 0 };
    done([&[0x51], &count[..], &[0xff, 0x00], &[0; 8], &[flags]].concat())
}

pub(super) fn log_entry(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [_, _, i0, i1, _, _] = data else { return refused(WRONG_LENGTH) };
    let events = &world.machine.events;
    let index = match u16::from_le_bytes([*i0, *i1]) {
        0 => 0,
        0xffff => events.len().saturating_sub(1),
        id => usize::from(id) - 1,
    };
    let Some(event) = events.get(index) else { return refused(NOT_PRESENT) };
    let next = if index + 1 < events.len() { index as u16 + 2 } else { 0xffff };
    done([&next.to_le_bytes()[..], event].concat())
}

pub(super) fn clear_log(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [r0, r1, b'C', b'L', b'R', action] = data else { return refused(WRONG_LENGTH) };
    if u16::from_le_bytes([*r0, *r1]) != world.machine.reservation {
        return refused(CANCELLED);
    }
    if *action == 0xaa {
        world.machine.events.clear();
        world.machine.events_lost = false;
    }
    done([0x01])
}
