//! `/console/inspect`: the command tree itself, for those who learn it from the router.

use super::{Answer, Caller, Request, Row};
use crate::trap::Trap;
use crate::tree::{Node, NodeKind};
use crate::world::World;

/// `path` is the way down the tree, separated by commas; `request` says what is asked about its end.
pub(super) fn run(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    let asked = request.argument("request").ok_or_else(|| Trap::missing("request"))?;
    let path = request.argument("path").unwrap_or_default().replace(',', "/");
    let Some(node) = world.tree.root.at(&path) else { return Ok(Answer::rows(Vec::new())) };
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut rows = Vec::new();
    for asked in asked.split(',') {
        match asked {
            "self" => rows.push(node_row("self", name, node)),
            "child" => {
                rows.push(node_row("self", name, node));
                rows.extend(node.children.iter().map(|(name, child)| node_row("child", name, child)));
            }
            "syntax" => rows.extend(syntax(name, node)),
            "completion" => rows.extend(node.children.iter().map(|(name, child)| completion(name, child))),
            "highlight" | "error" => {}
            _ => return Err(Trap::not_a_value_of("request")),
        }
    }
    Ok(Answer::rows(rows))
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn node_row(kind: &str, name: &str, node: &Node) -> Row {
    vec![pair("type", kind), pair("name", name), pair("node-type", node.kind.as_str())]
}

/// What the console says of an argument's values.
fn syntax(name: &str, node: &Node) -> Option<Row> {
    let text = (node.kind == NodeKind::Argument && !node.description.is_empty()).then_some(&node.description)?;
    Some(vec![
        pair("type", "syntax"),
        pair("symbol", name),
        pair("symbol-type", "explanation"),
        pair("nested", "0"),
        pair("nonorm", "false"),
        pair("text", text),
    ])
}

fn completion(name: &str, node: &Node) -> Row {
    vec![
        pair("type", "completion"),
        pair("completion", name),
        pair("offset", "0"),
        pair("preference", "96"),
        pair("show", "true"),
        pair("style", node.kind.as_str()),
        pair("text", &node.description),
    ]
}
