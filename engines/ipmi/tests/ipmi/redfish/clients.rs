//! Does a client that others wrote understand our simulator? DMTF's own tools (redfish_utilities) log in, follow its links, name its
//! ETags, fill its slots and wait for its tasks; what they did is seen in the machine.

use std::path::PathBuf;

use serde_json::json;
use test_sim_bmc::redfish::{Boot, Etags, RedfishKit, SimRedfish};
use tokio::process::Command;

use crate::programs::{not_tested, printed};

/// One of DMTF's tools, beside the Python that `IPR_TEST_PYTHON` names.
fn tool(name: &str) -> Option<(String, PathBuf)> {
    let python = std::env::var("IPR_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let path = PathBuf::from(&python).with_file_name(format!("rf_{name}.py"));
    if path.is_file() {
        return Some((python, path));
    }
    not_tested(&format!("what DMTF's tools say of the simulator; there is no {}", path.display()));
    None
}

async fn run(bmc: &SimRedfish, name: &str, arguments: &[&str]) -> Option<String> {
    let (python, path) = tool(name)?;
    let mut command = Command::new(python);
    command.arg(path).args(["-u", "admin", "-p", "password", "-r", &format!("https://{}", bmc.address())]).args(arguments);
    Some(printed(&mut command).await)
}

#[tokio::test]
async fn dmtfs_tools_work_on_the_simulator() {
    let standard = RedfishKit { etags: Etags::Required, has_action_info: true, ..RedfishKit::default() };
    let slots = RedfishKit { vendor: "Dell Inc.", slots: Some(6), task_looks: 1, ..RedfishKit::default() };
    for kit in [standard, slots] {
        let bmc = SimRedfish::made_of(kit).await;
        if run(&bmc, "power_reset", &["-t", "PowerCycle"]).await.is_none() {
            return;
        }
        assert_eq!(bmc.resets(), ["PowerCycle"]);
        run(&bmc, "boot_override", &["-t", "Pxe", "-m", "UEFI"]).await;
        assert_eq!(bmc.boot(), Boot::new("Once", "Pxe", "UEFI"));
        run(&bmc, "accounts", &["-add", "ops", "of-ours-61", "Operator"]).await;
        assert!(bmc.account("ops").is_some_and(|ops| ops.role == "Operator" && ops.password == "of-ours-61"), "{:?}", bmc.accounts());
        run(&bmc, "accounts", &["-delete", "ops"]).await;
        assert_eq!(bmc.account("ops"), None);
        run(&bmc, "bios_settings", &["-a", "SriovGlobalEnable", "Enabled"]).await;
        assert_eq!(bmc.attribute_to_come("SriovGlobalEnable"), Some(json!("Enabled")));
        bmc.log_event("Critical", "PSU1 has failed.", "2026-11-19T10:00:00Z");
        let told = run(&bmc, "logs", &["-m", "-l", "SEL", "-details"]).await.unwrap_or_default();
        assert!(told.contains("PSU1 has failed."), "{told}");
        assert_eq!(bmc.sessions_open(), 0);
    }
}
