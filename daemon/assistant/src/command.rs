//! What can be asked for? A closed set of commands with typed slots, each with its source.

use core_model::{Address, Name};
use serde::{Deserialize, Serialize};

use crate::past::Past;
use crate::source::Sourced;

/// The commands by name. Nothing else can be asked for, whoever proposes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandName {
    Create,
    Update,
    Scale,
    Delete,
    Clone,
    CloneEnvironment,
    Power,
    RollBack,
    Adopt,
    Promote,
    Explain,
    Status,
    WhoChanged,
}

impl CommandName {
    pub const ALL: [Self; 13] = [
        Self::Create,
        Self::Update,
        Self::Scale,
        Self::Delete,
        Self::Clone,
        Self::CloneEnvironment,
        Self::Power,
        Self::RollBack,
        Self::Adopt,
        Self::Promote,
        Self::Explain,
        Self::Status,
        Self::WhoChanged,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Scale => "scale",
            Self::Delete => "delete",
            Self::Clone => "clone",
            Self::CloneEnvironment => "clone-environment",
            Self::Power => "power",
            Self::RollBack => "roll-back",
            Self::Adopt => "adopt",
            Self::Promote => "promote",
            Self::Explain => "explain",
            Self::Status => "status",
            Self::WhoChanged => "who-changed",
        }
    }
}

/// Where a change holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    One(Name),
    /// Every environment that has the resource.
    All,
}

impl std::fmt::Display for Scope {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(name) => formatter.write_str(name.as_str()),
            Self::All => formatter.write_str("all"),
        }
    }
}

/// What becomes of one field. Values are texts as they will stand in the blueprint; the field's type decodes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldChange {
    Set(String),
    SetList(Vec<String>),
    /// Items of a list, beside those that are there.
    Add(Vec<String>),
    Remove(Vec<String>),
    Unset,
}

impl std::fmt::Display for FieldChange {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Set(text) => formatter.write_str(text),
            Self::SetList(items) => write!(formatter, "[{}]", items.join(", ")),
            Self::Add(items) => write!(formatter, "+{}", items.join(", +")),
            Self::Remove(items) => write!(formatter, "-{}", items.join(", -")),
            Self::Unset => formatter.write_str("left out"),
        }
    }
}

/// One field and its change. The path is that of the type's table: `specs.memory`, `specs.env.LOG_LEVEL`, `metadata.tags`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    pub path: String,
    pub change: Sourced<FieldChange>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    pub type_name: Sourced<String>,
    pub provider: Sourced<String>,
    /// The template it is made from. Settings whose path begins with `with.` are its parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Sourced<Name>>,
    /// One resource for each, alike but for what must differ.
    pub names: Vec<Sourced<Name>>,
    pub blueprint: Sourced<Name>,
    pub environment: Sourced<Scope>,
    pub settings: Vec<Setting>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    pub resources: Vec<Sourced<Address>>,
    pub environment: Sourced<Scope>,
    pub settings: Vec<Setting>,
}

/// More or fewer of a set of resources that one entry with `each` stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    /// Any member of the set.
    pub member: Sourced<Address>,
    pub environment: Sourced<Scope>,
    /// How many there shall be.
    pub count: Sourced<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delete {
    pub resources: Vec<Sourced<Address>>,
    pub environment: Sourced<Scope>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloneResource {
    pub original: Sourced<Address>,
    pub names: Vec<Sourced<Name>>,
    pub environment: Sourced<Scope>,
    /// What differs from the original.
    pub settings: Vec<Setting>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloneEnvironment {
    pub from: Sourced<Name>,
    pub to: Sourced<Name>,
    /// Processors and memory are multiplied by it.
    pub share: Sourced<Share>,
}

/// A factor such as 1/2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    pub times: u32,
    pub per: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PowerState {
    On,
    Off,
    Cycle,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Power {
    pub resources: Vec<Sourced<Address>>,
    pub environment: Sourced<Scope>,
    pub state: Sourced<PowerState>,
}

/// The daemon makes the pull request that reverts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollBack {
    pub past: Sourced<Past>,
    /// Only these; empty is everything.
    pub resources: Vec<Sourced<Address>>,
    pub environment: Option<Sourced<Name>>,
}

/// An object that exists on a target becomes a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopt {
    pub create: Create,
    /// What it is called on the target.
    pub object: Sourced<String>,
}

/// What is in one environment goes to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promote {
    pub resources: Vec<Sourced<Address>>,
    pub from: Sourced<Name>,
    pub to: Sourced<Name>,
}

/// A question about resources, a field of theirs, or an environment. The daemon answers from records and plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    pub resources: Vec<Sourced<Address>>,
    pub field: Option<Sourced<String>>,
    pub environment: Option<Sourced<Name>>,
    pub past: Option<Sourced<Past>>,
}

/// A complete command: every slot is filled and has its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Command {
    Create(Create),
    Update(Update),
    Scale(Scale),
    Delete(Delete),
    Clone(CloneResource),
    CloneEnvironment(CloneEnvironment),
    Power(Power),
    RollBack(RollBack),
    Adopt(Adopt),
    Promote(Promote),
    Explain(Query),
    Status(Query),
    WhoChanged(Query),
}

impl Command {
    pub fn name(&self) -> CommandName {
        match self {
            Self::Create(_) => CommandName::Create,
            Self::Update(_) => CommandName::Update,
            Self::Scale(_) => CommandName::Scale,
            Self::Delete(_) => CommandName::Delete,
            Self::Clone(_) => CommandName::Clone,
            Self::CloneEnvironment(_) => CommandName::CloneEnvironment,
            Self::Power(_) => CommandName::Power,
            Self::RollBack(_) => CommandName::RollBack,
            Self::Adopt(_) => CommandName::Adopt,
            Self::Promote(_) => CommandName::Promote,
            Self::Explain(_) => CommandName::Explain,
            Self::Status(_) => CommandName::Status,
            Self::WhoChanged(_) => CommandName::WhoChanged,
        }
    }
}
