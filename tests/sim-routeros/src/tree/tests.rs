use super::{Node, own, shared};
use crate::tables::{self, Shape};
use crate::version::Version;

/// What a tree has at each command that our tables make: menu, command and argument.
fn missing_in(tree: &Node, other: &Node, path: &str, missing: &mut Vec<String>) {
    for (name, node) in &tree.children {
        let here = format!("{path}/{name}");
        match other.children.get(name) {
            Some(found) => missing_in(node, found, &here, missing),
            None => missing.push(here),
        }
    }
}

#[test]
fn our_tree_has_nothing_that_the_public_one_lacks() {
    for version in Version::ALL {
        let Some(public) = shared::read(version) else { return };
        let mut missing = Vec::new();
        missing_in(&own::tree(version), &public, "", &mut missing);
        // `stats` belongs to some menus only; a print with it is harmless on the others.
        missing.retain(|path| !path.ends_with("/print/stats"));
        assert_eq!(missing, Vec::<String>::new(), "RouterOS {version}");
    }
}

#[test]
fn our_tables_have_every_argument_of_their_menus() {
    for version in Version::ALL {
        let Some(public) = shared::read(version) else { return };
        let own = own::tree(version);
        for menu in tables::all().iter().filter_map(|menu| menu.at(version)) {
            let commands: &[&str] = if menu.shape == Shape::Single || menu.shape == Shape::Fixed { &["set"] } else { &["add", "set"] };
            for command in commands {
                let path = format!("{}/{command}", menu.path);
                let (Some(ours), Some(theirs)) = (own.at(&path), public.at(&path)) else { panic!("{path} is in both trees of {version}") };
                let lacking: Vec<_> = theirs.children.keys().filter(|name| !ours.children.contains_key(*name)).collect();
                assert_eq!(lacking, Vec::<&String>::new(), "{path} of RouterOS {version}");
            }
        }
    }
}
