//! `/system/resource`, `/system/package`, `/system/history` and `/log`: what the router says of itself.

use super::{Answer, Caller, Request, Row, get as get_value, print as print_rows};
use crate::clock;
use crate::trap::Trap;
use crate::values::format_duration;
use crate::world::World;

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

pub(super) fn resource(world: &mut World, _: &Caller, _: &Request) -> Result<Answer, Trap> {
    Ok(Answer::rows(vec![resource_row(world)]))
}

pub(super) fn resource_value(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    get_value::value(resource_row(world), request)
}

fn resource_row(world: &World) -> Row {
    vec![
        pair("uptime", format_duration(crate::values::whole_seconds(world.clock.uptime_s()))),
        pair("version", format!("{} (stable)", world.version)),
        pair("build-time", "2026-01-01 00:00:00"),
        pair("free-memory", "805306368"),
        pair("total-memory", "1073741824"),
        pair("cpu", "QEMU"),
        pair("cpu-count", "1"),
        pair("cpu-load", "1"),
        pair("free-hdd-space", "93196288"),
        pair("total-hdd-space", "93564928"),
        pair("architecture-name", "x86_64"),
        pair("board-name", "CHR"),
        pair("platform", "MikroTik"),
    ]
}

/// A virtual router is known by the identity of its licence; boards have a serial number instead.
pub(super) fn license(_: &mut World, _: &Caller, _: &Request) -> Result<Answer, Trap> {
    Ok(Answer::rows(vec![vec![pair("system-id", "CnFzYjLkV7I"), pair("level", "free")]]))
}

pub(super) fn packages(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    let row = vec![pair(".id", "*1"), pair("name", "routeros"), pair("version", world.version.as_str()), pair("disabled", "false")];
    print_rows::answer(vec![row], request)
}

pub(super) fn history(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    let rows = world.history.iter().enumerate().rev().map(|(index, entry)| {
        vec![
            pair(".id", format!("*{:X}", index + 1)),
            pair("action", entry.action.clone()),
            pair("by", entry.by.clone()),
            pair("policy", "write"),
            pair("time", clock::date_time(entry.time_s)),
            pair("undoable", "true"),
            pair("floating-undo", entry.is_floating.to_string()),
        ]
    });
    print_rows::answer(rows.collect(), request)
}

pub(super) fn log(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    let rows = world.log.lines().enumerate().map(|(index, line)| {
        vec![
            pair(".id", format!("*{:X}", index + 1)),
            pair("time", clock::date_time(line.time_s)),
            pair("topics", line.topics.clone()),
            pair("message", line.message.clone()),
        ]
    });
    print_rows::answer(rows.collect(), request)
}
