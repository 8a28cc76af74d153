//! Which menus and arguments does this router have? It is asked itself; what it does not know, a newer version may.

use std::collections::BTreeSet;

use engine_api::EngineError;

use crate::wire::{Command, Connection};

/// `<version> <menu> [argument]`: what came with a version, by the command trees of 7.15, 7.18, 7.20 and 7.24. What came in between
/// stands at the next of the four.
const SINCE: &str = include_str!("since.txt");

/// The arguments of a command of a menu: `add`, `set`. `None`: the router has no such menu, or no such command in it.
pub(crate) async fn arguments(connection: &mut Connection, menu: &str, command: &str) -> Result<Option<BTreeSet<String>>, EngineError> {
    let path = format!("{menu}/{command}").trim_start_matches('/').replace('/', ",");
    let asked = Command::new("/console/inspect").argument("request", "child").argument("path", &path);
    let answer = connection.read(asked).await.map_err(|failure| failure.into_error(format!("ask the router about `{menu}`")))?;
    if answer.rows.is_empty() {
        return Ok(None);
    }
    let children = answer.rows.into_iter().filter(|row| row.get("type").is_some_and(|kind| kind == "child"));
    Ok(Some(children.filter_map(|mut row| row.remove("name")).collect()))
}

/// The version that brought a menu, or an argument of it, as far as our table says.
pub(crate) fn since(menu: &str, argument: Option<&str>) -> Option<&'static str> {
    SINCE.lines().find_map(|line| {
        let mut words = line.split(' ');
        let (version, known) = (words.next()?, words.next()?);
        (known == menu && words.next() == argument).then_some(version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_knows_what_came_later() {
        assert_eq!(since("/safe-mode", None), Some("7.18"));
        assert_eq!(since("/ip/dns", Some("mdns-repeat-ifaces")), Some("7.18"));
        assert_eq!(since("/ip/dns", Some("servers")), None);
        assert!(SINCE.lines().all(|line| (2..=3).contains(&line.split(' ').count())));
    }
}
