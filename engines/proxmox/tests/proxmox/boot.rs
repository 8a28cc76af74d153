//! Does a real guest do what our cloud-init image says? Debian's own cloud-init, in a machine that QEMU boots.
//!
//! `.ci/guest-image` makes the guest. Where it cannot be made this says so, and proves nothing.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine};

/// Without the help of the processor, on a machine that does other things too.
const BOOT_MAX: Duration = Duration::from_secs(9 * 60);
const WORD: &str = "what-the-guest-says";

/// What the guest is asked to tell on its serial console, and then to switch itself off.
const TELL: &str = "echo what-the-guest-says $(hostname) $(id -un ops) $(ip -4 -o addr show scope global | tr -s ' ' | cut -d' ' -f4) \
                    $(tr -d '\\n' < /home/ops/.ssh/authorized_keys) > /dev/ttyS0";

#[tokio::test]
async fn a_guest_takes_its_name_its_user_its_address_and_its_commands() {
    let Some(guest) = guest() else { return };
    let (seed, mac) = seed_of_a_machine().await;
    let folder = tempfile::TempDir::new().unwrap();
    let image = folder.path().join("seed.iso");
    std::fs::write(&image, seed).unwrap();
    is_read_by_isoinfo(&image).await;
    let said = boot(&guest, &image, &mac).await;
    assert_eq!(said, "web-01 ops 10.0.20.11/24 ssh-ed25519 AAAA ops@example");
}

fn guest() -> Option<PathBuf> {
    let folder = std::env::var_os("IPR_TEST_GUEST").map(PathBuf::from).filter(|folder| folder.join("made").exists());
    if folder.is_none() {
        eprintln!("NOT TESTED: there is no guest to boot; IPR_TEST_GUEST names the folder that `.ci/guest-image` filled");
    }
    folder
}

/// The image that the engine uploaded for a machine, and the hardware address of the machine's card.
async fn seed_of_a_machine() -> (Vec<u8>, String) {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let specs = json!({
        "os": "debian-13", "network": {"ip": "10.0.20.11/24", "gateway": "10.0.20.1"}, "upgrade": false,
        "user": {"name": "ops", "ssh_keys": ["ssh-ed25519 AAAA ops@example"]}, "commands": [TELL, ["poweroff"]],
    });
    bring(&bench, &machine("web-01", json!({"specs": specs})), None).await;
    let card = subject.world.option("web-01", "net0").unwrap();
    let mac = card.split(['=', ',']).nth(1).unwrap().to_owned();
    let seeds = subject.world.cluster.inspect(|world| world.volumes.values().filter_map(|volume| volume.bytes.clone()).collect::<Vec<_>>());
    assert_eq!(seeds.len(), 1, "one image is uploaded");
    (seeds[0].to_vec(), mac)
}

async fn is_read_by_isoinfo(image: &Path) {
    let output = Command::new("isoinfo").args(["-J", "-f", "-i"]).arg(image).output().await.unwrap();
    let names = String::from_utf8(output.stdout).unwrap();
    let mut names: Vec<&str> = names.lines().collect();
    names.sort_unstable();
    assert_eq!(names, ["/meta-data", "/network-config", "/user-data"]);
}

/// What the guest says before it switches itself off.
async fn boot(guest: &Path, image: &Path, mac: &str) -> String {
    let disk = format!("file={},if=virtio,format=raw,snapshot=on", guest.join("disk.img").display());
    let drive = format!("file={},if=ide,index=2,media=cdrom,readonly=on", image.display());
    let mut qemu = Command::new("qemu-system-x86_64");
    qemu.args(["-machine", "pc,accel=tcg", "-cpu", "max", "-m", "512", "-nographic", "-no-reboot", "-nodefaults", "-serial", "stdio"]);
    qemu.arg("-kernel").arg(guest.join("vmlinuz")).arg("-initrd").arg(guest.join("initrd.img"));
    qemu.args(["-append", "root=/dev/vda console=ttyS0 quiet", "-drive", &disk, "-drive", &drive]);
    // A card without a network: nothing outside is asked.
    qemu.args(["-netdev", "user,id=lan,restrict=on", "-device", &format!("virtio-net-pci,netdev=lan,mac={mac}")]);
    let mut running = qemu.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).split(b'\n');
    let mut console = Vec::new();
    let listen = async {
        while let Some(line) = lines.next_segment().await.unwrap() {
            console.push(String::from_utf8_lossy(&line).trim().to_owned());
        }
        running.wait().await.unwrap()
    };
    let ended = tokio::time::timeout(BOOT_MAX, listen).await;
    let told = console.iter().find_map(|line| line.split_once(WORD)).map(|(_, said)| said.trim().to_owned());
    told.unwrap_or_else(|| panic!("the guest said nothing ({ended:?}):\n{}", console.join("\n")))
}
