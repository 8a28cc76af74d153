//! What is a guest's configuration, as the API gives it? Options by name, each a text; some texts are lists of properties.

use std::collections::BTreeMap;

use serde_json::Value;

/// The configuration of one guest. Changes that wait for a restart are in it already, as `GET .../config` says them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// What a write names, so that it is refused if somebody else was faster.
    pub(crate) digest: Option<String>,
    pub(crate) options: BTreeMap<String, String>,
}

impl Config {
    pub(crate) fn of(data: &Value) -> Self {
        let mut options: BTreeMap<String, String> =
            data.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), text_of(value))).collect();
        Self { digest: options.remove("digest"), options }
    }

    pub(crate) fn get(&self, option: &str) -> Option<&str> {
        self.options.get(option).map(String::as_str)
    }

    pub(crate) fn properties(&self, option: &str) -> Option<Properties> {
        self.get(option).map(Properties::parse)
    }

    pub(crate) fn is_set(&self, option: &str) -> bool {
        self.get(option).is_some_and(|text| text == "1")
    }
}

/// Numbers come as numbers from some calls and as texts from others.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "1".to_owned(),
        Value::Bool(false) => "0".to_owned(),
        other => other.to_string(),
    }
}

/// `local-lvm:vm-100-disk-0,size=8G,iothread=1`: the first may stand without a name, and is then called "".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Properties {
    /// In the order in which they were written.
    items: Vec<(String, String)>,
}

impl Properties {
    pub(crate) fn parse(text: &str) -> Self {
        let parts = text.split(',').filter(|part| !part.is_empty());
        let items =
            parts.map(|part| part.split_once('=').map_or((String::new(), part.to_owned()), |(key, value)| (key.to_owned(), value.to_owned())));
        Self { items: items.collect() }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.items.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_set(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| matches!(value, "1" | "on"))
    }

    /// Puts a value in its place, or at the end; `None` takes it out.
    pub(crate) fn put(&mut self, key: &str, value: Option<String>) {
        let place = self.items.iter().position(|(name, _)| name == key);
        match (place, value) {
            (Some(place), Some(value)) => self.items[place].1 = value,
            (Some(place), None) => {
                self.items.remove(place);
            }
            (None, Some(value)) if key.is_empty() => self.items.insert(0, (String::new(), value)),
            (None, Some(value)) => self.items.push((key.to_owned(), value)),
            (None, None) => {}
        }
    }

    /// Whether both have the same properties, in whatever order.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let sorted = |properties: &Self| {
            let mut items = properties.items.clone();
            items.sort();
            items
        };
        sorted(self) == sorted(other)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn text(&self) -> String {
        let parts: Vec<String> =
            self.items.iter().map(|(key, value)| if key.is_empty() { value.clone() } else { format!("{key}={value}") }).collect();
        parts.join(",")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn properties_keep_what_they_do_not_know() {
        let mut disk = Properties::parse("local-lvm:vm-100-disk-0,size=8G,wwn=0x5,iothread=1");
        assert_eq!((disk.get(""), disk.get("size"), disk.is_set("iothread")), (Some("local-lvm:vm-100-disk-0"), Some("8G"), true));
        disk.put("iothread", None);
        disk.put("cache", Some("writeback".to_owned()));
        assert_eq!(disk.text(), "local-lvm:vm-100-disk-0,size=8G,wwn=0x5,cache=writeback");
    }

    #[test]
    fn options_are_texts_whatever_the_answer_has() {
        let config = Config::of(&json!({"cores": 2, "memory": "2048", "onboot": 1, "digest": "abc"}));
        assert_eq!((config.get("cores"), config.get("memory"), config.is_set("onboot")), (Some("2"), Some("2048"), true));
        assert_eq!(config.digest.as_deref(), Some("abc"));
    }
}
