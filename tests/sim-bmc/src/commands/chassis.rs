//! Power, boot options, light: IPMI 2.0, chapter 28.

use super::{Answer, NOT_IN_THIS_STATE, WRONG_LENGTH, WRONG_VALUE, done, refused};
use crate::world::World;

pub(super) fn status(world: &mut World, _: u32, _: &[u8]) -> Answer {
    let machine = &world.machine;
    done([u8::from(machine.on) | machine.restore_policy << 5, 0x00, 0x40])
}

pub(super) fn control(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let machine = &mut world.machine;
    match (data, machine.on) {
        ([0], _) => machine.on = false,
        ([1], false) => machine.start(),
        ([1], true) => {}
        ([2 | 3], false) => return refused(NOT_IN_THIS_STATE),
        ([2], true) => {
            machine.cycles += 1;
            machine.start();
        }
        ([3], true) => {
            machine.resets += 1;
            machine.start();
        }
        ([4], _) => {}
        ([5], _) => machine.on &= machine.ignores_shutdown,
        ([_], _) => return refused(WRONG_VALUE),
        _ => return refused(WRONG_LENGTH),
    }
    done([])
}

pub(super) fn identify(world: &mut World, _: u32, data: &[u8]) -> Answer {
    world.machine.identified_s.push(data.first().copied().unwrap_or(15));
    done([])
}

pub(super) fn restore_policy(world: &mut World, _: u32, data: &[u8]) -> Answer {
    match data {
        [policy @ 0..=2] => world.machine.restore_policy = *policy,
        [3] => {}
        _ => return refused(WRONG_VALUE),
    }
    done([0x07])
}

pub(super) fn set_boot_option(world: &mut World, _: u32, data: &[u8]) -> Answer {
    match data {
        [0, progress] => world.machine.set_in_progress = *progress == 1,
        [4, _, _] => {}
        [5, flags @ ..] if flags.len() == 5 => {
            let mut kept = [0; 5];
            kept.copy_from_slice(flags);
            kept[0] &= !world.kit.boot_bits_dropped;
            world.machine.boot_flags = kept;
        }
        [_, ..] => return refused(0x80),
        [] => return refused(WRONG_LENGTH),
    }
    done([])
}

pub(super) fn boot_option(world: &mut World, _: u32, data: &[u8]) -> Answer {
    match data {
        [0, ..] => done([0x01, 0x00, u8::from(world.machine.set_in_progress)]),
        [5, ..] => done([&[0x01, 0x05], &world.machine.boot_flags[..]].concat()),
        _ => refused(0x80),
    }
}
