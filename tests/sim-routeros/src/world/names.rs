//! Which names can a value refer to?

use super::World;
use crate::values::Names;

impl Names for World {
    fn has(&self, menu: &str, name: &str) -> bool {
        match menu {
            "/interface" => self.interface(name).is_some(),
            other => self.config.entries(other).named(name).is_some(),
        }
    }
}
