//! Are the parameters of a request as the schema wants them? If not, in which words does Proxmox VE say so?
//!
//! The words are those of `PVE::JSONSchema` (pve-common `src/PVE/JSONSchema.pm`, `check_type`, `check_object`, `check_prop`).

mod format;
mod property;

use std::collections::BTreeMap;

use regex::Regex;

use crate::methods::{Field, Method};
use crate::refusal::Refusal;

pub(crate) use property::{Properties, parse as parse_properties};

/// Parameters by name; booleans are `0` and `1`.
pub(crate) type Parameters = BTreeMap<String, String>;

const UNKNOWN: &str = "property is not defined in schema and the schema does not allow additional properties";
const MISSING: &str = "property is missing and it is not optional";

/// Checks `given` and brings it into canonical form.
pub(crate) fn verify(method: &Method, given: &Parameters) -> Result<Parameters, Refusal> {
    let mut errors = BTreeMap::new();
    let mut checked = Parameters::new();
    for (name, value) in given {
        let outcome = match method.parameter(name) {
            None => Err(UNKNOWN.to_owned()),
            Some(field) => value_of(field, name, value),
        };
        match outcome {
            Ok(value) => {
                checked.insert(name.clone(), value);
            }
            Err(problem) => {
                errors.insert(name.clone(), problem);
            }
        }
    }
    for (name, field) in &method.parameters {
        if field.required && !given.contains_key(name) {
            errors.insert(name.clone(), MISSING.to_owned());
        }
        let needed = field.requires.as_deref().filter(|needed| given.contains_key(name) && !given.contains_key(*needed));
        if let Some(needed) = needed {
            errors.insert(needed.to_owned(), format!("missing property - '{name}' requires this property"));
        }
    }
    if errors.is_empty() { Ok(checked) } else { Err(Refusal::parameters(errors)) }
}

/// The canonical form of one value, or what is wrong with it. `path` is the parameter's name, and within a property string the part's.
fn value_of(field: &Field, path: &str, value: &str) -> Result<String, String> {
    let value = match field.kind.as_str() {
        "boolean" => boolean(value).ok_or_else(|| format!("type check ('boolean') failed - got '{value}'"))?.to_owned(),
        "integer" if !is_integer(value) => return Err(format!("type check ('integer') failed - got '{value}'")),
        "number" if value.parse::<f64>().is_err() => return Err(format!("type check ('number') failed - got '{value}'")),
        _ => value.to_owned(),
    };
    let format = match (field.parts(), &field.format) {
        (Some(parts), _) => property::check(parts, path, &value),
        (None, Some(name)) => format::check(name, &value),
        (None, None) => Ok(()),
    };
    format.map_err(|problem| format!("invalid format - {problem}\n"))?;
    if field.pattern.as_deref().is_some_and(|pattern| !fits(pattern, &value)) {
        return Err("value does not match the regex pattern".to_owned());
    }
    if let Some(problem) = out_of_limits(field, &value) {
        return Err(problem);
    }
    match &field.values {
        Some(values) if !values.contains(&value) => Err(format!("value '{value}' does not have a value in the enumeration '{}'", values.join(", "))),
        _ => Ok(value),
    }
}

fn out_of_limits(field: &Field, value: &str) -> Option<String> {
    let length = value.chars().count();
    if let Some(max) = field.length_max.filter(|max| length > *max) {
        return Some(format!("value may only be {max} characters long"));
    }
    if let Some(min) = field.length_min.filter(|min| length < *min) {
        return Some(format!("value must be at least {min} characters long"));
    }
    let number: f64 = value.parse().ok()?;
    if let Some(max) = field.max.filter(|max| number > *max) {
        return Some(format!("value must have a maximum value of {max}"));
    }
    let min = field.min.filter(|min| number < *min)?;
    Some(format!("value must have a minimum value of {min}"))
}

pub(crate) fn boolean(value: &str) -> Option<&'static str> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "on" | "yes" | "true" => Some("1"),
        "0" | "off" | "no" | "false" => Some("0"),
        _ => None,
    }
}

fn is_integer(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    !digits.is_empty() && digits.chars().all(|character| character.is_ascii_digit())
}

/// Perl patterns that our engine cannot read (look-around) count as fitting.
fn fits(pattern: &str, value: &str) -> bool {
    Regex::new(&format!("^(?:{pattern})$")).map_or(true, |pattern| pattern.is_match(value))
}

#[cfg(test)]
mod tests {
    use super::{Parameters, verify};
    use crate::methods::Method;

    fn errors(method: &str, path: &str, given: &[(&str, &str)]) -> Vec<String> {
        let (method, values) = Method::find(method, path).expect("it is served");
        let mut parameters: Parameters = values;
        parameters.extend(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let errors = verify(method, &parameters).err().map(|refusal| refusal.errors).unwrap_or_default();
        errors.into_iter().map(|(name, problem)| format!("{name}: {problem}")).collect()
    }

    #[test]
    fn wrong_parameters_are_named() {
        for (given, expected) in [
            (("cores", "abc"), "cores: type check ('integer') failed - got 'abc'"),
            (("cores", "0"), "cores: value must have a minimum value of 1"),
            (("invented", "1"), "invented: property is not defined in schema and the schema does not allow additional properties"),
            (("bios", "efi"), "bios: value 'efi' does not have a value in the enumeration 'seabios, ovmf'"),
            (("onboot", "maybe"), "onboot: type check ('boolean') failed - got 'maybe'"),
        ] {
            assert_eq!(errors("PUT", "/nodes/pve1/qemu/100/config", &[given]), [expected]);
        }
        assert_eq!(errors("POST", "/nodes/pve1/qemu", &[]), ["vmid: property is missing and it is not optional"]);
        assert_eq!(errors("POST", "/nodes/pve1/qemu", &[("vmid", "99")]), ["vmid: invalid format - value does not look like a valid VM ID\n"]);
    }

    #[test]
    fn property_strings_are_read() {
        let config = "/nodes/pve1/qemu/100/config";
        for good in ["virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=5", "virtio,bridge=vmbr0", "model=e1000,firewall=1"] {
            assert_eq!(errors("PUT", config, &[("net0", good)]), [""; 0], "{good}");
        }
        for good in
            ["local-lvm:32", "local-lvm:vm-100-disk-0,size=8G,discard=on,iothread=1", "file=none,media=cdrom", "a:0,import-from=local:import/x.qcow2"]
        {
            assert_eq!(errors("PUT", config, &[("scsi0", good)]), [""; 0], "{good}");
        }
        for (name, bad) in [("net0", "virtio,vlan=4"), ("scsi0", "local-lvm:32,discard=maybe"), ("net0", "bridge=vmbr0"), ("agent", "maybe")] {
            assert_eq!(errors("PUT", config, &[(name, bad)]).len(), 1, "{bad}");
        }
    }
}
