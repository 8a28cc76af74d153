//! Where in the blueprints is what a rule spoke of?

use core_model::Address;
use core_model::state::DesiredState;

/// The desired states whose positions a verdict may name, the nearest first: the merge result, then its base for what was removed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Places<'a>(pub &'a [&'a DesiredState]);

impl Places<'_> {
    /// `blueprints/web.yaml:12`: where the field was set, or where the resource is declared.
    pub(crate) fn of(&self, address: &Address, path: Option<&str>) -> Option<String> {
        let resource = self.0.iter().find_map(|state| state.resources.get(address))?;
        let span = path.map_or_else(|| resource.declared_at.clone(), |path| resource.origin_of(path).span);
        Some(format!("{}:{}", span.file, span.line))
    }
}
