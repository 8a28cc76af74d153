//! Does the engine switch, reset and start a real machine? A guest of QEMU under libvirt, behind the BMCs that OpenStack tests with:
//! virtualbmc for IPMI, sushy-tools' emulator for Redfish. What they cannot do is listed in the output.
//!
//! `IPR_TEST_PYTHON` names a Python that has both.

mod sushy;
mod virtualbmc;

use engine_api::contract::{CASES, Subject};

/// Without a field that holds a secret there is none to look for; the suite would say that a sample is missing.
const NOT_ON_THEM: &[&str] = &["a_secret_appears_nowhere"];

/// The cases of the contract suite that a BMC of others can be brought to.
async fn run_cases(subject: &dyn Subject, is_meant: impl Fn(&str) -> bool) {
    for case in CASES.iter().filter(|case| is_meant(case.name) && !NOT_ON_THEM.contains(&case.name)) {
        eprintln!("{}", case.name);
        (case.run)(subject).await;
    }
}
