//! When does a guest start and stop with its node? `order=1,up=30,down=60`, in seconds.

use serde_json::{Value, json};

use super::edits::Edits;
use super::wanted::Wanted;
use crate::config::Config;

const OPTION: &str = "startup";
const DELAYS: [&str; 2] = ["up", "down"];

pub(crate) fn read(config: &Config, values: &mut Vec<(String, Value)>) {
    let Some(startup) = config.properties(OPTION) else { return };
    let number = |name: &str| startup.get(name).and_then(|text| text.parse::<i64>().ok());
    // The order may stand without its name.
    let order = number("order").or_else(|| number(""));
    values.extend(order.map(|order| ("specs.startup.order".to_owned(), json!(order))));
    values.extend(DELAYS.iter().filter_map(|name| Some((format!("specs.startup.{name}"), json!(number(name)? * 1_000)))));
}

pub(crate) fn write(config: &Config, wanted: &Wanted, edits: &mut Edits) {
    if !wanted.touches_any(&["specs.startup"]) {
        return;
    }
    let mut startup = config.properties(OPTION).unwrap_or_default();
    if let Some(order) = startup.get("").map(str::to_owned) {
        startup.put("", None);
        startup.put("order", Some(order));
    }
    for name in ["order", "up", "down"] {
        let path = format!("specs.startup.{name}");
        if wanted.touches(&path) {
            let divisor = if DELAYS.contains(&name) { 1_000 } else { 1 };
            startup.put(name, wanted.value(&path).and_then(Value::as_i64).map(|number| (number / divisor).to_string()));
        }
    }
    edits.bring_properties(config, OPTION, &startup);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_touched_stays() {
        let config = Config { digest: None, options: [("startup".to_owned(), "order=1,up=30".to_owned())].into() };
        let mut edits = Edits::default();
        write(&config, &Wanted::of(&[("specs.startup.down", json!(60_000))], &["specs.startup.up"]), &mut edits);
        assert_eq!(edits.set.get("startup").map(String::as_str), Some("order=1,down=60"));
        assert_eq!(crate::config::Properties::parse("order=1,down=60").get("down"), Some("60"));
    }
}
