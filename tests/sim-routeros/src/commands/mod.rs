//! What does each command do?
//!
//! One command, one file, one line in the table below.

mod active;
mod add;
mod arguments;
mod backup;
mod comment;
mod count;
mod enable;
mod export;
mod file;
mod get;
pub(crate) mod hooks;
mod inspect;
mod interface;
mod print;
pub(crate) mod query;
mod reboot;
mod remove;
mod reorder;
mod resolve;
mod run_script;
mod safe_mode;
mod set;
mod shown;
mod ssh_keys;
mod system;
mod unset;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::calls::{Call, Via};
use crate::tables::Menu;
use crate::trap::Trap;
use crate::world::World;

pub(crate) use shown::{Row, row};

/// Who asks, and what they may do.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) user: String,
    pub(crate) policies: BTreeSet<String>,
    pub(crate) via: Via,
    /// The connection, for what is bound to one; scripts and REST have none.
    pub(crate) connection: Option<u64>,
}

impl Caller {
    pub(crate) fn may(&self, policy: &str) -> bool {
        self.policies.contains(policy)
    }
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    /// Such as `/ip/address`.
    pub(crate) menu: String,
    /// Such as `add`.
    pub(crate) command: String,
    pub(crate) arguments: Vec<(String, String)>,
    /// The words of a query, without their `?`.
    pub(crate) query: Vec<String>,
    pub(crate) proplist: Option<Vec<String>>,
}

impl Request {
    /// From a path such as `/ip/address/add`.
    pub(crate) fn new(path: &str, arguments: Vec<(String, String)>) -> Self {
        let (menu, command) = path.rsplit_once('/').unwrap_or(("", path));
        Self { menu: menu.to_owned(), command: command.to_owned(), arguments, ..Self::default() }
    }

    pub(crate) fn path(&self) -> String {
        format!("{}/{}", self.menu, self.command)
    }

    pub(crate) fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

/// What a command gives back.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    pub(crate) ret: Option<String>,
}

impl Answer {
    fn nothing() -> Self {
        Self::default()
    }

    fn rows(rows: Vec<Row>) -> Self {
        Self { rows, ret: None }
    }

    fn ret(ret: impl Into<String>) -> Self {
        Self { rows: Vec::new(), ret: Some(ret.into()) }
    }
}

type Run = fn(&mut World, &Caller, &Request) -> Result<Answer, Trap>;

/// A command, the policy it takes, and the function that does it. A menu of its own stands before the commands of all menus.
struct Command {
    menu: Option<&'static str>,
    name: &'static str,
    policy: &'static str,
    run: Run,
}

const fn everywhere(name: &'static str, policy: &'static str, run: Run) -> Command {
    Command { menu: None, name, policy, run }
}

const fn only(menu: &'static str, name: &'static str, policy: &'static str, run: Run) -> Command {
    Command { menu: Some(menu), name, policy, run }
}

const COMMANDS: &[Command] = &[
    only("", "import", "write", export::import),
    only("/console", "inspect", "read", inspect::run),
    only("/file", "add", "write", file::add),
    only("/file", "read", "read", file::read),
    only("/interface", "print", "read", interface::print),
    only("/interface", "get", "read", interface::get),
    only("/interface", "set", "write", interface::set),
    only("/interface", "enable", "write", interface::enable),
    only("/interface", "disable", "write", interface::disable),
    only("/interface", "comment", "write", interface::comment),
    only("/log", "print", "read", system::log),
    only("/safe-mode", "get", "read", safe_mode::get),
    only("/safe-mode", "print", "read", safe_mode::print),
    only("/safe-mode", "release", "write", safe_mode::release),
    only("/safe-mode", "take", "write", safe_mode::take),
    only("/safe-mode", "toggle", "write", safe_mode::toggle),
    only("/safe-mode", "unroll", "write", safe_mode::unroll),
    only("/system", "reboot", "reboot", reboot::run),
    only("/system/backup", "load", "write", backup::load),
    only("/system/backup", "save", "write", backup::save),
    only("/system/history", "print", "read", system::history),
    only("/system/package", "print", "read", system::packages),
    only("/system/license", "print", "read", system::license),
    only("/system/resource", "get", "read", system::resource_value),
    only("/system/resource", "print", "read", system::resource),
    only("/system/script", "run", "test", run_script::run),
    only("/user/active", "print", "read", active::print),
    only("/user/ssh-keys", "add", "write", ssh_keys::add),
    everywhere("add", "write", add::run),
    everywhere("comment", "write", comment::run),
    everywhere("disable", "write", enable::disable),
    everywhere("enable", "write", enable::enable),
    everywhere("export", "read", export::export),
    everywhere("get", "read", get::run),
    everywhere("move", "write", reorder::run),
    everywhere("print", "read", print::run),
    everywhere("remove", "write", remove::run),
    everywhere("reset-counters", "write", count::reset),
    everywhere("reset-counters-all", "write", count::reset),
    everywhere("set", "write", set::run),
    everywhere("unset", "write", unset::run),
];

/// Commands that the tree has, and that only a terminal and scripts know.
const CONSOLE_ONLY: &[&str] = &["edit", "find"];

/// Carries a request out and writes it down.
pub(crate) fn execute(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let outcome = carry_out(world, caller, request);
    let refused = outcome.as_ref().err().map(|trap| trap.message.clone());
    let menu = world.menu(&request.menu);
    let is_secret = |name: &str| menu.as_ref().and_then(|menu| menu.field(name)).is_some_and(|field| field.is_secret);
    let arguments = request.arguments.iter().map(|(name, value)| {
        let shown = if is_secret(name) { "*****" } else { value.as_str() };
        (name.clone(), shown.to_owned())
    });
    let call = Call { via: caller.via, command: request.path(), arguments: arguments.collect(), refused };
    world.note(call);
    outcome
}

/// Carries a request out that is not written down: those of a test, and those of which another one consists.
pub(crate) fn carry_out(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let tree = world.tree.clone();
    let menu = tree.root.at(&request.menu).filter(|node| node.is_menu()).ok_or_else(Trap::no_such_menu)?;
    let command = menu.command(&request.command).filter(|_| !CONSOLE_ONLY.contains(&&*request.command)).ok_or_else(Trap::no_such_command)?;
    arguments::check(command, request)?;
    let entry = COMMANDS.iter().find(|entry| entry.name == request.command && entry.menu.is_none_or(|menu| menu == request.menu));
    let entry = entry.ok_or_else(|| Trap::not_simulated(&request.path()))?;
    let policy = if entry.policy == "write" && request.menu.starts_with("/user") { "policy" } else { entry.policy };
    if !caller.may(policy) {
        return Err(Trap::not_permitted());
    }
    (entry.run)(world, caller, request)
}

/// The menu of a request, for commands that work on entries.
fn menu_of(world: &World, request: &Request) -> Result<Arc<Menu>, Trap> {
    world.menu(&request.menu).ok_or_else(|| Trap::not_simulated(&request.path()))
}

/// A `set` of one field for the entries that another command names.
fn execute_set(world: &mut World, caller: &Caller, request: &Request, name: &str, value: &str) -> Result<Answer, Trap> {
    let mut arguments = request.arguments.clone();
    arguments.retain(|(given, _)| matches!(given.as_str(), ".id" | "numbers"));
    arguments.push((name.to_owned(), value.to_owned()));
    let request = Request { menu: request.menu.clone(), command: "set".to_owned(), arguments, ..Request::default() };
    set::run(world, caller, &request)
}
