//! What does a resource take over from those that it links to? Values that the author need not repeat, and what contradicts them.

use serde_json::Value;

use crate::resource_type::Finding;
use crate::state::DesiredResource;

/// Finds a resource of the same environment by the address that a canonical link holds. `None` where it has mistakes of its own.
pub type Linked<'a> = dyn Fn(&str) -> Option<&'a DesiredResource> + 'a;

/// What follows from the links of one resource.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Following {
    pub values: Vec<Followed>,
    pub findings: Vec<Finding>,
}

/// One value that follows from a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// A field that the author left out, `specs.network.vlan`.
    pub path: String,
    /// Canonical, as the type's table would have decoded it.
    pub value: Value,
    /// The path of the link.
    pub link: String,
}
