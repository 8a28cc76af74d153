//! What does the tree look like that our tables make?

use super::{Node, NodeKind};
use crate::tables::{self, Menu, Shape};
use crate::version::Version;

/// The arguments of every `print` of entries.
const GENERIC_PRINT: &[&str] = &[
    "append",
    "as-value",
    "count-only",
    "detail",
    "file",
    "follow",
    "follow-only",
    "from",
    "interval",
    "proplist",
    "show-ids",
    "stats",
    "terse",
    "value-list",
    "where",
    "without-paging",
];
/// Those of lists that nobody can change.
const PLAIN_PRINT: &[&str] =
    &["as-value", "count-only", "detail", "file", "follow", "follow-only", "interval", "proplist", "terse", "where", "without-paging"];
const EXPORT: &[&str] = &["compact", "file", "hide-sensitive", "show-sensitive", "terse", "verbose", "where"];

/// Commands that belong to no table, and the release that brought them.
const COMMANDS: &[(&str, &[&str], Version)] = &[
    ("/console/inspect", &["as-value", "input", "path", "proplist", "request", "without-paging"], Version::V7_15),
    ("/export", EXPORT, Version::V7_15),
    ("/import", &["dry-run", "file-name", "from-line", "verbose"], Version::V7_18),
    ("/import", &["file-name", "from-line", "verbose"], Version::V7_15),
    ("/file/add", &["contents", "name", "type"], Version::V7_18),
    ("/file/read", &["as-value", "chunk-size", "file", "offset"], Version::V7_15),
    ("/interface/print", GENERIC_PRINT, Version::V7_15),
    ("/interface/set", &["comment", "disabled", "l2mtu", "mtu", "name", "numbers"], Version::V7_15),
    ("/interface/enable", &["numbers"], Version::V7_15),
    ("/interface/disable", &["numbers"], Version::V7_15),
    ("/interface/comment", &["comment", "numbers"], Version::V7_15),
    ("/interface/get", &["as-string", "as-string-value", "number", "value-name"], Version::V7_15),
    ("/log/print", PLAIN_PRINT, Version::V7_15),
    ("/system/backup/load", &["force-v6-to-v7-configuration-upgrade", "name", "password"], Version::V7_15),
    ("/system/backup/save", &["dont-encrypt", "encryption", "name", "password"], Version::V7_15),
    ("/system/history/print", PLAIN_PRINT, Version::V7_15),
    ("/system/package/print", PLAIN_PRINT, Version::V7_15),
    ("/system/reboot", &[], Version::V7_15),
    ("/system/license/print", &["as-value", "file", "interval", "oid", "without-paging"], Version::V7_15),
    ("/system/resource/print", &["as-value", "file", "interval", "oid", "without-paging"], Version::V7_15),
    ("/system/resource/get", &["as-string", "as-string-value", "value-name"], Version::V7_15),
    ("/system/script/run", &["number", "use-script-permissions"], Version::V7_15),
    ("/safe-mode/get", &["as-string", "as-string-value", "value-name"], Version::V7_18),
    ("/safe-mode/print", &["as-value", "file", "interval", "without-paging"], Version::V7_18),
    ("/safe-mode/release", &[], Version::V7_18),
    ("/safe-mode/take", &["on-error"], Version::V7_18),
    ("/safe-mode/toggle", &[], Version::V7_18),
    ("/safe-mode/unroll", &[], Version::V7_18),
    ("/user/active/print", PLAIN_PRINT, Version::V7_15),
    ("/user/ssh-keys/add", &["comment", "copy-from", "key", "user"], Version::V7_15),
];

pub(super) fn tree(version: Version) -> Node {
    let mut root = Node::new(NodeKind::Directory);
    for menu in tables::all().iter().filter_map(|menu| menu.at(version)) {
        add_menu(&mut root, &menu);
    }
    for (path, arguments, since) in COMMANDS.iter().filter(|(_, _, since)| version >= *since) {
        let Some((menu, command)) = path.rsplit_once('/') else { continue };
        // Of two lines for one command the newer stands first.
        let newer = COMMANDS.iter().any(|(other, _, newer)| other == path && newer > since && version >= *newer);
        if !newer {
            add_command(directory(&mut root, menu), command, arguments.iter().map(|name| (*name).to_owned()));
        }
    }
    root
}

fn add_menu(root: &mut Node, menu: &Menu) {
    let node = directory(root, &menu.path);
    let fields: Vec<String> = menu.fields.iter().filter(|field| !field.is_read_only).map(|field| field.name.clone()).collect();
    let words = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let with = |names: &[&str]| [fields.clone(), words(names)].concat();
    if menu.is_exported {
        add_command(node, "export", words(EXPORT));
    }
    if menu.shape == Shape::Single {
        add_command(node, "print", words(&["as-value", "file", "interval", "without-paging"]));
        add_command(node, "get", words(&["as-string", "as-string-value", "value-name"]));
        add_command(node, "set", fields);
        return;
    }
    add_command(node, "print", words(GENERIC_PRINT));
    add_command(node, "get", words(&["as-string", "as-string-value", "number", "value-name"]));
    add_command(node, "find", words(&["where"]));
    add_command(node, "set", with(&["numbers"]));
    if menu.field("disabled").is_some() {
        add_command(node, "enable", words(&["numbers"]));
        add_command(node, "disable", words(&["numbers"]));
    }
    if menu.has_comment() {
        add_command(node, "comment", words(&["comment", "numbers"]));
    }
    if menu.unset_since.is_some() {
        add_command(node, "unset", words(&["numbers", "value-name"]));
    }
    if menu.shape == Shape::Ordered {
        add_command(node, "move", words(&["destination", "numbers"]));
    }
    if menu.shape != Shape::Fixed {
        let place: &[&str] = if menu.shape == Shape::Ordered { &["copy-from", "place-before"] } else { &["copy-from"] };
        add_command(node, "add", with(place));
        add_command(node, "remove", words(&["numbers"]));
    }
    for command in &menu.commands {
        let arguments: &[&str] = if command.ends_with("-all") { &[] } else { &["numbers"] };
        add_command(node, command, words(arguments));
    }
}

fn directory<'root>(root: &'root mut Node, path: &str) -> &'root mut Node {
    path.split('/')
        .filter(|part| !part.is_empty())
        .fold(root, |node, part| node.children.entry(part.to_owned()).or_insert_with(|| Node::new(NodeKind::Directory)))
}

fn add_command(menu: &mut Node, name: &str, arguments: impl IntoIterator<Item = String>) {
    let mut command = Node::new(NodeKind::Command);
    command.children = arguments.into_iter().map(|argument| (argument, Node::new(NodeKind::Argument))).collect();
    menu.children.insert(name.to_owned(), command);
}
