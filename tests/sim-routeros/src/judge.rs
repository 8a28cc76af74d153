//! Does the simulator take and refuse what the public command trees say?
//!
//! The trees decide which arguments exist where they are at hand. This looks at the outcome again, from the outside: what was
//! done must be in the tree, and what was refused as unknown must not be. It would notice a command that answers without a
//! look at the tree, and a tree that is read wrongly.

use crate::calls::Call;
use crate::tree::Tree;

/// What is said by the API itself and stands in no tree.
const OF_THE_API: &[&str] = &["login", "listen", "cancel", "quit"];

/// What is wrong with a call and its outcome; nothing if all is well or if no public tree is at hand.
pub(crate) fn problem(tree: &Tree, call: &Call) -> Option<String> {
    let (menu, command) = call.command.rsplit_once('/')?;
    if !tree.is_shared || OF_THE_API.contains(&command) {
        return None;
    }
    let known = tree.root.at(menu).filter(|node| node.is_menu()).and_then(|node| node.command(command));
    let foreign = |name: &&str| !name.starts_with('.') && !known.is_some_and(|node| node.children.contains_key(name.trim_start_matches('!')));
    let foreign = call.arguments.iter().map(|(name, _)| name.as_str()).find(foreign);
    match (&call.refused, known, foreign) {
        (None, None, _) => Some("it was done, and the release has no such command".to_owned()),
        (None, Some(_), Some(name)) => Some(format!("it was done, and the release has no argument {name}")),
        (Some(words), None, _) if !words.starts_with("no such command") => Some(format!("no such command, and it was refused with `{words}`")),
        (Some(words), Some(_), None) if words.starts_with("unknown parameter") || words == "no such command prefix" => {
            Some(format!("the release has it, and it was refused with `{words}`"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Via;
    use crate::tree::{Node, NodeKind};

    fn judged(command: &str, argument: &str, refused: Option<&str>) -> bool {
        let mut root = Node::new(NodeKind::Directory);
        let mut menu = Node::new(NodeKind::Directory);
        let mut add = Node::new(NodeKind::Command);
        add.children.insert("name".to_owned(), Node::new(NodeKind::Argument));
        menu.children.insert("add".to_owned(), add);
        root.children.insert("pool".to_owned(), menu);
        let call = Call {
            via: Via::Api,
            command: command.to_owned(),
            arguments: vec![(argument.to_owned(), String::new())],
            refused: refused.map(str::to_owned),
        };
        problem(&Tree { root, is_shared: true }, &call).is_none()
    }

    #[test]
    fn an_outcome_that_the_tree_does_not_allow_is_found() {
        assert!(judged("/pool/add", "name", None));
        assert!(judged("/pool/add", ".id", Some("no such item")));
        assert!(judged("/pool/add", "colour", Some("unknown parameter colour")));
        assert!(judged("/login", "name", None));
        assert!(!judged("/pool/add", "colour", None));
        assert!(!judged("/pool/fly", "name", None));
        assert!(!judged("/pool/add", "name", Some("unknown parameter name")));
        assert!(!judged("/pool/fly", "name", Some("failure: no")));
    }
}
