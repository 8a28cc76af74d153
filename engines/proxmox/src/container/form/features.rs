//! What may a container do beyond the usual? `nesting=1,mount=nfs;cifs`.

use serde_json::{Value, json};

use crate::config::Config;
use crate::guest::edits::Edits;
use crate::guest::option::{flag, sorted};
use crate::guest::wanted::Wanted;

const GROUP: &str = "specs.features";
const OPTION: &str = "features";
const SWITCHES: [&str; 4] = ["nesting", "keyctl", "fuse", "mknod"];
const MOUNT: &str = "mount";

fn path(name: &str) -> String {
    format!("{GROUP}.{name}")
}

pub(super) fn read(config: &Config, values: &mut Vec<(String, Value)>, defaults: &mut Vec<(String, Value)>) {
    let features = config.properties(OPTION).unwrap_or_default();
    for name in SWITCHES {
        values.push((path(name), json!(features.is_set(name))));
        defaults.push((path(name), json!(false)));
    }
    let types: Vec<&str> = features.get(MOUNT).unwrap_or_default().split([';', ' ']).filter(|word| !word.is_empty()).collect();
    values.push((path(MOUNT), sorted(json!(types))));
    defaults.push((path(MOUNT), json!([])));
}

pub(super) fn write(config: &Config, wanted: &Wanted, edits: &mut Edits) {
    if !wanted.touches_any(&[GROUP]) {
        return;
    }
    let mut features = config.properties(OPTION).unwrap_or_default();
    for name in SWITCHES.into_iter().filter(|name| wanted.touches(&path(name))) {
        features.put(name, wanted.is_set(&path(name)).then(|| flag(true)));
    }
    if wanted.touches(&path(MOUNT)) {
        let types = wanted.value(&path(MOUNT)).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let text = types.collect::<Vec<_>>().join(";");
        features.put(MOUNT, Some(text).filter(|text| !text.is_empty()));
    }
    if features == Default::default() {
        edits.bring(config, OPTION, None);
    } else {
        edits.bring_properties(config, OPTION, &features);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_touched_stays_and_the_last_one_takes_the_option_with_it() {
        let config = |text: &str| Config { digest: None, options: [(OPTION.to_owned(), text.to_owned())].into() };
        let mut edits = Edits::default();
        write(&config("keyctl=1"), &Wanted::of_container(&[("specs.features.nesting", json!(true))], &[]), &mut edits);
        assert_eq!(edits.set.get(OPTION).map(String::as_str), Some("keyctl=1,nesting=1"));
        let mut edits = Edits::default();
        write(&config("nesting=1"), &Wanted::of_container(&[], &["specs.features.nesting"]), &mut edits);
        assert!(edits.set.is_empty() && edits.delete.contains(OPTION));
    }
}
