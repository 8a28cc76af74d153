//! `/interface`: all interfaces in one list.

use super::{Answer, Caller, Request, Row, execute_set, get as get_value, print as print_rows, set as set_values};
use crate::trap::Trap;
use crate::world::{ItemId, World, kind_of};

pub(super) fn print(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    print_rows::answer(rows(world), request)
}

pub(super) fn get(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    let wanted = [".id", "number"].iter().find_map(|name| request.argument(name)).ok_or_else(|| Trap::missing("number"))?;
    let is_wanted = |row: &Row| row.iter().any(|(name, value)| matches!(name.as_str(), ".id" | "name") && value == wanted);
    let row = rows(world).into_iter().find(is_wanted).ok_or_else(Trap::no_such_item)?;
    get_value::value(row, request)
}

fn rows(world: &World) -> Vec<Row> {
    let row = |(menu, item): (&crate::tables::Menu, &crate::world::Item)| {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut row = vec![pair(".id", &item.id.to_string())];
        for name in ["name", "default-name", "mtu", "l2mtu", "mac-address", "comment"] {
            row.extend(item.effective(menu, name).map(|value| pair(name, value)));
        }
        row.push(pair("type", kind_of(&menu.path)));
        row.push(pair("running", &(!item.is_disabled()).to_string()));
        row.push(pair("disabled", &item.is_disabled().to_string()));
        row
    };
    let mut rows: Vec<(ItemId, Row)> = world.interfaces().map(|(menu, item)| (item.id, row((menu, item)))).collect();
    rows.sort_by_key(|(id, _)| *id);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The same request to the menu that the interface belongs to.
fn in_its_menu(world: &World, request: &Request) -> Result<Request, Trap> {
    let text = [".id", "numbers"].iter().find_map(|name| request.argument(name)).ok_or_else(|| Trap::missing("numbers"))?;
    let found = match ItemId::parse(text) {
        Some(id) => world.interface_by_id(id),
        None => world.interface(text),
    };
    let (menu, _) = found.ok_or_else(Trap::no_such_item)?;
    Ok(Request { menu: menu.path.clone(), ..request.clone() })
}

pub(super) fn set(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let request = in_its_menu(world, request)?;
    set_values::run(world, caller, &request)
}

pub(super) fn enable(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let request = in_its_menu(world, request)?;
    execute_set(world, caller, &request, "disabled", "no")
}

pub(super) fn disable(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let request = in_its_menu(world, request)?;
    execute_set(world, caller, &request, "disabled", "yes")
}

pub(super) fn comment(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let request = in_its_menu(world, request)?;
    super::comment::run(world, caller, &request)
}
