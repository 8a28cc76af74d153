//! Which resource does a link name, and what is it called on the target?

use core_model::Name;
use core_model::decode::{LinkProblem, LinkResolver, LinkedResource};

use crate::expand::Declared;
use crate::index::Index;
use crate::resource::Described;
use crate::walk::{Lost, Missing};

/// The links of the resources of one blueprint.
pub(crate) struct Links<'a> {
    pub(crate) blueprint: &'a Name,
    pub(crate) index: &'a Index,
    pub(crate) declared: &'a [Declared<'a>],
    pub(crate) described: &'a [Described],
}

impl Links<'_> {
    /// The place of a resource; `None` where it may be in a part that could not be read, which is reported.
    pub(crate) fn find(&self, text: &str) -> Result<Option<usize>, Missing> {
        match self.index.find(self.blueprint, text) {
            Ok(place) => Ok(Some(place)),
            Err(Lost::Failed) => Ok(None),
            Err(Lost::Missing(missing)) => Err(missing),
        }
    }
}

impl LinkResolver for Links<'_> {
    fn resolve(&self, text: &str, types: &[&str]) -> Result<LinkedResource, LinkProblem> {
        let problem = |missing: Missing| LinkProblem { detail: missing.detail, hint: missing.hint };
        let Some(place) = self.find(text).map_err(problem)? else {
            return Err(LinkProblem { detail: "The file that it may be in could not be read.".to_owned(), hint: None });
        };
        let address = &self.declared[place].address;
        let described = &self.described[place];
        match described.type_name.as_deref() {
            Some(name) if !types.is_empty() && !types.contains(&name) => Err(LinkProblem {
                detail: format!("`{address}` is a `{name}`, which cannot be linked here."),
                hint: Some(format!("this field links: {}", types.join(", "))),
            }),
            _ => Ok(LinkedResource { address: address.clone(), object_name: described.object.clone() }),
        }
    }
}
