//! Which API methods are served, with which parameters and permissions?
//!
//! The facts are in `data/methods.jsonl` and `data/formats.json`, which `data/refresh.py` writes from the API schema.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

pub(crate) static METHODS: LazyLock<Vec<Method>> = LazyLock::new(|| {
    let lines = include_str!("../data/methods.jsonl").lines();
    let methods = lines.map(|line| serde_json::from_str(line).expect("data/methods.jsonl is checked by a test"));
    methods.collect()
});

static FORMATS: LazyLock<BTreeMap<String, Fields>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/formats.json")).expect("data/formats.json is checked by a test"));

pub(crate) type Fields = BTreeMap<String, Field>;

/// One method of one path.
#[derive(Debug, Deserialize)]
pub(crate) struct Method {
    pub(crate) method: String,
    /// With names in braces: `/nodes/{node}/qemu`.
    pub(crate) path: String,
    /// `all` or `world`, where no permission is needed.
    pub(crate) user: Option<String>,
    /// The permission check as the schema writes it.
    pub(crate) check: Option<Value>,
    pub(crate) parameters: Fields,
}

/// A parameter, or a part of a property string.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Field {
    #[serde(rename = "type", default)]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) required: bool,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) length_min: Option<usize>,
    pub(crate) length_max: Option<usize>,
    #[serde(rename = "enum")]
    pub(crate) values: Option<Vec<String>>,
    pub(crate) pattern: Option<String>,
    pub(crate) format: Option<String>,
    /// The format of a property string, by its name in `formats.json`.
    pub(crate) fields: Option<String>,
    pub(crate) requires: Option<String>,
    pub(crate) default_key: Option<u8>,
    pub(crate) alias: Option<String>,
    /// The part whose value is the alias itself: in `virtio=MAC`, `virtio` is the `model`.
    pub(crate) key_alias: Option<String>,
}

impl Field {
    /// The parts of a property string.
    pub(crate) fn parts(&self) -> Option<&'static Fields> {
        FORMATS.get(self.fields.as_deref()?)
    }
}

impl Method {
    /// The served method for a request's path, with the values of the names in braces.
    pub(crate) fn find(method: &str, path: &str) -> Option<(&'static Self, BTreeMap<String, String>)> {
        METHODS.iter().filter(|known| known.method == method).find_map(|known| Some((known, known.matched(path)?)))
    }

    fn matched(&self, path: &str) -> Option<BTreeMap<String, String>> {
        let mut values = BTreeMap::new();
        let mut own_parts = self.path.split('/');
        let mut asked_parts = path.split('/');
        loop {
            match (own_parts.next(), asked_parts.next()) {
                (None, None) => return Some(values),
                (Some(own), Some(asked)) => match own.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                    Some(_) if asked.is_empty() => return None,
                    Some(name @ ("volume" | "cidr")) => {
                        // These may hold slashes, escaped or not, and nothing comes after them.
                        let rest: Vec<_> = std::iter::once(asked).chain(asked_parts.by_ref()).collect();
                        values.insert(name.to_owned(), decoded(&rest.join("/")));
                        return own_parts.next().is_none().then_some(values);
                    }
                    Some(name) => {
                        values.insert(name.to_owned(), decoded(asked));
                    }
                    None if own == asked => {}
                    None => return None,
                },
                _ => return None,
            }
        }
    }

    /// The parameter of this name; `net3` is found under `net[n]`.
    pub(crate) fn parameter(&self, name: &str) -> Option<&Field> {
        self.parameters.get(name).or_else(|| {
            let (stem, index) = indexed(name)?;
            (index <= index_max(stem)).then(|| self.parameters.get(&format!("{stem}[n]")))?
        })
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// `net3` as `net` and 3; nothing for `net` and `net03`.
pub(crate) fn indexed(name: &str) -> Option<(&str, u32)> {
    let stem = name.trim_end_matches(|character: char| character.is_ascii_digit());
    let digits = &name[stem.len()..];
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((stem, digits.parse().ok()?))
}

/// The highest index of an indexed option. Source: the descriptions "(n is 0 to 30)" of the schema, and qemu-server's constants.
fn index_max(stem: &str) -> u32 {
    match stem {
        "ide" | "serial" => 3,
        "sata" => 5,
        "scsi" => 30,
        "usb" => 13,
        "virtio" | "hostpci" => 15,
        "net" | "ipconfig" => 31,
        "numa" => 7,
        "parallel" => 2,
        "virtiofs" => 9,
        "link" => 7,
        _ => 255,
    }
}

#[cfg(test)]
mod tests {
    use super::{METHODS, Method, indexed};

    #[test]
    fn every_property_string_has_its_parts() {
        for method in METHODS.iter() {
            for field in method.parameters.values().filter(|field| field.fields.is_some()) {
                assert!(field.parts().is_some(), "{} {}: {:?}", method.method, method.path, field.fields);
            }
        }
    }

    #[test]
    fn a_path_gives_its_values() {
        let (method, values) = Method::find("GET", "/nodes/pve1/tasks/UPID%3Apve1%3A00/status").expect("it is served");
        assert_eq!(method.path, "/nodes/{node}/tasks/{upid}/status");
        assert_eq!(values["upid"], "UPID:pve1:00");
        assert!(Method::find("GET", "/nodes//tasks").is_none());
    }

    #[test]
    fn an_index_has_no_leading_zero_and_a_limit() {
        assert_eq!(indexed("net3"), Some(("net", 3)));
        assert_eq!(indexed("net03"), None);
        assert_eq!(indexed("net"), None);
        let (create, _) = Method::find("POST", "/nodes/pve1/qemu").expect("it is served");
        assert!(create.parameter("scsi30").is_some());
        assert!(create.parameter("scsi31").is_none());
    }
}
