//! How does a volume read in the form of its table?

use bollard::models::Volume;
use serde_json::{Map, Value, json};

use super::network::as_map;
use super::{Seen, authors_labels, put_text};

pub(crate) fn read(volume: &Volume) -> Seen {
    let mut values = Map::new();
    put_text(&mut values, "name", Some(&volume.name));
    put_text(&mut values, "driver", Some(&volume.driver));
    let options = volume.options.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    values.insert("options".to_owned(), Value::Object(options));
    values.insert("labels".to_owned(), authors_labels(Some(&volume.labels)));
    Seen::of_specs(values, as_map(json!({"name": volume.name, "driver": "local"})))
}
