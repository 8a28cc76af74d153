//! Is the simulator a BMC to others? ipmitool and FreeIPMI open sessions on it with both suites, and read what we read.

use test_sim_bmc::{Kit, SimBmc};
use tokio::process::Command;

use super::{ipmitool, printed, program};

#[tokio::test]
async fn ipmitool_reads_and_changes_the_simulator() {
    let bmc = SimBmc::start().await;
    let port = bmc.address().port();
    for suite in [17, 3] {
        for (arguments, expected) in [
            (&["chassis", "power", "status"][..], "Chassis Power is on"),
            (&["chassis", "status"], "System Power         : on"),
            (&["mc", "info"], "Firmware Revision         : 2.17"),
            (&["mc", "guid", "smbios"], "4c4c4544-0033-4610-8050-b4c04f305032"),
            (&["user", "list", "1"], "oper"),
            (&["fru", "print"], "Product Serial        : S412340"),
            (&["sdr", "list"], "CPU Temp"),
            (&["sel", "info"], "Entries          : 0"),
        ] {
            let Some(text) = ipmitool(port, suite, arguments).await else { return };
            assert!(text.contains(expected), "suite {suite}, {arguments:?}: {text}");
        }
    }
    ipmitool(port, 17, &["chassis", "power", "off"]).await;
    assert!(!bmc.is_on());
    ipmitool(port, 17, &["chassis", "bootdev", "pxe", "options=persistent,efiboot"]).await;
    let text = ipmitool(port, 17, &["chassis", "bootparam", "get", "5"]).await.unwrap();
    assert!(text.contains("Options apply to all future boots") && text.contains("Force PXE"), "{text}");
    ipmitool(port, 17, &["user", "set", "password", "3", "another-one", "20"]).await;
    assert_eq!(bmc.user("oper").unwrap().password, "another-one");
    assert_eq!(bmc.suites_used().into_iter().collect::<std::collections::BTreeSet<_>>(), [3, 17].into());
    assert_eq!(bmc.sessions_open(), 0);
}

#[tokio::test]
async fn freeipmi_opens_sessions_on_the_simulator() {
    let Some(chassis) = program("ipmi-chassis", "freeipmi-tools") else { return };
    for suite in ["17", "3"] {
        let bmc = SimBmc::made_of(Kit { on: false, ..Kit::default() }).await;
        let mut command = Command::new(&chassis);
        command.args(["-D", "LAN_2_0", "-u", "admin", "-p", "password", "-l", "ADMIN", "-I", suite, "--get-chassis-status"]);
        command.args(["-h", &bmc.address().to_string()]);
        let text = printed(&mut command).await;
        assert!(text.contains("System Power                        : off"), "{text}");
        assert_eq!(bmc.suites_used(), [suite.parse::<u8>().unwrap()]);
    }
}
