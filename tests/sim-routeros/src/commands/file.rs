//! `/file/read`, and how the router itself writes files.

use super::{Answer, Caller, Request, add};
use crate::clock;
use crate::trap::Trap;
use crate::world::{Item, World};

/// The most that one read gives.
const CHUNK_BYTES_MAX: usize = 32_768;

/// A part of a file's text: `offset` and `chunk-size` in bytes.
pub(super) fn read(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    let name = request.argument("file").ok_or_else(|| Trap::missing("file"))?;
    let number = |name: &str| request.argument(name).map(|text| text.parse::<usize>().map_err(|_| Trap::invalid_value(name))).transpose();
    let offset = number("offset")?.unwrap_or_default();
    let size = number("chunk-size")?.ok_or_else(|| Trap::missing("chunk-size"))?;
    if size > CHUNK_BYTES_MAX {
        return Err(Trap::out_of_range("chunk-size", 0, 32_768));
    }
    let text = world.config.entries("/file").named(name).ok_or_else(Trap::no_such_item)?.get("contents").unwrap_or_default();
    let bytes = text.as_bytes();
    let part = &bytes[offset.min(bytes.len())..offset.saturating_add(size).min(bytes.len())];
    Ok(Answer::rows(vec![vec![("data".to_owned(), String::from_utf8_lossy(part).into_owned())]]))
}

/// Writes a file, in the place of one with the same name.
pub(super) fn write(world: &mut World, name: &str, kind: &str, text: &str) {
    let Some(menu) = world.menu("/file") else { return };
    let now = clock::date_time(world.clock.now_s());
    let id = match world.config.entries("/file").named(name) {
        Some(item) => item.id,
        None => world.config.next_id(&menu),
    };
    let values = [("name", name), ("type", kind), ("contents", text), ("creation-time", &now), ("last-modified", &now)];
    let item = Item::new(id, values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
    let entries = world.config.entries_mut("/file");
    match entries.position(id) {
        Some(_) => entries.replace(&menu, item),
        None => entries.insert(&menu, usize::MAX, item),
    }
    world.tell(&menu, id, false);
}

/// `/file/add`: the name gets the ending of a text if it has none.
pub(super) fn add(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let mut request = request.clone();
    for (name, value) in &mut request.arguments {
        if name == "name" && !value.contains('.') {
            value.push_str(".txt");
        }
    }
    add::run(world, caller, &request)
}
