//! What does somebody do who has the addresses of a rack's BMCs? Imports them; and the plan of what was written is empty.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use test_sim_bmc::redfish::{LocalAccount, RedfishKit, SimRedfish};
use test_sim_bmc::{Kit, SimBmc};

use sha2::{Digest as _, Sha256};
use test_harness::{Desk, Ended};

/// How often another port is tried for a whole rack.
const PORTS_MAX: usize = 20;
/// The loopback has more addresses than one.
const RACK: [u8; 3] = [127, 9, 0];

fn address(number: u8) -> IpAddr {
    let [a, b, c] = RACK;
    [a, b, c, number].into()
}

fn serial(number: u8) -> &'static str {
    format!("S{number:03}").leak()
}

fn uuid(number: u8) -> &'static str {
    format!("4C4C4544-0033-4610-8050-B4C04F3050{number:02X}").leak()
}

/// BMCs that speak Redfish, all on one port, each at an address of its own.
async fn redfish_rack(numbers: impl Iterator<Item = u8> + Clone) -> (u16, BTreeMap<u8, SimRedfish>) {
    'ports: for _ in 0..PORTS_MAX {
        let (mut port, mut rack) = (0, BTreeMap::new());
        for number in numbers.clone() {
            let kit = RedfishKit { serial: serial(number), uuid: uuid(number), ..RedfishKit::default() };
            let Ok(bmc) = SimRedfish::made_at(SocketAddr::new(address(number), port), kit).await else { continue 'ports };
            port = bmc.address().port();
            bmc.set_hostname(&format!("bmc-{number}"));
            rack.insert(number, bmc);
        }
        return (port, rack);
    }
    panic!("no port is free at all addresses");
}

/// The same for BMCs that speak IPMI.
async fn ipmi_rack(kits: &[(u8, Kit)]) -> (u16, Vec<SimBmc>) {
    'ports: for _ in 0..PORTS_MAX {
        let (mut port, mut rack) = (0, Vec::new());
        for (number, kit) in kits {
            let Ok(bmc) = SimBmc::made_at(SocketAddr::new(address(*number), port), kit.clone()).await else { continue 'ports };
            port = bmc.address().port();
            rack.push(bmc);
        }
        return (port, rack);
    }
    panic!("no port is free at all addresses");
}

/// A desk whose configuration knows a rack at this endpoint, with more lines of its target.
async fn desk(endpoint: &str, more: &str) -> Desk {
    let desk = Desk::with_targets(&format!(
        "  rack1:\n    provider: ipmi\n    endpoint: {endpoint}\n    owner_id: OWNER\n    user: admin\n    password: {{env: BMC_PASSWORD}}\n{more}    \
         repositories: [acme/infra]\n    environments: [lab]\n"
    ))
    .await;
    let settings = desk.read("ipr.yaml");
    desk.write("ipr.yaml", &format!("{settings}# Nobody may lose this line.\n"));
    desk.commit("a note");
    desk
}

async fn ipr(desk: &Desk, arguments: &[&str]) -> Ended {
    desk.ipr(arguments, &[("BMC_PASSWORD", "password")]).await
}

async fn validated(desk: &Desk) {
    let validated = ipr(desk, &["validate"]).await;
    assert_eq!(validated.code, Some(0), "{validated:?}");
}

async fn planned(desk: &Desk) -> String {
    let plan = ipr(desk, &["plan", "--base", "main", "--exit-code"]).await;
    assert_eq!(plan.code, Some(0), "the plan has changes: {plan:?}");
    plan.out
}

/// How the network says that nobody is there is its own affair.
fn without_causes(told: &str) -> String {
    const UNREACHABLE: &str = "the target cannot be reached: ";
    let line = |line: &str| line.split_once(UNREACHABLE).map_or(line.to_owned(), |(before, _)| format!("{before}{UNREACHABLE}.."));
    told.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn fingerprints(rack: &BTreeMap<u8, SimRedfish>) -> String {
    let pins = rack.iter().map(|(number, bmc)| format!("{}={}", address(*number), hex::encode_upper(Sha256::digest(bmc.certificate()))));
    format!("    settings: {{fingerprints: \"{}\"}}\n", pins.collect::<Vec<_>>().join(", "))
}

/// Twelve addresses: two are dead, one does not know the password, two call themselves the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_rack_of_redfish_is_imported_and_its_plan_is_empty() {
    let (port, rack) = redfish_rack(11..=22).await;
    rack[&13].hang();
    rack[&14].fall_silent();
    let role = "Administrator".to_owned();
    rack[&15].set_account(LocalAccount { name: "admin".to_owned(), password: "another".to_owned(), role, enabled: true });
    rack[&17].set_hostname("bmc-16");
    rack[&20].set_hostname("bmc-20.rack.lan");
    rack[&18].set_restore_policy("AlwaysOn");
    let desk = desk(&format!("https://127.9.0.0/24:{port}"), &fingerprints(&rack)).await;
    desk.write("bmcs", "# those with names\nr1-n12=127.9.0.12   # the second\n");
    let list = ["import", "rack1", "--members", "127.9.0.11-127.9.0.22", "--members-from", "bmcs"];
    let shown = ipr(&desk, &list).await;
    assert!(shown.code == Some(0) && shown.err.contains("Nothing was written"), "{shown:?}");
    assert_eq!(desk.changed(), "?? bmcs\n");

    let begun = Instant::now();
    let written = ipr(&desk, &[&list[..], &["--output", "blueprints/rack1.yaml"]].concat()).await;
    assert_eq!((written.code, written.out.as_str()), (Some(0), ""), "{written:?}");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert_snapshot!("rack_listed", without_causes(&written.err));
    assert_eq!(shown.out, desk.read("blueprints/rack1.yaml"), "what is shown is what is written");
    assert_snapshot!("rack_blueprint", shown.out);
    let settings = desk.read("ipr.yaml");
    assert_snapshot!("rack_settings", settings.split_once("    - \"ssh-ed25519").unwrap().1.split_once('\n').unwrap().1);

    validated(&desk).await;
    assert_snapshot!(planned(&desk).await, @"lab: nothing to do.");
    for (number, bmc) in &rack {
        assert!(bmc.resets().is_empty() && bmc.sessions_open() == 0, "{number}");
        assert!(bmc.logins_failed() <= 3, "{number}: a wrong password is tried once each time");
    }

    // Another machine in the place of one that was imported.
    rack[&19].rebuild(Some(RedfishKit { serial: "S999", uuid: uuid(99), ..RedfishKit::default() }));
    let swapped = ipr(&desk, &["plan", "--base", "main"]).await;
    assert!(swapped.code == Some(1) && (swapped.err.clone() + &swapped.out).contains("S019"), "{swapped:?}");

    // A second time, with the dead ones alive: what has a blueprint is left alone, the rest goes into another one.
    for number in [13, 14] {
        rack[&number].rebuild(Some(RedfishKit { serial: serial(number), uuid: uuid(number), ..RedfishKit::default() }));
    }
    let later = ipr(&desk, &["import", "rack1", "--members", "127.9.0.11-127.9.0.14", "--output", "blueprints/more.yaml"]).await;
    assert!(later.code == Some(0) && later.err.contains("127.9.0.12  rack1/r1-n12 has a blueprint already"), "{later:?}");
    let more = desk.read("blueprints/more.yaml");
    assert!(more.contains("name: rack1-2\n") && more.contains("      s013: {") && !more.contains("r1-n12"), "{more}");
    validated(&desk).await;
}

/// One machine has two BMC addresses, and ipr.yaml names one of the members already.
#[tokio::test(flavor = "multi_thread")]
async fn a_rack_of_ipmi_is_imported_under_the_names_that_it_has() {
    let kit = |number: u8| {
        let mut guid = Kit::default().guid;
        guid[15] = number;
        Kit { serial: serial(number).to_owned(), guid, ..Kit::default() }
    };
    let (port, bmcs) = ipmi_rack(&[(41, kit(41)), (42, kit(42)), (43, kit(42))]).await;
    let desk = desk(&format!("ipmi://127.9.0.0/24:{port}"), "").await;
    let settings = desk.read("ipr.yaml");
    desk.write("ipr.yaml", &format!("{settings}targets:\n  rack1: {{provider: ipmi, members: {{r1-n01: 127.9.0.41}}}} # by hand\n"));
    desk.commit("a rack");
    let written = ipr(&desk, &["import", "rack1", "--members", "127.9.0.41-127.9.0.43", "--output", "blueprints/rack1.yaml"]).await;
    assert_eq!(written.code, Some(0), "{written:?}");
    assert!(written.err.contains("127.9.0.43  not imported: it is the machine at 127.9.0.42"), "{written:?}");
    let settings = desk.read("ipr.yaml");
    assert!(settings.contains("members: {r1-n01: 127.9.0.41, s042: 127.9.0.42}} # by hand\n"), "{settings}");
    assert!(settings.contains("# Nobody may lose this line.\n"), "{settings}");
    validated(&desk).await;
    planned(&desk).await;
    assert!(bmcs.iter().all(|bmc| bmc.sessions_open() == 0 && bmc.cycles() == 0));
}

/// What is wrong with the list is said before anybody is asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_wrong_sends_no_packet() {
    let bmc = SimBmc::made_at(SocketAddr::new(address(51), 0), Kit::default()).await.unwrap();
    let desk = desk(&format!("ipmi://127.9.0.0/24:{}", bmc.address().port()), "").await;
    let settings = desk.read("ipr.yaml");
    desk.write("ipr.yaml", &format!("{settings}targets:\n  rack1: {{provider: ipmi, members: {{r1-n01: 127.9.0.51}}}}\n"));
    for (arguments, said) in [
        (&["rack1", "--members", "127.9.0.51,127.8.0.1"][..], "127.8.0.1: its address 127.8.0.1 is outside of 127.9.0.0/24"),
        (&["rack1", "--members", "127.9.0.0/16"], "makes more than 256 addresses"),
        (&["rack1", "--members", "127.9.0.51,bmc.lan"], "`bmc.lan` has `bmc.lan`, which is no IP address"),
        (&["rack1", "--members", "r1-n01=127.9.0.52,127.9.0.51"], "127.9.0.52: `rack1/r1-n01` is at 127.9.0.51 in ipr.yaml"),
        (&["rack1", "--members", "other=127.9.0.51"], "127.9.0.51: it is `rack1/r1-n01` in ipr.yaml, and not `other`"),
        (&["rack1/r1-n01", "--members", "127.9.0.51"], "`rack1/r1-n01` is one member of a group."),
        (&["rack1", "--members", "127.9.0.51", "--environment", "prod"], "`prod` is no environment of ipr.yaml that may use"),
        (&["rack1", "--members-from", "missing"], "see that missing is there"),
    ] {
        let ended = ipr(&desk, &[&["import"], arguments].concat()).await;
        assert!(ended.code == Some(1) && ended.out.is_empty() && ended.err.contains(said), "{said}: {ended:?}");
    }
    assert_eq!((bmc.requests().len(), bmc.sessions_opened()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_which_nobody_answers_writes_nothing() {
    // Nobody listens on the first port.
    let desk = desk("https://127.9.0.0/24:1", "").await;
    let ended = ipr(&desk, &["import", "rack1", "--members", "127.9.0.60", "--output", "blueprints/rack1.yaml"]).await;
    assert!(ended.code == Some(1) && ended.err.contains("127.9.0.60  not imported: "), "{ended:?}");
    assert!(ended.err.contains("No new member was found"), "{ended:?}");
    assert_eq!(desk.changed(), "");
}
