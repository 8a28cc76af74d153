//! What is set in the firmware, and what does its registry say of it?

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::refusal::Refusal;

pub(super) fn factory() -> BTreeMap<String, Value> {
    let values = [
        ("SriovGlobalEnable", json!("Disabled")),
        ("CoresPerSocket", json!(16)),
        ("QuietBoot", json!(true)),
        ("AssetLabel", json!("")),
        ("Profile", json!("Balanced")),
        ("TurboMode", json!("Enabled")),
        ("BiosVersion", json!("2.1")),
        ("SetupPassword", Value::Null),
    ];
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(super) fn registry() -> Value {
    let one_of = |name: &str, values: &[&str]| {
        let values: Vec<Value> = values.iter().map(|value| json!({"ValueName": value, "ValueDisplayName": value})).collect();
        json!({"AttributeName": name, "Type": "Enumeration", "ReadOnly": false, "Value": values})
    };
    json!({
        "@odata.type": "#AttributeRegistry.v1_3_6.AttributeRegistry",
        "Id": "SimBios.v1_2_0",
        "Name": "Settings of the firmware",
        "OwningEntity": "SimCo",
        "RegistryVersion": "1.2.0",
        "Language": "en",
        "RegistryEntries": {
            "Attributes": [
                one_of("SriovGlobalEnable", &["Enabled", "Disabled"]),
                {"AttributeName": "CoresPerSocket", "Type": "Integer", "LowerBound": 0, "UpperBound": 64, "ScalarIncrement": 4},
                {"AttributeName": "QuietBoot", "Type": "Boolean"},
                {"AttributeName": "AssetLabel", "Type": "String", "MinLength": 0, "MaxLength": 16},
                one_of("Profile", &["Balanced", "Power"]),
                one_of("TurboMode", &["Enabled", "Disabled"]),
                {"AttributeName": "BiosVersion", "Type": "String", "ReadOnly": true},
                {"AttributeName": "SetupPassword", "Type": "Password"},
            ],
            "Dependencies": [{
                "DependencyFor": "TurboMode",
                "Type": "Map",
                "Dependency": {
                    "MapFrom": [{"MapFromAttribute": "Profile", "MapFromProperty": "CurrentValue", "MapFromCondition": "EQU", "MapFromValue": "Power"}],
                    "MapToAttribute": "TurboMode",
                    "MapToProperty": "ReadOnly",
                    "MapToValue": true,
                },
            }],
        },
    })
}

/// In a language that nobody here reads: whoever takes the first one learns of no attribute.
pub(super) fn without_attributes(language: &str) -> Value {
    let mut registry = registry();
    registry["Language"] = json!(language);
    registry["RegistryEntries"] = json!({"Attributes": []});
    registry
}

/// What is to come after a change; values of another kind than the firmware's are refused.
pub(super) fn change(now: &BTreeMap<String, Value>, to_come: &mut BTreeMap<String, Value>, body: &Value) -> Result<(), Refusal> {
    let attributes = body.get("Attributes").and_then(Value::as_object).ok_or_else(|| Refusal::unknown("Attributes"))?;
    for (name, value) in attributes {
        let found = now.get(name).ok_or_else(|| Refusal::unknown(name))?;
        if std::mem::discriminant(found) != std::mem::discriminant(value) || matches!(name.as_str(), "BiosVersion" | "SetupPassword") {
            return Err(Refusal::new(400, "PropertyValueTypeError", format!("The value '{value}' for the property {name} is of a different type.")));
        }
    }
    to_come.extend(attributes.clone());
    to_come.retain(|name, value| now.get(name) != Some(value));
    Ok(())
}
